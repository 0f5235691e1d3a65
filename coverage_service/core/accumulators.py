"""The limits of a plan as slots, and what is used of each: said, default or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from coverage_service.core.facts import UNKNOWN, Between, NoLimit, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.money import WHOLE
from coverage_service.core.plan import (
    AGGREGATE,
    DEDUCTIBLE,
    OUT_OF_POCKET,
    Limit,
    Members,
    Plan,
    ShareOfIncome,
)
from coverage_service.core.reference import Reference
from coverage_service.core.request import LimitUsed, Request, Used
from coverage_service.core.schedule import plan_year_of
from coverage_service.core.terms import UNLIMITED, LimitTerms
from coverage_service.core.unknowns import ANYTHING, HIGH, LOW, PLANNING, Figure, exactly

Key = tuple[str, str]
"""(bucket, kind), e.g. ("in_network", "deductible")."""

FAMILY = "family"
SELF_ONLY = "self_only"


@dataclass(frozen=True, slots=True)
class Account:
    """One limit slot: its terms and what is used of it, as figures of *used* cents.

    For ``used`` the favourable end is HIGH (more used = less left); callers pass the end of
    what is *left*, so ``at`` turns it round.
    """

    key: Key
    terms: LimitTerms
    person: Figure
    family: Figure
    members_met: int = 0
    unknown_limit: bool = False
    members_open: bool = False

    def at(self, end: int) -> tuple[int, int, int]:
        """(person, family, another member) cents used at an end of what is left."""
        turned = {LOW: HIGH, HIGH: LOW}.get(end, PLANNING)
        person = self.person.at(turned)
        return person, max(self.family.at(turned), person), 0

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


def limit_for(plan: Plan, key: Key) -> Limit | None:
    """The plan entry's limit of a slot, or None."""
    return next((x for x in plan.limits if (x.bucket, x.kind) == key), None)


def terms_of(
    plan: Plan,
    key: Key,
    request: Request,
    reference: Reference,
    on: date,
    left_end: int,
    income_end: int = HIGH,
) -> LimitTerms:
    """A limit as numbers for the plan year that holds ``on``.

    A deductible that does not exist is 0, an out-of-pocket maximum that does not exist is
    unlimited.  An unknown figure takes the end asked for: no deductible left at LOW, an
    endless one at HIGH; an unknown maximum never caps (``oop_remaining`` says so).  A share of
    income is that of the income at ``income_end``.
    """
    limit = limit_for(plan, key)
    name = f"{key[0]}.{key[1]}"
    nothing = 0 if key[1] == DEDUCTIBLE else UNLIMITED
    if limit is None or isinstance(limit.person, NoLimit):
        return LimitTerms(name, nothing, UNLIMITED)
    unknown = (0 if left_end == LOW else UNLIMITED) if key[1] == DEDUCTIBLE else UNLIMITED
    family_cover = request.coverage == FAMILY
    person = _cents(limit.person, unknown)
    family = _family(limit, request, unknown, income_end)
    if limit.method == AGGREGATE:
        if family_cover or person is None:
            return LimitTerms(
                name, _person_cap(limit, plan, reference, on), family or unknown, 0, _month(limit)
            )
        return LimitTerms(name, person, UNLIMITED, 0, _month(limit))
    if isinstance(limit.person, Unknown) and limit.family is None:
        return LimitTerms(name, unknown, UNLIMITED, 0, _month(limit))
    members = limit.method.count if isinstance(limit.method, Members) else 0
    if not family_cover:
        family = UNLIMITED if person is not None else family
    return LimitTerms(
        name,
        UNLIMITED if person is None else person,
        UNLIMITED if family is None else family,
        members if family_cover else 0,
        _month(limit),
    )


def income_of(request: Request) -> Figure:
    """The household's yearly income in cents; one that nobody gave has no bound."""
    income = request.household.income
    if income is None:
        return ANYTHING
    return Figure(income.low, None, income.high) if isinstance(income, Between) else exactly(income)


def _month(limit: Limit) -> int:
    return int(limit.period == "month")


def _cents(figure: int | NoLimit | Unknown | None, unknown: int) -> int | None:
    if isinstance(figure, Unknown):
        return unknown
    return None if isinstance(figure, NoLimit) else figure


def _family(limit: Limit, request: Request, unknown: int, income_end: int) -> int | None:
    if isinstance(limit.family, ShareOfIncome):
        cents = income_of(request).at(income_end)
        return UNLIMITED if cents >= UNLIMITED else cents * limit.family.percent // (12 * WHOLE)
    return _cents(limit.family, unknown)


