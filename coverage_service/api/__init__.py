"""The JSON face of the service."""

from __future__ import annotations

from flask import Flask

from coverage_service.api import catalogue, docs, estimates, health, metrics, rules_status
from coverage_service.api.problems import register_problems
from coverage_service.api.spec import register_description


def register(app: Flask) -> None:
    """Add the API's addresses to the application, which holds its rules already."""
    register_problems(app)
    api = register_description(app)
    for blueprint in (estimates.bp, catalogue.bp, rules_status.bp, health.bp):
        api.register_blueprint(blueprint)
    app.register_blueprint(docs.bp)
    app.register_blueprint(metrics.bp)
