"""Wrong answers found in public code (``lessons`` 1) and the traps of ``domain`` 9, each as a regression.

Traps 11, 20 and 31 in part are about writing a rule file, 35 about reading one bill backwards: not here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.facts import UNKNOWN, Confidence
from coverage_service.core.plan import AGGREGATE, Market
from coverage_service.core.request import Household, LimitUsed, Request, Used
from coverage_service.core.therapist import Band, Clinician, Sliding
from tests.core.builders import (
    AS_OF,
    REFERENCE,
    a_coverage,
    a_limit,
    a_plan,
    a_reference,
    a_request,
    a_row,
    a_scale,
    a_schedule,
    a_therapist,
    accumulated,
    an_eap,
    ask,
    care_elsewhere,
    estimate,
    lines,
    pathway,
    planned,
    scenario,
    span,
    unknown_ids,
    used,
    window,
)

# -- lessons 1


def test_nothing_known_is_never_free_and_never_certain():
    found = estimate(Request(as_of=AS_OF), REFERENCE)

    for each in found.pathways:
        assert all(w.low is None and w.planning is None and w.high is None for w in each.windows)
    assert found.confidence == Confidence.UNKNOWN


@pytest.mark.parametrize(
    "sharing", ["unknown", "copay $30 | deductible", "copay unknown", "coinsurance unknown"]
)
def test_an_unknown_never_gives_a_free_low_end(sharing):
    low, planning, high = span(ask(a_plan(sharing, deductible=100_000)))

    assert low is None or low > 0
    assert planning is None
    assert high is None or 0 < high <= 14_000


def test_the_member_pays_between_nothing_and_the_charge():
    for sharing in ("copay $900", "deductible, coinsurance 100%", "deductible, copay $500, coinsurance 90%"):
        (line,) = lines(ask(a_plan(sharing, deductible=500_000)))
        assert 0 <= line.patient <= line.billed
        assert line.plan_pays >= 0


def test_a_coinsurance_of_0_stays_0():
    assert planned(ask(a_plan("deductible, coinsurance 0%"))) == 0


def test_copay_and_coinsurance_together_stay_within_the_allowed_amount():
    assert planned(ask(a_plan("deductible, copay $100, coinsurance 80% ignoring copay"))) == 14_000


def test_an_allowed_amount_is_never_made_up():
    assert span(ask(a_plan(), allowed=None)) == (None, None, 4_000)


def test_no_copay_once_the_maximum_is_met():
    assert planned(ask(a_plan("copay $30", out_of_pocket=50_000), used=used(out_of_pocket=50_000))) == 0


def test_a_visit_takes_no_more_of_the_deductible_than_it_costs():
    """150 with 2000 left is 150."""
    assert planned(ask(a_plan(deductible=200_000), allowed=15_000)) == 15_000


def test_the_session_that_crosses_the_maximum_is_split():
    found = ask(
        a_plan(deductible=0, out_of_pocket=100_000), sessions=2, used=used(deductible=0, out_of_pocket=99_000)
    )

    assert [(line.patient, line.plan_pays) for line in lines(found)] == [(1_000, 13_000), (0, 14_000)]


def test_what_the_family_has_left_bounds_the_person():
    """A claim of 300 with 100 of the family's deductible left is 100."""
    limit = a_limit("deductible", 100_000, family=200_000)
    spent = used(deductible=0, family_deductible=190_000)
    found = ask(
        a_plan("deductible", limits=[limit]),
        allowed=30_000,
        billed=30_000,
        used=spent,
        fields={"coverage": "family"},
    )

    assert planned(found) == 10_000


@pytest.mark.parametrize("sharing", ["not covered", "copay $30"])
def test_not_covered_is_not_free(sharing):
    covered = sharing != "not covered"
    coverage = a_coverage("F43.*: yes" if not covered else "F43.*: no", liability={"diagnosis": "patient"})
    found = ask(a_plan(sharing, coverage=coverage))

    assert planned(found) == 20_000


def test_the_full_fee_does_not_count_to_the_deductible():
    """1000 of deductible, fee 200, allowed 150: met at the seventh session, not at the fifth."""
    plan = a_plan(None, out="deductible, coinsurance 40%", out_deductible=100_000, allowed_out="$150")
    rows = scenario(ask(plan, network="out", sessions=8), "out_of_network").ledger
    met = [row.number for row in rows if dict(row.accumulators)["out_of_network.deductible"] == 100_000]

    assert met[0] == 7


