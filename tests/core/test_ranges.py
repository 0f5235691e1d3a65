"""Low, planning and high: every rule of ``definitions`` 5, with the worked range of ``domain`` 3."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coverage_service.core.facts import Between
from coverage_service.core.money import outward
from coverage_service.core.plan import AGGREGATE, Market, UpTo
from coverage_service.core.question_table import QUESTIONS
from coverage_service.core.reference import FeeSchedule, Rate
from coverage_service.core.request import Answer, LimitUsed, Used
from coverage_service.core.therapist import Fee
from tests.core.builders import (
    AS_OF,
    CODES,
    a_coverage,
    a_limit,
    a_plan,
    a_reference,
    a_row,
    a_therapist,
    a_visit_limit,
    ask,
    care_elsewhere,
    lines,
    pathway,
    planned,
    scenario,
    span,
    unknown,
    unknown_ids,
    used,
    window,
)

NOTHING_SAID = Used()


# -- the worked range


def worked(**words):
    asked = {"allowed": (11_000, 13_500, 16_000), "sessions": 10, "used": NOTHING_SAID}
    return ask(a_plan(deductible=100_000), **(asked | words))


def test_the_worked_range():
    # all met: 10 × 2200; nothing met: 100000 + 20 % of 35000, of 60000
    assert span(worked()) == (22_000, 107_000, 112_000)


@pytest.mark.parametrize(("id", "swing"), [("ded_remaining", 80_000), ("allowed_amount", 10_000)])
def test_the_worked_swings(id, swing):
    assert unknown(worked(), id).swing == swing


def test_the_question_that_moves_most_comes_first():
    asked = [each.id for each in worked().unknowns if each.swing]

    assert asked == ["ded_remaining", "allowed_amount"]


def test_the_worked_range_if_only_the_deductible_varies():
    assert span(worked(allowed=13_500)) == (27_000, 107_000, 107_000)


def test_the_worked_range_if_only_the_allowed_amount_varies():
    assert span(worked(used=used(deductible=0))) == (102_000, 107_000, 112_000)


def test_the_worked_range_for_people():
    assert outward(*span(worked()))[:3] == (220, 1_070, 1_120)


# -- a low end of nothing


def test_no_low_end_from_a_missing_allowed_amount():
    found = ask(a_plan(deductible=100_000), allowed=None)

    assert span(found) == (None, None, 20_000)
    assert pathway(found).low_reason == "allowed_amount"


def test_a_copay_bounds_what_a_missing_allowed_amount_can_cost():
    assert span(ask(a_plan("copay $30"), allowed=None)) == (None, None, 3_000)


def test_a_low_end_of_0_that_a_rule_states_is_given():
    assert span(ask(a_plan("no charge")))[0] == 0
    assert span(ask(a_plan("copay $30", out_of_pocket=50_000), used=used(out_of_pocket=50_000))) == (0, 0, 0)
    assert span(ask(a_plan("copay $0 to $25"))) == (0, None, 2_500)
    assert span(ask(a_plan("copay $0 or $18"))) == (0, None, 1_800)
    assert span(ask(a_plan("deductible", deductible=14_000), used=NOTHING_SAID)) == (0, 14_000, 14_000)


def test_an_interval_of_coinsurance():
    assert span(ask(a_plan("no deductible, coinsurance 20% to 40%"))) == (2_800, None, 5_600)


def test_no_charge_stays_nothing_whatever_the_allowed_amount():
    assert span(ask(a_plan("no charge"), allowed=None))[2] == 0


# -- coverage not known


def perhaps_covered(**words):
    plan = a_plan("copay $30", coverage=a_coverage("F43.*: unknown", **words))
    return ask(plan, sessions=2)


def test_covered_and_not_covered_stand_side_by_side():
    found = perhaps_covered(liability={"diagnosis": "patient"})

    assert span(found, case="covered") == (6_000, 6_000, 6_000)
    assert span(found, case="not_covered") == (40_000, 40_000, 40_000)
    assert span(found) == (6_000, None, 40_000)


def test_the_dearer_case_sets_the_high_end():
    """In network the clinician bears it: being covered is the dearer case."""
    found = perhaps_covered(liability={"diagnosis": "provider"})

    assert span(found, case="not_covered") == (0, 0, 0)
    assert window(found).high == 6_000


def test_what_coverage_moves_is_its_swing():
    found = perhaps_covered(liability={"diagnosis": "patient"})

    assert unknown(found, "dx_coverage").swing == 34_000


def test_who_bears_a_refusal_is_no_reason_to_show_nothing_to_pay():
    found = perhaps_covered()

    assert span(found, case="not_covered") == (None, None, 40_000)
    assert scenario(found, name="not_covered").low_reason == "denial_liability"


def test_swings_are_told_where_it_is_covered():
    """What a refusal costs hangs on facts that move nothing while the plan pays: coverage comes first."""
    found = ask(a_plan("copay $30", coverage=a_coverage("F43.*: unknown")), sessions=2, allowed=None)
    asked = [each.id for each in found.unknowns if each.swings.get("in_network")]

    assert asked[0] == "dx_coverage"
    assert unknown(found, "denial_liability").swing == 0
    assert unknown(found, "allowed_amount").swing == 6_000


def test_who_bears_a_refusal_that_is_certain_moves_all_of_it():
    found = ask(a_plan(coverage=a_coverage("F43.*: no")), sessions=2)

    assert unknown(found, "denial_liability").swing == 40_000


def test_a_rule_makes_a_refusal_free_unless_a_waiver_was_signed():
    """TRICARE (``domain`` 2.4): the rule is a basis for nothing, and the waiver is what is asked first."""
    plan = a_plan(coverage=a_coverage("F43.*: no"), market=Market(kind="TRICARE"), not_covered_rate={})
    found = ask(plan, sessions=2, waiver_signed=None, allowed=None)

    assert span(found) == (0, None, 40_000)
    assert scenario(found).low_reason is None
    assert found.unknowns[0].id == "waiver_signed"
    assert "denial_liability" not in [each.id for each in found.unknowns]


def test_two_scenarios_have_no_common_planning_figure():
    found = perhaps_covered(liability={"diagnosis": "patient"})

    assert (planned(found), planned(found, case="covered")) == (None, 6_000)


# -- a missing plan, a missing row


def test_without_a_plan_only_the_charge_bounds_the_insured_pathways():
    found = ask(sessions=3, network=None)

    for id in ("in_network", "out_of_network"):
        assert pathway(found, id).possible == "unknown"
        assert span(found, id) == (None, None, 60_000)
    assert span(found, "full_fee") == (60_000, 60_000, 60_000)


def test_without_a_plan_and_a_fee_nothing_bounds_them():
    found = ask(sessions=3, network=None, billed=None, allowed=None)

    assert span(found, "in_network") == (None, None, None)
    assert span(found, "full_fee") == (None, None, None)


def test_without_a_plan_the_whole_list_is_asked():
    found = ask(network=None)
    wanted = {row.id for row in QUESTIONS if set(row.situations) & {"in_network", "out_of_network"}}

    assert wanted - {row.id for row in QUESTIONS if row.script_only} <= unknown_ids(found)
    boundless = [each.id for each in found.unknowns if each.swing is None]
    order = [row.id for row in QUESTIONS]
    assert boundless == sorted(boundless, key=order.index)


def test_nobody_insured_has_no_insured_pathway():
    found = ask(fields={"uninsured": True})

    assert [pathway(found, id).possible for id in ("in_network", "out_of_network")] == ["no", "no"]
    assert pathway(found, "in_network").windows == ()


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(a_plan("unknown"), id="said to be unknown"),
        pytest.param(a_plan(None), id="no row fits"),
        pytest.param(
            a_plan(None, rows=[a_row("copay $30", service="group", network="in")]), id="another service"
        ),
    ],
)
def test_cost_sharing_not_known_is_bounded_by_the_allowed_amount(plan):
    found = ask(plan, sessions=2)

    assert span(found) == (None, None, 28_000)
    assert unknown(found, "cost_share").swing == 28_000


# -- allowed amounts


def test_a_benchmark_gives_its_middle_half_and_a_typical_figure():
    rate = Rate(percentiles={25: 12_000, 50: 13_000, 75: 16_000})
    schedule = FeeSchedule(id="benchmark", kind="benchmark", rates={"national": dict.fromkeys(CODES, rate)})
    plan = a_plan(allowed_in="100% of benchmark")
    found = ask(plan, allowed=None, reference=a_reference(schedule))

    # 20 % of each
    assert span(found) == (2_400, None, 3_200)
    assert window(found).typical == 2_600


def test_no_benchmark_no_typical_figure():
    assert window(worked()).typical is None


def test_out_of_network_a_higher_allowed_amount_is_the_cheaper_end():
    plan = a_plan(None, out="deductible, coinsurance 40%", balance_billing={"out": True})
    found = ask(plan, network="out", allowed=(10_000, 12_000, 15_000))

    # 20000 − 60 % of 15000, of 12000, of 10000
    assert span(found, "out_of_network") == (11_000, 12_800, 14_000)


def without_a_full_balance_bill(rule, allowed, **words):
    plan = a_plan(None, out="deductible, coinsurance 40%", balance_billing={"out": rule})
    return ask(plan, network="out", allowed=allowed, **words)


def test_out_of_network_without_a_balance_bill_a_lower_allowed_amount_is_the_cheaper_end():
    found = without_a_full_balance_bill(False, (10_000, 12_000, 15_000))

    # 40 % of each
    assert span(found, "out_of_network") == (4_000, 4_800, 6_000)


def test_out_of_network_with_a_limited_balance_bill_the_dearest_amount_may_lie_between():
    found = without_a_full_balance_bill(UpTo(1_500), (10_000, 12_000, 20_000), billed=20_700)

    # 40 % + 15 % of 10000; of 12000; dearest at 18000, from where the bill ends at 20700: 7200 + 2700
    assert span(found, "out_of_network") == (5_500, 6_600, 9_900)


def test_what_matters_in_one_case_alone_is_dearest_in_that_case():
    """Of three codes the allowed amount is not known, and the length is open: more than 64 cases.

    Where the deductible takes the allowed amount and at most 15 % is billed on top, what is charged may
    be all due: 25,000 for the intake, then three times 20,000 for the longer session.
    """
    out = "deductible, coinsurance 25%"
    plan = a_plan(None, out=out, out_deductible="$10,000", balance_billing={"out": UpTo(1_500)})
    prices = {"90791": (25_000, None), "90834": (18_000, None), "90837": (20_000, None)}
    found = ask(plan, network="out", prices=prices, minutes=None, intake=True, sessions=4)

    assert span(found, "out_of_network") == (None, None, 85_000)


def test_a_charge_not_known_is_open_for_visits_beyond_a_limit():
    plan = a_plan("copay $30", visit_limits=(a_visit_limit(1),))
    fees = tuple(Fee(cpt=code, fee=Between(20_000, 25_000)) for code in CODES)
    found = ask(plan, sessions=2, billed=None, therapist=a_therapist(fees=fees))

    assert span(found)[::2] == (23_000, 28_000)


# -- what is used


def test_used_out_of_pocket_follows_the_deductible_when_not_said():
    plan = a_plan(deductible=100_000, out_of_pocket=150_000)
    found = ask(plan, sessions=30, allowed=10_000, used=NOTHING_SAID)

    # low: deductible met, so 50000 of room for 30 × 2000; high: 100000 + 20 × 2000
    assert span(found) == (50_000, 140_000, 140_000)
    assert "oop_from_deductible" in {note.code for note in found.assumptions}


def test_a_maximum_that_may_be_reached_is_asked_and_stands_outside_the_range():
    plan = a_plan(deductible=100_000, out_of_pocket=150_000)
    found = ask(plan, sessions=2, allowed=10_000, used=Used(limits={"in_network": LimitUsed(deductible=0)}))

    assert span(found) == (20_000, 20_000, 20_000)
    assert unknown(found, "oop_remaining").swing == 20_000


def test_no_more_deductible_is_used_than_out_of_pocket():
    """Every run is a feasible world: with 20000 spent at most 20000 of the deductible are met."""
    plan = a_plan(deductible=100_000, out_of_pocket=500_000)
    spent = Used(limits={"in_network": LimitUsed(out_of_pocket=20_000)})
    found = ask(plan, sessions=10, allowed=10_000, used=spent)

    # 80000 + 20 % of 20000
    assert span(found) == (84_000, 100_000, 100_000)


def family(**said):
    plan = a_plan(limits=[a_limit("deductible", 100_000, family=200_000)])
    spent = Used(limits={"in_network": LimitUsed(**said)})
    return ask(plan, sessions=10, allowed=10_000, used=spent, fields={"coverage": "family"})


def test_family_figures_missing_lie_between_the_persons_and_the_family_limit():
    # low: the family limit is met, 10 × 2000; planning: the family has used what I have
    assert span(family(deductible=60_000)) == (20_000, 40_000 + 12_000, 52_000)


def test_a_family_has_used_what_its_member_used():
    """Every run is a feasible world: 60000 of mine are 60000 of the family's 100000."""
    plan = a_plan(limits=[a_limit("deductible", family=100_000, method=AGGREGATE)])
    spent = used(deductible=60_000, family_deductible=0)
    found = ask(plan, sessions=10, allowed=10_000, used=spent, fields={"coverage": "family"})

    assert planned(found) == 40_000 + 6 * 2_000


