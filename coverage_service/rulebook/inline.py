"""The JSON of a request into the same plain tree that rule files become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from coverage_service.rulebook.nodes import Fields, Many, Node, Number, Text

DEEPEST: Final = 40
LONGEST_TEXT: Final = 5_000
MOST_VALUES: Final = 5_000

Report = Callable[[str, str, str], None]


def tree(value: Any, pointer: str, report: Report) -> Node:
    """A decoded JSON value as a tree whose places are JSON pointers; refusals are reported."""
    return _Converter(report).convert(value, pointer, 1)


class _Converter:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.left = MOST_VALUES

    def convert(self, value: Any, pointer: str, depth: int) -> Node:
        self.left -= 1
        if depth > DEEPEST or self.left < 0:
            if self.left >= -1:
                self.report(pointer, "this is too large or too deep", "send a smaller object")
                self.left = -2
            return Text("", pointer)
        if isinstance(value, dict):
            return self._fields(value, pointer, depth)
        if isinstance(value, list):
            items = [self.convert(x, f"{pointer}/{i}", depth + 1) for i, x in enumerate(value)]
            return Many(items, pointer)
        return self._scalar(value, pointer)

    def _fields(self, value: dict[str, Any], pointer: str, depth: int) -> Fields:
        entries: dict[str, tuple[Text, Node]] = {}
        for key, item in value.items():
            below = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            entries[key] = (Text(key, below), self.convert(item, below, depth + 1))
        return Fields(entries, pointer)

    def _scalar(self, value: Any, pointer: str) -> Text:
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                self.report(pointer, "this text is too long", f"at most {LONGEST_TEXT:,} characters")
                return Text("", pointer)
            return Text(value, pointer)
        if value is True or value is False:
            word = "yes" if value else "no"
            self.report(pointer, "true and false are not used here", f'write "{word}" as text')
        elif isinstance(value, int):
            if abs(value) < 10**15:
                return Number(str(value), pointer)
            self.report(pointer, "this number is too large", "write a smaller one")
        elif value is None:
            self.report(pointer, "null is not used here", 'write "unknown", or leave the field out')
        else:
            self.report(
                pointer,
                "a number with a fraction is not used here",
                'write it as text, like "$1,250.50" or "12.5%"',
            )
        return Text("", pointer)
