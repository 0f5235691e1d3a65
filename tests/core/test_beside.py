"""What stands beside the figures: inputs as used, assumptions, notices, what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import NONE, UNKNOWN, Between, Confidence, Origin
from coverage_service.core.plan import Market
from coverage_service.core.request import Care, Used
from coverage_service.core.therapist import Fee, NetworkEntry
from tests.core.builders import (
    AS_OF,
    REFERENCE,
    a_limit,
    a_plan,
    a_request,
    a_therapist,
    an_eap,
    ask,
    used,
    window,
)

DOCUMENT = Origin("plan.yaml:1", None, Confidence.VERIFIED)
PRACTICE = Origin("practice.yaml:1", None, Confidence.STATED)
SAID = Origin("/", None, Confidence.STATED)
PLAN = a_plan("copay $30", origin=DOCUMENT)


def inputs(found) -> dict[str, tuple]:
    """Each input as (value, basis, question, place)."""
    return {each.id: (each.value, each.basis, each.question, each.origin.place) for each in found.facts}


def assumed(found) -> dict[str, dict]:
    return {note.code: dict(note.params) for note in found.assumptions}


class TestTheCourse:
    def test_as_the_person_said(self):
        request = a_request(PLAN, sessions=4, every_days=14, first_session=date(2026, 2, 2), minutes=45)
        found = estimate(replace(request, origin=SAID), REFERENCE)

        told = inputs(found)
        assert told["sessions"] == (4, "said", "freq_length", "")
        assert told["every_days"] == (14, "said", "every_days", "")
        assert told["first_session"] == (date(2026, 2, 2), "said", "first_session", "")
        assert told["intake"] == (False, "said", "intake", "")
        assert told["codes"] == ([["90834"]], "said", "session_length", "")
        assert told["network"] == ("in", "said", "network_status", "/")
        assert assumed(found) == {}

    def test_as_it_is_taken_when_nobody_said(self):
        """Every seven days from today, with an intake, 6 to 20 visits of an individual."""
        request = replace(
            a_request(PLAN, network=None, therapist=a_therapist(intake=UNKNOWN)),
            care=Care(diagnoses=("F43.10",)),
        )
        found = estimate(request, REFERENCE)

        told = inputs(found)
        assert told["sessions"] == (None, "unknown", "freq_length", "")
        assert told["every_days"] == (7, "default", "every_days", "")
        assert told["first_session"] == (AS_OF, "default", "first_session", "")
        assert told["intake"] == (True, "default", "intake", "")
        assert told["codes"] == ([["90834", "90837"]], "unknown", "session_length", "")
        assert told["network"] == (None, "unknown", "network_status", "")
        assert assumed(found) == {
            "every_days_default": {"days": 7},
            "first_session_default": {"date": AS_OF},
            "intake_default": {},
            "format_individual": {},
        }
        (row, *_) = found.pathways[0].scenarios[0].ledger
        assert (row.on, row.cpt) == (AS_OF, "90791")

    def test_as_the_practice_states(self):
        entry = NetworkEntry(plan="plan", status="in", origin=replace(PRACTICE, place="practice.yaml:9"))
        therapist = a_therapist(intake=True, networks=(entry,), origin=PRACTICE)
        request = replace(a_request(PLAN, network=None, therapist=therapist), care=Care(sessions=2))
        told = inputs(estimate(request, REFERENCE))

        assert told["intake"] == (True, "document", "intake", "practice.yaml:1")
        assert told["network"] == ("in", "document", "network_status", "practice.yaml:9")

    def test_codes_that_were_said_are_the_codes(self):
        found = ask(PLAN, codes=("99213", "90836"), minutes=None)

        assert inputs(found)["codes"] == ([["99213"], ["90836"]], "said", "session_length", "")
        assert "intake" not in inputs(found)

    def test_a_number_between_two(self):
        found = ask(PLAN, sessions=Between(4, 9))

        assert inputs(found)["sessions"][:2] == (Between(4, 9), "said")
        assert [window(found).low, window(found).high] == [4 * 3_000, 9 * 3_000]
        asked = next(each for each in found.unknowns if each.id == "freq_length")
        assert (asked.low, asked.high, asked.unit) == (4, 9, "visits")
        assert asked.swings["in_network"] == 5 * 3_000
        assert asked.swing == asked.swings["full_fee"] == 5 * 20_000

    def test_a_length_nobody_said_may_be_two_codes(self):
        found = ask(PLAN, minutes=None, prices={"90834": (16_000, 2_000), "90837": (20_000, 14_000)})

        asked = next(each for each in found.unknowns if each.id == "session_length")
        assert (asked.alternatives, asked.unit) == (("90834", "90837"), "code")
        assert asked.swings["in_network"] == 3_000 - 2_000

    @pytest.mark.parametrize(
        ("starts", "told", "noted"),
        [
            (((7, 1),), ("07-01", "document", "plan_year", "plan.yaml:1"), False),
            (UNKNOWN, ("01-01", "default", "plan_year", "plan.yaml:1"), True),
        ],
    )
    def test_the_start_of_the_plan_year(self, starts, told, noted):
        found = ask(replace(PLAN, plan_year_starts=starts))

        assert inputs(found)["plan_year"] == told
        assert ("plan_year_default" in assumed(found)) is noted

    def test_a_start_that_is_not_known_is_one_of_the_quarters(self):
        """Fourteen weekly sessions, the last on 6 April: paid whole where the year starts in April."""
        plan = a_plan(deductible=28_000, plan_year_starts=UNKNOWN)
        found = ask(plan, sessions=14)

        asked = next(each for each in found.unknowns if each.id == "plan_year")
        assert (asked.alternatives, asked.swing) == (("01-01", "04-01", "07-01", "10-01"), 14_000 - 2_800)


class TestTheLimits:
    def test_that_are_printed(self):
        limits = [replace(a_limit("deductible", 100_000), origin=DOCUMENT),
                  replace(a_limit("out_of_pocket", 500_000), origin=DOCUMENT)]  # fmt: skip
        told = inputs(ask(a_plan(limits=limits), used=used(deductible=40_000, out_of_pocket=60_000)))

        place = "plan.yaml:1"
        assert told["limit.in_network.deductible"] == (100_000, "document", "deductible_amount", place)
        assert told["used.in_network.deductible"] == (40_000, "said", "ded_remaining", place)
        maximum = "in_network.out_of_pocket_maximum"
        assert told[f"limit.{maximum}"] == (500_000, "document", "oop_amount", place)
        assert told[f"used.{maximum}"] == (60_000, "said", "oop_remaining", place)

    def test_of_which_nothing_is_said(self):
        found = ask(a_plan(deductible=100_000, out_of_pocket=500_000), used=Used())

        told = inputs(found)
        assert told["used.in_network.deductible"][1:3] == ("default", "ded_remaining")
        assert told["used.in_network.deductible"][0][:3] == (0, 0, 100_000)
        assert told["used.in_network.out_of_pocket_maximum"][1] == "default"
        assert assumed(found)["nothing_used_assumed"] == {"limit": "in_network.deductible"}
        assert "oop_from_deductible" in assumed(found)

    def test_that_do_not_exist(self):
        limits = [a_limit("deductible", 10_000), a_limit("out_of_pocket", bucket="in_network")]
        limits[1] = replace(limits[1], person=NONE)
        told = inputs(ask(a_plan(limits=limits)))

        maximum = "in_network.out_of_pocket_maximum"
        assert told[f"limit.{maximum}"][:3] == ("none", "document", "oop_amount")
        assert f"used.{maximum}" not in told

    def test_that_nobody_knows(self):
        told = inputs(ask(a_plan(limits=[a_limit("deductible", UNKNOWN)]), used=Used()))

        assert told["limit.in_network.deductible"][:3] == (None, "unknown", "deductible_amount")

    def test_that_are_the_familys_alone(self):
        limit = a_limit("deductible", family=300_000, method="aggregate")
        told = inputs(ask(a_plan(limits=[limit]), fields={"coverage": "family"}))

        assert told["limit.in_network.deductible"][:2] == (300_000, "document")

    def test_of_which_more_is_used_than_there_is(self):
        found = ask(a_plan(deductible=100_000), used=used(deductible=120_000))

        assert [(note.code, note.params) for note in found.notices if note.code == "used_over_limit"] == [
            (
                "used_over_limit",
                {"limit": "in_network.deductible", "used_cents": 120_000, "limit_cents": 100_000},
            )
        ]
        assert window(found).planning == 2_800


class TestConfidence:
    """It is that of the weakest input."""

    PLAN = a_plan("no charge", allowed_in="$90")

    @pytest.mark.parametrize(
        ("care", "weakest"),
        [
            pytest.param({}, Confidence.STATED, id="all said"),
            pytest.param({"every_days": None}, Confidence.ASSUMED, id="a default"),
            pytest.param({"sessions": None}, Confidence.UNKNOWN, id="nobody said"),
        ],
    )
    def test_of_an_estimate(self, care, weakest):
        assert ask(self.PLAN, **care).confidence is weakest

    def test_of_an_input_is_that_of_its_document(self):
        fee = Fee(cpt="90837", fee=20_000, origin=replace(PRACTICE, confidence=Confidence.VERIFIED))
        found = ask(PLAN, billed=None, therapist=a_therapist(fees=(fee,)))

        assert {each.id: each.confidence for each in found.facts}["fee.90837"] is Confidence.VERIFIED


DISCLAIMERS = [
    "estimate_only", "not_advice", "plan_document_governs", "accumulators_as_of", "rules_and_sources",
    "assumptions_listed", "exclusions_listed", "ask_for_good_faith_estimate", "examples_are_fictional",
    "crisis_line",
]  # fmt: skip
"""The ten that every answer carries (``domain`` 5)."""


class TestNotices:
    def test_the_disclaimers_of_every_estimate(self):
        found = ask(PLAN)

        assert [note.code for note in found.notices] == DISCLAIMERS
        assert {note.code: note.params for note in found.notices if note.params} == {
            "accumulators_as_of": {"date": AS_OF}
        }

    def test_accumulators_are_as_of_the_day_they_were_read(self):
        found = ask(PLAN, used=used(as_of=date(2025, 12, 1)))

        assert {"date": date(2025, 12, 1)} in [note.params for note in found.notices]

    @pytest.mark.parametrize("kind", ["Medicare Advantage", "Medicaid", "TRICARE", "VA", "CHIP"])
    def test_federal_programmes_owe_no_good_faith_estimate(self, kind):
        found = ask(replace(PLAN, market=Market(kind=kind)))

        assert [note.code for note in found.notices] == [
            code for code in DISCLAIMERS if code != "ask_for_good_faith_estimate"
        ]
        assert "gfe" not in {each.id for each in found.unknowns}

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"ends": date(2025, 12, 31)}, "rules_past_their_date"),
            ({"reviewed": date(2025, 1, 4)}, "rules_unreviewed"),
            ({"status": "retired"}, "rules_retired"),
        ],
    )
    def test_old_rules_are_told_first(self, fields, code):
        found = ask(replace(PLAN, **fields))

        first = found.notices[0]
        assert (first.code, first.origin) == (code, DOCUMENT)
        assert first.params == {"plan": "plan", "until": fields.get("ends")}

    @pytest.mark.parametrize(
        "fields",
        [
            {"ends": AS_OF},
            {"reviewed": date(2025, 1, 5)},
            {"status": "in force"},
        ],
    )
    def test_a_rule_is_not_old_on_its_last_day(self, fields):
        assert [note.code for note in ask(replace(PLAN, **fields)).notices] == DISCLAIMERS

    def test_a_made_up_plan_says_so(self):
        first = ask(replace(PLAN, status="example", ends=date(2025, 12, 31))).notices[:2]

        assert [(note.code, note.origin) for note in first] == [
            ("example_plan", DOCUMENT),
            ("rules_past_their_date", DOCUMENT),
        ]
        assert first[0].params == {"plan": "plan"}

    def test_of_dated_entries_the_last_ends_the_rules_and_the_one_in_force_is_reviewed(self):
        old = replace(PLAN, ends=date(2025, 12, 31), reviewed=date(2023, 1, 1))
        new = replace(PLAN, starts=date(2026, 1, 1), reviewed=date(2025, 12, 1))

        assert [note.code for note in ask(old, new).notices] == DISCLAIMERS


class TestWhatNoFigureContains:
    def test_five_things(self):
        assert [(note.code, note.params) for note in ask(PLAN).excluded] == [
            ("late_cancellation_fees", {}),
            ("reports_and_letters", {}),
            ("extended_time", {}),
            ("medication", {}),
            ("lab_tests", {}),
        ]

    def test_a_late_cancellation_fee_that_the_practice_states(self):
        found = ask(PLAN, therapist=a_therapist(policies={"late_cancel": 8_000}))

        assert [(note.code, note.params) for note in found.excluded][:2] == [
            ("late_cancellation_fees", {"cents": 8_000}),
            ("reports_and_letters", {}),
        ]


class TestSituations:
    """Whose whole list of questions applies."""

    @pytest.mark.parametrize(
        ("market", "network", "situations"),
        [
            (Market(kind="PPO"), "in", ("in_network",)),
            (Market(kind="PPO"), "out", ("out_of_network",)),
            (Market(kind="PPO"), None, ("in_network", "out_of_network")),
            (Market(kind="PPO"), "opted_out", ()),
            (Market(kind="Medicaid managed care"), "in", ("in_network", "medicaid")),
            (Market(kind="Medicare Advantage"), "in", ("in_network", "medicare")),
            (Market(kind="PPO", group="large"), "in", ("in_network", "hr_eap")),
        ],
    )
    def test_of_a_plan(self, market, network, situations):
        assert (
            ask(a_plan("copay $30", out="copay $30", market=market), network=network).situations == situations
        )

    def test_of_an_employee_programme(self):
        assert ask(PLAN, fields={"eap": an_eap(3)}).situations == ("in_network", "hr_eap")

    def test_of_nobody_insured(self):
        assert ask(fields={"uninsured": True}).situations == ("uninsured",)

    def test_of_a_plan_that_is_not_known(self):
        assert ask(network=None).situations == ("in_network", "out_of_network")


HERE = [
    "tic_1_cost_sharing", "tic_2_accumulated_amounts", "tic_3_in_network_rate", "tic_5_items_and_services",
    "tic_6_prerequisites", "tic_7_disclosure_notice", "gfe_2_service_and_date", "gfe_3_itemised_services",
    "gfe_4_codes_and_expected_charges", "gfe_7_more_services_disclaimer",
    "gfe_8_only_an_estimate_disclaimer", "gfe_9_dispute_right", "gfe_10_not_a_contract",
    "gfe_11_recurring_care",
]  # fmt: skip
NEVER = {
    "tic_8_search_tool": "not_a_plans_own_tool",
    "tic_9_paper_copy": "print_instead",
    "gfe_1_name_and_birth_date": "never_asked",
    "gfe_5_provider_numbers": "never_asked",
    "gfe_6_separate_services": "practice_must_state",
    "gfe_12_timing": "practice_must_issue",
    "gfe_13_written_and_kept": "practice_must_issue",
    "gfe_14_dispute_facts": "practice_must_state",
    "gfe_15_never_issued_here": "practice_must_issue",
}


def missing(found) -> dict[str, str]:
    """The elements of the federal rules that an answer lacks, with the reason."""
    elements = [note.params for note in found.conformance]
    assert {note.code for note in found.conformance} == {"conformance"}
    assert all(each["present"] is (each["reason"] is None) for each in elements)
    assert sorted(each["element"] for each in elements) == sorted(
        [*HERE, *NEVER, "tic_4_out_of_network_allowed_amount"]
    )
    return {each["element"]: each["reason"] for each in elements if not each["present"]}


class TestConformance:
    """Nine cost-sharing elements of 45 CFR 147.211(b), fifteen of a good-faith estimate."""

    def test_of_a_settled_estimate_in_network(self):
        assert missing(ask(PLAN)) == NEVER | {"tic_4_out_of_network_allowed_amount": "rate_unknown"}

    def test_of_a_settled_estimate_outside(self):
        found = ask(a_plan(None, out="coinsurance 40%", allowed_out="$90"), network="out")

        assert missing(found) == NEVER | {"tic_3_in_network_rate": "rate_unknown"}

    def test_of_an_estimate_without_a_plan_or_a_fee(self):
        found = ask(network=None, billed=None, used=Used())

        assert missing(found) == NEVER | {
            "tic_1_cost_sharing": "plan_unknown",
            "tic_2_accumulated_amounts": "used_amounts_not_given",
            "tic_3_in_network_rate": "rate_unknown",
            "tic_4_out_of_network_allowed_amount": "rate_unknown",
            "tic_6_prerequisites": "plan_unknown",
            "gfe_4_codes_and_expected_charges": "fee_unknown",
        }

    def test_a_member_of_a_federal_programme_has_no_dispute_right(self):
        found = ask(replace(PLAN, market=Market(kind="TRICARE")))

        assert missing(found)["gfe_9_dispute_right"] == "no_dispute_right"


class TestASessionTooShortForAnyCode:
    """Of ten minutes no code is billed: it is refused under the code of the shortest session."""

    @pytest.mark.parametrize(
        ("care", "code"),
        [
            ({}, "90832"),
            ({"format": "couple"}, "90847"),
            ({"format": "couple", "patient_present": False}, "90846"),
        ],
    )
    def test_is_the_patients(self, care, code):
        found = ask(a_plan(None, out="copay $30"), network="out", minutes=10, identified_patient=True, **care)

        assert inputs(found)["codes"][:2] == ([[code]], "said")
        out = next(each for each in found.pathways if each.id == "out_of_network")
        assert [each.name for each in out.scenarios] == ["not_covered"]
        assert out.windows[-1].planning == 20_000


def test_the_words_unknown_and_none_show_as_themselves():
    assert (repr(UNKNOWN), repr(NONE)) == ("UNKNOWN", "NONE")