def guideline(**words):
    scale = Sliding(
        model="fpl_bands",
        guideline_year=words.pop("year", "2026"),
        bands=(Band(10_000, 6_000), Band(20_000, 12_000)),
        slots=True,
    )
    return ask(therapist=a_therapist(sliding=scale), **words)


def test_a_guideline_of_a_year_that_is_not_known_is_never_replaced():
    found = guideline(year="2019", household=1, income=1_000_000)

    assert planned(found, "sliding_fee") is None
    assert "guideline_missing" in {note.code for note in pathway(found, "sliding_fee").reasons}


def test_a_household_of_more_than_eight():
    """15960 + 9 × 5680 = 67080 dollars, inclusive."""
    assert planned(guideline(household=10, income=6_708_000), "sliding_fee") == 6_000
    assert planned(guideline(household=10, income=6_708_100), "sliding_fee") == 12_000


# -- domain 9


def test_trap_1_coinsurance_is_taken_of_the_allowed_amount():
    assert planned(ask(a_plan("no deductible, coinsurance 20%"))) == 2_800


def test_trap_2_a_copay_above_the_allowed_amount():
    assert planned(ask(a_plan("copay $60"), allowed=5_200)) == 5_200


def outside(**words):
    plan = a_plan(
        None, out="deductible, coinsurance 40%", allowed_out="$150", balance_billing={"out": True},
        **({"out_deductible": 0, "out_out_of_pocket": 500_000} | words),
    )  # fmt: skip
    return ask(plan, network="out", billed=25_000)


def test_trap_3_60_percent_back_is_60_percent_of_the_allowed_amount():
    assert lines(outside(), "out_of_network")[0].later_refund == 9_000


def test_traps_4_and_5_neither_balance_bill_nor_charge_is_credited():
    found = outside(out_deductible=100_000)

    assert accumulated(found, "out_of_network") == {
        "out_of_network.deductible": 15_000,
        "out_of_network.out_of_pocket_maximum": 15_000,
    }


@pytest.mark.parametrize(("sharing", "cost"), [("copay $30", 3_000), ("deductible, copay $30", 14_000)])
def test_trap_6_a_copay_says_whether_the_deductible_applies(sharing, cost):
    assert planned(ask(a_plan(sharing, deductible=100_000))) == cost


def test_trap_7_the_plan_year_need_not_begin_on_1_january():
    plan = a_plan(deductible=14_000, plan_year_starts=((7, 1),))
    found = ask(plan, sessions=3, as_of=date(2026, 6, 22))

    assert [line.patient for line in lines(found)] == [14_000, 2_800, 14_000]


def test_trap_8_a_pool_of_first_visits_is_shared():
    plan = a_plan(
        "copay $65",
        rows=[a_row("no charge", network="in", first=(3, "first"))],
        pools={"first": ("primary_care", "outpatient_mental_health")},
    )
    elsewhere = care_elsewhere(AS_OF, 9_000, "no charge", service="primary_care")
    found = ask(plan, sessions=3, other_care=[elsewhere], used=used(visits={"first": 1}))

    assert [line.patient for line in lines(found)] == [0, 6_500, 6_500]


@pytest.mark.parametrize(
    ("facts", "on", "cost"),
    [
        pytest.param({}, date(2026, 3, 2), 0, id="2025 plan year: 920000 are spent"),
        pytest.param({}, date(2026, 7, 6), 14_000, id="2026 plan year: 1060000"),
        pytest.param({}, date(2027, 3, 1), 14_000, id="2026 plan year, by its beginning"),
        pytest.param(
            {"market": Market(grandfathered=True)}, date(2026, 3, 2), 14_000, id="grandfathered: no cap"
        ),
    ],
)
def test_trap_9_the_legal_cap_is_that_of_the_year_in_which_the_plan_year_begins(facts, on, cost):
    limit = a_limit("out_of_pocket", family=9_000_000, method=AGGREGATE, person_cap="legal")
    plan = a_plan("coinsurance 100%", limits=[limit], plan_year_starts=((7, 1),), **facts)
    spent = used(deductible=0, out_of_pocket=920_000, family_out_of_pocket=920_000, as_of=on)

    assert planned(ask(plan, as_of=on, used=spent, fields={"coverage": "family"})) == cost


def test_trap_10_who_runs_mental_health_is_asked():
    assert "bh_admin" in unknown_ids(ask(a_plan("copay $30", administrator=UNKNOWN)))
    assert "bh_admin" not in unknown_ids(ask(a_plan("copay $30")))


@pytest.mark.parametrize(
    ("minutes", "code"), [(50, "90834"), (52, "90834"), (53, "90837"), (90, "90837"), (30, "90832")]
)
def test_trap_12_minutes_decide_the_code_and_a_long_session_is_one_line(minutes, code):
    rows = scenario(ask(a_plan("copay $30"), minutes=minutes)).ledger

    assert [row.cpt for row in rows] == [code]


