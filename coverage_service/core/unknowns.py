"""A fact that is not known: its possible values, which end favours the patient.

A run of a course happens in a *world*: which end (or which alternative) every unknown
takes.  A figure that is known has equal ends, so any world reads the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from coverage_service.core.terms import UNLIMITED

LOW, PLANNING, HIGH, TYPICAL, PEAK, BELOW_PEAK = 0, 1, 2, 3, 4, 5
"""Ends of a figure.  At PEAK, or a cent below it, a limited balance bill is largest."""

BETWEEN = 1_000
"""From here on: so many cents more than at LOW."""
MOST_BETWEEN = 10**9
"""Cents, of a figure without a bound: more than any deductible or course uses."""

World = Mapping[str, int]
"""Unknown id → an end (LOW, PLANNING, HIGH, TYPICAL), a point BETWEEN, or the index of an alternative."""

FAVOURABLE_LOW: Final = LOW
FAVOURABLE: Final[Mapping[str, int]] = {
    "ded_remaining": LOW,
    "fee": LOW,
    "freq_length": LOW,
    "allowed_amount": LOW,
    "oon_method": HIGH,
    "cost_share": LOW,
    "sliding": LOW,
    "visit_limit": LOW,
    "eap": HIGH,
    "household_income": LOW,
}
"""The end of each interval that makes the patient's total smallest (``definitions`` 5).

``ded_remaining`` is told as what is left, so low is favourable; out of network a higher
allowed amount lowers the total, because the plan then pays more of the same bill.
"""


class Figure(NamedTuple):
    """A number in cents (or a count) as an interval; ``planning`` None = no stated basis.

    ``typical`` stands in for planning where a benchmark's median is known.  ``bottomless``:
    the low end comes from a missing fact, not from a rule.
    """

    low: int
    planning: int | None
    high: int
    typical: int | None = None
    bottomless: bool = False

    def at(self, end: int) -> int:
        """The value at an end; TYPICAL falls back to planning, planning to the high end."""
        if end == LOW:
            return self.low
        if end == HIGH:
            return self.high
        if end == TYPICAL and self.typical is not None:
            return self.typical
        if end >= BETWEEN:
            return min(self.high, self.low + end - BETWEEN)
        return self.high if self.planning is None else self.planning

    @property
    def known(self) -> bool:
        """Whether nothing is open about it; a benchmark's single figure still is."""
        return self.low == self.high and self.planning is not None

    @property
    def unbounded(self) -> bool:
        """Whether no upper bound is known."""
        return self.high >= UNLIMITED


def exactly(value: int) -> Figure:
    """A known figure."""
    return Figure(value, value, value, value)


ANYTHING: Final = Figure(0, None, UNLIMITED, None, True)
"""Nothing is known, not even a bound."""


def bounded_end(cents: int) -> int | None:
    """An end in cents, None where no bound is known."""
    return None if cents >= UNLIMITED else cents


class Variable(NamedTuple):
    """An unknown that a pathway reads.

    ``options`` 0: an interval, whose favourable end is in ``FAVOURABLE``; else the number
    of alternatives.  ``planning``: whether it has a stated basis or a default; for a choice
    ``default`` is that alternative.  ``ends``: an interval without a favourable end, of
    which these ends are tried like alternatives; ``favours`` overrides the table's end.
    ``between``: the cents between them, where cost may turn there.
    ``low``/``high`` are the values tried, and ``asks`` the facts to ask for where they are not
    named as the unknown is, for people.
    """

    id: str
    options: int = 0
    planning: bool = False
    default: int = 0
    bottomless: bool = False
    low: int | None = None
    high: int | None = None
    unit: str = "cents"
    labels: tuple[str, ...] = ()
    typical: bool = False
    asks: tuple[str, ...] = ()
    ends: tuple[int, ...] = ()
    favours: int | None = None
    between: int = 0

    @property
    def public_id(self) -> str:
        """The id of the unknown that people see; a variable may be one side of it."""
        return self.asks[0] if self.asks else self.id.split(":")[0]

    def tried(self) -> Sequence[int]:
        """What is tried in combination: the alternatives, or ends that have no direction."""
        return range(self.options) if self.options else self.ends

    def favourable(self) -> int:
        """The favourable end of an interval."""
        return FAVOURABLE[self.id] if self.favours is None else self.favours

    def unfavourable(self) -> int:
        """The unfavourable end of an interval."""
        return HIGH - self.favourable()


def wider(before: Variable | None, after: Variable) -> Variable:
    """Two codes share an unknown: open when either is, as unsupported as the worse of them."""
    if before is None:
        return after
    ends = (before.high, after.high)
    return after._replace(
        planning=before.planning and after.planning,
        bottomless=before.bottomless or after.bottomless,
        typical=before.typical and after.typical,
        options=max(before.options, after.options),
        default=max(before.default, after.default),
        labels=max(before.labels, after.labels, key=len),
        asks=tuple(dict.fromkeys(before.asks + after.asks)),
        low=min((x for x in (before.low, after.low) if x is not None), default=None),
        high=None if None in ends else max(x for x in ends if x is not None),
        between=max(before.between, after.between),
    )


def planned(variables: Iterable[Variable]) -> dict[str, int]:
    """The planning world."""
    return {v.id: v.default if v.options else PLANNING for v in variables}


def base_world(variables: Sequence[Variable], high: World) -> dict[str, int]:
    """Every unknown at planning, else where the high run has it."""
    return {v.id: (v.default if v.options else PLANNING) if v.planning else high[v.id] for v in variables}
