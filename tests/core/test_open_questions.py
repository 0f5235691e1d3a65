"""What is asked and how many cents it moves, beyond the unknowns that a range is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import Claims, Market
from coverage_service.core.question_table import QUESTIONS
from coverage_service.core.request import LimitUsed, Used
from coverage_service.core.therapist import Band, Sliding
from tests.core.builders import (
    REFERENCE,
    a_coverage,
    a_plan,
    a_request,
    a_row,
    a_therapist,
    an_eap,
    ask,
    pathway,
    span,
    unknown,
    unknown_ids,
)

BOTH = a_plan("copay $30", out="coinsurance 40%", allowed_out="$90", balance_billing={"out": True})
"""3000 a session in network; outside 3600 of 9000 allowed and the 11000 above it."""
EVERY_PRACTICE = {"sex_cert", "background_fit"}
"""Asked in every situation though they move nothing."""


def ids(*plans, **words) -> set[str]:
    return unknown_ids(ask(*plans, **words)) - EVERY_PRACTICE


def unmoved(found, id: str) -> bool:
    """Asked in network, and moving nothing."""
    each = unknown(found, id)
    return (each.swing, dict(each.swings)) == (0, {"in_network": 0})


class TestTheNetwork:
    """Ten sessions: 30000 in network, 146000 outside, 200000 at the full fee."""

    def test_moves_what_lies_between_inside_and_outside(self):
        found = ask(BOTH, network=None, sessions=10)

        assert unknown(found, "network_status").swings == {"in_network": 146_000 - 30_000}

    def test_moves_to_the_full_fee_where_nothing_is_paid_outside(self):
        found = ask(BOTH, network=None, sessions=10, therapist=a_therapist(superbill=False))

        assert unknown(found, "network_status").swing == 200_000 - 30_000

    def test_moves_nobody_knows_how_much_without_a_fee(self):
        found = ask(BOTH, network=None, sessions=10, billed=None, allowed=14_000)

        assert unknown(found, "network_status").swing is None

    @pytest.mark.parametrize("network", ["in", "out"])
    def test_that_was_said_is_not_asked(self, network):
        assert "network_status" not in ids(BOTH, network=network)


class TestADeductibleThatNoCopayWaitsFor:
    """What is used of it counts toward the maximum of $5,000: from $4,000 to $5,000 is left of that."""

    PLAN = a_plan("copay $30", deductible="$1,000", out_of_pocket="$5,000")

    def test_is_not_asked_while_the_maximum_is_far(self):
        assert "ded_remaining" not in ids(self.PLAN, sessions=12, used=Used())

    def test_is_asked_where_the_maximum_is_near(self):
        found = ask(self.PLAN, sessions=170, every_days=1, as_of=date(2026, 1, 1), used=Used())

        assert unknown(found, "ded_remaining").swing == 100_000


class TestAMaximumNobodySpokeOf:
    """What it would save if it were reached; it is outside the range."""

    SAID = Used(limits={"in_network": LimitUsed(deductible=0), "out_of_network": LimitUsed(deductible=0)},
                visits={"outpatient_mental_health": 0})  # fmt: skip
    PLAN = replace(
        BOTH,
        limits=(
            *a_plan(out_of_pocket=500_000).limits,
            *a_plan(out_out_of_pocket=900_000).limits,
        ),
    )

    @pytest.mark.parametrize(
        ("network", "id", "saved"),
        [
            pytest.param("in", "oop_remaining", 30_000, id="ten copays"),
            pytest.param("out", "oon_oop_remaining", 36_000, id="ten times 40 % of 9000, no balance bill"),
        ],
    )
    def test_is_asked(self, network, id, saved):
        found = ask(self.PLAN, network=network, sessions=10, used=self.SAID)

        way = "in_network" if network == "in" else "out_of_network"
        assert unknown(found, id).swings == {way: saved}
        assert "oop_from_deductible" in {note.code for note in found.assumptions}

    def test_saves_only_what_is_covered(self):
        plan = replace(self.PLAN, coverage=a_coverage("F*: unknown"))
        found = ask(plan, sessions=10, used=self.SAID)

        assert unknown(found, "oop_remaining").swing == 30_000

    @pytest.mark.parametrize(
        ("plan", "spent"),
        [
            pytest.param(PLAN, LimitUsed(deductible=0, out_of_pocket=0), id="said"),
            pytest.param(BOTH, LimitUsed(deductible=0), id="no maximum"),
            pytest.param(replace(PLAN, coverage=a_coverage("F*: no")), LimitUsed(), id="refused"),
        ],
    )
    def test_is_not_asked(self, plan, spent):
        found = ask(plan, used=replace(self.SAID, limits={"in_network": spent}))

        assert "oop_remaining" not in unknown_ids(found)
        assert "oop_from_deductible" not in {note.code for note in found.assumptions}


class TestFirstVisitsNobodyCounted:
    """Three visits of 10.00, then 65.00: of five sessions three are cheap, or none."""

    PLAN = a_plan(
        "copay $65",
        rows=[a_row("copay $10", network="in", first=(3, "first"))],
        pools={"first": ("outpatient_mental_health",)},
    )

    def test_are_none_or_all_of_them_and_planned_with_none_left(self):
        found = ask(self.PLAN, sessions=5, used=Used())

        assert span(found) == (3 * 1_000 + 2 * 6_500, 5 * 6_500, 5 * 6_500)
        asked = unknown(found, "first_n")
        assert (asked.swing, asked.low, asked.high, asked.unit) == (3 * 5_500, 0, 3, "visits")


class TestCostSharingNobodySaid:
    """Ten sessions of 14000: nothing, or all of it; covered is what coverage is held against."""

    def test_moves_the_whole_allowed_amount(self):
        found = ask(a_plan("unknown"), sessions=10)

        assert span(found) == (None, None, 140_000)
        assert unknown(found, "cost_share").swings == {"in_network": 140_000}

    def test_is_held_at_its_dear_end_for_the_others(self):
        """Refused 200000, covered at most 140000."""
        plan = a_plan("unknown", coverage=a_coverage("F*: unknown"))

        assert unknown(ask(plan, sessions=10), "dx_coverage").swing == 60_000


class TestWhatAScaleAsks:
    """Bands of 60.00 and 90.00 by an income nobody told; the full fee is 200.00."""

    SCALE = Sliding(
        model="income_bands", bands=(Band(3_000_000, fee=6_000), Band(9_000_000, fee=9_000)), slots=True
    )

    @pytest.mark.parametrize("eap", [False, True], ids=["alone", "after free sessions"])
    def test_is_asked_by_its_own_questions(self, eap):
        therapist = a_therapist(sliding=self.SCALE, superbill=False)
        fields = {"eap": an_eap(1)} if eap else {}
        found = ask(
            network="opted_out", therapist=therapist, sessions=3, fields={"uninsured": True, **fields}
        )

        moved = unknown(found, "household_income").swings
        # 60.00 to the full fee, three sessions; two after a free one
        assert moved["sliding_fee"] == 3 * 14_000
        assert moved.get("eap_first") == (2 * 14_000 if eap else None)
        assert "sliding" not in unknown_ids(found)


class TestCoverage:
    def test_moves_what_lies_between_covered_and_refused(self):
        found = ask(replace(BOTH, coverage=a_coverage("F*: unknown")), sessions=10)

        assert unknown(found, "dx_coverage").swings == {"in_network": 200_000 - 30_000}

    def test_moves_nobody_knows_how_much_without_a_fee(self):
        plan = replace(BOTH, coverage=a_coverage("F*: unknown"))

        assert unknown(ask(plan, billed=None, allowed=14_000), "dx_coverage").swing is None


class TestWhatMovesNothing:
    def test_a_settled_estimate_asks_what_every_call_asks(self):
        found = ask(BOTH)

        assert unknown_ids(found) == EVERY_PRACTICE | {"eob_privacy"}
        assert all(unmoved(found, id) for id in unknown_ids(found))

    @pytest.mark.parametrize(
        ("fields", "id"),
        [
            ({"administrator": None}, "bh_admin"),
            ({"administrator": UNKNOWN}, "bh_admin"),
            ({"market": Market(kind="PPO", funding=UNKNOWN)}, "funding"),
        ],
    )
    def test_what_the_plan_does_not_say(self, fields, id):
        found = ask(replace(BOTH, **fields))

        assert ids(replace(BOTH, **fields)) == {"eob_privacy", id}
        assert unmoved(found, id)

    @pytest.mark.parametrize("claims", [{}, {"out": Claims(paid_to=UNKNOWN)}])
    def test_who_is_paid_for_claims_from_outside(self, claims):
        plan = replace(BOTH, claims=claims)

        assert "oon_claims" in ids(plan, network="out")
        assert "oon_claims" not in ids(plan, network="in")
        assert "oon_claims" not in ids(BOTH, network="out")

    def test_whether_there_is_a_superbill(self):
        silent = a_therapist(superbill=UNKNOWN)

        assert "superbill" in ids(BOTH, network="out", therapist=silent)
        assert "superbill" not in ids(BOTH, network="in", therapist=silent)
        assert "superbill" not in ids(BOTH, network="out")

    def test_whether_the_employer_has_a_programme(self):
        group = replace(BOTH, market=Market(kind="PPO", group="large"))

        assert "eap" in ids(group)
        assert "eap" not in ids(BOTH)
        assert "eap" not in ids(group, fields={"eap": an_eap(3)})
        assert {"eap_privacy", "hsa_contribution"} <= ids(group)

    def test_who_pays_alone_asks_for_a_good_faith_estimate(self):
        found = ask(fields={"uninsured": True})

        asked = {"gfe", "marketplace_check", "health_center"}
        assert unknown_ids(found) == EVERY_PRACTICE | asked
        assert all(unmoved(found, id) for id in asked)

    def test_who_pays_alone_is_told_to_ask_a_practice_nobody_knows_for_its_scale(self):
        """Nothing is known of the scale: it takes off anything up to the full fee."""
        nobody = a_therapist(sliding=UNKNOWN)
        found = ask(sessions=10, therapist=nobody, fields={"uninsured": True})

        assert pathway(found, "sliding_fee").possible == "unknown"
        assert unknown(found, "sliding").swings == {"sliding_fee": 10 * 20_000}
        assert (
            unknown(ask(billed=None, therapist=nobody, fields={"uninsured": True}), "sliding").swing is None
        )
        assert "sliding" not in unknown_ids(ask(BOTH, therapist=nobody))
        assert "sliding" not in unknown_ids(ask(fields={"uninsured": True}))

    def test_medicaid_is_asked_whether_the_rest_may_be_billed(self):
        plan = replace(BOTH, market=Market(kind="Medicaid"))

        assert ids(plan) == {"eob_privacy", "may_be_billed"}


class TestWithoutAPlan:
    def test_the_whole_list_of_the_situation_is_asked_and_nobody_knows_what_it_moves(self):
        found = ask(network=None)

        situations = {"in_network", "out_of_network"}
        listed = {row.id for row in QUESTIONS if situations & set(row.situations) and not row.script_only}
        swings = {each.id: each.swing for each in found.unknowns}
        assert {id for id, swing in swings.items() if swing is None} == listed
        assert {"eob_privacy", "gap_exception", *EVERY_PRACTICE} <= {
            id for id, cents in swings.items() if cents == 0
        }

    def test_what_it_moves_is_not_counted_from_a_price_that_only_bounds_it(self):
        found = ask(network=None, sessions=None)

        # 6 to 20 sessions at the full fee
        assert unknown(found, "freq_length").swings == {"full_fee": 14 * 20_000}


def test_thresholds_are_left_out_of_a_summary():
    plan = a_plan(deductible=300_000)
    request = a_request(plan, sessions=10, billed=9_000)

    assert [each.self_pay for each in estimate(request, REFERENCE).thresholds] == ["full_fee"]
    assert estimate(replace(request, detail="summary"), REFERENCE).thresholds == ()
