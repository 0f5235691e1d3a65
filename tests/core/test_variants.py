"""Every variant of cost sharing with the worked figures of ``domain`` 2.4, one test id per figure.

The allowed amount is 14000 and the charge 20000 unless said.  A figure about one line is asked of
``split`` or ``adjudicate``; one about the facts of a plan is asked of a whole estimate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_service.core.adjudicate import adjudicate, coordinate, split
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, DiagnosisRule, Market, Members, ShareOfIncome, UpTo
from coverage_service.core.plan import Supplement as SupplementFacts
from coverage_service.core.request import Answer, OtherPlan
from coverage_service.core.terms import (
    COUNTS_ALL,
    IN_NETWORK,
    MAINTENANCE,
    NON_DUPLICATION,
    STANDARD,
    TO_MEMBER,
    UNLIMITED,
    Supplement,
)
from coverage_service.core.therapist import Clinician
from coverage_service.rulebook.check_rows import AFTERWARDS
from coverage_service.rulebook.schema_coverage import DENIALS
from tests.core.builders import (
    AS_OF,
    a_coverage,
    a_limit,
    a_line,
    a_plan,
    a_reference,
    a_row,
    a_scale,
    a_schedule,
    a_therapist,
    a_visit_limit,
    accumulated,
    an_eap,
    ask,
    care_elsewhere,
    counting,
    lines,
    pathway,
    planned,
    scenario,
    span,
    steps,
    unknown,
    unknown_ids,
    used,
)

FAR = UNLIMITED


def shares(sharing, allowed, left, room=FAR, **more):
    """(deductible, copay, coinsurance, over the maximum, credit, counting) of one line."""
    return split(steps(sharing), allowed, left, room, **more)


def patient(sharing, allowed, left, room=FAR, **more):
    """What a line without balance bill costs the patient."""
    return sum(shares(sharing, allowed, left, room, **more)[:4])


@pytest.mark.parametrize(
    ("sharing", "allowed", "left", "cost"),
    [
        pytest.param("copay $40", 14_000, 0, 4_000, id="COPAY_ONLY"),
        pytest.param("copay $60", 5_200, 0, 5_200, id="COPAY_ONLY capped at the allowed amount"),
        pytest.param("deductible, coinsurance 20%", 14_000, 5_000, 6_800, id="DED_COINS 5000+1800"),
        pytest.param("deductible, coinsurance 15%", 10_110, 0, 1_517, id="DED_COINS 1516.5 rounds half up"),
        pytest.param("no deductible, coinsurance 20%", 14_000, 9_000, 2_800, id="COINS_ONLY"),
        pytest.param("deductible, copay $30", 14_000, 12_500, 14_000, id="DED_COPAY 12500+1500"),
        pytest.param("deductible, copay $30", 14_000, 5_000, 8_000, id="DED_COPAY 5000+3000"),
        pytest.param("deductible, copay $30", 14_000, 14_000, 14_000, id="DED_COPAY nothing left, no copay"),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 5_000, 5_000, id="DED_COPAY copay waived"
        ),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 0, 3_000, id="DED_COPAY waived, met: 3000"
        ),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 1, 1, id="DED_COPAY waived, one cent left"
        ),
        pytest.param("copay $30, deductible", 14_000, 50_000, 14_000, id="COPAY_THEN_DED 50000 left"),
        pytest.param("copay $30", 14_000, 50_000, 3_000, id="COPAY_THEN_DED 50000 left, if waived"),
        pytest.param("copay $30, deductible", 14_000, 4_000, 7_000, id="COPAY_THEN_DED 4000 left"),
        pytest.param("copay $30, deductible", 14_000, 0, 3_000, id="COPAY_THEN_DED met"),
        pytest.param("copay $40 toward deductible", 14_000, 50_000, 4_000, id="COPAY_COUNTS_DED copay only"),
        pytest.param(
            "copay $30 toward deductible, deductible", 14_000, 4_000, 4_000, id="COPAY_COUNTS_DED first"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 14_000, 0, 4_400, id="COPAY_PLUS_COINS 2000+2400"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20% ignoring copay",
            14_000,
            0,
            4_800,
            id="COPAY_PLUS_COINS allowed 2000+2800",
        ),
        pytest.param(
            "deductible, copay $25, coinsurance 10% ignoring copay",
            10_000,
            0,
            3_500,
            id="COPAY_PLUS_COINS published 3500",
        ),
        pytest.param(
            "deductible, copay $25, coinsurance 10%", 10_000, 0, 3_250, id="COPAY_PLUS_COINS net 3250"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 14_000, 50_000, 14_000, id="COPAY_PLUS_COINS ded first"
        ),
        pytest.param(
            "copay $20, deductible, coinsurance 20%", 14_000, 50_000, 14_000, id="COPAY_PLUS_COINS copay 1st"
        ),
        pytest.param("no charge", 14_000, 50_000, 0, id="NO_CHARGE"),
        pytest.param("deductible", 14_000, 9_000, 9_000, id="NO_CHARGE_AFTER_DED"),
        pytest.param(
            "deductible, coinsurance 50% up to $75", 20_000, 0, 7_500, id="MAX_COINS 7500, not 10000"
        ),
        pytest.param("deductible, coinsurance 20%", 14_000, 10_000, 10_800, id="FAMILY_EMBEDDED 10000 left"),
    ],
)
def test_a_line_costs(sharing, allowed, left, cost):
    assert patient(sharing, allowed, left) == cost


UNTIL_MET = "copay {} until deductible is met, coinsurance 20% once deductible is met"


@pytest.mark.parametrize(
    ("copay", "left", "cost"),
    [
        pytest.param("$30", 100, 3_000, id="$30, 100 left"),
        pytest.param("$30", 0, 2_800, id="$30, met"),
        pytest.param("$20", 100, 2_000, id="$20, 100 left"),
        pytest.param("$20", 0, 2_800, id="$20, met"),
    ],
)
def test_a_copay_until_the_deductible_is_met(copay, left, cost):
    assert patient(UNTIL_MET.format(copay), 14_000, left) == cost


@pytest.mark.parametrize(
    ("sharing", "left", "credit"),
    [
        pytest.param(
            "copay $30, deductible", 50_000, 11_000, id="COPAY_THEN_DED credits what follows the copay"
        ),
        pytest.param("copay $40 toward deductible", 50_000, 4_000, id="COPAY_COUNTS_DED credits the copay"),
        pytest.param("copay $40", 50_000, 0, id="COPAY_COUNTS_DED default credits nothing"),
        pytest.param(
            "copay $30 toward deductible, deductible", 4_000, 4_000, id="COPAY_COUNTS_DED 3000+1000"
        ),
        pytest.param(
            "deductible, copay $30 toward deductible",
            5_000,
            5_000,
            id="COPAY_COUNTS_DED never above what is left",
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 50_000, 14_000, id="COPAY_PLUS_COINS ded first"
        ),
        pytest.param(
            "copay $20, deductible, coinsurance 20%", 50_000, 12_000, id="COPAY_PLUS_COINS copay 1st"
        ),
        pytest.param("no charge", 50_000, 0, id="NO_CHARGE credits nothing"),
    ],
)
def test_a_line_credits_the_deductible(sharing, left, credit):
    assert shares(sharing, 14_000, left)[4] == credit


def test_a_copay_that_counts_leaves_less_for_the_deductible():
    deductible, copay, *_ = shares("copay $30 toward deductible, deductible", 14_000, 4_000)

    assert (deductible, copay) == (1_000, 3_000)


@pytest.mark.parametrize(
    ("sharing", "allowed", "left", "room", "counted", "cost"),
    [
        pytest.param(
            "deductible, coinsurance 20%", 15_000, 0, 1_800, COUNTS_ALL, 1_800, id="raw 3000, room 1800"
        ),
        pytest.param("deductible, coinsurance 20%", 15_000, 0, 0, COUNTS_ALL, 0, id="next session"),
        pytest.param(
            "deductible, coinsurance 20%",
            15_000,
            9_000,
            6_000,
            COUNTS_ALL,
            6_000,
            id="room ends inside the deductible",
        ),
        pytest.param(
            "deductible, coinsurance 20%",
            15_000,
            9_000,
            1_000,
            counting("coinsurance"),
            10_000,
            id="only coinsurance counts: 9000+1000",
        ),
        pytest.param(
            "deductible, coinsurance 20%", 15_000, 9_000, 1_000, COUNTS_ALL, 1_000, id="all parts count: 1000"
        ),
        pytest.param(
            "copay $40",
            15_000,
            0,
            0,
            counting("deductible", "coinsurance"),
            4_000,
            id="copay does not count: 4000",
        ),
        pytest.param("copay $40", 15_000, 0, 0, COUNTS_ALL, 0, id="copay counts: 0"),
    ],
)
def test_out_of_pocket_limit_reached_part_way(sharing, allowed, left, room, counted, cost):
    assert patient(sharing, allowed, left, room, counted=counted) == cost


def test_the_limit_leaves_the_deductible_before_the_coinsurance():
    deductible, _, coinsurance, _, credit, counts = shares(
        "deductible, coinsurance 20%", 15_000, 9_000, 6_000
    )

    assert (deductible, coinsurance, credit, counts) == (6_000, 0, 6_000, 6_000)


# -- rows about plan facts, through an estimate


@pytest.mark.parametrize(
    ("allowed", "billed", "copay", "parts"),
    [
        pytest.param(
            14_000, 20_000, "$40", (4_000, 10_000, 6_000), id="patient 4000, plan 10000, write-off 6000"
        ),
        pytest.param(5_200, 9_000, "$60", (5_200, 0, 3_800), id="patient 5200, plan 0"),
    ],
)
def test_copay_only(allowed, billed, copay, parts):
    (line,) = lines(ask(a_plan(f"copay {copay}"), allowed=allowed, billed=billed))

    assert (line.patient, line.plan_pays, line.write_off) == parts


@pytest.mark.parametrize(
    ("sharing", "allowed", "met", "plan_pays"),
    [
        pytest.param("deductible, coinsurance 20%", 14_000, 95_000, 7_200, id="plan 7200"),
        pytest.param("deductible, coinsurance 15%", 10_110, 100_000, 8_593, id="plan 8593, the remainder"),
    ],
)
def test_deductible_and_coinsurance(sharing, allowed, met, plan_pays):
    found = ask(a_plan(sharing, deductible="$1,000"), allowed=allowed, used=used(deductible=met))

    assert lines(found)[0].plan_pays == plan_pays


def test_copay_before_deductible_on_the_phone_has_two_readings():
    plan = a_plan("copay $30 | copay $30, deductible", deductible="$500")
    found = ask(plan)

    assert span(found) == (3_000, None, 14_000)
    assert unknown(found, "ded_applies").swing == 11_000


def test_a_copay_and_a_percentage_without_a_base_has_two_figures():
    sharing = "deductible, copay $20, coinsurance 20% | deductible, copay $20, coinsurance 20% ignoring copay"
    found = ask(a_plan(sharing))

    assert span(found) == (4_400, None, 4_800)
    assert unknown(found, "coinsurance_base").swing == 400


def test_first_visits_of_a_shared_pool():
    plan = a_plan(
        "deductible, copay $65",
        rows=[a_row("copay $65", network="in", first=(3, "first-visits"))],
        deductible=630_000,
        pools={"first-visits": ("primary_care", "specialist", "urgent_care", "outpatient_mental_health")},
    )
    once = used(visits={"first-visits": 1})

    # One was used elsewhere: 2 × 6500 + 8 × 14000
    assert planned(ask(plan, sessions=10, used=once)) == 125_000


@pytest.mark.parametrize(
    ("per", "allowed", "second"),
    [
        pytest.param(" per day", 9_000, 0, id="per day 3000+0"),
        pytest.param("", 9_000, 3_000, id="per line 3000+3000"),
        pytest.param(" per day per clinician", 9_000, 0, id="per day and clinician, the same one"),
    ],
)
def test_copay_a_day(per, allowed, second):
    plan = a_plan(f"copay $30{per}")
    prices = {"99213": (9_000, 9_000), "90836": (6_000, 6_000)}
    found = ask(plan, codes=("99213", "90836"), prices=prices)

    assert [line.patient for line in lines(found)] == [3_000, second]


def test_copay_a_day_is_capped_at_the_allowed_amount():
    assert lines(ask(a_plan("copay $30 per day"), allowed=2_500))[0].patient == 2_500


FAMILY_LIMIT = {"family": 300_000}


@pytest.mark.parametrize(
    ("limit", "mine", "family", "cost"),
    [
        pytest.param(
            a_limit("deductible", 150_000, **FAMILY_LIMIT),
            140_000,
            230_000,
            10_800,
            id="embedded, 10000 left",
        ),
        pytest.param(
            a_limit("deductible", 150_000, **FAMILY_LIMIT, method=AGGREGATE),
            140_000,
            230_000,
            14_000,
            id="aggregate, 70000 left",
        ),
        pytest.param(
            a_limit("deductible", 150_000, **FAMILY_LIMIT),
            20_000,
            296_000,
            6_000,
            id="embedded, family at 296000",
        ),
        pytest.param(
            a_limit("deductible", family=0, method=AGGREGATE), None, None, 2_800, id="aggregate of $0"
        ),
        pytest.param(a_limit("out_of_pocket", family=0, method=AGGREGATE), None, None, 0, id="maximum of $0"),
    ],
)
def test_family_deductibles(limit, mine, family, cost):
    found = ask(
        a_plan(limits=[limit]),
        used=used(deductible=mine, family_deductible=family),
        fields={"coverage": "family"},
    )

    assert planned(found) == cost


@pytest.mark.parametrize(
    ("cap", "cost"),
    [pytest.param("legal", 2_000, id="legal cap of 2026"), pytest.param(None, 3_000, id="raw")],
)
def test_the_legal_maximum_protects_one_person_under_an_aggregate_limit(cap, cost):
    limit = a_limit("out_of_pocket", family=2_120_000, method=AGGREGATE, person_cap=cap)
    found = ask(
        a_plan(limits=[limit]),
        allowed=15_000,
        used=used(deductible=0, out_of_pocket=1_058_000, family_out_of_pocket=1_058_000),
        fields={"coverage": "family"},
    )

    assert planned(found) == cost


@pytest.mark.parametrize(
    ("others_met", "cost"),
    [pytest.param(2, 2_800, id="two others met theirs"), pytest.param(1, 14_000, id="one other met hers")],
)
def test_n_members(others_met, cost):
    limit = a_limit("deductible", 150_000, method=Members(2))
    found = ask(
        a_plan(limits=[limit]),
        used=used(
            deductible=20_000, family_deductible=20_000 + others_met * 150_000, family_members_met=others_met
        ),
        fields={"coverage": "family"},
    )

    assert planned(found) == cost


def test_persons_who_met_their_deductible_have_not_met_a_maximum():
    """20 % of 14000 each time: the person's maximum of $5,000 is far."""
    limits = [a_limit(kind, 500_000, method=Members(2)) for kind in ("deductible", "out_of_pocket")]
    found = ask(
        a_plan(limits=limits),
        sessions=20,
        used=used(deductible=0, family_members_met=2),
        fields={"coverage": "family"},
    )

    assert planned(found) == 20 * 2_800


