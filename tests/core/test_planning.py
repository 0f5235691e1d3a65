"""Which figures may be planned with: those with a default, and those with none (``definitions`` 5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coverage_service.core.facts import UNKNOWN, Origin, Source
from coverage_service.core.request import Used
from tests.core.builders import (
    AS_OF,
    a_plan,
    a_row,
    a_scale,
    a_therapist,
    a_visit_limit,
    an_eap,
    ask,
    planned,
    scenario,
    span,
    used,
)


@pytest.mark.parametrize(
    ("plan", "words", "cents"),
    [
        pytest.param(a_plan(deductible=100_000), {"used": Used()}, 14_000, id="deductible used: 0"),
        pytest.param(
            a_plan(
                "copay $30",
                rows=[a_row("no charge", network="in", first=(1, "first"))],
                pools={"first": ("outpatient_mental_health",)},
            ),
            {},
            3_000,
            id="first visits left: 0",
        ),
        pytest.param(a_plan("copay $30"), {"first_session": None}, 3_000, id="first session: as_of"),
        pytest.param(
            a_plan(deductible=14_000, plan_year_starts=UNKNOWN),
            {"sessions": 3, "as_of": date(2026, 12, 22)},
            14_000 + 2_800 + 14_000,
            id="plan year: 1 January",
        ),
    ],
)
def test_planning_uses_the_default(plan, words, cents):
    assert planned(ask(plan, **words)) == cents


def test_sessions_are_planned_every_7_days():
    rows = scenario(ask(a_plan("copay $30"), sessions=3, every_days=None)).ledger

    assert [row.on for row in rows] == [AS_OF + timedelta(days=7 * i) for i in range(3)]


@pytest.mark.parametrize(
    ("states", "cents"),
    [(True, 17_000), (False, 6_000), (UNKNOWN, 17_000)],
    ids=["yes", "no", "not said: yes"],
)
def test_an_intake_is_planned_as_the_practice_states(states, cents):
    plan = a_plan("copay $30", rows=[a_row("coinsurance 100%", service="intake", network="in")])

    assert planned(ask(plan, sessions=2, intake=None, therapist=a_therapist(intake=states))) == cents


@pytest.mark.parametrize(
    ("plan", "words", "id"),
    [
        pytest.param(a_plan("copay $30"), {"allowed": None}, "in_network", id="allowed amount"),
        pytest.param(
            a_plan("copay $30"),
            {"allowed": (10_000, None, 12_000)},
            "in_network",
            id="allowed amount, a range",
        ),
        pytest.param(
            a_plan(None, out="deductible, coinsurance 40%", allowed_out="$90"),
            {"network": "out", "billed": None},
            "out_of_network",
            id="charge",
        ),
        pytest.param(
            a_plan(None, out="deductible, coinsurance 40%"),
            {"network": "out"},
            "out_of_network",
            id="method outside",
        ),
        pytest.param(a_plan("unknown"), {}, "in_network", id="cost sharing"),
        pytest.param(
            a_plan("copay $30 | copay $30, deductible", deductible=50_000),
            {},
            "in_network",
            id="two readings",
        ),
        pytest.param(
            a_plan(
                None,
                rows=[a_row("copay $20", network="in", tier="1"), a_row("copay $40", network="in", tier="2")],
            ),
            {},
            "in_network",
            id="tier",
        ),
        pytest.param(a_plan("copay $30"), {"sessions": None}, "in_network", id="number of sessions"),
        pytest.param(a_plan("copay $30"), {"sessions": None}, "full_fee", id="number of sessions, full fee"),
        pytest.param(
            a_plan("copay $30", visit_limits=(a_visit_limit(20),)),
            {"used": used(visits={})},
            "in_network",
            id="visits used against a limit",
        ),
        pytest.param(
            a_plan("copay $30"),
            {"fields": {"eap": an_eap(6, used=None)}},
            "eap_first",
            id="EAP sessions left",
        ),
        pytest.param(
            a_plan("copay $30"),
            {"therapist": a_therapist(sliding=a_scale(9_000, slots=UNKNOWN)), "network": "out"},
            "sliding_fee",
            id="scale slot",
        ),
        pytest.param(a_plan("copay $30"), {"billed": None}, "full_fee", id="fee"),
    ],
)
def test_planning_is_not_given_without_a_basis(plan, words, id):
    assert planned(ask(plan, **words), id) is None


def test_the_number_of_sessions_ranges_from_6_to_20():
    assert span(ask(a_plan("copay $30"), sessions=None)) == (18_000, None, 60_000)


@pytest.mark.parametrize(
    ("facts", "notice"),
    [
        pytest.param({"ends": AS_OF - timedelta(days=1)}, "rules_past_their_date", id="past its end"),
        pytest.param({"reviewed": date(2025, 1, 4)}, "rules_unreviewed", id="not reviewed for a year"),
        pytest.param(
            {"origin": Origin("plan.yaml:1", Source("A booklet", read=date(2006, 1, 5)))},
            "rules_unreviewed",
            id="read twenty years ago, never reviewed",
        ),
        pytest.param({"status": "retired"}, "rules_retired", id="retired"),
    ],
)
def test_stale_rules_give_a_range_only(facts, notice):
    found = ask(a_plan("copay $30", **facts))

    assert span(found) == (3_000, None, 3_000)
    assert notice in {note.code for note in found.notices}


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"ends": AS_OF}, id="ends today"),
        pytest.param({"reviewed": date(2025, 1, 5)}, id="reviewed a year ago"),
        pytest.param({"status": "example"}, id="example"),
    ],
)
def test_rules_in_force_are_planned_with(facts):
    assert planned(ask(a_plan("copay $30", **facts))) == 3_000


def test_stale_rules_leave_self_pay_alone():
    assert planned(ask(a_plan("copay $30", status="retired")), "full_fee") == 20_000
