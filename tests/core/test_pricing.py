"""Where a charge and an allowed amount come from, best source first (``domain`` 2.3).

Everybody pays half of the allowed amount here, so a range shows which amounts were taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN, Between, Confidence, OneOf, Origin
from coverage_service.core.plan import AllowedAmount, Method
from coverage_service.core.reference import FeeSchedule, Rate
from coverage_service.core.request import Answer, Price
from coverage_service.core.therapist import Clinician, Fee, NetworkEntry
from tests.core.builders import a_plan, a_reference, a_request, a_row, a_therapist, ask, lines, planned, span

HERE, THERE = Rate(exact=20_000), Rate(exact=12_000)
PLACE = Origin("schedule.yaml:7", None, Confidence.VERIFIED)
PLAN = a_plan("no deductible, coinsurance 50%")


def a_schedule(*, kind: str = "law", rates: Mapping[str, Rate], **more: object) -> FeeSchedule:
    """A schedule of session rates by locality."""
    by_code = {place: {"90837": rate} for place, rate in rates.items()}
    return FeeSchedule(id="usual", kind=kind, rates=by_code, origin=PLACE, **more)


def a_clinician(licence: object = "LMFT", locality: str | None = None):
    return a_therapist(
        clinician=Clinician(licence=licence, supervised=False, licensed_in=("CA",), locality=locality)
    )


def by_method(method: AllowedAmount, schedule: FeeSchedule | None = None, *, nobody=False, **words):
    """An estimate in network by the plan's own method; with ``nobody`` as the therapist."""
    plan = replace(PLAN, allowed={"in": method})
    known = {"network": "in", "billed": 60_000, "allowed": None, "therapist": a_clinician()} | words
    request = a_request(plan, **known)
    return estimate(
        replace(request, therapist=()) if nobody else request, a_reference(*[schedule] if schedule else [])
    )


def of_schedule(schedule: FeeSchedule, basis_points: int = 10_000, **words):
    method = AllowedAmount(method=Method.SCHEDULE, amount=basis_points, schedule="usual")
    return by_method(method, schedule, **words)


def fact(found, id: str = "allowed_amount.90837"):
    """(value at both ends, basis, place) of an input as it was used."""
    used = next(each for each in found.facts if each.id == id)
    ends = None if used.value is None else (used.value.low, used.value.high)
    return ends, used.basis, used.origin.place


def why(found, code: str = "allowed_amount"):
    return next(each for each in found.why if each.code == code)


class TestTheRateOfAPlace:
    TWO = a_schedule(rates={"CA-01": HERE, "CA-02": THERE})

    @pytest.mark.parametrize(
        ("locality", "ends"),
        [
            pytest.param("CA-01", (10_000, 10_000, 10_000), id="here"),
            pytest.param("CA-02", (6_000, 6_000, 6_000), id="there"),
            pytest.param(None, (6_000, None, 10_000), id="nobody said where: every place"),
            pytest.param("NV-01", (6_000, None, 10_000), id="a place that is not in the schedule"),
        ],
    )
    def test_is_that_of_the_clinician(self, locality, ends):
        found = of_schedule(self.TWO, therapist=a_clinician(locality=locality))

        assert span(found) == ends

    @pytest.mark.parametrize(
        ("locality", "rate"),
        [pytest.param("CA-01", 20_000, id="here"), pytest.param("CA-02", 12_000, id="there")],
    )
    def test_is_that_of_the_clinician_outside_too(self, locality, rate):
        method = AllowedAmount(method=Method.SCHEDULE, amount=10_000, schedule="usual")
        plan = replace(PLAN, allowed={"out": method}, benefits=(a_row("coinsurance 40%", network="out"),))
        request = a_request(plan, network="out", billed=60_000, therapist=a_clinician(locality=locality))
        found = estimate(request, a_reference(self.TWO))

        # 40 % of the rate, and the bill above it
        assert planned(found, "out_of_network") == rate * 4 // 10 + 60_000 - rate

    def test_is_the_national_one_where_there_is_no_other(self):
        found = of_schedule(a_schedule(rates={"national": HERE}), therapist=a_clinician(locality="CA-01"))

        assert span(found) == (10_000, 10_000, 10_000)

    def test_may_be_the_national_one_beside_others(self):
        found = of_schedule(a_schedule(rates={"national": HERE, "CA-02": THERE}))

        assert span(found) == (6_000, None, 10_000)

    def test_of_nobody_may_be_any(self):
        assert span(of_schedule(self.TWO, nobody=True)) == (6_000, None, 10_000)

    def test_is_said_with_its_place(self):
        found = of_schedule(self.TWO)

        assert fact(found) == ((12_000, 20_000), "unknown", "schedule.yaml:7")
        assert (why(found).origin, why(found).params) == (PLACE, {"cpt": "90837", "network": "in"})

    def test_that_is_one_figure_is_the_documents(self):
        found = of_schedule(self.TWO, therapist=a_clinician(locality="CA-01"))

        assert fact(found) == ((20_000, 20_000), "document", "schedule.yaml:7")


