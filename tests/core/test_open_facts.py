"""A fact nobody gave is asked by its own name, and is never counted as nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import NONE, UNKNOWN, Between
from coverage_service.core.plan import Plan, ShareOfIncome, Supplement, UpTo
from coverage_service.core.request import Answer, Household, OtherPlan, Price, Used
from coverage_service.core.therapist import Band, Fee, Sliding
from tests.core.builders import (
    a_coverage,
    a_limit,
    a_plan,
    a_reference,
    a_request,
    a_scale,
    a_therapist,
    a_visit_limit,
    an_eap,
)


def pathway(found, id="in_network"):
    return next(p for p in found.pathways if p.id == id)


def course(found, id="in_network"):
    window = pathway(found, id).windows[-1]
    return window.low, window.planning, window.high


def asked(found):
    return {each.id: each.swing for each in found.unknowns}


def answered(request, **values):
    given = {id: Answer(value=value) for id, value in values.items()}
    return estimate(replace(request, answers={**request.answers, **given}), a_reference())


def priced(*entries, prices, sessions=1, **more):
    """A request with prices by code, an intake unless it is left out."""
    asked_for = a_request(*entries, billed=None, allowed=None, sessions=sessions, **more)
    return replace(asked_for, prices=prices)


class TestALowEndHangsOnAMissingFact:
    def test_sessions_whose_allowed_amount_nobody_knows_are_not_counted_as_free(self):
        """The intake costs $180 of the deductible; the other nine are not known: no low end."""
        plan = a_plan(deductible=1_000_000)
        prices = {"90791": Price(billed=25_000, allowed=18_000), "90837": Price(billed=20_000)}
        request = priced(plan, prices=prices, sessions=10)
        request = replace(request, care=replace(request.care, intake=True))
        found = estimate(request, a_reference())

        assert course(found) == (None, None, 18_000 + 9 * 20_000)
        assert pathway(found).low_reason == "allowed_amount"

    def test_a_fee_nobody_knows_gives_self_pay_no_low_end(self):
        prices = {"90791": Price(billed=25_000)}
        request = priced(prices=prices, sessions=10, network=None)
        request = replace(request, care=replace(request.care, intake=True), uninsured=True)
        found = estimate(request, a_reference())

        assert course(found, "full_fee") == (None, None, None)
        assert pathway(found, "full_fee").low_reason == "fee"

    def test_an_amount_outside_that_nobody_knows_gives_no_low_end(self):
        """The plan may allow the whole bill or next to nothing: only the bill is a bound."""
        plan = a_plan(None, out="coinsurance 40%")
        found = estimate(a_request(plan, network="out", billed=25_000, allowed=None), a_reference())

        assert course(found, "out_of_network") == (None, None, 25_000)

    def test_several_missing_facts_together_give_no_zero(self):
        """No row, no fee, no allowed amount: each alone leaves 0, together they are anything."""
        plan = a_plan(None, out=None)
        found = estimate(a_request(plan, network="in", billed=None, allowed=None), a_reference())

        assert course(found) == (None, None, None)

    def test_a_low_end_a_rule_yields_stands(self):
        """No charge is no charge, whatever is allowed."""
        found = estimate(a_request(a_plan("no charge"), billed=20_000, allowed=None), a_reference())

        assert course(found)[0] == 0


def test_a_maximum_that_does_not_exist_is_not_asked_about():
    plan = a_plan("coinsurance 20%", limits=[a_limit("out_of_pocket", NONE)])
    found = estimate(a_request(plan, used=Used()), a_reference())

    assert "oop_remaining" not in asked(found)
    assert all(not row.accumulators for row in pathway(found).scenarios[0].ledger)


class TestScaleOutsideTheNetwork:
    SCALE = Sliding(
        model="fpl_bands", guideline_year="2026", bands=(Band(10_000, fee=9_000),), above=None, slots=True,
        with_out_of_network_claims=True,
    )  # fmt: skip

    def request(self, **more):
        plan = a_plan(None, out="coinsurance 40%", allowed_out="$161")
        therapist = a_therapist(fee=25_000, sliding=replace(self.SCALE, **more))
        asked_for = a_request(plan, network="out", billed=None, allowed=None, sessions=4)
        return replace(asked_for, therapist=(therapist,), prices={})

    def test_an_income_not_given_spans_the_scale(self):
        """At $90: 40 % of 9000 a session; at $250: 40 % of 16100 and the 8900 above it."""
        found = estimate(self.request(), a_reference())

        assert course(found, "out_of_network") == (4 * 3_600, None, 4 * (6_440 + 8_900))
        swings = next(each.swings for each in found.unknowns if each.id == "household_income")
        assert swings["out_of_network"] == 4 * (15_340 - 3_600)

    def test_a_practice_that_did_not_say_is_asked(self):
        household = Household(size=1, area="48", income=1_000_000)
        request = replace(self.request(with_out_of_network_claims=UNKNOWN), household=household)
        found = estimate(request, a_reference())

        assert course(found, "out_of_network") == (14_400, None, 61_360)
        assert "sliding_claims" in asked(found)
        assert course(answered(request, sliding_claims=True), "out_of_network") == (14_400, 14_400, 14_400)

    def test_a_practice_that_did_not_say_may_mean_its_scale_before_anybody_names_an_income(self):
        """Naming an income settles which fee of the scale it is, and lowers nothing (I17)."""
        request = self.request(with_out_of_network_claims=UNKNOWN)
        request = replace(request, household=Household(size=1, area="48"))
        found = estimate(request, a_reference())

        assert course(found, "out_of_network") == (4 * 3_600, None, 4 * (6_440 + 8_900))
        assert {"sliding_claims", "household_income"} <= asked(found).keys()
        told = answered(request, household_income=1_000_000)
        assert course(told, "out_of_network") == (4 * 3_600, None, 4 * (6_440 + 8_900))
        refused = answered(request, sliding_claims=False)
        assert course(refused, "out_of_network") == (61_360, 61_360, 61_360)

    def test_the_scale_or_a_full_fee_nobody_knows_has_no_low_end(self):
        request = self.request(with_out_of_network_claims=UNKNOWN, above=12_000)
        request = replace(request, therapist=(replace(request.therapist[0], fees=()),))
        found = estimate(request, a_reference())

        assert course(found, "out_of_network") == (None, None, None)
        assert "fee" in asked(found)
        # told $20: 40 % of it a session
        assert course(answered(request, fee=2_000), "out_of_network")[0] == 4 * 800

    def test_a_fee_off_the_scale_that_nobody_knows_leaves_the_scale(self):
        """The intake is free; then two sessions at $90: 40 % of 9000 each, whatever the intake costs."""
        request = self.request(cpts=("90837",), above=9_000)
        practice = replace(request.therapist[0], fees=(Fee(cpt="90837", fee=25_000),))
        care = replace(request.care, intake=True, sessions=3)
        request = replace(request, therapist=(practice,), care=care, eap=an_eap(1))
        found = estimate(request, a_reference())

        assert course(found, "out_of_network") == (None, None, None)
        assert course(found, "eap_first")[::2] == (2 * 3_600, 2 * 3_600)
        assert {"fee"} <= asked(found).keys()
        told = answered(request, fee={"90791": 30_000})
        assert course(told, "eap_first")[::2] == (2 * 3_600, 2 * 3_600)
        # 40 % of 16100, and the 13900 above it
        assert course(told, "out_of_network")[::2] == (6_440 + 13_900 + 2 * 3_600,) * 2


class TestAScalePrintedWithoutAFullFee:
    """It stands as printed; a fee told later that is lower contradicts it, and lowers nothing."""

    def request(self, **more):
        scale = Sliding(**({"model": "slots", "fee": 1_500, "slots": True} | more))
        return a_request(a_plan(None), network="out", billed=None, allowed=None, sessions=5,
                         therapist=a_therapist(sliding=scale))  # fmt: skip

    @pytest.mark.parametrize("fee", [0, 1_000, 1_500, 9_000])
    def test_the_stated_fee(self, fee):
        assert course(estimate(self.request(), a_reference()), "sliding_fee") == (7_500, 7_500, 7_500)
        assert course(answered(self.request(), fee=fee), "sliding_fee") == (7_500, 7_500, 7_500)

    def test_a_place_nobody_spoke_of(self):
        request = self.request(slots=UNKNOWN)

        assert course(estimate(request, a_reference()), "sliding_fee") == (7_500, None, None)
        assert course(answered(request, fee=1_000), "sliding_fee") == (7_500, None, 7_500)
        assert course(answered(request, fee=9_000), "sliding_fee") == (7_500, None, 45_000)

    def test_a_printed_full_fee_still_ends_the_scale(self):
        request = self.request()
        request = replace(request, therapist=(a_therapist(fee=1_000, sliding=a_scale(1_500)),))

        assert course(estimate(request, a_reference()), "sliding_fee") == (5_000, 5_000, 5_000)


def test_the_deductible_outside_has_its_own_question_after_free_sessions_too():
    plan = a_plan(None, out="deductible, coinsurance 40%", out_deductible=150_000, deductible=100_000)
    request = a_request(plan, network="out", billed=20_000, allowed=14_000, sessions=10, used=Used())
    found = estimate(replace(request, eap=an_eap(3)), a_reference())

    assert "ded_remaining" not in asked(found)
    swings = next(each.swings for each in found.unknowns if each.id == "oon_ded_remaining")
    # it takes 60 % more of each session of 14000, ten of them or the seven that are not free
    assert swings == {"out_of_network": 10 * 8_400, "eap_first": 7 * 8_400}


class TestAnOfferedFee:
    """What a practice prints of its scale besides the fee stays as it is."""

    def told(self, fee, **more):
        scale = Sliding(**({"model": "flat_range", "minimum": 4_000, "maximum": 7_000, "slots": True} | more))
        request = a_request(a_plan(None), network="out", billed=20_000, sessions=3, intake=True,
                            therapist=a_therapist(sliding=scale))  # fmt: skip
        return course(estimate(request, a_reference()), "sliding_fee"), course(
            answered(request, sliding=fee), "sliding_fee"
        )

    def test_joining_a_network_of_members_is_paid_for(self):
        before, after = self.told(5_000, model="membership", membership=6_000)

        assert before == (6_000 + 3 * 4_000, None, 6_000 + 3 * 7_000)
        assert after == (6_000 + 3 * 5_000,) * 3

    def test_a_code_off_the_scale_costs_the_full_fee(self):
        before, after = self.told(5_000, cpts=("90837",))

        assert before == (20_000 + 2 * 4_000, None, 20_000 + 2 * 7_000)
        assert after == (20_000 + 2 * 5_000,) * 3


def test_a_panel_nobody_spoke_of_is_asked_and_not_the_sessions():
    request = a_request(a_plan("copay $30"), sessions=10)
    silent = replace(request.therapist[0], eap_programmes=UNKNOWN) if request.therapist else a_therapist()
    request = replace(request, eap=an_eap(6), therapist=(silent,))
    found = estimate(request, a_reference())

    assert course(found, "eap_first") == (4 * 3_000, None, 10 * 3_000)
    assert asked(found)["eap_panel"] == 18_000
    assert "eap" not in asked(found)


@pytest.mark.parametrize(
    ("income", "ends"),
    [
        pytest.param(Between(600_000, 1_800_000), (2_500, 5_000), id="between 6,000 and 18,000 a year"),
        pytest.param(600_000, (2_500, 2_500), id="5 % of 6,000 a year is 25 a month"),
    ],
)
def test_a_share_of_income_follows_the_income(income, ends):
    """Five copays of $10 in one month; floor(income × 5 % / 12) caps them."""
    limit = a_limit("out_of_pocket", None, family=ShareOfIncome(500), period="month", method="aggregate")
    request = a_request(a_plan("copay $10", limits=[limit]), sessions=5)
    request = replace(request, household=Household(income=income), care=replace(request.care, every_days=5))
    found = estimate(request, a_reference())

    assert (course(found)[0], course(found)[2]) == ends
    assert ("household_income" in asked(found)) is (ends[0] != ends[1])


class TestAnswersOnPrices:
    def test_an_answer_replaces_a_stated_range(self):
        prices = {"90837": Price(billed=20_000, allowed_low=11_000, allowed=13_500, allowed_high=16_000)}
        request = priced(a_plan("no deductible, coinsurance 20%"), prices=prices, sessions=10)
        found = answered(request, allowed_amount=12_000)

        assert course(found) == (24_000, 24_000, 24_000)
        assert "allowed_amount" not in asked(found)

    def test_the_amount_outside_leaves_the_contracted_one_alone(self):
        plan = a_plan("coinsurance 20%", out="coinsurance 40%")
        request = a_request(plan, network=None, billed=25_000, allowed=14_000)
        before = estimate(request, a_reference())
        after = answered(request, oon_method=12_000)

        # 40 % of 12000 and the 13000 above it
        assert course(after, "out_of_network")[2] == 4_800 + 13_000
        assert course(after)[0] == course(before)[0] == 2_800

    def test_one_amount_for_two_codes_leaves_the_one_that_is_stated_alone(self):
        """A length nobody said is 90834 or 90837: 40 % of 14000 and the 6000 above it is the dearer."""
        prices = {
            "90837": Price(billed=20_000, allowed=14_000),
            "90834": Price(billed=16_000, allowed_low=11_000, allowed_high=15_000),
        }
        plan = a_plan(None, out="coinsurance 40%", balance_billing={"out": True})
        request = priced(plan, prices=prices, network="out", minutes=None)
        found = estimate(request, a_reference())

        # 40 % of 15000 and the 1000 above; told 11500: 4600 and 4500
        assert course(found, "out_of_network") == (7_000, None, 5_600 + 6_000)
        told = answered(request, oon_method=11_500)
        assert course(told, "out_of_network") == (4_600 + 4_500, None, 5_600 + 6_000)
        assert "oon_method" not in asked(told)

    def test_an_amount_for_codes_that_are_all_stated_replaces_them(self):
        prices = {"90837": Price(billed=20_000, allowed=14_000)}
        request = priced(a_plan("no deductible, coinsurance 20%"), prices=prices)

        assert course(answered(request, allowed_amount=12_000)) == (2_400, 2_400, 2_400)

    def test_a_fee_leaves_those_that_the_practice_published_alone(self):
        """90834 costs 13000 by the practice's file, and 90837 as told."""
        practice = replace(a_therapist(), fees=(Fee(cpt="90834", fee=13_000),))
        request = priced(a_plan(None), prices={}, network="out", minutes=None, therapist=practice)

        assert course(answered(request, fee=20_000), "full_fee") == (13_000, None, 20_000)

    def test_an_answer_on_the_network_does_not_move_what_an_amount_was_stated_for(self):
        plan = a_plan("copay $30", out="coinsurance 40%", allowed_out="$161")
        request = a_request(plan, network=None, billed=25_000, allowed=14_000)
        found = answered(request, network_status="out")

        assert course(found, "out_of_network")[2] == 6_440 + 8_900


