"""Published worked examples (``../shared/data/golden_cases.jsonl``), each told to the core in its own words.

A case says dollars; the figures asserted are those of its ``expected``.  What cannot apply is listed with
the reason, so that a new line in the file fails until somebody decides.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from coverage_service.core.adjudicate import adjudicate
from coverage_service.core.money import share
from coverage_service.core.plan import AGGREGATE
from coverage_service.core.reference import PovertyGuideline
from coverage_service.core.terms import TO_MEMBER, UNLIMITED
from coverage_service.core.therapist import Band, Sliding
from tests.core.builders import (
    AS_OF,
    REFERENCE,
    a_limit,
    a_line,
    a_plan,
    a_reference,
    a_schedule,
    a_therapist,
    ask,
    care_elsewhere,
    lines,
    planned,
    scenario,
    used,
)

NOT_OURS = {
    "sbc-healthfirst-joe": "a waived cost share that is not described: a sum check, no arithmetic",
    "sbc-healthfirst-peg": "copays of many services that are not described; only the total is known",
    "sbc-nvidia-peg": "the 1200 are rounded and the services are not described",
    "pct-aeob-1": "no cost sharing is given, only the result",
    "mpfs2026-90834": "a fee of the schedule: tests/rules holds the rule file against its source",
    "mpfs2026-90791": "a fee of the schedule: tests/rules holds the rule file against its source",
    "mpfs2026-90785": "a fee of the schedule: tests/rules holds the rule file against its source",
    "mpfs2026-90845": "a fee of the schedule: tests/rules holds the rule file against its source",
    "fpg2026-ak-hi": "a poverty guideline: tests/rules holds the rule file against its source",
}


@pytest.fixture(scope="module")
def golden(shared_data):
    """The published cases by id."""
    found = [json.loads(line) for line in (shared_data / "golden_cases.jsonl").read_text().splitlines()]
    return {case["id"]: case for case in found}


def cents(dollars) -> int:
    return int(Decimal(str(dollars)) * 100)


def basis_points(part) -> int:
    return int(Decimal(str(part)) * 10_000)


def sharing_of(inputs) -> str:
    """The phrases of a published case."""
    rate = f"coinsurance {basis_points(inputs.get('coinsurance', 0)) // 100}%"
    if "copay" not in inputs:
        return f"deductible, {rate}"
    copay = f"copay ${inputs['copay']}"
    if inputs.get("copay_timing") == "deductible_waived":
        return copay
    if inputs.get("coinsurance_base") == "full_allowed":
        return f"deductible, {copay}, {rate} ignoring copay"
    return f"deductible, {copay}"


def told(case):
    """One published line, adjudicated."""
    inputs = case["inputs"]
    left = inputs.get("deductible_remaining", 0)
    left = UNLIMITED if isinstance(left, str) else cents(left)
    room = UNLIMITED
    if "oop_used" in inputs:
        room = cents(inputs["oop_max"]) - cents(inputs["oop_used"])
    elif "oop_remaining" in inputs:
        room = cents(inputs["oop_remaining"])
    billed = inputs.get("billed", inputs["allowed"])
    more = {}
    if inputs.get("network") == "out":
        more = {"balance": cents(billed) - cents(inputs["allowed"]), "paying": TO_MEMBER}
    line = a_line(sharing_of(inputs), allowed=cents(inputs["allowed"]), billed=cents(billed), **more)
    return adjudicate(line, left, room).parts


ONE_LINE = (
    "co-coins-unmet", "hcgov-high-cost", "links2-coins", "planvoyager-coins", "bcbstx-xray",
    "helpbetter-copay", "helpbetter-mri", "greencoast-coins", "greencoast-copay-plus-coins",
    "gardencity-before", "newmoon-coins", "nurture-copay40", "nurture-copay25",
    "nurture-copay-over-deductible", "nurture-oop-reached",
    "calcsimpler-oon-unmet", "flowhouse-oon-unmet", "hcgov-balance-bill", "heyhealth-balance-bill",
)  # fmt: skip
PUBLISHED = {
    "patient_pays": "patient",
    "plan_pays": "plan_pays",
    "reimbursement": "later_refund",
    "deductible_applied": "deductible",
    "coinsurance_amount": "coinsurance",
    "contractual_discount": "write_off",
    "balance_bill": "balance",
}


@pytest.mark.parametrize("id", ONE_LINE)
def test_a_published_line(golden, id):
    case = golden[id]
    parts = told(case)
    asserted = {name: cents(value) for name, value in case["expected"].items() if name in PUBLISHED}

    assert asserted
    assert {name: getattr(parts, PUBLISHED[name]) for name in asserted} == asserted


def test_visits_until_an_outside_deductible_is_met(golden):
    inputs, expected = (golden["calcsimpler-oon-unmet"][key] for key in ("inputs", "expected"))
    plan = a_plan(
        None, out=sharing_of(inputs), out_deductible=cents(inputs["deductible_remaining"]), allowed_out="$150"
    )
    found = ask(plan, network="out", billed=cents(inputs["billed"]), sessions=8)
    met = next(e.on for e in scenario(found, "out_of_network").events if e.code == "deductible_met")
    first = scenario(found, "out_of_network").ledger[0]

    left = cents(inputs["deductible_remaining"]) - dict(first.accumulators)["out_of_network.deductible"]
    assert left == cents(expected["deductible_remaining_after"])
    assert (met - AS_OF).days // 7 + 1 == expected["visits_until_deductible_met"]


def a_year(inputs, *, sessions, **limits):
    return ask(
        a_plan(sharing_of(inputs), deductible=cents(inputs["deductible"]), **limits),
        allowed=cents(inputs["allowed"]),
        sessions=sessions,
    )


def test_the_maximum_ends_the_coinsurance_of_a_year(golden):
    inputs, expected = (golden["bcbstx-oop-cap"][key] for key in ("inputs", "expected"))
    plan = a_plan(sharing_of(inputs), deductible=500_000, out_of_pocket=cents(inputs["oop_max"]))
    (line,) = lines(ask(plan, allowed=cents(10_000), billed=cents(10_000)))

    assert line.coinsurance == cents(expected["coinsurance_amount_at_cap"])
    assert line.patient == cents(expected["patient_pays_for_year"])


def test_a_copay_after_a_deductible_of_100(golden):
    """The whole cost until 100 is spent, then 15 each."""
    inputs, expected = (golden["nh-copay-after-deductible"][key] for key in ("inputs", "expected"))
    found = lines(a_year({**inputs, "allowed": 50}, sessions=4))

    assert [line.patient for line in found] == [5_000, 5_000, *[cents(expected["patient_pays_after"])] * 2]


def test_fifteen_sessions_of_80_meet_a_deductible_of_1200(golden):
    inputs, expected = (golden["gardencity-sequence"][key] for key in ("inputs", "expected"))
    found = [line.patient for line in lines(a_year(inputs, sessions=inputs["sessions"]))]
    whole = expected["sessions_at_full_allowed"]

    assert found[:whole] == [cents(inputs["allowed"])] * whole
    assert sum(found[:whole]) == cents(expected["paid_in_deductible_phase"])
    assert found[whole] == cents(expected["session_16_patient_pays"])


def test_stopping_after_four_sessions(golden):
    inputs, expected = (golden["gardencity-stop-after-4"][key] for key in ("inputs", "expected"))

    assert planned(a_year(inputs, sessions=4)) == cents(expected["patient_pays_total"])


# -- families


def a_family_year(limit, costs, *, sharing="deductible", mine=None):
    """The year's total of a family under one limit; the first of ``costs`` is the client's session."""
    others = [care_elsewhere(AS_OF, cents(cost), sharing, member="family") for cost in costs[1:]]
    found = ask(
        a_plan(sharing, limits=[limit]),
        allowed=cents(costs[0]),
        billed=cents(costs[0]),
        other_care=others,
        fields={"coverage": "family"},
    )
    return found if mine is None else planned(found)


def test_an_embedded_maximum_of_a_family(golden):
    """Cost sharing before limits 10000, 3000, 3000, 3000: the first is held to 6850, the family to 13000."""
    inputs, expected = (golden["dol-faq-embedded-oop"][key] for key in ("inputs", "expected"))
    costs = inputs["member_cost_sharing_before_limits"]
    limit = a_limit(
        "out_of_pocket", cents(inputs["self_only_oop_max"]), family=cents(inputs["family_oop_max"])
    )
    alone = a_line("coinsurance 100%", allowed=cents(costs[0]), billed=cents(costs[0]))
    first = adjudicate(alone, 0, cents(inputs["self_only_oop_max"])).parts
    found = a_family_year(limit, [costs[0], *costs[1:]], sharing="coinsurance 100%")

    assert first.patient == cents(expected["member1_limited_to"])
    assert first.plan_pays == cents(expected["plan_absorbs_member1"])
    assert cents(expected["sum_after_individual_limit"]) == first.patient + sum(map(cents, costs[1:]))
    assert found.comparison[0].totals["in_network"] == cents(expected["family_pays"])


def test_one_member_never_pays_more_than_the_self_only_maximum(golden):
    inputs, expected = (golden["hhs-embedded-oop-20000"][key] for key in ("inputs", "expected"))
    limit = a_limit(
        "out_of_pocket", cents(inputs["self_only_oop_max"]), family=cents(inputs["family_oop_max"])
    )
    found = a_family_year(limit, [inputs["one_member_expenses"]], sharing="coinsurance 100%")

    assert planned(found) == cents(expected["member_pays_at_most"])
    assert cents(inputs["family_oop_max"]) - planned(found) == cents(expected["remaining_family_oop"])


@pytest.mark.parametrize(("mine", "key"), [(5_000, "dad_in_coinsurance"), (0, "others_in_coinsurance")])
def test_an_embedded_deductible_of_a_family(golden, mine, key):
    inputs, expected = (golden["illinois-embedded-ded"][name] for name in ("inputs", "expected"))
    limit = a_limit(
        "deductible", cents(inputs["deductible_individual"]), family=cents(inputs["deductible_family"])
    )
    spent = used(deductible=cents(mine), family_deductible=cents(inputs["member_met"]["dad"]))
    found = planned(ask(a_plan(limits=[limit]), allowed=10_000, used=spent, fields={"coverage": "family"}))

    rate = basis_points(expected["coinsurance_patient_share"])
    assert (found == share(10_000, rate)) is expected[key]


@pytest.mark.parametrize(("id", "mine"), [("lumity-gomez-aggregate", 3_000), ("uss-aggregate", 3_800)])
def test_an_aggregate_deductible_of_a_family(golden, id, mine):
    inputs, expected = (golden[id][name] for name in ("inputs", "expected"))
    limit = a_limit("deductible", family=cents(inputs["deductible_family"]), method=AGGREGATE)
    spent = used(deductible=cents(mine), family_deductible=cents(inputs["family_expenses_total"]))
    plan = a_plan("deductible, coinsurance 10%", limits=[limit])
    found = planned(ask(plan, allowed=10_000, used=spent, fields={"coverage": "family"}))

    assert (found < 10_000) is expected["anyone_in_coinsurance"]


# -- what is not covered, plans, scales, fees


def test_a_simple_fracture_below_the_deductible(golden):
    inputs, expected = (golden["sbc-healthfirst-mia"][key] for key in ("inputs", "expected"))
    plan = a_plan(
        "deductible, copay $75",
        deductible=cents(inputs["deductible"]),
        out_of_pocket=cents(inputs["oop_max"]),
    )
    total = cents(inputs["total_example_cost"])
    (line,) = lines(ask(plan, allowed=total, billed=total))

    assert (line.deductible, line.copay, line.coinsurance, line.patient) == tuple(
        cents(expected[key]) for key in ("deductibles", "copayments", "coinsurance", "patient_pays")
    )


def test_lines_that_are_not_covered_are_paid_whole(golden):
    inputs, expected = (golden["synthea-old-none"][key] for key in ("inputs", "expected"))
    found = [
        adjudicate(a_line(allowed=0, billed=cents(x), covered=False, noncovered=cents(x)), 0, UNLIMITED).parts
        for x in inputs["lines"]
    ]

    assert sum(parts.patient for parts in found) == cents(expected["patient_pays"])
    assert sum(parts.plan_pays for parts in found) == cents(expected["plan_pays"])


@pytest.mark.parametrize("id", ["mpfs2024-90834-33.2875", "mpfs2024-90832-33.2875"])
def test_a_fee_schedule_reaches_the_line_to_the_cent(golden, id):
    expected = golden[id]["expected"]["national_nonfacility_usd"]
    product = Decimal(str(golden[id]["inputs"]["total_nonfacility_rvu"])) * Decimal("33.2875")
    assert round(product, 2) == Decimal(str(expected))

    schedule = a_schedule("medicare", cents(expected))
    plan = a_plan("no deductible, coinsurance 100%", allowed_in="100% of medicare")
    assert planned(ask(plan, allowed=None, reference=a_reference(schedule))) == cents(expected)


def fgc(household, income):
    """The 2024 scale: 30 up to 100 % of the guideline, 60 up to 200 %, else 90; 40 and 50 stand in."""
    guideline = PovertyGuideline("2024", "48", 1_506_000, 538_000)
    bands = (Band(10_000, 3_000), Band(12_500, 4_000), Band(15_000, 5_000), Band(20_000, 6_000))
    scale = Sliding(model="fpl_bands", guideline_year="2024", bands=bands, above=9_000, slots=True)
    return planned(
        ask(
            therapist=a_therapist(sliding=scale),
            household=household,
            income=cents(income),
            reference=replace(REFERENCE, guidelines={("2024", "48"): guideline}),
        ),
        "sliding_fee",
    )


@pytest.mark.parametrize("id", ["fgc-1-30120", "fgc-4-31200", "fgc-8-105440"])
def test_a_published_scale(golden, id):
    inputs, expected = (golden[id][key] for key in ("inputs", "expected"))

    assert fgc(inputs["household_size"], inputs["annual_income"]) == cents(expected["fee"])


def test_a_published_scale_above_its_last_band(golden):
    expected = golden["fgc-over-200"]["expected"]

    assert fgc(golden["fgc-over-200"]["inputs"]["household_size"], 30_121) == cents(expected["fee"])


@pytest.mark.parametrize("id", ["grace-101-150", "grace-201-250"])
def test_a_published_package(golden, id):
    inputs, expected = (golden[id][key] for key in ("inputs", "expected"))
    low, high = inputs["fpl_percent_range"]
    bands = (Band((low - 1) * 100, 1_000), Band(high * 100, cents(expected["fee_per_session"])))
    scale = Sliding(model="fpl_bands", guideline_year="2026", bands=bands, slots=True)
    therapist = a_therapist(sliding=scale)
    income = 1_596_000 * high // 100
    found = ask(therapist=therapist, household=1, income=income, sessions=inputs["sessions"])

    assert planned(found, "sliding_fee") == cents(expected["package_fee"])


# -- nothing is left out in silence

ELSEWHERE = (
    "bcbstx-oop-cap", "nh-copay-after-deductible", "gardencity-sequence", "gardencity-stop-after-4",
    "dol-faq-embedded-oop", "hhs-embedded-oop-20000", "illinois-embedded-ded", "lumity-gomez-aggregate",
    "uss-aggregate", "sbc-healthfirst-mia", "synthea-old-none", "mpfs2024-90834-33.2875",
    "mpfs2024-90832-33.2875", "fgc-1-30120", "fgc-4-31200", "fgc-8-105440", "fgc-over-200",
    "grace-101-150", "grace-201-250",
)  # fmt: skip


def test_every_published_case_is_asserted_or_listed_with_a_reason(golden):
    asserted = {id for id, case in golden.items() if case["kind"] != "caution"}

    assert asserted == {*ONE_LINE, *ELSEWHERE, *NOT_OURS}
