"""What a date, a plan year and other care decide; the figures follow from the documents' rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, OUT_OF_POCKET, Limit, Market, ShareOfIncome, UpTo
from coverage_service.core.request import OtherPlan, Request, Used
from coverage_service.core.therapist import Clinician, NetworkEntry, Therapist
from tests.core.builders import (
    CODES,
    REFERENCE,
    a_coverage,
    a_limit,
    a_plan,
    a_request,
    a_row,
    a_scale,
    a_therapist,
    accumulated,
    an_eap,
    ask,
    care_elsewhere,
    lines,
    pathway,
    planned,
    scenario,
    span,
    used,
)

DECEMBER = date(2026, 12, 21)
MET = used(deductible="$1,000")


def dated(
    fee: int, contract: int, starts: date | None = None, ends: date | None = None, **more: object
) -> Therapist:
    """An entry of a therapist in the plan's network."""
    rates = dict.fromkeys(CODES, contract)
    return a_therapist(
        fee=fee,
        starts=starts,
        ends=ends,
        networks=(NetworkEntry(plan="plan", status="in", contract=rates),),
        **more,
    )


def over_new_year(*therapists: Therapist, **words: object) -> Request:
    """Sessions on 21 and 28 December 2026, 4 and 11 January 2027; nothing of prices said."""
    settled = {"sessions": 4, "first_session": DECEMBER, "as_of": date(2026, 12, 1), "used": MET}
    request = a_request(
        a_plan(deductible="$1,000", starts=date(2026, 1, 1)), network=None, billed=None, allowed=None,
        **(settled | words),
    )  # fmt: skip
    return replace(request, therapist=therapists)


class TestTheDateSelectsTheTherapistsEntry:
    LAST_YEAR = dated(20_000, 14_000, date(2026, 1, 1), date(2026, 12, 31))
    NEXT_YEAR = dated(25_000, 17_000, date(2027, 1, 1))

    def test_fees_and_contracts_are_those_of_the_session(self):
        found = estimate(over_new_year(self.LAST_YEAR, self.NEXT_YEAR), REFERENCE)
        assert span(found) == (2 * 2_800 + 2 * 17_000,) * 3
        assert planned(found, "full_fee") == 2 * 20_000 + 2 * 25_000

    def test_scales_are_those_of_the_session(self):
        before = replace(self.LAST_YEAR, sliding=a_scale(9_000))
        after = replace(self.NEXT_YEAR, sliding=a_scale(11_000))
        found = estimate(over_new_year(before, after), REFERENCE)
        assert planned(found, "sliding_fee") == 2 * 9_000 + 2 * 11_000

    def test_a_scale_that_ends_gives_way_to_the_full_fee(self):
        before = replace(self.LAST_YEAR, sliding=a_scale(9_000))
        found = estimate(over_new_year(before, self.NEXT_YEAR), REFERENCE)
        assert planned(found, "sliding_fee") == 2 * 9_000 + 2 * 25_000

    def test_rows_of_a_network_are_dated_as_well(self):
        rows = (
            NetworkEntry(plan="plan", status="in", contract=dict.fromkeys(CODES, 14_000)),
            NetworkEntry(
                plan="plan", status="in", contract=dict.fromkeys(CODES, 17_000), starts=date(2027, 1, 1)
            ),
        )
        found = estimate(over_new_year(a_therapist(fee=20_000, networks=rows)), REFERENCE)
        assert planned(found) == 2 * 2_800 + 2 * 17_000

    def test_a_network_row_that_ends_is_carried_on_and_said_to_be(self):
        row = NetworkEntry(
            plan="plan", status="in", contract=dict.fromkeys(CODES, 14_000), ends=date(2026, 12, 31)
        )
        found = estimate(over_new_year(a_therapist(fee=20_000, networks=(row,))), REFERENCE)
        assert planned(found) == 2 * 2_800 + 2 * 14_000
        assert "assumed_same_benefits" in {note.code for note in found.assumptions}

    def test_a_standing_that_changes_during_the_course_has_to_be_asked(self):
        rows = (
            NetworkEntry(plan="plan", status="in", contract=dict.fromkeys(CODES, 14_000)),
            NetworkEntry(plan="plan", status="out", starts=date(2027, 1, 1)),
        )
        found = estimate(over_new_year(a_therapist(fee=20_000, networks=rows)), REFERENCE)
        assert [pathway(found, id).possible for id in ("in_network", "out_of_network")] == ["unknown"] * 2

    def test_entries_of_plan_and_therapist_need_not_change_together(self):
        spring = dated(25_000, 17_000, date(2027, 1, 8))
        request = over_new_year(dated(20_000, 14_000, date(2026, 1, 1)), spring)
        plans = (
            replace(request.plan[0], ends=date(2026, 12, 31)),
            a_plan("copay $30", starts=date(2027, 1, 1)),
        )
        found = estimate(replace(request, plan=plans), REFERENCE)
        assert planned(found) == 2 * 2_800 + 2 * 3_000
        assert planned(found, "full_fee") == 3 * 20_000 + 25_000