class TestTheShareOfALicence:
    MEDICARE = a_schedule(rates={"national": HERE}, licence_percent={"LMFT": 7_500, "NP": 8_500})

    @pytest.mark.parametrize(
        ("licence", "ends"),
        [
            pytest.param("LMFT", (7_500, 7_500, 7_500), id="75 % of 20000"),
            pytest.param("MD", (10_000, 10_000, 10_000), id="one that is not named is paid in full"),
            pytest.param(UNKNOWN, (7_500, None, 10_000), id="not known: the least named to all of it"),
        ],
    )
    def test_is_that_of_the_clinician(self, licence, ends):
        assert span(of_schedule(self.MEDICARE, therapist=a_clinician(licence))) == ends

    def test_of_nobody_may_be_any(self):
        assert span(of_schedule(self.MEDICARE, nobody=True)) == (7_500, None, 10_000)

    def test_and_the_plans_percent_are_rounded_once(self):
        """85 % of 75 % of 10101 is 6439.39; of which half is 3219.5, rounded up."""
        schedule = replace(self.MEDICARE, rates={"national": {"90837": Rate(exact=10_101)}})

        assert lines(of_schedule(schedule, 8_500))[0].allowed == 6_439
        assert span(of_schedule(schedule, 8_500)) == (3_220, 3_220, 3_220)


class TestABenchmark:
    """Its middle half, at the plan's percent, never to plan with (definitions 5)."""

    QUARTILES = Rate(percentiles={25: 10_000, 50: 12_000, 75: 16_000})
    DEARER = Rate(percentiles={25: 11_000, 50: 13_000, 75: 18_000})

    def benchmark(self, **rates: Rate):
        return a_schedule(kind="benchmark", rates=rates)

    def test_is_a_range_with_a_typical_figure(self):
        found = of_schedule(self.benchmark(national=self.QUARTILES))

        window = found.pathways[0].windows[-1]
        assert (window.low, window.planning, window.typical, window.high) == (5_000, None, 6_000, 8_000)
        assert fact(found) == ((10_000, 16_000), "document", "schedule.yaml:7")

    def test_is_said_to_be_assumed(self):
        found = of_schedule(self.benchmark(national=self.QUARTILES))

        assert [(note.code, note.params, note.origin) for note in found.assumptions] == [
            ("benchmark_price", {"cpt": "90837"}, PLACE)
        ]
        assert why(found).origin == PLACE

    def test_takes_the_plans_percent_of_each(self):
        window = of_schedule(self.benchmark(national=self.QUARTILES), 15_000).pathways[0].windows[-1]

        assert (window.low, window.typical, window.high) == (7_500, 9_000, 12_000)

    def test_of_two_places_has_no_typical_figure(self):
        window = of_schedule(self.benchmark(a=self.QUARTILES, b=self.DEARER)).pathways[0].windows[-1]

        assert (window.low, window.planning, window.typical, window.high) == (5_000, None, None, 9_000)

    @pytest.mark.parametrize("missing", [25, 75])
    def test_without_its_middle_half_has_the_median_alone(self, missing):
        """No bound but the bill of 60000, and no low end."""
        known = {rank: cents for rank, cents in self.QUARTILES.percentiles.items() if rank != missing}
        found = of_schedule(self.benchmark(national=Rate(percentiles=known)))

        window = found.pathways[0].windows[-1]
        assert (window.low, window.typical, window.high) == (None, 6_000, 30_000)
        assert why(found).origin == PLACE
        assert [note.code for note in found.assumptions] == ["benchmark_price"]
        assert fact(found)[1:] == ("document", "schedule.yaml:7")


