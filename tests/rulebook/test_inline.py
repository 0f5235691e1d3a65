"""The plan or therapist of a request passes the very schemas of the rule files."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from coverage_service.core.facts import NOWHERE, UNKNOWN, Confidence, Origin
from coverage_service.core.reference import Reference
from coverage_service.rulebook.schema import read_cost_sharing, read_plan, read_therapist
from coverage_service.rulebook.schema_plan import PlanSchema
from coverage_service.rulebook.schema_therapist import TherapistSchema
from tests.rulebook.support import EXAMPLES, RULES, load_shipped, read

EMPTY = Reference()
THERAPISTS = sorted((RULES / "therapists").glob("*.yaml"))


def without_origins(fact: Any) -> Any:
    """A fact whose origins are blanked: they are all that may differ."""
    if isinstance(fact, Origin):
        return NOWHERE
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        return type(fact)(
            **{x.name: without_origins(getattr(fact, x.name)) for x in dataclasses.fields(fact)}
        )
    if isinstance(fact, tuple):
        return tuple(without_origins(x) for x in fact)
    if isinstance(fact, dict):
        return {key: without_origins(value) for key, value in fact.items()}
    return fact


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda x: x.name)
def test_a_plan_says_the_same_in_a_file_and_in_a_request(path):
    (from_file,), problems = read(path.read_bytes())
    raw = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
    plan, told = read_plan({**raw["plans"][0], "sources": raw["sources"]}, "/plan", EMPTY)

    assert not problems
    assert not told
    plain = dataclasses.replace(from_file, payer="", administrator=None)
    assert without_origins(plan) == without_origins(plain)


@pytest.mark.parametrize("path", THERAPISTS, ids=lambda x: x.name)
def test_a_therapist_says_the_same_in_a_file_and_in_a_request(path):
    from tests.rulebook.support import THERAPIST

    reference = load_shipped().book.reference  # type: ignore[union-attr]
    entries, _ = read(path.read_bytes(), THERAPIST, reference)
    raw = yaml.load(path.read_text(), Loader=yaml.BaseLoader)
    shared = {name: raw[name] for name in ("sources",) if name in raw}

    for entry, one in zip(entries, raw.get("therapists", [raw]), strict=True):
        therapist, told = read_therapist({**shared, **one}, "/therapist", reference)
        assert not [str(x) for x in told]
        assert without_origins(therapist) == without_origins(entry)


def test_an_inline_plan_needs_neither_tests_nor_source_nor_dates():
    plan, problems = read_plan(
        {"benefits": [{"service": "psychotherapy", "cost_sharing": ["copay $30"]}]}, "/plan", EMPTY
    )

    assert not problems
    assert plan is not None
    assert (plan.status, plan.starts, plan.ends) == ("inline", None, None)
    assert plan.benefits[0].origin == Origin("/plan/benefits/0", None, Confidence.STATED)


def test_counts_may_be_integers_and_sources_free_words():
    plan, problems = read_plan(
        {
            "visit_limits": [{"visits": 20, "services": ["group"]}],
            "claims": {"out": {"file_within": 90}},
            "source": "my card",
        },
        "/plan",
        EMPTY,
    )

    assert not problems
    assert plan is not None
    assert (plan.visit_limits[0].visits, plan.claims["out"].file_within_days) == (20, 90)
    assert plan.origin.source is not None
    assert plan.origin.source.title == "my card"


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        ({"lesser_of": True}, "/plan/lesser_of", 'write "yes" as text'),
        ({"lesser_of": False}, "/plan/lesser_of", 'write "no" as text'),
        ({"sequestration": 0.02}, "/plan/sequestration", "write it as text"),
        ({"sequestration": 2}, "/plan/sequestration", "2 is a bare number"),
        ({"sequestration": None}, "/plan/sequestration", 'write "unknown", or leave the field out'),
        ({"sequestration": float("nan")}, "/plan/sequestration", "write it as text"),
        (
            {"visit_limits": [{"visits": -3, "services": ["x"]}]},
            "/plan/visit_limits/0/visits",
            "whole number",
        ),
        (
            {"visit_limits": [{"visits": 10**4000, "services": ["x"]}]},
            "/plan/visit_limits/0/visits",
            "too large",
        ),
        (
            {"limits": {"in_network": {"deductible": {"person": 1000}}}},
            "/plan/limits/in_network/deductible/person",
            "in quotes",
        ),
        ({"benfits": []}, "/plan/benfits", "write 'benefits'"),
        ({"a/b~c": 1}, "/plan/a~1b~0c", "is not a field here"),
        ({"name": "x" * 6000}, "/plan/name", "too long"),
        ({"plan": "Example PPO"}, "/plan/plan", "small letters"),
        ([], "/plan", "a list stands where the fields of a plan are expected"),
        ("example-ppo", "/plan", "stands where the fields of a plan are expected"),
        (None, "/plan", "null is not used here"),
    ],
)
def test_a_refusal_points_at_the_field_and_says_what_to_write(value: Any, pointer: str, says: str):
    plan, problems = read_plan(value, "/plan", EMPTY)

    assert plan is None
    assert any(x.path == pointer and says in str(x) for x in problems), [str(x) for x in problems]
    assert all((x.line, x.column) == (0, 0) for x in problems)


def test_all_mistakes_are_told_at_once():
    _, problems = read_plan(
        {"lesser_of": True, "sequestration": 2.5, "benefits": [{}, {"tier": []}]}, "/plan", EMPTY
    )

    assert {x.path for x in problems} >= {"/plan/lesser_of", "/plan/sequestration", "/plan/benefits/1/tier"}


def test_depth_and_size_are_bounded():
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    for value in (deep, {"benefits": [{}] * 20_000}):
        plan, problems = read_plan(value, "/plan", EMPTY)
        assert plan is None
        assert any("too large or too deep" in x.message for x in problems)
        assert len(problems) < 20_000


def test_names_are_looked_up_in_the_reference_data():
    reference = load_shipped().book.reference  # type: ignore[union-attr]
    _, problems = read_plan({"allowed_amounts": {"out": "140% of medicare-2020"}}, "/plan", reference)

    assert "write 'medicare-2026'" in str(problems[0])


def test_nothing_of_a_request_is_remembered():
    """What was parsed for one request is gone with it."""
    from coverage_service.rulebook import schema

    before = {name: copy.copy(vars(field)) for name, field in schema._PLAN.fields.items()}
    read_plan({"name": "a very private plan name"}, "/plan", EMPTY)

    assert {name: vars(field) for name, field in schema._PLAN.fields.items()} == before


def test_other_care_has_cost_sharing_phrases():
    assert read_cost_sharing(["copay $30"], "/other_care/0/cost_sharing", EMPTY)[0] is not None
    assert read_cost_sharing("unknown", "/x", EMPTY) == (UNKNOWN, ())
    refused, problems = read_cost_sharing(["copay 30"], "/other_care/0/cost_sharing", EMPTY)
    assert refused is None
    assert problems[0].path == "/other_care/0/cost_sharing/0"


def test_the_schemas_are_marshmallow_schemas():
    """They load JSON the usual way too, with messages by pointer."""
    assert PlanSchema().load({"plan": "a"}).id == "a"
    with pytest.raises(ValidationError) as caught:
        TherapistSchema().load({"superbill": True, "fees": [{"cpt": "90837"}]})

    assert set(caught.value.messages) == {"/superbill", "/fees/0"}


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["unknown", "none", "yes", "$30"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from([*PlanSchema().fields, *TherapistSchema().fields, "in", "in_network", "x"]),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(JSON)
def test_any_json_is_a_fact_or_problems_and_never_raises(value: Any):
    for reader in (read_plan, read_therapist):
        fact, problems = reader(value, "/it", EMPTY)
        assert (fact is None) == any(x.severity == "error" for x in problems)
        assert all(x.path.startswith("/it") and x.remedy for x in problems)


@pytest.mark.parametrize(("written", "day"), [("07-01", ((7, 1),)), ("unknown", UNKNOWN)])
def test_an_inline_plan_may_name_its_plan_year_alone(written, day):
    plan, problems = read_plan({"effective": {"plan_year_starts": written}}, "/plan", EMPTY)

    assert not problems
    assert plan is not None
    assert (plan.starts, plan.ends, plan.plan_year_starts) == (None, None, day)


@pytest.mark.parametrize(("given", "missing"), [("from", "to"), ("to", "from")])
def test_an_inline_plan_with_one_date_needs_the_other(given, missing):
    _, problems = read_plan({"effective": {given: "2026-01-01"}}, "/plan", EMPTY)

    assert [problem.message for problem in problems] == [f"'{missing}' is missing"]
