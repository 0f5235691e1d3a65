"""Each answer fills the very fact that the question table names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.answers import FILLS, apply
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN, Confidence, Origin
from coverage_service.core.plan import Claims, Limit, Market, Members
from coverage_service.core.request import Answer, Care, LimitUsed, OtherPlan, Price, Used
from coverage_service.core.therapist import Sliding, Therapist
from tests.core.builders import (
    a_coverage,
    a_limit,
    a_plan,
    a_reference,
    a_request,
    a_row,
    a_therapist,
    a_visit_limit,
    an_eap,
    pathway,
    phrases,
    span,
    unknown,
    unknown_ids,
    used,
)

PLAN = replace(
    a_plan(
        "deductible, coinsurance 20%",
        out="coinsurance 40%",
        out_deductible=150_000,
        out_of_pocket=500_000,
        out_out_of_pocket=900_000,
        limits=[
            a_limit("deductible", 100_000, family=200_000),
            a_limit("deductible", 50_000, family=80_000, bucket="behavioral_health"),
        ],
        rows=[a_row("copay $10", network="in", first=(3, "first"))],
        pools={"first": ("outpatient_mental_health",)},
        visit_limits=(a_visit_limit(20),),
        coverage=a_coverage("F*: unknown", excluded="sex_therapy: unknown, z_codes: no"),
    ),
    market=Market(kind="PPO", funding=UNKNOWN, state=UNKNOWN),
    administrator=UNKNOWN,
)
SCALE = Sliding(model="slots", fee=9_000, slots=UNKNOWN, with_out_of_network_claims=UNKNOWN)


def request():
    asked = a_request(PLAN, network=None, billed=None, allowed=None)
    return replace(
        asked,
        prices={},
        used=Used(),
        care=Care(minutes=60, client_state="OH"),
        therapist=(a_therapist(sliding=SCALE),),
        eap=an_eap(6, used=None),
        secondary=OtherPlan(entries=(a_plan("copay $5"),)),
    )


def answered(**values):
    told, notes = apply(replace(request(), answers={id: Answer(value=v) for id, v in values.items()}))
    assert notes == ()
    return told


def limit(told, bucket, kind="deductible"):
    return next(x for x in told.plan[0].limits if (x.bucket, x.kind) == (bucket, kind))


ROW = phrases("copay $15")


def first_row(told):
    return told.plan[0].benefits[0].network, told.plan[0].benefits[0].cost_sharing


def coverage(told):
    return told.plan[0].coverage


def excluded(told, name):
    return next(each.excluded for each in coverage(told).exclusions if each.name == name)


def diagnoses(told):
    return [(row.match, row.covered) for row in coverage(told).diagnoses]


def price(told):
    return told.prices["90837"]


def sliding(told):
    return told.therapist[0].sliding


CASES = [
    ("network_status", "out", lambda r: r.network.status, "out"),
    ("medicare_status", "opted_out", lambda r: r.network.status, "opted_out"),
    ("accepts_plan", True, lambda r: r.network.status, "in"),
    ("accepts_plan", False, lambda r: r.network.status, "out"),
    ("medicaid_enrolled", True, lambda r: r.network.status, "in"),
    ("tier", "2", lambda r: r.network.tier, "2"),
    ("agreed_rate", 20_000, lambda r: (r.network.status, r.network.agreed), ("gap_exception", 20_000)),
    ("cost_share", ROW, first_row, ("in", ROW)),
    ("cost_share", "about ten dollars", lambda r: r.plan[0].benefits, PLAN.benefits),
    ("oon_cost_share", ROW, first_row, ("out", ROW)),
    ("deductible_amount", 70_000, lambda r: limit(r, "in_network").person, 70_000),
    ("oon_deductible_amount", 70_000, lambda r: limit(r, "out_of_network").person, 70_000),
    ("oop_amount", 600_000, lambda r: limit(r, "in_network", "out_of_pocket_maximum").person, 600_000),
    ("bh_separate", 30_000, lambda r: limit(r, "behavioral_health").person, 30_000),
    ("family_method", "aggregate", lambda r: limit(r, "in_network").method, "aggregate"),
    ("family_method", "members", lambda r: limit(r, "in_network").method, "embedded"),
    ("ded_remaining", 40_000, lambda r: r.used.limits["in_network"], LimitUsed(deductible=60_000)),
    ("ded_remaining", 400_000, lambda r: r.used.limits["in_network"], LimitUsed(deductible=0)),
    ("oop_remaining", 100_000, lambda r: r.used.limits["in_network"], LimitUsed(out_of_pocket=400_000)),
    ("family_ded_remaining", 120_000, lambda r: r.used.limits["in_network"],
     LimitUsed(family_deductible=80_000)),
    ("family_ded_remaining", 300_000, lambda r: r.used.limits["in_network"], LimitUsed(family_deductible=0)),
    ("family_oop_remaining", 70_000, lambda r: r.used.limits["in_network"],
     LimitUsed(family_out_of_pocket=0)),
    ("bh_ded_remaining", 20_000, lambda r: r.used.limits["behavioral_health"], LimitUsed(deductible=30_000)),
    ("bh_family_ded_remaining", 20_000, lambda r: r.used.limits["behavioral_health"],
     LimitUsed(family_deductible=60_000)),
    ("oon_ded_remaining", 50_000, lambda r: r.used.limits["out_of_network"], LimitUsed(deductible=100_000)),
    ("oon_oop_remaining", 0, lambda r: r.used.limits["out_of_network"], LimitUsed(out_of_pocket=900_000)),
    ("family_members_met", 2, lambda r: r.used.limits["in_network"], LimitUsed(family_members_met=2)),
    ("used_as_of", date(2026, 2, 1), lambda r: r.used.as_of, date(2026, 2, 1)),
    ("first_n", 2, lambda r: r.used.visits, {"first": 2}),
    ("visit_limit", 7, lambda r: r.used.visits, {"outpatient_mental_health": 7}),
    ("visit_cap", 30, lambda r: r.plan[0].visit_limits[0].visits, 30),
    ("allowed_amount", 14_000, lambda r: price(r).allowed, 14_000),
    ("allowed_amount", {"90791": 18_000}, lambda r: (len(r.prices), r.prices["90791"].allowed), (1, 18_000)),
    ("oon_method", 16_100, lambda r: (price(r).oon_allowed, price(r).allowed), (16_100, None)),
    ("fee", 20_000, lambda r: price(r).billed, 20_000),
    ("gfe", 19_000, lambda r: price(r).billed, 19_000),
    ("coverage", True, diagnoses, [("*", True)]),
    ("dx_coverage", False, diagnoses, [("*", False)]),
    ("exclusions", True, lambda r: excluded(r, "sex_therapy"), True),
    ("exclusions", True, lambda r: excluded(r, "z_codes"), False),
    ("credential", True, lambda r: coverage(r).licences, None),
    ("credential", False, lambda r: "LMFT" in coverage(r).licences, False),
    ("associates", True, lambda r: coverage(r).associates, True),
    ("auth", True, lambda r: coverage(r).prior_authorization, True),
    ("referral", False, lambda r: coverage(r).referral, False),
    ("telehealth", True, lambda r: coverage(r).telehealth, True),
    ("long_session", False, lambda r: coverage(r).codes["90837"], False),
    ("denial_liability", "provider", lambda r: (coverage(r).liability["diagnosis"], r.care.waiver_signed),
     ("provider", False)),
    ("auth_obtained", True, lambda r: r.care.authorization, True),
    ("referral_obtained", False, lambda r: r.care.referral, False),
    ("couple_code", True, lambda r: r.care.identified_patient, True),
    ("waiver_signed", True, lambda r: r.care.waiver_signed, True),
    ("not_covered_rate", "contracted", lambda r: r.plan[0].not_covered_rate["in"], "contracted"),
    ("oon_benefit", False, first_row,
     ("out", NOT_COVERED)),
    ("oon_benefit", True, lambda r: r.plan[0].benefits, PLAN.benefits),
    ("cross", "both", lambda r: r.plan[0].cross, {"deductible": "both", "out_of_pocket_maximum": "both"}),
    ("balance_billing", False, lambda r: r.plan[0].balance_billing["out"], False),
    ("oon_claims", "clinician", lambda r: r.plan[0].claims["out"].paid_to, "clinician"),
    ("plan_year", "11-15", lambda r: r.plan[0].plan_year_starts, ((11, 15),)),
    ("funding", "insured", lambda r: r.plan[0].market.funding, "insured"),
    ("plan_state", "CA", lambda r: r.plan[0].market.state, "CA"),
    ("bh_admin", "Example BH", lambda r: r.plan[0].administrator, "Example BH"),
    ("modality", "telehealth", lambda r: r.care.modality, "telehealth"),
    ("client_state", "CA", lambda r: r.care.client_state, "CA"),
    ("intake", False, lambda r: r.care.intake, False),
    ("session_length", 45, lambda r: r.care.minutes, 45),
    ("freq_length", 12, lambda r: r.care.sessions, 12),
    ("every_days", 14, lambda r: r.care.every_days, 14),
    ("first_session", date(2026, 3, 2), lambda r: r.care.first_session, date(2026, 3, 2)),
    ("care_format", "couple", lambda r: r.care.format, "couple"),
    ("dx_billing", "F52.6", lambda r: r.care.diagnoses, ("F52.6",)),
    ("superbill", False, lambda r: r.therapist[0].superbill, False),
    ("licence", "PHD", lambda r: r.therapist[0].clinician.licence, "PHD"),
    ("supervised", True, lambda r: r.therapist[0].clinician.supervised, True),
    ("licensed_in", True, lambda r: r.therapist[0].clinician.licensed_in, ("OH",)),
    ("licensed_in", False, lambda r: "OH" in r.therapist[0].clinician.licensed_in, False),
    ("sliding", 11_000, lambda r: (sliding(r).fee, sliding(r).slots), (11_000, True)),
    ("sliding_slots", True, lambda r: sliding(r).slots, True),
    ("sliding_claims", True, lambda r: sliding(r).with_out_of_network_claims, True),
    ("household_income", 3_800_000, lambda r: r.household.income, 3_800_000),
    ("household_size", 2, lambda r: r.household.size, 2),
    ("household_area", "AK", lambda r: r.household.area, "AK"),
    ("eap", 4, lambda r: r.eap.used.visits, {"issue": 2}),
    ("eap", 9, lambda r: r.eap.used.visits, {"issue": 0}),
    ("eap_panel", True, lambda r: r.therapist[0].eap_programmes, ("eap",)),
    ("eap_panel", False, lambda r: r.therapist[0].eap_programmes, ()),
    ("coordination", "non_duplication", lambda r: r.secondary.entries[0].coordination, "non_duplication"),
    ("second_plan", "none", lambda r: r.secondary, None),
    ("second_plan", "secondary", lambda r: r.secondary is None, False),
]  # fmt: skip
READ_ELSEWHERE = {
    "ded_applies",
    "coinsurance_base",
    "medigap_visit",
    "other_cost_share",
}
"""Readings are chosen where wording is read (test_answers, test_variants, test_other_care)."""


@pytest.mark.parametrize(
    ("id", "value", "fact", "expected"), CASES, ids=[f"{id}={value}" for id, value, *_ in CASES]
)
def test_an_answer_fills_its_fact(id, value, fact, expected):
    assert fact(answered(**{id: value})) == expected


def test_every_fill_has_a_case():
    assert set(FILLS) == {id for id, *_ in CASES} | READ_ELSEWHERE


def test_an_answer_without_its_object_changes_nothing():
    bare = replace(request(), eap=None, secondary=None, therapist=(), care=Care())
    told = {"eap": 3, "coordination": "standard", "licensed_in": True}
    changed, _ = apply(replace(bare, answers={id: Answer(value=value) for id, value in told.items()}))

    assert (changed.eap, changed.secondary, changed.therapist) == (None, None, ())


def without(values: dict[str, object], **fields: object):
    """What an answer makes of a request that lacks what it is about."""
    answers = {id: Answer(value=value) for id, value in values.items()}
    return apply(replace(request(), answers=answers, **fields))[0]


@pytest.mark.parametrize(
    ("id", "bucket", "kind"),
    [
        ("deductible_amount", "any_network", "deductible"),
        ("oop_amount", "any_network", "out_of_pocket_maximum"),
        ("bh_separate", "behavioral_health", "deductible"),
    ],
)
def test_a_limit_that_the_document_does_not_print_is_the_one_that_was_told(id, bucket, kind):
    told = without({id: 70_000}, plan=(a_plan("copay $30"),))

    assert told.plan[0].limits == (Limit(bucket=bucket, kind=kind, person=70_000),)


def test_a_limit_that_was_told_keeps_its_other_figures():
    assert limit(answered(deductible_amount=70_000), "in_network").family == 200_000


ANY_NETWORK = a_plan(
    limits=[
        a_limit("deductible", 28_300, family=50_000, bucket="any_network"),
        a_limit("out_of_pocket", 90_000, bucket="any_network"),
    ]
)


@pytest.mark.parametrize(
    ("id", "left", "fact"),
    [
        ("ded_remaining", 8_300, LimitUsed(deductible=20_000)),
        ("family_ded_remaining", 8_300, LimitUsed(family_deductible=41_700)),
        ("oop_remaining", 30_000, LimitUsed(out_of_pocket=60_000)),
        ("oon_ded_remaining", 8_300, LimitUsed(deductible=20_000)),
        ("oon_oop_remaining", 30_000, LimitUsed(out_of_pocket=60_000)),
    ],
)
def test_a_limit_of_every_network_is_that_of_either_question(id, left, fact):
    assert without({id: left}, plan=(ANY_NETWORK,)).used.limits == {"any_network": fact}


@pytest.mark.parametrize("id", ["ded_remaining", "oop_remaining", "oon_ded_remaining"])
def test_what_is_left_of_a_limit_waits_for_its_size(id):
    """Otherwise the limit of every plan year to come would be what is left of this one's."""
    asked = without({}, plan=(a_plan("copay $30"),))

    told = without({id: 2}, plan=(a_plan("copay $30"),))

    assert (told.plan, told.used) == (asked.plan, asked.used)


