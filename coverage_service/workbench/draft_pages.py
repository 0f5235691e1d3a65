"""The pages of drafts: what each would change, whether it may, and putting it in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from coverage_service.activation.change import Refused, activate
from coverage_service.activation.records import WORKBENCH
from coverage_service.activation.weighing import summary
from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.files import PREFIX, version_of_all
from coverage_service.rulebook.problems import WARNING, Problem
from coverage_service.serving import held, today
from coverage_service.workbench import drafts, in_force, store
from coverage_service.workbench.access import database, me, settings
from coverage_service.workbench.comparing import Line, changed_lines
from coverage_service.workbench.drafts import Draft
from coverage_service.workbench.examining import examine, failed, impact_of, outcomes
from coverage_service.workbench.pages import address
from coverage_service.workbench.words import quoting

SHORTEST_REASON, LONGEST_REASON = 5, 300
MOST_SHOWN: Final = 50
"""Failing tests that are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One file of a draft and the lines it changes."""

    change: drafts.Change
    lines: tuple[Line, ...]
    overtaken: bool


@address("/drafts")
def all_drafts() -> str:
    """Everybody's drafts."""
    with store.opened(database()) as connection:
        found = drafts.drafts(connection)
    return render_template("workbench/drafts.html", drafts=[(each, _moment(each.saved)) for each in found])


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _named(author: str) -> Draft:
    with store.opened(database()) as connection:
        return drafts.draft_of(connection, author)


@address("/draft")
def draft() -> Response:
    """One draft: what it changes, what is wrong with it, what it does to estimates."""
    return _page(_named(request.args.get("of") or me().name))


@address("/draft", methods=["POST"])
def change_draft() -> Any:
    """Put a draft in force, with a reason, or throw one's own away."""
    author = request.form.get("of", "")
    found = _named(author)
    if not found.changes:
        abort(404)
    if request.form.get("do") == "discard":
        if author != me().name:
            abort(403)
        with store.transaction(database()) as connection:
            drafts.drop(connection, author)
        return redirect(url_for("workbench.all_drafts"), 303)
    reason = " ".join(request.form.get("reason", "").split())
    mistake = _unready(found, reason)
    if mistake:
        return _page(found, mistake=mistake, reason=reason, status=422)
    return _activated(found, reason)


def _unready(found: Draft, reason: str) -> str:
    """Why a draft is not put in force by this person now; nothing when it is."""
    if settings().two_people and found.author == me().name:
        return _("Two people are needed: somebody else has to put your draft in force.")
    if request.form.get("revision") != found.revision:
        return _("The draft was changed after you opened it. Look at it again first.")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return _("Write why, in 5 to 300 letters. It stays in the history.")
    if found.overtaken(in_force.files()):
        return _("Somebody changed the same file meanwhile. Put the changes together first.")
    return ""


def _activated(found: Draft, reason: str) -> Any:
    archive, files = in_force.archive(), in_force.files()
    impact = impact_of(files, found.over(files), today())
    by = me().name if me().name == found.author else f"{me().name}, {found.author}"
    result = activate(
        archive, found.over(files), by=by, why=reason, base=version_of_all(files), how=WORKBENCH,
        impact=summary(impact) if impact else None,
    )  # fmt: skip
    if isinstance(result, Refused):
        return _page(found, refused=result.problems, reason=reason, status=409)
    held().follow()
    with store.transaction(database()) as connection:
        if drafts.draft_of(connection, found.author).revision == found.revision:
            drafts.drop(connection, found.author)
    return redirect(url_for("workbench.history", done=result.activation.number), 303)


def _page(
    found: Draft, *, mistake: str = "", reason: str = "", refused: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    files = in_force.files()
    candidate = found.over(files)
    examined, results = examine(candidate), outcomes(candidate)
    late = found.overtaken(files)
    page = render_template(
        "workbench/draft.html",
        draft=found,
        own=found.author == me().name,
        changes=[Shown(each, _lines(each), name in late) for name, each in found.changes.items()],
        problems=[each for each in examined.problems if not _elsewhere(each, found)],
        elsewhere=[each for each in examined.problems if _elsewhere(each, found)],
        wrong=examined.wrong,
        results=results,
        failed=failed(results)[:MOST_SHOWN],
        mistake=mistake,
        refused=refused,
        reason=reason,
        two_people=settings().two_people,
        impact=impact_of(files, candidate, today()) if found.changes and not late else None,
        excerpt_of=quoting(candidate),
    )
    return make_response(page, status)


def _elsewhere(problem: Problem, found: Draft) -> bool:
    """A warning of a file that the draft leaves as it is."""
    return problem.severity == WARNING and problem.path.removeprefix(f"{PREFIX}/") not in found.changes


def _lines(change: drafts.Change) -> tuple[Line, ...]:
    return changed_lines(change.base or "", change.text or "")
