"""The pages of rule files: find one, read it, change it in a draft."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from flask import Response, abort, jsonify, make_response, redirect, render_template, request, url_for

from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.files import PARTS, Files
from coverage_service.rulebook.problems import Problem
from coverage_service.serving import today
from coverage_service.workbench import drafts, in_force, store
from coverage_service.workbench.access import database, me
from coverage_service.workbench.beginning import NEXT_YEAR, START, begun, suggested
from coverage_service.workbench.comparing import changed_lines
from coverage_service.workbench.drafts import LARGEST_FILE, MOST_FILES, Conflict, Draft, Seen
from coverage_service.workbench.examining import examine
from coverage_service.workbench.finding import LONGEST, find
from coverage_service.workbench.pages import address, nonce
from coverage_service.workbench.words import quoting

NAME: Final = re.compile(rf"({'|'.join(PARTS)})/[a-z0-9][a-z0-9._-]{{0,80}}\.yaml", re.ASCII)


def my_draft() -> Draft:
    """What the person who asks would change."""
    with store.opened(database()) as connection:
        return drafts.draft_of(connection, me().name)


@address("/")
def rule_files() -> str:
    """Every rule file, or those that hold the words searched for."""
    words = request.args.get("q", "")[:LONGEST]
    draft, files = my_draft(), in_force.files()
    mine = draft.over(files)
    shown = find(mine, examine(mine).sources or examine(files).sources, words)
    count = sum(map(len, shown.values()))
    return render_template("workbench/files.html", words=words, found=shown, count=count, draft=draft)


@address("/file")
def rule_file() -> Response:
    """One file as it stands in the draft, to read and to change."""
    name, draft, files = request.args.get("name", ""), my_draft(), in_force.files()
    text = draft.text(files, name)
    if text is None and name not in draft.changes:
        abort(404)
    return _editor(name, text or "", draft, files, drafts.seen_by(draft, files, name))


@address("/file", methods=["POST"])
def change_file() -> Any:
    """Check, keep or remove what was written."""
    name, form = request.form.get("name", ""), request.form
    seen = Seen(form.get("seen", ""), form.get("in_force", ""))
    draft, files, text = my_draft(), in_force.files(), plain(form.get("text", ""))
    if not NAME.fullmatch(name):
        return new_file_page(_("Choose another name: small letters, digits and hyphens."), name, 422)
    if (mistake := unusable(text)) is not None:
        return _editor(name, text, draft, files, seen, mistake=mistake, status=422)
    match form.get("do"):
        case "check":
            return _editor(name, text, draft, files, seen, checked=True)
        case "discard":
            with store.transaction(database()) as connection:
                drafts.drop(connection, me().name, name)
            return redirect(url_for("workbench.rule_files"), 303)
    return keep(name, None if form.get("do") == "remove" else text, seen)


def keep(name: str, text: str | None, seen: Seen) -> Any:
    """Keep a file in the draft, or show what somebody else did to it meanwhile."""
    files = in_force.files()
    base = in_force.text_once(name, seen.in_force) if seen.in_force else None
    with store.transaction(database()) as connection:
        draft = drafts.draft_of(connection, me().name)
        found = drafts.conflict(draft, files, name, text, seen, base)
        if found is not None:
            return _conflicting(found)
        try:
            drafts.save(connection, draft, files, name, text, time.time())
        except drafts.TooMuch:
            mistake = _("A draft holds at most %(most)s files. Put this one in force first.", most=MOST_FILES)
            return _editor(name, text or "", draft, files, seen, mistake=mistake, status=422)
    if text is None:
        return redirect(url_for("workbench.draft"), 303)
    return redirect(url_for("workbench.rule_file", name=name, saved=1), 303)


@address("/problems", methods=["POST"])
def problems() -> Any:
    """What is wrong with a text, for the editor: each problem at its line, and all of them as a list."""
    said = request.get_json(silent=True)
    name, text = (said.get("name"), said.get("text")) if isinstance(said, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(text, str) or not NAME.fullmatch(name):
        abort(400)
    text = plain(text)
    files = my_draft().over(in_force.files())
    found = problems_of(files, name, text) if unusable(text) is None else ()
    told = [
        {
            "line": each.line, "column": each.column, "message": each.message, "remedy": each.remedy,
            "severity": each.severity, "here": each.path == f"rules/{name}",
        }
        for each in found
    ]  # fmt: skip
    quoted = quoting({**files, name: text.encode("utf-8", "replace")})
    html = render_template("workbench/problems.html", problems=found, name=name, excerpt_of=quoted)
    return jsonify(problems=told, html=html)


def problems_of(files: Files, name: str, text: str) -> tuple[Problem, ...]:
    """Everything wrong with the files when this one says this, what stands in it first."""
    found = examine({**files, name: text.encode()}).problems
    return tuple(sorted(found, key=lambda x: (x.path != f"rules/{name}", x.path, x.line, x.column)))


def plain(text: str) -> str:
    """A text as a rule file holds it: lines end alike, and the last one ends too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if not text or text.endswith("\n") else f"{text}\n"


