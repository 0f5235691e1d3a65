"""Answers go back in as facts, and the range only ever narrows (I17)."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.answers import FILLS, apply
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN, Confidence, Origin, Unknown
from coverage_service.core.plan import AllowedAmount, Exclusion, Method
from coverage_service.core.question_table import BY_ID, QUESTIONS
from coverage_service.core.request import Answer, Care, Household, LimitUsed, Request, Used
from coverage_service.core.therapist import Fee, Sliding
from tests.core.builders import (
    NOTHING_USED,
    a_coverage,
    a_limit,
    a_plan,
    a_reference,
    a_request,
    a_row,
    a_therapist,
    a_visit_limit,
    an_eap,
)

WITHOUT_EFFECT = {
    "plan": "the caller names the plan in the request itself",
    "may_be_billed": "moves no amount",
    "oon_figure": "the caller writes the method as the document means it",
    "filing_deadline": "moves no amount",
    "gap_exception": "an approved exception comes with its agreed rate",
    "eob_privacy": "moves no amount",
    "hsa_contribution": "moves no amount",
    "supplement": "the caller names the supplement in the request itself",
    "eap_privacy": "moves no amount",
    "sex_cert": "moves no amount",
    "background_fit": "moves no amount",
    "other_care": "the caller lists other care in the request itself",
    "marketplace_check": "moves no amount",
    "health_center": "moves no amount",
}

VALUES = {
    "network_status": ["in", "out"],
    "ded_remaining": [0, 25_000, 100_000],
    "oon_ded_remaining": [0, 50_000, 150_000],
    "allowed_amount": [11_000, 14_000],
    "fee": [15_000, 20_000],
    "cost_share": [],
    "ded_applies": ["copay_only", "copay_and_rest"],
    "coinsurance_base": ["whole_amount", "after_copay"],
    "freq_length": [6, 12, 20],
    "session_length": [45, 60],
    "dx_coverage": [True, False],
    "exclusions": [True, False],
    "denial_liability": ["patient", "provider"],
    "not_covered_rate": ["contracted", "billed"],
    "first_n": [0, 3],
    "visit_limit": [0, 5, 8],
    "modality": ["in_person", "telehealth"],
    "tier": ["1", "2"],
    "sliding_slots": [True, False],
    "household_income": [2_000_000, 9_000_000],
    "household_size": [1, 4],
    "eap": [0, 3, 6],
    "eap_panel": [True],
    "balance_billing": [True, False],
    "oon_method": [9_000, 16_000],
    "plan_year": ["01-01", "04-01"],
    "every_days": [7],
}
"""Values an insurer or a practice may give, by unknown."""


def test_every_question_that_moves_an_amount_fills_a_fact():
    assert {row.id for row in QUESTIONS} - set(FILLS) == set(WITHOUT_EFFECT)
    assert set(FILLS) <= set(BY_ID)


def in_network(**fields: object) -> Request:
    plan = a_plan(
        "deductible, coinsurance 20%", out="deductible, coinsurance 40%",
        deductible=100_000, out_deductible=150_000, out_of_pocket=500_000, **fields,
    )  # fmt: skip
    return open_request(plan)


def open_request(plan, *, therapist=None, care=None, **more) -> Request:
    """A request that says next to nothing: only the plan and the fee."""
    asked = a_request(plan, network=None, billed=None, allowed=None)
    fees = (Fee(cpt="90837", fee=20_000), Fee(cpt="90834", fee=16_000), Fee(cpt="90791", fee=25_000))
    return replace(
        asked,
        therapist=(therapist or replace(a_therapist(), fees=fees),),
        care=care or Care(diagnoses=("F43.10",), first_session=asked.as_of, client_state="OH"),
        prices={},
        used=Used(),
        **more,
    )


SCALE = Sliding(
    model="flat_range", minimum=9_000, maximum=15_000, slots=UNKNOWN, with_out_of_network_claims=True
)
OPEN = {
    "everything open": in_network(),
    "two readings": open_request(a_plan("copay $40 | copay $40, deductible", deductible=100_000)),
    "base of the percentage": open_request(
        a_plan("copay $20, coinsurance 20% | copay $20, coinsurance 20% ignoring copay")
    ),
    "coverage open": in_network(coverage=a_coverage("F*: unknown")),
    "visits limited": in_network(visit_limits=(a_visit_limit(8),)),
    "first visits": open_request(
        a_plan(
            "copay $65",
            rows=[a_row("copay $10", network="in", first=(3, "first"))],
            pools={"first": ("outpatient_mental_health",)},
        )
    ),
    "modality decides": open_request(
        a_plan("copay $30", rows=[a_row("copay $0", network="in", modality="telehealth")])
    ),
    "tier decides": open_request(
        a_plan("copay $60", rows=[a_row("copay $20", network="in", tier="1"), a_row("copay $40", tier="2")])
    ),
    "waived copay": open_request(a_plan("deductible, copay $30 once deductible is met", deductible=100_000)),
    "copay until the deductible": open_request(
        a_plan(
            "copay $30 until deductible is met, coinsurance 20% once deductible is met", deductible=100_000
        )
    ),
    "free sessions": open_request(a_plan("copay $30"), eap=an_eap(6, used=None)),
    "scale": open_request(
        a_plan("copay $30", out="deductible, coinsurance 40%", out_deductible=150_000),
        therapist=a_therapist(fee=20_000, sliding=SCALE),
        household=Household(size=2, area="48"),
    ),
}


@functools.cache
def before(name: str):
    return estimate(OPEN[name], a_reference())


CASES = [
    pytest.param(name, unknown.id, value, id=f"{name}: {unknown.id}={value}")
    for name in OPEN
    for unknown in before(name).unknowns
    if unknown.id != "oop_remaining"  # outside the range by definition
    for value in VALUES.get(unknown.id, [])
]


def test_the_open_requests_raise_most_of_the_questions():
    asked = {case.values[1] for case in CASES}

    assert {
        "network_status", "ded_remaining", "allowed_amount", "freq_length", "session_length", "dx_coverage",
        "ded_applies", "coinsurance_base", "visit_limit", "first_n", "modality", "tier", "eap",
        "sliding_slots",
    } <= asked  # fmt: skip


@pytest.mark.parametrize(("name", "id", "value"), CASES)
def test_a_range_after_an_answer_lies_inside_the_range_before_it(name, id, value):
    answered = replace(OPEN[name], answers={id: Answer(value=value)})
    after = {p.id: p for p in estimate(answered, a_reference()).pathways}

    for pathway in before(name).pathways:
        now = after[pathway.id]
        if now.possible == "no" or not pathway.windows or not now.windows:
            continue
        if pathway.then != now.then or pathway.fee != now.fee:
            continue  # another pathway follows the free sessions: not the same range
        for wide, narrow in zip(pathway.windows, now.windows, strict=True):
            if wide.id not in ("next_session", "course"):
                continue  # the number of sessions inside a dated window may change
            assert wide.low is None or narrow.low is None or wide.low <= narrow.low, (pathway.id, wide.id)
            assert wide.high is None or (narrow.high is not None and narrow.high <= wide.high), (
                pathway.id,
                wide.id,
            )


def test_an_answered_question_is_not_asked_again():
    answered = replace(OPEN["everything open"], answers={"ded_remaining": Answer(value=40_000)})

    assert "ded_remaining" not in {u.id for u in estimate(answered, a_reference()).unknowns}


def test_asked_in_vain_stays_unknown_and_comes_last():
    vain = replace(OPEN["everything open"], answers={"ded_remaining": Answer(value=None)})
    found = estimate(vain, a_reference()).unknowns

    assert found[-1].id == "ded_remaining"
    assert found[-1].asked


def test_what_is_left_of_the_deductible_becomes_what_is_used():
    told = replace(OPEN["everything open"], answers={"ded_remaining": Answer(value=40_000)})
    changed, notes = apply(told)

    # a limit of $1,000 of which $400 are left: $600 used
    assert changed.used.limits["in_network"] == LimitUsed(deductible=60_000)
    assert notes == ()


def test_what_is_left_of_a_deductible_of_both_networks_is_used_of_that_one():
    """Beside it only a maximum of the network's own: $2,019 less the $500 left."""
    limits = [
        a_limit("deductible", 201_900, bucket="any_network"),
        a_limit("out_of_pocket", UNKNOWN),
        a_limit("out_of_pocket", 1_390_000, bucket="any_network"),
    ]
    plan = a_plan("deductible, coinsurance 20%", out="deductible, coinsurance 20%", limits=limits)
    for id in ("ded_remaining", "oon_ded_remaining"):
        told = replace(open_request(plan), answers={id: Answer(value=50_000)})

        assert apply(told)[0].used.limits == {"any_network": LimitUsed(deductible=151_900)}
        assert id not in {each.id for each in estimate(told, a_reference()).unknowns}