def test_a_separate_mental_health_deductible():
    plan = a_plan(
        "behavioral_health deductible, coinsurance 20%",
        deductible=100_000,
        limits=[a_limit("deductible", 50_000, bucket="behavioral_health")],
    )
    assert planned(ask(plan, used=used(deductible=95_000))) == 14_000


def test_an_integrated_deductible():
    assert planned(ask(a_plan(deductible=100_000), used=used(deductible=95_000))) == 6_800


IN_AND_OUT = {
    "out": "deductible, coinsurance 40%",
    "deductible": 100_000,
    "out_deductible": 80_000,
    "allowed_out": "$150",
    "balance_billing": {"out": True},
}


def five_in_then_three_out(cross):
    """The patient's lines out of network, after five sessions in network with somebody else."""
    plan = a_plan(**IN_AND_OUT, cross={"deductible": cross})
    before = [care_elsewhere(AS_OF + timedelta(days=day), 14_000) for day in range(5)]
    later = AS_OF + timedelta(days=7)
    return lines(
        ask(plan, network="out", billed=22_000, sessions=3, first_session=later, other_care=before),
        "out_of_network",
    )


@pytest.mark.parametrize(
    ("cross", "share"),
    [
        pytest.param("none", 45_000, id="ACC_SEPARATE"),
        pytest.param("in_to_out", 24_000, id="ACC_IN_TO_OUT"),
        pytest.param("out_to_in", 45_000, id="ACC_OUT_TO_IN"),
        pytest.param("both", 24_000, id="ACC_CROSS"),
    ],
)
def test_cross_accumulation_into_the_share(cross, share):
    assert sum(line.deductible + line.coinsurance for line in five_in_then_three_out(cross)) == share


