"""The rules as a spreadsheet: taken away, changed in a spreadsheet program, and brought back as a draft."""

from __future__ import annotations

import time
from typing import Any, Final

from flask import Response, make_response, redirect, render_template, request, url_for

from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.problems import Problem
from coverage_service.serving import today
from coverage_service.spreadsheets import Imported, export, read
from coverage_service.workbench import drafts, in_force, store
from coverage_service.workbench.access import database, me
from coverage_service.workbench.drafts import MOST_FILES
from coverage_service.workbench.examining import examine
from coverage_service.workbench.file_pages import my_draft
from coverage_service.workbench.pages import address

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@address("/spreadsheet")
def spreadsheet() -> Response:
    """What can be taken away and brought back."""
    return _page()


@address("/spreadsheet.xlsx")
def workbook() -> Response:
    """The rules of the draft as a workbook."""
    files = my_draft().over(in_force.files())
    if examine(files).sources is None:
        return _page(_("Your draft has mistakes. Mend them first."), status=422)
    found = Response(export(files), mimetype=TYPE)
    found.headers["Content-Disposition"] = f'attachment; filename="rules-{today().isoformat()}.xlsx"'
    return found


@address("/spreadsheet", methods=["POST"])
def bring_back() -> Any:
    """The changed cells of a workbook, kept in the draft; with a wrong cell nothing is."""
    sent = request.files.get("workbook")
    data = sent.read() if sent else b""
    if not data:
        return _page(_("Choose the workbook that you changed."), status=422)
    files = in_force.files()
    found = read(data, my_draft().over(files))
    if found.problems:
        return _page(problems=found.problems, status=422)
    if not found.files:
        return _page(_("No cell of this workbook differs from the rules."), status=422)
    return _kept(found)


def _kept(found: Imported) -> Any:
    files = in_force.files()
    try:
        with store.transaction(database()) as connection:
            for name, data in found.files.items():
                draft = drafts.draft_of(connection, me().name)
                drafts.save(connection, draft, files, name, data.decode("utf-8"), time.time())
    except drafts.TooMuch:
        mistake = _("A draft holds at most %(most)s files. Put this one in force first.", most=MOST_FILES)
        return _page(mistake, status=422)
    return redirect(url_for("workbench.draft"), 303)


def _page(mistake: str = "", problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    page = render_template("workbench/sheet.html", mistake=mistake, problems=problems, draft=my_draft())
    return make_response(page, status)