@pytest.mark.parametrize(("who", "owed"), [("patient", 14_000), ("provider", 0)])
def test_who_bears_a_denial_is_told_of_visits_beyond_a_limit_too(who, owed):
    """The 21st of 20 visits at the contracted rate of $140, where the plan leaves it open."""
    plan = a_plan(
        "copay $30",
        visit_limits=(a_visit_limit(20),),
        coverage=a_coverage(liability={"visit_limit": UNKNOWN}),
        not_covered_rate={"in": "contracted"},
    )
    spent = replace(NOTHING_USED, visits={"outpatient_mental_health": 20})
    told = a_request(plan, used=spent, fields={"answers": {"denial_liability": Answer(value=who)}})
    found = estimate(told, a_reference())

    assert found.pathways[0].windows[-1].planning == owed
    assert "denial_liability" not in {each.id for each in found.unknowns}


@pytest.mark.parametrize("intake", [False, True])
@pytest.mark.parametrize("codes", [{}, {"90846": UNKNOWN, "9084*": UNKNOWN}])
@pytest.mark.parametrize(
    ("payable", "case", "high"), [(True, "covered", 3_000), (False, "not_covered", 20_000)]
)
def test_whether_a_couples_session_is_paid_is_settled_by_one_answer(payable, case, high, codes, intake):
    """A copay of $30 a visit, or the charge of $200, for two visits, the intake among them or not."""
    plan = a_plan("copay $30", coverage=a_coverage(codes=codes))
    request = a_request(plan, format="couple", sessions=2, intake=intake, identified_patient=None)
    found = estimate(replace(request, answers={"couple_code": Answer(value=payable)}), a_reference())
    ids = {each.id for each in found.unknowns}

    assert [each.name for each in found.pathways[0].scenarios] == [case]
    assert found.pathways[0].windows[-1].high == 2 * high
    assert not {"couple_code", "coverage"} & ids
    assert "denial_liability" in ids or payable


