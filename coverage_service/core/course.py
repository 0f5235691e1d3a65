"""A course of visits folded over plan years: accumulators, counters, resets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from coverage_service.core.adjudicate import Outcome, adjudicate
from coverage_service.core.schedule import (
    CALENDAR_YEAR,
    MONTH,
    PLAN_YEAR,
    SECONDARY_YEAR,
    THERAPY,
    Segment,
)
from coverage_service.core.terms import UNLIMITED, LimitTerms, Line, Op, Slot, Terms

Memo = dict[tuple[Line, int, int], Outcome]
"""Splits already made, by line, deductible left and room; lives as long as one estimate."""


class Stretch(NamedTuple):
    """``lines`` equal claim lines in a row and what each of them comes to."""

    segment: Segment
    offset: int
    lines: int
    line: Line
    outcome: Outcome


class State:
    """Accumulators and counters while a course runs; cents used per limit slot."""

    __slots__ = ("counters", "family", "member", "met", "own", "taken", "taken_on")

    def __init__(self, terms: Terms) -> None:
        self.own = [used[0] for used in terms.used]
        self.family = [used[1] for used in terms.used]
        self.member = [used[2] for used in terms.used]
        self.met = list(terms.members_met)
        self.counters = list(terms.counters)
        self.taken_on: date | None = None
        self.taken: dict[tuple[bool, str | None], int] = {}

    def left(self, limit: LimitTerms, slot: int, family_member: bool = False) -> int:
        """Cents left of a limit for the person (or another family member), never below 0."""
        person = self.member[slot] if family_member else self.own[slot]
        if limit.members and self.met[slot] >= limit.members:
            return 0
        left = limit.person - person
        ours = limit.family - self.family[slot]
        if ours < left:
            left = ours
        return left if left > 0 else 0

    def taken_on_that_day(self, on: date) -> dict[tuple[bool, str | None], int]:
        """Copays taken on a date, by person and clinician (None = all of them together)."""
        if self.taken_on != on:
            self.taken_on, self.taken = on, {}
        return self.taken

    def take(self, line: Line, copay: int, on: date) -> None:
        """Note a copay taken on a date, for those that are taken once a day."""
        taken = self.taken_on_that_day(on)
        for clinician in (line.clinician, None):
            key = (line.family_member, clinician)
            taken[key] = taken.get(key, 0) + copay

    def credit(self, limit: LimitTerms, slot: int, cents: int, family_member: bool) -> None:
        """Add to a limit's used amounts, clamped at the limit for person and family."""
        used = self.member if family_member else self.own
        added = min(cents, max(0, limit.person - used[slot]))
        used[slot] += added
        if limit.members and added and used[slot] >= limit.person:
            self.met[slot] += 1
        self.family[slot] = min(limit.family, self.family[slot] + added)

    def reset(self, terms: Terms, limits: Sequence[LimitTerms], bits: int) -> None:
        """Start again what a bit set of resets names (plan year, calendar year, month)."""
        for slot, limit in enumerate(limits):
            year = SECONDARY_YEAR if slot >= terms.secondary_from else PLAN_YEAR
            if bits & (MONTH if limit.monthly else year):
                self.own[slot] = self.family[slot] = self.member[slot] = self.met[slot] = 0
        for index in range(len(self.counters)):
            if index in terms.lasting_counters:
                continue
            if bits & (CALENDAR_YEAR if index in terms.calendar_counters else PLAN_YEAR):
                self.counters[index] = 0


Watch = Callable[[Stretch, State], None]


def chosen(slot: Slot, counters: Sequence[int]) -> tuple[Line, int]:
    """The line that applies now, and for how many visits no guard can change that."""
    unchanged = UNLIMITED
    for guards, line in slot:
        holds = True
        for counter, bound in guards:
            left = bound - counters[counter]
            if left <= 0:
                holds = False
            elif left < unchanged:
                unchanged = left
        if holds:
            return line, unchanged
    raise AssertionError("a slot ends with a line without guards")


