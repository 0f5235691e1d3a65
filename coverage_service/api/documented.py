"""What the documentation says of an operation: its id, its body, its answers and every error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask_smorest import Blueprint
from marshmallow import Schema

from coverage_service.api.problems import MEDIA_TYPE
from coverage_service.api.queries import MOST, USUAL

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
JSON: Final = "application/json"

ERRORS: Final = {
    400: "The body is not JSON, or says one thing twice.",
    404: "There is nothing at this address.",
    413: "The body is too large.",
    415: "The body is not sent as JSON in UTF-8.",
    422: "The request has mistakes; each is listed with its place.",
    429: "Too many requests; try again after the seconds in Retry-After. Sent by a proxy in front.",
    500: "The service has a defect.",
    503: "There are no rules to answer from.",
}


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": description, "schema": schema}


LANGUAGE: Final = _query("language", "The language of the texts.", {"type": "string", "enum": ["en", "es"]})
NAME_TOPIC: Final = _query("name_topic", "Whether texts may name sexual health.", {"type": "boolean"})
PAGE: Final = (
    _query("cursor", "`next` of the page before.", {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}),
    _query("limit", "Items on a page.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
)
HEADERS: Final = {
    "Rules-Version": {"description": "The version of the rules in use.", "schema": {"type": "string"}}
}
KEPT_HEADERS: Final = {
    **HEADERS,
    "ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}},
}


def takes(operation: str, body: Schema, answer: str, **examples: Any) -> Decorator:
    """Document a POST of a JSON body, with requests that work as they stand."""
    content = {"schema": body, "examples": {name: {"value": value} for name, value in examples.items()}}
    return Blueprint.doc(
        operationId=operation,
        requestBody={"required": True, "content": {JSON: content}},
        responses={
            "200": _answer(answer, "The answer; no cache may keep it.", HEADERS),
            **errors(400, 413, 415, 422, 429, 500, 503),
        },
    )


def gives(operation: str, answer: str, *parameters: dict[str, Any], missing: bool = False) -> Decorator:
    """Document a GET; ``missing``: there may be nothing at the address."""
    health = answer in ("Health", "Readiness", "RulesStatus")
    found = (404,) if missing else ()
    statuses = (503,) if answer == "Readiness" else () if health else (*found, 422, 429, 503)
    unchanged = {} if health else {"304": {"description": "The client has it already."}}
    return Blueprint.doc(
        operationId=operation,
        parameters=list(parameters),
        responses={
            "200": _answer(answer, "Found.", HEADERS if health else KEPT_HEADERS),
            **unchanged,
            **errors(*statuses, 500),
        },
    )


def errors(*statuses: int) -> dict[str, Any]:
    """References to the documented errors."""
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def error_responses() -> dict[str, Any]:
    """The documented errors, each a problem."""
    return {f"Problem{status}": an_error(text) for status, text in ERRORS.items()}


def an_error(text: str) -> dict[str, Any]:
    """An error that is answered with a problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def _answer(name: str, description: str, headers: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": description, "headers": headers, "content": {JSON: {"schema": schema}}}