def test_a_verified_document_is_not_overruled_silently():
    verified = Origin("plan.yaml:9", None, Confidence.VERIFIED)
    plan = a_plan(limits=[replace(a_limit("deductible", 100_000), origin=verified)])
    told = replace(open_request(plan), answers={"deductible_amount": Answer(value=50_000)})
    changed, notes = apply(told)

    assert changed.plan == told.plan
    assert [(note.code, note.origin.place) for note in notes] == [
        ("answer_contradicts_document", "plan.yaml:9")
    ]


def test_an_answer_beats_a_figure_that_was_only_stated():
    plan = a_plan(limits=[a_limit("deductible", 100_000)])
    told = replace(open_request(plan), answers={"deductible_amount": Answer(value=50_000)})

    assert apply(told)[0].plan[0].limits[0].person == 50_000


def test_no_benefit_outside_closes_the_pathway():
    told = replace(OPEN["everything open"], answers={"oon_benefit": Answer(value=False)})
    out = next(p for p in estimate(told, a_reference()).pathways if p.id == "out_of_network")

    assert (out.possible, [note.code for note in out.reasons]) == ("no", ["no_out_of_network_benefit"])


def test_an_offered_fee_is_the_sliding_fee():
    told = {"sliding": 11_000, "freq_length": 10, "intake": False, "session_length": 60}
    told = replace(OPEN["scale"], answers={id: Answer(value=value) for id, value in told.items()})
    sliding = next(p for p in estimate(told, a_reference()).pathways if p.id == "sliding_fee")

    assert sliding.windows[-1].planning == 110_000