def unusable(text: str) -> str | None:
    """Why a text cannot be kept at all; mistakes in it can."""
    if len(text.encode("utf-8", "replace")) > LARGEST_FILE:
        return _("This file is too large. Split it: at most %(most)s kB.", most=LARGEST_FILE // 1024)
    if any(each in "\0\ufffd" or 0xD800 <= ord(each) <= 0xDFFF for each in text):
        return _("This is not a text. Send a rule file as it is saved by an editor.")
    return None


def _editor(
    name: str,
    text: str,
    draft: Draft,
    files: Files,
    seen: Seen,
    *,
    mistake: str = "",
    checked: bool = False,
    status: int = 200,
) -> Response:
    found = problems_of(draft.over(files), name, text) if not mistake else ()
    page = render_template(
        "workbench/edit.html",
        name=name, text=text, draft=draft, change=draft.changes.get(name), seen=seen,
        problems=found, mistake=mistake, checked=checked, saved="saved" in request.args,
        overtaken=name in draft.overtaken(files), nonce=nonce(), fresh=name not in files,
        excerpt_of=quoting({**draft.over(files), name: text.encode("utf-8", "replace")}),
    )  # fmt: skip
    return make_response(page, status)


def _conflicting(found: Conflict) -> Response:
    """Both versions, the lines that differ, and a text that holds both changes where that can be."""
    base = found.base if found.base is not None else ""
    page = render_template(
        "workbench/conflict.html",
        found=found,
        text=found.merged if found.merged is not None else found.theirs or "",
        theirs=changed_lines(base, found.theirs or ""),
        mine=changed_lines(base, found.mine or ""),
        between=changed_lines(found.theirs or "", found.mine or ""),
        nonce=nonce(),
    )
    return make_response(page, 409)


@address("/new")
def new_file() -> Response:
    """The page to begin a file on."""
    return new_file_page()


def new_file_page(mistake: str = "", name: str = "", status: int = 200) -> Response:
    """Kind, name, and what to begin with; what was chosen stays chosen."""
    files, said = my_draft().over(in_force.files()), request.values
    carried = said.get("next", "") if said.get("next", "") in files else ""
    page = render_template(
        "workbench/new.html",
        mistake=mistake, name=name or suggested(carried, today()), parts=PARTS, files=sorted(files),
        carried=carried, chosen=said.get("copy", f"{NEXT_YEAR}{carried}" if carried else START),
        part=said.get("part", "payers"),
    )  # fmt: skip
    return make_response(page, status)


@address("/new", methods=["POST"])
def begin_file() -> Any:
    """Begin a file in the draft: with comments, as a copy, or with next year's plans of another."""
    part, typed = request.form.get("part", ""), request.form.get("file", "").strip().lower()
    name = f"{part}/{typed.removesuffix('.yaml')}.yaml"
    draft, files = my_draft(), in_force.files()
    mine = draft.over(files)
    if not NAME.fullmatch(name):
        return new_file_page(_("Choose another name: small letters, digits and hyphens."), typed, 422)
    if name in mine:
        return new_file_page(_("There is a file of this name. Choose another name."), typed, 422)
    text = begun(name, request.form.get("copy", ""), mine, today())
    if text is None:
        return new_file_page(
            _("No plan of this file ends soon, or it has mistakes. Copy it instead."), typed, 422
        )
    return keep(name, text, drafts.seen_by(draft, files, name))
