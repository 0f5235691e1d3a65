"""The line of a field that changed: facts know where their group begins, staff look for the key itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from coverage_service.changes.change import CHANGED, MOVED, Change
from coverage_service.changes.units import ORDER
from coverage_service.checking.places import entry_nodes, line_of
from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.nodes import Fields

KEYS: Final[Mapping[str, str]] = {
    "starts": "effective.from",
    "ends": "effective.to",
    "plan_year_starts": "effective.plan_year_starts",
    "allowed": "allowed_amounts",
    "administrator": "behavioral_health_administrator",
}
"""Fields of an entry that a rule file writes under other keys."""


def exact(changes: Iterable[Change], files: Files) -> tuple[Change, ...]:
    """The changes with the line of their key in these files, where it is written there."""
    held: dict[str, Mapping[str, Fields]] = {}
    return tuple([replace(each, place=_place(each, files, held)) for each in changes])


def _place(change: Change, files: Files, held: dict[str, Mapping[str, Fields]]) -> str:
    path, _, line = change.place.rpartition(":")
    name, field = path.removeprefix(f"{PREFIX}/"), _field(change)
    if change.kind not in (CHANGED, MOVED) or name not in files or not field:
        return change.place
    if name not in held:
        held[name] = entry_nodes({name: files[name]})
    entries = {int(place.rpartition(":")[2]): node for place, node in held[name].items()}
    before = [each for each in entries if each <= int(line)]
    found = line_of(entries[max(before)], field) if before else None
    return f"{path}:{found}" if found else change.place


def _field(change: Change) -> str:
    """The field, such as ``coverage.licences``; nothing for a row that has a line of its own.

    Rows without one are numbered from 1; of rows that moved it is their list.
    """
    path = [part for part in change.units[0][-1] if part != ORDER] if change.units else []
    if not all(isinstance(part, str | int) for part in path):
        return ""
    parts = [str(part - 1) if isinstance(part, int) else KEYS.get(part, part) for part in path]
    return ".".join(parts)
