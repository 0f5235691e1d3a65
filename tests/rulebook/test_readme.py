"""Every example of rules/README.md loads, and every field of every schema is in it."""

from __future__ import annotations

import re
import textwrap

import pytest

from coverage_service.rulebook.containers import Group, ListOf
from coverage_service.rulebook.schema_case import (
    CaseSchema,
    CourseSchema,
    ExpectSchema,
    SessionSchema,
    UsedSchema,
)
from coverage_service.rulebook.schema_coverage import CoverageSchema
from coverage_service.rulebook.schema_limits import MaximumSchema
from coverage_service.rulebook.schema_plan import (
    BenefitSchema,
    ClaimsSchema,
    EffectiveSchema,
    MarketSchema,
    PlanSchema,
)
from coverage_service.rulebook.schema_questions import QuestionsSchema
from coverage_service.rulebook.schema_reference import AnyReferenceSchema, ProcedureSchema, YearSchema
from coverage_service.rulebook.schema_schedule import ScheduleSchema
from coverage_service.rulebook.schema_sliding import SlidingSchema
from coverage_service.rulebook.schema_therapist import ClinicianSchema, TherapistSchema
from tests.rulebook.support import HEAD, PLAN, RULES, THERAPIST, load_shipped, payer_text, plan_text, read

TEXT = (RULES / "README.md").read_text()
EXAMPLES = re.findall(r"^```yaml(.*)\n([\s\S]*?)^```", TEXT, re.MULTILINE)


SCHEMAS = {
    "therapist": THERAPIST,
    "schedule": ScheduleSchema(),
    "reference": AnyReferenceSchema(),
    "questions": QuestionsSchema(),
    "sliding": ListOf(Group(SlidingSchema())),
    "payer-file": PLAN,
}


def as_file(kind: str, example: str) -> str:
    """The file around an example that is a part of a plan."""
    if kind == "plan":
        own = "tests:" in example
        text = payer_text(plan_text(example))
        return re.sub(r"^ *tests: \[\{case: one.*\n", "", text, flags=re.MULTILINE) if own else text
    if kind == "entry":
        return HEAD + textwrap.indent("- " + textwrap.indent(example, "  ").lstrip(), "  ")
    return example


@pytest.mark.parametrize(
    ("kind", "example"), EXAMPLES, ids=[f"{n}{kind}" for n, (kind, _) in enumerate(EXAMPLES)]
)
def test_an_example_of_the_readme_loads(kind: str, example: str):
    kind = kind.strip()
    reference = load_shipped().book.reference  # type: ignore[union-attr]
    _, problems = read(as_file(kind, example), SCHEMAS.get(kind, PLAN), reference)

    assert kind in SCHEMAS or kind in ("plan", "entry")
    assert [str(x) for x in problems if x.severity == "error"] == []


def test_there_are_examples():
    assert len(EXAMPLES) > 20
    assert TEXT.count("```") == 2 * len(EXAMPLES)


@pytest.mark.parametrize(
    "schema",
    [
        PlanSchema, MarketSchema, EffectiveSchema, MaximumSchema, BenefitSchema, ClaimsSchema, CoverageSchema,
        CaseSchema, UsedSchema, SessionSchema, CourseSchema, ExpectSchema, TherapistSchema, ClinicianSchema,
        SlidingSchema, ScheduleSchema, ProcedureSchema, YearSchema, QuestionsSchema,
    ],
    ids=lambda x: x.__name__,
)  # fmt: skip
def test_every_field_is_documented(schema):
    keys = [field.data_key or name for name, field in schema().fields.items()]

    assert [key for key in keys if not re.search(rf"\b{re.escape(key)}\b", TEXT)] == []


def test_every_phrase_of_the_table_is_read():
    lists = re.findall(r"`(\[[^`]*\]|\{either[^`]*\})`", TEXT.split("### Benefits")[1].split("```")[0])
    assert len(lists) > 18
    limits = "limits: {in_network: {deductible: none}, behavioral_health: {deductible: none}}"
    for text in lists:
        body = f"{limits}\nbenefits: [{{service: psychotherapy, network: in, cost_sharing: {text}}}]"
        errors = [str(x) for x in read(payer_text(plan_text(body)))[1] if x.severity == "error"]
        assert errors == [] or all("no row uses" in x for x in errors)
