"""The client's page against the API, both called as WSGI in process with the same answers.

The form is what a browser sends from the last question; the body is what the page makes of it,
sent to ``/v1/estimates`` as a program would.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.facts import rules_folder
from bench.measure import MICROSECONDS, Aim, against, alternate, figure, ratios, size
from coverage_service import create_app
from coverage_service.config import Config
from coverage_service.serving import KEY
from coverage_service.web.body import request_body
from coverage_service.web.pages import Asking

AIM = Aim(1.5, at_least=False)
OPEN = {
    "cover": "listed", "plan": "example-ppo", "who": "listed", "therapist": "example-therapist",
    "network": "unsure", "concern": "painful-sex", "people": "individual", "sessions": "12",
    "minutes": "60", "every": "7", "used": "some", "used_amount": "300",
}  # fmt: skip
"""Much is not known: ranges, several ways to pay, many questions."""
DRAWN = {
    "cover": "listed", "plan": "example-hdhp", "who": "listed", "therapist": "example-therapist",
    "network": "in", "concern": "unsure", "people": "individual", "sessions": "12", "minutes": "60",
    "every": "7", "used": "some", "used_amount": "200",
    "a-allowed_amount.90791": "180", "a-allowed_amount.90837": "140",
}  # fmt: skip
"""Every figure of a session has a basis: the fee and the sessions are drawn."""
FORMS = {"much is open": OPEN, "sessions drawn": DRAWN}


def run() -> str:
    with rules_folder() as rules:
        app = create_app(Config(rules))
        return "\n".join(line for name, form in FORMS.items() for line in compared(app, name, form))


def compared(app: Any, name: str, form: dict[str, str]) -> list[str]:
    """The page of these answers beside the same estimate over the API."""
    sources = app.extensions[KEY].sources
    with app.test_request_context("/check"):
        body = request_body(Asking(sources, sources.wordings["en"], form))
    page = EnvironBuilder("/check", method="POST", data={**form, "page": "check", "go": "to:result"})
    api = EnvironBuilder("/v1/estimates", method="POST", json=body)
    taken = alternate({"page": asked(app, page), "api": asked(app, api)}, size(40))
    return [
        f"  {name}",
        figure("POST /check, the page of an estimate", taken["page"], MICROSECONDS),
        figure("POST /v1/estimates, the same estimate", taken["api"], MICROSECONDS),
        against("page / API, server time", ratios(taken["page"], taken["api"]), AIM),
    ]


def asked(app: Any, request: EnvironBuilder) -> Any:
    """A call of the application with this request, which has to be answered with 200."""
    environ = request.get_environ()
    sent = environ["wsgi.input"].read()

    def call() -> None:
        _body, status, _headers = run_wsgi_app(app, {**environ, "wsgi.input": BytesIO(sent)}, buffered=True)
        assert status.startswith("200"), status

    return call