def two_entries(first: str, second: str, **more: object) -> tuple:
    return (
        a_plan(first, id="second", coordination="standard", ends=date(2025, 12, 31), **more),
        a_plan(second, id="second", coordination="standard", starts=date(2026, 1, 1), **more),
    )


class TestASecondPlanIsTheOneInForce:
    def test_on_the_first_session(self):
        """Of 14000 the first plan leaves 2800; the second alone would pay 11200: nothing is left."""
        entries = two_entries("not covered", "no deductible, coinsurance 20%")
        fields = {"secondary": OtherPlan(entries=entries)}
        found = ask(a_plan(deductible="$1,000"), used=MET, sessions=2, fields=fields)
        assert planned(found) == 0

    def test_so_is_an_employee_programme(self):
        old, new = an_eap(6).entries[0], an_eap(2).entries[0]
        entries = (replace(old, ends=date(2025, 12, 31)), replace(new, starts=date(2026, 1, 1)))
        eap = OtherPlan(entries=entries, used=Used(visits={"issue": 0}))
        found = ask(a_plan("copay $30"), sessions=5, fields={"eap": eap})
        assert planned(found, "eap_first") == 3 * 3_000


class TestTheLegalCapOfEachPlanYear:
    CAPPED = Limit(
        bucket="in_network",
        kind=OUT_OF_POCKET,
        family=2_100_000,
        method=AGGREGATE,
        person_cap="legal",
    )

    def test_after_the_reset_the_next_years_figure_holds(self):
        """The care of 2 January takes 11200 of 12000; two sessions of 2800 fit under 2027's cap."""
        plan = a_plan(limits=[a_limit("deductible", family="$3,000", method=AGGREGATE), self.CAPPED])
        found = ask(
            plan, sessions=4, as_of=date(2026, 12, 22), fields={"coverage": "family"},
            used=used(deductible="$3,000", family_deductible=300_000, family_out_of_pocket=300_000),
            other_care=[care_elsewhere(date(2027, 1, 2), "$44,000")],
        )  # fmt: skip
        assert planned(found) == 4 * 2_800
        assert accumulated(found)["in_network.out_of_pocket_maximum"] == 1_120_000 + 2 * 2_800


class TestOtherCareFindsTheRowsAboveIt:
    @pytest.mark.parametrize("words", [{"service": "psychotherapy"}, {}])
    def test_rows_of_the_wider_service(self, words):
        """Five visits of 14000 (domain ACC_IN_TO_OUT) leave 10000 of 80000 outside: 16000 more each 6000."""
        plan = a_plan(
            out="deductible, coinsurance 40%", deductible="$1,000", out_of_pocket="$5,000",
            out_deductible="$800", out_out_of_pocket="$9,000", allowed_out="$150",
            cross={"deductible": "in_to_out"},
        )  # fmt: skip
        visits = [care_elsewhere(date(2026, 1, 5), 14_000) for _ in range(5)]
        if words:
            visits = [replace(each, cost_sharing=None, **words) for each in visits]
        found = ask(
            plan, network="out", billed=22_000, sessions=3, other_care=visits,
        )  # fmt: skip
        assert planned(found, "out_of_network") == 24_000 + 3 * 7_000
        assert "other_care_not_priced" not in {note.code for note in found.notices}

    def test_pools_of_the_wider_service(self):
        first = a_row("copay $10", first=(1, "first-visits"))
        plan = a_plan("copay $40", rows=[first], pools={"first-visits": ("outpatient_mental_health",)})
        other = replace(care_elsewhere(date(2026, 1, 5), 14_000), cost_sharing=None, service="psychotherapy")
        found = ask(plan, used=used(visits={"first-visits": 0}), other_care=[other])
        assert planned(found) == 4_000


class TestWhatStartsAnew:
    def events(self, plan, **words):
        return [
            (each.code, each.on)
            for each in scenario(ask(plan, **words)).events
            if each.code == "plan_year_reset"
        ]

    def test_a_month_is_no_plan_year(self):
        monthly = a_limit("out_of_pocket", "$50", period="month")
        assert self.events(a_plan("copay $30", limits=[monthly]), sessions=8) == []

    @pytest.mark.parametrize(
        ("starts", "first", "reset"),
        [((1, 1), date(2026, 12, 21), date(2027, 1, 1)), ((7, 1), date(2026, 6, 22), date(2026, 7, 1))],
    )
    def test_a_reset_has_its_own_day(self, starts, first, reset):
        plan = a_plan(deductible="$1,000", plan_year_starts=(starts,))
        assert self.events(plan, sessions=4, as_of=first) == [("plan_year_reset", reset)]