def test_family_figures_are_not_asked_of_self_only_cover():
    plan = a_plan(limits=[a_limit("deductible", 100_000, family=200_000)])
    spent = Used(limits={"in_network": LimitUsed(deductible=60_000)})
    found = ask(plan, sessions=10, allowed=10_000, used=spent, fields={"coverage": "self_only"})

    assert span(found) == (52_000, 52_000, 52_000)


def test_used_above_a_limit_is_clamped_and_said():
    found = ask(a_plan(deductible=100_000), used=used(deductible=120_000))

    assert planned(found) == 2_800
    assert "used_over_limit" in {note.code for note in found.notices}


@pytest.mark.parametrize(
    ("bucket", "cents", "told"),
    [("in_network", 40_000, []), ("out_of_network", 40_000, ["out_of_network"]), ("out_of_network", 0, [])],
)
def test_what_is_used_of_a_limit_that_the_plan_does_not_have_is_said(bucket, cents, told):
    found = ask(a_plan(deductible=100_000), used=used(deductible=cents, bucket=bucket))

    assert [each.params["limit"] for each in found.notices if each.code == "used_without_limit"] == told


def test_a_range_of_used_amounts():
    found = ask(a_plan(deductible=100_000), used=used(deductible=Between(90_000, 95_000)))

    # 5000 + 1800 to 10000 + 800
    assert span(found)[::2] == (6_800, 10_800)