class TestWhatIsLeftOfADeductibleOfUnknownSize:
    """Visits at 14000 with 20 % after the deductible, which costs 2800 once it is met.

    With $400 left: 14000, 14000, 12000 and 20 % of 2000 = 12400, then 2800 each.
    """

    def found(
        self, *, sessions: int = 4, on: date = date(2026, 1, 5), family: int | None = None, **answers: int
    ):
        limit = a_limit("deductible", UNKNOWN, family=family)
        request = a_request(a_plan(limits=(limit,)), sessions=sessions, as_of=on, used=Used())
        told = {id: Answer(value=left) for id, left in answers.items()}
        coverage = None if family is None else "family"
        return estimate(replace(request, answers=told, coverage=coverage), a_reference())

    def test_is_all_that_is_asked_where_no_plan_year_begins(self):
        before, after = self.found(), self.found(ded_remaining=40_000)

        assert span(before) == (4 * 2_800, None, 4 * 14_000)
        assert span(after) == (43_200, 43_200, 43_200)
        assert {"ded_remaining", "deductible_amount"} & unknown_ids(before) == {"ded_remaining"}
        assert {"ded_remaining", "deductible_amount"} & unknown_ids(after) == set()

    def test_is_met_when_it_is_used_up(self):
        events = pathway(self.found(ded_remaining=40_000)).scenarios[0].events

        assert [(event.code, event.on) for event in events] == [("deductible_met", date(2026, 1, 19))]

    def test_leaves_the_size_to_be_asked_where_it_starts_again(self):
        """Six visits from 23 November cost 48800; six of January as much or, all deductible, 84000."""
        before = self.found(sessions=12, on=date(2026, 11, 23))
        after = self.found(sessions=12, on=date(2026, 11, 23), ded_remaining=40_000)

        assert span(before) == (12 * 2_800, None, 12 * 14_000)
        assert span(after) == (48_800 + 48_800, None, 48_800 + 84_000)
        assert span(after, name="rest_of_plan_year") == (48_800, None, 48_800)
        assert {"ded_remaining", "deductible_amount"} & unknown_ids(after) == {"deductible_amount"}
        assert unknown(after, "deductible_amount").swing == 84_000 - 48_800
        assert unknown(after, "deductible_amount").low == 40_000

    @pytest.mark.parametrize("size_first", [False, True])
    @pytest.mark.parametrize(
        ("size", "again"),
        [
            pytest.param(40_000, 48_800, id="$400"),
            pytest.param(50_000, 42_000 + 9_200 + 5_600, id="$500: 8000 and 20 % of 6000 on the fourth"),
            pytest.param(100_000, 84_000, id="$1,000"),
        ],
    )
    def test_and_its_size_settle_every_year(self, size, again, size_first):
        told = {"ded_remaining": 40_000, "deductible_amount": size}
        found = self.found(
            sessions=12,
            on=date(2026, 11, 23),
            **dict(sorted(told.items(), reverse=not size_first) if size_first else told),
        )

        assert span(found) == (48_800 + again,) * 3
        assert {"ded_remaining", "deductible_amount"} & unknown_ids(found) == set()

    def test_nothing_left_makes_no_deductible_of_nothing_next_year(self):
        found = self.found(sessions=12, on=date(2026, 11, 23), ded_remaining=0)

        assert span(found) == (12 * 2_800, None, 6 * 2_800 + 6 * 14_000)

    def test_is_capped_by_what_is_left_of_the_familys(self):
        """A family with $1,000 has all or nothing of it left; with $200: 14000, 7600, 2800, 2800."""
        found = self.found(family=100_000, ded_remaining=40_000)
        told = self.found(family=100_000, ded_remaining=40_000, family_ded_remaining=20_000)

        assert span(found) == (4 * 2_800, 43_200, 43_200)
        assert "family_ded_remaining" in unknown_ids(found)
        assert span(told) == (27_200, 27_200, 27_200)

    def test_tells_nothing_of_what_is_used(self):
        facts = {fact.id: (fact.value, fact.basis) for fact in self.found(ded_remaining=40_000).facts}

        assert facts["used.in_network.deductible"] == (None, "said")

    @pytest.mark.parametrize(
        ("bucket", "left", "size"),
        [
            ("out_of_network", "oon_ded_remaining", "oon_deductible_amount"),
            ("any_network", "oon_ded_remaining", "oon_deductible_amount"),
            ("any_network", "ded_remaining", "deductible_amount"),
        ],
    )
    def test_is_asked_outside_the_network_under_its_own_name(self, bucket, left, size):
        """$140 allowed of a charge of $200: 6000 above it at each of the twelve visits."""
        outside = a_limit("deductible", UNKNOWN, bucket=bucket)
        plan = a_plan(None, out="deductible, coinsurance 20%", allowed_out="$140", limits=(outside,))
        on = date(2026, 11, 23)
        request = a_request(plan, network="out", sessions=12, as_of=on, used=Used())
        told = {left: Answer(value=40_000)}
        after = estimate(replace(request, answers=told), a_reference())
        asked = "oon_deductible_amount" if bucket == "out_of_network" else "deductible_amount"
        told |= {size: Answer(value=100_000)}
        settled = estimate(replace(request, answers=told), a_reference())

        assert span(after, "out_of_network") == (97_600 + 72_000, None, 132_800 + 72_000)
        assert asked in unknown_ids(after)
        assert span(settled, "out_of_network") == (132_800 + 72_000,) * 3


