"""The unknowns that an insured pathway reads, scenario by scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coverage_service.core.benefits import Reading, Row, alternatives_in, question_of, readings_of, varies
from coverage_service.core.cost_sharing import NOT_COVERED, Kind
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.liability import UNLESS_WAIVER, Liability
from coverage_service.core.limit_questions import LEFT, asked
from coverage_service.core.limit_variables import may_be_reached, of_limits
from coverage_service.core.lines import BEARS, RATES, LineMaker
from coverage_service.core.other_care import OtherVisits
from coverage_service.core.priced import SETTING_NAMES, Priced
from coverage_service.core.readings import conditional, settled_reading
from coverage_service.core.unknowns import (
    ANYTHING,
    BELOW_PEAK,
    HIGH,
    LOW,
    MOST_BETWEEN,
    PEAK,
    Variable,
    bounded_end,
    wider,
)


def variables_of(
    makes: LineMaker, others: OtherVisits, priced: list[Priced], scenario: str
) -> tuple[Variable, ...]:
    """Every unknown of a scenario, each told once."""
    found = {v.id: v for v in makes.facts.course.variables}
    covered = [each for each in priced if not each.refuses(scenario)]
    for each in priced:
        refused = each.refuses(scenario)
        source = _refused(makes, each, each.liability) if refused else _covered(makes, each)
        for variable in source:
            found[variable.id] = wider(found.get(variable.id), variable)
    for variable in of_limits(makes, others, covered):
        found[variable.id] = variable
    return tuple(found.values())


def _covered(makes: LineMaker, priced: Priced) -> Iterator[Variable]:
    paid = [row for row in priced.alternatives if row.cost_sharing is not NOT_COVERED]
    if len(priced.rows) > 1 and len(set(priced.rows)) > 1:
        yield _setting(makes, priced)
    if paid:
        yield from _paid(makes, priced)
    for row in priced.alternatives:
        yield from _of_row(makes, row, priced)
    if len(paid) < len(priced.alternatives):
        yield from _refused(makes, priced, priced.no_benefit)
    if any(may_be_reached(limit, makes.facts) for _, limit in makes.limits_of(priced)):
        yield from _refused(makes, priced, priced.beyond_limit)


def _paid(makes: LineMaker, priced: Priced) -> Iterator[Variable]:
    """The prices of a line that the plan pays for."""
    offer = makes.offer
    figure = priced.allowed.figure
    if figure is not None and not figure.known:
        yield _allowed(makes, priced, bottomless=figure.bottomless)
    if _fee_matters(makes, priced):
        yield _fee(makes, priced)
    elif _charge_assumed(priced):
        makes.facts.findings.assume("charge_at_least_allowed", cpt=priced.cpt)
    cap = offer.share_caps.get((priced.era, priced.cpt))
    if cap is not None and not cap.known:
        yield Variable(
            "sliding",
            planning=cap.planning is not None,
            bottomless=cap.bottomless,
            low=cap.low,
            high=bounded_end(cap.high),
        )
    if offer.network == "out" and priced.plan.balance_billing.get("out") is UNKNOWN:
        yield Variable("balance_billing", 2, labels=("no", "yes"))


def _allowed(makes: LineMaker, priced: Priced, bottomless: bool) -> Variable:
    figure = priced.allowed.figure or ANYTHING
    return Variable(
        priced.allowed_id,
        planning=figure.planning is not None,
        bottomless=bottomless,
        low=figure.low,
        high=bounded_end(min(figure.high, priced.billed.high)),
        typical=figure.typical is not None,
        **_direction(makes, priced),
    )


def _direction(makes: LineMaker, priced: Priced) -> dict[str, Any]:
    """Which end of the allowed amount favours the patient, where it is not the low one.

    Where a health centre caps the share, a larger amount ends the deductible sooner at the same
    cost: either end may favour, or an amount between.  Out of network, with the whole difference
    billed it is the high one; with none of it the low one; with a limited or unknown balance bill
    there is none, and the dearest point may lie between: each code has its own; of ends that are
    the same amount one is tried.
    """
    rule = priced.plan.balance_billing.get("out", True)
    capped = (priced.era, priced.cpt) in makes.offer.share_caps
    if makes.offer.network == "in" or rule is True:
        return {"ends": (LOW, HIGH), "between": _span(priced)} if capped else {}
    if rule is False:
        return {"favours": LOW}
    fee = priced.fee_id
    found: dict[tuple[int, ...], int] = {}
    for end in (LOW, BELOW_PEAK, PEAK, HIGH):
        worlds = [{fee: charge, priced.allowed_id: end} for charge in (LOW, HIGH)]
        found.setdefault(tuple([makes.amounts(priced, world)[1] for world in worlds]), end)
    return {"ends": tuple(found.values())}


def _span(priced: Priced) -> int:
    """By how many cents an open allowed amount may differ; so many as matter where there is no bound."""
    figure = priced.allowed.figure or ANYTHING
    return min(MOST_BETWEEN, max(0, min(figure.high, priced.billed.high) - figure.low))


def _fee_matters(makes: LineMaker, priced: Priced) -> bool:
    """Whether an open charge changes the patient's share of a covered line."""
    if priced.billed.known:
        return False
    figure = priced.allowed.figure
    if makes.offer.network == "out" or figure is None:
        return True
    return 0 < priced.billed.low < figure.high


