"""Drafted tests as lines of YAML, and those lines in the file of their entry.

The file is not written anew: lines are put in behind the entry's last test, so that every
comment, quote and space of everything else stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coverage_service.checking.drafts import Draft
from coverage_service.checking.places import entry_nodes
from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.nodes import Fields, Many


class NoPlace(Exception):
    """An entry whose tests are not written as a list with one line or more for each."""


def lines_of(draft: Draft, indent: int) -> list[str]:
    """A draft as one item of ``tests:``, its dash in column ``indent``."""
    fields = [f"{key}: {_written(value)}" for key, value in draft.fields.items()]
    return [f"{' ' * indent}{'- ' if not i else '  '}{each}" for i, each in enumerate(fields)]


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_written(x)}" for key, x in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(x) for x in value) + "]"
    return _quoted(str(value))


def _key(key: str) -> str:
    return f'"{key}"' if key.isdigit() else key


def _quoted(text: str) -> str:
    """Amounts, codes of digits, and words that YAML could misread stand in quotes."""
    amount_or_code = text.startswith("$") or (text.isdigit() and len(text) != 1)
    return f'"{text}"' if amount_or_code or any(c in text for c in ":#{}[],\"'") else text


def inserted(files: Files, drafts: Iterable[Draft]) -> dict[str, bytes]:
    """The changed files by name.  Raises NoPlace when an entry's tests stand in one line."""
    nodes = entry_nodes(files)
    by_file: dict[str, dict[str, list[Draft]]] = {}
    for draft in drafts:
        by_file.setdefault(draft.file.removeprefix(f"{PREFIX}/"), {}).setdefault(draft.place, []).append(
            draft
        )
    changed = {}
    for name, by_entry in by_file.items():
        lines = files[name].decode().split("\n")
        for place in sorted(by_entry, key=lambda x: -int(x.rpartition(":")[2])):
            line, indent = _end_of_tests(nodes[place], lines, place)
            lines[line:line] = [text for draft in by_entry[place] for text in lines_of(draft, indent)]
        changed[name] = "\n".join(lines).encode()
    return changed


def _end_of_tests(entry: Fields, lines: list[str], place: str) -> tuple[int, int]:
    """The line, from 0, behind an entry's last test, and the column of the dashes."""
    tests = entry.get("tests")
    last = tests.items[-1].at if isinstance(tests, Many) and tests.items else None
    if last is None or isinstance(last, str):
        raise NoPlace(place)
    dash = lines[last.line].find("-")
    if dash < 0 or lines[last.line][:dash].strip() or last.column <= dash:
        raise NoPlace(place)
    end = last.line + 1
    for number in range(last.line + 1, len(lines)):
        text = lines[number]
        if text.strip() and len(text) - len(text.lstrip()) <= dash:
            break
        end = number + 1 if text.strip() else end
    return end, dash
