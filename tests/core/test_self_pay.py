"""Insurance or self-pay over the year, all expected care counted (``domain`` 4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import Market
from coverage_service.core.request import LimitUsed, Used
from coverage_service.core.therapist import Band, NetworkEntry, Sliding
from tests.core.builders import (
    AS_OF,
    a_plan,
    a_scale,
    a_therapist,
    accumulated,
    ask,
    care_elsewhere,
    lines,
    pathway,
    planned,
    span,
    used,
    window,
)

SCALE = a_therapist(sliding=a_scale(9_000))


def a_year(other=0, **words):
    """Deductible 300000, 20 %, maximum 600000, 20 sessions of 14000, or 9000 on the scale."""
    plan = a_plan(deductible=300_000, out_of_pocket=600_000)
    later = [care_elsewhere(AS_OF + timedelta(days=200), other)] if other else []
    return ask(plan, **({"sessions": 20, "therapist": SCALE, "other_care": later} | words))


def of_the_year(found, id):
    """The twelve-month total of all care, as planned."""
    row = next(row for row in found.comparison if row.run == "planning")
    return row.totals[id]


@pytest.mark.parametrize(
    ("other", "id", "total"),
    [
        pytest.param(0, "in_network", 280_000, id="no other care, insurance"),
        pytest.param(0, "sliding_fee", 180_000, id="no other care, self-pay"),
        pytest.param(250_000, "in_network", 346_000, id="other care 250000, insurance"),
        pytest.param(250_000, "sliding_fee", 430_000, id="other care 250000, self-pay"),
    ],
)
def test_the_year_costs(other, id, total):
    # insurance: 280000, then 20000 of deductible and 20 % of 230000; self-pay: 180000 and 250000 whole
    assert of_the_year(a_year(other), id) == total


@pytest.mark.parametrize(
    ("other", "cheapest", "by"),
    [
        pytest.param(0, "sliding_fee", 100_000, id="self-pay by 100000"),
        pytest.param(250_000, "in_network", 84_000, id="insurance by 84000"),
    ],
)
def test_the_cheapest_way_turns_with_other_care(other, cheapest, by):
    row = next(row for row in a_year(other).comparison if row.run == "planning")

    assert (row.cheapest, row.by) == ((cheapest,), by)


def test_the_turn_lies_near_145000():
    """Insurance 280000 + 20000 + 20 % of (x − 20000), self-pay 180000 + x: equal at x = 145000."""
    (turn,) = a_year().thresholds

    assert (turn.insured, turn.self_pay) == ("in_network", "sliding_fee")
    assert 145_000 <= turn.other_care <= 145_100


@pytest.mark.parametrize(
    ("run", "insured", "paid_by_oneself"),
    [
        # the deductible of $1,000 is met: 10 × $28 and $200 of the other care, or 10 × $200 and $200
        ("low", 48_000, 220_000),
        # nothing is used: the other care takes it up, whoever pays the therapy
        ("planning", 128_000, 300_000),
        ("high", 128_000, 300_000),
    ],
)
def test_each_way_sees_the_other_care_at_the_same_end(run, insured, paid_by_oneself):
    before = [care_elsewhere(AS_OF, 100_000)]
    found = ask(a_plan(deductible=100_000), sessions=10, used=Used(), other_care=before)
    row = next(each for each in found.comparison if each.run == run)

    assert row.totals == {"in_network": insured, "full_fee": paid_by_oneself}


def test_therapy_figures_contain_no_other_care():
    assert planned(a_year(250_000)) == 280_000
    assert planned(a_year(250_000), "sliding_fee") == 180_000


def test_one_overall_winner_only_if_it_wins_every_row():
    assert a_year().cheapest == "sliding_fee"
    assert a_year(250_000).cheapest == "in_network"


def test_what_decides_is_named_when_no_way_wins_every_row():
    """Deductible met: 20 × 2800, less than 180000; nothing met: 280000."""
    spent = Used(limits={"in_network": LimitUsed(out_of_pocket=300_000)})
    undecided = a_year(used=spent)

    assert undecided.cheapest is None
    assert undecided.decided_by == "ded_remaining"


def a_superbill():
    """B 22000, 30 sessions, deductible 150000, A 15000, the member pays 40 %."""
    plan = a_plan(
        None,
        out="deductible, coinsurance 40%",
        out_deductible=150_000,
        out_out_of_pocket=900_000,
        allowed_out="$150",
        balance_billing={"out": True},
    )
    return ask(plan, network="out", billed=22_000, sessions=30)


@pytest.mark.parametrize(
    ("part", "cents"),
    [
        pytest.param("at_visit", 660_000, id="up front"),
        pytest.param("later_refund", 180_000, id="refund"),
        pytest.param("patient", 480_000, id="net"),
        pytest.param("balance", 210_000, id="balance bill 30 × 7000"),
    ],
)
def test_a_superbill(part, cents):
    assert getattr(window(a_superbill(), "out_of_network").parts_planning, part) == cents


def test_a_superbill_refunds_less_than_60_percent_back_promises():
    """60 % of 660000 would be 396000."""
    assert window(a_superbill(), "out_of_network").parts_planning.later_refund < 396_000


def test_only_the_share_of_a_superbill_counts_to_the_maximum():
    assert accumulated(a_superbill(), "out_of_network")["out_of_network.out_of_pocket_maximum"] == 270_000


def test_self_pay_earns_no_accumulator():
    """Other care after self-paid sessions meets the whole deductible."""
    found = a_year(250_000)

    assert of_the_year(found, "sliding_fee") - planned(found, "sliding_fee") == 250_000


def test_other_care_before_the_first_session_is_not_part_of_the_twelve_months():
    """It fills the deductible all the same (``definitions`` 6: the window begins at the first session)."""
    before = care_elsewhere(AS_OF - timedelta(days=2), 300_000)
    found = a_year(other_care=[before], used=used(deductible=0, as_of=AS_OF - timedelta(days=4)))

    assert of_the_year(found, "in_network") == 20 * 2_800
    assert of_the_year(found, "sliding_fee") == 180_000


# -- who may pay a price of their own


@pytest.mark.parametrize(
    ("market", "network", "possible"),
    [
        pytest.param("PPO", "out", "yes", id="out of network"),
        pytest.param("PPO", "in", "unknown", id="in network: the contract may bar it"),
        pytest.param("Medicaid", "in", "no", id="Medicaid"),
        pytest.param("Medicare", "in", "no", id="Medicare, enrolled"),
        pytest.param("Medicare", "opted_out", "yes", id="Medicare, opted out"),
    ],
)
def test_who_may_pay_a_sliding_fee(market, network, possible):
    plan = a_plan("copay $30", market=Market(kind=market))
    found = ask(plan, network=network, therapist=SCALE)

    assert pathway(found, "sliding_fee").possible == possible
    assert pathway(found, "full_fee").possible == possible


def test_a_contract_that_may_bar_self_pay_is_the_reason():
    found = ask(a_plan("copay $30"), therapist=SCALE)

    assert "contract_may_bar_self_pay" in {note.code for note in pathway(found, "sliding_fee").reasons}


def test_a_closed_scale_is_no_way_to_pay():
    assert (
        pathway(ask(therapist=a_therapist(sliding=a_scale(9_000, slots=False))), "sliding_fee").possible
        == "no"
    )


# -- scales in a course


def on_guideline(**words):
    bands = (Band(10_000, 6_000), Band(15_000, 9_000), Band(20_000, 12_000), Band(30_000, 15_000))
    scale = Sliding(
        model="fpl_bands", guideline_year="2026", bands=bands, slots=True, cpts=("90834", "90837", "90847")
    )
    return ask(fields={"uninsured": True}, network=None, therapist=a_therapist(sliding=scale), **words)


@pytest.mark.parametrize(
    ("household", "income", "cents"),
    [
        pytest.param(2, 3_800_000, 12_000, id="175.60 % of 2164000"),
        pytest.param(1, 3_192_000, 12_000, id="200 % is inclusive"),
        pytest.param(1, 3_192_100, 15_000, id="a dollar above 200 %"),
        pytest.param(1, 1_596_000, 6_000, id="100 % is inclusive"),
        pytest.param(1, 9_900_000, 20_000, id="above the scale: the full fee"),
    ],
)
def test_a_scale_by_poverty_guideline(household, income, cents):
    assert planned(on_guideline(household=household, income=income), "sliding_fee") == cents


def test_an_intake_that_is_not_on_the_scale_costs_the_full_fee():
    found = on_guideline(household=1, income=1_000_000, intake=True, sessions=2)

    assert [line.patient for line in lines(found, "sliding_fee")] == [20_000, 6_000]


def test_a_scale_without_an_income_is_a_range():
    assert span(on_guideline(household=2), "sliding_fee") == (6_000, None, 20_000)


def test_a_network_of_members_takes_its_fee_once():
    scale = Sliding(model="membership", fee=5_000, membership=6_500, slots=True)

    assert (
        planned(ask(sessions=10, therapist=a_therapist(sliding=scale)), "sliding_fee") == 6_500 + 10 * 5_000
    )


def test_a_reduced_fee_with_claims_is_the_charge_out_of_network():
    scale = a_scale(9_000, with_out_of_network_claims=True)
    plan = a_plan(None, out="deductible, coinsurance 40%", allowed_out="$161", balance_billing={"out": True})
    found = ask(plan, network="out", therapist=a_therapist(sliding=scale), income=3_000_000, household=1)

    # domain 2.4 OON_SLIDING: 40 % of 9000
    assert planned(found, "out_of_network") == 3_600
    assert pathway(found, "out_of_network").fee == "sliding"


def test_the_practices_file_says_whether_it_is_in_the_network():
    entry = NetworkEntry(plan="plan", status="in", contract={"90837": 14_000})
    found = ask(
        a_plan("no deductible, coinsurance 20%"),
        network=None,
        allowed=None,
        therapist=a_therapist(networks=(entry,)),
    )

    assert pathway(found).possible == "yes"
    assert planned(found) == 2_800


def test_a_superbill_that_is_refused_closes_the_pathway():
    found = ask(a_plan(None, out="deductible"), network="out", therapist=a_therapist(superbill=False))

    assert pathway(found, "out_of_network").possible == "no"


def test_a_superbill_nobody_asked_about_leaves_it_open():
    found = ask(
        a_plan(None, out="deductible", allowed_out="$150"),
        network="out",
        therapist=a_therapist(superbill=UNKNOWN),
    )

    assert pathway(found, "out_of_network").possible != "no"
    assert "superbill" in {each.id for each in found.unknowns}
