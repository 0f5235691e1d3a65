"""Comments beside rows in brackets, which ruamel.yaml drops when one stands above the row too.

Such a comment is lifted to a line of its own before the round trip, and put back after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from yaml.nodes import CollectionNode, Node, SequenceNode

_MARK: Final = "#\N{LEFTWARDS ARROW WITH HOOK}"
_LIFTED: Final = re.compile(rf"^ *{_MARK}( *)(#.*)\n(.*)$", re.MULTILINE)


def collections_of(root: Node | None) -> Iterator[CollectionNode]:
    """Every list and group of a composed file."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, CollectionNode):
            waiting.extend(node.value)
            yield node


def lift(text: str, root: Node | None) -> str:
    """The text with such comments on the line above their row."""
    lines = text.split("\n")
    for row in _rows(root):
        at, column = row.end_mark.line, row.end_mark.column
        beside = lines[at][column:]
        above = lines[at - 1].strip() if at else "x"
        if beside.lstrip().startswith("#") and (not above or above.startswith("#")):
            spaces = " " * (len(beside) - len(beside.lstrip()))
            indent = " " * (len(lines[at]) - len(lines[at].lstrip()))
            lines[at] = f"{indent}{_MARK}{spaces}{beside.strip()}\n{lines[at][:column]}"
    return "\n".join(lines)


def _rows(root: Node | None) -> Iterator[Node]:
    """Rows in brackets that take one line."""
    for node in collections_of(root):
        if isinstance(node, SequenceNode) and not node.flow_style:
            for row in node.value:
                if isinstance(row, CollectionNode) and row.flow_style and _one_line(row):
                    yield row


def _one_line(node: Node) -> bool:
    return bool(node.start_mark.line == node.end_mark.line)


def put_back(text: str) -> str:
    """The text with the lifted comments beside their rows."""
    return _LIFTED.sub(lambda found: f"{found[3]}{found[1]}{found[2]}", text)