class TestADeductibleForMentalHealth:
    """Ten visits of $150 and $40 after it: all of $500 left is 3 × 150, 50 + 40, then 6 × 40."""

    def found(self, person, *, sessions=10, on=date(2026, 1, 5), **answers):
        limit = a_limit("deductible", person, bucket="behavioral_health")
        plan = a_plan("behavioral_health deductible, copay $40", deductible=100_000, limits=(limit,))
        request = a_request(plan, allowed=15_000, sessions=sessions, as_of=on, used=Used())
        told = {id: Answer(value=cents) for id, cents in answers.items()}
        return estimate(replace(request, answers=told), a_reference())

    def test_is_asked_under_its_own_name(self):
        before, after = self.found(50_000), self.found(50_000, bh_ded_remaining=10_000)

        assert span(before) == (40_000, 78_000, 78_000)
        assert unknown(before, "bh_ded_remaining").swing == 38_000
        assert "ded_remaining" not in unknown_ids(before)
        assert span(after) == (50_000,) * 3
        assert "bh_ded_remaining" not in unknown_ids(after)

    def test_is_asked_for_its_size_where_that_matters(self):
        """Six visits this year with $100 left, 10000 + 6 × 4000; next year 3 × 15000, 9000, 2 × 4000."""
        course = {"sessions": 12, "on": date(2026, 11, 23)}
        after = self.found(UNKNOWN, bh_ded_remaining=10_000, **course)

        assert "bh_separate" in unknown_ids(after)
        assert (
            span(self.found(UNKNOWN, bh_ded_remaining=10_000, bh_separate=50_000, **course)) == (96_000,) * 3
        )

    def test_has_its_own_questions_among_the_facts(self):
        asked = {fact.id: fact.question for fact in self.found(50_000).facts}

        assert asked["limit.behavioral_health.deductible"] == "bh_separate"
        assert asked["used.behavioral_health.deductible"] == "bh_ded_remaining"
        assert asked["used.in_network.deductible"] == "ded_remaining"

    def test_of_a_family_is_asked_as_the_familys(self):
        """Nothing of my $500 is used. All left for the family: 78000; $200: 15000, 5000 + 4000, 8 × 4000."""
        limits = [
            a_limit("deductible", 50_000, family=100_000, bucket="behavioral_health"),
            a_limit("deductible", 100_000, family=200_000),
        ]
        plan = a_plan("behavioral_health deductible, copay $40", limits=limits)
        used = Used(limits={"behavioral_health": LimitUsed(deductible=0)})
        request = a_request(plan, allowed=15_000, sessions=10, used=used, fields={"coverage": "family"})
        told = replace(request, answers={"bh_family_ded_remaining": Answer(value=20_000)})
        before, after = estimate(request, a_reference()), estimate(told, a_reference())

        assert span(before) == (40_000, 78_000, 78_000)
        assert unknown(before, "bh_family_ded_remaining").swing == 38_000
        assert "family_ded_remaining" not in unknown_ids(before)
        assert span(after) == (56_000,) * 3
        assert "bh_family_ded_remaining" not in unknown_ids(after)

    def test_that_only_it_knows_of_a_family_is_what_the_family_has_met(self):
        """Met by two members, who met theirs: ten copays."""
        limits = [
            a_limit("deductible", 50_000, method=Members(2), bucket="behavioral_health"),
            a_limit("deductible", 100_000),
        ]
        plan = a_plan("behavioral_health deductible, copay $40", limits=limits)
        used = Used(limits={"behavioral_health": LimitUsed(deductible=0)})
        request = a_request(plan, allowed=15_000, sessions=10, used=used, fields={"coverage": "family"})
        told = replace(request, answers={"family_members_met": Answer(value=2)})

        assert span(estimate(request, a_reference()))[::2] == (40_000, 78_000)
        assert span(estimate(told, a_reference())) == (40_000,) * 3