def test_a_stated_amount_for_out_of_network_replaces_the_method():
    method = {"out": AllowedAmount(method=Method.FIXED, amount=9_000)}
    plan = a_plan("copay $30", out="coinsurance 40%", deductible=None, allowed=method)
    care = Care(diagnoses=("F43.10",), sessions=1, intake=False, minutes=60, first_session=date(2026, 1, 5))
    told = {"oon_method": Answer(value=15_000), "network_status": Answer(value="out")}
    told = replace(open_request(plan, care=care), answers=told)
    out = next(p for p in estimate(told, a_reference()).pathways if p.id == "out_of_network")

    # 40 % of 15000 and the 5000 above it
    assert out.windows[-1].planning == 6_000 + 5_000


class TestExclusions:
    """F52.31 sets off what the plan says of sexual dysfunction; the answer is one for all exclusions."""

    VERIFIED = Origin("plan.yaml:9", None, Confidence.VERIFIED)

    def told(self, answer: bool | None, rows: str = "F*: yes", **stated: bool | Unknown):
        named = tuple(
            Exclusion(name=name, excluded=yes, origin=self.VERIFIED) for name, yes in stated.items()
        )
        coverage = replace(a_coverage(rows), exclusions=named)
        asked = a_request(a_plan("copay $30", coverage=coverage), diagnoses=("F52.31",))
        answers = {} if answer is None else {"exclusions": Answer(value=answer)}
        return estimate(replace(asked, answers=answers), a_reference())

    @pytest.mark.parametrize(("answer", "cases"), [(True, ["not_covered"]), (False, ["covered"])])
    @pytest.mark.parametrize("stated", [{}, {"marital_counselling": UNKNOWN}])
    def test_an_answer_settles_those_that_a_plan_does_not_mention(self, answer, cases, stated):
        before, after = self.told(None, **stated), self.told(answer, **stated)

        assert [each.name for each in before.pathways[0].scenarios] == ["covered", "not_covered"]
        assert [each.name for each in after.pathways[0].scenarios] == cases
        assert "exclusions" in [each.id for each in before.unknowns]
        assert "exclusions" not in [each.id for each in after.unknowns]

    @pytest.mark.parametrize(
        ("answer", "stated", "told"),
        [
            (True, {"sexual_dysfunction": False, "sex_therapy": False}, True),
            (False, {"sexual_dysfunction": True, "sex_therapy": False}, True),
            (True, {"sexual_dysfunction": True, "sex_therapy": False}, False),
            (False, {"sexual_dysfunction": False, "sex_therapy": False}, False),
            (True, {"sexual_dysfunction": False, "sex_therapy": UNKNOWN}, False),
            (False, {"sexual_dysfunction": False, "sex_therapy": False, "marital_counselling": True}, False),
            (None, {"sexual_dysfunction": True, "sex_therapy": True}, False),
        ],
    )
    def test_an_answer_against_the_document_is_told(self, answer, stated, told):
        found = self.told(answer, **stated)
        notices = [note for note in found.notices if note.code == "answer_contradicts_document"]

        assert [(note.params["id"], note.origin.place) for note in notices] == (
            [("exclusions", "plan.yaml:9")] if told else []
        )

    @pytest.mark.parametrize(("answer", "cases"), [(True, ["not_covered"]), (False, ["covered"])])
    @pytest.mark.parametrize("name", ["sex_therapy", "a_custom_one"])
    def test_an_answer_settles_what_an_exclusion_means(self, name, answer, cases):
        """A plan that covers F52 excludes sex therapy, or something that no code tells."""
        stated = {"sexual_dysfunction": False, "sex_therapy": False, name: True}
        before, after = self.told(None, **stated), self.told(answer, **stated)

        assert [each.name for each in before.pathways[0].scenarios] == ["covered", "not_covered"]
        assert "exclusions" in [each.id for each in before.unknowns]
        assert [each.name for each in after.pathways[0].scenarios] == cases
        assert "exclusions" not in [each.id for each in after.unknowns]
        assert "answer_contradicts_document" not in [note.code for note in after.notices]

    def test_the_document_is_kept(self):
        assert [each.name for each in self.told(False, sexual_dysfunction=True).pathways[0].scenarios] == [
            "not_covered"
        ]
