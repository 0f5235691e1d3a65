"""The changed files read as a whole, and what is wrong with them told at the changed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coverage_service.core.reference import Reference
from coverage_service.rulebook.book import load
from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.spreadsheets.applying import Edit
from coverage_service.spreadsheets.places import compose, entry
from coverage_service.therapists.store import load_therapists


def reference_of(files: Files) -> Reference:
    """The reference data of the files; empty when they have mistakes."""
    book = load(files).book
    return book.reference if book else Reference()


def judged(files: Files, changed: Mapping[str, bytes], edits: Iterable[Edit]) -> tuple[Problem, ...]:
    """The errors that the changed files have and the files did not have."""
    before = {(x.path, x.message) for x in _errors(files)}
    new = [x for x in _errors({**files, **changed}) if (x.path, x.message) not in before]
    return tuple(_at_cell(one, changed, list(edits)) for one in new)


def _errors(files: Files) -> tuple[Problem, ...]:
    loaded = load(files)
    return errors((*loaded.problems, *load_therapists(files, loaded.book).problems))


def _at_cell(found: Problem, changed: Mapping[str, bytes], edits: list[Edit]) -> Problem:
    """The same problem at the cell whose value it stands in, or at the first one of its row."""
    name = found.path.removeprefix(f"{PREFIX}/")
    own = [edit for edit in edits if edit.file == name]
    if not own:
        return found
    root = compose(changed[name].decode("utf-8"))
    for depth in (0, 1, 2, 3):
        for edit in own:
            path = edit.path[: len(edit.path) - depth]
            if path and _holds(entry(root, *path), found):
                return Problem(edit.cell, 0, 0, found.message, found.remedy)
    return found


def _holds(node: Any, found: Problem) -> bool:
    if node is None:
        return False
    start, end = node.start_mark, node.end_mark
    place = (found.line - 1, found.column - 1)
    return bool((start.line, start.column) <= place < (end.line, end.column))