class TestAPercentile:
    """``80th percentile of usual``: the figure of that rank, not a range of the schedule."""

    METHOD = AllowedAmount(method=Method.PERCENTILE, amount=80, schedule="usual")

    def of(self, **rates: Rate):
        return by_method(self.METHOD, a_schedule(kind="benchmark", rates=rates))

    def test_is_one_figure(self):
        found = self.of(national=Rate(percentiles={50: 10_000, 80: 14_000}))

        assert span(found) == (7_000, 7_000, 7_000)
        assert fact(found) == ((14_000, 14_000), "document", "schedule.yaml:7")

    def test_of_two_places_is_a_range(self):
        found = self.of(a=Rate(percentiles={80: 14_000}), b=Rate(percentiles={80: 18_000}))

        assert span(found) == (7_000, None, 9_000)

    def test_of_the_clinicians_place_is_one_figure(self):
        schedule = a_schedule(
            kind="benchmark", rates={"a": Rate(percentiles={80: 14_000}), "b": Rate(percentiles={80: 18_000})}
        )

        assert span(by_method(self.METHOD, schedule, therapist=a_clinician(locality="b"))) == (9_000,) * 3

    def test_that_is_not_published_is_not_known(self):
        found = self.of(national=Rate(percentiles={50: 10_000}))

        assert span(found) == (None, None, 30_000)
        assert fact(found) == (None, "unknown", "schedule.yaml:7")


class TestWhatNoScheduleSays:
    """Half of anything up to the bill of 60000, and the document that does not say it is named."""

    OTHER_CODE = replace(a_schedule(rates={}), rates={"national": {"90791": HERE}})

    @pytest.mark.parametrize(
        ("schedule", "place"),
        [
            pytest.param(a_schedule(rates={"national": Rate()}), "schedule.yaml:7", id="no exact rate"),
            pytest.param(OTHER_CODE, "schedule.yaml:7", id="no rate of this code"),
            pytest.param(None, "plan.yaml:3", id="no such schedule"),
        ],
    )
    def test_is_not_known(self, schedule, place):
        method = AllowedAmount(
            method=Method.SCHEDULE, amount=10_000, schedule="usual", origin=Origin("plan.yaml:3")
        )
        found = by_method(method, schedule)

        assert span(found) == (None, None, 30_000)
        assert fact(found) == (None, "unknown", place)
        assert why(found).origin.place == place

    def test_an_amount_by_contract_is_the_contracts(self):
        found = by_method(AllowedAmount(method=Method.CONTRACT))

        assert span(found) == (None, None, 30_000)
        assert fact(found) == (None, "unknown", "")


class TestAMethodWithoutASchedule:
    def test_a_fixed_amount(self):
        found = by_method(
            AllowedAmount(method=Method.FIXED, amount=9_000, origin=Origin("plan.yaml:3")), billed=20_000
        )

        assert span(found) == (4_500, 4_500, 4_500)
        assert fact(found) == ((9_000, 9_000), "document", "plan.yaml:3")

    def test_a_fixed_amount_is_no_more_than_the_bill(self):
        found = by_method(AllowedAmount(method=Method.FIXED, amount=9_000), billed=8_000)

        assert span(found) == (4_000, 4_000, 4_000)

    def test_a_percentage_of_the_bill(self):
        method = AllowedAmount(method=Method.BILLED, amount=6_000, origin=Origin("plan.yaml:3"))
        found = by_method(method, billed=20_001)

        # 60 % of 20001 is 12000.6; half of 12001 is 6000.5
        assert span(found) == (6_001, 6_001, 6_001)
        used = next(each for each in found.facts if each.id == "allowed_amount.90837")
        assert (used.value, used.basis, used.origin.place) == (None, "document", "plan.yaml:3")


