"""The fee of a sliding scale at a household's yearly income, as a span of cents.

A scale by income becomes ``Reach``es: the income up to which a fee is asked.  An income
that is not known, or known between two ends, gives the span of the fees it may lead to.
All amounts are integer cents and upper ends are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Amount, Between, OneOf
from coverage_service.core.money import WHOLE, share
from coverage_service.core.reference import Reference
from coverage_service.core.request import Household
from coverage_service.core.therapist import Band, Sliding

THOUSAND_DOLLARS: Final = 100_000
GROSS: Final = "gross_household"
ENDLESS: Final = 10**15
"""More cents than any income."""


class Span(NamedTuple):
    """A fee in cents, low to high; None = not known."""

    low: int | None
    high: int | None


class Reach(NamedTuple):
    """A fee and the yearly income in cents up to which, inclusive, it is asked."""

    up_to: int
    fee: Span


class Incomes(NamedTuple):
    """The yearly incomes in cents that a household may have, both ends possible."""

    low: int
    high: int


ANY_INCOME: Final = Incomes(0, ENDLESS)


class Asked(NamedTuple):
    """Everything a model may read."""

    scale: Sliding
    full: Span
    household: Household
    reference: Reference
    on: date


class Found(NamedTuple):
    """What a model says: the fee, what to tell, and what stays open."""

    fee: Span
    notes: tuple[Note, ...] = ()
    ids: tuple[str, ...] = ()


def incomes(income: int | Between | None) -> Incomes:
    if income is None:
        return ANY_INCOME
    return Incomes(income.low, income.high) if isinstance(income, Between) else Incomes(income, income)


def span_of(amount: Amount | None) -> Span:
    """A stated fee as a span; unknown is (None, None)."""
    if amount is None or amount is UNKNOWN:
        return Span(None, None)
    if isinstance(amount, Between):
        return Span(amount.low, amount.high)
    if isinstance(amount, OneOf):
        return Span(min(amount.values), max(amount.values))
    return Span(amount, amount)


def join(spans: Iterable[Span]) -> Span:
    """The span that holds all of them; its high end is open if one of theirs is."""
    every = list(spans)
    lows = [each.low for each in every if each.low is not None]
    highs = [each.high for each in every if each.high is not None]
    return Span(min(lows, default=None), max(highs) if highs and len(highs) == len(every) else None)


def at_most(fee: int, full: Span) -> Span:
    """A fee, never above the full fee: a scale reduces it and does not raise it."""
    return Span(*(fee if end is None else min(fee, end) for end in full))


def by_income(asked: Asked, fee: Span) -> Found:
    """A fee that the income decides; an income that is open and moves the fee is asked."""
    income, basis = asked.household.income, asked.scale.income
    moves = income is None or (isinstance(income, Between) and fee.low != fee.high)
    note = Note("income_counted_as", {"basis": basis}, asked.scale.origin)
    return Found(fee, () if basis == GROSS else (note,), ("household_income",) if moves else ())


def of_bands(bands: Sequence[Band], above: int | None, full: Span, guideline: int = WHOLE) -> list[Reach]:
    """Bands that end at an income, or at a share of ``guideline`` cents if one is given."""
    reaches = [Reach(band.up_to * guideline // WHOLE, _fee(band, full)) for band in bands]
    return [*reaches, Reach(ENDLESS, full if above is None else Span(above, above))]


def in_reach(reaches: Sequence[Reach], possible: Incomes) -> Span:
    """The fees of the first bands that hold the possible incomes."""
    return join(reaches[index].fee for index in reached(reaches, possible))


def reached(reaches: Sequence[Reach], possible: Incomes) -> list[int]:
    """Which bands hold some of the possible incomes, by their number."""
    met, floor = [], -1
    for index, reach in enumerate(reaches):
        if max(possible.low, floor + 1) <= min(possible.high, reach.up_to):
            met.append(index)
        floor = max(floor, reach.up_to)
    return met


def linear(scale: Sliding, full: Span, possible: Incomes) -> Span:
    """From ``minimum`` at ``income_from`` to ``maximum`` at ``income_to``, floored to the step."""
    return join(_linear_at(scale, full, income) for income in possible)


def per_mille(scale: Sliding, full: Span, possible: Incomes) -> Span:
    """So many cents for each $1,000 of income, floored to the step, between two bounds."""
    return join(_per_mille_at(scale, full, income) for income in possible)


def _fee(band: Band, full: Span) -> Span:
    if band.fee is not None:
        return at_most(band.fee, full)
    off = band.discount or 0
    return Span(*(None if end is None else end - share(end, off) for end in full))


def _linear_at(scale: Sliding, full: Span, income: int) -> Span:
    first, last = scale.income_from or 0, scale.income_to or 0
    least, most = scale.minimum or 0, scale.maximum or 0
    if income > last and scale.above is not None:
        return Span(scale.above, scale.above)
    if income >= last or income <= first:
        return at_most(most if income >= last else least, full)
    risen = least + (income - first) * (most - least) // (last - first)
    return at_most(max(least, risen // scale.step * scale.step), full)


def _per_mille_at(scale: Sliding, full: Span, income: int) -> Span:
    fee = income * (scale.per_thousand or 0) // THOUSAND_DOLLARS
    fee = max(scale.minimum or 0, fee // scale.step * scale.step)
    if scale.maximum is not None:
        return at_most(min(fee, scale.maximum), full)
    return full if income >= ENDLESS else at_most(fee, full)
