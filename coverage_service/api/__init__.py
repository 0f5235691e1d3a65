"""The JSON face of the service."""

from __future__ import annotations

from flask import Flask

from coverage_service.api import catalogue, docs, estimates, health
from coverage_service.api.context import KEY
from coverage_service.api.problems import register_problems
from coverage_service.api.replies import register_headers
from coverage_service.api.spec import register_description
from coverage_service.sources import current


def register(app: Flask) -> None:
    """Add the API's addresses to the application, and load the rules they answer from."""
    if KEY not in app.extensions:
        app.extensions[KEY] = current(app.config["COVERAGE"].rules)
    register_problems(app)
    register_headers(app)
    api = register_description(app)
    for blueprint in (estimates.bp, catalogue.bp, health.bp):
        api.register_blueprint(blueprint)
    app.register_blueprint(docs.bp)
