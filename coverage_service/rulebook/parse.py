"""YAML text into the plain tree, refusing everything that could surprise its writer.

``yaml.compose`` in C recurses once per nesting level and would end the process on a deep
file, and it follows aliases without a word; both are looked for before it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, ScalarNode

from coverage_service.rulebook.nodes import Fields, Many, Mark, Node, Text

BASE: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
LARGEST_FILE: Final = 4_000_000
DEEPEST: Final = 40
LONGEST_LINE: Final = 600
_SUSPECT: Final = re.compile(r"[&*!](?<![^\s\[{,:-].)(?=\S)")
_MANY_OPEN: Final = 400
PLAIN: Final = ("", None)
"""How libyaml and the pure parser say that a scalar stands without quotes."""

Report = Callable[[Mark, str, str], None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, counted from 0 as libyaml's marks are."""

    line: int
    column: int


START: Final = Spot(0, 0)


class Loader(BASE):  # type: ignore[misc]
    """libyaml's composer without the guessing of types: every scalar is text.

    PyYAML asks for a tag at every node; files with tags of their own are refused before.
    """

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        """No tag."""
        return ""

    def descend_resolver(self, node: object, index: object) -> None:
        """Nothing depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """Nothing depends on where a node stands."""


def parse(data: bytes, report: Report) -> Node | None:
    """The tree of a rule file; None, with everything reported, when it cannot be read."""
    text = _decode(data, report)
    if text is None or not _tame(text, report):
        return None
    try:
        root = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        _report_syntax(error, text, report)
        return None
    if root is None:
        report(START, "the file is empty", "write a rule file, see rules/README.md")
        return None
    return _convert(root, 1, report)


def _decode(data: bytes, report: Report) -> str | None:
    if len(data) > LARGEST_FILE:
        report(START, f"the file is larger than {LARGEST_FILE:,} bytes", "split it into several files")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        report(START, "the file begins with a byte order mark", 'save it as "UTF-8 without BOM"')
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        spot = _spot(data[: error.start].decode("utf-8", "replace"))
        report(spot, f"byte 0x{data[error.start]:02x} is not UTF-8 text", "save the file as UTF-8")
        return None
    if "\t" in text:
        tabs = [m.start() for m in re.finditer(r"^[^\t\n]*\t", text, re.MULTILINE)]
        for start in tabs[:20]:
            spot = _spot(text[: text.index("\t", start)])
            report(spot, "a tab cannot be used in a rule file", "write spaces instead")
        return None
    return text


def _spot(before: str) -> Spot:
    return Spot(before.count("\n"), len(before) - (before.rfind("\n") + 1))


def _tame(text: str, report: Report) -> bool:
    """Whether composing is safe; walks the events, which never recurse, only on suspicion."""
    opened = text.count("[") + text.count("{")
    longest = max(map(len, text.splitlines()), default=0)
    if opened < _MANY_OPEN and longest <= LONGEST_LINE and not _SUSPECT.search(text):
        return True
    depth, fine = 0, True
    event: Any
    try:
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            fine = _plain(event, report) and fine
            if depth > DEEPEST:
                return _too_deep(event.start_mark, report)
    except yaml.YAMLError as error:
        _report_syntax(error, text, report)
        return False
    return fine


def _plain(event: Any, report: Report) -> bool:
    """Whether an event carries neither anchor, alias nor tag."""
    if getattr(event, "anchor", None):
        sign = "*" if type(event) is yaml.AliasEvent else "&"
        report(
            event.start_mark,
            f"'{sign}{event.anchor[:40]}' is an anchor or alias, which rule files do not use",
            "write the value out, or put quotes around the text",
        )
        return False
    if getattr(event, "tag", None):
        report(
            event.start_mark,
            f"'{event.tag[:40]}' is a tag, which rule files do not use",
            "leave it out, or put quotes around the text",
        )
        return False
    return True


def _too_deep(mark: Mark, report: Report) -> bool:
    report(mark, f"more than {DEEPEST} levels of nesting", "close the brackets that were left open")
    return False


def _report_syntax(error: yaml.YAMLError, text: str, report: Report) -> None:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(getattr(error, "reason", "")) or "not YAML"
    context = getattr(error, "context", None)
    if mark is None:
        position = getattr(error, "position", None)
        mark = _spot(text[:position]) if isinstance(position, int) else START
    if "single document" in f"{context} {what}":
        report(mark, "a second document begins here", "keep one document in a file, without '---'")
        return
    if spot := _open_quote(error, text):
        report(spot, "a quote is missing in this line", 'write quotes on both sides of a text, like "$1,500"')
        return
    message = f"this is not YAML: {what}" + (f" ({context})" if context else "")
    report(mark, message, "check brackets, quotes, colons and indentation here and just above")


def _open_quote(error: yaml.YAMLError, text: str) -> Spot | None:
    """The first line of a mistake that has an odd number of double quotes, at its last one."""
    end = getattr(error, "problem_mark", None) or START
    start = getattr(error, "context_mark", None) or end
    for number, line in enumerate(text.split("\n")[start.line : end.line + 1], start.line):
        quotes = [m.start() for m in re.finditer(r'(?<!\\)"', line)]
        comment = line.find(" #", quotes[-1]) if quotes else -1
        if len(quotes) % 2 and comment < 0:
            return Spot(number, end.column if number == end.line else quotes[-1])
    return None


def _convert(node: Any, depth: int, report: Report) -> Node:
    """A composed node as a plain one; reports duplicate and compound keys."""
    kind = type(node)
    if kind is ScalarNode:
        return Text(node.value, node.start_mark, node.style not in PLAIN)
    mark = node.start_mark
    if depth > DEEPEST:
        _too_deep(mark, report)
        return Text("", mark)
    if kind is not MappingNode:
        return Many([_convert(item, depth + 1, report) for item in node.value], mark)
    entries: dict[str, tuple[Text, Node]] = {}
    for key, value in node.value:
        if type(key) is not ScalarNode:
            report(key.start_mark, "a field name must be a word", "write 'name: value'")
            continue
        name = key.value
        if name in entries:
            first = entries[name][0].at
            line = "" if isinstance(first, str) else f" (first in line {first.line + 1})"
            report(key.start_mark, f"'{name}' is written twice{line}", "keep one of the two")
            continue
        child = (
            Text(value.value, value.start_mark, value.style not in PLAIN)
            if type(value) is ScalarNode
            else _convert(value, depth + 1, report)
        )
        entries[name] = (Text(name, key.start_mark, key.style not in PLAIN), child)
    return Fields(entries, mark)