class TestALimitOfBothNetworksBesideOneInside:
    """It is that of visits outside, and its questions are those on the limits outside."""

    def found(self, limits, network="out", used=None, **answers):
        plan = a_plan("copay $40", out="deductible, copay $40", allowed_out="$150", limits=limits)
        request = a_request(
            plan, network=network, billed=15_000, allowed=15_000, sessions=10, used=used or Used()
        )
        told = {id: Answer(value=cents) for id, cents in answers.items()}
        return estimate(replace(request, answers=told), a_reference())

    def test_is_asked_for_what_is_left_of_its_deductible(self):
        """Ten visits of $150 and $40 after it: all of $500 left is 78000, $100 is 14000 + 9 × 4000."""
        limits = [a_limit("deductible", 30_000), a_limit("deductible", 50_000, bucket="any_network")]
        before, after = self.found(limits), self.found(limits, oon_ded_remaining=10_000)

        assert span(before, "out_of_network") == (40_000, 78_000, 78_000)
        assert "ded_remaining" not in unknown_ids(before)
        assert span(after, "out_of_network") == (50_000,) * 3
        assert "oon_ded_remaining" not in unknown_ids(after)
        facts = {fact.id: fact.question for fact in before.facts}
        assert facts["used.any_network.deductible"] == "oon_ded_remaining"
        assert facts["limit.any_network.deductible"] == "oon_deductible_amount"

    @pytest.mark.parametrize("network", ["in", "out"])
    def test_is_asked_for_what_is_left_of_its_maximum(self, network):
        """Ten copays of $40 with $100 left of it, and more of the other."""
        side = {"in": "in_network", "out": "out_of_network"}[network]
        limits = [a_limit("out_of_pocket", 200_000), a_limit("out_of_pocket", 900_000, bucket="any_network")]
        used = Used(limits={"in_network": LimitUsed(out_of_pocket=0)})
        before = self.found(limits, network, used)
        after = self.found(limits, network, used, oon_oop_remaining=10_000)

        assert span(before, side) == (40_000,) * 3
        assert {"oop_remaining", "oon_oop_remaining"} & unknown_ids(before) == {"oon_oop_remaining"}
        assert span(after, side) == (10_000,) * 3
        assert {"oop_remaining", "oon_oop_remaining"} & unknown_ids(after) == set()