@pytest.mark.parametrize("cross", ["none", "both"])
def test_cross_accumulation_leaves_the_balance_bill_alone(cross):
    assert sum(line.balance for line in five_in_then_three_out(cross)) == 21_000


def test_cross_accumulation_starts_from_an_in_network_share():
    assert planned(ask(a_plan(**IN_AND_OUT), sessions=5)) == 70_000


def test_out_of_pocket_limit_reached_in_a_course():
    plan = a_plan(deductible=0, out_of_pocket=500_000)
    first, second = lines(
        ask(plan, allowed=15_000, sessions=2, used=used(deductible=0, out_of_pocket=498_200))
    )

    assert (first.patient, first.plan_pays, second.patient) == (1_800, 13_200, 0)


@pytest.mark.parametrize(
    ("rate", "owed"),
    [
        pytest.param("contracted", 14_000, id="contracted rate"),
        pytest.param("billed", 20_000, id="full charge"),
    ],
)
def test_a_visit_beyond_the_limit_is_the_patients(rate, owed):
    plan = a_plan(
        deductible=100_000,
        visit_limits=(a_visit_limit(20),),
        not_covered_rate={"in": rate},
    )
    spent = used(visits={"outpatient_mental_health": 20})
    found = ask(plan, used=spent)

    assert lines(found)[0].patient == owed
    assert lines(found)[0].write_off == 20_000 - owed
    assert accumulated(found) == {"in_network.deductible": 0}


