"""Whether the process answers, and whether it has rules to answer from."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint

from coverage_service import __version__
from coverage_service.api.documented import gives
from coverage_service.api.problems import BLANK, problem_response
from coverage_service.api.replies import unkept
from coverage_service.serving import held

bp = Blueprint("health", __name__, description="For whoever runs the service.")


@bp.route("/healthz")
@gives("getHealth", "Health")
def healthz() -> Response:
    """Tell that the process answers"""
    return unkept({"status": "ok"})


@bp.route("/readyz")
@gives("getReadiness", "Readiness")
def readyz() -> Response:
    """Tell whether there are rules to estimate from, and their version"""
    found = held()
    if found.sources is None:
        detail = (
            f"The rule files have {len(found.problems)} mistakes; run: python -m coverage_service rules check"
        )
        return problem_response(503, {"type": BLANK, "title": "No rule book", "detail": detail})
    return unkept(
        {
            "status": "ready",
            "rulebook_version": found.sources.version,
            "engine_version": __version__,
            "warnings": len(found.problems),
        }
    )
