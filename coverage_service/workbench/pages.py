"""The blueprint of the workbench: its addresses in both languages, and what each of its answers promises."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from typing import Any, Final

from flask import Blueprint, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from coverage_service.activation.archive import Damaged
from coverage_service.html.language import DEFAULT, language, speak
from coverage_service.html.safety import keep_files, keep_nothing, refuse_foreign_forms
from coverage_service.serving import CSP, log_defect
from coverage_service.staff import StaffError
from coverage_service.workbench import store
from coverage_service.workbench.access import database, require_session, sign_in_again
from coverage_service.workbench.words import words

LOG: Final = logging.getLogger(__name__)
LARGEST_BODY: Final = 2 * 1024 * 1024
"""Bytes of a form or spreadsheet that is sent."""
MOST_FIELDS: Final = 100

bp = Blueprint(
    "workbench",
    __name__,
    static_folder="static",
    static_url_path="/workbench/page",
    template_folder="templates",
)


@bp.before_request
def bound_forms() -> None:
    """Limit a form before it is read: 413 beyond."""
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY
    request.max_form_parts = MOST_FIELDS


bp.context_processor(words)
bp.before_request(refuse_foreign_forms)
bp.before_request(require_session)
bp.after_request(keep_nothing)
bp.after_request(keep_files)


@bp.after_request
def allow_own_style(response: Response) -> Response:
    """The editor writes its style sheet itself: it is let in by a number that this page alone has."""
    if g.get("nonce"):
        response.headers["Content-Security-Policy"] = f"{CSP}; style-src 'self' 'nonce-{g.nonce}'"
    return response


def nonce() -> str:
    """The number that lets the editor's style sheet in."""
    if not g.get("nonce"):
        g.nonce = secrets.token_urlsafe(16)
    found: str = g.nonce
    return found


@bp.url_value_preprocessor
def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The language of an address is that of the page."""
    speak((values or {}).pop("language", DEFAULT))


@bp.url_defaults
def give_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links lead to pages of the same language."""
    if endpoint != "workbench.static":
        values.setdefault("language", language())


def address(path: str, **options: Any) -> Any:
    """A route of the workbench in every language: English without a prefix."""

    def route(view: Any) -> Any:
        bp.add_url_rule(f"/workbench{path}", view_func=view, defaults={"language": DEFAULT}, **options)
        bp.add_url_rule(f"/<any(es):language>/workbench{path}", view_func=view, **options)
        return view

    return route


@bp.errorhandler(404)  # by its number too, since the client's page answers it so for everybody else
@bp.errorhandler(HTTPException)
def tell_error(error: HTTPException) -> Response:
    """An error as a page, with a way on."""
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    status = error.code or 500
    found = make_response(render_template("workbench/error.html", status=status), status)
    if retry := getattr(error, "retry_after", None):
        found.headers["Retry-After"] = str(retry)
    return found


@bp.errorhandler(store.Lost)
def begin_anew(_error: store.Lost) -> Response:
    """The state folder was removed: begin it anew, and let staff sign in again with what they wrote."""
    LOG.error("the state folder of the workbench was removed; it is begun anew without its drafts")
    store.prepare(database())
    g.session = None
    return sign_in_again(503, lost=True)


@bp.errorhandler(sqlite3.Error)
@bp.errorhandler(OSError)
@bp.errorhandler(StaffError)
@bp.errorhandler(Damaged)
def tell_unkept(error: Exception) -> Response:
    """What the workbench keeps cannot be read or written: whoever runs the service has to see to it."""
    log_defect(error)
    return make_response(render_template("workbench/error.html", status=503), 503)


@bp.errorhandler(Exception)
def tell_defect(error: Exception) -> Response:
    """A defect of ours as a page; nothing of the request is logged."""
    log_defect(error)
    return make_response(render_template("workbench/error.html", status=500), 500)
