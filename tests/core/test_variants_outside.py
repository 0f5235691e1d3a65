"""The variants of ``domain`` 2.4 where a plan refuses, pays outside its network, or pays by setting.

The allowed amount is 14000 and the charge 20000 unless said.
"""

from __future__ import annotations

import pytest

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import Market
from coverage_service.core.therapist import Clinician
from tests.core.builders import (
    a_coverage,
    a_plan,
    a_reference,
    a_row,
    a_schedule,
    a_therapist,
    accumulated,
    an_eap,
    ask,
    lines,
    pathway,
    planned,
    scenario,
    span,
    used,
)

# -- NOT_COVERED


def refused(*, rate="billed", liability=None, waiver=False, network="in", kind="PPO"):
    """The not-covered estimate of a diagnosis that the plan's table refuses."""
    plan = a_plan(
        "copay $30",
        out="deductible, coinsurance 40%" if network == "out" else None,
        allowed_out="$150" if network == "out" else None,
        deductible=100_000,
        market=Market(kind=kind),
        coverage=a_coverage(
            "F43.*: no, F*: yes", liability={} if liability is None else {"diagnosis": liability}
        ),
        not_covered_rate={"in": rate, "out": "billed"},
    )
    return ask(plan, network=network, waiver_signed=waiver)


@pytest.mark.parametrize(
    ("case", "ends", "write_off"),
    [
        pytest.param({"liability": "patient"}, (20_000, 20_000), 0, id="patient, billed"),
        pytest.param(
            {"liability": "patient", "rate": "contracted"}, (14_000, 14_000), 6_000, id="patient, contracted"
        ),
        pytest.param(
            {"liability": "patient", "rate": UNKNOWN}, (14_000, 20_000), 0, id="patient, rate unknown"
        ),
        pytest.param({"liability": "provider"}, (0, 0), 20_000, id="provider"),
        pytest.param(
            {"liability": "provider", "waiver": True}, (20_000, 20_000), 0, id="provider, waiver signed"
        ),
        pytest.param(
            {"liability": "provider", "waiver": None}, (0, 20_000), 0, id="provider, waiver not known"
        ),
        pytest.param({}, (None, 20_000), 0, id="unknown: free is not shown"),
        pytest.param({"kind": "TRICARE"}, (0, 0), 20_000, id="TRICARE network, no waiver"),
        pytest.param({"kind": "Medicaid"}, (0, 0), 20_000, id="Medicaid, no waiver"),
    ],
)
def test_not_covered(case, ends, write_off):
    found = refused(**case)
    low, _, high = span(found)

    assert (low, high) == ends
    assert scenario(found).name == "not_covered"
    assert lines(found)[0].write_off == write_off
    assert lines(found)[0].plan_pays == 0
    assert accumulated(found) == {"in_network.deductible": 0}


def test_not_covered_out_of_network_is_the_patients():
    assert span(refused(network="out"), "out_of_network") == (20_000, 20_000, 20_000)


@pytest.mark.parametrize(
    ("coverage", "care", "liability"),
    [
        pytest.param(
            a_coverage(excluded="sexual_dysfunction: yes"),
            {"diagnoses": ("F52.21",)},
            "patient",
            id="named exclusion",
        ),
        pytest.param(a_coverage("F43.*: no"), {}, "unknown", id="diagnosis row"),
        pytest.param(a_coverage(licences=("PHD",)), {}, "unknown", id="credential"),
    ],
)
def test_who_bears_it_in_network_when_the_plan_does_not_say(coverage, care, liability):
    assert scenario(ask(a_plan("copay $30", coverage=coverage), **care)).liability == liability


def test_a_plan_without_benefits_outside_pays_nothing_there():
    plan = a_plan("copay $30", out="not covered")

    assert pathway(ask(plan, network="out"), "out_of_network").possible == "no"
    assert planned(ask(plan, network="out"), "full_fee") == 20_000


# -- out of network

