"""Answers as bytes: estimates that no cache may keep, and lists that a client may keep by ETag."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Response, request

JSON: Final = "application/json"


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
