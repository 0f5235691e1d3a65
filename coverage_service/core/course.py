"""A course of visits folded over plan years: accumulators, counters, resets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from coverage_service.core.adjudicate import Outcome
from coverage_service.core.one_line import Memo, single, split
from coverage_service.core.schedule import ALREADY_HELD, THERAPY, Segment
from coverage_service.core.state import State as State
from coverage_service.core.terms import UNLIMITED, Line, Slot, Terms


class Stretch(NamedTuple):
    """``lines`` equal claim lines in a row and what each of them comes to."""

    segment: Segment
    offset: int
    lines: int
    line: Line
    outcome: Outcome


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


def run(segments: Sequence[Segment], terms: Terms, state: State, memo: Memo, watch: Watch) -> None:
    """Run a course line by line from a state, which is left as it stands after the last one.

    ``watch`` is called after every line.  ``fold`` tells the same course in stretches.
    """
    for segment in segments:
        limits = terms.eras[segment.era]
        if segment.resets:
            state.reset(terms, limits, segment.resets)
        for done in range(segment.lines):
            line, _ = chosen(terms.slots[segment.slot], state.counters)
            outcome = single(line, limits, state, segment, done, memo)
            watch(Stretch(segment, done, 1, line, outcome), state)


def fold(segments: Sequence[Segment], terms: Terms, memo: Memo) -> list[Stretch]:
    """Run a course from the start of its Terms: equal lines in a row told as stretches."""
    return folded(segments, terms, State(terms), memo)[0]


def folded(
    segments: Sequence[Segment], terms: Terms, state: State, memo: Memo
) -> tuple[list[Stretch], list[int], list[int]]:
    """The stretches of a course, and the patient's cents before and after every segment.

    First those of therapy, then those of all care that is shown.  This is the loop in which an
    estimate spends its time: ``State.left`` and ``State.credit`` of an ordinary line stand in
    it once more.  ``run`` says the same line by line, and a test holds the two equal.
    """
    own, family, counters = state.own, state.family, state.counters
    slots, eras = terms.slots, terms.eras
    found: list[Stretch] = []
    therapy, care = [0], [0]
    paid_therapy = paid_care = 0
    for segment in segments:
        place, number, resets, _, kind, era, same_day, _, _, _ = segment
        limits = eras[era]
        if resets:
            state.reset(terms, limits, resets)
        candidates, done, paid = slots[place], 0, 0
        line, most = candidates[0].line, UNLIMITED
        several = len(candidates) > 1
        while done < number:
            if several:
                line, most = chosen(candidates, counters)
            if line.plain and not same_day:
                left, room, slot = 0, UNLIMITED, line.deductible
                if slot >= 0:
                    _, person, ours, members, _ = limits[slot]
                    if members:
                        left = state.left(limits[slot], slot)
                    else:
                        left, rest = person - own[slot], ours - family[slot]
                        left = rest if rest < left else left
                        left = left if left > 0 else 0
                for slot in line.caps:
                    _, person, ours, members, _ = limits[slot]
                    rest = ours - family[slot] if not members else state.left(limits[slot], slot)
                    room = rest if rest < room else room
                    rest = person - own[slot]
                    room = rest if rest < room and not members else room
                room = room if room > 0 else 0
                known = memo.get((line, left, room))
                outcome, count = known if known is not None else split(line, left, room, memo)
                if most < count:
                    count = most
                if number - done < count:
                    count = number - done
                if outcome.covered or line.once:
                    cents = outcome.credit * count
                    if cents:
                        for slot in line.deductible_credits:
                            _, person, ours, members, _ = limits[slot]
                            if members:
                                state.credit(limits[slot], slot, cents, False)
                                continue
                            rest = person - own[slot]
                            added = cents if cents <= rest else rest if rest > 0 else 0
                            own[slot] += added
                            added += family[slot]
                            family[slot] = added if added <= ours else ours
                    cents = outcome.counting * count
                    if cents:
                        for slot in line.out_of_pocket_credits:
                            _, person, ours, members, _ = limits[slot]
                            if members:
                                state.credit(limits[slot], slot, cents, False)
                                continue
                            rest = person - own[slot]
                            added = cents if cents <= rest else rest if rest > 0 else 0
                            own[slot] += added
                            added += family[slot]
                            family[slot] = added if added <= ours else ours
                    for counter in line.advances:
                        counters[counter] += count
            else:
                outcome, count = single(line, limits, state, segment, done, memo), 1
            found.append(Stretch(segment, done, count, line, outcome))
            paid += outcome.patient * count
            done += count
        if kind == THERAPY:
            paid_therapy += paid
        if kind != ALREADY_HELD:
            paid_care += paid
        therapy.append(paid_therapy)
        care.append(paid_care)
    return found, therapy, care


def left_after(segments: Sequence[Segment], terms: Terms, line: Line, memo: Memo) -> tuple[int, int]:
    """What is left of a line's deductible, and its room, after some segments."""
    state = State(terms)
    folded(segments, terms, state, memo)
    return left_of(state, terms, line)


def left_at_start(terms: Terms, line: Line) -> tuple[int, int]:
    """What is left of a line's deductible, and its room, before the first visit."""
    return left_of(State(terms), terms, line)


def left_of(state: State, terms: Terms, line: Line) -> tuple[int, int]:
    """What is left of a line's deductible, and its room."""
    limits, slot = terms.eras[0], line.deductible
    left = state.left(limits[slot], slot) if slot >= 0 else 0
    return left, min([UNLIMITED, *[state.left(limits[cap], cap) for cap in line.caps]])
