"""Which pathway is cheapest, all expected care of twelve months counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from coverage_service.core.answer import Comparison, OpenQuestion
from coverage_service.core.terms import UNLIMITED

MOST_OTHER_CARE = 1_060_000
"""Other care is searched up to this many cents: the legal out-of-pocket maximum of 2026."""
PROBES = 24


def compared(scenario: str, run: str, totals: Mapping[str, int]) -> Comparison | None:
    """The cheapest pathways of one scenario and run, and by how much; None below two."""
    if len(totals) < 2:
        return None
    least = min(totals.values())
    cheapest = tuple(id for id, cents in totals.items() if cents == least)
    others = [cents for cents in totals.values() if cents != least]
    by = min(others) - least if others else 0
    return Comparison(scenario=scenario, run=run, cheapest=cheapest, by=by, totals=dict(totals))


def beating(totals: Mapping[str, int], missing: Mapping[str, tuple[int, int]]) -> tuple[str, ...] | None:
    """Who may be cheaper than every figure of a row without having one there; None = nobody.

    ``missing`` are the (least, most) cents of pathways that are possible but have no figure.
    The one that surely is cheaper is named; otherwise the row names none.
    """
    least = min(totals.values(), default=0)
    if all(low >= least for low, _ in missing.values()):
        return None
    lows = {**totals, **{id: low for id, (low, _) in missing.items()}}
    return tuple(
        id
        for id, (_, most) in missing.items()
        if all(most < low for other, low in lows.items() if other != id)
    )


def overall(rows: Sequence[Comparison], left_out: Sequence[tuple[str, ...]] = ()) -> str | None:
    """The one pathway that wins every row, those left out as well, or None."""
    winners = {row.cheapest for row in rows} | set(left_out)
    first = rows[0].cheapest if rows else ()
    return first[0] if len(winners) == 1 and len(first) == 1 else None


def deciding(rows: Sequence[Comparison], unknowns: Sequence[OpenQuestion]) -> str | None:
    """The unknown on which the cheapest pathway hangs: it moves the winners most unequally."""
    winners = {id for row in rows for id in row.cheapest}
    apart = {unknown.id: _apart(unknown, winners) for unknown in unknowns}
    most = max(apart.values(), default=0)
    return next((id for id, cents in apart.items() if cents == most), None) if most else None


def _apart(unknown: OpenQuestion, winners: set[str]) -> int:
    """By how many cents an unknown moves one winner more than another; no bound beats any."""
    if unknown.swing == 0:
        return 0
    swings = [unknown.swings.get(id, 0) for id in winners]
    known = [cents for cents in swings if cents is not None]
    if len(known) < len(swings):
        return UNLIMITED if known else 0
    return max(known, default=0) - min(known, default=0)


def threshold(difference: Callable[[int], int], most: int) -> int | None:
    """The other care in whole dollars (as cents) from which ``difference`` is negative.

    ``difference`` is insured less self-pay at so many cents of other care.  None when it
    never turns, turns back, or insurance is already cheaper without other care.
    """
    step = max(most // PROBES // 100 * 100, 100)
    points = [*range(0, most, step), most // 100 * 100]
    signs = [difference(point) < 0 for point in points]
    turns = [i for i in range(1, len(points)) if signs[i] != signs[i - 1]]
    if len(turns) != 1 or signs[0]:
        return None
    low, high = points[turns[0] - 1] // 100, points[turns[0]] // 100
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if difference(middle * 100) < 0 else (middle, high)
    return int(high) * 100
