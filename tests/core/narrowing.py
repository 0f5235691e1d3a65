"""Random questions on the shipped plans and practices, answered: what an answer may not do.

An answer narrows the range of every window of every pathway (I17), settles what it was asked for,
and makes nothing free that was not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from coverage_service.core.answer import Estimate, OpenQuestion, Pathway, Window
from coverage_service.core.benefits import readings_of
from coverage_service.core.cost_sharing import Kind
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, DEDUCTIBLE, EMBEDDED, OUT_OF_POCKET, Limit, Members
from coverage_service.core.question_table import BY_ID, CHOICE, COUNT, YES_NO
from coverage_service.core.question_table import CENTS as AMOUNT
from coverage_service.core.request import (
    SUMMARY,
    Answer,
    Care,
    Household,
    LimitUsed,
    NetworkFact,
    OtherPlan,
    Price,
    Request,
    Used,
)
from coverage_service.core.unknowns import Figure
from coverage_service.sources import Sources

DIAGNOSES = ("F52.6", "F52.31", "F43.10", "Z63.0", "F64.0", None)
OUTSIDE_THE_RANGE = {"oop_remaining", "oon_oop_remaining", "family_oop_remaining"}
"""By definition: a maximum that is already reached is told beside the range."""
PRICES = {
    "90791": Price(billed=25_000, allowed=18_000),
    "90834": Price(billed=16_000, allowed=11_000),
    "90837": Price(billed=20_000, allowed=14_000),
    "90847": Price(billed=22_000, allowed=15_000),
}
OF_A_CODE = {"allowed_amount": "allowed_amount.", "oon_method": "oon_allowed.", "fee": "fee."}
LEAST = {"allowed_amount": 3_000, "oon_method": 3_000, "sliding": 100, "fee": 30_000}
"""Cents: no price is nothing, and no fee is less than what a plan pays its clinicians for it."""
DEAREST, MOST = 30_000, 10_000_000
SETTLING = {"session_length": (45, 60), "ded_applies": ("copay_only", "whole_amount")}
"""Answers that one of the alternatives describes."""
NOT_COVERED = "not_covered"
BUCKETS = ("in_network", "out_of_network", "any_network")
DAYS = (date(2026, 1, 5), date(2026, 11, 23))
"""Early in a plan year, and before its end."""


def asked(random: Random, sources: Sources) -> Request:
    """A question about one of the shipped plans and one of the shipped practices."""
    pick = random.choice
    diagnosis, today = pick(DIAGNOSES), pick(DAYS)
    care = Care(
        diagnoses=(diagnosis,) if diagnosis else (),
        minutes=pick((None, 45, 55, 55)),
        format=pick((None, "individual", "family")),
        modality=pick((None, "in_person", "telehealth")),
        sessions=pick((None, 1, 4, 12, 20)),
        intake=pick((None, None, True, False)),
        first_session=today,
        client_state=pick((None, "NY")),
    )
    plans = {id: entries for id, entries in sources.plans.items() if entries[0].supplements is None}
    supplements = [entries for entries in sources.plans.values() if entries[0].supplements is not None]
    plan = plans[pick(sorted(plans))]
    second = None
    if random.random() < 0.15:
        entries = pick(supplements)
        plan, second = plans[entries[0].supplements.plan], OtherPlan(entries=entries)
    used, network = Used(), pick((None, "in", "out"))
    if network and random.random() < 0.7:
        limits = _limits(random)
        plan = tuple(replace(entry, limits=limits) for entry in plan)
        sized = all(limit.family is not UNKNOWN for limit in limits)
        used = Used(limits={bucket: _used(random, sized) for bucket in BUCKETS})
    return Request(
        as_of=today,
        plan=plan,
        used=used,
        therapist=sources.therapists[pick(sorted(sources.therapists))],
        care=care,
        network=NetworkFact(status=network),
        coverage=pick((None, "self_only", "family")),
        household=Household(size=pick((None, 1, 4)), area=pick((None, "48"))),
        prices={code: price for code, price in PRICES.items() if random.random() < 0.5},
        secondary=second,
        eap=OtherPlan(entries=plans["example-eap"]) if random.random() < 0.2 else None,
        detail=SUMMARY,
    )


def _limits(random: Random) -> tuple[Limit, ...]:
    """Limits of any method, with figures that may not be known; each network's own or one for both."""
    pick, found = random.choice, []
    for kind in (DEDUCTIBLE, OUT_OF_POCKET):
        met_by_members = [Members(2)] if kind == DEDUCTIBLE else []
        for bucket in pick((BUCKETS[:2], BUCKETS[2:])):
            person = pick((None, UNKNOWN, 60_000, 150_000))
            family = pick((None, UNKNOWN, 150_000, 300_000))
            method = pick((EMBEDDED, AGGREGATE, UNKNOWN, *met_by_members))
            method = EMBEDDED if not isinstance(family, int) and method == AGGREGATE else method
            if (person is not None or isinstance(family, int)) and random.random() < 0.7:
                found.append(Limit(bucket=bucket, kind=kind, person=person, family=family, method=method))
    return tuple(found)


