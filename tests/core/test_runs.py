"""What one run of a course comes to: run line by line, or summed where nothing is posted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.course import State, folded
from coverage_service.core.runs import course_told
from coverage_service.core.schedule import (
    ALREADY_HELD,
    COURSE,
    THERAPY,
    Calendar,
    Visit,
    segments,
    timetable,
)
from coverage_service.core.terms import Guarded, Line, Terms

START = date(2026, 11, 30)


def owed(cents, **more):
    """A visit that no plan pays: the patient owes all of it."""
    return (Guarded((), Line(cpt="90837", billed=cents, noncovered=cents, covered=False, **more)),)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), min_size=1, max_size=30),
    st.integers(0, 3),
    st.lists(st.integers(0, 10**16), min_size=2, max_size=2),
    st.sampled_from([(1, 1), (7, 1), (12, 15)]),
)
def test_a_course_that_posts_nothing_is_the_sum_of_its_visits(gaps, held, fees, plan_year):
    on, visits = START, []
    for number, (days, slot) in enumerate(gaps, 1):
        visits.append(Visit(on, slot, THERAPY, number))
        on += timedelta(days=days)
    visits += [Visit(START - timedelta(days=7 * back), 0, ALREADY_HELD) for back in range(1, held + 1)]
    times = timetable(segments(visits, START - timedelta(days=60), Calendar(plan_year)), plan_year)
    terms = Terms(slots=tuple(owed(fee) for fee in fees))

    told = course_told(times, terms, {})

    stretches, therapy, care = folded(times.segments, terms, State(terms), {})
    assert told.totals == tuple(therapy[end] for end in times.ends)
    assert told.year_with_other_care == care[times.year[1]] - care[times.year[0]]
    assert told.totals[COURSE] == sum(fees[slot] for _, slot in gaps)
    assert told.stretches == stretches


@pytest.mark.parametrize(
    ("slot", "total"),
    [
        pytest.param((Guarded(((0, 1),), Line(cpt="90837", billed=9_000, noncovered=9_000, covered=False,
                                              once=True, advances=(0,))), *owed(5_000)), 14_000, id="once"),
        pytest.param((Guarded(((0, 1),), Line(cpt="90837", billed=0, advances=(0,))), *owed(5_000)), 5_000,
                     id="the first visit free"),
    ],
)  # fmt: skip
def test_a_visit_that_is_counted_is_not_summed(slot, total):
    visits = [Visit(START + timedelta(days=7 * n), 0, THERAPY, n + 1) for n in range(2)]
    times = timetable(segments(visits, START, Calendar()))

    assert course_told(times, Terms(slots=(slot,), counters=(0,)), {}).totals[COURSE] == total