# -- a copay that is waived where the deductible ends


WAIVED = "deductible, copay $30 once deductible is met"


def test_a_waived_copay_widens_the_low_end_by_one_copay_a_plan_year():
    found = ask(a_plan(WAIVED, deductible=100_000), sessions=10, used=NOTHING_SAID)

    # low: 10 × 3000 less one copay; planning: 7 × 14000 + 2000 + 2 × 3000, the eighth copay waived;
    # high: the same with the eighth copay
    assert span(found) == (27_000, 106_000, 109_000)


def test_a_waived_copay_is_exact_when_the_deductible_is_known():
    found = ask(a_plan(WAIVED, deductible=100_000), sessions=2, used=used(deductible=90_000))

    assert span(found) == (13_000, 13_000, 13_000)


def test_a_waived_copay_in_two_plan_years():
    plan = a_plan(WAIVED, deductible=14_000)
    found = ask(plan, sessions=4, as_of=date(2026, 12, 22), used=NOTHING_SAID)

    # low run: 2026 met, 2 × 3000; 2027 again 14000 + 0 and 3000; less one copay of each year
    assert span(found)[0] == 6_000 + 17_000 - 2 * 3_000


def test_a_copay_once_the_deductible_is_met_that_therapy_does_not_use_up():
    found = ask(
        a_plan("copay $30 once deductible is met", deductible=100_000), sessions=10, used=NOTHING_SAID
    )

    assert span(found) == (0, 0, 30_000)