def _used(random: Random, sized: bool) -> LimitUsed:
    """What is used of a bucket, as far as somebody said; by a family where its limit is ``sized``."""
    mine = random.choice((None, 0, 10_000, 30_000))
    ours = random.choice((None, 60_000, 150_000)) if sized else None
    return LimitUsed(deductible=mine, out_of_pocket=random.choice((None, mine)), family_deductible=ours)


def an_answer(random: Random, question: OpenQuestion, found: Estimate) -> Any:
    """A value that the listener may give, None where the question takes no value of a kind."""
    row = BY_ID.get(question.id)
    if row is None:
        return None
    if row.type == AMOUNT:
        told = {code: _amount(random, question.id, *ends) for code, ends in _open(question.id, found).items()}
        return told or _amount(random, question.id, question.low, question.high)
    if question.id in SETTLING:
        return random.choice(SETTLING[question.id])
    if row.type == COUNT:
        low = question.low or 0
        return random.randint(low, max(low, 12 if question.high is None else question.high))
    if row.type == YES_NO:
        return random.random() < 0.5
    choices = [each for each in row.choices if each != "self_only"]
    return random.choice(choices) if row.type == CHOICE else None


def _amount(random: Random, id: str, low: int | None, high: int | None) -> int:
    least = max(low or 0, LEAST.get(id, 0))
    most = max(least, DEAREST if high is None or high > MOST else high)
    return random.choice((least, most, random.randint(least, most)))


def _open(id: str, found: Estimate) -> dict[str, tuple[int | None, int | None]]:
    """The procedure codes whose price is not known exactly, and between which ends it is."""
    prefix = OF_A_CODE.get(id, "-")
    return {
        fact.id.removeprefix(prefix): (
            (fact.value.low, fact.value.high) if isinstance(fact.value, Figure) else (None, None)
        )
        for fact in found.facts
        if fact.id.startswith(prefix) and not _exact(fact.value)
    }


def _exact(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, Figure) and value.known)


def complaints(request: Request, before: Estimate, id: str, value: Any, reference: Any) -> Iterator[str]:
    """What an answer did that no answer may do."""
    answers = {**request.answers, id: Answer(value=value)}
    after = estimate(replace(request, answers=answers), reference)
    if any(each.id == id and each.swing != 0 for each in after.unknowns):
        yield f"{id} is asked again"
    # a second plan may pay all of it, and so may the plan by a row or where a maximum is reached
    told_a_price = id in LEAST and not (request.secondary or request.used.limits or _pays_all(request))
    yield from outside(before, after, told_a_price)


def outside(before: Estimate, after: Estimate, priced: bool = False) -> Iterator[str]:
    """Windows that leave what they were before somebody told more; ``priced``: a price was told."""
    now = {pathway.id: pathway for pathway in after.pathways}
    for pathway in before.pathways:
        narrow = now[pathway.id]
        if narrow.then != pathway.then:
            continue  # another pathway follows the free sessions
        yield from _wider(pathway.id, _ends(_cases(pathway, narrow)), _ends(narrow.windows), priced)


def _pays_all(request: Request) -> bool:
    """Whether a row of the plan charges nothing."""
    readings = [
        each for plan in request.plan for row in plan.benefits for each in readings_of(row.cost_sharing)
    ]
    return any(phrase.kind is Kind.NO_CHARGE for reading in readings for phrase in reading)


def _cases(before: Pathway, after: Pathway) -> tuple[Window, ...]:
    """The windows that an answer may not leave.

    The low end of what may be covered is that of the covered case, by definition; told that it is
    not covered, the case of the refusal is the one to stay within.
    """
    refused = [case for case in before.scenarios if case.name == NOT_COVERED]
    if len(before.scenarios) > 1 and [case.name for case in after.scenarios] == [NOT_COVERED]:
        return refused[0].windows
    return before.windows


Ends = Mapping[str, tuple[int | None, int | None, int | None]]


def _ends(windows: Any) -> Ends:
    return {each.id: (each.low, each.planning, each.high) for each in windows}


def _wider(pathway: str, before: Ends, after: Ends, priced: bool) -> Iterator[str]:
    for window, (low, _, high) in before.items():
        if window not in after:
            continue
        least, _, most = after[window]
        told = f"{pathway}.{window}: {before[window]} → {after[window]}"
        if low is not None and least is not None and least < low:
            yield f"low falls {told}"
        if high is not None and (most is None or most > high):
            yield f"high rises {told}"
        if low is None and least == 0 and most != 0 and priced:
            yield f"free is shown {told}"


def disorder(found: Estimate) -> Iterator[str]:
    """Windows whose low, planning and high figures are not in that order, or below nothing."""
    for pathway in found.pathways:
        for scenario in pathway.scenarios:
            for window in scenario.windows:
                figures = [x for x in (window.low, window.planning, window.high) if x is not None]
                if figures != sorted(figures) or min(figures, default=0) < 0:
                    yield f"{pathway.id}.{scenario.name}.{window.id}: {figures}"