def test_visits_to_other_clinicians_count_to_the_limit():
    plan = a_plan("copay $30", visit_limits=(a_visit_limit(20),))
    spent = used(visits={"outpatient_mental_health": 19})

    assert [line.patient for line in lines(ask(plan, sessions=2, used=spent))] == [3_000, 20_000]


@pytest.mark.parametrize(
    ("stated", "kind", "waiver", "low", "high"),
    [
        pytest.param("provider", "PPO", False, 0, 0, id="stated: the clinician"),
        pytest.param("provider", "PPO", True, 14_000, 14_000, id="unless a waiver was signed"),
        pytest.param("provider", "PPO", None, 0, 14_000, id="and nobody said whether one was"),
        pytest.param(UNKNOWN, "PPO", False, None, 14_000, id="not known: both, nothing free"),
        pytest.param("patient", "MEDICAID", False, 14_000, 14_000, id="stated: the patient"),
        pytest.param(None, "MEDICAID", False, 0, 0, id="a protecting programme without a waiver"),
        pytest.param(None, "TRICARE", True, 14_000, 14_000, id="and with one"),
        pytest.param(None, "TRICARE", None, 0, 14_000, id="and with no word of one"),
    ],
)
def test_who_bears_the_visit_beyond_a_limit_is_as_the_plan_says(stated, kind, waiver, low, high):
    """The 21st of 20 visits: the contracted rate of $140, or nothing and $200 written off."""
    plan = a_plan(
        "copay $30",
        market=Market(kind=kind),
        visit_limits=(a_visit_limit(20),),
        coverage=a_coverage(liability={} if stated is None else {"visit_limit": stated}),
        not_covered_rate={"in": "contracted"},
    )
    found = ask(plan, waiver_signed=waiver, used=used(visits={"outpatient_mental_health": 20}))

    least, _, most = span(found)
    assert (least, most) == (low, high)
    assert lines(found)[0].patient + lines(found)[0].write_off == 20_000