def test_a_maximum_that_leaves_the_copay_out_is_bounded():
    """Domain 2.7, I6: with the maximum reached, a deductible that counts is 0 and leaves no copay."""
    maximum = a_limit("out_of_pocket", 50_000, counts=("deductible", "coinsurance"))
    plan = a_plan("deductible, copay $30", deductible=14_000, limits=[maximum])
    found = ask(plan, used=Used(limits={"in_network": LimitUsed(out_of_pocket=50_000)}))

    assert span(found)[::2] == (0, 3_000)


UNTIL_MET = "copay {} until deductible is met, coinsurance 20% once deductible is met"


@pytest.mark.parametrize(
    ("copay", "ends"),
    [
        pytest.param("$30", (28_000, 30_000, 30_000), id="copay above coinsurance"),
        pytest.param("$20", (20_000, 20_000, 28_000), id="copay below coinsurance"),
    ],
)
def test_a_copay_until_the_deductible_is_met_takes_the_envelope(copay, ends):
    plan = a_plan(UNTIL_MET.format(copay), deductible=100_000)

    assert span(ask(plan, sessions=10, used=NOTHING_SAID)) == ends


# -- components, order, other questions


def test_components_of_the_low_and_the_high_run_add_up_to_them():
    found = window(worked())

    for parts, total in ((found.parts_low, found.low), (found.parts_high, found.high)):
        assert parts.deductible + parts.copay + parts.coinsurance + parts.balance + parts.noncovered == total


