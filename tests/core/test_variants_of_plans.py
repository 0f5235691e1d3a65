"""The variants of ``domain`` 2.4 that facts of a plan decide, each as a whole estimate.

The allowed amount is 14000 and the charge 20000 unless said.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, OUT_OF_POCKET, Market, Members
from coverage_service.core.request import LimitUsed, Used
from coverage_service.rulebook.check_rows import AFTERWARDS
from coverage_service.rulebook.schema_coverage import DENIALS
from tests.core.builders import (
    AS_OF,
    a_coverage,
    a_limit,
    a_plan,
    a_row,
    a_visit_limit,
    accumulated,
    ask,
    care_elsewhere,
    lines,
    pathway,
    planned,
    scenario,
    span,
    unknown,
    used,
)


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


@pytest.mark.parametrize(
    ("crossing", "cost"),
    [("out_to_in", 6_800), ("both", 6_800), ("in_to_out", 14_000), ("none", 14_000)],
)
def test_care_outside_fills_the_deductible_inside_where_the_plan_says_so(crossing, cost):
    """$600 outside beside $350 of $1,000: 5000 are left, and 20 % of 9000; or 65000 of 14000."""
    plan = a_plan(
        out="deductible", deductible="$1,000", out_deductible="$800", cross={"deductible": crossing}
    )
    spent = {"in_network": LimitUsed(deductible=35_000), "out_of_network": LimitUsed(deductible=0)}
    outside = care_elsewhere(AS_OF - timedelta(days=1), "$600", "deductible", network="out")

    found = ask(plan, used=Used(limits=spent), other_care=[outside], as_of=AS_OF - timedelta(days=1))

    assert planned(found) == cost


def test_a_percentage_has_a_ceiling_in_an_estimate_too():
    assert planned(ask(a_plan("coinsurance 50% up to $75"), allowed=14_000)) == 7_000
    assert planned(ask(a_plan("coinsurance 50% up to $75"), allowed=20_000)) == 7_500


@pytest.mark.parametrize(("crossing", "share"), [("in_to_out", 1_000), ("none", 6_000)])
def test_care_inside_fills_the_maximum_outside_where_the_plan_says_so(crossing, share):
    """$90 paid inside leave $10 of $100 outside; else 40 % of 15000."""
    plan = a_plan(
        "copay $90", out="coinsurance 40%", out_of_pocket="$5,000", out_out_of_pocket="$100",
        allowed_out="$150", cross={OUT_OF_POCKET: crossing},
    )  # fmt: skip
    nothing = LimitUsed(deductible=0, out_of_pocket=0)
    inside = care_elsewhere(AS_OF - timedelta(days=1), "$90", "copay $90", network="in")
    found = ask(
        plan, network="out", billed=15_000, other_care=[inside], as_of=AS_OF - timedelta(days=1),
        used=Used(limits={"in_network": nothing, "out_of_network": nothing}),
    )  # fmt: skip

    assert planned(found, "out_of_network") == share


def test_a_limit_on_visits_as_a_couple_leaves_visits_alone():
    plan = a_plan("copay $40", visit_limits=(a_visit_limit(2, service="family_counselling"),))

    assert planned(ask(plan, sessions=5)) == 5 * 4_000
    couple = ask(plan, sessions=3, format="couple", used=used(visits={"family_counselling": 0}))
    covered = scenario(couple, name="covered").ledger
    assert ["visit_limit_reached" in line.reasons for line in covered] == [False, False, True]
