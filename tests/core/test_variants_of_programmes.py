"""The variants of ``domain`` 2.4 of Medicare, Medicaid, TRICARE, health centres and second plans.

The allowed amount is 14000 and the charge 20000 unless said.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.adjudicate import adjudicate, coordinate
from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.core.plan import DiagnosisRule, Market, ShareOfIncome, UpTo
from coverage_service.core.plan import Supplement as SupplementFacts
from coverage_service.core.request import Answer, OtherPlan
from coverage_service.core.terms import (
    IN_NETWORK,
    MAINTENANCE,
    NON_DUPLICATION,
    STANDARD,
    TO_MEMBER,
    UNLIMITED,
    Supplement,
)
from coverage_service.core.therapist import Band, Clinician, Sliding
from tests.core.builders import (
    a_coverage,
    a_limit,
    a_line,
    a_plan,
    a_reference,
    a_scale,
    a_schedule,
    a_therapist,
    ask,
    lines,
    pathway,
    planned,
    scenario,
    span,
    unknown_ids,
    used,
)

# -- Medicare and its supplements


def part_b(
    *, network="in", rate=15_000, licence="LCSW", sessions=1, met=True, billed=20_000, starts=None, **more
):
    """Sessions under Part B of 2026: deductible 28300, then 20 %, the plan's payment cut by 2 %."""
    plan = a_plan(
        out="deductible, coinsurance 20%",
        limits=[a_limit("deductible", 28_300, bucket="any_network")],
        allowed_in="100% of medicare",
        allowed_out="95% of medicare",
        balance_billing={"out": UpTo(1_500)},
        **more,
    )
    schedule = a_schedule("medicare", rate, licence_percent={"LMFT": 7_500})
    clinician = Clinician(licence=licence, supervised=False, licensed_in=("CA",))
    return lines(
        ask(
            plan,
            network=network,
            billed=billed,
            allowed=None,
            sessions=sessions,
            therapist=a_therapist(clinician=clinician),
            reference=a_reference(schedule),
            used=used(deductible=28_300 if met else 0, bucket="any_network"),
        ),
        "in_network" if network == "in" else "out_of_network",
    )


def test_part_b_deductible_then_20_percent():
    assert [line.patient for line in part_b(sessions=4, met=False)] == [15_000, 13_640, 3_000, 3_000]


@pytest.mark.parametrize(("part", "amount"), [("allowed", 11_250), ("patient", 2_250)])
def test_part_b_pays_some_licences_75_percent(part, amount):
    assert getattr(part_b(licence="LMFT")[0], part) == amount


@pytest.mark.parametrize(
    ("part", "amount"), [("patient", 3_000), ("plan_pays", 11_760), ("write_off", 5_000 + 240)]
)
def test_part_b_cut_on_an_assigned_claim_is_the_clinicians(part, amount):
    assert getattr(part_b(sequestration=200)[0], part) == amount


@pytest.mark.parametrize(
    ("part", "amount"),
    [
        ("allowed", 14_250),
        ("coinsurance", 2_850),
        ("plan_pays", 11_172),
        ("balance", 2_138 + 228),
        ("patient", 5_216),
        ("at_visit", 16_388),
        ("later_refund", 11_172),
    ],
)
def test_part_b_unassigned_claim_of_a_psychiatrist(part, amount):
    assert getattr(part_b(network="out", licence="MD", sequestration=200)[0], part) == amount


def test_part_b_assigned_claim_of_a_nonparticipating_psychiatrist():
    line = a_line("deductible, coinsurance 20%", allowed=14_250, billed=20_000, sequestration=200)
    parts = adjudicate(line, 0, UNLIMITED).parts

    assert (parts.patient, parts.balance) == (2_850, 0)


def test_an_opted_out_clinician_is_paid_by_the_patient():
    found = ask(a_plan(market=Market(kind="Medicare")), network="opted_out")

    assert [pathway(found, id).possible for id in ("in_network", "out_of_network")] == ["no", "no"]
    assert planned(found, "full_fee") == 20_000


