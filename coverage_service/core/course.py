"""A course of visits folded over plan years: accumulators, counters, resets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from coverage_service.core.adjudicate import Outcome, adjudicate
from coverage_service.core.schedule import (
    CALENDAR_YEAR,
    MONTH,
    OTHER_CARE,
    PLAN_YEAR,
    SECONDARY_YEAR,
    THERAPY,
    TWELVE_MONTHS,
    Segment,
)
from coverage_service.core.terms import UNLIMITED, LimitTerms, Line, Op, Slot, Terms

Memo = dict[tuple[Line, int, int], Outcome]
"""Splits already made, by line, deductible left and room; lives as long as one estimate."""


class Stretch(NamedTuple):
    """``count`` equal lines in a row and what each of them comes to."""

    segment: Segment
    offset: int
    count: int
    line: Line
    outcome: Outcome


class State:
    """Accumulators and counters while a course runs; cents used per limit slot."""

    __slots__ = ("counters", "met", "own", "family", "member", "taken_on", "taken")

    def __init__(self, terms: Terms) -> None:
        self.own = [used[0] for used in terms.used]
        self.family = [used[1] for used in terms.used]
        self.member = [used[2] for used in terms.used]
        self.met = list(terms.members_met)
        self.counters = list(terms.counters)
        self.taken_on: date | None = None
        self.taken: dict[str, int] = {}

    def left(self, limit: LimitTerms, slot: int, family_member: bool = False) -> int:
        """Cents left of a limit for the person (or another family member), never below 0."""
        person = self.member[slot] if family_member else self.own[slot]
        if limit.members and self.met[slot] + self._other_met(limit, slot) >= limit.members:
            return 0
        left = min(limit.person - person, limit.family - self.family[slot])
        return left if left > 0 else 0

    def _other_met(self, limit: LimitTerms, slot: int) -> bool:
        return self.member[slot] >= limit.person

    def credit(self, limit: LimitTerms, slot: int, cents: int, family_member: bool) -> None:
        """Add to a limit's used amounts, clamped at the limit for person and family."""
        used = self.member if family_member else self.own
        added = min(cents, max(0, limit.person - used[slot]))
        used[slot] += added
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
    if not line.covered:
        return UNLIMITED
    if line.secondary is not None or any(step.when or step.toward for step in line.steps):
        return 1
    count = UNLIMITED
    if outcome.credit:
        count = deductible_left // outcome.credit
    elif deductible_left and _takes_deductible(line):
        return 1
    if outcome.counting:
        if outcome.counting >= room:
            return 1
        count = min(count, room // outcome.counting)
    return max(count, 1)


def _takes_deductible(line: Line) -> bool:
    return any(step.op == Op.DEDUCTIBLE for step in line.steps)


def fold(segments: Sequence[Segment], terms: Terms, memo: Memo) -> list[Stretch]:
    """Run a course: every segment's visits in order, equal outcomes told as stretches."""
    return list(stretches(segments, terms, State(terms), memo))


def stretches(
    segments: Sequence[Segment], terms: Terms, state: State, memo: Memo, at_once: int = UNLIMITED
) -> Iterator[Stretch]:
    """The stretches of a course; ``state`` stands after each one as it is given out.

    ``at_once`` 1 gives every line a stretch of its own.
    """
    for segment in segments:
        limits = terms.eras[segment.era]
        if segment.resets:
            state.reset(terms, limits, segment.resets)
        done = 0
        while done < segment.count:
            line, unchanged = chosen(terms.slots[segment.slot], state.counters)
            outcome, count = _next(line, limits, state, memo, segment, done)
            count = min(count, unchanged, segment.count - done, at_once)
            _post(line, limits, state, outcome, count)
            yield Stretch(segment, done, count, line, outcome)
            done += count


def _next(
    line: Line, limits: Sequence[LimitTerms], state: State, memo: Memo, segment: Segment, done: int
) -> tuple[Outcome, int]:
    left = state.left(limits[line.deductible], line.deductible, line.family_member) if line.deductible >= 0 else 0
    room = UNLIMITED
    for slot in line.caps:
        room = min(room, state.left(limits[slot], slot, line.family_member))
    if line.per_day and segment.same_day:
        return _shared_day(line, left, room, state, segment.dates[done]), 1
    if line.secondary is not None:
        return _coordinated(line, limits, state, left, room), 1
    key = (line, left, room)
    outcome = memo.get(key)
    if outcome is None:
        outcome = memo[key] = adjudicate(line, left, room)
    return outcome, repeats(line, outcome, left, room)


def _coordinated(
    line: Line, limits: Sequence[LimitTerms], state: State, left: int, room: int
) -> Outcome:
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
    if state.taken_on != on:
        state.taken_on, state.taken = on, {}
    who = line.clinician if line.per_day == 2 else ""
    taken = state.taken.get(who, 0)
    steps = tuple(
        step._replace(value=max(0, step.value - taken)) if step.op == Op.COPAY else step
        for step in line.steps
    )
    outcome = adjudicate(replace(line, steps=steps), left, room)
    state.taken[who] = taken + outcome.parts.copay
    return outcome


def _post(
    line: Line, limits: Sequence[LimitTerms], state: State, outcome: Outcome, count: int
) -> None:
    """Post covered lines to accumulators and counters; refused lines leave them alone."""
    if not outcome.covered:
        return
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
    return sum(s.count * s.outcome.patient for s in found if s.segment.kind == kind and s.segment.windows & bit)


def all_care_of_a_year(found: Sequence[Stretch]) -> int:
    """The patient's cents for therapy and other care inside twelve months."""
    return patient_total(found, TWELVE_MONTHS) + patient_total(found, TWELVE_MONTHS, OTHER_CARE)
