"""One claim line as the accumulators stand: adjudicated, remembered and posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from coverage_service.core.adjudicate import Outcome, adjudicate
from coverage_service.core.schedule import Segment
from coverage_service.core.state import FIRST, SECOND, State
from coverage_service.core.terms import UNLIMITED, LimitTerms, Line, Op

Memo = dict[tuple[Line, int, int], tuple[Outcome, int]]
"""Splits already made, by line, deductible left and room; lives as long as one estimate.

Beside the outcome stands for how many equal lines in a row it stays the same.
"""


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


def split(line: Line, left: int, room: int, memo: Memo) -> tuple[Outcome, int]:
    """The outcome of a line and for how many in a row, remembered."""
    key = (line, left, room)
    known = memo.get(key)
    if known is None:
        outcome = adjudicate(line, left, room)
        known = memo[key] = outcome, max(1, repeats(line, outcome, left, room))
    return known


def single(
    line: Line, limits: Sequence[LimitTerms], state: State, segment: Segment, done: int, memo: Memo
) -> Outcome:
    """Adjudicate one line as the accumulators stand, and post it."""
    slot, family_member = line.deductible, line.family_member
    left = state.left(limits[slot], slot, family_member) if slot >= 0 else 0
    room = min([UNLIMITED, *[state.left(limits[cap], cap, family_member) for cap in line.caps]])
    if line.alone:
        outcome = _alone(line, limits, state, left, room, segment, done)
    else:
        outcome, _ = split(line, left, room, memo)
    if segment.same_day and outcome.parts.copay:
        state.take(line, outcome.parts.copay, segment.dates[done], FIRST)
    if outcome.covered or line.once:
        post(line, limits, state, outcome)
    return outcome


def _alone(
    line: Line, limits: Sequence[LimitTerms], state: State, left: int, room: int, segment: Segment, done: int
) -> Outcome:
    """Lines that look beyond their own limits: a second plan, or a copay per day."""
    if line.per_day and segment.same_day:
        line = _shared_day(line, state, segment.dates[done], FIRST)
    if line.secondary is not None:
        alone = _paid_alone(line.secondary, limits, state, segment, done)
        return adjudicate(line, left, room, alone)
    return adjudicate(line, left, room)


def _paid_alone(line: Line, limits: Sequence[LimitTerms], state: State, segment: Segment, done: int) -> int:
    """What a second plan pays as if it were the only one, which it posts to its own limits."""
    if line.per_day and segment.same_day:
        line = _shared_day(line, state, segment.dates[done], SECOND)
    left = state.left(limits[line.deductible], line.deductible) if line.deductible >= 0 else 0
    room = min([UNLIMITED, *(state.left(limits[slot], slot) for slot in line.caps)])
    alone = adjudicate(line, left, room)
    if segment.same_day and alone.parts.copay:
        state.take(line, alone.parts.copay, segment.dates[done], SECOND)
    post(line, limits, state, alone)
    return alone.parts.plan_pays


def _shared_day(line: Line, state: State, on: date, plan: int) -> Line:
    """With a copay per day (or per day and clinician): less what that plan already took that date."""
    clinician = line.clinician if line.per_day == 2 else None
    taken = state.taken_on_that_day(on).get((plan, line.family_member, clinician), 0)
    steps = tuple(
        step._replace(value=max(0, step.value - taken)) if step.op == Op.COPAY else step
        for step in line.steps
    )
    return replace(line, steps=steps)


def post(line: Line, limits: Sequence[LimitTerms], state: State, outcome: Outcome) -> None:
    """Post a covered line to accumulators and counters."""
    if outcome.credit:
        for slot in line.deductible_credits:
            state.credit(limits[slot], slot, outcome.credit, line.family_member)
    if outcome.counting:
        for slot in line.out_of_pocket_credits:
            state.credit(limits[slot], slot, outcome.counting, line.family_member)
    for counter in line.advances:
        state.counters[counter] += 1