def test_visits_beyond_a_limit_are_charged_at_a_rate_that_is_asked():
    """Two copays; then three visits at the contract's 14000 or the bill's 20000."""
    plan = a_plan("copay $40", visit_limits=(a_visit_limit(3),), not_covered_rate={})
    request = a_request(plan, billed=20_000, allowed=14_000, sessions=5)
    found = estimate(replace(request, used=Used(visits={"outpatient_mental_health": 1})), a_reference())

    assert course(found) == (8_000 + 3 * 14_000, None, 8_000 + 3 * 20_000)
    assert asked(found)["not_covered_rate"] == 18_000


@pytest.mark.parametrize(
    ("visits", "since", "asks"),
    [
        pytest.param(15, 0, False, id="five visits and fifteen used"),
        pytest.param(16, 0, True, id="and sixteen used"),
        pytest.param(15, 1, True, id="and one held since"),
        pytest.param(None, 0, True, id="and nobody said how many"),
    ],
)
def test_a_visit_limit_that_no_visit_reaches_asks_nothing(visits, since, asks):
    """Five copays of $40 are planned with where twenty visits are enough, whatever the 21st would cost."""
    plan = a_plan("copay $40", visit_limits=(a_visit_limit(20),), not_covered_rate={})
    used = Used(visits={} if visits is None else {"outpatient_mental_health": visits}, sessions_since=since)
    found = estimate(replace(a_request(plan, sessions=5), used=used), a_reference())

    assert ("not_covered_rate" in asked(found)) == asks
    assert course(found)[1] == (None if asks else 20_000)


