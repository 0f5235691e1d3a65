"""What any answer costs before it says anything: the health view called as WSGI, in process."""

from __future__ import annotations

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.facts import rules_folder
from bench.measure import MICROSECONDS, alternate, figure, size
from coverage_service import create_app
from coverage_service.config import Config


def run() -> str:
    environ = EnvironBuilder("/healthz").get_environ()
    with rules_folder() as rules:
        app = create_app(Config(rules))
        taken = alternate({"view": lambda: run_wsgi_app(app, dict(environ))}, size(500))
    return figure("GET /healthz, a call", taken["view"], MICROSECONDS)
