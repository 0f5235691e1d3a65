"""Which benefit row fits a line, and the steps its cost sharing means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coverage_service.core.cost_sharing import (
    Benefit,
    CostSharing,
    Either,
    FirstVisits,
    Kind,
    NotCovered,
    Phrase,
    When,
)
from coverage_service.core.facts import UNKNOWN, Between, Network, OneOf, Origin, Unknown
from coverage_service.core.money import dollars, percent
from coverage_service.core.plan import Plan
from coverage_service.core.pricing import interval
from coverage_service.core.reference import Reference
from coverage_service.core.terms import ALWAYS, MET, UNLIMITED, UNMET, Op, Step
from coverage_service.core.unknowns import World

WHEN = {When.ALWAYS: ALWAYS, When.MET: MET, When.UNMET: UNMET}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a row is chosen by besides service and network; None = not known."""

    network: Network
    tier: str | None = None
    modality: str | None = None
    licence: str | None = None


def fits(row: Benefit, services: Sequence[str], setting: Setting) -> bool:
    """Whether a row fits a line of these services in a setting (visit counts aside)."""
    return (
        row.service in services
        and row.network in (None, setting.network)
        and row.tier in (None, setting.tier)
        and row.modality in (None, setting.modality)
        and (not row.licences or setting.licence in row.licences)
    )


def services_of(cpt: str, reference: Reference) -> tuple[str, ...]:
    """The services a code belongs to, nearest first, the wider ones after."""
    found: list[str] = []
    for service in reference.service_of.get(cpt, ()):
        for name in (service, *reference.ancestors.get(service, ())):
            if name not in found:
                found.append(name)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that may apply: while fewer than ``visits.visits`` of a pool are used, if set."""

    visits: FirstVisits | None
    cost_sharing: CostSharing
    origin: Origin


def rows_for(plan: Plan, services: Sequence[str], setting: Setting) -> tuple[Row, ...]:
    """The rows that may apply, in order; the last one has no visit count.

    No row at all is unknown cost sharing, never "not covered" and never free.
    """
    found: list[Row] = []
    for benefit in plan.benefits:
        if not fits(benefit, services, setting):
            continue
        found.append(Row(benefit.visits, benefit.cost_sharing, benefit.origin))
        if benefit.visits is None:
            return tuple(found)
    return (*found, Row(None, UNKNOWN, plan.origin))


Reading = tuple[Phrase, ...]


def readings_of(cost_sharing: CostSharing) -> tuple[Reading, ...]:
    """The possible phrase lists; one for plain wording, none for unknown or not covered."""
    if isinstance(cost_sharing, (NotCovered, Unknown)):
        return ()
    if isinstance(cost_sharing, Either):
        return cost_sharing.alternatives
    return (cost_sharing,)


def question_of(readings: Sequence[Reading]) -> str:
    """Which question settles wording with several readings."""
    if any(phrase.ignoring_copay for reading in readings for phrase in reading) and (
        len({_without_base(reading) for reading in readings}) == 1
    ):
        return "coinsurance_base"
    takes = {any(p.kind is Kind.DEDUCTIBLE for p in reading) for reading in readings}
    return "ded_applies" if takes == {True, False} else "cost_share"


def _without_base(reading: Reading) -> tuple[tuple[Kind, object], ...]:
    return tuple((phrase.kind, phrase.amount) for phrase in reading)


def alternatives_in(reading: Reading) -> tuple[str, ...]:
    """The stated alternatives (``$0 or $18``) of a list, each as a list may say it; () without any."""
    open_phrases = [(p, p.amount.values) for p in reading if isinstance(p.amount, OneOf)]
    count = max((len(values) for _, values in open_phrases), default=0)
    return tuple(
        ", ".join(_worded(p, values[min(index, len(values) - 1)]) for p, values in open_phrases)
        for index in range(count)
    )


def _worded(phrase: Phrase, amount: int) -> str:
    return f"{phrase.kind.value} {percent(amount) if phrase.kind is Kind.COINSURANCE else dollars(amount)}"


def varies(reading: Reading) -> bool:
    """Whether an amount in a list is an interval or unknown."""
    return any(isinstance(p.amount, (Between, Unknown)) for p in reading)


def steps_of(reading: Reading, world: World, exact_deductible: bool = True) -> tuple[Step, ...]:
    """The steps of a list in a world.

    When the deductible left is not known exactly, what is due ``once deductible is met`` is
    taken always (``ranges`` gives one visit's back); other conditions are kept.
    """
    steps = []
    for phrase in reading:
        op = _OPS.get(phrase.kind)
        if op is None:
            continue
        if phrase.ignoring_copay:
            op = Op.COINSURANCE_IGNORING_COPAY
        when = WHEN[phrase.when]
        if when == MET and not exact_deductible:
            when = ALWAYS
        steps.append(
            Step(
                int(op),
                _value(phrase, world),
                UNLIMITED if phrase.up_to is None else phrase.up_to,
                when,
                int(phrase.toward_deductible),
            )
        )
    return tuple(steps)


_OPS = {
    Kind.DEDUCTIBLE: Op.DEDUCTIBLE,
    Kind.COPAY: Op.COPAY,
    Kind.COINSURANCE: Op.COINSURANCE,
    Kind.PLAN_PAYS: Op.PLAN_PAYS,
}


def _value(phrase: Phrase, world: World) -> int:
    if isinstance(phrase.amount, int):
        return phrase.amount
    if isinstance(phrase.amount, OneOf):
        index = world.get("cost_share:choice", 0)
        return phrase.amount.values[min(index, len(phrase.amount.values) - 1)]
    return interval(phrase.amount).at(world.get("cost_share", 1))


def per_day(reading: Reading) -> int:
    """0 = per visit, 1 = one copay a day, 2 = one a day and clinician."""
    return max((1 + p.per_clinician for p in reading if p.per_day), default=0)


def named_limit(reading: Reading) -> str | None:
    """The bucket that a ``behavioral_health deductible`` phrase names, or None."""
    return next((p.limit for p in reading if p.limit), None)