COUPLES = a_coverage("Z63.0: no, F*: yes, Z63.4: yes", excluded="marital_counselling: yes")


@pytest.mark.parametrize(
    ("diagnoses", "scenarios"),
    [
        pytest.param(("Z63.0",), {"not_covered"}, id="Z63.0 is the named exclusion"),
        pytest.param(("F43.10", "Z63.0"), {"covered"}, id="a secondary Z63.0 denies nothing"),
        pytest.param(("Z63.4",), {"covered"}, id="bereavement is not couples counselling"),
    ],
)
def test_trap_13_couples(diagnoses, scenarios):
    found = ask(
        a_plan("copay $30", coverage=COUPLES), diagnoses=diagnoses, format="couple", identified_patient=True
    )

    assert {each.name for each in pathway(found).scenarios} == scenarios


def test_trap_13_a_couple_without_an_identified_patient_is_asked():
    found = ask(a_plan("copay $30", coverage=COUPLES), format="couple", identified_patient=None)

    assert "couple_code" in unknown_ids(found)


def test_trap_14_a_certificate_is_not_a_licence():
    certified = Clinician(certifications=("AASECT certified sex therapist",), supervised=False)
    found = ask(
        a_plan("copay $30", coverage=a_coverage(licences=("LMFT",))),
        therapist=a_therapist(clinician=certified),
    )

    assert {each.name for each in pathway(found).scenarios} == {"covered", "not_covered"}
    assert "licence" in unknown_ids(found)


def test_trap_15_covered_and_not_covered_are_never_averaged():
    coverage = a_coverage("F43.*: unknown", liability={"diagnosis": "patient"})
    found = ask(a_plan("copay $30", coverage=coverage))

    assert (planned(found), window(found).typical) == (None, None)
    assert [span(found, case=name)[1] for name in ("covered", "not_covered")] == [3_000, 20_000]


def test_trap_16_the_reduced_fee_is_what_the_superbill_shows():
    plan = a_plan(None, out="deductible, coinsurance 40%", allowed_out="$161")
    scale = a_scale(9_000, with_out_of_network_claims=True)
    found = ask(plan, network="out", therapist=a_therapist(sliding=scale), household=1, income=2_000_000)

    assert lines(found, "out_of_network")[0].billed == 9_000


def test_trap_17_no_sliding_fee_is_promised_to_a_member_in_network():
    therapist = a_therapist(sliding=a_scale(1_000))

    assert planned(ask(a_plan("copay $30"), therapist=therapist)) == 3_000
    for kind, possible in (("PPO", "unknown"), ("Medicare", "no"), ("Medicaid", "no")):
        found = ask(a_plan("copay $30", market=Market(kind=kind)), therapist=therapist)
        assert pathway(found, "sliding_fee").possible == possible


def test_trap_18_self_pay_is_compared_over_all_care_of_the_year():
    plan = a_plan(deductible=300_000, out_of_pocket=600_000)
    later = care_elsewhere(date(2026, 9, 1), 250_000)
    found = ask(plan, sessions=20, therapist=a_therapist(sliding=a_scale(9_000)), other_care=[later])

    assert planned(found, "sliding_fee") < planned(found)
    assert found.cheapest == "in_network"


def test_trap_19_an_opted_out_clinician_costs_the_whole_fee():
    found = ask(a_plan(out="coinsurance 20%", market=Market(kind="Medicare")), network="opted_out")

    assert [pathway(found, id).possible for id in ("in_network", "out_of_network")] == ["no", "no"]
    assert planned(found, "full_fee") == 20_000


@pytest.mark.parametrize(("area", "cost"), [("48", 12_000), ("AK", 9_000)])
def test_trap_21_guidelines_by_area(area, cost):
    """Domain 4: household 2, income 38000 is 175.60 % in the 48 states and 140.48 % in Alaska."""
    bands = (Band(10_000, 6_000), Band(15_000, 9_000), Band(20_000, 12_000))
    scale = Sliding(model="fpl_bands", guideline_year="2026", bands=bands, slots=True)
    request = a_request(therapist=a_therapist(sliding=scale))
    household = Household(size=2, area=area, income=3_800_000)

    assert planned(estimate(replace(request, household=household), REFERENCE), "sliding_fee") == cost


def test_trap_22_claims_on_their_way_are_counted_and_said():
    found = ask(a_plan(deductible=28_000), used=used(deductible=0, sessions_since=2, as_of=AS_OF))

    assert planned(found) == 2_800
    assert "accumulators_as_of" in {note.code for note in found.notices}


