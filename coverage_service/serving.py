"""What every face of the running application needs: the facts in use, the date, safe headers."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from flask import Flask, Response, current_app, g
from werkzeug.exceptions import ServiceUnavailable

from coverage_service.activation.running import Running
from coverage_service.activation.watching import attend
from coverage_service.sources import Sources

KEY = "coverage"
LOG: Final = logging.getLogger(__name__)
CSP: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
SECURITY: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register_sources(app: Flask) -> None:
    """Load the rules that the faces answer from, and keep to the newest."""
    running = app.extensions[KEY] = Running(app.config["COVERAGE"])
    attend(running)


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


def held() -> Running:
    """The holder of the facts of this application."""
    found: Running = current_app.extensions[KEY]
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


def sources_named(version: object) -> Sources:
    """The facts that a request is answered from which names a version of the rules.

    Those in force when it names none, or none that is kept: whoever reads the request refuses it.
    """
    found = held().of_version(version) if isinstance(version, str) else None
    if found is not None:
        g.sources = found
    return sources()


def today() -> date:
    """The server's date, in UTC: what an estimate is made for when its request names no date."""
    return datetime.now(UTC).date()


def log_defect(error: Exception) -> None:
    """Leave the type of an unexpected error and its place in the code: its message may quote the request."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-8:]))
    LOG.error("unexpected %s at %s", type(error).__name__, places)