def test_a_maximum_outside_has_its_own_question_among_the_facts():
    """No question asks how large it is: an answer on the size of a maximum is one inside."""
    plan = a_plan(out="copay $40", out_of_pocket=200_000, out_out_of_pocket=900_000)
    asked = {fact.id: fact.question for fact in estimate(a_request(plan), a_reference()).facts}

    assert asked["used.out_of_network.out_of_pocket_maximum"] == "oon_oop_remaining"
    assert asked["limit.out_of_network.out_of_pocket_maximum"] is None
    assert asked["used.in_network.out_of_pocket_maximum"] == "oop_remaining"
    assert asked["limit.in_network.out_of_pocket_maximum"] == "oop_amount"


class TestWhatIsLeftOfAMaximumOfUnknownSize:
    """20 % of 14000 on 21 and 28 December with the deductible met; on 4 January all of it starts again."""

    def found(self, **answers: int):
        plan = a_plan(deductible=100_000, limits=(a_limit("out_of_pocket", UNKNOWN),))
        request = a_request(plan, sessions=3, as_of=date(2026, 12, 21), used=used(deductible=100_000))
        told = {id: Answer(value=left) for id, left in answers.items()}
        return estimate(replace(request, answers=told), a_reference())

    @pytest.mark.parametrize(("left", "total"), [(0, 14_000), (3_000, 17_000), (99_000, 19_600)])
    def test_caps_this_plan_year_alone(self, left, total):
        after = self.found(oop_remaining=left)

        assert span(self.found()) == (19_600, 19_600, 19_600)
        assert span(after) == (total, total, total)
        assert "oop_remaining" not in unknown_ids(after)

    def test_tells_nothing_of_what_is_used(self):
        facts = {fact.id: (fact.value, fact.basis) for fact in self.found(oop_remaining=3_000).facts}

        assert facts["used.in_network.out_of_pocket_maximum"] == (None, "said")