@pytest.mark.parametrize(
    ("sharing", "billed", "allowed", "network", "told"),
    [
        pytest.param("coinsurance 20%", None, 14_000, "in", True, id="a share of the allowed amount"),
        pytest.param("deductible, copay $30", None, 14_000, "in", True, id="or the deductible"),
        pytest.param("unknown", None, 14_000, "in", True, id="or at most all of it"),
        pytest.param("copay $30", None, 14_000, "in", False, id="a copay"),
        pytest.param("coinsurance 20%", 20_000, 14_000, "in", False, id="the charge is known"),
        pytest.param("coinsurance 20%", None, None, "in", False, id="the allowed amount is not"),
        pytest.param("coinsurance 20%", None, 14_000, "out", False, id="outside the charge is in the range"),
    ],
)
def test_a_charge_nobody_knows_is_taken_to_be_no_less_than_the_allowed_amount(
    sharing, billed, allowed, network, told
):
    plan = a_plan(sharing if network == "in" else None, out=sharing if network == "out" else None)
    found = estimate(a_request(plan, network=network, billed=billed, allowed=allowed), a_reference())

    assumed = [(n.code, n.params) for n in found.assumptions if n.code == "charge_at_least_allowed"]
    assert assumed == ([("charge_at_least_allowed", {"cpt": "90837"})] if told else [])


