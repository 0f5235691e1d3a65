"""Which ways to pay there are, and why one is not possible or not known (``definitions`` 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN, Origin
from coverage_service.core.plan import Market
from tests.core.builders import (
    REFERENCE,
    a_coverage,
    a_plan,
    a_request,
    a_row,
    a_scale,
    a_therapist,
    an_eap,
    ask,
    pathway,
    planned,
    span,
)

PLAN = a_plan("copay $30", out="coinsurance 40%", allowed_out="$90", origin=Origin("plan"))
NO_BENEFIT = a_plan(
    "copay $30",
    rows=[replace(a_row("not covered", network="out"), origin=Origin("row"))],
    origin=Origin("plan"),
)
PRACTICE = a_therapist(origin=Origin("practice"))
SCALE = replace(a_scale(9_000), origin=Origin("scale"))


def of_kind(kind: str, **more):
    return replace(PLAN, market=Market(kind=kind), **more)


def ways(*plans, therapist=PRACTICE, **words) -> dict[str, str]:
    """Each way as ``"possible: reason@place, reason"``."""
    request = a_request(*plans, therapist=therapist or PRACTICE, **words)
    if therapist is None:
        request = replace(request, therapist=())
    return {
        each.id: f"{each.possible}: "
        + ", ".join(f"{note.code}@{note.origin.place}".removesuffix("@") for note in each.reasons)
        for each in estimate(request, REFERENCE).pathways
    }


BARRED = "unknown: contract_may_bar_self_pay@plan"
NO_SCALE = "no: no_sliding_scale@practice"
NO_EAP = "unknown: eap_not_described"


@pytest.mark.parametrize(
    ("network", "inside", "outside", "full"),
    [
        ("in", "yes: ", "no: clinician_in_network", BARRED),
        ("out", "no: clinician_out_of_network", "yes: ", "yes: "),
        ("opted_out", "no: clinician_opted_out", "no: clinician_opted_out", "yes: "),
        (None, "unknown: network_unknown", "unknown: network_unknown", BARRED),
    ],
)
def test_by_the_network(network, inside, outside, full):
    assert ways(PLAN, network=network) == {
        "in_network": inside,
        "out_of_network": outside,
        "full_fee": full,
        "sliding_fee": NO_SCALE,
        "eap_first": NO_EAP,
    }


def test_a_gap_exception_stands_beside_the_others():
    assert ways(PLAN, network="gap_exception", agreed=20_000) == {
        "in_network": "no: clinician_out_of_network",
        "out_of_network": "yes: ",
        "full_fee": BARRED,
        "sliding_fee": NO_SCALE,
        "gap_exception": "yes: ",
        "eap_first": NO_EAP,
    }


def test_without_insurance():
    assert ways(network=None, fields={"uninsured": True}) == {
        "in_network": "no: no_insurance",
        "out_of_network": "no: no_insurance",
        "full_fee": "yes: ",
        "sliding_fee": NO_SCALE,
        "eap_first": NO_EAP,
    }


def test_with_a_plan_that_is_not_known():
    """All that can be said is that two sessions cost at most twice the fee."""
    found = ask(network="gap_exception", sessions=2)

    assert ways(network="gap_exception") == {
        "in_network": "unknown: plan_unknown",
        "out_of_network": "unknown: plan_unknown",
        "full_fee": "yes: ",
        "sliding_fee": NO_SCALE,
        "gap_exception": "unknown: plan_unknown",
        "eap_first": NO_EAP,
    }
    for id in ("in_network", "out_of_network"):
        assert span(found, id) == (None, None, 40_000)
        assert pathway(found, id).low_reason == "plan_unknown"
    assert span(found, "full_fee") == (40_000, 40_000, 40_000)
    assert pathway(found, "gap_exception").scenarios == ()


class TestOutside:
    def test_a_superbill_refused(self):
        found = ways(PLAN, network="out", therapist=replace(PRACTICE, superbill=False))

        assert found["out_of_network"] == "no: superbill_refused@practice"

    def test_a_superbill_nobody_spoke_of(self):
        found = ways(PLAN, network="out", therapist=replace(PRACTICE, superbill=UNKNOWN))

        assert found["out_of_network"] == "yes: superbill_unknown"

    def test_nothing_known_of_network_or_practice(self):
        found = ways(PLAN, network=None, therapist=None)

        assert found["out_of_network"] == "unknown: network_unknown, superbill_unknown"
        assert found["sliding_fee"] == BARRED + ", sliding_scale_unknown"

    def test_no_benefit(self):
        assert ways(NO_BENEFIT, network="out")["out_of_network"] == "no: no_out_of_network_benefit@row"

    def test_no_benefit_for_some_of_the_care_only(self):
        """The plan pays nothing outside but for the intake."""
        plan = replace(
            NO_BENEFIT,
            benefits=(a_row("copay $30", network="out", service="intake"), *NO_BENEFIT.benefits),
        )
        found = ask(
            plan, network="out", intake=True, sessions=2, allowed=10_000, therapist=a_therapist(intake=True)
        )

        assert pathway(found, "out_of_network").possible == "yes"
        # 3000 and 10000 above the allowed amount, then the whole bill
        assert planned(found, "out_of_network") == 13_000 + 20_000


class TestPayingOnesOwnPrice:
    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("Medicaid", "no: medicaid_bars_self_pay@plan"),
            ("Medicare", "no: medicare_claim_must_be_filed@plan"),
        ],
    )
    def test_federal_programmes_bar_it(self, kind, reason):
        found = ways(of_kind(kind), therapist=replace(PRACTICE, sliding=SCALE))

        assert (found["full_fee"], found["sliding_fee"]) == (reason, reason)

    def test_medicare_does_not_where_it_never_covers(self):
        found = ways(of_kind("Medicare", coverage=a_coverage("F*: no")))

        assert found["full_fee"] == "yes: "

    def test_medicare_does_where_it_may_cover(self):
        found = ways(of_kind("Medicare", coverage=a_coverage("F*: unknown")))

        assert found["full_fee"] == "no: medicare_claim_must_be_filed@plan"

    @pytest.mark.parametrize(
        ("sliding", "network", "reason"),
        [
            (replace(SCALE, slots=True), "in", BARRED),
            (replace(SCALE, slots=True), "out", "yes: "),
            (replace(SCALE, slots=False), "in", "no: no_open_slot@scale"),
            (replace(SCALE, slots=UNKNOWN), "in", BARRED + ", slot_unknown@scale"),
            (replace(SCALE, slots=UNKNOWN), "out", "unknown: slot_unknown@scale"),
            (UNKNOWN, "out", "unknown: sliding_scale_unknown"),
            (None, "out", NO_SCALE),
        ],
    )
    def test_a_scale(self, sliding, network, reason):
        found = ways(PLAN, network=network, therapist=replace(PRACTICE, sliding=sliding))

        assert found["sliding_fee"] == reason


class TestFreeSessionsFirst:
    EAP = replace(an_eap(3), entries=(replace(an_eap(3).entries[0], origin=Origin("eap")),))

    def found(self, *plans, programmes=("eap",), **words):
        therapist = replace(PRACTICE, eap_programmes=programmes)
        return ways(*plans, therapist=therapist, fields={"eap": self.EAP}, **words)["eap_first"]

    @pytest.mark.parametrize(
        ("programmes", "said"),
        [
            (("another", "eap"), "yes: "),
            (("another",), "no: not_on_eap_panel@eap"),
            (UNKNOWN, "unknown: eap_panel_unknown@eap"),
        ],
    )
    def test_the_clinician_is_on_the_panel(self, programmes, said):
        assert self.found(PLAN, programmes=programmes) == said

    def test_something_has_to_follow(self):
        assert self.found(replace(NO_BENEFIT, market=Market(kind="Medicaid")), network="out") == (
            "no: nothing_follows_eap"
        )

    @pytest.mark.parametrize(
        ("network", "sliding", "then"),
        [
            ("in", SCALE, "in_network"),
            ("out", SCALE, "out_of_network"),
            ("opted_out", SCALE, "sliding_fee"),
            ("opted_out", None, "full_fee"),
        ],
    )
    def test_what_follows_is_the_first_that_may_be(self, network, sliding, then):
        found = ask(
            PLAN, network=network, therapist=replace(PRACTICE, sliding=sliding), fields={"eap": self.EAP}
        )

        assert pathway(found, "eap_first").then == then

    @pytest.mark.parametrize(
        ("used", "programmes", "ends"),
        [
            pytest.param(1, ("eap",), (3_000 * 3,) * 3, id="two of three are left"),
            pytest.param(5, ("eap",), (3_000 * 5,) * 3, id="none is left"),
            pytest.param(None, ("eap",), (3_000 * 2, None, 3_000 * 5), id="three, or none"),
            pytest.param(1, UNKNOWN, (3_000 * 3, None, 3_000 * 5), id="two, or the panel has no place"),
        ],
    )
    def test_of_five_sessions_those_that_are_left_are_free(self, used, programmes, ends):
        eap = replace(an_eap(3, used=used), entries=self.EAP.entries)
        therapist = replace(PRACTICE, eap_programmes=programmes)
        found = ask(PLAN, sessions=5, therapist=therapist, fields={"eap": eap})

        assert span(found, "eap_first") == ends

    @pytest.mark.parametrize(
        ("used", "programmes", "asked"),
        [
            (1, ("eap",), set()),
            (None, ("eap",), {"eap"}),
            (1, UNKNOWN, {"eap_panel"}),
            (None, UNKNOWN, {"eap", "eap_panel"}),
        ],
    )
    def test_what_is_open_is_asked_with_what_it_moves(self, used, programmes, asked):
        eap = replace(an_eap(3, used=used), entries=self.EAP.entries)
        therapist = replace(PRACTICE, eap_programmes=programmes)
        found = ask(PLAN, sessions=5, therapist=therapist, fields={"eap": eap})

        questions = {each.id: each for each in found.unknowns if each.id in ("eap", "eap_panel")}
        assert set(questions) == asked
        left = 3 if used is None else 2
        for each in questions.values():
            assert (each.swing, each.low, each.high, each.unit) == (3_000 * left, 0, left, "visits")

    def test_a_free_session_says_whose_it_is(self):
        found = ask(PLAN, therapist=PRACTICE, fields={"eap": self.EAP})
        (row,) = pathway(found, "eap_first").scenarios[0].ledger

        assert (row.reasons, row.cpt, row.parts.billed) == (("eap_session",), "90837", 0)
        why = found.why[row.why[0]]
        assert (why.code, why.params, why.origin) == ("eap_session", {"plan": "eap"}, Origin("eap"))


class TestNothingIsPlannedWithOldRules:
    OLD = replace(PLAN, reviewed=date(2024, 12, 31))

    @pytest.mark.parametrize(
        ("network", "id"),
        [("in", "in_network"), ("out", "out_of_network"), ("gap_exception", "gap_exception")],
    )
    def test_on_any_way_through_the_plan(self, network, id):
        fresh = ask(PLAN, network=network, agreed=20_000)
        stale = ask(self.OLD, network=network, agreed=20_000)

        assert span(fresh, id)[1] is not None
        assert span(stale, id)[1] is None
        assert span(stale, id)[::2] == span(fresh, id)[::2]

    def test_nor_where_the_network_is_not_known(self):
        assert planned(ask(PLAN, network=None)) is None
