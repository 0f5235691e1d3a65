"""Wording and settings with several outcomes: what is asked, in which words, and what an answer settles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, Limit
from coverage_service.core.questions import Accepted, check_answer
from coverage_service.core.reference import LegalLimits
from coverage_service.core.request import Answer
from coverage_service.core.therapist import Clinician
from tests.core.builders import (
    REFERENCE,
    a_limit,
    a_plan,
    a_row,
    a_therapist,
    ask,
    planned,
    span,
    unknown,
    unknown_ids,
)

PHONE = "copay $30 | copay $30, deductible | deductible, coinsurance 20% | deductible"
"""What ``copay before deductible`` and ``deductible applies`` may mean; 50.00 of it are left."""
BASE = "deductible, copay $20, coinsurance 20% | deductible, copay $20, coinsurance 20% ignoring copay"


def told(sharing: str, **answers: str | None):
    plan = a_plan(sharing, deductible=5_000)
    values = {id: Answer(value=value) for id, value in answers.items()}
    return ask(plan, fields={"answers": values})


@pytest.mark.parametrize(
    ("sharing", "answer", "cost"),
    [
        pytest.param(PHONE, "copay_only", 3_000, id="the copay alone"),
        pytest.param(PHONE, "copay_and_rest", 3_000 + 5_000, id="the copay, then what is left"),
        pytest.param(PHONE, "whole_amount", 5_000, id="the amount, as far as it is left"),
    ],
)
def test_an_answer_settles_what_the_deductible_applies_to(sharing, answer, cost):
    found = told(sharing, ded_applies=answer)

    assert span(found) == (cost, cost, cost)
    assert "ded_applies" not in unknown_ids(found)


SHARE = "no deductible, coinsurance 20% | deductible, coinsurance 20%"


@pytest.mark.parametrize(
    ("sharing", "answer", "ends"),
    [
        pytest.param(SHARE, "copay_only", (2_800, 2_800, 2_800), id="20 % of 14000"),
        pytest.param(SHARE, "whole_amount", (6_800, 6_800, 6_800), id="5000 and 20 % of 9000"),
        pytest.param(f"{SHARE} | deductible, coinsurance 50%", "whole_amount", (2_800, None, 9_500),
                     id="two readings begin with it"),
    ],
)  # fmt: skip
def test_before_the_deductible_is_met_the_whole_amount_is_what_goes_to_it(sharing, answer, ends):
    found = told(sharing, ded_applies=answer)

    assert span(found) == ends
    assert ("ded_applies" in unknown_ids(found)) is (ends[1] is None)


@pytest.mark.parametrize(
    ("answer", "cost"),
    [
        pytest.param("after_copay", 5_000 + 2_000 + 1_400, id="20 % of 7000"),
        pytest.param("whole_amount", 5_000 + 2_000 + 1_800, id="20 % of 9000"),
    ],
)
@pytest.mark.parametrize("sharing", [BASE, " | ".join(reversed(BASE.split(" | ")))])
def test_an_answer_settles_what_the_percentage_is_of(sharing, answer, cost):
    assert span(told(sharing, coinsurance_base=answer)) == (cost, cost, cost)


@pytest.mark.parametrize("answer", [None, "copay_and_rest"])
def test_an_answer_that_no_reading_describes_settles_nothing(answer):
    found = told("copay $30 | deductible", ded_applies=answer)

    assert span(found) == (3_000, None, 5_000)
    asked = unknown(found, "ded_applies")
    assert (asked.swing, asked.alternatives) == (2_000, ("copay $30", "deductible"))


def test_wording_of_one_reading_needs_no_answer():
    assert span(told("copay $30", ded_applies="copay_and_rest")) == (3_000, 3_000, 3_000)


@pytest.mark.parametrize(
    "sharing",
    [
        pytest.param("copay $30 | copay $40", id="two copays"),
        pytest.param("deductible, copay $30 | deductible, copay $40", id="either after the deductible"),
        pytest.param(
            "copay $20, coinsurance 20% ignoring copay | copay $30, coinsurance 20%",
            id="base and copay differ",
        ),
    ],
)
def test_other_differences_are_a_question_on_cost_sharing(sharing):
    found = told(sharing)

    assert "cost_share" in unknown_ids(found)
    assert not {"ded_applies", "coinsurance_base"} & unknown_ids(found)


class TestStatedAlternatives:
    """Each is told as a rule file may say it, so that it can be the answer."""

    @pytest.mark.parametrize(
        ("sharing", "labels", "ends"),
        [
            ("copay $0 or $18", ("copay $0", "copay $18"), (0, None, 1_800)),
            ("coinsurance 20% or 12.5%", ("coinsurance 20%", "coinsurance 12.5%"), (1_750, None, 2_800)),
            (
                "copay $10 or $18 or $20, coinsurance 10% or 20%",
                ("copay $10, coinsurance 10%", "copay $18, coinsurance 20%", "copay $20, coinsurance 20%"),
                # 1000 and 10 % of 13000; 2000 and 20 % of 12000
                (2_300, None, 4_400),
            ),
        ],
    )
    def test_in_words(self, sharing, labels, ends):
        found = ask(a_plan(sharing))

        assert unknown(found, "cost_share").alternatives == labels
        assert span(found) == ends


class TestASettingNobodyNamed:
    """The row hangs on a tier, a modality or a licence; what is told is only what differs."""

    TIERS = (a_row("copay $20", network="in", tier="1"), a_row("copay $40", network="in", tier="2"))
    VIDEO = a_row("copay $0", network="in", modality="telehealth")
    DOCTOR = a_row("copay $25", network="in", licences=("PHD",))

    @pytest.mark.parametrize(
        ("rows", "care", "id", "labels", "ends"),
        [
            pytest.param(TIERS, {}, "tier", ("1", "2"), (2_000, None, 4_000), id="tier"),
            pytest.param((VIDEO,), {"modality": None}, "modality", ("in_person", "telehealth"),
                         (0, None, 6_000), id="modality"),
            pytest.param((VIDEO, *TIERS), {"modality": None}, "tier",
                         ("1 in_person", "1 telehealth", "2 in_person", "2 telehealth"),
                         (0, None, 4_000), id="tier and modality"),
        ],
    )  # fmt: skip
    def test_is_asked(self, rows, care, id, labels, ends):
        found = ask(a_plan("copay $60", rows=rows), **care)

        asked = unknown(found, id)
        assert (asked.alternatives, asked.swing) == (labels, ends[2] - ends[0])
        assert span(found) == ends

    def test_a_licence_is_asked_with_those_the_rows_name(self):
        nobody = a_therapist(clinician=Clinician(supervised=False, licensed_in=("CA",)))
        found = ask(a_plan("copay $60", rows=(self.DOCTOR,)), therapist=nobody)

        assert unknown(found, "licence").alternatives == ("other", "PHD")
        assert span(found) == (2_500, None, 6_000)

    def test_its_alternatives_are_answers(self):
        found = ask(a_plan("copay $60", rows=(self.VIDEO,)), modality=None)

        offered = unknown(found, "modality").alternatives
        assert [check_answer("modality", each) for each in offered] == [Accepted(each) for each in offered]

    @pytest.mark.parametrize(
        ("rows", "care"),
        [
            pytest.param(TIERS, {"tier": "1"}, id="said"),
            pytest.param((a_row("copay $20", network="out", tier="1"),), {}, id="a row of another network"),
            pytest.param(
                (a_row("copay $9", network="in", tier="1", service="group"),), {}, id="another service"
            ),
        ],
    )
    def test_that_changes_nothing_is_not_asked(self, rows, care):
        found = ask(a_plan("copay $60", rows=rows), **care)

        assert not {"tier", "modality", "licence"} & unknown_ids(found)


class TestTheLegalCapOfOnePerson:
    """Aggregate maximum of 30000.00; the law's figure is that of the plan year (``domain`` 1)."""

    @staticmethod
    def cost(reference=REFERENCE, **plan):
        limit = Limit(
            bucket="in_network", kind="out_of_pocket_maximum", family=3_000_000, method=AGGREGATE,
            person_cap="legal",
        )  # fmt: skip
        found = ask(
            a_plan("coinsurance 100%", limits=[limit], **plan), reference=reference, allowed=2_000_000,
            billed=2_000_000, fields={"coverage": "family"},
        )  # fmt: skip
        return planned(found)

    @pytest.mark.parametrize(
        ("starts", "cap"),
        [
            pytest.param(((1, 1),), 1_060_000, id="a year that began in January 2026"),
            pytest.param(((1, 6),), 920_000, id="one that begins tomorrow: still that of 2025"),
            pytest.param(UNKNOWN, 1_060_000, id="not known: as planned, January"),
        ],
    )
    def test_is_that_of_the_calendar_year_in_which_the_plan_year_began(self, starts, cap):
        assert self.cost(plan_year_starts=starts) == cap

    @pytest.mark.parametrize(
        "limits",
        [
            pytest.param({}, id="no figure of that year"),
            pytest.param({"2026": LegalLimits(year="2026")}, id="a year without this figure"),
        ],
    )
    def test_does_not_cap_where_it_is_not_known(self, limits):
        assert self.cost(replace(REFERENCE, legal_limits=limits)) == 2_000_000


def test_a_person_cap_in_cents_is_the_plans_own():
    limit = a_limit("out_of_pocket", family=3_000_000, method=AGGREGATE, person_cap=700_000)
    found = ask(a_plan("coinsurance 100%", limits=[limit]), allowed=900_000, billed=900_000,
                fields={"coverage": "family"})  # fmt: skip

    assert planned(found) == 700_000
