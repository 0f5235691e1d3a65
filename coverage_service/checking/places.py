"""Where the fields of an entry stand in its file, for what facts keep no place of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.nodes import Fields, Many, Node, place_of
from coverage_service.rulebook.parse import parse

LISTS = ("plans", "therapists")
"""The keys under which a file lists several entries."""


def entry_nodes(files: Files) -> Mapping[str, Fields]:
    """The tree of every dated entry by its place, ``rules/payers/x.yaml:8``."""
    found: dict[str, Fields] = {}
    for name, data in files.items():
        path, root = f"{PREFIX}/{name}", parse(data, partial(_nothing))
        for node in _entries(root) if isinstance(root, Fields) else ():
            found[place_of(path, node.at)] = node
    return found


def _nothing(at: object, message: str, remedy: str) -> None:
    """Mistakes were reported when the rules were read."""


def _entries(root: Fields) -> Iterator[Fields]:
    lists = [root.get(key) for key in LISTS]
    listed = [item for each in lists if isinstance(each, Many) for item in each.items]
    yield from [item for item in listed if isinstance(item, Fields)] or [root]


def line_of(node: Node | None, path: str) -> int | None:
    """The line, from 1, of a field such as ``coverage.licences``; None where it is not written."""
    line = None
    for name in path.split("."):
        if isinstance(node, Many) and name.isdigit() and int(name) < len(node.items):
            node = node.items[int(name)]
            line = _line(node)
        elif isinstance(node, Fields) and name in node.entries:
            key, node = node.entries[name]
            line = _line(key)
        else:
            return None
    return line


def _line(node: Node) -> int:
    return 0 if isinstance(node.at, str) else node.at.line + 1
