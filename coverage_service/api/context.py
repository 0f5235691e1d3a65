"""What a view needs besides its request: the facts in use, and today's date."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import current_app, g
from werkzeug.exceptions import ServiceUnavailable

from coverage_service.sources import Current, Sources

KEY = "coverage"


def held() -> Current:
    """The holder of the facts of this application."""
    found: Current = current_app.extensions[KEY]
    return found


def sources() -> Sources:
    """The facts that this request is answered from, the same to its end; 503 without a rule book."""
    found: Sources | None = g.get("sources") or held().sources
    if found is None:
        raise ServiceUnavailable(
            "The rule files have mistakes, so nothing is estimated until they are mended."
        )
    g.sources = found
    return found


def today() -> date:
    """The server's date, in UTC: what an estimate is made for when its request names no date."""
    return datetime.now(UTC).date()
