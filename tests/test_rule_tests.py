"""The tests inside rule files: the shipped ones pass, a wrong one fails and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coverage_service.checking.asked import Library, asked
from coverage_service.checking.run import Checked, check, matching
from coverage_service.cli.rules_test import told
from coverage_service.core.facts import Between
from coverage_service.core.request import Household, Used
from coverage_service.rulebook.book import Rulebook, load
from coverage_service.rulebook.cases import THERAPIST, Case, Expect, Session
from coverage_service.therapists.store import Therapists, load_therapists

RULES = Path(__file__).resolve().parent.parent / "rules"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    found = load(RULES).book
    assert found is not None
    return found


@pytest.fixture(scope="module")
def store(book: Rulebook) -> Therapists:
    found = load_therapists(RULES, book).store
    assert found is not None
    return found


@pytest.fixture(scope="module")
def library(book: Rulebook, store: Therapists) -> Library:
    return Library(book.reference, book.plans, store.entries)


@pytest.fixture(scope="module")
def cases(book: Rulebook, store: Therapists) -> tuple[Case, ...]:
    return (*book.cases, *store.cases)


def test_every_shipped_test_passes(cases, library):
    results = [check(case, library) for case in cases]

    assert len(results) > 300
    assert not [f"{x.case.origin.place} {x.case.name}: {x.differences}" for x in results if not x.passed]


def test_every_plan_and_practice_that_ships_carries_a_test(cases, library):
    tested = {(case.entry, case.starts) for case in cases}
    entries = [*library.plans.values(), *library.therapists.values()]

    assert {(x.id, x.starts) for dated in entries for x in dated} == tested


def a_case(entry: str, expect: Expect, **session) -> Case:
    usual = {"cpt": "90837", "diagnoses": ("F43.10",), "network": "in", "billed": 20000, "allowed": 14000}
    return Case(name="a case", entry=entry, session=Session(**{**usual, **session}), expect=expect)


def shown(checked: Checked) -> str:
    return "\n".join(told(checked, RULES))


def test_a_wrong_figure_fails_and_is_marked_in_the_working(library):
    checked = check(a_case("example-ppo", Expect(patient=3500, copay=3500, plan=11000)), library)

    assert [(x.name, x.expected, x.found) for x in checked.differences] == [
        ("patient", 3500, 3000),
        ("copay", 3500, 3000),
    ]
    lines = shown(checked).splitlines()
    assert "    patient: expected $35, found $30" in lines
    assert [line.split() for line in lines if line.lstrip().startswith(">")] == [
        [">", "copay", "$30", "$30", "<-", "expected", "$35"],
        [">", "the", "patient", "pays", "$30", "<-", "expected", "$35"],
    ]
    assert any("the plan pays the rest" in line and "$110" in line for line in lines)


WRONG = {
    "covered": ("no", {}),
    "liability": ("provider", {"diagnoses": ("Z63.0",), "cpt": "90847", "identified_patient": True}),
    "allowed": (13999, {}),
    "patient": (2999, {}),
    "plan": (11001, {}),
    "write_off": (6001, {}),
    "deductible": (1, {}),
    "copay": (3001, {}),
    "coinsurance": (1, {}),
    "balance": (1, {}),
    "not_covered": (1, {}),
    "patient_if_covered": (1, {"diagnoses": ("F52.21",)}),
    "patient_if_not": (1, {"diagnoses": ("F52.21",)}),
    "patient_if_liable": (1, {"diagnoses": ("F52.21",)}),
    "patient_if_provider_liable": (1, {"diagnoses": ("F52.21",)}),
    "low": (1, {}),
    "high": (1, {}),
    "total": (1, {}),
    "reason": ("authorization_needed", {}),
    "without_reason": ("exclusion_unknown", {"diagnoses": ("F52.21",)}),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_expectation_can_fail(library, name):
    """A name that were never compared would make every test of it pass."""
    value, session = WRONG[name]
    expect = Expect(covered=False) if name == "covered" else Expect(**{name: value})

    checked = check(a_case("example-ppo", expect, **session), library)

    assert [x.name for x in checked.differences] == [name]
    assert shown(checked)


def test_no_field_of_an_expectation_is_left_out():
    assert {*WRONG, "fee", "full_fee"} == set(Expect.__dataclass_fields__)


def test_a_cent_is_a_difference(library):
    assert not check(a_case("example-ppo", Expect(patient=3000)), library).differences
    assert check(a_case("example-ppo", Expect(patient=3001)), library).differences


def test_two_readings_are_no_single_figure(library):
    """A test that expects one amount where the wording allows two does not pass by accident."""
    checked = check(a_case("fep-blue-standard", Expect(patient=3000)), library)

    assert checked.differences[0].found == Between(3000, 4000)
    assert "the low end" in shown(checked)
    assert "the high end" in shown(checked)


def test_what_a_test_leaves_out_is_not_used_yet(library):
    """Twenty per cent of $140 would be $28; with nothing of the deductible used it is all of it."""
    assert check(a_case("example-hdhp", Expect(patient=14000, deductible=14000)), library).passed


def test_what_a_test_says_is_used_counts(library):
    case = a_case("healthfirst-bronze-leaf", Expect(patient=14000), authorization=True)

    assert not check(case, library).passed
    assert check(replace(case, used=Used(visits={"first-visits": 3})), library).passed


def test_a_test_runs_on_the_date_of_its_own_entry(library):
    """Family therapists are paid by Medicare from 2024 on, so the date decides."""
    entries = {entry.starts: entry for entry in library.plans["medicare-part-b"]}
    first = min(entries)
    case = replace(a_case("medicare-part-b", Expect(covered=False), licence="LMFT"), starts=first)

    assert asked(case, library).request.as_of == first
    assert check(case, library).passed
    assert not check(replace(case, starts=max(entries)), library).passed


def test_a_scale_is_asked_as_if_a_place_were_open(library):
    case = Case(
        name="x", entry="example-therapist", kind=THERAPIST, session=Session(cpt="90837"),
        household=Household(size=2, area="48", income=3_800_000), expect=Expect(fee=12000),
    )  # fmt: skip

    assert check(case, library).passed
    assert check(replace(case, expect=Expect(low=12000, high=20000)), library).passed
    assert check(replace(case, expect=Expect(fee=12000, full_fee=20000)), library).passed
    assert not check(replace(case, expect=Expect(full_fee=12000)), library).passed
    wrong = check(replace(case, expect=Expect(fee=11900)), library)
    assert "> the patient pays" in shown(wrong)


def test_words_choose_tests_by_file_id_and_name(cases):
    assert {case.entry for case in matching(cases, ["example-ppo.yaml"])} == {"example-ppo"}
    assert len(matching(cases, ["example-ppo", "VIDEO"])) == 1
    assert matching(cases, ["no such test"]) == []


def test_an_assumption_is_a_reason_that_a_test_may_name(library):
    """After its last day a plan is carried on, and says so."""
    after = Expect(reason="assumed_same_benefits")

    assert check(a_case("example-ppo", after, date=date(2027, 1, 1)), library).passed
    assert not check(a_case("example-ppo", after, date=date(2026, 12, 31)), library).passed
    until = Expect(without_reason="assumed_same_benefits")
    assert check(a_case("example-ppo", until, date=date(2026, 12, 31)), library).passed
    assert not check(a_case("example-ppo", until, date=date(2027, 1, 1)), library).passed