def test_trap_23_cash_comes_first_and_the_refund_later():
    (line,) = lines(outside(), "out_of_network")

    assert (line.at_visit, line.later_refund, line.patient) == (25_000, 9_000, 16_000)


def test_trap_24_free_sessions_count_nowhere_and_come_beside_the_plan():
    found = ask(a_plan(deductible=100_000), sessions=3, fields={"eap": an_eap(2)})

    assert accumulated(found, "eap_first") == {"in_network.deductible": 14_000}
    assert (planned(found), planned(found, "eap_first")) == (42_000, 14_000)


def test_trap_25_rules_past_their_date_give_no_planning_figure():
    assert planned(ask(a_plan("copay $30", ends=date(2025, 12, 31)))) is None


@pytest.mark.parametrize(("liability", "cost"), [("provider", 0), ("patient", 20_000)])
def test_trap_26_who_bears_a_denied_line(liability, cost):
    coverage = a_coverage("F43.*: no", liability={"diagnosis": liability})

    assert planned(ask(a_plan("copay $30", coverage=coverage))) == cost


def test_trap_27_a_maximum_does_not_stop_what_it_does_not_count():
    maximum = a_limit("out_of_pocket", 50_000, counts=("deductible", "coinsurance"))

    assert planned(ask(a_plan("copay $30", limits=[maximum]), used=used(out_of_pocket=50_000))) == 3_000


def test_trap_28_the_most_allowed_is_not_the_most_paid():
    def patient(sharing, allowed):
        plan = a_plan(None, out=sharing, allowed_out=allowed, balance_billing={"out": True})
        return planned(ask(plan, network="out", billed=25_000), "out_of_network")

    # allowed $90: 60 % of it back; plan pays up to $90 of 60 % of 161
    assert patient("deductible, coinsurance 40%", "$90") == 25_000 - 5_400
    assert patient("deductible, coinsurance 40%, plan pays up to $90", "$161") == 25_000 - 9_000


def test_trap_29_spoken_words_with_two_readings_are_read_both_ways():
    found = ask(a_plan("copay $30 | copay $30, deductible", deductible=100_000))

    assert span(found) == (3_000, None, 14_000)
    assert "ded_applies" in unknown_ids(found)


@pytest.mark.parametrize(
    ("sharing", "credit"),
    [("copay $40 toward deductible", 4_000), ("copay $40 toward deductible, deductible", 14_000)],
)
def test_trap_30_a_counting_copay_is_credited_at_its_place(sharing, credit):
    found = ask(a_plan(sharing, deductible=100_000))

    assert accumulated(found) == {"in_network.deductible": credit}


def test_trap_31_not_covered_is_not_a_coinsurance_of_100_percent():
    covered = a_plan(None, out="deductible, coinsurance 100%", allowed_out="$150", out_out_of_pocket=500_000)

    assert pathway(ask(covered, network="out"), "out_of_network").possible == "yes"
    assert (
        pathway(ask(a_plan("copay $30", out="not covered"), network="out"), "out_of_network").possible == "no"
    )


def test_trap_32_a_sex_therapy_exclusion_beside_a_covered_diagnosis_is_unknown():
    coverage = a_coverage("F52.*: yes", excluded="sex_therapy: yes")
    found = ask(a_plan("copay $30", coverage=coverage), diagnoses=("F52.21",))

    assert {each.name for each in pathway(found).scenarios} == {"covered", "not_covered"}
    assert "exclusions" in unknown_ids(found)


def test_trap_33_the_cut_of_medicares_own_payment():
    plan = a_plan(
        None, out="deductible, coinsurance 20%", allowed_out="95% of medicare", sequestration=200,
        balance_billing={"out": True},
    )  # fmt: skip
    found = ask(plan, network="out", billed=16_388, reference=a_reference(a_schedule("medicare", 15_000)))

    assert lines(found, "out_of_network")[0].patient == 5_216


def test_trap_34_a_skipped_date_is_postponed():
    found = ask(a_plan("copay $30"), sessions=3, skip=(date(2026, 1, 12),))

    assert [row.on.day for row in scenario(found).ledger] == [5, 19, 26]


def test_a_family_that_is_not_asked_about_is_planned_as_the_person():
    spent = Used(limits={"in_network": LimitUsed(deductible=40_000)})
    plan = a_plan(limits=[a_limit("deductible", 50_000, family=100_000)])

    assert planned(ask(plan, used=spent, fields={"coverage": "family"})) == 10_000 + 800
