"""A range over facts that are one of several: each is tried, many are bounded together."""

from __future__ import annotations

from datetime import date

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.therapist import Clinician
from tests.core.builders import (
    a_plan,
    a_row,
    a_scale,
    a_therapist,
    a_visit_limit,
    an_eap,
    ask,
    pathway,
    span,
    unknown,
    used,
)


def test_tiers_that_are_not_known_are_tried_one_by_one():
    rows = [a_row(f"copay ${tier}0", network="in", tier=str(tier)) for tier in (1, 2, 3)]
    found = ask(a_plan(None, rows=rows))

    assert span(found) == (1_000, None, 3_000)
    assert unknown(found, "tier").swing == 2_000


def many_choices():
    rows = [a_row(f"copay ${tier}", network="in", tier=f"{tier:02d}") for tier in range(1, 41)]
    return ask(a_plan(None, rows=rows), minutes=None)


def test_more_than_64_cases_are_bounded_and_said():
    found = many_choices()

    assert span(found)[::2] == (100, 4_000)
    assert pathway(found).envelope == "outer"


def test_a_choice_held_at_its_ends_is_at_those_of_the_other_choices_ends():
    """Paid is an MD alone, in four tiers; ten copays may be meant: 80 cases, held at $1 and $10."""
    copays = " or ".join(f"${k}" for k in range(10, 0, -1))
    rows = [a_row(f"copay {copays}", network="in", tier=str(n), licences=("MD",)) for n in range(1, 5)]
    plan = a_plan(None, rows=[*rows, a_row("not covered", network="in")])
    found = ask(plan, therapist=a_therapist(clinician=Clinician(licence=UNKNOWN)))

    assert pathway(found).envelope == "outer"
    assert span(found)[::2] == (100, 20_000)


def test_of_many_cases_the_choice_that_moves_more_is_combined():
    """Fourteen weekly sessions, the last on 4 January: where the plan year starts then, the
    deductible is due twice.  80 cases: the 20 tiers are tried, the start is held at its ends.
    """
    sharing = [*(f"deductible, copay ${k}" for k in range(1, 19)), "copay $15", "copay $30"]
    rows = [a_row(each, network="in", tier=f"{n:02d}") for n, each in enumerate(sharing)]
    plan = a_plan(None, rows=rows, deductible=14_000, plan_year_starts=UNKNOWN)
    found = ask(plan, as_of=date(2026, 10, 5), sessions=14)

    # 14000 and 13 copays of $1; 28000 and 12 of $18, more than 14 of $30
    assert span(found) == (14_000 + 1_300, None, 28_000 + 21_600)
    assert pathway(found).envelope == "outer"


def test_few_cases_are_exact():
    assert pathway(ask(a_plan("copay $30"), minutes=None)).envelope == "exact"


def test_a_session_length_not_said_is_two_codes():
    prices = {"90834": (15_000, 10_000), "90837": (20_000, 14_000)}
    found = ask(a_plan("no deductible, coinsurance 20%"), minutes=None, prices=prices)

    assert span(found)[::2] == (2_000, 2_800)
    assert unknown(found, "session_length").swings["in_network"] == 800


def test_free_sessions_not_known_run_from_the_programmes_number_to_none():
    found = ask(a_plan("copay $30"), sessions=10, fields={"eap": an_eap(6, used=None)})

    assert span(found, "eap_first") == (4 * 3_000, None, 10 * 3_000)


def test_a_panel_not_known_likewise():
    found = ask(
        a_plan("copay $30"),
        sessions=10,
        fields={"eap": an_eap(6)},
        therapist=a_therapist(eap_programmes=UNKNOWN),
    )

    assert span(found, "eap_first") == (4 * 3_000, None, 10 * 3_000)


def test_visits_used_against_a_limit_not_known():
    plan = a_plan("copay $30", visit_limits=(a_visit_limit(20),))
    found = ask(plan, sessions=2, used=used(visits={}))

    assert span(found) == (6_000, None, 40_000)


def test_a_slot_not_known_is_the_scale_or_the_full_fee():
    scale = a_scale(9_000, slots=UNKNOWN)
    found = ask(a_plan("copay $30"), network="out", sessions=2, therapist=a_therapist(sliding=scale))

    assert span(found, "sliding_fee") == (18_000, None, 40_000)