@pytest.mark.parametrize("plan", [(), (a_plan("copay $30"),)], ids=["no plan", "a plan without the limit"])
@pytest.mark.parametrize(
    ("id", "fact"),
    [
        ("family_ded_remaining", LimitUsed(family_deductible=0)),
        ("family_members_met", LimitUsed(family_members_met=2)),
    ],
)
def test_of_a_limit_that_nobody_printed_nothing_is_used_but_what_is_said(id, fact, plan):
    told = without({id: 2}, plan=plan)

    assert told.used.limits == {"any_network": fact}


def test_who_is_paid_leaves_the_rest_of_the_claims_alone():
    claims = Claims(paid_to=UNKNOWN, file_within_days=365, superbill=True)
    told = without({"oon_claims": "member"}, plan=(replace(PLAN, claims={"out": claims, "in": Claims()}),))

    assert told.plan[0].claims == {"out": replace(claims, paid_to="member"), "in": Claims()}
    assert without({"oon_claims": "member"}, plan=(replace(PLAN, claims={}),)).plan[0].claims == {
        "out": Claims(paid_to="member")
    }


@pytest.mark.parametrize(
    ("id", "value", "made"),
    [
        ("cost_share", ROW, lambda r: r.plan[0].benefits[0]),
        ("oon_cost_share", ROW, lambda r: r.plan[0].benefits[0]),
        ("oon_benefit", False, lambda r: r.plan[0].benefits[0]),
        ("coverage", True, lambda r: coverage(r).diagnoses[0]),
        ("dx_coverage", True, lambda r: coverage(r).diagnoses[0]),
        ("sliding", 9_000, sliding),
    ],
)
def test_what_an_answer_makes_says_that_it_stands_in_the_answer(id, value, made):
    assert made(answered(**{id: value})).origin == Origin(f"/answers/{id}")