def test_unknowns_without_bounds_come_first_and_script_only_ones_last():
    swings = [each.swing for each in ask(network=None).unknowns]
    boundless = [swing for swing in swings if swing is None]

    assert swings[: len(boundless)] == boundless
    rest = [swing for swing in swings if swing is not None]
    assert rest == sorted(rest, reverse=True)


def test_a_question_nobody_could_answer_goes_to_the_end():
    found = worked(fields={"answers": {"ded_remaining": Answer(value=None)}})

    assert found.unknowns[-1].id == "ded_remaining"
    assert found.unknowns[-1].asked


def test_other_care_does_not_swing():
    found = worked(other_care=[care_elsewhere(AS_OF + timedelta(days=400), 50_000)])

    assert [each.id for each in found.unknowns if each.swing] == ["ded_remaining", "allowed_amount"]


def test_network_not_known_leaves_both_pathways_open():
    plan = a_plan("copay $30", out="deductible, coinsurance 40%", allowed_out="$150")
    found = ask(plan, network=None)

    assert [pathway(found, id).possible for id in ("in_network", "out_of_network")] == ["unknown", "unknown"]
    # in network 3000; outside 20000 − 60 % of 15000 = 11000
    assert unknown(found, "network_status").swing == 8_000


def test_medicaid_allows_no_self_pay():
    found = ask(a_plan("copay $4", market=Market(kind="Medicaid")))

    assert [pathway(found, id).possible for id in ("full_fee", "sliding_fee")] == ["no", "no"]


def test_the_same_request_gives_the_same_answer():
    assert worked() == worked()
    assert repr(worked()) == repr(worked())


def test_a_known_estimate_asks_for_no_amount():
    found = ask(a_plan("copay $30"))

    assert not [each.id for each in found.unknowns if each.swing or each.swing is None]
    assert [line.patient for line in lines(found)] == [3_000]


def test_a_copay_until_the_deductible_is_met_hangs_on_the_price_too():
    """At 1831 a visit the second one is split and owes its cent; at 3660 the first meets it all."""
    plan = a_plan("deductible, copay $0.01 until deductible is met", deductible=60_000)
    words = {"sessions": 2, "used": used(deductible=56_340)}
    inside = ask(plan, allowed=1_831, **words)
    around = ask(plan, allowed=(1, None, 3_660), **words)

    # 1831 + 1829 of the deductible + 1 cent
    assert span(inside)[2] == 3_661
    assert span(around)[2] >= 3_661