class TestTheContractOfThePractice:
    @staticmethod
    def found(contract: object, schedule: FeeSchedule | None = None, **words):
        entry = NetworkEntry(plan="plan", status="in", contract=contract, origin=Origin("practice.yaml:5"))
        therapist = replace(a_clinician(), networks=(entry,))
        method = AllowedAmount(method=Method.FIXED, amount=9_000, origin=Origin("plan.yaml:3"))
        return by_method(method, schedule, therapist=therapist, network=None, **words)

    def test_in_cents_by_code_comes_before_the_plans_method(self):
        found = self.found({"90837": 15_000})

        assert span(found) == (7_500, 7_500, 7_500)
        assert fact(found) == ((15_000, 15_000), "document", "practice.yaml:5")

    def test_by_the_name_of_a_schedule(self):
        found = self.found("usual", a_schedule(kind="contract", rates={"national": HERE}))

        assert span(found) == (10_000, 10_000, 10_000)
        assert fact(found) == ((20_000, 20_000), "document", "schedule.yaml:7")

    @pytest.mark.parametrize("contract", [{"90791": 15_000}, "another", UNKNOWN])
    def test_that_says_nothing_of_the_code_leaves_the_plans_method(self, contract):
        found = self.found(contract, a_schedule(kind="contract", rates={"national": HERE}))

        assert span(found) == (4_500, 4_500, 4_500)
        assert fact(found)[2] == "plan.yaml:3"

    def test_comes_after_what_the_person_was_told(self):
        found = self.found({"90837": 15_000}, allowed=13_000)

        assert span(found) == (6_500, 6_500, 6_500)
        assert fact(found)[:2] == ((13_000, 13_000), "said")


class TestWhatThePersonWasTold:
    """A stated amount belongs to the network the person asked as."""

    BOTH = replace(
        a_plan("no deductible, coinsurance 50%", out="no deductible, coinsurance 50%"),
        allowed={
            "in": AllowedAmount(method=Method.FIXED, amount=9_000),
            "out": AllowedAmount(method=Method.FIXED, amount=8_000, origin=Origin("plan.yaml:9")),
        },
        balance_billing={"out": False},
    )

    def found(self, price: Price, network: str | None, **answers):
        request = a_request(self.BOTH, network=network, fields={"origin": Origin("/prices")})
        told = {id: Answer(value=value) for id, value in answers.items()}
        return estimate(replace(request, prices={"90837": price}, answers=told), a_reference())

    @pytest.mark.parametrize(
        ("network", "inside", "outside"),
        [
            ("in", (13_000, "said"), None),
            ("out", None, (13_000, "said")),
            (None, (13_000, "said"), (8_000, "document")),
        ],
    )
    def test_is_the_amount_of_that_network(self, network, inside, outside):
        found = self.found(Price(billed=20_000, allowed=13_000), network)

        ways = {"allowed_amount.90837": inside, "oon_allowed.90837": outside}
        for id, expected in ways.items():
            if expected is not None:
                cents, basis = expected
                assert fact(found, id)[:2] == ((cents, cents), basis)

    @pytest.mark.parametrize("id", ["network_status", "medicare_status"])
    def test_an_answer_on_the_network_leaves_a_contracted_amount_contracted(self, id):
        found = self.found(Price(billed=20_000, allowed=13_000), None, **{id: "out"})

        assert fact(found, "oon_allowed.90837") == ((8_000, 8_000), "document", "plan.yaml:9")

    @pytest.mark.parametrize("id", ["accepts_plan", "medicaid_enrolled"])
    def test_so_does_a_no_to_the_plan(self, id):
        found = self.found(Price(billed=20_000, allowed=13_000), None, **{id: False})

        assert fact(found, "oon_allowed.90837")[:2] == ((8_000, 8_000), "document")

    def test_asked_in_vain_changes_nothing(self):
        found = self.found(Price(billed=20_000, allowed=13_000), "out", network_status=None)

        assert fact(found, "oon_allowed.90837") == ((13_000, 13_000), "said", "/prices")

    def test_an_amount_for_claims_from_outside_comes_first_there(self):
        found = self.found(Price(billed=20_000, allowed=13_000, oon_allowed=11_000), "out")

        assert fact(found, "oon_allowed.90837") == ((11_000, 11_000), "said", "/prices")
        assert span(found, "out_of_network") == (5_500, 5_500, 5_500)

    def test_and_counts_nothing_inside(self):
        found = self.found(Price(billed=20_000, oon_allowed=11_000), "in")

        assert span(found) == (4_500, 4_500, 4_500)

    @pytest.mark.parametrize(
        ("price", "ends"),
        [
            pytest.param(
                {"allowed_low": 10_000, "allowed_high": 16_000}, (5_000, None, 8_000), id="two ends"
            ),
            pytest.param({"allowed": 12_000, "allowed_high": 16_000}, (6_000, 6_000, 8_000), id="no low end"),
            pytest.param({"allowed_low": 10_000, "allowed": 12_000}, (5_000, 6_000, 6_000), id="no high end"),
            pytest.param({"allowed_high": 16_000}, (None, None, 8_000), id="a high end alone"),
            pytest.param(
                {"allowed_low": 10_000}, (5_000, None, 10_000), id="a low end alone: up to the bill"
            ),
        ],
    )
    def test_a_range_may_lack_an_end(self, price, ends):
        assert span(self.found(Price(billed=20_000, **price), "in")) == ends