@pytest.mark.parametrize(("on", "cost"), [(date(2023, 12, 4), 20_000), (date(2024, 1, 8), 11_250)])
def test_medicare_pays_an_lmft_from_2024(on, cost):
    """11250 is the 75 % rate with the deductible of the new year not met."""
    common = {"deductible": 24_000, "allowed_in": "100% of medicare"}
    denied = {"liability": {"credential": "patient"}}
    before = a_plan(
        **common,
        starts=date(2023, 1, 1),
        ends=date(2023, 12, 31),
        coverage=a_coverage(licences=("PHD",), **denied),
    )
    after = a_plan(
        **common,
        starts=date(2024, 1, 1),
        ends=date(2024, 12, 31),
        coverage=a_coverage(licences=("PHD", "LMFT")),
    )
    reference = a_reference(a_schedule("medicare", 15_000, licence_percent={"LMFT": 7_500}))

    found = ask(before, after, as_of=on, allowed=None, reference=reference)

    assert planned(found) == cost


PLAN_G = Supplement(coinsurance=1, excess=1)
PLAN_N = Supplement(coinsurance=1, member_keeps=2_000)
QMB = Supplement(deductible=1, coinsurance=1, copay=1)


@pytest.mark.parametrize(
    ("supplement", "left", "cost"),
    [
        pytest.param(PLAN_G, 0, 0, id="plan G"),
        pytest.param(PLAN_G, 15_000, 15_000, id="plan G, the deductible stays"),
        pytest.param(PLAN_N, 0, 2_000, id="plan N, an office visit"),
        pytest.param(PLAN_N._replace(member_keeps=0), 0, 0, id="plan N, not an office visit"),
        pytest.param(QMB, 15_000, 0, id="QMB"),
    ],
)
def test_supplements(supplement, left, cost):
    line = a_line("deductible, coinsurance 20%", allowed=15_000, supplement=supplement)

    assert adjudicate(line, left, UNLIMITED).patient == cost


@pytest.mark.parametrize(
    ("supplement", "excess"), [pytest.param(PLAN_N, 2_138, id="plan N"), pytest.param(PLAN_G, 0, id="plan G")]
)
def test_supplements_and_excess_charges(supplement, excess):
    line = a_line(
        "deductible, coinsurance 20%",
        allowed=14_250,
        billed=16_388,
        balance=2_138,
        paying=TO_MEMBER,
        supplement=supplement._replace(member_keeps=0),
    )

    assert adjudicate(line, 0, UNLIMITED).patient == excess


@pytest.mark.parametrize(
    ("supplement", "allowed", "parts"),
    [
        # the deductible's 4000 and 20 % of 6000 are both paid: nothing is left to forgive
        pytest.param(QMB, 10_000, (0, 5_200, 0), id="nothing is left"),
        # of 20 % of 6000 it keeps 1200, of the deductible all 4000: 1500 are collected
        pytest.param(PLAN_N, 10_000, (1_500, 0, 3_700), id="the cap is below what is left"),
        # of 20 % of 16000 it pays what is above 2000; the deductible's 4000 stay: 1500 of 6000
        pytest.param(PLAN_N, 20_000, (1_500, 1_200, 4_500), id="after the supplement has paid"),
    ],
)
def test_a_health_centres_cap_comes_after_a_supplement(supplement, allowed, parts):
    line = a_line("deductible, coinsurance 20%", allowed=allowed, supplement=supplement, share_cap=1_500)
    found = adjudicate(line, 4_000, UNLIMITED).parts

    assert (found.patient, found.secondary_pays, found.forgiven) == parts


# -- Medicaid, TRICARE, health centres, a second plan


def test_medicaid_caps_the_copay_at_what_is_left_of_the_month():
    limit = a_limit("out_of_pocket", family=ShareOfIncome(500), period="month")
    plan = a_plan("copay $4", limits=[limit], market=Market(kind="Medicaid"))

    # 1500.00 a month × 5 % = 75.00, of which 73.00 are used
    spent = used(deductible=0, out_of_pocket=7_300, family_out_of_pocket=7_300)
    found = ask(plan, income=12 * 150_000, household=2, used=spent, fields={"coverage": "family"})

    assert planned(found) == 200