def test_a_charge_told_below_the_allowed_amount_ends_what_was_assumed():
    """20 % of 14000 allowed, then of the 10000 charged, of which the plan counts no more."""
    plan = a_plan("coinsurance 20%")
    before = estimate(a_request(plan, billed=None), a_reference())
    after = answered(a_request(plan, billed=None), fee=10_000)

    assert (course(before), course(after)) == ((2_800, 2_800, 2_800), (2_000, 2_000, 2_000))
    assert "charge_at_least_allowed" not in {note.code for note in after.assumptions}


def test_no_end_of_an_allowed_amount_favours_where_a_health_centre_caps_the_share():
    """A deductible of $300, then 20 %, at most $80 a visit, four visits.

    At $100: three visits of the deductible at $80, then $20.  At $200: two of them at $80, then
    $40 twice.  Cheapest is $150, whose second visit ends the deductible: $80 twice, $30 twice.
    Dearest is $114.28, the most at which the third reaches the cap: $71.44 and a fifth of $42.84
    are $80.01; the fourth is $22.86.
    """
    scale = Sliding(model="fqhc", guideline_year="2026", fee=8_000, caps_insured_share=True)
    plan = a_plan("deductible, coinsurance 20%", deductible=30_000)
    centre = {"therapist": a_therapist(sliding=scale), "income": 1_000_000, "household": 1, "sessions": 4}
    at_100, at_200, between = (
        estimate(a_request(plan, allowed=allowed, **centre), a_reference())
        for allowed in (10_000, 20_000, (10_000, None, 20_000))
    )

    assert course(at_100)[0] == 3 * 8_000 + 2_000
    assert course(at_200)[0] == 2 * 8_000 + 2 * 4_000
    assert course(between) == (22_000, None, 26_286)


