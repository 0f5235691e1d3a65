"""Answers as bytes: estimates that no cache may keep, and lists that a client may keep by ETag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Flask, Response, g, request

from coverage_service.api.context import held

JSON: Final = "application/json"
CSP: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
SECURITY: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register_headers(app: Flask) -> None:
    """Put the security headers and the version of the rules on every answer."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = CSP
        response.headers.extend(SECURITY)
        sources = g.get("sources") or held().sources
        if sources is not None:
            response.headers["Rules-Version"] = sources.version
        return response


def unkept(value: Any) -> Response:
    """An answer about a person: no cache keeps it."""
    answer = Response(orjson.dumps(value), content_type=JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def kept(value: Any, link: str | None = None) -> Response:
    """Public data with a strong ETag; 304 when the client has it already."""
    answer = Response(orjson.dumps(value), content_type=JSON)
    if link:
        answer.headers["Link"] = link
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
