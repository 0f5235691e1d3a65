"""Visit limits and first visits whose plan entry changes during a course: each entry's own hold.

A copay of $40 within the limit, the fee of $200 beyond it; weekly sessions of one person.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.facts import UNKNOWN
from tests.core.builders import EVERYTHING, NOTHING_USED, a_coverage, a_plan, a_row, a_visit_limit, ask, span

COPAY, FEE = 4_000, 20_000


def over(turn, before, after, *, start, sessions, rows=()):
    """A course over the day from which another entry holds; ``before`` and ``after`` its limits."""
    entries = (
        a_plan("copay $40", visit_limits=before, starts=date(2026, 1, 1)),
        a_plan("copay $40", rows=rows, visit_limits=after, starts=turn),
    )
    return ask(*entries, as_of=start, used=replace(NOTHING_USED, as_of=start), sessions=sessions)


@pytest.mark.parametrize(
    ("before", "after", "cost"),
    [
        pytest.param((2,), (4,), 2 * COPAY + 2 * FEE + 4 * COPAY + FEE, id="two, then four"),
        pytest.param((2,), (), 2 * COPAY + 2 * FEE + 5 * COPAY, id="two, then as many as you like"),
        pytest.param((), (4,), 4 * COPAY + 4 * COPAY + FEE, id="a limit that is new"),
    ],
)
def test_next_years_limit_is_that_of_next_year(before, after, cost):
    """Four sessions in December and five in January."""
    limits = [tuple(a_visit_limit(visits) for visits in each) for each in (before, after)]
    found = over(date(2027, 1, 1), *limits, start=date(2026, 12, 6), sessions=9)

    assert span(found) == (cost,) * 3


def test_a_limit_that_rises_within_a_year_counts_the_visits_before():
    """Six, from July on seven: of nine sessions from 10 June seven are covered."""
    found = over(
        date(2026, 7, 1), (a_visit_limit(6),), (a_visit_limit(7),), start=date(2026, 6, 10), sessions=9
    )

    assert span(found) == (7 * COPAY + 2 * FEE,) * 3


def test_first_visits_that_only_the_next_year_has():
    """Two in December, then two first visits of $10 and one of $40."""
    rows = (a_row("copay $10", network="in", first=(2, "first")),)
    found = over(date(2027, 1, 1), (), (), start=date(2026, 12, 20), sessions=5, rows=rows)

    assert span(found) == (2 * COPAY + 2 * 1_000 + COPAY,) * 3


@pytest.mark.parametrize(
    ("bears", "used", "ends"),
    [
        pytest.param("provider", {}, (0, None, 3 * COPAY), id="the practice, none to three used"),
        pytest.param("provider", {EVERYTHING: 3}, (0, 0, 0), id="the practice, three used"),
        pytest.param("provider", {EVERYTHING: 1}, (2 * COPAY,) * 3, id="the practice, one used"),
        pytest.param(
            "patient", {}, (3 * COPAY + 2 * FEE, None, 5 * FEE), id="the patient, none to three used"
        ),
        pytest.param("unknown", {}, (None, None, 5 * FEE), id="nobody knows who"),
    ],
)
def test_whoever_bears_the_visits_beyond_a_limit_the_range_holds_them(bears, used, ends):
    """Five sessions of which three less those used are covered at $40."""
    rules = UNKNOWN if bears == "unknown" else bears
    plan = a_plan(
        "copay $40",
        visit_limits=(a_visit_limit(3),),
        coverage=a_coverage(liability={"visit_limit": rules}),
    )
    found = ask(plan, used=replace(NOTHING_USED, visits=used), sessions=5)

    assert span(found) == ends
