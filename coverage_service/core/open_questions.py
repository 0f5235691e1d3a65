"""The unknowns of an estimate, each with what it swings and the question that settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.facts import Unknown
from coverage_service.core.insured import Insured
from coverage_service.core.limit_questions import LEFT, asked
from coverage_service.core.notices import may_dispute, situations
from coverage_service.core.priced import COVERED, REFUSED, Facts
from coverage_service.core.question_table import QUESTIONS, Question
from coverage_service.core.questions import rank
from coverage_service.core.ranges import Ranges
from coverage_service.core.runs import Run, bounded
from coverage_service.core.schedule import COURSE
from coverage_service.core.secondary import WithSecondary
from coverage_service.core.selfpay import EapFirst, SelfPay
from coverage_service.core.terms import BOUNDLESS, Terms
from coverage_service.core.unknowns import Variable, wider
from coverage_service.core.way import (
    FULL_FEE,
    IN_NETWORK,
    MAYBE,
    NO,
    OUT_OF_NETWORK,
    SLIDING_FEE,
    Way,
    insured_route,
    network_status,
)

Swings = dict[str, dict[str, int | None]]
"""Unknown id → pathway id → cents; None where no bound is known."""


@dataclass(slots=True)
class Collected:
    """Swings and the variables behind them, while they are gathered."""

    swings: Swings = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)

    def add(self, id: str, pathway: str, cents: int | None, variable: Variable | None = None) -> None:
        """Keep the larger swing of a pathway; no bound beats any number."""
        known = self.swings.setdefault(id, {})
        if pathway in known and known[pathway] is None:
            return
        known[pathway] = None if cents is None else max(cents, known.get(pathway) or 0)
        if variable is not None:
            first = self.variables.setdefault(id, variable)
            if variable.ends and variable.id != first.id:
                self.variables[id] = wider(first, variable)
            elif variable.options and first.options:
                labels = dict.fromkeys((*first.labels, *variable.labels))
                self.variables[id] = first._replace(labels=tuple(labels))


def open_questions(
    facts: Facts, ways: Sequence[Way], priced: Mapping[str, dict[str, Ranges]]
) -> tuple[OpenQuestion, ...]:
    """Every unknown, the one that moves the most cents first (``definitions`` 5)."""
    found = Collected()
    for way in ways:
        for scenario, ranges in priced[way.id].items():
            if way.ceiling_only:
                continue
            _variables(found, way, ranges)
            _maximum(found, way, scenario, ranges, facts)
        _coverage(found, way, priced[way.id])
    _network(found, facts, ways, priced)
    _reduced_fee(found, facts, ways, priced)
    _unmoving(found, facts, ways)
    asked = {id for id, answer in facts.request.answers.items() if answer.value is None}
    return rank(_question(id, found, id in asked) for id in found.swings)


def _variables(found: Collected, way: Way, ranges: Ranges) -> None:
    """What each unknown moves where it is covered, which comes first; elsewhere it is only told."""
    for variable in ranges.variables:
        swing = ranges.swings.get(variable.public_id, 0)
        if swing == 0 and ranges.idle(variable):
            continue
        for id in _asked(way, variable) or variable.asks or (variable.public_id,):
            found.add(id, way.id, swing, variable)


def _asked(way: Way, variable: Variable) -> tuple[str, ...]:
    """The several facts that one variable stands for: those of a scale, or of free sessions."""
    route = way.route
    if isinstance(route, EapFirst):
        if variable.id == "eap":
            return route.asks
        route = route.then
    if variable.id != "sliding":
        return ()
    if isinstance(route, SelfPay):
        return route.asks
    first = route.first if isinstance(route, WithSecondary) else route
    return first.offer.asks if isinstance(first, Insured) else ()


def _maximum(found: Collected, way: Way, scenario: str, ranges: Ranges, facts: Facts) -> None:
    """What an out-of-pocket maximum that is already reached would save; outside the range."""
    route = way.route
    insured = insured_route(way)
    if route is None or insured is None or scenario == REFUSED:
        return
    caps = insured.limits.caps(insured.offer.network)
    slots = [slot for slot in caps if _unsaid(insured.limits.keys[slot][0], facts)]
    if not slots:
        return
    base = ranges.base()
    reached = _with_maximum_reached(base, slots)
    saved = base.totals[COURSE] - ranges.runner.rerun(base, reached).totals[COURSE]
    for slot in slots:
        id = asked(LEFT, insured.course.entries[0], insured.limits.keys[slot])
        found.add(id or "oop_remaining", way.id, saved if saved < BOUNDLESS else None)
    facts.findings.assume("oop_from_deductible")


def _unsaid(bucket: str, facts: Facts) -> bool:
    said = facts.request.used.limits.get(bucket)
    return said is None or said.out_of_pocket is None


def _with_maximum_reached(base: Run, slots: Sequence[int]) -> Terms:
    limits = base.terms.eras[0]
    used = tuple(
        (min(limits[i].person, limits[i].family),) * 2 + (0,) if i in slots else each
        for i, each in enumerate(base.terms.used)
    )
    return replace(base.terms, used=used)


def _coverage(found: Collected, way: Way, priced: Mapping[str, Ranges]) -> None:
    """Covered against not covered: what every question about coverage moves."""
    if way.route is None or len(priced) < 2 or way.ceiling_only:
        return
    totals = [priced[name].base().totals[COURSE] for name in (COVERED, REFUSED)]
    swing = abs(totals[0] - totals[1])
    for id in way.route.coverage_ids or ("coverage",):
        found.add(id, way.id, swing if swing < BOUNDLESS else None)


def _network(
    found: Collected, facts: Facts, ways: Sequence[Way], priced: Mapping[str, dict[str, Ranges]]
) -> None:
    """In network against out of network, when nobody said which."""
    if network_status(facts) is not None or not facts.course.entries:
        return
    totals = []
    for way in ways:
        if way.id in (IN_NETWORK, OUT_OF_NETWORK) and priced[way.id]:
            name = next(iter(priced[way.id]))
            totals.append(priced[way.id][name].base().totals[COURSE])
    if len(totals) < 2:
        full = next((w for w in ways if w.id == "full_fee" and priced[w.id]), None)
        if full is not None and totals:
            totals.append(priced[full.id][COVERED].base().totals[COURSE])
    swing = max(totals) - min(totals) if totals else 0
    found.add("network_status", IN_NETWORK, swing if swing < BOUNDLESS else None)


def _reduced_fee(
    found: Collected, facts: Facts, ways: Sequence[Way], priced: Mapping[str, dict[str, Ranges]]
) -> None:
    """A scale of which nothing is known, for who has no plan: it may take off all of the full fee."""
    by_id = {way.id: way for way in ways}
    if facts.request.uninsured and by_id[SLIDING_FEE].possible == MAYBE and not priced[SLIDING_FEE]:
        found.add("sliding", SLIDING_FEE, bounded(priced[FULL_FEE][COVERED].high[COURSE]))


def _unmoving(found: Collected, facts: Facts, ways: Sequence[Way]) -> None:
    """Questions that move no amount, and the whole list when the plan is not known."""
    missing = not facts.course.entries and not facts.request.uninsured
    for row in _whole_list(situations(facts.request, ways)):
        if row.id in found.swings:
            continue
        if missing and not row.script_only:
            found.add(row.id, IN_NETWORK, None)
        elif row.script_only and (row.id != "gfe" or may_dispute(facts.request)):
            found.add(row.id, IN_NETWORK, 0)
    for id in _unstated(facts, ways):
        if id not in found.swings:
            found.add(id, IN_NETWORK, 0)


@cache
def _whole_list(apply: tuple[str, ...]) -> tuple[Question, ...]:
    """The rows of the question table that apply in some situations, in its order."""
    return tuple([row for row in QUESTIONS if set(row.situations) & set(apply)])


def _unstated(facts: Facts, ways: Sequence[Way]) -> list[str]:
    """Facts that nobody stated and that move no amount by themselves."""
    plan = facts.course.entries[0] if facts.course.entries else None
    found = []
    if plan is not None:
        if plan.administrator is None or isinstance(plan.administrator, Unknown):
            found.append("bh_admin")
        if isinstance(plan.market.funding, Unknown):
            found.append("funding")
    possible = {way.id: way.possible for way in ways}
    if possible.get(OUT_OF_NETWORK, NO) != NO:
        claims = plan.claims.get("out") if plan else None
        if claims is None or isinstance(claims.paid_to, Unknown):
            found.append("oon_claims")
        if facts.therapist is None or isinstance(facts.therapist.superbill, Unknown):
            found.append("superbill")
    if facts.request.eap is None and plan is not None and plan.market.group:
        found.append("eap")
    return found


def _question(id: str, found: Collected, asked: bool) -> OpenQuestion:
    swings = found.swings[id]
    variable = found.variables.get(id)
    known = [cents for cents in swings.values() if cents is not None]
    return OpenQuestion(
        id=id,
        question=id,
        swing=None if None in swings.values() else max(known, default=0),
        swings=swings,
        low=variable.low if variable else None,
        high=variable.high if variable else None,
        unit=variable.unit if variable else "cents",
        alternatives=variable.labels if variable and not variable.id.endswith(":open") else (),
        asked=asked,
    )
