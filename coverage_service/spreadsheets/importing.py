"""A changed workbook back into the rule files: every wrong cell at once, or the changed files.

A cell that says what the file says changes nothing, so an untouched workbook changes no byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from coverage_service.rulebook.files import Files
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.reading import nearest
from coverage_service.spreadsheets.applying import Edit, applied
from coverage_service.spreadsheets.comparing import compared
from coverage_service.spreadsheets.exporting import ABOUT, FILE, fingerprint, loaded, roots
from coverage_service.spreadsheets.judging import judged, reference_of
from coverage_service.spreadsheets.opening import Opened, opened, problem
from coverage_service.spreadsheets.places import compose, source_of
from coverage_service.spreadsheets.sheets import SHEETS


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed: its cell, its file (``payers/x.yaml``), what it is, before and after.

    ``source`` is the name of the source that supported the value before and still does.
    """

    cell: str
    file: str
    what: str
    before: str
    after: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """The changed files by name, what changed in them, or every mistake; with one, no file is given."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(data: bytes, rules: Path | Files) -> Imported:
    """What a workbook changes in the rules it was exported from.

    Problems have the place ``sheet!B14``; what hangs on a whole file is told at the changed cell
    that it stands in, or else at its place in the file.
    """
    files = loaded(rules)
    book = opened(data)
    if book.problems:
        return Imported(problems=book.problems)
    try:
        found = roots(files)
    except (yaml.YAMLError, UnicodeDecodeError):
        return Imported(problems=(problem("rules", "the rule files have mistakes", "see `rules check`"),))
    edits, problems = compared(book, found, reference_of(files))
    problems = [*_sheets(book), *problems, *_stale(book, files, edits)]
    if problems:
        return Imported(problems=tuple(problems))
    changed = applied(files, edits)
    if wrong := judged(files, changed, edits):
        return Imported(problems=wrong)
    after = {name: compose(text.decode("utf-8")) for name, text in changed.items()}
    return Imported(changed, tuple(_change(edit, found[edit.file], after[edit.file]) for edit in edits))


def _sheets(book: Opened) -> list[Problem]:
    known = (ABOUT, *(sheet.name for sheet in SHEETS))
    return [
        problem(name, "this is not a sheet of the rules", f"{nearest(name, known)}, or delete the sheet")
        for name in book.sheets
        if name not in known
    ]


def _stale(book: Opened, files: Files, edits: list[Edit]) -> list[Problem]:
    """Files that somebody changed after the export: the workbook would silently undo that."""
    prints = {row[0].value: row[1].value for row in book.sheets.get(ABOUT, ()) if len(row) > 1}
    if FILE not in prints:
        return [problem(ABOUT, "the list of fingerprints is gone", "export the rules anew")] if edits else []
    return [
        problem(edit.cell, f"{edit.file} changed after this workbook was exported", "export the rules anew")
        for edit in {edit.file: edit for edit in reversed(edits)}.values()
        if prints.get(edit.file) != fingerprint(files[edit.file])
    ]


def _change(edit: Edit, old: Any, new: Any) -> Change:
    kept = source_of(new, edit.path)
    if edit.path[-1] in ("source", "confidence") or kept != source_of(old, edit.path):
        kept = ""
    return Change(edit.cell, edit.file, edit.what, edit.before, edit.after, kept)
