"""Every error as ``application/problem+json`` (RFC 9457), with a pointer for each mistake.

Nothing of a request is logged: an unexpected error leaves its type and its place in the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from coverage_service.estimates import Invalid
from coverage_service.rulebook.problems import Problem
from coverage_service.serving import log_defect

MEDIA_TYPE: Final = "application/problem+json"
INVALID: Final = "urn:coverage-service:problem:invalid-request"
BLANK: Final = "about:blank"


def register_problems(app: Flask) -> None:
    """Answer every error of the application, also those of routing and of the code itself."""
    app.register_error_handler(Invalid, invalid)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def problem_response(status: int, body: dict[str, Any]) -> Response:
    """A problem; never kept by a cache."""
    found = Response(orjson.dumps({**body, "status": status}), status, content_type=MEDIA_TYPE)
    found.headers["Cache-Control"] = "no-store"
    return found


def invalid(error: Invalid) -> Response:
    """422: a body or a query that was read but cannot be answered, with all its mistakes."""
    count = len(error.problems)
    return problem_response(
        422,
        {
            "type": INVALID,
            "title": "The request has mistakes",
            "detail": f"{count} mistake{'s' * (count != 1)}; each is listed with its place.",
            "errors": listed(error.problems),
        },
    )


def listed(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Mistakes as JSON: the pointer into the body, or the name of the query parameter."""
    return [
        {
            "parameter" if each.path.startswith("?") else "pointer": each.path.removeprefix("?"),
            "detail": each.message,
            "remedy": each.remedy,
        }
        for each in problems
    ]


def http_error(error: HTTPException) -> Response:
    """An error of HTTP itself, with the headers that belong to it (``Allow``, ``Retry-After``)."""
    status = error.code or 500
    if error.response is not None or status < 400:
        found = error.get_response()
        return Response(found.get_data(), found.status, list(found.headers))
    body = {"type": BLANK, "title": error.name, "detail": _detail(error)}
    answer = problem_response(status, body)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers.add(name, value)
    return answer


def _detail(error: HTTPException) -> str:
    return DETAILS.get(error.code or 500) or error.description or error.name


DETAILS: Final = {
    404: "There is nothing at this address; see /docs for those that exist.",
    413: "The body is too large; send a smaller one.",
}


def unexpected(error: Exception) -> Response:
    """500: a defect of the service.  Its message is left out, since it may quote the request."""
    log_defect(error)
    detail = "The service has a defect here; nothing about the request was kept."
    return problem_response(500, {"type": BLANK, "title": "Internal Server Error", "detail": detail})