BY_METHOD = {
    "140% of medicare": "OON_PCT_MEDICARE",
    "80th percentile of usual": "OON_FAIR_HEALTH",
    "60% of billed": "OON_PCT_BILLED",
    "$90": "OON_FIXED",
}
OUTSIDE = a_reference(
    a_schedule("medicare", 11_500), a_schedule("usual", 21_000, kind="benchmark", percentiles=(80,))
)


def outside(method, *, left=10_000, billed=25_000, sharing="deductible, coinsurance 40%", reference=OUTSIDE):
    """The line of one session out of network with so much of a deductible left."""
    plan = a_plan(
        None, out=sharing, out_deductible=150_000, allowed_out=method, balance_billing={"out": True}
    )
    found = ask(
        plan,
        network="out",
        billed=billed,
        allowed=None,
        reference=reference,
        used=used(deductible=150_000 - left, bucket="out_of_network"),
    )
    (line,) = lines(found, "out_of_network")
    assert span(found, "out_of_network") == (line.patient,) * 3
    return line


@pytest.mark.parametrize(
    ("method", "left", "part", "amount"),
    [
        pytest.param("140% of medicare", 10_000, "allowed", 16_100, id="OON_PCT_MEDICARE allowed"),
        pytest.param("140% of medicare", 10_000, "share", 12_440, id="OON_PCT_MEDICARE share"),
        pytest.param("140% of medicare", 10_000, "balance", 8_900, id="OON_PCT_MEDICARE balance bill"),
        pytest.param("140% of medicare", 10_000, "patient", 21_340, id="OON_PCT_MEDICARE patient"),
        pytest.param("140% of medicare", 10_000, "plan_pays", 3_660, id="OON_PCT_MEDICARE plan"),
        pytest.param("80th percentile of usual", 10_000, "share", 14_400, id="OON_FAIR_HEALTH share"),
        pytest.param("80th percentile of usual", 10_000, "balance", 4_000, id="OON_FAIR_HEALTH balance bill"),
        pytest.param("80th percentile of usual", 10_000, "patient", 18_400, id="OON_FAIR_HEALTH patient"),
        pytest.param("80th percentile of usual", 10_000, "plan_pays", 6_600, id="OON_FAIR_HEALTH plan"),
        pytest.param("60% of billed", 10_000, "allowed", 15_000, id="OON_PCT_BILLED allowed"),
        pytest.param("60% of billed", 10_000, "patient", 22_000, id="OON_PCT_BILLED patient"),
        pytest.param("60% of billed", 10_000, "plan_pays", 3_000, id="OON_PCT_BILLED plan"),
        pytest.param("$90", 10_000, "patient", 25_000, id="OON_FIXED patient"),
        pytest.param("$90", 10_000, "plan_pays", 0, id="OON_FIXED plan"),
        pytest.param("$90", 10_000, "deductible", 9_000, id="OON_FIXED credits only 9000"),
        pytest.param("60% of billed", 0, "plan_pays", 9_000, id="OON_PCT_BILLED met, plan"),
        pytest.param("60% of billed", 0, "patient", 16_000, id="OON_PCT_BILLED met, patient"),
        pytest.param("$90", 0, "plan_pays", 5_400, id="OON_FIXED met, plan"),
        pytest.param("$90", 0, "patient", 19_600, id="OON_FIXED met, patient"),
    ],
)
def test_out_of_network_by_method(method, left, part, amount):
    line = outside(method, left=left)
    share = line.deductible + line.copay + line.coinsurance
    assert (share if part == "share" else getattr(line, part)) == amount


@pytest.mark.parametrize(
    ("part", "amount"),
    [
        ("coinsurance", 6_440),
        ("over_maximum", 660),
        ("plan_pays", 9_000),
        ("balance", 8_900),
        ("patient", 16_000),
    ],
)
def test_the_most_a_plan_pays_a_visit(part, amount):
    line = outside("140% of medicare", left=0, sharing="deductible, coinsurance 40%, plan pays up to $90")

    assert getattr(line, part) == amount


