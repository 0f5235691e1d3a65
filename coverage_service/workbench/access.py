"""Who may open a page of the workbench: a session by its cookie, and forms that carry its mark."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden

from coverage_service import staff
from coverage_service.config import Config
from coverage_service.workbench import sessions, store
from coverage_service.workbench.sessions import Session

SECURE_COOKIE, LOOPBACK_COOKIE = "__Host-workbench", "workbench"
"""A browser takes the first over TLS alone and from no other host; plain HTTP is for this machine only."""
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
OPEN: Final = {"workbench.sign_in", "workbench.signing_in", "workbench.static"}
FILE: Final = "workbench.sqlite"


def settings() -> Config:
    """The settings of this application."""
    found: Config = current_app.config["COVERAGE"]
    return found


def database() -> Path:
    """The file of sessions, failures and drafts."""
    state = settings().state
    assert state is not None, "the workbench is only there with a state folder"
    return state / FILE


def entries() -> Any:
    """The staff at this moment, so that a removed person is out at once."""
    path = settings().staff
    assert path is not None
    return staff.read_staff(path)


def on_loopback() -> bool:
    """Whether the browser speaks to this machine itself."""
    return (urlsplit(f"//{request.host}").hostname or "") in LOOPBACK


def cookie_name() -> str:
    return LOOPBACK_COOKIE if on_loopback() else SECURE_COOKIE


def require_session() -> Response | None:
    """Let nobody but signed-in staff pass; a form that comes too late is kept on the page to sign in on."""
    if request.endpoint in OPEN:
        return None
    token = request.cookies.get(cookie_name(), "")
    with store.opened(database()) as connection:
        g.session = sessions.find(connection, token, entries(), time.time()) if token else None
    if g.session is None:
        return _asked_to_sign_in()
    return refuse_unmarked() if request.method == "POST" else None


def _asked_to_sign_in() -> Response:
    if request.method == "POST":
        return sign_in_again(401)
    here = request.full_path.rstrip("?")
    found: Response = redirect(url_for("workbench.sign_in", to=here))  # type: ignore[assignment]
    return found


def sign_in_again(status: int, **why: bool) -> Response:
    """The page to sign in on, which keeps what was sent, but no password."""
    if request.endpoint in OPEN:
        to, kept = own_path(request.form.get("to", "")) or "", kept_before()
    else:
        kept = written()
        to = request.path if kept else ""
    page = render_template("workbench/sign_in.html", kept=kept, to=to, late=True, **why)
    return make_response(page, status)


def kept_before() -> list[tuple[str, str]]:
    """What the page to sign in on has kept of an earlier form."""
    marked = [(name, text) for name, text in request.form.items(multi=True) if name.startswith("kept-")]
    return [(name.removeprefix("kept-"), text) for name, text in marked]


def written() -> list[tuple[str, str]]:
    """The fields of the form that was sent, without its mark."""
    return [(name, text) for name, text in request.form.items(multi=True) if name != "csrf"]


def refuse_unmarked() -> Response | None:
    """403 for a form or call that is not of this session.

    A form of a session before, as when somebody signed in anew in another tab, is shown once more: the
    person who is signed in now decides, and nothing that was written is lost.
    """
    mark = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if me().owns(mark):
        return None
    if not request.form.get("csrf") or not (kept := written()):
        raise Forbidden
    page = render_template(
        "workbench/again.html", to=request.path, kept=kept, csrf=me().csrf, other=me().name
    )
    return make_response(page, 403)


def me() -> Session:
    """The session of the person who asks."""
    found: Session = g.session
    return found


def remember(response: Response, session: Session) -> Response:
    """Hand the token of a new session to the browser."""
    response.set_cookie(
        cookie_name(), session.token, max_age=sessions.WHOLE, path="/", secure=not on_loopback(),
        httponly=True, samesite="Strict",
    )  # fmt: skip
    return response


def forget(response: Response) -> Response:
    """Take the token back."""
    response.delete_cookie(
        cookie_name(), path="/", secure=not on_loopback(), httponly=True, samesite="Strict"
    )
    return response


def own_path(text: str) -> str | None:
    """A path of the workbench to go on to, never another site; None otherwise."""
    parts = urlsplit(text)
    own = parts.path.startswith(("/workbench", "/es/workbench"))
    plain = not parts.scheme and not parts.netloc and "\\" not in text and "//" not in parts.path
    return text if own and plain and text.isprintable() else None
