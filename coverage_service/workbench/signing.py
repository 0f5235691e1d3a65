"""Signing in and out."""

from __future__ import annotations

import time
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from coverage_service import staff
from coverage_service.workbench import lockout, sessions, store
from coverage_service.workbench.access import (
    cookie_name,
    database,
    entries,
    forget,
    kept_before,
    me,
    own_path,
    remember,
)
from coverage_service.workbench.pages import address


@address("/sign-in")
def sign_in() -> str:
    """The page to sign in on."""
    return render_template("workbench/sign_in.html", to=own_path(request.args.get("to", "")) or "", kept=())


@address("/sign-in", methods=["POST"])
def signing_in() -> Response:
    """Start a session, or say that name and password do not go together, whichever of them is wrong."""
    name = request.form.get("name", "").strip().lower()[:100]
    now, where = time.time(), request.remote_addr or ""
    known = entries()
    with store.opened(database()) as connection:
        locked = lockout.locked(connection, name, where, now)
    if locked:
        return _refused("locked", 429)
    try:
        right = staff.verified(known, name, request.form.get("password", ""))
    except staff.Busy:
        return _refused("busy", 503)
    with store.transaction(database()) as connection:
        if not right:
            lockout.failed(connection, name, where, now)
            return _refused("wrong", 422)
        lockout.forgiven(connection, name)
        sessions.end(connection, request.cookies.get(cookie_name(), ""))
        return remember(_onward(session := sessions.begin(connection, name, known, now)), session)


def _onward(session: sessions.Session) -> Response:
    """Where the person was going; what they had sent too late is shown once more, to be sent again."""
    to, kept = own_path(request.form.get("to", "")), kept_before()
    if to and kept:
        return make_response(render_template("workbench/again.html", to=to, kept=kept, csrf=session.csrf))
    return redirect(to or url_for("workbench.rule_files"), 303)  # type: ignore[return-value]


def _refused(why: str, status: int) -> Response:
    page = render_template(
        "workbench/sign_in.html", why=why, to=own_path(request.form.get("to", "")) or "", kept=kept_before()
    )
    found = make_response(page, status)
    if status != 422:
        found.headers["Retry-After"] = str(lockout.WINDOW if status == 429 else 2)
    return found


@address("/sign-out", methods=["POST"])
def sign_out() -> Any:
    """End the session, on the server and in the browser."""
    with store.transaction(database()) as connection:
        sessions.end(connection, me().token)
    return forget(redirect(url_for("workbench.sign_in"), 303))  # type: ignore[arg-type]