def test_the_amounts_of_an_intake_and_of_a_session_turn_together():
    """A deductible of $1,000 and at most $80 a visit: an intake and eleven sessions at $50 to $160.

    Dearest is $80 for each of the twelve, $960 in all, which stay below the deductible.  Cheapest is
    $160 for each: six of them are $960 of the deductible at $80, $40 are left: $520.
    """
    scale = Sliding(model="fqhc", guideline_year="2026", fee=8_000, caps_insured_share=True)
    plan = a_plan("deductible", deductible=100_000)
    amounts = (5_000, None, 16_000)
    request = a_request(
        plan, prices={"90837": (20_000, amounts), "90791": (20_000, amounts)}, intake=True, sessions=12,
        therapist=a_therapist(sliding=scale), income=1_000_000, household=1,
    )  # fmt: skip

    at_160 = replace(request, prices={code: Price(billed=20_000, allowed=16_000) for code in request.prices})
    assert course(estimate(at_160, a_reference())) == (52_000,) * 3
    assert course(estimate(request, a_reference())) == (52_000, None, 96_000)


def test_of_very_many_capped_visits_not_every_amount_is_looked_at():
    """104 visits of which each is at most $80: $8,320; how little they may cost is not said."""
    scale = Sliding(model="fqhc", guideline_year="2026", fee=8_000, caps_insured_share=True)
    plan = a_plan("deductible, coinsurance 20%", deductible=30_000, out_of_pocket=1_000_000)
    request = a_request(
        plan, prices={"90837": (50_000, (5_000, None, 40_000)), "90791": (50_000, (7_000, None, 49_000))},
        intake=True, sessions=104, therapist=a_therapist(sliding=scale), income=1_000_000, household=1,
    )  # fmt: skip
    found = estimate(request, a_reference())
    few = estimate(replace(request, care=replace(request.care, sessions=12)), a_reference())

    assert course(found) == (None, None, 832_000)
    assert (pathway(found).envelope, pathway(found).low_reason) == ("outer", "allowed_amount")
    assert (pathway(few).envelope, pathway(few).low_reason) == ("exact", None)
    prices = {**request.prices, "90791": Price(billed=50_000)}
    untold = estimate(replace(request, prices=prices), a_reference())
    assert [window.low for window in pathway(untold).windows] == [None] * 5