@pytest.mark.parametrize(("part", "amount"), [("plan_pays", 15_000), ("patient", 10_000)])
def test_a_plan_that_pays_60_percent_of_the_bill(part, amount):
    assert getattr(outside("100% of billed", left=0), part) == amount


@pytest.mark.parametrize(("part", "amount"), [("allowed", 9_000), ("patient", 3_600), ("plan_pays", 5_400)])
def test_a_reduced_fee_out_of_network_is_the_charge(part, amount):
    assert getattr(outside("140% of medicare", left=0, billed=9_000), part) == amount


# -- tiers, exceptions, licences, modality


@pytest.mark.parametrize(("tier", "cost"), [("1", 2_000), ("2", 4_000)])
def test_network_tiers(tier, cost):
    plan = a_plan(
        None, rows=[a_row("copay $20", network="in", tier="1"), a_row("copay $40", network="in", tier="2")]
    )

    assert planned(ask(plan, tier=tier)) == cost


@pytest.mark.parametrize(("part", "amount"), [("patient", 3_000), ("balance", 0), ("plan_pays", 17_000)])
def test_a_gap_exception_at_an_agreed_rate(part, amount):
    found = ask(a_plan("copay $30"), network="gap_exception", agreed=20_000, billed=20_000)

    assert getattr(lines(found, "gap_exception")[0], part) == amount


@pytest.mark.parametrize(
    ("licence", "cost"),
    [
        pytest.param("LPC", 20_000, id="licence not payable"),
        pytest.param("LMFT", 3_000, id="payable licence"),
    ],
)
def test_credentials(licence, cost):
    plan = a_plan("copay $30", coverage=a_coverage(licences=("LMFT",), liability={"credential": "patient"}))
    therapist = a_therapist(clinician=Clinician(licence=licence, supervised=False))

    assert planned(ask(plan, therapist=therapist)) == cost


@pytest.mark.parametrize(("eap", "id", "cost"), [(6, "eap_first", 42_000), (6, "in_network", 60_000)])
def test_free_sessions_first(eap, id, cost):
    found = ask(a_plan("copay $30"), sessions=20, fields={"eap": an_eap(eap)})

    assert planned(found, id) == cost


def test_free_sessions_accumulate_nowhere():
    plan = a_plan("deductible, coinsurance 20%", deductible=100_000)
    found = ask(plan, sessions=6, fields={"eap": an_eap(6)})

    assert planned(found, "eap_first") == 0
    assert accumulated(found, "eap_first") == {"in_network.deductible": 0}


@pytest.mark.parametrize(("modality", "cost"), [("telehealth", 0), ("in_person", 6_800)])
def test_an_hdhp_may_pay_video_before_the_deductible(modality, cost):
    plan = a_plan(deductible=200_000, rows=[a_row("no charge", network="in", modality="telehealth")])

    assert planned(ask(plan, modality=modality, used=used(deductible=195_000))) == cost


@pytest.mark.parametrize(("modality", "cost"), [("telehealth", 2_000), ("in_person", 3_000)])
def test_telehealth_has_a_row_of_its_own(modality, cost):
    plan = a_plan("copay $30", rows=[a_row("copay $20", network="in", modality="telehealth")])

    assert planned(ask(plan, modality=modality)) == cost


@pytest.mark.parametrize(
    ("paid_to", "at_visit", "later_bill", "later_refund"),
    [("member", 20_000, 0, 9_000), ("clinician", 0, 11_000, 0)],
)
def test_who_a_plan_pays_outside_decides_when_money_moves(paid_to, at_visit, later_bill, later_refund):
    """40 % of 15000 and the 5000 above it are the patient's; the plan's 9000 go to whom it pays."""
    plan = a_plan(out="coinsurance 40%", allowed_out="$150", paid_to=paid_to)
    line = lines(ask(plan, network="out", billed=20_000), "out_of_network")[0]

    assert (line.patient, line.plan_pays) == (11_000, 9_000)
    assert (line.at_visit, line.later_bill, line.later_refund) == (at_visit, later_bill, later_refund)