OF_THE_ALLOWED_AMOUNT = frozenset({Kind.DEDUCTIBLE, Kind.COINSURANCE})
"""Phrases whose share follows the allowed amount."""


def _charge_assumed(priced: Priced) -> bool:
    """Whether a charge nobody knows is taken to be no less than an allowed amount that the share follows."""
    figure, charge = priced.allowed.figure, priced.billed
    if charge.known or figure is None or figure.unbounded or charge.low >= figure.high:
        return False
    paid = [row.cost_sharing for row in priced.alternatives if row.cost_sharing is not NOT_COVERED]
    phrases = [phrase for sharing in paid for reading in readings_of(sharing) for phrase in reading]
    return UNKNOWN in paid or any(phrase.kind in OF_THE_ALLOWED_AMOUNT for phrase in phrases)


def _fee(makes: LineMaker, priced: Priced) -> Variable:
    fee = priced.billed
    return Variable(
        priced.fee_id,
        planning=fee.planning is not None,
        bottomless=fee.bottomless,
        low=fee.low,
        high=bounded_end(fee.high),
    )


def _setting(makes: LineMaker, priced: Priced) -> Variable:
    """Tier, modality or licence decides the row, and is not known; told is what differs."""
    settings = makes.settings
    names = [name for name in SETTING_NAMES if len({getattr(each, name) for each in settings}) > 1]
    labels = tuple(" ".join(getattr(each, name) or "other" for name in names) for each in settings)
    return Variable(f"{names[0]}:setting", len(settings), labels=labels)


def _of_row(makes: LineMaker, row: Row, priced: Priced) -> Iterator[Variable]:
    readings = readings_of(row.cost_sharing)
    if row.cost_sharing is UNKNOWN:
        yield Variable(makes.offer.open_id, 2, bottomless=True, labels=("nothing", "allowed amount"))
    if len(readings) > 1 and settled_reading(makes.facts, readings) is None:
        labels = tuple(", ".join(p.text or p.kind.value for p in reading) for reading in readings)
        yield Variable(f"{question_of(readings)}:reading", len(readings), labels=labels)
    for reading in readings:
        choices = alternatives_in(reading)
        if choices:
            yield Variable("cost_share:choice", len(choices), labels=choices)
        if varies(reading):
            yield Variable("cost_share", bottomless=any(isinstance(p.amount, Unknown) for p in reading))
        if conditional(reading) and _phase_open(makes, reading, priced):
            slot = makes.limits.deductible(reading, makes.offer.network)
            left = asked(LEFT, priced.plan, makes.limits.keys[slot])
            asks = () if left is None else (left,)
            yield Variable("ded_remaining:phase", 2, True, labels=("not met", "met"), asks=asks)
    if row.visits is not None and row.visits.pool not in makes.facts.request.used.visits:
        number = row.visits.visits  # neither end favours: the others may end the deductible sooner
        yield Variable("first_n", number + 1, True, number, low=0, high=number, unit="visits")


def _phase_open(makes: LineMaker, reading: Reading, priced: Priced) -> bool:
    """Whether the visit on which the deductible is met is not known: what is left, or the price, is open."""
    slot = makes.limits.deductible(reading, makes.offer.network)
    figure = priced.allowed.figure
    price_open = figure is None or not figure.known or not priced.billed.known
    return slot >= 0 and (price_open or makes.limits.account(slot).open)


def _refused(makes: LineMaker, priced: Priced, liability: Liability) -> Iterator[Variable]:
    """Who bears a line that the plan refuses, at which rate, and what that rate is."""
    if liability == "unknown":
        yield Variable("denial_liability", 2, bottomless=True, labels=BEARS["denial_liability"])
    if liability == UNLESS_WAIVER:
        yield Variable("waiver_signed", 2, labels=("no", "yes"))
    if liability == "provider":
        return
    if priced.refused_rate is None:
        yield Variable("not_covered_rate", 2, labels=RATES)
    if priced.refused_rate != "contracted" and not priced.billed.known:
        yield _fee(makes, priced)
    figure = priced.allowed.figure
    if priced.refused_rate != "billed" and figure is not None and not figure.known:
        yield _allowed(makes, priced, bottomless=figure.bottomless)
