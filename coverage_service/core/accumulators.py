"""The limits of a plan as slots, and what is used of each: said, default or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date

from coverage_service.core.facts import UNKNOWN, Between, NoLimit, Unknown
from coverage_service.core.feasible import Spent, most_used, no_more_than, spent_on_deductibles
from coverage_service.core.findings import Findings
from coverage_service.core.limit_questions import LEFT, SIZE, asked
from coverage_service.core.limit_terms import (
    FAMILY,
    Key,
    limit_for,
    method_open,
    shared,
    size_unknown,
    terms_of,
)
from coverage_service.core.plan import AGGREGATE, DEDUCTIBLE, EMBEDDED, OUT_OF_POCKET, Limit, Plan
from coverage_service.core.reference import Reference
from coverage_service.core.request import LimitUsed, Request, Used
from coverage_service.core.terms import UNLIMITED, LimitTerms
from coverage_service.core.unknowns import BETWEEN, HIGH, LOW, PLANNING, Figure, exactly


@dataclass(frozen=True, slots=True)
class Account:
    """One limit slot: its terms and what is used of it, as figures of *used* cents.

    For ``used`` the favourable end is HIGH (more used = less left); callers pass the end of
    what is *left*, so ``at`` turns it round.  ``left``: cents left of a deductible of unknown
    size, however large it is.  ``follows``: of a maximum nobody said what is used, so that it is
    what is used of the deductibles.
    """

    key: Key
    terms: LimitTerms
    person: Figure
    family: Figure
    members_met: int = 0
    unknown_limit: bool = False
    members_open: bool = False
    left: int | None = None
    follows: bool = False

    def at(self, end: int) -> tuple[int, int, int]:
        """(person, family, another member) cents used at an end of what is left."""
        if end >= BETWEEN:
            return self._between(end - BETWEEN)
        turned = {LOW: HIGH, HIGH: LOW}.get(end, PLANNING)
        if self.left is not None and end != LOW:
            return self.terms.person - self.left, self.family.at(turned), 0
        person = self.person.at(turned)
        return person, max(self.family.at(turned), person), 0

    def _between(self, cents: int) -> tuple[int, int, int]:
        """Used so that so many cents more are left than at LOW, as far as that may be."""
        person, family = (max(each.low, each.high - cents) for each in (self.person, self.family))
        if self.left is not None or self.unknown_limit:
            person = self.terms.person - (cents if self.left is None else self.left)
        return person, max(family, person), 0

    @property
    def planned(self) -> bool:
        """Whether what is used has a figure to plan with; a range that was told has none."""
        return None not in (self.person.planning, self.family.planning)

    @property
    def open(self) -> bool:
        """Whether what is left of it is not known exactly."""
        return not (self.person.known and self.family.known) or self.unknown_limit or self.members_open

    def members_at(self, end: int) -> int:
        """Persons of the family that met theirs: all that are needed when little is left."""
        return self.terms.members if self.members_open and end == LOW else self.members_met


def slots_of(entries: tuple[Plan, ...]) -> tuple[Key, ...]:
    """Every (bucket, kind) that any dated entry of the plan limits; ``none`` limits nothing."""
    found: dict[Key, None] = {}
    for plan in entries:
        for limit in plan.limits:
            if not isinstance(limit.person, NoLimit):
                found[(limit.bucket, limit.kind)] = None
    return tuple(found)


def used_of(
    key: Key,
    limit: Limit | None,
    terms: LimitTerms,
    deductible: Spent | None,
    used: Used,
    family: bool,
    own: bool,
    findings: Findings,
) -> tuple[Figure, Figure]:
    """What is used of a limit by the person and by the family, as figures of used cents.

    Not said: a deductible is anything from nothing to all, planned at nothing; the
    out-of-pocket maximum equals the deductible used at that end, the family's as well.  Of a
    family's deductible of unknown size the others may have used all that would be left.
    ``deductible``: what is used of the deductibles that a maximum counts; ``own``: a person may
    have a limit inside the family's.
    """
    said = used.limits.get(key[0], LimitUsed())
    mine = said.deductible if key[1] == DEDUCTIBLE else said.out_of_pocket
    ours = said.family_deductible if key[1] == DEDUCTIBLE else said.family_out_of_pocket
    if key[1] == DEDUCTIBLE and said.deductible_left is not None and terms.person < UNLIMITED:
        mine = max(0, terms.person - said.deductible_left)
    if mine is None and terms.person >= UNLIMITED and not own:
        mine = ours
    person = _stated(mine, terms, findings, key)
    if person is None:
        person = _not_said(key, terms, deductible[0] if deductible else None)
    if not family:
        return person, person
    stated = _stated(ours, terms, findings, key, family=True)
    if stated is not None:
        return person, stated
    unknown = limit is not None and limit.family is UNKNOWN
    if terms.family >= UNLIMITED and not unknown:
        return person, person
    if key[1] == OUT_OF_POCKET:
        sized = deductible is not None and deductible[1].high < UNLIMITED // 2
        return person, deductible[1] if deductible is not None and sized else person
    most = terms.person if unknown else terms.family
    return person, Figure(person.low, person.planning, max(most, person.high))


def _stated(
    said: int | Between | None, terms: LimitTerms, findings: Findings, key: Key, family: bool = False
) -> Figure | None:
    if said is None:
        return None
    most = terms.family if family else min(terms.person, terms.family)
    low, high = (said.low, said.high) if isinstance(said, Between) else (said, said)
    if high > most:
        findings.notice("used_over_limit", limit=f"{key[0]}.{key[1]}", used_cents=high, limit_cents=most)
    if low == high:
        return exactly(min(low, most))
    return Figure(min(low, most), None, min(high, most))


def _not_said(key: Key, terms: LimitTerms, deductible: Figure | None) -> Figure:
    if key[1] == OUT_OF_POCKET:
        return deductible if deductible is not None else exactly(0)
    most = min(terms.person, terms.family)
    if terms.monthly or most == 0:
        return exactly(0)
    return Figure(0, 0, 0 if most >= UNLIMITED else most)


def accounts_of(
    entries: tuple[Plan, ...],
    request: Request,
    used: Used,
    reference: Reference,
    on: date,
    findings: Findings,
) -> Mapping[Key, Account]:
    """Every limit slot of a plan with what is used of it at ``on``."""
    first = entries[0]
    open = any(method_open(limit, request) for plan in entries for limit in plan.limits)
    method = AGGREGATE if open else EMBEDDED
    family = open or request.coverage == FAMILY
    found: dict[Key, Account] = {}
    keys = sorted(slots_of(entries), key=lambda key: key[1] != DEDUCTIBLE)
    for key in keys:
        limit = limit_for(first, key)
        unknown = limit is not None and key[1] == DEDUCTIBLE and size_unknown(limit, request)
        terms = terms_of(first, key, request, reference, on, HIGH, method=method)
        spent = _spent(found, DEDUCTIBLE)
        counted = spent_on_deductibles(key[0], first, spent) if key[1] == OUT_OF_POCKET else None
        within = limit is not None and limit.person is not None and not shared(limit, request)
        person, ours = used_of(key, limit, terms, counted, used, family, within, findings)
        if limit is not None:
            tell(first, limit, person, request, used, findings)
        said = used.limits.get(key[0], LimitUsed())
        met = said.family_members_met
        left = said.deductible_left if unknown and limit and not shared(limit, request) else None
        person = person if left is None else exactly(0)
        follows = counted is not None and (said.out_of_pocket, said.family_out_of_pocket) == (None, None)
        found[key] = Account(
            key, terms, person, ours, met or 0, unknown, terms.members > 0 and met is None, left, follows
        )
    for limit in first.limits:
        if isinstance(limit.person, NoLimit):
            tell(first, limit, exactly(0), request, used, findings)
    if request.coverage is None and any(_of_both(limit) for limit in first.limits):
        findings.assume("self_only_assumed")
    elif open and request.coverage == FAMILY:
        findings.assume("own_limit_assumed", first.origin)
    named = {limit.bucket for plan in entries for limit in plan.limits}
    for bucket in sorted(used.limits.keys() - named):
        if any(astuple(used.limits[bucket])):
            findings.notice("used_without_limit", limit=bucket)
    maxima = _spent(found, OUT_OF_POCKET)
    for key, account in found.items():
        if key[1] == DEDUCTIBLE:
            mine, us = most_used(key, first, maxima, used)
            person = no_more_than(account.person, mine)
            found[key] = replace(account, person=person, family=no_more_than(account.family, us))
    return found


def _of_both(limit: Limit) -> bool:
    """Whether a limit is another one for a family than for a person alone."""
    return isinstance(limit.person, int | Unknown) and isinstance(limit.family, int | Unknown)


def _spent(found: Mapping[Key, Account], kind: str) -> dict[str, Spent]:
    """What is used of the limits of a kind, by bucket."""
    return {key[0]: (each.person, each.family) for key, each in found.items() if key[1] == kind}


def tell(plan: Plan, limit: Limit, person: Figure, request: Request, used: Used, findings: Findings) -> None:
    """Record the limit's figure and what is used of it, as the estimate takes them."""
    key = (limit.bucket, limit.kind)
    name = f"{limit.bucket}.{limit.kind}"
    figure = limit.family if limit.person is None or shared(limit, request) else limit.person
    known = isinstance(figure, int)
    value = figure if known else "none" if isinstance(figure, NoLimit) else None
    basis = "document" if known or isinstance(figure, NoLimit) else "unknown"
    findings.fact(f"limit.{name}", value, basis, limit.origin, asked(SIZE, plan, key))
    if isinstance(figure, NoLimit):
        return
    said = used.limits.get(limit.bucket, LimitUsed())
    stated = said.deductible if limit.kind == DEDUCTIBLE else said.out_of_pocket
    told_left = said.deductible_left if limit.kind == DEDUCTIBLE else None
    left = asked(LEFT, plan, key)
    shown: int | Figure | None = person.low if person.known else person
    if person.low >= UNLIMITED // 2 or (told_left is not None and size_unknown(limit, request)):
        shown = None  # what is left of a limit of unknown size tells nothing of what is used
    stated = told_left if stated is None else stated
    findings.fact(f"used.{name}", shown, "said" if stated is not None else "default", limit.origin, left)
    if stated is None and limit.kind == DEDUCTIBLE and not person.known:
        findings.assume("nothing_used_assumed", limit=name)
