"""A course over the year: dates, resets, other care, limits, windows (``domain`` 3, ``definitions`` 6, 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_service.core.plan import Members
from coverage_service.core.schedule import (
    ALREADY_HELD,
    COURSE,
    FIRST_30_DAYS,
    NEXT_SESSION,
    OTHER_CARE,
    REST_OF_PLAN_YEAR,
    TWELVE_MONTHS,
    Calendar,
    Visit,
    due_dates,
    segments,
    window_ends,
)
from tests.core.builders import (
    AS_OF,
    NOTHING_USED,
    REFERENCE,
    a_limit,
    a_plan,
    a_row,
    a_schedule,
    a_visit_limit,
    accumulated,
    an_eap,
    ask,
    care_elsewhere,
    lines,
    planned,
    scenario,
    span,
    used,
    window,
)

START = date(2026, 11, 30)
SKIPPED = date(2026, 12, 28)


def worked(**words):
    """Domain 3: deductible 100000 with 85000 met, 20 %, an intake of 18000 and 11 sessions of 14000."""
    plan = a_plan(deductible=100_000, starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    asked = {
        "intake": True,
        "sessions": 12,
        "as_of": START,
        "skip": (SKIPPED,),
        "prices": {"90791": (25_000, 18_000)},
        "used": used(deductible=85_000, as_of=date(2026, 11, 15)),
    }
    return ask(plan, **(asked | words))


@pytest.mark.parametrize(
    ("name", "cents"),
    [
        ("next_session", 15_600),
        ("first_30_days", 24_000),
        ("rest_of_plan_year", 24_000),
        ("twelve_months", 126_400),
        ("course", 126_400),
    ],
)
def test_the_worked_course(name, cents):
    assert span(worked(), name=name) == (cents, cents, cents)


def test_the_worked_course_line_by_line():
    assert [line.patient for line in lines(worked())] == [15_600, *[2_800] * 3, *[14_000] * 7, 4_400]


def test_the_part_of_the_worked_course_in_the_next_year():
    rows = scenario(worked()).ledger
    assert sum(row.parts.patient for row in rows if row.on.year == 2027) == 102_400


def test_a_skipped_date_is_postponed_and_not_dropped():
    rows = scenario(worked()).ledger

    assert len(rows) == 12
    assert SKIPPED not in {row.on for row in rows}
    assert rows[4].on == date(2027, 1, 4)


def test_dropping_the_skipped_date_would_give_122000():
    """Domain 3: one visit less, that is 15600 + 3 × 2800 + 7 × 14000."""
    assert planned(worked(sessions=11)) == 122_000


def test_without_a_reset_it_would_be_46400():
    """Domain 3: 15600 + 11 × 2800, here because the plan year begins the day before the course."""
    plan = a_plan(deductible=100_000, plan_year_starts=((11, 30),))
    found = ask(
        plan,
        intake=True,
        sessions=12,
        as_of=START,
        prices={"90791": (25_000, 18_000)},
        used=used(deductible=85_000, as_of=START),
    )

    assert planned(found) == 46_400


@pytest.mark.parametrize(
    ("code", "on"),
    [
        ("deductible_met", date(2026, 11, 30)),
        ("plan_year_reset", date(2027, 1, 1)),
        ("deductible_met", date(2027, 2, 22)),
    ],
)
def test_the_events_of_the_worked_course(code, on):
    assert (code, on) in {(event.code, event.on) for event in scenario(worked()).events}


def test_the_benefits_of_an_ended_entry_are_carried_forward_and_said():
    found = worked()

    assert "assumed_same_benefits" in {note.code for note in found.assumptions}
    assert planned(found) is not None


# -- dates


def test_skipped_dates_in_a_row_are_all_postponed():
    week = [AS_OF + timedelta(days=7 * i) for i in range(6)]

    assert due_dates(AS_OF, 7, 3, (week[1], week[2])) == [week[0], week[3], week[4]]


def test_the_first_date_may_be_skipped_too():
    assert due_dates(AS_OF, 7, 1, (AS_OF,)) == [AS_OF + timedelta(days=7)]


@pytest.mark.parametrize(
    ("first", "plan_year", "ends"),
    [
        pytest.param(
            date(2026, 1, 5), (1, 1), ("2026-02-04", "2027-01-01", "2027-01-05"), id="plan year of 1 January"
        ),
        pytest.param(
            date(2026, 1, 5), (7, 1), ("2026-02-04", "2026-07-01", "2027-01-05"), id="plan year of 1 July"
        ),
        pytest.param(
            date(2026, 7, 1),
            (7, 1),
            ("2026-07-31", "2027-07-01", "2027-07-01"),
            id="first day of the plan year",
        ),
        pytest.param(date(2028, 2, 29), (1, 1), ("2028-03-30", "2029-01-01", "2029-03-01"), id="29 February"),
        pytest.param(
            date(2027, 1, 5),
            (2, 29),
            ("2027-02-04", "2027-03-01", "2028-01-05"),
            id="plan year of 29 February",
        ),
    ],
)
def test_window_ends(first, plan_year, ends):
    assert tuple(end.isoformat() for _, end in window_ends(first, plan_year)) == ends


@pytest.mark.parametrize(
    ("name", "every", "inside"),
    [
        pytest.param("first_30_days", 29, 2, id="day 29 is inside"),
        pytest.param("first_30_days", 30, 1, id="day 30 is outside"),
        pytest.param("rest_of_plan_year", 360, 2, id="31 December is inside"),
        pytest.param("rest_of_plan_year", 361, 1, id="1 January is outside"),
        pytest.param("twelve_months", 364, 2, id="the day before a year is inside"),
        pytest.param("twelve_months", 365, 1, id="the same date next year is outside"),
        pytest.param("next_session", 1, 1, id="one line only"),
        pytest.param("course", 3_650, 2, id="the course has no end"),
    ],
)
def test_windows_are_half_open(name, every, inside):
    found = window(ask(a_plan("copay $30"), sessions=2, every_days=every), name=name)

    assert (found.sessions, found.planning) == (inside, inside * 3_000)


@pytest.mark.parametrize(("every", "inside"), [(365, 2), (366, 1)])
def test_twelve_months_from_29_february_end_before_1_march(every, inside):
    found = ask(a_plan("copay $30"), sessions=2, every_days=every, as_of=date(2028, 2, 29))

    assert planned(found, name="twelve_months") == inside * 3_000


def test_self_pay_follows_the_plans_reset():
    plan = a_plan("copay $30", plan_year_starts=((7, 1),))
    found = ask(plan, sessions=2, as_of=date(2026, 6, 25))

    assert planned(found, "full_fee", "rest_of_plan_year") == 20_000


def test_self_pay_without_a_plan_resets_on_1_january():
    found = ask(sessions=2, as_of=date(2026, 12, 29))

    assert planned(found, "full_fee", "rest_of_plan_year") == 20_000


# -- segments


def test_equal_visits_of_a_year_are_one_segment_after_the_first():
    visits = [Visit(on, 0, number=number) for number, on in enumerate(due_dates(AS_OF, 1, 10), 1)]
    found = segments(visits, AS_OF, Calendar())

    assert [each.lines for each in found] == [1, 9]


def test_a_segment_says_which_windows_hold_it():
    visits = [
        Visit(AS_OF + timedelta(days=days), 0, number=n) for n, days in enumerate((0, 29, 300, 361, 400), 1)
    ]
    bits = [each.windows for each in segments(visits, AS_OF, Calendar())]
    course, year = 1 << COURSE, 1 << TWELVE_MONTHS
    rest, month = 1 << REST_OF_PLAN_YEAR, 1 << FIRST_30_DAYS

    assert bits == [
        course | year | rest | month | 1 << NEXT_SESSION,
        course | year | rest | month,
        course | year | rest,
        course | year,
        course,
    ]


def test_other_care_of_the_same_date_comes_first():
    visits = [Visit(AS_OF, 0, number=1), Visit(AS_OF, 1, OTHER_CARE)]

    assert [each.kind for each in segments(visits, AS_OF, Calendar())] == [OTHER_CARE, 0]


def test_sessions_already_held_start_no_window():
    before = AS_OF - timedelta(days=60)
    visits = [Visit(before, 0, ALREADY_HELD), Visit(AS_OF, 0, number=1)]
    _, shown = segments(visits, before, Calendar())

    assert shown.windows >> NEXT_SESSION & 1


# -- resets


@pytest.mark.parametrize(
    ("plan_year", "resets_on"),
    [
        pytest.param((1, 1), date(2027, 1, 4), id="1 January"),
        pytest.param((7, 1), None, id="1 July"),
        pytest.param((12, 14), date(2026, 12, 14), id="on the date of a session"),
        pytest.param((12, 15), date(2026, 12, 21), id="between two sessions"),
    ],
)
def test_accumulators_start_again_with_the_plan_year(plan_year, resets_on):
    plan = a_plan(deductible=14_000, plan_year_starts=(plan_year,))
    rows = scenario(ask(plan, sessions=8, as_of=START)).ledger

    assert [row.on for row in rows if row.parts.deductible] == [START, *([resets_on] if resets_on else [])]


def test_what_was_used_in_an_ended_plan_year_is_empty():
    plan = a_plan(deductible=14_000)
    spent = used(deductible=14_000, as_of=date(2025, 12, 20))

    assert planned(ask(plan, used=spent)) == 14_000


def test_what_was_used_in_this_plan_year_stays():
    plan = a_plan(deductible=14_000, plan_year_starts=((7, 1),))
    spent = used(deductible=14_000, as_of=date(2025, 12, 20))

    assert planned(ask(plan, used=spent)) == 2_800


def test_two_years_of_resets():
    plan = a_plan(deductible=14_000)

    assert [line.patient for line in lines(ask(plan, sessions=3, every_days=365))] == [14_000] * 3


# -- sessions since


@pytest.mark.parametrize(
    ("since", "cost"),
    [
        pytest.param(0, 14_000, id="none: 28000 left"),
        pytest.param(1, 14_000, id="one: 14000 left"),
        pytest.param(2, 2_800, id="two: met"),
    ],
)
def test_sessions_held_since_count_and_cost_nothing(since, cost):
    plan = a_plan(deductible=100_000)
    found = ask(plan, used=used(deductible=72_000, sessions_since=since, as_of=AS_OF))

    assert span(found) == (cost, cost, cost)
    assert len(scenario(found).ledger) == 1


def test_sessions_held_since_belong_to_the_year_of_the_accumulators():
    spent = used(deductible=0, sessions_since=5, as_of=date(2025, 12, 20))

    assert planned(ask(a_plan(deductible=14_000), used=spent)) == 14_000


# -- other care


def test_other_care_is_interleaved_and_not_part_of_therapy():
    between = care_elsewhere(AS_OF + timedelta(days=3), 86_000)
    found = ask(a_plan(deductible=100_000), sessions=2, other_care=[between])

    # 14000, then 86000 of other care meet the deductible, then 20 % of 14000
    assert [line.patient for line in lines(found)] == [14_000, 2_800]


def test_other_care_of_the_same_date_is_taken_first():
    found = ask(a_plan(deductible=100_000), other_care=[care_elsewhere(AS_OF, 95_000)])

    assert planned(found) == 6_800


def test_a_family_members_care_fills_the_family_limit_only():
    plan = a_plan(limits=[a_limit("deductible", 100_000, family=110_000)])
    theirs = care_elsewhere(AS_OF, 150_000, member="family")
    found = ask(plan, other_care=[theirs], fields={"coverage": "family"}, used=NOTHING_USED)

    # hers: 100000 is the person's limit, so 10000 of the family's are left for me
    assert planned(found) == 10_000 + 800


def test_when_two_have_met_theirs_a_third_has_nothing_left():
    """The second to meet it is me, on the way: then 20 % for everybody."""
    both = a_limit("deductible", 14_000, method=Members(2))
    after = [care_elsewhere(AS_OF + timedelta(days=days), 10_000, member="family") for days in (1, 8)]
    spent = used(deductible=0, family_deductible=14_000, family_members_met=1)
    found = ask(
        a_plan(limits=[both]),
        sessions=1,
        other_care=after,
        fields={"coverage": "family"},
        used=spent,
        network="in",
    )

    # mine 14000, theirs 20 % of 10000 twice
    assert found.comparison[0].totals["in_network"] == 14_000 + 2 * 2_000


def test_one_copay_a_day_counts_other_care_of_the_day():
    plan = a_plan("copay $30 per day")
    found = ask(plan, other_care=[care_elsewhere(AS_OF, 9_000, "copay $20")])

    assert planned(found) == 1_000


def test_one_copay_a_day_and_clinician_does_not_count_another_clinicians():
    plan = a_plan("copay $30 per day per clinician")
    found = ask(plan, other_care=[care_elsewhere(AS_OF, 9_000, "copay $20", clinician="somebody else")])

    assert planned(found) == 3_000


def test_one_copay_a_day_does_not_count_a_family_members():
    plan = a_plan("copay $30 per day")
    found = ask(plan, other_care=[care_elsewhere(AS_OF, 9_000, "copay $20", member="family")])

    assert planned(found) == 3_000


def test_other_care_does_not_count_a_therapy_visit():
    plan = a_plan("copay $30", visit_limits=(a_visit_limit(1),))

    assert planned(ask(plan, other_care=[care_elsewhere(AS_OF, 5_000)])) == 3_000


# -- limits


@pytest.mark.parametrize(
    ("per", "costs"),
    [
        pytest.param("calendar_year", [3_000, 20_000, 20_000, 20_000, 3_000, 3_000], id="calendar year"),
        pytest.param("plan_year", [3_000] + [20_000] * 5, id="plan year of 1 July"),
    ],
)
def test_visit_limits_start_again(per, costs):
    plan = a_plan("copay $30", plan_year_starts=((7, 1),), visit_limits=(a_visit_limit(20, per=per),))
    spent = used(visits={"outpatient_mental_health": 19})
    found = ask(plan, sessions=6, as_of=date(2026, 12, 8), used=spent)

    assert [line.patient for line in lines(found)] == costs


def test_first_visits_start_again_with_the_plan_year():
    plan = a_plan(
        "copay $65",
        rows=[a_row("no charge", network="in", first=(1, "first"))],
        pools={"first": ("outpatient_mental_health",)},
    )
    found = ask(plan, sessions=3, as_of=date(2026, 12, 22), used=used(visits={"first": 0}))

    assert [line.patient for line in lines(found)] == [0, 6_500, 0]


def test_the_date_a_visit_limit_is_reached_is_told():
    found = ask(a_plan("copay $30", visit_limits=(a_visit_limit(2),)), sessions=3)

    assert ("visit_limit", AS_OF + timedelta(days=14)) in {(e.code, e.on) for e in scenario(found).events}


def test_the_date_the_out_of_pocket_maximum_is_reached_is_told():
    found = ask(a_plan("copay $30", out_of_pocket=6_000), sessions=3)

    assert ("oop_met", AS_OF + timedelta(days=7)) in {(e.code, e.on) for e in scenario(found).events}
    assert planned(found) == 6_000


def test_the_end_of_the_free_sessions_is_told():
    found = ask(a_plan("copay $30"), sessions=3, fields={"eap": an_eap(2)})

    assert "eap_used_up" in {event.code for event in scenario(found, "eap_first").events}


# -- dated entries


def test_the_next_entry_takes_over_on_its_date():
    old = a_plan("copay $30", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    new = a_plan("copay $40", starts=date(2027, 1, 1), ends=date(2027, 12, 31))
    found = ask(old, new, sessions=3, as_of=date(2026, 12, 22))

    assert [line.patient for line in lines(found)] == [3_000, 3_000, 4_000]
    assert "assumed_same_benefits" not in {note.code for note in found.assumptions}


def test_the_next_entry_brings_its_limits():
    old = a_plan(deductible=14_000, starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    new = a_plan(deductible=20_000, starts=date(2027, 1, 1), ends=date(2027, 12, 31))
    found = ask(old, new, sessions=4, as_of=date(2026, 12, 22))

    # 14000 then 20 %; then 14000 and 6000 + 20 % of 8000
    assert [line.patient for line in lines(found)] == [14_000, 2_800, 14_000, 7_600]


def test_the_date_of_service_selects_the_entry_and_not_the_date_of_asking():
    old = a_plan("copay $30", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    new = a_plan("copay $40", starts=date(2027, 1, 1), ends=date(2027, 12, 31))

    assert planned(ask(old, new, as_of=date(2026, 12, 22), first_session=date(2027, 1, 4))) == 4_000


def test_an_entry_that_ends_on_a_session_still_holds_it():
    old = a_plan("copay $30", starts=date(2026, 1, 1), ends=AS_OF)
    new = a_plan("copay $40", starts=AS_OF + timedelta(days=1))

    assert [line.patient for line in lines(ask(old, new, sessions=2))] == [3_000, 4_000]


# -- self-pay and refused lines


def test_self_paid_sessions_leave_every_accumulator_as_it_was():
    found = ask(a_plan(deductible=14_000), sessions=3)

    assert accumulated(found, "full_fee") in ({}, {"in_network.deductible": 0})
    assert not [e for e in scenario(found, "full_fee").events if e.code == "deductible_met"]


def test_cash_at_the_visit_and_later():
    inside = lines(ask(a_plan("deductible, copay $30", deductible=5_000)))[0]
    assert (inside.at_visit, inside.later_bill, inside.later_refund) == (3_000, 5_000, 0)

    plan = a_plan(None, out="deductible, coinsurance 40%", out_deductible=0, allowed_out="$150")
    outside = lines(ask(plan, network="out"), "out_of_network")[0]
    # 20000 at the visit, of which 60 % of 15000 come back
    assert (outside.at_visit, outside.later_bill, outside.later_refund) == (20_000, 0, 9_000)

    own = lines(ask(a_plan("copay $30")), "full_fee")[0]
    assert (own.at_visit, own.later_bill, own.later_refund) == (20_000, 0, 0)


def told(found):
    """The assumptions of an estimate with what they say, whosever entry they are of."""
    return {(note.code, *(value for value in note.params.values())) for note in found.assumptions}


def test_a_session_before_the_first_entry_is_priced_with_it_and_that_is_said():
    plan = a_plan("copay $30", starts=date(2026, 12, 29), ends=date(2027, 12, 31))
    found = ask(plan, sessions=3, as_of=date(2026, 12, 22))

    assert [line.patient for line in lines(found)] == [3_000] * 3
    assert ("assumed_later_benefits", "plan", date(2026, 12, 29)) in told(found)
    assert planned(found) == 9_000


def test_on_its_first_day_nothing_has_to_be_assumed():
    found = ask(a_plan("copay $30", starts=AS_OF), sessions=1, as_of=AS_OF)

    assert {code for code, *_ in told(found)}.isdisjoint({"assumed_later_benefits", "assumed_same_benefits"})


def test_between_two_entries_the_earlier_one_is_carried_on_and_that_is_said():
    old = a_plan("copay $30", starts=date(2026, 1, 1), ends=date(2026, 12, 1))
    new = a_plan("copay $40", starts=date(2027, 1, 1), ends=date(2027, 12, 31))
    found = ask(old, new, sessions=3, as_of=date(2026, 12, 22))

    assert [line.patient for line in lines(found)] == [3_000, 3_000, 4_000]
    assert ("assumed_same_benefits", "plan", date(2026, 12, 1)) in told(found)


@pytest.mark.parametrize(
    ("sessions", "on", "said"),
    [
        (2, date(2026, 12, 24), None),
        (3, date(2026, 12, 24), ("assumed_same_benefits", "rates", date(2026, 12, 31))),
        (2, date(2025, 12, 31), ("assumed_later_benefits", "rates", date(2026, 1, 1))),
    ],
)
def test_a_rate_of_another_year_than_the_session_is_said(sessions, on, said):
    rates = a_schedule("rates", "$140", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    plan = a_plan("coinsurance 20%", allowed_in="100% of rates")
    reference = replace(REFERENCE, schedules={"rates": rates})
    found = ask(plan, sessions=sessions, as_of=on, allowed=None, reference=reference)

    assert planned(found) == sessions * 2_800
    assert {each for each in told(found) if each[1:2] == ("rates",)} == ({said} if said else set())