TRICARE_COVERAGE = a_coverage(
    "F64.*: yes, F52.*: no, F65.*: no, N52.*: no, N53.*: no, N94.1*: no, F*: yes",
    excluded="marital_counselling: yes",
)


@pytest.mark.parametrize(
    ("diagnosis", "name"),
    [
        ("F52.21", "not_covered"),
        ("F65.4", "not_covered"),
        ("N52.9", "not_covered"),
        ("N53.12", "not_covered"),
        ("N94.10", "not_covered"),
        ("Z63.0", "not_covered"),
        ("F64.0", "covered"),
        ("F43.10", "covered"),
        ("F33.1", "covered"),
    ],
)
def test_tricare_diagnoses(diagnosis, name):
    plan = a_plan("copay $30", market=Market(kind="TRICARE"), coverage=TRICARE_COVERAGE)
    found = ask(plan, diagnoses=(diagnosis,))

    assert scenario(found).name == name
    assert planned(found) == (3_000 if name == "covered" else 0)


def test_tricare_may_pay_the_study_of_the_cause():
    study = DiagnosisRule(match="F52.*", covered=UNKNOWN, codes=("90791",))
    coverage = replace(TRICARE_COVERAGE, diagnoses=(study, *TRICARE_COVERAGE.diagnoses))
    plan = a_plan("copay $30", market=Market(kind="TRICARE"), coverage=coverage)

    found = ask(plan, diagnoses=("F52.21",), codes=("90791",))

    assert {each.name for each in pathway(found).scenarios} == {"covered", "not_covered"}


@pytest.mark.parametrize(("part", "amount"), [("coinsurance", 3_500), ("balance", 2_100), ("patient", 5_600)])
def test_tricare_retiree_outside_the_network(part, amount):
    plan = a_plan(
        None,
        out="deductible, coinsurance 25%",
        out_deductible=30_000,
        allowed_out="$140",
        balance_billing={"out": UpTo(1_500)},
        market=Market(kind="TRICARE"),
    )
    found = ask(plan, network="out", used=used(deductible=30_000, bucket="out_of_network"))

    assert getattr(lines(found, "out_of_network")[0], part) == amount


@pytest.mark.parametrize(
    ("method", "secondary", "left_to_pay"),
    [
        pytest.param(STANDARD, 6_000, 0, id="COB_STANDARD"),
        pytest.param(NON_DUPLICATION, 3_000, 3_000, id="COB_NONDUP"),
        pytest.param(MAINTENANCE, 4_800, 1_200, id="COB_MOB"),
    ],
)
def test_coordination_of_two_plans(method, secondary, left_to_pay):
    """The first plan pays 9000 of 15000, the second alone would pay 80 % = 12000."""
    second = a_line("deductible, coinsurance 20%", allowed=15_000)
    first = a_line(
        "deductible, coinsurance 40%",
        allowed=15_000,
        secondary=second,
        coordination=method,
        paying=IN_NETWORK,
    )
    parts = adjudicate(first, 0, UNLIMITED, alone=12_000).parts

    assert coordinate(method, 9_000, 6_000, 15_000, 12_000) == secondary
    assert (parts.plan_pays, parts.secondary_pays, parts.patient) == (9_000, secondary, left_to_pay)


def test_a_second_plan_that_pays_less_than_the_first_adds_nothing():
    assert coordinate(NON_DUPLICATION, 9_000, 6_000, 15_000, 5_000) == 0


@pytest.mark.parametrize(
    ("method", "cost"), [("standard", 0), ("non_duplication", 3_000), ("maintenance_of_benefits", 1_200)]
)
def test_a_second_plan_in_an_estimate(method, cost):
    second = OtherPlan(entries=(a_plan("deductible, coinsurance 20%", id="second", coordination=method),))
    first = a_plan("deductible, coinsurance 40%")

    assert planned(ask(first, allowed=15_000, fields={"secondary": second})) == cost


