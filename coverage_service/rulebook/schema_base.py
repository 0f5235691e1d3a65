"""The base of all schemas: a marshmallow schema that reads the plain tree into facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError

from coverage_service.core.facts import Confidence, Source
from coverage_service.rulebook.containers import Reader, reader_of
from coverage_service.rulebook.fields import BAD, Bad, Day, Prose, Word
from coverage_service.rulebook.inline import tree
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.reading import CONFIDENCES, Reading, nearest, short


class FactSchema(Schema):
    """Reads a mapping into one fact.  ``make`` builds it from the values by attribute.

    A subclass declares marshmallow fields; unknown keys are refused.  Pass instances.
    ``renamed`` answers an old or natural key with the one to write.
    """

    kind = "fields"
    renamed: ClassVar[Mapping[str, str]] = {}
    takes_sources = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._slots: dict[str, tuple[str, Reader]] = {}
        self._required: dict[str, str] = {}
        for name, field in self.load_fields.items():
            key = field.data_key or name
            self._slots[key] = (field.attribute or name, reader_of(field))
            if field.required:
                self._required[key] = field.attribute or name

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """The fact, from values by attribute; may report and answer BAD."""
        return values

    def read(self, node: Node, reading: Reading) -> Any:
        """The fact at a node, or BAD when anything in it was reported."""
        if type(node) is not Fields:
            shown = f"'{short(node.value)}'" if isinstance(node, Text) else "a list"
            reading.error(
                node.at,
                f"{shown} stands where {self.kind} are expected",
                f"write a group of fields: {self._sample()}",
            )
            return BAD
        before, outer = reading.errors, (reading.sources, reading.source, reading.confidence)
        entries = node.entries
        if self.takes_sources and "sources" in entries:
            found = SOURCES.read(entries["sources"][1], reading)
            reading.sources = {**reading.sources, **found} if found is not BAD else reading.sources
        if "source" in entries or "confidence" in entries:
            reading.enter(node)
        values = self._values(node, reading)
        fact = BAD if reading.errors > before else self.make(values, node, reading)
        reading.sources, reading.source, reading.confidence = outer
        return BAD if reading.errors > before else fact

    def _values(self, node: Fields, reading: Reading) -> dict[str, Any]:
        values: dict[str, Any] = {}
        slots = self._slots
        for name, (key, child) in node.entries.items():
            slot = slots.get(name)
            if slot is not None:
                values[slot[0]] = slot[1](child, reading)
            elif name not in ("source", "confidence") and not (name == "sources" and self.takes_sources):
                self._refuse(key, reading)
        for name, attribute in self._required.items():
            if attribute not in values and name not in node.entries:
                reading.error(node.at, f"'{name}' is missing", f"write {name}: and its value")
        return values

    def _refuse(self, key: Text, reading: Reading) -> None:
        name = key.value
        if len(name) == 3 and name.isdigit():
            reading.error(
                key.at,
                f"'{name}' is cut off an amount: a comma inside {{…}} separates",
                'put quotes around it, like "$1,500"',
            )
        elif name in self.renamed:
            reading.error(key.at, f"'{name}' is not used", self.renamed[name])
        else:
            known = (*self._slots, "source", "confidence", *(("sources",) if self.takes_sources else ()))
            reading.error(key.at, f"'{short(name)}' is not a field here", nearest(name, known))

    def _sample(self) -> str:
        return ", ".join(f"{key}: …" for key in list(self._slots)[:4])

    def load(self, data: Any, **options: Any) -> Any:
        """Read decoded JSON; raises marshmallow's ValidationError with messages by pointer."""
        reading = Reading()
        fact = self.read(tree(data, "", reading.error), reading)
        if reading.errors or fact is BAD:
            messages: dict[str, list[str]] = {}
            for problem in reading.problems:
                messages.setdefault(problem.path, []).append(f"{problem.message}; {problem.remedy}")
            raise ValidationError(messages)
        return fact


class SourceSchema(FactSchema):
    """One entry of ``sources:``."""

    kind = "the fields of a source"
    title = Prose(required=True)
    page = Prose(longest=200)
    url = Prose()
    read_on = Day(data_key="read", attribute="read")
    attribution = Prose()
    licence = Prose(longest=500)
    level = Word(CONFIDENCES, data_key="confidence")

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> tuple[Source, Confidence]:
        """The source and the confidence of what it supports: a page verifies, a call states."""
        usual = Confidence.VERIFIED if "page" in values else Confidence.STATED
        level = values.pop("level", usual)
        return Source(**values), level


class _Sources:
    """``sources:`` of a file: name → (source, confidence)."""

    def __init__(self) -> None:
        self._one = SourceSchema()

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[Source, Confidence]] | Bad:
        if type(node) is not Fields:
            reading.error(
                node.at,
                "sources are a group of fields",
                'write sbc: {title: "…", page: "3", read: 2026-11-20}',
            )
            return BAD
        found = {}
        for name, (_, child) in node.entries.items():
            source = self._one.read(child, reading)
            if source is not BAD:
                found[name] = source
        return found


SOURCES = _Sources()