WRITES_OFF = {
    "exclusion": ({"excluded": "sexual_dysfunction: yes"}, {"diagnoses": ("F52.21",)}),
    "diagnosis": ({"text": "F43.*: no"}, {}),
    "credential": ({"licences": ("PHD",)}, {}),
    "code": ({"codes": {"90837": False}}, {}),
    "telehealth": ({"telehealth": False}, {"modality": "telehealth"}),
    "referral": ({"referral": True}, {}),
    "authorization": ({"prior_authorization": True}, {}),
    "visit_limit": ({}, {"used": used(visits={"outpatient_mental_health": 20})}),
    "no_benefit": ({}, {}),
}
"""A ground → the coverage and the question that bring a refusal on it about."""


@pytest.mark.parametrize("ground", sorted(WRITES_OFF))
def test_every_ground_that_a_visit_can_be_refused_on_is_borne_as_stated(ground):
    """A refused visit is the charge of $200 where the patient bears it, and nothing where not."""
    coverage, question = WRITES_OFF[ground]
    owed = {}
    for who in ("patient", "provider"):
        plan = a_plan(
            "not covered" if ground == "no_benefit" else "copay $30",
            coverage=a_coverage(**coverage, liability={ground: who}),
            visit_limits=(a_visit_limit(20),),
        )
        found = pathway(ask(plan, **question))
        owed[who] = [s.windows[-1].high for s in found.scenarios if s.name != "covered"] or [
            found.windows[-1].high
        ]

    assert owed == {"patient": [20_000], "provider": [0]}


