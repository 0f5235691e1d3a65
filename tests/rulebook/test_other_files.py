"""Therapists, fee schedules, reference data and questions: what is refused, and with which words."""

from __future__ import annotations

import pytest

from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.rulebook.schema_questions import QuestionsSchema
from coverage_service.rulebook.schema_reference import AnyReferenceSchema
from coverage_service.rulebook.schema_schedule import ScheduleSchema
from tests.rulebook.support import THERAPIST, load_shipped, read

PRACTICE = """\
therapist: a-practice
name: A practice
status: example
effective: {from: 2026-01-01, to: open}
sources: {site: {title: A site}}
source: site
tests: [{case: one, session: {cpt: "90837"}, expect: {fee: "$60"}}]
"""
SCHEDULE = """\
schedule: a-schedule
kind: law
effective: {from: 2026-01-01, to: 2026-12-31}
sources: {law: {title: A law}}
source: law
"""
BANDS = "bands: [{up_to: 100%, fee: $60}], above: full fee"
FPL = f'model: fpl_bands, guideline_year: "2026", {BANDS}'


def told(text: str, schema: object = THERAPIST) -> list[str]:
    loaded = load_shipped()
    assert loaded.book is not None
    return [str(x) for x in read(text, schema, loaded.book.reference)[1]]


def practice(body: str) -> object:
    loaded = load_shipped()
    assert loaded.book is not None
    found, problems = read(PRACTICE + body, THERAPIST, loaded.book.reference)
    assert problems == []
    return found[0]


def test_a_therapist_says():
    found = practice("""\
clinician: {licence: LCSW, npi: "1234567893", licensed_in: unknown}
networks:
  - {plan: a, status: in, tier: 1, contract: {"90837": "$140"}}
  - {plan: b, status: opted_out, contract: medicare-2026}
fees: [{cpt: "90837", fee: "$180 to $220"}, {cpt: "90834", fee: unknown}]
sliding: unknown
eap_programmes: [example-eap]
policies: {late_cancel: "$100"}
""")

    assert (found.clinician.npi, found.clinician.licensed_in) == ("1234567893", UNKNOWN)
    assert [x.contract for x in found.networks] == [{"90837": 14000}, "medicare-2026"]
    assert [x.fee for x in found.fees] == [Between(18000, 22000), UNKNOWN]
    assert (found.sliding, found.eap_programmes, found.policies) == (
        UNKNOWN,
        ("example-eap",),
        {"late_cancel": 10000},
    )


def test_a_scale_that_there_is_not_is_none():
    assert practice("sliding: none").sliding is None
    assert practice("").sliding is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('clinician: {npi: "1234567890"}', "its check digit is wrong"),
        ("clinician: {npi: 1234567893}", 'put it in quotes: "1234567893"'),
        ("clinician: {licence: lmft}", "write 'LMFT'"),
        ("clinician: {licensed_in: [California]}", "'California' is not known here"),
        ('fees: [{cpt: "90837", fee: "$5"}]', "this fee cannot be meant for the code"),
        ('fees: [{cpt: "90837", fee: "$20,000"}]', "this fee cannot be meant for the code"),
        ('fees: [{cpt: "90837", fee: $200}, {cpt: "90837", fee: $210}]', "a second fee for 90837"),
        ("networks: [{plan: a}]", "'status' is missing"),
        (
            "networks: [{plan: a, status: in, contract: medicare}]",
            "not a known fee schedule; write 'medicare-2026'",
        ),
        ("sliding: {model: slots}", "the model slots needs 'fee'"),
        ("sliding: {model: slots, fee: $90, minimum: $20}", "the model slots does not use 'minimum'"),
        ("sliding: {model: slot}", "write 'slots'"),
        (f"sliding: {{{FPL}, fee: $60}}", "does not use 'fee'"),
        (f"sliding: {{model: fpl_bands, {BANDS}}}", "needs 'guideline_year'"),
        (f"sliding: {{model: income_bands, {BANDS}}}", "the bands of income_bands end at an income"),
        (f"sliding: {{{FPL.replace('100%', '$30')}}}", "the bands of fpl_bands end at a percentage"),
        (
            f"sliding: {{{FPL.replace('fee: $60', 'fee: $60, discount: 5%')}}}",
            "a band has a fee or a discount",
        ),
        (
            f"sliding: {{{FPL.replace('}]', '}, {up_to: 90%, fee: $70}]')}}}",
            "does not end above the one before",
        ),
        (f"sliding: {{{FPL.replace('full fee', 'full')}}}", 'write full fee or an amount like "$90"'),
        ("sliding: {model: flat_range, minimum: $90, maximum: $80}", "'maximum' is below 'minimum'"),
        (
            "sliding: {model: linear, income_from: $30, income_to: $30, minimum: $80, maximum: $90}",
            "the scale has no width",
        ),
        ("sliding: {model: fpl_bands, fpg_year: 2026}", "'fpg_year' is not used; write guideline_year"),
    ],
)
def test_a_mistake_about_a_therapist_says_what_to_write(body: str, says: str):
    assert any(says in line for line in told(PRACTICE + body)), told(PRACTICE + body)