def test_a_leave_still_needed_is_a_reason_of_the_line():
    plan = a_plan("copay $30")
    plan = replace(plan, coverage=replace(plan.coverage, prior_authorization=True))
    request = a_request(plan)
    request = replace(request, care=replace(request.care, authorization=False))
    rows = pathway(estimate(request, a_reference())).scenarios[0].ledger

    assert rows[0].reasons == ("authorization_needed",)


def test_nothing_is_planned_with_while_the_network_is_not_known():
    found = estimate(a_request(a_plan("copay $40"), network=None, sessions=2), a_reference())

    assert course(found) == (8_000, None, 8_000)
    assert all(row.run != "planning" or "in_network" not in row.totals for row in found.comparison)


def test_parts_of_a_low_end_add_up_or_are_not_given():
    """One copay may be waived on the visit where the deductible ends: 9000 is no single run."""
    plan = a_plan("deductible, copay $30 once deductible is met", deductible=25_000)
    found = estimate(a_request(plan, allowed=14_000, sessions=4, used=Used()), a_reference())
    window = pathway(found).windows[-1]

    assert (window.low, window.parts_low) == (9_000, None)


def test_stale_rules_stand_in_no_planning_row_and_no_threshold():
    """Unreviewed for a year: the range stays, nothing is planned or compared with."""
    plan = replace(a_plan("copay $40", deductible=100_000), reviewed=date(2024, 1, 1))
    found = estimate(a_request(plan, billed=20_000, allowed=14_000, sessions=2), a_reference())

    assert course(found) == (8_000, None, 8_000)
    assert not [row for row in found.comparison if row.run == "planning" and "in_network" in row.totals]
    assert found.thresholds == ()


def test_a_limited_balance_bill_is_dearest_a_cent_below_its_peak():
    """Allowed 17391: 20 % = 3478 and min(2609, 15 % = 2609); at 17392 3478 and 2608."""
    plan = a_plan(None, out="coinsurance 20%", balance_billing={"out": UpTo(1_500)})
    request = priced(
        plan, prices={"90837": Price(billed=20_000, allowed_low=10_000, allowed_high=20_000)}, network="out"
    )
    found = estimate(request, a_reference())

    # at 10000: 2000 and 15 % = 1500
    assert course(found, "out_of_network") == (3_500, None, 3_478 + 2_609)