def test_the_grounds_of_a_rule_file_are_these_and_those_decided_after_a_visit():
    assert sorted(DENIALS) == sorted([*WRITES_OFF, *AFTERWARDS])


def test_out_of_network_the_patient_bears_the_visit_beyond_a_limit():
    plan = a_plan(
        out="copay $30",
        allowed_out="$150",
        visit_limits=(a_visit_limit(20),),
        coverage=a_coverage(liability={"visit_limit": "provider"}),
    )
    found = ask(plan, network="out", used=used(visits={"outpatient_mental_health": 20}))

    assert lines(found, "out_of_network")[0].patient == 20_000


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


def test_what_is_above_the_most_a_plan_pays_is_part_of_the_share_and_counts_nowhere():
    deductible, copay, coinsurance, over, _, counts = shares(
        "deductible, coinsurance 40%, plan pays up to $90", 16_100, 0
    )

    assert deductible + copay + coinsurance + over == 7_100
    assert counts == 6_440


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
    parts = adjudicate(line, 0, FAR).parts

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

    assert adjudicate(line, left, FAR).patient == cost


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

    assert adjudicate(line, 0, FAR).patient == excess


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
    found = adjudicate(line, 4_000, FAR).parts

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
    parts = adjudicate(first, 0, FAR, alone=12_000).parts

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

    assert adjudicate(line, 28_300, FAR).patient == cost


def test_health_centre_scale_caps_an_insured_share():
    therapist = a_therapist(sliding=a_scale(4_000, caps_insured_share=True))
    found = ask(a_plan("copay $60"), therapist=therapist)

    assert planned(found) == 4_000
    assert lines(found)[0].forgiven == 2_000


def test_a_health_centre_caps_no_share_of_a_code_that_is_not_on_its_scale():
    scale = a_scale(4_000, caps_insured_share=True, cpts=("90832",))
    found = ask(a_plan("copay $60"), billed=None, therapist=a_therapist(sliding=scale))

    assert planned(found) == 6_000
    assert "sliding" not in unknown_ids(found)


def test_an_ordinary_scale_never_reduces_an_insured_share():
    found = ask(a_plan("copay $60"), therapist=a_therapist(sliding=a_scale(4_000)))

    assert planned(found) == 6_000