def _person_cap(limit: Limit, plan: Plan, reference: Reference, on: date) -> int:
    """What protects one person under an aggregate limit, in cents (``domain`` 1, 2.3)."""
    if isinstance(limit.person_cap, int):
        return limit.person_cap
    if limit.person_cap != "legal" or plan.market.grandfathered is True:
        return UNLIMITED
    starts = plan.plan_year_starts
    first = (1, 1) if isinstance(starts, Unknown) else starts[0]
    limits = reference.legal_limits.get(str(plan_year_of(on, first).year))
    cap = limits.aca_out_of_pocket[0] if limits else None
    return UNLIMITED if cap is None else cap


def used_of(
    key: Key, terms: LimitTerms, deductible: Account | None, used: Used, family: bool, findings: Findings
) -> tuple[Figure, Figure]:
    """What is used of a limit by the person and by the family, as figures of used cents.

    Not said: a deductible is anything from nothing to all, planned at nothing; the
    out-of-pocket maximum equals the deductible used at that end, the family's as well.
    ``deductible``: the bucket's deductible where the maximum counts it.
    """
    said = used.limits.get(key[0], LimitUsed())
    mine = said.deductible if key[1] == DEDUCTIBLE else said.out_of_pocket
    ours = said.family_deductible if key[1] == DEDUCTIBLE else said.family_out_of_pocket
    if mine is None and terms.person >= UNLIMITED:
        mine = ours
    person = _stated(mine, terms, findings, key)
    if person is None:
        person = _not_said(key, terms, deductible.person if deductible else None)
    if not family:
        return person, person
    stated = _stated(ours, terms, findings, key, family=True)
    if stated is not None:
        return person, stated
    if terms.family >= UNLIMITED:
        return person, person
    if key[1] == OUT_OF_POCKET:
        return person, person if deductible is None else deductible.family
    return person, Figure(person.low, person.planning, max(terms.family, person.high))


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
    family = request.coverage == FAMILY
    found: dict[Key, Account] = {}
    keys = sorted(slots_of(entries), key=lambda key: key[1] != DEDUCTIBLE)
    for key in keys:
        limit = limit_for(first, key)
        unknown = limit is not None and key[1] == DEDUCTIBLE and _figure_unknown(limit)
        terms = terms_of(first, key, request, reference, on, HIGH)
        own = found.get((key[0], DEDUCTIBLE))
        counts = limit is None or DEDUCTIBLE in limit.counts
        person, ours = used_of(key, terms, own if counts else None, used, family, findings)
        if limit is not None:
            tell(limit, person, used, findings)
        met = used.limits.get(key[0], LimitUsed()).family_members_met
        found[key] = Account(key, terms, person, ours, met or 0, unknown, terms.members > 0 and met is None)
    for limit in first.limits:
        if isinstance(limit.person, NoLimit):
            tell(limit, exactly(0), used, findings)
    for key, account in found.items():
        maximum = found.get((key[0], OUT_OF_POCKET))
        limit = limit_for(first, (key[0], OUT_OF_POCKET))
        if key[1] == DEDUCTIBLE and maximum is not None and limit is not None and DEDUCTIBLE in limit.counts:
            found[key] = replace(account, person=no_more_than(account.person, maximum.person.high))
    return found


def no_more_than(figure: Figure, most: int) -> Figure:
    """A feasible world: no more deductible is used than of the maximum that counts it."""
    if figure.known or figure.high <= most:
        return figure
    planning = None if figure.planning is None else min(figure.planning, most)
    return Figure(min(figure.low, most), planning, most)


def tell(limit: Limit, person: Figure, used: Used, findings: Findings) -> None:
    """Record the limit's figure and what is used of it, as the estimate takes them."""
    name = f"{limit.bucket}.{limit.kind}"
    figure = limit.person if limit.person is not None else limit.family
    known = isinstance(figure, int)
    value = figure if known else "none" if isinstance(figure, NoLimit) else None
    basis = "document" if known or isinstance(figure, NoLimit) else "unknown"
    ask = "deductible_amount" if limit.kind == DEDUCTIBLE else "oop_amount"
    findings.fact(f"limit.{name}", value, basis, limit.origin, ask)
    if isinstance(figure, NoLimit):
        return
    said = used.limits.get(limit.bucket, LimitUsed())
    stated = said.deductible if limit.kind == DEDUCTIBLE else said.out_of_pocket
    left = "ded_remaining" if limit.kind == DEDUCTIBLE else "oop_remaining"
    shown = person.low if person.known else person
    findings.fact(f"used.{name}", shown, "said" if stated is not None else "default", limit.origin, left)
    if stated is None and limit.kind == DEDUCTIBLE and not person.known:
        findings.assume("nothing_used_assumed", limit=name)


def _figure_unknown(limit: Limit) -> bool:
    return limit.person is UNKNOWN or (limit.person is None and limit.family is UNKNOWN)


def open_figure(limit: Limit) -> bool:
    """Whether ``terms_of`` may read a limit differently at the two ends of what is left."""
    missing = limit.method == AGGREGATE and not limit.family
    return missing or isinstance(limit.person, Unknown) or isinstance(limit.family, Unknown)
