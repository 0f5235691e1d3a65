"""A dated course of visits: due dates, plan-year resets, time windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol, TypeVar

NEXT_SESSION, FIRST_30_DAYS, REST_OF_PLAN_YEAR, TWELVE_MONTHS, COURSE = range(5)
WINDOWS = ("next_session", "first_30_days", "rest_of_plan_year", "twelve_months", "course")
PLAN_YEAR, CALENDAR_YEAR, MONTH, SECONDARY_YEAR = 1, 2, 4, 8
THERAPY, OTHER_CARE, ALREADY_HELD = 0, 1, 2


class Visit(NamedTuple):
    """One claim line on a date.

    ``slot`` says which kind of line; ``kind``: THERAPY, OTHER_CARE, or ALREADY_HELD since
    the accumulators were read (folded, not shown).  ``number`` counts therapy visits from 1.
    """

    on: date
    slot: int
    kind: int = THERAPY
    number: int = 0


class Segment(NamedTuple):
    """Consecutive lines of one slot with no reset, window edge or other line between.

    ``resets`` is a bit set of what starts again before the first of them; ``windows`` a bit
    set of the windows that hold them; ``same_day`` True when it shares its date with
    another line.  ``era`` indexes the dated plan entry in force, ``year`` the plan years
    since the accumulators were read.
    """

    slot: int
    lines: int
    resets: int
    windows: int
    kind: int
    era: int
    same_day: bool
    dates: tuple[date, ...]
    number: int
    year: int


class Calendar(NamedTuple):
    """The dates that cut a course: plan years of the plan and of a second one, eras.

    ``periods`` is the bit set of the other periods that something of the plan follows
    (CALENDAR_YEAR for a visit limit, MONTH for a monthly maximum).
    """

    plan_year: tuple[int, int] = (1, 1)
    secondary_year: tuple[int, int] | None = None
    era_starts: tuple[date, ...] = ()
    periods: int = 0


class Dated(Protocol):
    """A dated entry of a plan or of a therapist."""

    @property
    def starts(self) -> date | None:
        """Its first day, None = since ever."""
        ...


Entry = TypeVar("Entry", bound=Dated)


def in_force(entries: Sequence[Entry], on: date) -> Entry | None:
    """The entry that a date of service selects; the last one is carried on."""
    started = [entry for entry in entries if (entry.starts or date.min) <= on]
    return started[-1] if started else (entries[0] if entries else None)


def due_dates(first: date, every_days: int, sessions: int, skip: Sequence[date] = ()) -> list[date]:
    """Dates of a course: a visit due on a skipped date moves to the next due date."""
    skipped, on = set(skip), first
    dates: list[date] = []
    step = timedelta(days=every_days)
    while len(dates) < sessions:
        if on not in skipped:
            dates.append(on)
        on += step
    return dates


def day_of_year(year: int, month: int, day: int) -> date:
    """That day of that year; 29 February becomes 1 March in a common year."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)


def next_reset(day: date, plan_year: tuple[int, int]) -> date:
    """The first plan-year start strictly after ``day``."""
    found = day_of_year(day.year, *plan_year)
    return found if found > day else day_of_year(day.year + 1, *plan_year)


def plan_year_of(day: date, plan_year: tuple[int, int]) -> date:
    """The start of the plan year that holds ``day``."""
    start = day_of_year(day.year, *plan_year)
    return start if start <= day else day_of_year(day.year - 1, *plan_year)


def resets_between(before: date, after: date, calendar: Calendar) -> int:
    """Which periods start anew after one date and up to another, as a bit set."""
    bits = 0
    if next_reset(before, calendar.plan_year) <= after:
        bits |= PLAN_YEAR
    if before.year != after.year:
        bits |= CALENDAR_YEAR & calendar.periods
    if (before.year, before.month) != (after.year, after.month):
        bits |= MONTH & calendar.periods
    if calendar.secondary_year and next_reset(before, calendar.secondary_year) <= after:
        bits |= SECONDARY_YEAR
    return bits


