"""The history of what was put in force, and putting an older version back."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from coverage_service.activation.archive import Damaged
from coverage_service.activation.change import Refused, rollback
from coverage_service.activation.records import Activation
from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.problems import Problem
from coverage_service.serving import held
from coverage_service.workbench import in_force
from coverage_service.workbench.access import me
from coverage_service.workbench.comparing import changed_lines
from coverage_service.workbench.draft_pages import LONGEST_REASON, SHORTEST_REASON
from coverage_service.workbench.drafts import text_of
from coverage_service.workbench.pages import address

MOST: Final = 100
"""Versions that are listed."""


@address("/history")
def history() -> str:
    """Every version that was in force, the newest first."""
    return render_template(
        "workbench/history.html", found=in_force.history(MOST), done=request.args.get("done", "")
    )


@address("/version")
def version() -> Response:
    """One version: what going back to it would change, and why one would."""
    return _page(_named(request.args.get("number", "")))


@address("/version", methods=["POST"])
def go_back() -> Any:
    """Put an older version in force again, with a reason."""
    found = _named(request.form.get("number", ""))
    reason = " ".join(request.form.get("reason", "").split())
    serving = in_force.archive().serving()
    if serving is None or str(serving.number) != request.form.get("serving"):
        return _page(found, _("Other rules were put in force meanwhile. Look again."), reason, status=409)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return _page(found, _("Write why, in 5 to 300 letters. It stays in the history."), reason, status=422)
    result = rollback(in_force.archive(), found.id, by=me().name, why=reason)
    if isinstance(result, Refused):
        return _page(found, "", reason, result.problems, 409)
    held().follow()
    return redirect(url_for("workbench.history", done=result.activation.number), 303)


def _named(number: str) -> Activation:
    digits = number.isascii() and number.isdigit() and len(number) < 9
    found = in_force.archive().activation(int(number)) if digits else None
    if found is None:
        abort(404)
    return found


def _page(
    found: Activation,
    mistake: str = "",
    reason: str = "",
    refused: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    archive = in_force.archive()
    serving, now = archive.serving(), in_force.files()
    try:
        then = archive.files_of(found)
    except Damaged:
        abort(404)
    changes = [
        (name, changed_lines(text_of(now, name) or "", text_of(then, name) or ""))
        for name in sorted({*now, *then})
        if now.get(name) != then.get(name)
    ]
    page = render_template(
        "workbench/version.html",
        found=found, serving=serving, changes=changes, now=now, then=then,
        mistake=mistake, reason=reason, refused=refused,
    )  # fmt: skip
    return make_response(page, status)
