"""The edits of a workbook put into the texts of the files, and looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from yaml.nodes import MappingNode, ScalarNode

from coverage_service.rulebook.files import Files
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.spreadsheets.edits import replaced, with_field, with_row
from coverage_service.spreadsheets.places import Path, compose, entry, leaves


@dataclass(frozen=True, slots=True)
class Edit:
    """One new value: its cell, its file, the path of the field, and what it says.

    ``row`` makes a new row at the end of the list at ``path``.  ``primary`` is the field that a
    word in the place of the whole group stands for.  ``order`` is that of the field's neighbours.
    """

    cell: str
    file: str
    path: Path
    value: Node
    what: str
    before: str
    after: str
    order: tuple[str, ...] = ()
    primary: str = ""
    row: bool = False


def applied(files: Files, edits: Iterable[Edit]) -> Mapping[str, bytes]:
    """The files with their edits.  Raises RuntimeError if anything else would change."""
    changed = {}
    for name, group in groupby(sorted(edits, key=lambda x: x.file), key=lambda x: x.file):
        before, own = files[name].decode("utf-8"), list(group)
        after = _applied(before, own)
        _nothing_else(before, after, own)
        changed[name] = after.encode("utf-8")
    return changed


def _applied(text: str, edits: list[Edit]) -> str:
    root = compose(text)
    there = [edit for edit in edits if not edit.row and entry(root, *edit.path) is not None]
    text = replaced(text, root, [(edit.path, edit.value) for edit in there])
    for edit in edits:
        if edit not in there:
            text = _structural(text, edit)
    return text


def _structural(text: str, edit: Edit) -> str:
    """A value where nothing stood: a new row, a new field, or a word that becomes a group."""
    if edit.row and isinstance(edit.value, Fields):
        return with_row(text, edit.path, edit.value)
    root = compose(text)
    if entry(root, *edit.path) is not None:
        return replaced(text, root, [(edit.path, edit.value)])
    *above, name = edit.path
    word = entry(root, *above)
    if not isinstance(word, ScalarNode):
        return with_field(text, edit.path, edit.value, edit.order)
    kept = Fields({edit.primary: (Text(edit.primary, ""), Text(str(word.value), ""))}, "")
    kept.entries[str(name)] = (Text(str(name), ""), edit.value)
    return replaced(text, root, [(tuple(above), kept)])


def _nothing_else(before: str, after: str, edits: list[Edit]) -> None:
    """Every text of the file that no edit names is still there and still the same."""
    old, new = leaves(compose(before)), leaves(compose(after))
    touched = [edit.path for edit in edits]
    groups = {edit.path[:-1] for edit in edits if not edit.row}
    touched += [(*path, edit.primary) for edit in edits if (path := edit.path[:-1]) in old]

    def named(path: Path) -> bool:
        return path in groups or any(path[: len(one)] == one for one in touched)

    moved = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path) and not named(path)]
    if moved or not isinstance(compose(after), MappingNode):
        raise RuntimeError(f"an edit touched what it should not: {moved[:3]}")