class TestTheCheapestOfAllThatIsPossible:
    def rows(self, found):
        return {(row.scenario, row.run): row.cheapest for row in found.comparison}

    def test_a_pathway_without_a_low_end_may_still_be_the_cheapest(self):
        """In network at most 4 × 3000, outside 61360 exactly (4 × (6440 + 8900))."""
        plan = a_plan("copay $30", out="deductible, coinsurance 40%", allowed_out="$161")
        found = ask(plan, network=None, allowed=None, billed=25_000, sessions=4)
        assert span(found, "in_network")[0] is None
        assert self.rows(found) == {("covered", "high"): ("in_network",)}
        assert found.cheapest == "in_network"

    def test_one_that_may_be_dearer_leaves_nobody_cheapest(self):
        plan = a_plan("deductible, coinsurance 50%")
        found = ask(plan, allowed=None, sessions=4, therapist=a_therapist(fee=20_000, sliding=a_scale(9_000)))
        assert ("covered", "low") not in self.rows(found)
        assert found.cheapest is None

    def test_what_is_refused_has_no_covered_row(self):
        found = ask(a_plan(coverage=a_coverage("F*: no")), therapist=a_therapist(fee=20_000))
        assert {scenario for scenario, _ in self.rows(found)} == {"not_covered"}


@pytest.mark.parametrize("given", [None, date(2026, 12, 20), date(2026, 3, 3)])
def test_a_threshold_is_all_of_the_other_care_the_given_part_included(given):
    """Domain 4: insurance 280000, self-pay 180000 without other care; the sign flips near 145000."""
    plan = a_plan(deductible="$3,000", out_of_pocket="$6,000")
    found = ask(
        plan, sessions=20, as_of=date(2026, 3, 2), therapist=a_therapist(fee=20_000, sliding=a_scale(9_000)),
        other_care=[care_elsewhere(given, 144_000)] if given else [],
    )  # fmt: skip
    assert [(each.self_pay, each.other_care) for each in found.thresholds] == [("sliding_fee", 145_100)]


class TestABenefitOfSomeLicencesOnly:
    """Domain 2.4, MEDICARE_B: only an MD or DO may go without assignment."""

    PLAN = a_plan(
        "deductible, coinsurance 20%",
        rows=[a_row("no deductible, coinsurance 20%", network="out", licences=("MD", "DO"))],
        out="not covered",
        market=Market(kind="medicare"),
        allowed_out="$142.50",
        balance_billing={"out": UpTo(1_500)},
        sequestration=200,
    )

    def ask(self, licence):
        clinician = Clinician(licence=licence, supervised=False, licensed_in=("CA",))
        return ask(self.PLAN, network="out", therapist=a_therapist(clinician=clinician))

    def test_a_physician_may_bill_above_the_allowed_amount(self):
        assert planned(self.ask("MD"), "out_of_network") == 5_216

    def test_a_psychologist_may_not(self):
        found = pathway(self.ask("PHD"), "out_of_network")
        assert (found.possible, found.reasons[0].code) == ("no", "no_out_of_network_benefit")

    def test_who_is_not_known_may(self):
        assert pathway(self.ask(UNKNOWN), "out_of_network").possible == "yes"


def test_an_entry_without_limits_has_neither_a_deductible_nor_a_maximum():
    """28 December fills 14000 of $1,000; the entry of January takes 20 % of 14000 twice."""
    year = a_plan(deductible="$1,000", out_of_pocket="$150", ends=date(2026, 12, 31))
    after = a_plan(starts=date(2027, 1, 1))

    found = ask(year, after, sessions=3, as_of=date(2026, 12, 28))

    assert planned(found) == 14_000 + 2 * 2_800


def test_a_monthly_maximum_starts_again_with_the_month():
    """$75 a month: $40 and $35 in January, and $40 on 2 February."""
    monthly = a_limit("out_of_pocket", family=ShareOfIncome(500), period="month")
    plan = a_plan("copay $40", limits=[monthly], market=Market(kind="Medicaid"))
    spent = used(deductible=0, out_of_pocket=0, family_out_of_pocket=0)

    found = ask(plan, income=12 * 150_000, household=2, sessions=5, used=spent, fields={"coverage": "family"})

    assert [line.patient for line in lines(found)] == [4_000, 3_500, 0, 0, 4_000]
