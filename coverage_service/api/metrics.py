"""Metrics for Prometheus: which rules are in force and what became of the last change.

All of it is read from what the processes share, so each answers for all; no request is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from coverage_service import __version__
from coverage_service.activation.running import Running
from coverage_service.config import LOOPBACK, OFF
from coverage_service.serving import held

bp = Blueprint("metrics", __name__)
HERE: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""A proxy on this machine adds one of these to what others send."""
PREFIX: Final = "coverage_rules"


class Rules:
    """The metrics of one process."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def collect(self) -> Iterator[Metric]:
        """As of this moment."""
        found, now = self.running.status(), self.running.now
        version, files = (now.sources.version, now.sources.files) if now.sources else ("", "")
        yield GaugeMetricFamily(
            f"{PREFIX}_last_reload_successful",
            "1 unless the rule files hold a mistake that keeps them from being in force.",
            value=float(not found.stale and now.sources is not None),
        )
        yield GaugeMetricFamily(
            f"{PREFIX}_last_reload_success_timestamp_seconds",
            "When the rules in force were put in force; it moves only with a change.",
            value=_seconds(now.activation.at) if now.activation else 0.0,
        )
        refused = "Changes of the rule files that were refused."
        yield CounterMetricFamily(f"{PREFIX}_candidate_failures", refused, value=found.failures)
        yield InfoMetricFamily(
            f"{PREFIX}_in_force",
            "The rules in force.",
            value={"version": version, "files": files, "engine": __version__},
        )


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


@bp.route("/metrics")
def metrics() -> Response:
    """The metrics, for those who may see them."""
    allowed = current_app.config["COVERAGE"].metrics
    if allowed == OFF or (allowed == LOOPBACK and not _from_here()):
        abort(404)
    registry = CollectorRegistry()
    collector: Any = Rules(held())
    registry.register(collector)
    answer = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _from_here() -> bool:
    return request.remote_addr in HERE and not any(name in request.headers for name in FORWARDED)
