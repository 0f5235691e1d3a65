"""A pathway's scenarios told: windows, ledger, and one session at three moments."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_service.core.answer import Event, Parts, Pathway, PerSession, Row, Scenario, Window
from coverage_service.core.course import left_at_start
from coverage_service.core.ledger import ledger_of
from coverage_service.core.one_line import Memo, split
from coverage_service.core.priced import COVERED
from coverage_service.core.ranges import Priced, Ranges
from coverage_service.core.request import FIGURES, FULL
from coverage_service.core.runs import Run, Told, bounded
from coverage_service.core.schedule import COURSE, NEXT_SESSION, WINDOWS
from coverage_service.core.terms import BOUNDLESS, UNLIMITED, Line, Slot
from coverage_service.core.way import Way


def pathway_of(way: Way, priced: Priced, memo: Memo, detail: str = FULL) -> Pathway:
    """A pathway as it is answered: its scenarios, and the envelope around them."""
    if not priced or way.route is None:
        return Pathway(id=way.id, possible=way.possible, reasons=way.reasons, then=way.then, fee=way.fee)
    scenarios = tuple([_scenario(name, found, way, memo, detail) for name, found in priced.items()])
    return Pathway(
        id=way.id,
        possible=way.possible,
        reasons=way.reasons,
        windows=_enveloped(scenarios),
        scenarios=scenarios,
        low_reason=_low_reason(next(iter(priced.values())), way),
        then=way.then,
        fee=way.fee,
        envelope="outer" if any(found.envelope == "outer" for found in priced.values()) else "exact",
    )


def _enveloped(scenarios: tuple[Scenario, ...]) -> tuple[Window, ...]:
    """The pathway's own range: low = covered, high = the dearer case, planning of a single one."""
    if len(scenarios) == 1:
        return scenarios[0].windows
    covered, refused = scenarios
    return tuple(
        Window(
            id=a.id,
            sessions=max(a.sessions, b.sessions),
            low=a.low,
            planning=None,
            high=None if a.high is None or b.high is None else max(a.high, b.high),
        )
        for a, b in zip(covered.windows, refused.windows, strict=True)
    )


def _scenario(name: str, found: Ranges, way: Way, memo: Memo, detail: str) -> Scenario:
    """A scenario with as much as is told of it: windows, one session at three moments, a ledger."""
    route = way.route
    assert route is not None
    shown = (found.planning or found.high_run).told
    sums = shown.parts_of_windows() if detail == FULL else ()
    windows = tuple([_window(index, found, way, shown, sums) for index in range(len(WINDOWS))])
    if detail == FIGURES:
        return Scenario(name=name, windows=windows)
    rows, events = _ledger(shown, memo) if detail == FULL else ((), ())
    return Scenario(
        name=name,
        windows=windows,
        low_reason=_low_reason(found, way),
        run="planning" if found.planning else "high",
        ledger=rows,
        events=events,
        per_session=_per_session(found, memo, way.ceiling_only or bool(found.unsupported[COURSE])),
        next_session=sums[NEXT_SESSION] if sums else None,
        course=sums[COURSE] if sums else None,
        liability=route.liability if name != COVERED else None,
        reasons=route.reasons,
    )


def _low_reason(found: Ranges, way: Way) -> str | None:
    """What is missing where no low end is given."""
    return "plan_unknown" if way.ceiling_only else found.low_reason


def _window(index: int, found: Ranges, way: Way, shown: Told, sums: Sequence[Parts]) -> Window:
    """One window; ``sums`` are the parts of the shown run by window, none where they are not told."""
    planning, told = found.planning, bool(sums)
    whole = told and index == COURSE
    return Window(
        WINDOWS[index],
        shown.timetable.sessions[index],
        None if way.ceiling_only or found.unsupported[index] else bounded(found.low[index]),
        planning.totals[index] if planning else None,
        bounded(found.high[index]),
        found.typical.totals[index] if found.typical and not planning else None,
        found.low_run.parts(index) if whole and _adds_up(found) else None,
        sums[index] if told and planning else None,
        found.high_run.parts(index) if whole or (told and not planning) else None,
    )


def _ledger(told: Told, memo: Memo) -> tuple[tuple[Row, ...], tuple[Event, ...]]:
    """The dated lines of a run, and its turns."""
    if told.ledger is None:
        timetable = told.timetable
        told.ledger = ledger_of(told.stretches, told.terms, timetable.segments, memo, timetable.plan_year)
    return told.ledger


def _adds_up(found: Ranges) -> bool:
    """Whether the low end is that of one run (no missing fact, no copay given back)."""
    return found.low_reason is None and found.low[COURSE] == found.low_run.totals[COURSE]


def _per_session(found: Ranges, memo: Memo, unsupported: bool) -> PerSession:
    """One ordinary session now, after the deductible, after the out-of-pocket maximum.

    A low end of 0 that comes only from a missing fact is None, as in the windows.
    """
    low, high = (_three_moments(run, memo) for run in (found.low_run, found.high_run))
    now, after, reached = (
        (None if unsupported and min(a, b) == 0 < max(a, b) else min(a, b), bounded(max(a, b)))
        for a, b in zip(low, high, strict=True)
    )
    return PerSession(now=now, after_deductible=after, after_out_of_pocket_maximum=reached)


def _ordinary(slot: Slot) -> Line:
    """The line of a session after all first visits, and before a visit limit refuses it."""
    lines = [guarded.line for guarded in slot]
    return next((line for line in reversed(lines) if line.covered), lines[-1])


def _three_moments(run: Run, memo: Memo) -> tuple[int, int, int]:
    line = _ordinary(run.terms.slots[0])
    if not line.covered:
        return line.noncovered, line.noncovered, line.noncovered
    left, room = left_at_start(run.terms, line)
    if line.allowed >= BOUNDLESS:
        room = UNLIMITED
    return (
        split(line, left, room, memo)[0].patient,
        split(line, 0, UNLIMITED, memo)[0].patient,
        split(line, 0, 0, memo)[0].patient,
    )