def test_a_row_that_was_told_is_for_all_therapy():
    assert {answered(**{id: ROW}).plan[0].benefits[0].service for id in ("cost_share", "oon_cost_share")} == {
        "outpatient_mental_health"
    }


@pytest.mark.parametrize(
    ("care", "codes"),
    [
        (Care(minutes=45), {"90834"}),
        (Care(minutes=60), {"90837"}),
        (Care(minutes=50, format="couple"), {"90847"}),
        (Care(minutes=50, format="couple", patient_present=False), {"90846"}),
        (Care(minutes=60, codes=("99213", "90836")), {"99213", "90836"}),
    ],
)
def test_one_price_is_that_of_the_codes_of_the_session(care, codes):
    told = without({"fee": 18_000}, care=care)

    assert told.prices == {code: Price(billed=18_000) for code in codes}


def test_a_told_amount_replaces_the_range_and_leaves_the_fee():
    price = Price(billed=20_000, allowed_low=9_000, allowed_high=16_000)
    told = without({"allowed_amount": 14_000}, prices={"90837": price})

    assert told.prices["90837"] == Price(billed=20_000, allowed=14_000)


def test_a_told_fee_leaves_the_range_of_the_amount():
    price = Price(allowed_low=9_000, allowed_high=16_000)
    told = without({"fee": 20_000}, prices={"90837": price})

    assert told.prices["90837"] == replace(price, billed=20_000)