def test_each_code_of_a_limited_balance_bill_has_its_own_cheapest_end():
    """20 % and at most 15 % above: 10000 of 20000 costs 2000 and 1500, all 20000 of it 4000; of
    9000, 8500 costs 1700 and 500, all of it 1800."""
    prices = {
        "90791": Price(billed=20_000, allowed_low=10_000, allowed_high=20_000),
        "90837": Price(billed=9_000, allowed_low=8_500, allowed_high=9_000),
    }
    plan = a_plan(None, out="coinsurance 20%", balance_billing={"out": UpTo(1_500)})
    request = priced(plan, prices=prices, sessions=2, network="out", intake=True)
    found = estimate(request, a_reference())

    low, high = 3_500 + 1_800, 3_478 + 2_609 + 2_200
    assert course(found, "out_of_network") == (low, None, high)
    assert asked(found)["oon_method"] == high - low
    question = next(each for each in found.unknowns if each.id == "oon_method")
    assert (question.low, question.high) == (8_500, 20_000)
    told = answered(request, oon_method={"90837": 9_000})
    assert course(told, "out_of_network") == (3_500 + 1_800, None, 3_478 + 2_609 + 1_800)


@pytest.mark.parametrize(
    ("rate", "ends"),
    [
        pytest.param("contracted", (10_000, None, 16_000), id="the contracted amount"),
        pytest.param("billed", (20_000, 20_000, 20_000), id="the charge, whatever the amount"),
        pytest.param(UNKNOWN, (10_000, None, 20_000), id="either of them"),
    ],
)
def test_what_a_refused_session_costs_while_the_allowed_amount_is_open(rate, ends):
    plan = a_plan("copay $30", coverage=a_coverage("F*: no", liability={"diagnosis": "patient"}),
                  not_covered_rate={"in": rate})  # fmt: skip
    found = estimate(a_request(plan, allowed=(10_000, None, 16_000)), a_reference())

    assert course(found) == ends


def test_an_unknown_balance_bill_of_an_open_amount_is_none_or_the_whole_difference():
    """Of 20000, 10000 to 16000 are allowed: 40 % of the least, or of it and the 10000 above it."""
    plan = a_plan(None, out="coinsurance 40%", balance_billing={"out": UNKNOWN})
    found = estimate(a_request(plan, network="out", allowed=(10_000, None, 16_000)), a_reference())

    window = next(p for p in found.pathways if p.id == "out_of_network").windows[-1]
    assert (window.low, window.planning, window.high) == (4_000, None, 4_000 + 10_000)


def test_a_deductible_that_a_supplement_pays_may_favour_the_patient():
    """Outside, the 2 % that Medicare keeps of its 8000 is billed: 160, and nothing while it pays nothing."""
    plan = a_plan(None, out="deductible, coinsurance 20%", out_deductible=28_300, allowed_out="$100",
                  sequestration=200, balance_billing={"out": UpTo(1_500)})  # fmt: skip
    qmb = Plan(id="qmb", supplements=Supplement(plan="plan", pays=("deductible", "coinsurance")))
    request = a_request(plan, network="out", billed=10_000, allowed=None, used=Used())
    request = replace(request, secondary=OtherPlan(entries=(qmb,)))
    found = estimate(request, a_reference())

    assert course(found, "out_of_network") == (0, 0, 160)
    assert course(answered(request, oon_ded_remaining=0), "out_of_network") == (160, 160, 160)


def test_a_second_plan_is_read_at_the_opposite_end_of_a_price():
    """Low max(0, P(A_lo) - sec(A_hi)), high max(0, P(A_hi) - sec(A_lo)) (definitions 5)."""
    second = a_plan("coinsurance 80%", coordination="standard")
    prices = {"90837": Price(billed=20_000, allowed_low=10_000, allowed_high=20_000)}
    request = priced(a_plan("coinsurance 50%"), prices=prices)
    found = estimate(replace(request, secondary=OtherPlan(entries=(second,))), a_reference())

    # 5000 - 20 % of 20000; 10000 - 20 % of 10000
    assert course(found) == (5_000 - 4_000, None, 10_000 - 2_000)