def repeats(line: Line, outcome: Outcome, deductible_left: int, room: int) -> int:
    """For how many equal lines in a row, this one included, the outcome stays the same.

    Exact: the deductible part is unchanged while that much is left, the capped parts while
    the limit is not reached; anything conditional is taken one line at a time.
    """
    credit, counting = outcome.credit, outcome.counting
    if not credit and not counting:
        return UNLIMITED
    if line.one_by_one or counting >= room:
        return 1
    if not credit and deductible_left and line.takes_deductible:
        return 1
    count = deductible_left // credit if credit else UNLIMITED
    return min(count, room // counting) if counting else count


def fold(segments: Sequence[Segment], terms: Terms, memo: Memo) -> list[Stretch]:
    """Run a course: every segment's visits in order, equal outcomes told as stretches."""
    return run(segments, terms, State(terms), memo)


def run(
    segments: Sequence[Segment], terms: Terms, state: State, memo: Memo, watch: Watch | None = None
) -> list[Stretch]:
    """Run a course from a state, which is left as it stands after the last line.

    ``watch`` is called after every single line; without it equal lines are posted at once.
    """
    found: list[Stretch] = []
    counters = state.counters
    for segment in segments:
        slot, number, resets, _, _, era = segment[:6]
        limits = terms.eras[era]
        if resets:
            state.reset(terms, limits, resets)
        done = 0
        while done < number:
            candidates = terms.slots[slot]
            unchanged = UNLIMITED
            if len(candidates) == 1:
                line = candidates[0][1]
            else:
                line, unchanged = chosen(candidates, counters)
            left = (
                state.left(limits[line.deductible], line.deductible, line.family_member)
                if line.deductible >= 0
                else 0
            )
            room = UNLIMITED
            for cap in line.caps:
                room = min(room, state.left(limits[cap], cap, line.family_member))
            count = 1
            if line.alone:
                outcome = _alone(line, limits, state, left, room, segment, done)
            else:
                key = (line, left, room)
                known = memo.get(key)
                outcome = known if known is not None else memo.setdefault(key, adjudicate(line, left, room))
                if done + 1 < number and watch is None:
                    count = max(1, min(repeats(line, outcome, left, room), unchanged, number - done))
            if segment.same_day and outcome.parts.copay:
                state.take(line, outcome.parts.copay, segment.dates[done])
            if outcome.covered or line.once:
                _post(line, limits, state, outcome, count)
            stretch = Stretch(segment, done, count, line, outcome)
            found.append(stretch)
            if watch is not None:
                watch(stretch, state)
            done += count
    return found


def _alone(
    line: Line, limits: Sequence[LimitTerms], state: State, left: int, room: int, segment: Segment, done: int
) -> Outcome:
    """Lines that look beyond their own limits: a second plan, or a copay per day."""
    if line.secondary is not None:
        return _coordinated(line, limits, state, left, room)
    if segment.same_day:
        return _shared_day(line, left, room, state, segment.dates[done])
    return adjudicate(line, left, room)


def _coordinated(line: Line, limits: Sequence[LimitTerms], state: State, left: int, room: int) -> Outcome:
    """Adjudicate with a second plan, which posts to its own limits as if it were alone."""
    second = line.secondary
    assert second is not None
    alone = adjudicate(
        second,
        state.left(limits[second.deductible], second.deductible) if second.deductible >= 0 else 0,
        min([UNLIMITED, *(state.left(limits[slot], slot) for slot in second.caps)]),
    )
    if alone.covered:
        _post(second, limits, state, alone, 1)
    return adjudicate(line, left, room, alone.parts.plan_pays)


def _shared_day(line: Line, left: int, room: int, state: State, on: date) -> Outcome:
    """A copay per day (or per day and clinician): less what was already taken that date."""
    clinician = line.clinician if line.per_day == 2 else None
    taken = state.taken_on_that_day(on).get((line.family_member, clinician), 0)
    steps = tuple(
        step._replace(value=max(0, step.value - taken)) if step.op == Op.COPAY else step
        for step in line.steps
    )
    return adjudicate(replace(line, steps=steps), left, room)


def _post(line: Line, limits: Sequence[LimitTerms], state: State, outcome: Outcome, count: int) -> None:
    """Post covered lines to accumulators and counters."""
    if outcome.credit:
        for slot in line.deductible_credits:
            state.credit(limits[slot], slot, outcome.credit * count, line.family_member)
    if outcome.counting:
        for slot in line.out_of_pocket_credits:
            state.credit(limits[slot], slot, outcome.counting * count, line.family_member)
    for counter in line.advances:
        state.counters[counter] += count


def patient_total(found: Sequence[Stretch], window: int, kind: int = THERAPY) -> int:
    """The patient's cents for the lines of one kind inside one window."""
    bit = 1 << window
    return sum(
        s.lines * s.outcome.patient for s in found if s.segment.kind == kind and s.segment.windows & bit
    )


def left_after(segments: Sequence[Segment], terms: Terms, line: Line, memo: Memo) -> tuple[int, int]:
    """What is left of a line's deductible, and its room, after some segments."""
    state = State(terms)
    run(segments, terms, state, memo)
    limits = terms.eras[0]
    left = state.left(limits[line.deductible], line.deductible) if line.deductible >= 0 else 0
    return left, min([UNLIMITED, *(state.left(limits[cap], cap) for cap in line.caps)])