def window_ends(first: date, plan_year: tuple[int, int]) -> tuple[tuple[int, date], ...]:
    """Each dated window's bit and its exclusive end, from the first priced session."""
    return (
        (1 << FIRST_30_DAYS, first + timedelta(days=30)),
        (1 << REST_OF_PLAN_YEAR, next_reset(first, plan_year)),
        (1 << TWELVE_MONTHS, day_of_year(first.year + 1, first.month, first.day)),
    )


def segments(visits: Sequence[Visit], used_as_of: date, calendar: Calendar) -> tuple[Segment, ...]:
    """Group dated visits into segments, from the date the accumulators are known.

    Resets between ``used_as_of`` and the first visit fall on the first segment.  Same-date
    order: other care first, then request order.
    """
    ordered = sorted(visits, key=lambda v: (v.on, v.kind == THERAPY))
    if not ordered:
        return ()
    first = next((v.on for v in ordered if v.kind == THERAPY), ordered[0].on)
    ends = window_ends(first, calendar.plan_year)
    eras = calendar.era_starts[1:]
    found: list[Segment] = []
    before, year = used_as_of, 0
    for index, (on, slot, kind, number) in enumerate(ordered):
        resets = resets_between(before, on, calendar) if on > before else 0
        year += resets & PLAN_YEAR
        windows = 1 << COURSE | (number == 1)
        for bit, end in ends:
            if first <= on < end:
                windows |= bit
        era = sum(start <= on for start in eras)
        same_day = (index > 0 and ordered[index - 1].on == on) or (
            index + 1 < len(ordered) and ordered[index + 1].on == on
        )
        before = max(before, on)
        last = found[-1] if found else None
        if (
            last is not None and not resets and not same_day and not last.same_day
            and (last.slot, last.kind, last.windows, last.era) == (slot, kind, windows, era)
        ):  # fmt: skip
            found[-1] = last._replace(lines=last.lines + 1, dates=(*last.dates, on))
        else:
            found.append(Segment(slot, 1, resets, windows, kind, era, same_day, (on,), number, year))
    return tuple(found)


def without_other_care(found: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same course with nothing but therapy in it; what starts anew before it stays."""
    kept, resets = [], 0
    for segment in found:
        resets |= segment.resets
        if segment.kind != OTHER_CARE:
            kept.append(segment._replace(resets=resets))
            resets = 0
    return tuple(kept)


@dataclass(slots=True, eq=False)
class Timetable:
    """The segments of a course and where its windows end.

    Windows end by date, so each holds the therapy of the first so many segments (``ends``,
    in the order of ``WINDOWS``) and so many visits (``sessions``), so many of each slot
    (``visits``).  ``year`` are the first and the last segment of the twelve months, other care
    included; ``plan_year`` starts that day.
    """

    segments: tuple[Segment, ...]
    ends: tuple[int, ...]
    sessions: tuple[int, ...]
    year: tuple[int, int]
    visits: tuple[tuple[tuple[int, int], ...], ...]
    plan_year: tuple[int, int] = (1, 1)


def timetable(found: tuple[Segment, ...], plan_year: tuple[int, int] = (1, 1)) -> Timetable:
    """Segments with the ends of their windows."""
    ends, sessions, year = [0] * len(WINDOWS), [0] * len(WINDOWS), (0, 0)
    for index, segment in enumerate(found, 1):
        if segment.kind == ALREADY_HELD:
            continue
        if segment.windows >> TWELVE_MONTHS & 1:
            year = (year[0] if year[1] else index - 1, index)
        if segment.kind == OTHER_CARE:
            continue
        for window in range(len(WINDOWS)):
            if segment.windows >> window & 1:
                ends[window] = index
                sessions[window] = max(sessions[window], segment.number + segment.lines - 1)
    visits = tuple([_visits(found[:end]) for end in ends])
    return Timetable(found, tuple(ends), tuple(sessions), year, visits, plan_year)


def _visits(found: Sequence[Segment]) -> tuple[tuple[int, int], ...]:
    """How many therapy visits of each slot are in some segments."""
    counts: dict[int, int] = {}
    for segment in found:
        if segment.kind == THERAPY:
            counts[segment.slot] = counts.get(segment.slot, 0) + segment.lines
    return tuple(counts.items())