def test_a_therapist_nobody_named_is_an_inline_one():
    assert without({"superbill": True}, therapist=()).therapist == (Therapist(id="inline", superbill=True),)


def test_an_offered_fee_may_be_claimed_where_the_scale_may():
    assert sliding(answered(sliding=9_000)).with_out_of_network_claims is UNKNOWN
    claimable = a_therapist(sliding=replace(SCALE, with_out_of_network_claims=True))
    assert sliding(without({"sliding": 9_000}, therapist=(claimable,))).with_out_of_network_claims is True
    assert (
        sliding(without({"sliding": 9_000}, therapist=(a_therapist(),))).with_out_of_network_claims is UNKNOWN
    )


def test_a_scale_that_is_not_there_gets_no_places():
    assert sliding(without({"sliding_slots": True}, therapist=(a_therapist(),))) is None


def test_who_bears_a_denial_leaves_a_signed_waiver_signed():
    told = without({"denial_liability": "patient"}, care=Care(waiver_signed=True))

    assert told.care.waiver_signed is True


def test_a_verified_word_on_coverage_is_not_overruled():
    verified = Origin("plan.yaml:30", None, Confidence.VERIFIED)
    coverage = replace(PLAN.coverage, prior_authorization=False, origin=verified)
    asked = replace(request(), plan=(replace(PLAN, coverage=coverage),), answers={"auth": Answer(value=True)})
    changed, notes = apply(asked)

    assert changed.plan[0].coverage.prior_authorization is False
    assert [(note.code, note.params, note.origin) for note in notes] == [
        ("answer_contradicts_document", {"id": "auth"}, verified)
    ]
