"""The lines of a ledger added up by visit and by month, for drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from coverage_service.core.answer import Event, Parts, Row
from coverage_service.web.charts.waterfall import SHARES, TAKEN_OFF

AFTER = frozenset({"deductible_met", "oop_met"})
"""Turns that a session brings about; the others come before one."""
FREE = "eap_session"
_shares, _taken_off = attrgetter(*SHARES), attrgetter(*TAKEN_OFF)


class Visit(NamedTuple):
    """What one visit, or all visits of a month, cost.  ``shares`` add up to ``patient``."""

    first: date
    last: date
    sessions: int
    billed: int
    plans: int
    patient: int
    shares: tuple[int, ...]
    free: bool = False

    @property
    def figures(self) -> tuple[object, ...]:
        """What it costs, whenever it is."""
        return self[3:]


def visits_of(rows: Iterable[Row]) -> tuple[Visit, ...]:
    """Each therapy visit with all its claim lines; lines of other care have no number."""
    lines = sorted((row for row in rows if row.number > 0), key=lambda row: (row.on, row.number))
    grouped = groupby(lines, key=lambda row: (row.on, row.number))
    return tuple([_visit(tuple(found)) for _key, found in grouped])


def by_month(visits: Sequence[Visit]) -> tuple[tuple[Visit, ...], ...]:
    """The visits of each month that has any."""
    return tuple(
        tuple(found) for _key, found in groupby(visits, key=lambda each: (each.first.year, each.first.month))
    )


def added(visits: Sequence[Visit]) -> Visit:
    """Several visits as one."""
    if len(visits) == 1:
        return visits[0]
    return Visit(
        visits[0].first,
        visits[-1].last,
        sum([each.sessions for each in visits]),
        sum([each.billed for each in visits]),
        sum([each.plans for each in visits]),
        sum([each.patient for each in visits]),
        tuple(map(sum, zip(*[each.shares for each in visits], strict=True))),
        all(each.free for each in visits),
    )


def _visit(rows: Sequence[Row]) -> Visit:
    """The first line counts as the session, the others belong to it."""
    if len(rows) == 1:
        return _line(rows[0], 1)
    return added([_line(row, int(at == 0)) for at, row in enumerate(rows)])


def _line(row: Row, sessions: int) -> Visit:
    parts = row.parts
    plans = parts.plan_pays + parts.secondary_pays
    free = FREE in row.reasons
    return Visit(row.on, row.on, sessions, parts.billed, plans, parts.patient, own_shares(parts), free)


def own_shares(parts: Parts) -> tuple[int, ...]:
    """The shares that are left to the patient, in the order of ``SHARES``.

    A plan does not say which share its second plan or a scale takes over: the last ones first.
    """
    shares: tuple[int, ...] = _shares(parts)
    over = sum(_taken_off(parts))
    if not over:
        return shares
    left = []
    for cents in reversed(shares):
        taken = min(cents, over)
        over -= taken
        left.append(cents - taken)
    return tuple(reversed(left))


def boundary(event: Event, visits: Sequence[Visit]) -> int:
    """Before which visit an event stands; their number when it comes after the last."""
    if event.code in AFTER:
        return sum([each.first <= event.on for each in visits])
    return sum([each.last < event.on for each in visits])
