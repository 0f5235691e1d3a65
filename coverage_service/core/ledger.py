"""The dated rows of a run, and the turns of the plan year they cross."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coverage_service.core.answer import Event, Parts, Row
from coverage_service.core.course import Memo, State, stretches
from coverage_service.core.schedule import THERAPY, Segment
from coverage_service.core.terms import LimitTerms, Terms

DEDUCTIBLE, OUT_OF_POCKET = "deductible_met", "oop_met"


def ledger_of(
    segments: Sequence[Segment], terms: Terms, memo: Memo
) -> tuple[tuple[Row, ...], tuple[Event, ...]]:
    """Every therapy line of a run with the accumulators after it, and the events by date."""
    state = State(terms)
    rows: list[Row] = []
    events: list[Event] = []
    reached = [state.left(limit, slot) == 0 for slot, limit in enumerate(terms.eras[0])]
    shown = False
    for segment, offset, _, line, outcome in stretches(segments, terms, state, memo, at_once=1):
        limits = terms.eras[segment.era]
        on = segment.dates[offset]
        if segment.resets and not offset:
            if shown and any(_starts_again(limit, segment) for limit in limits):
                events.append(Event("plan_year_reset", on))
            reached = [r and not _starts_again(limit, segment) for r, limit in zip(reached, limits, strict=True)]
        if outcome.covered:
            _turns(limits, state, reached, on, events)
        if segment.kind != THERAPY:
            continue
        shown = True
        events += [Event(code, on) for code in _first_of(outcome.reasons, events)]
        used = tuple((limit.name, state.own[slot]) for slot, limit in enumerate(limits))
        rows.append(Row(on, line.cpt, outcome.parts, used, outcome.reasons, line.why, segment.number + offset))
    return tuple(rows), tuple(events)


def _starts_again(limit: LimitTerms, segment: Segment) -> bool:
    return bool(segment.resets & (4 if limit.monthly else 1))


def _turns(
    limits: Sequence[LimitTerms], state: State, reached: list[bool], on: date, events: list[Event]
) -> None:
    """Note each limit that is reached for the first time since it started."""
    for slot, limit in enumerate(limits):
        if reached[slot] or state.left(limit, slot):
            continue
        reached[slot] = True
        if state.own[slot] or state.family[slot]:
            code = DEDUCTIBLE if limit.name.endswith("deductible") else OUT_OF_POCKET
            events.append(Event(code, on, limit.name))


_EVENTS = {"visit_limit_reached": "visit_limit"}


def _first_of(reasons: Sequence[str], events: Sequence[Event]) -> list[str]:
    told = {event.code for event in events}
    return [_EVENTS[reason] for reason in reasons if reason in _EVENTS and _EVENTS[reason] not in told]


def summed(rows: Sequence[Row]) -> Parts:
    """The parts of some rows added up."""
    return Parts(*(sum(column) for column in zip(*(row.parts for row in rows), strict=True))) if rows else Parts()