def test_a_therapist_without_source_and_a_scale_without_tests_are_warnings():
    text = PRACTICE.replace("source: site\n", "")
    text = "\n".join(x for x in text.splitlines() if not x.startswith("tests")) + f"\nsliding: {{{FPL}}}\n"
    _, problems = read(text, THERAPIST)

    assert sorted((x.severity, x.message) for x in problems) == [
        ("warning", "this sliding scale has no tests"),
        ("warning", "this therapist has no source"),
    ]


def test_several_entries_in_one_file():
    entry = "  " + PRACTICE.replace("\n", "\n  ")
    first = entry.replace("to: open", "to: 2026-06-30").replace("  therapist", "- therapist", 1)
    second = entry.replace("2026-01-01", "2026-07-01").replace("  therapist", "- therapist", 1)
    found, problems = read(f"therapists:\n{first}\n{second}", THERAPIST)

    assert problems == []
    assert [x.starts.month for x in found] == [1, 7]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SCHEDULE + 'rates: {national: {"90837": "$5"}}', "this rate cannot be meant for the code"),
        (SCHEDULE + 'rates: {national: {"90837": {p25: "$5", p50: "$150"}}}', "cannot be meant for the code"),
        (
            SCHEDULE + 'rates: {national: {"90837": {p25: "$150", p50: "$140"}}}',
            "percentiles rise with their number",
        ),
        (SCHEDULE + 'rates: {national: {"90837": {q25: "$150"}}}', "write p25, p50, p75"),
        (SCHEDULE + "rates: {national: {90837: $150}}", 'put it in quotes: "90837"'),
        (SCHEDULE + "rates: {}\nlicence_percent: [{licences: [LCSW], percent: 175%}]", "is above 100%"),
        (SCHEDULE.replace("source: law", "") + "rates: {}", "this fee schedule has no source"),
        (SCHEDULE.replace("kind: law", "kind: benchmark") + "rates: {}", "write confidence: assumed"),
        (SCHEDULE, "'rates' is missing"),
    ],
)
def test_a_mistake_in_a_fee_schedule(text: str, says: str):
    assert any(says in line for line in told(text, ScheduleSchema())), told(text, ScheduleSchema())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services: []", "'reference' is missing"),
        ("reference: service\n", "write 'services'"),
        ("reference: services\nservices: [{service: a, code: []}]", "write 'codes'"),
        ("reference: services\nservices: [{service: a}]", "this file has no source"),
        ("reference: codes\nprocedures: [{code: 90837, label: x}]", "put it in quotes"),
        (
            'reference: poverty_guidelines\nguidelines: [{year: "2026", area: NY}]',
            'write it like "48", AK or HI',
        ),
    ],
)
def test_a_mistake_in_the_reference_data(text: str, says: str):
    assert any(says in line for line in told(text, AnyReferenceSchema())), told(text, AnyReferenceSchema())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language: en\nquestions: [{id: a, neutral: x, whyy: y}]", "write 'why'"),
        ("language: en\nquestions: [{id: a}]", "'neutral' is missing"),
        ("language: en\nquestions: [{id: a, neutral: ''}]", "nothing is written here"),
        ("language: en\nquestions: [{id: a, neutral: x}, {id: a, neutral: y}]", "'a' is asked twice"),
        ("language: english\nquestions: [{id: a, neutral: x}]", "this is not a language"),
        ("language: en\nquestions: [{id: a, neutral: x}]\nglossar: {}", "write 'glossary'"),
    ],
)
def test_a_mistake_in_the_questions(text: str, says: str):
    assert any(says in line for line in told(text, QuestionsSchema())), told(text, QuestionsSchema())