class TestTheCharge:
    """Full fee, so that the charge is the cost."""

    @staticmethod
    def found(*fees: Fee, billed: int | None = None, **care):
        therapist = a_therapist(fees=fees)
        request = a_request(PLAN, billed=billed, therapist=therapist, **care)
        return estimate(replace(request, origin=Origin("/prices")), a_reference())

    @pytest.mark.parametrize(("minutes", "fee"), [(60, 20_000), (75, 30_000), (90, 30_000), (53, 20_000)])
    def test_is_that_of_the_length_of_the_session(self, minutes, fee):
        fees = (Fee(cpt="90837", fee=20_000), Fee(cpt="90837", fee=30_000, from_minutes=75))

        assert span(self.found(*fees, minutes=minutes), "full_fee") == (fee, fee, fee)

    def test_of_a_shorter_session_than_any_is_the_first(self):
        fees = (Fee(cpt="90837", fee=20_000, from_minutes=70), Fee(cpt="90837", fee=30_000, from_minutes=90))

        assert span(self.found(*fees), "full_fee") == (20_000, 20_000, 20_000)

    @pytest.mark.parametrize(
        ("fee", "ends"),
        [
            (Between(15_000, 22_000), (15_000, None, 22_000)),
            (OneOf((22_000, 15_000, 18_000)), (15_000, None, 22_000)),
            (UNKNOWN, (None, None, None)),
        ],
    )
    def test_may_be_a_range_or_a_choice_or_unknown(self, fee, ends):
        assert span(self.found(Fee(cpt="90837", fee=fee)), "full_fee") == ends

    def test_as_the_practice_prints_it_is_its_documents(self):
        place = Origin("practice.yaml:8", None, Confidence.STATED)
        found = self.found(Fee(cpt="90837", fee=20_000, origin=place))

        used = next(each for each in found.facts if each.id == "fee.90837")
        assert (used.value, used.basis, used.question, used.origin) == (20_000, "document", "fee", place)
        assert (why(found, "fee").origin, why(found, "fee").params) == (place, {"cpt": "90837"})

    def test_that_was_told_comes_first(self):
        found = self.found(Fee(cpt="90837", fee=20_000), billed=18_000)

        used = next(each for each in found.facts if each.id == "fee.90837")
        assert (used.value, used.basis, used.question, used.origin.place) == (
            18_000,
            "said",
            "fee",
            "/prices",
        )
        assert why(found, "fee").origin.place == "/prices"

    def test_of_another_code_is_not_known(self):
        found = self.found(Fee(cpt="90791", fee=25_000))

        used = next(each for each in found.facts if each.id == "fee.90837")
        assert (used.value, used.basis, used.question) == (None, "unknown", "fee")
        assert span(found, "full_fee") == (None, None, None)


def test_the_question_of_an_allowed_amount_is_that_of_its_network():
    plan = a_plan("copay $30", out="coinsurance 40%", allowed_out="$90")
    found = estimate(a_request(plan, network=None, allowed=None), a_reference())

    asked = {each.id: each.question for each in found.facts if "allowed" in each.id}
    assert asked == {"allowed_amount.90837": "allowed_amount", "oon_allowed.90837": "oon_method"}


@pytest.mark.parametrize(("words", "confidence"), [
    ({"allowed": None}, Confidence.UNKNOWN), ({"allowed": 14_000}, Confidence.STATED),
])  # fmt: skip
def test_nothing_supports_an_allowed_amount_that_nobody_stated(words, confidence):
    found = ask(a_plan("copay $30"), **words)
    said = [why.origin.confidence for why in found.why if why.code == "allowed_amount"]

    assert set(said) == {confidence}
