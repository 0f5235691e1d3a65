"""Why a line comes to what it does: the working of ``adjudicate``, step by step.

Runs compute amounts only.  Whoever shows a line rebuilds its working here, from the same
Terms; a test holds the sums of every working equal to what was adjudicated.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from coverage_service.core.adjudicate import Outcome
from coverage_service.core.answers import apply
from coverage_service.core.course import Stretch, run
from coverage_service.core.estimate import facts_of
from coverage_service.core.findings import Findings
from coverage_service.core.one_line import Memo
from coverage_service.core.pathways import ways_of
from coverage_service.core.ranges import Runner
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.schedule import Segment
from coverage_service.core.selfpay import segments_of
from coverage_service.core.shared import Shared
from coverage_service.core.state import FIRST, State
from coverage_service.core.terms import UNLIMITED, LimitTerms, Line, Op, Terms
from coverage_service.core.working import Working, explain


class Traced(NamedTuple):
    """One dated line of a run with its outcome and working."""

    on: date
    number: int
    kind: int
    line: Line
    outcome: Outcome
    working: Working


def traced(segments: Sequence[Segment], terms: Terms, memo: Memo) -> tuple[Traced, ...]:
    """Every line of a run in order, with its working."""
    state = State(terms)
    before, found = deepcopy(state), []

    def watch(stretch: Stretch, state: State) -> None:
        nonlocal before
        segment, offset, _, line, outcome = stretch
        limits, on = terms.eras[segment.era], segment.dates[offset]
        if segment.resets and not offset:
            before.reset(terms, limits, segment.resets)
        left = _left(before, limits, line.deductible, line) if line.deductible >= 0 else 0
        room = min((_left(before, limits, slot, line) for slot in line.caps), default=UNLIMITED)
        shared = line.per_day and segment.same_day
        taken = _taken_today(line, before, on) if shared else 0
        working = explain(_less_copay(line, taken), left, room, outcome.parts.secondary_pays)
        found.append(Traced(on, segment.number + offset, segment.kind, line, outcome, working))
        before = deepcopy(state)

    run(segments, terms, state, memo, watch)
    return tuple(found)


def _left(state: State, limits: Sequence[LimitTerms], slot: int, line: Line) -> int:
    return state.left(limits[slot], slot, line.family_member)


def _taken_today(line: Line, state: State, on: date) -> int:
    """Copays taken on the date already, by anyone or by this clinician."""
    clinician = line.clinician if line.per_day == 2 else None
    return state.taken.get((FIRST, line.family_member, clinician), 0) if state.taken_on == on else 0


def _less_copay(line: Line, taken: int) -> Line:
    if not taken:
        return line
    steps = tuple(s._replace(value=max(0, s.value - taken)) if s.op == Op.COPAY else s for s in line.steps)
    return replace(line, steps=steps)


def of_scenario(
    request: Request, reference: Reference, pathway: str, scenario: str, end: str
) -> tuple[Traced, ...]:
    """The working of every line of one scenario: its low, planning or high run.

    Without a planning run it is the high one, which a ledger shows then too.
    """
    request, _ = apply(request)
    facts = facts_of(request, reference, Findings(), Shared())
    route = next((way.route for way in ways_of(facts) if way.id == pathway), None)
    if route is None:
        return ()
    memo: Memo = {}
    found = Runner(route, scenario, memo).ranges()
    shown = {"low": found.low_run, "planning": found.planning}.get(end) or found.high_run
    return traced(segments_of(route, shown.world), shown.terms, memo)
