"""Puts the fields of a rule file in order by moving whole lines, so that comments move along.

A comment above a field belongs to it; a comment at the end of its lines too.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node

from coverage_service.authoring.order import mappings, order_of
from coverage_service.rulebook.parse import Loader


def arranged(text: str, schema: Any) -> str:
    """The text with each group's fields in the order of writing."""
    done = 0
    while True:
        root: Any = yaml.compose(text, Loader=Loader)
        found = list(mappings(root, schema))
        for index in range(done, len(found)):
            node, its = found[index]
            moved = _moved(text, node, order_of(its))
            if moved != text:
                text, done = moved, index + 1
                break
        else:
            return text


def _moved(text: str, node: MappingNode, order: tuple[str, ...]) -> str:
    names = [key.value for key, _ in node.value]
    rank = {name: index for index, name in enumerate(order)}
    wanted = sorted(range(len(names)), key=lambda i: rank.get(names[i], len(rank)))
    if wanted == list(range(len(names))):
        return text
    return _in_line(text, node, wanted) if node.flow_style else _in_lines(text, node, wanted)


def _in_line(text: str, node: MappingNode, wanted: list[int]) -> str:
    """Fields in braces in one line."""
    start, end = node.start_mark.index, node.end_mark.index
    if "\n" in text[start:end]:
        return text
    parts = [text[key.start_mark.index : value.end_mark.index] for key, value in node.value]
    return f"{text[:start]}{{{', '.join(parts[i] for i in wanted)}}}{text[end:]}"


def _in_lines(text: str, node: MappingNode, wanted: list[int]) -> str:
    """Fields one below the other; each takes the comment lines above it along."""
    lines = text.split("\n")
    column = node.start_mark.column
    keys = [key.start_mark.line for key, _ in node.value]
    starts = [keys[0], *(_above(lines, at, before) for before, at in pairwise(keys))]
    ends = [*starts[1:], _end(lines, node, column)]
    head = lines[keys[0]][:column]
    if wanted[0] and starts[wanted[0]] != keys[wanted[0]] and head.strip():
        return text  # Its comment would come to stand between the dash and the field.
    chunks = [lines[start:end] for start, end in zip(starts, ends, strict=True)]
    chunks[0] = [" " * column + chunks[0][0][column:], *chunks[0][1:]]
    moved = [line for i in wanted for line in chunks[i]]
    moved[0] = head + moved[0][column:] if head.strip() else moved[0]
    return "\n".join([*lines[: starts[0]], *moved, *lines[ends[-1] :]])


def _above(lines: list[str], at: int, before: int) -> int:
    """The first of the comment and empty lines right above a line, as indented as it is."""
    indent = len(lines[at]) - len(lines[at].lstrip())
    while at - 1 > before and _belongs_below(lines[at - 1], indent):
        at -= 1
    return at


def _belongs_below(line: str, indent: int) -> bool:
    return not line.strip() or (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent)


def _end(lines: list[str], node: Node, column: int) -> int:
    """The line after a mapping and after the comments that are indented deeper than it."""
    end = last_line(node) + 1
    while end < len(lines) and lines[end].lstrip().startswith("#"):
        if len(lines[end]) - len(lines[end].lstrip()) <= column:
            break
        end += 1
    return end


def last_line(node: Any) -> int:
    """The line in which a node really ends: a block ends with its last entry."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return last_line(last[1] if isinstance(last, tuple) else last)
    mark = node.end_mark
    return mark.line - 1 if mark.column == 0 and mark.line > node.start_mark.line else mark.line
