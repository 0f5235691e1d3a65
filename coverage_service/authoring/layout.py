"""One layout for all rule files: a round trip through ruamel.yaml, then the fields in their order.

No comment is lost and no value changes; both are looked at again before a text is given back.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode as RuamelScalar
from ruamel.yaml.nodes import SequenceNode as RuamelSequence
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag
from yaml.nodes import Node

from coverage_service.authoring.arranging import arranged
from coverage_service.authoring.remarks import collections_of, lift, put_back
from coverage_service.rulebook.nodes import Fields, Many, Text
from coverage_service.rulebook.nodes import Node as Tree
from coverage_service.rulebook.parse import Loader, parse

WIDEST: Final = 100_000
_COMMENT: Final = re.compile(r"(?:^|\s)#[^\n]*")


class CannotFormat(Exception):
    """A file whose layout cannot be changed without touching what it says."""


_TAGS: Final = {name: Tag(suffix=f"tag:yaml.org,2002:{name}") for name in ("str", "seq", "map")}


class _AsWritten(VersionedResolver):
    """Every scalar is text: ``no`` stays no, and 01-01 stays 01-01."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Tag:
        """The tag of a text, a list or a mapping."""
        return _TAGS["str" if kind is RuamelScalar else "seq" if kind is RuamelSequence else "map"]


def _yaml() -> YAML:
    found = YAML(typ="rt")
    found.Resolver = _AsWritten
    found.preserve_quotes = True
    found.width = WIDEST
    found.brace_single_entry_mapping_in_flow_sequence = True
    found.indent(mapping=2, sequence=4, offset=2)
    return found


def formatted(text: str, schema: Any) -> str:
    """The text of a rule file in its layout.

    Raises CannotFormat for a file that is not YAML, or would lose a comment or change a value.
    """
    before, laid = _tree(text), _laid_out(text)
    found = arranged(laid, schema)
    found = found if found == laid else _laid_out(found)
    if _said(_tree(found)) != _said(before) or _comments(found) != _comments(text):
        raise CannotFormat("a comment or a value would not survive; move the comment to a line of its own")
    return found


def _laid_out(text: str) -> str:
    machine = _yaml()
    lifted = lift(text, yaml.compose(text, Loader=Loader))
    try:
        document = machine.load(lifted)
    except Exception as error:  # ruamel raises more than its own errors on broken files
        raise CannotFormat("the file has mistakes; see `rules check`") from error
    _open_up(document, _over_lines(yaml.compose(lifted, Loader=Loader)))
    out = io.StringIO()
    machine.dump(document, out)
    return put_back(out.getvalue())


def _over_lines(root: Node | None) -> set[tuple[int, int]]:
    """Where a list or group in brackets begins that takes more than one line."""
    return {
        (node.start_mark.line, node.start_mark.column)
        for node in collections_of(root)
        if node.flow_style and node.start_mark.line != node.end_mark.line
    }


def _open_up(document: Any, places: set[tuple[int, int]]) -> None:
    """Write what does not stand in one line without brackets, one entry a line."""
    items: Any = document.values() if isinstance(document, CommentedMap) else document
    for item in items:
        if isinstance(item, CommentedMap | CommentedSeq):
            if (item.lc.line, item.lc.col) in places:
                item.fa.set_block_style()
            _open_up(item, places)


def _tree(text: str) -> Tree:
    problems: list[str] = []
    root = parse(text.encode("utf-8"), lambda at, what, remedy: problems.append(what))
    if root is None or problems:
        raise CannotFormat("the file has mistakes; see `rules check`")
    return root


def _said(node: Tree) -> Any:
    """What a file says, whatever the order of its fields; a number in quotes is another value."""
    if isinstance(node, Fields):
        return {key: _said(child) for key, (_, child) in node.entries.items()}
    if isinstance(node, Many):
        return [_said(item) for item in node.items]
    return (node.value, node.quoted) if isinstance(node, Text) and node.value.isdigit() else node.value


def _comments(text: str) -> Counter[str]:
    """The comments of a file; what only looks like one inside a text counts on both sides alike."""
    return Counter(x.strip() for x in _COMMENT.findall(text))
