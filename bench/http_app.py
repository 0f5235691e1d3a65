"""What the HTTP benchmark loads: the service, and two plain views beside it under the same server.

``/bench/same`` parses the request, checks it with the same schema and returns the bytes that
the service gave for it; ``/bench/bare`` only returns; ``/bench/cpu`` tells the worker's CPU time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request
from werkzeug.test import Client

from bench.facts import body
from coverage_service import create_app
from coverage_service.request_problems import checked
from coverage_service.request_schema import ESTIMATE

ESTIMATES = "/v1/estimates"
SAME, BARE, CPU = "/bench/same", "/bench/bare", "/bench/cpu"
Wsgi = Callable[..., Iterable[bytes]]


def make() -> Wsgi:
    """The service with the plain application in front of its own addresses."""
    service = create_app()
    plain = plain_app(answer_of(service))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        taken = plain if environ["PATH_INFO"].startswith("/bench/") else service
        return taken.wsgi_app(environ, start_response)

    return application


def answer_of(service: Flask) -> bytes:
    """The bytes that the service answers the request of the benchmark with."""
    response = Client(service).post(ESTIMATES, json=body())
    if response.status_code != 200:
        raise SystemExit(f"The service refused the benchmark's request: {response.text[:500]}")
    return response.get_data()


def plain_app(answer: bytes) -> Flask:
    """Flask without anything of ours but the schema."""
    app = Flask("bench", static_folder=None)

    @app.post(SAME)
    def same() -> Response:
        _, problems = checked(ESTIMATE, request.get_json())
        assert not problems
        return Response(answer, content_type="application/json")

    @app.post(BARE)
    def bare() -> Response:
        return Response(b"{}", content_type="application/json")

    @app.get(CPU)
    def cpu() -> dict[str, float]:
        return {"seconds": time.process_time()}

    return app