def test_a_second_plan_takes_its_own_deductible_first():
    """It would pay 80 % of 15000 − 10000 = 4000 alone, of the 6000 that the first leaves."""
    plan = a_plan("deductible, coinsurance 20%", id="second", coordination="standard", deductible=10_000)
    second = OtherPlan(entries=(plan,), used=used(deductible=0))
    found = ask(
        a_plan("deductible, coinsurance 40%"), allowed=15_000, fields={"secondary": second}, sessions=2
    )

    assert [line.patient for line in lines(found)] == [2_000, 0]


@pytest.mark.parametrize(
    ("pays", "left", "costs"),
    [
        pytest.param({"pays": ("coinsurance",), "pays_excess": True}, 0, [0], id="plan G"),
        pytest.param({"pays": ("coinsurance",)}, 10_000, [10_000, 0], id="the deductible stays"),
        pytest.param({"pays": ("deductible", "coinsurance")}, 10_000, [0, 0], id="QMB"),
        pytest.param({"pays": ("coinsurance",), "member_keeps_copay": 2_000}, 0, [2_000], id="plan N"),
    ],
)
def test_a_supplement_in_an_estimate(pays, left, costs):
    supplement = a_plan(None, id="supplement", supplements=SupplementFacts(plan="plan", **pays))
    found = ask(
        a_plan(limits=[a_limit("deductible", 28_300, bucket="any_network")]),
        allowed=15_000,
        sessions=len(costs),
        used=used(deductible=28_300 - left, bucket="any_network"),
        fields={
            "secondary": OtherPlan(entries=(supplement,)),
            "answers": {"medigap_visit": Answer(value=True)},
        },
    )

    assert [line.patient for line in lines(found)] == costs


@pytest.mark.parametrize(
    ("sharing", "allowed", "cap", "cost"),
    [
        pytest.param("copay $60", 14_000, 4_000, 4_000, id="copay 6000, sliding charge 4000"),
        pytest.param(
            "no deductible, coinsurance 20%",
            18_000,
            UNLIMITED,
            3_600,
            id="Medicare: no deductible, 20 % of 18000",
        ),
        pytest.param("no deductible, coinsurance 20%", 18_000, 2_000, 2_000, id="less any sliding discount"),
    ],
)
def test_health_centres(sharing, allowed, cap, cost):
    line = a_line(sharing, allowed=allowed, share_cap=cap)

    assert adjudicate(line, 28_300, UNLIMITED).patient == cost


def test_health_centre_scale_caps_an_insured_share():
    therapist = a_therapist(sliding=a_scale(4_000, caps_insured_share=True))
    found = ask(a_plan("copay $60"), therapist=therapist)

    assert planned(found) == 4_000
    assert lines(found)[0].forgiven == 2_000


def test_a_health_centres_cap_follows_an_open_income():
    """A copay of $60 under a charge of $20 at the poverty line, and of $100, half of $200, at 150 %."""
    scale = Sliding(
        model="fqhc", guideline_year="2026", fee=2_000, caps_insured_share=True,
        bands=(Band(13_300, discount=7_500), Band(16_600, discount=5_000)),
    )  # fmt: skip
    found = ask(
        a_plan("copay $60"), therapist=a_therapist(sliding=scale), household=1,
        income=Between(15_960_00, 24_000_00),
    )  # fmt: skip

    assert span(found) == (2_000, None, 6_000)


def test_a_health_centre_caps_no_share_of_a_code_that_is_not_on_its_scale():
    scale = a_scale(4_000, caps_insured_share=True, cpts=("90832",))
    found = ask(a_plan("copay $60"), billed=None, therapist=a_therapist(sliding=scale))

    assert planned(found) == 6_000
    assert "sliding" not in unknown_ids(found)


def test_an_ordinary_scale_never_reduces_an_insured_share():
    found = ask(a_plan("copay $60"), therapist=a_therapist(sliding=a_scale(4_000)))

    assert planned(found) == 6_000
