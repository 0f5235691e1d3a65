"""What one run of a course comes to: totals per window, parts, what may be waived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul

from coverage_service.core.answer import Event, Parts, Row
from coverage_service.core.course import State, Stretch, fold, folded
from coverage_service.core.money import share
from coverage_service.core.one_line import Memo
from coverage_service.core.schedule import SECONDARY_YEAR, THERAPY, TWELVE_MONTHS, WINDOWS, Timetable
from coverage_service.core.terms import BOUNDLESS, MET, Line, Op, Terms
from coverage_service.core.unknowns import World

Totals = tuple[int, ...]
"""Patient cents per window, in the order of ``schedule.WINDOWS``."""


@dataclass(slots=True, eq=False)
class Told:
    """What a course comes to: therapy totals per window, all care of a year, its stretches.

    Several worlds and pathways may share it; stretches, ``parts`` and ``ledger`` are kept
    once somebody asked.
    """

    terms: Terms
    timetable: Timetable
    memo: Memo
    totals: Totals
    year_with_other_care: int
    folded: list[Stretch] | None = None
    parts: tuple[Parts, ...] = ()
    ledger: tuple[tuple[Row, ...], tuple[Event, ...]] | None = None

    @property
    def stretches(self) -> list[Stretch]:
        """The course in stretches."""
        if self.folded is None:
            self.folded = fold(self.timetable.segments, self.terms, self.memo)
        return self.folded

    def parts_of_windows(self) -> tuple[Parts, ...]:
        """Where the billed charges of each window go; amounts without a bound stay huge."""
        if not self.parts:
            self.parts = _parts(self.stretches, self.timetable.ends)
        return self.parts


@dataclass(slots=True, eq=False)
class Run:
    """One run: its world, and what its course comes to."""

    world: World
    told: Told
    totals: Totals

    @property
    def terms(self) -> Terms:
        """The Terms of the world."""
        return self.told.terms

    @property
    def stretches(self) -> list[Stretch]:
        """The course in stretches."""
        return self.told.stretches

    def parts(self, window: int) -> Parts:
        """Where the billed charges of a window go."""
        return self.told.parts_of_windows()[window]


def course_told(timetable: Timetable, terms: Terms, memo: Memo) -> Told:
    """What a course comes to; where no line posts anything it is a sum, and need not be run."""
    owed = _owed(terms)
    if owed is not None:
        totals = tuple([sum([owed[slot] * count for slot, count in each]) for each in timetable.visits])
        return Told(terms, timetable, memo, totals, totals[TWELVE_MONTHS])
    stretches, therapy, care = folded(timetable.segments, terms, State(terms), memo)
    totals = tuple([therapy[end] for end in timetable.ends])
    start, end = timetable.year
    return Told(terms, timetable, memo, totals, care[end] - care[start], stretches)


def _owed(terms: Terms) -> list[int] | None:
    """What each kind of visit costs where none has a second candidate and none is posted, else None."""
    owed = []
    for slot in terms.slots:
        line = slot[0].line
        if len(slot) > 1 or line.covered:
            return None
        owed.append(line.noncovered)
    return owed


def _parts(stretches: Sequence[Stretch], ends: Sequence[int]) -> tuple[Parts, ...]:
    """The parts of the first so many segments, for each of some ends."""
    sums: list[int] = [0] * len(Parts._fields)
    after, wanted, number = {0: Parts()}, set(ends), 0
    for segment, offset, count, _, outcome in stretches:
        if not offset:
            if number in wanted:
                after[number] = Parts(*sums)
            number += 1
        if segment.kind == THERAPY:
            sums = list(
                map(add, sums, outcome.parts if count == 1 else map(mul, repeat(count), outcome.parts))
            )
    after[number] = Parts(*sums)
    return tuple([after[end] for end in ends])


def least(each: Sequence[Totals]) -> Totals:
    return each[0] if len(each) == 1 else tuple(map(min, *each))


def most(each: Sequence[Totals]) -> Totals:
    return each[0] if len(each) == 1 else tuple(map(max, *each))


def given_back(run: Run) -> Totals:
    """A low run less one waived copay per plan year (``once deductible is met``), of either plan."""
    own = max(waived(run.terms), default=0) if "ded_remaining" in run.world else 0
    second = max(waived_by_second(run.terms), default=0) if "second_plan:deductible" in run.world else 0
    if not (own or second):
        return run.totals
    back = [
        own * plan_years_in(run.stretches, 1 << window) + second * second_years_in(run.stretches, 1 << window)
        for window in range(len(WINDOWS))
    ]
    return tuple([max(0, total - less) for total, less in zip(run.totals, back, strict=True)])


def waived(terms: Terms) -> list[int]:
    """What a plan may waive on the visit where the deductible ends, in cents, per line."""
    return _once_met([line for slot in terms.slots for _, line in slot if line.waives])


def waived_by_second(terms: Terms) -> list[int]:
    """Likewise of a second plan."""
    seconds = [line.secondary for slot in terms.slots for _, line in slot if line.secondary is not None]
    return _once_met(
        [line for line in seconds if line.takes_deductible and any(step.when == MET for step in line.steps)]
    )


def _once_met(lines: Sequence[Line]) -> list[int]:
    return [
        sum(
            step.value if step.op == Op.COPAY else share(line.allowed, step.value)
            for step in line.steps
            if step.op in (Op.COPAY, Op.COINSURANCE, Op.COINSURANCE_IGNORING_COPAY)
        )
        for line in lines
    ]


def plan_years_in(stretches: Sequence[Stretch], bit: int) -> int:
    return len({s.segment.year for s in stretches if s.segment.kind == THERAPY and s.segment.windows & bit})


def second_years_in(stretches: Sequence[Stretch], bit: int) -> int:
    """How many years of a second plan the therapy of a window touches."""
    starts = {s.segment for s in stretches if s.segment.windows & bit and s.segment.resets & SECONDARY_YEAR}
    return 1 + len(starts)


def bounded(cents: int) -> int | None:
    """Cents as they are, None where they have no bound."""
    return cents if cents < BOUNDLESS else None
