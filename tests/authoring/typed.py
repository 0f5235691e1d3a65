"""Rule files as an editor sees them: the scalars typed as YAML 1.2 says."""

from __future__ import annotations

import re
from typing import Any

from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.parse import parse

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def typed(text: str) -> Any:
    problems: list[object] = []
    root = parse(text.encode(), lambda *problem: problems.append(problem))
    assert root is not None, problems
    return of(root)


def of(node: Node) -> Any:
    if isinstance(node, Fields):
        return {key: of(child) for key, (_, child) in node.entries.items()}
    if isinstance(node, Many):
        return [of(item) for item in node.items]
    return node.value if node.quoted else scalar(node)


def scalar(node: Text) -> Any:
    value = node.value
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return value.lower() == "true"
    if INTEGER.fullmatch(value):
        return int(value)
    return float(value) if FLOAT.fullmatch(value) else value
