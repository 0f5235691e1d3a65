"""Equal lines told at once come to what the plain loop comes to, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.adjudicate import adjudicate
from coverage_service.core.course import State, chosen, fold, folded, run
from coverage_service.core.ledger import ledger_of
from coverage_service.core.one_line import split
from coverage_service.core.schedule import (
    ALREADY_HELD,
    CALENDAR_YEAR,
    MONTH,
    OTHER_CARE,
    THERAPY,
    TWELVE_MONTHS,
    WINDOWS,
    Calendar,
    Visit,
    segments,
    timetable,
)
from coverage_service.core.terms import UNLIMITED, Line, Terms
from tests.core.test_reference import ME, courses, terms_of


@st.composite
def runs(draw):
    """Segments and Terms: resets of every period, limits used up, free first visits, other care."""
    as_of, world, found, visits = draw(courses())
    terms = terms_of(world, found)
    if draw(st.booleans()):
        limits = tuple(limit._replace(monthly=draw(st.integers(0, 1))) for limit in terms.eras[0])
        terms = replace(terms, eras=(limits, tuple(limit._replace(person=70_000) for limit in limits)))
    dated = [
        Visit(on, kind, _kind(draw, found[kind].who), number) for number, (on, kind) in enumerate(visits, 1)
    ]
    starts = (as_of, as_of + timedelta(days=60)) if len(terms.eras) > 1 else (as_of,)
    calendar = Calendar(world.plan_year, era_starts=starts, periods=CALENDAR_YEAR | MONTH)
    return segments(dated, as_of, calendar), terms


def _kind(draw, who):
    return draw(st.sampled_from([THERAPY, THERAPY, THERAPY, ALREADY_HELD])) if who == ME else OTHER_CARE


def plainly(found, terms):
    """Each line with what it comes to and what is used after it, adjudicated one by one."""
    state, told = State(terms), []

    def watch(stretch, state):
        told.append(
            (stretch.segment, stretch.outcome, list(state.own), list(state.family), state.counters[:])
        )

    run(found, terms, state, {}, watch)
    return told


@settings(max_examples=400)
@given(runs())
def test_stretches_come_to_what_single_lines_come_to(course):
    found, terms = course
    state = State(terms)
    stretches, _, _ = folded(found, terms, state, {})
    told = plainly(found, terms)

    assert [s.outcome for s in stretches for _ in range(s.lines)] == [outcome for _, outcome, *_ in told]
    assert (state.own, state.family, state.counters) == told[-1][2:]


@settings(max_examples=200)
@given(runs())
def test_windows_are_the_first_segments_of_a_timetable(course):
    found, terms = course
    times = timetable(found)
    _, therapy, care = folded(found, terms, State(terms), {})
    told = plainly(found, terms)

    def paid(kinds, window):
        return sum(o.patient for s, o, *_ in told if s.kind in kinds and s.windows >> window & 1)

    assert [therapy[end] for end in times.ends] == [paid((THERAPY,), w) for w in range(len(WINDOWS))]
    start, end = times.year
    assert care[end] - care[start] == paid((THERAPY, OTHER_CARE), TWELVE_MONTHS)


@settings(max_examples=200)
@given(runs())
def test_a_ledger_read_off_stretches_is_that_of_the_plain_loop(course):
    found, terms = course
    rows, events = ledger_of(fold(found, terms, {}), terms, found, {})
    watched = replace(terms, secondary_from=len(terms.used))

    assert (rows, events) == ledger_of([], watched, found, {})
    assert [dict(enumerate(used for _, used in row.accumulators)) for row in rows] == [
        dict(enumerate(own)) for segment, _, own, *_ in plainly(found, terms) if segment.kind == THERAPY
    ]


@settings(max_examples=300)
@given(courses(), st.integers(0, 120_000), st.one_of(st.just(UNLIMITED), st.integers(0, 120_000)))
def test_an_outcome_repeats_while_its_key_would_bring_the_same(course, left, room):
    _, world, found, _ = course
    line = chosen(terms_of(world, found).slots[0], (0, 0))[0]
    if line.alone:
        return
    outcome, times = split(line, left, room, {})
    for _ in range(min(times, 40)):
        assert _same(adjudicate(line, left, room), outcome)
        left, room = left - outcome.credit, room - outcome.counting


def _same(one, other):
    return one[:-1] == other[:-1]


def test_terms_and_lines_are_known_by_identity():
    """Equal lines of two pathways may stand for different words of two documents."""
    assert Line(cpt="90837", billed=1) != Line(cpt="90837", billed=1)
    assert Terms(slots=()) != Terms(slots=())
