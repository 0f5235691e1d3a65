"""Changes of a rule file that leave every other character as it is.

A value is cut out and the new one put in its place; a new field or row becomes text beside the
others.  Comments, spaces and quotes around it stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yaml.nodes import MappingNode, ScalarNode

from coverage_service.authoring.arranging import last_line
from coverage_service.authoring.spelling import scalar
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.spreadsheets.places import Path, compose, entry


def written(node: Node, quoted: bool = False) -> str:
    """A value in the words of YAML, in one line."""
    if isinstance(node, Fields):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, (_, value) in node.entries.items()) + "}"
    if isinstance(node, Many):
        return "[" + ", ".join(written(item) for item in node.items) + "]"
    if node.value.isdigit() and not node.quoted and not quoted:
        return node.value
    return scalar(node.value, quoted)


def replaced(text: str, root: Any, values: Sequence[tuple[Path, Node]]) -> str:
    """The text with the values at these paths replaced; each path must be there."""
    cuts = []
    for path, value in values:
        node = entry(root, *path)
        start, end = node.start_mark.index, _end(text, node)
        quoted = isinstance(node, ScalarNode) and node.style in ('"', "'")
        cuts.append((start, end, written(value, quoted)))
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _end(text: str, node: Any) -> int:
    """Where a node's own text ends; a block's mark already stands at what follows it."""
    if isinstance(node, ScalarNode) or node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1] if node.value else None
    if last is None:
        return int(node.end_mark.index)
    return _end(text, last[1] if isinstance(last, tuple) else last)


def with_field(text: str, path: Path, value: Node, order: Sequence[str]) -> str:
    """The text with a new field; groups above it that are missing are made.

    ``order`` is the order of writing among its neighbours.
    """
    root = compose(text)
    *above, name = path
    parent = entry(root, *above)
    if parent is None:
        group = Fields({str(name): (Text(str(name), ""), value)}, "")
        return with_field(text, tuple(above), group, ())
    if not isinstance(parent, MappingNode):
        raise ValueError("a field can only be added to a group")
    new = f"{scalar(str(name))}: {written(value)}"
    later = _later(parent, str(name), order)
    if parent.flow_style:
        return _into_braces(text, parent, new, later)
    lines = text.split("\n")
    column = parent.start_mark.column
    at = parent.value[later][0].start_mark.line if later else last_line(parent) + 1
    lines.insert(at, " " * column + new)
    return "\n".join(lines)


def _later(parent: MappingNode, name: str, order: Sequence[str]) -> int:
    """The first neighbour that comes later in the order; 0 when none does."""
    rank = {one: index for index, one in enumerate(order)}
    if name not in rank:
        return 0
    names = [key.value for key, _ in parent.value]
    return next((i for i, one in enumerate(names) if i and rank.get(one, -1) > rank[name]), 0)


def _into_braces(text: str, parent: MappingNode, new: str, later: int) -> str:
    if not parent.value:
        return f"{text[: parent.start_mark.index]}{{{new}}}{text[parent.end_mark.index :]}"
    if later:
        at = parent.value[later][0].start_mark.index
        return f"{text[:at]}{new}, {text[at:]}"
    at = _end(text, parent.value[-1][1])
    return f"{text[:at]}, {new}{text[at:]}"


def with_row(text: str, path: Path, row: Fields) -> str:
    """The text with a new row at the end of the list at a path."""
    held = entry(compose(text), *path)
    if held is None:
        return with_field(text, path, Many([row], ""), ())
    if held.flow_style:
        new = written(row)
        if not held.value:
            return f"{text[: held.start_mark.index]}[{new}]{text[held.end_mark.index :]}"
        at = _end(text, held.value[-1])
        return f"{text[:at]}, {new}{text[at:]}"
    lines = text.split("\n")
    lines.insert(last_line(held) + 1, f"{' ' * held.start_mark.column}- {written(row)}")
    return "\n".join(lines)
