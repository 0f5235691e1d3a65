"""The working of the very lines that an estimate shows, rebuilt from its request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.request import Answer, OtherPlan, Used
from coverage_service.core.schedule import OTHER_CARE, THERAPY
from coverage_service.core.trace import of_scenario
from tests.core.builders import (
    AS_OF,
    REFERENCE,
    a_coverage,
    a_limit,
    a_plan,
    a_request,
    care_elsewhere,
    lines,
    scenario,
)

# domain.md §3: 110.00 to 160.00 a session, planned at 135.00; nobody knows what is met of 1000.00.
TEN = a_request(
    a_plan(deductible=100_000), allowed=(11_000, 13_500, 16_000), sessions=10, every_days=7, used=Used()
)


def told(request, end: str = "planning", *, id: str = "in_network", name: str = "covered"):
    return of_scenario(request, REFERENCE, id, name, end)


def patient(found) -> int:
    return sum(row.working.patient for row in found)


@pytest.mark.parametrize(
    ("end", "total"),
    [
        pytest.param("low", 22_000, id="all of it met: a fifth of ten times 110.00"),
        pytest.param("planning", 107_000, id="100000, and a fifth of 35000"),
        pytest.param("high", 112_000, id="100000, and a fifth of 60000"),
    ],
)
def test_each_run_of_the_worked_range(end, total):
    assert patient(told(TEN, end)) == total


def test_without_a_planning_run_it_is_the_high_one():
    request = replace(TEN, prices=a_request(allowed=(11_000, None, 16_000)).prices)

    assert patient(told(request)) == 112_000


def test_answers_are_facts():
    """Nothing is left: a fifth of ten times 135.00."""
    request = replace(TEN, answers={"ded_remaining": Answer(value=0)})

    assert patient(told(request)) == 27_000


def test_a_scenario_is_told_by_its_name():
    request = a_request(a_plan("copay $30", coverage=a_coverage("F*: unknown")), sessions=2)

    assert patient(told(request)) == 6_000
    assert patient(told(request, "high", name="not_covered")) == 40_000


def test_of_a_way_that_is_not_there_nothing_is_told():
    assert told(TEN, id="gap_exception") == ()
    assert told(a_request(a_plan("copay $30"), network="out")) == ()


def test_every_line_has_its_date_its_number_and_its_claim_line():
    found = told(a_request(a_plan(deductible=20_000), sessions=3))

    assert [(row.on, row.number, row.kind) for row in found] == [
        (date(2026, 1, 5), 1, THERAPY),
        (date(2026, 1, 12), 2, THERAPY),
        (date(2026, 1, 19), 3, THERAPY),
    ]
    # 14000; 6000 and a fifth of 8000; a fifth of 14000
    assert [row.outcome.patient for row in found] == [14_000, 7_600, 2_800]
    assert [(row.line.cpt, row.working.line) for row in found] == [("90837", row.line) for row in found]
    assert [[(m.part, m.taken, m.left) for m in row.working.moves[1:]] for row in found] == [
        [("deductible", 14_000, 6_000), ("coinsurance", 0, 6_000)],
        [("deductible", 6_000, 0), ("coinsurance", 1_600, 0), ("plan_pays", 6_400, 0)],
        [("deductible", 0, 0), ("coinsurance", 2_800, 0), ("plan_pays", 11_200, 0)],
    ]


def test_a_line_without_a_deductible_has_nothing_left_of_one():
    (row,) = told(a_request(a_plan("copay $30")))

    assert [(m.part, m.taken, m.left) for m in row.working.moves] == [
        ("write_off", 6_000, 0),
        ("copay", 3_000, 0),
        ("plan_pays", 11_000, 0),
    ]


def test_a_family_members_line_is_told_with_what_is_left_for_that_person():
    """Hers fills the family's 30000 up to 20000 left of it, mine finds 10000 of my own 20000."""
    plan = a_plan(limits=[a_limit("deductible", 20_000, family=30_000)])
    theirs = care_elsewhere(AS_OF, 50_000, member="family")
    found = told(a_request(plan, other_care=[theirs], fields={"coverage": "family"}))

    assert [(row.kind, row.working.patient) for row in found] == [
        (OTHER_CARE, 20_000 + 6_000),
        (THERAPY, 10_000 + 800),
    ]


DAY_BEFORE = AS_OF - timedelta(days=1)


@pytest.mark.parametrize(
    ("sharing", "other", "cost"),
    [
        pytest.param("copay $30 per day", {}, 1_000, id="one a day: 2000 was taken"),
        pytest.param("copay $30 per day", {"clinician": "somebody"}, 1_000, id="whoever took it"),
        pytest.param("copay $30 per day", {"member": "family"}, 3_000, id="not from somebody else"),
        pytest.param("copay $30 per day per clinician", {"clinician": "somebody"}, 3_000, id="another one"),
        pytest.param("copay $30 per day per clinician", {"clinician": "therapist"}, 1_000, id="this one"),
        pytest.param("copay $30", {}, 3_000, id="one a visit"),
    ],
)
def test_copays_of_the_day_are_told_as_they_were_taken(sharing, other, cost):
    taken = care_elsewhere(AS_OF, 9_000, "copay $20", **other)
    found = told(a_request(a_plan(sharing), other_care=[taken]))

    assert [row.working.patient for row in found] == [2_000, cost]
    assert [row.outcome.patient for row in found] == [2_000, cost]


def test_copays_of_the_day_are_told_as_they_were_taken_beside_a_second_plan():
    """$30 of the first line, of which the second plan pays nothing, and none of the second."""
    second = OtherPlan(
        entries=(a_plan("deductible", id="second", deductible=500_000, coordination="standard"),)
    )
    day = {"codes": ("99213", "90836"), "fields": {"secondary": second}}
    found = told(a_request(a_plan("copay $30 per day"), **day), "high")

    assert [row.working.patient for row in found] == [3_000, 0]
    assert [row.outcome.patient for row in found] == [3_000, 0]


def test_copays_of_another_day_are_not_those_of_today():
    """Two lines a day: a copay of the first day, none before mine on the second."""
    first, second = AS_OF + timedelta(days=1), AS_OF + timedelta(days=7)
    care = [
        care_elsewhere(first, 9_000, "copay $20"),
        care_elsewhere(first, 9_000, "copay $20"),
        care_elsewhere(second, 9_000, "no deductible, coinsurance 20%"),
    ]
    found = told(a_request(a_plan("copay $30 per day"), other_care=care, sessions=2))

    assert [row.working.patient for row in found] == [3_000, 2_000, 2_000, 1_800, 3_000]


def test_the_working_is_that_of_the_ledger_that_is_shown():
    request = a_request(a_plan(deductible=20_000, out_of_pocket=24_000), sessions=4)
    shown = lines(estimate(request, REFERENCE))

    assert [row.outcome.parts for row in told(request)] == shown
    assert [row.patient for row in shown] == [14_000, 7_600, 2_400, 0]
    assert scenario(estimate(request, REFERENCE)).run == "planning"
