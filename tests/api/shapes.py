"""Answers held against the shapes that the documentation promises."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from coverage_service.api import answer_schema, catalogue_schema, rules_status


@cache
def validator(name: str) -> Draft202012Validator:
    schemas = answer_schema.SCHEMAS | catalogue_schema.SCHEMAS | rules_status.SCHEMAS
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    return Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER)


def assert_shape(name: str, value: Any) -> None:
    found = [
        f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator(name).iter_errors(value)
    ]
    assert not found, "\n".join(found[:10])


def assert_problem(reply: Any, status: int) -> dict[str, Any]:
    """The problem in a reply, which must be one of that status."""
    assert reply.status_code == status, reply.get_data(as_text=True)[:500]
    assert reply.content_type == "application/problem+json"
    problem = reply.get_json()
    assert_shape("Problem", problem)
    assert problem["status"] == status
    return dict(problem)


def pointers(problem: dict[str, Any]) -> list[str]:
    return [each.get("pointer", each.get("parameter")) for each in problem["errors"]]
