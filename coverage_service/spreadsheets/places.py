"""Places in a composed rule file: a path of field names and row numbers."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from coverage_service.rulebook.parse import Loader

Path = tuple[str | int, ...]


def compose(text: str) -> Any:
    """The nodes of a rule file with the places where they begin and end."""
    return yaml.compose(text, Loader=Loader)


def entry(root: Any, *path: str | int) -> Any:
    """The node at a path, or None."""
    node = root
    for name in path:
        if isinstance(node, MappingNode) and isinstance(name, str):
            node = next((value for key, value in node.value if key.value == name), None)
        elif isinstance(node, SequenceNode) and isinstance(name, int) and name < len(node.value):
            node = node.value[name]
        else:
            return None
    return node


def text_at(root: Any, *path: str | int) -> str:
    """The text at a path; empty when there is none."""
    node = entry(root, *path)
    return str(node.value) if isinstance(node, ScalarNode) else ""


def source_of(root: Any, path: Path) -> str:
    """The name of the nearest source around a value; empty when there is none."""
    above = (path[:depth] for depth in range(len(path) - 1, -1, -1))
    return next((name for one in above if (name := text_at(root, *one, "source"))), "")


def leaves(node: Any, path: Path = ()) -> dict[Path, str]:
    """Every text of a file by its path."""
    if isinstance(node, MappingNode):
        parts = [leaves(value, (*path, key.value)) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        parts = [leaves(item, (*path, index)) for index, item in enumerate(node.value)]
    else:
        return {path: str(node.value)}
    return {place: text for part in parts for place, text in part.items()}
