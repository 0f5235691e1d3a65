"""Fields that hold others: lists, mappings, nested schemas, and values of several forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from coverage_service.rulebook.fields import BAD, Leaf
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.reading import Reading, one_of, short

Reader = Callable[[Node, Reading], Any]


def reader_of(field: Any) -> Reader:
    """The ``read`` of one of our own fields."""
    reader: Reader = field.read
    return reader


class ListOf(fields.List[Any]):
    """A list; a tuple of facts.  ``words`` may stand instead of it, e.g. ``unknown``."""

    def __init__(
        self, inner: fields.Field[Any], words: Mapping[str, Any] | None = None, least: int = 0, **options: Any
    ) -> None:
        super().__init__(inner, **options)
        self.words = words or {}
        self.least = least

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is Many:
            read = reader_of(self.inner)
            if len(node.items) < self.least:
                reading.error(
                    node.at, "this list is empty", "write at least one entry, or leave the field out"
                )
                return BAD
            return tuple([read(item, reading) for item in node.items])
        if type(node) is Text and node.value in self.words:
            return self.words[node.value]
        also = f" or {one_of(self.words)}" if self.words else ""
        shown = f"'{short(node.value)}'" if isinstance(node, Text) else "a group of fields"
        reading.error(node.at, f"{shown} stands where a list is expected", f"write [ … ]{also}")
        return BAD


class MapOf(fields.Dict):
    """A mapping whose keys are data.  ``source`` and ``confidence`` in it are not."""

    def __init__(self, key: Leaf, inner: fields.Field[Any], **options: Any) -> None:
        super().__init__(keys=key, values=inner, **options)
        self.key, self.inner = key, inner

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is not Fields:
            reading.error(
                node.at, "a group of fields is expected here", "write name: value lines, or {name: value}"
            )
            return BAD
        outer = (reading.source, reading.confidence)
        reading.enter(node)
        read_key, read_value = self.key.read, reader_of(self.inner)
        facts = {}
        for name, (key, value) in node.entries.items():
            if name == "source" or name == "confidence":
                continue
            facts[read_key(key, reading)] = read_value(value, reading)
        reading.source, reading.confidence = outer
        return facts


class Group(fields.Nested):
    """A nested schema (an instance); ``words`` may stand instead of it."""

    def __init__(self, schema: Any, words: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(schema, **options)
        self.words = words or {}

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is Text and node.value in self.words:
            return self.words[node.value]
        if type(node) is Text and self.words:
            reading.error(
                node.at,
                f"'{short(node.value)}' is not known here",
                f"write {one_of(self.words)}, or a group of fields",
            )
            return BAD
        return self.nested.read(node, reading)  # type: ignore[union-attr]


class Either(fields.Raw):
    """A scalar, or a list, or a mapping: one field for each form that is allowed."""

    def __init__(
        self, text: Any = None, many: Any = None, group: Any = None, expected: str = "", **options: Any
    ) -> None:
        super().__init__(**options)
        self.text, self.many, self.group, self.expected = text, many, group, expected

    def read(self, node: Node, reading: Reading) -> Any:
        form = self.text if isinstance(node, Text) else self.many if type(node) is Many else self.group
        if form is None:
            reading.error(node.at, "this form is not known here", f"write {self.expected}")
            return BAD
        return form.read(node, reading)
