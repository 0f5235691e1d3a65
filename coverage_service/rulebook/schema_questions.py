"""The schema of rules/questions: the wording of every question, per language, as plain text."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields

from coverage_service.rulebook.containers import ListOf
from coverage_service.rulebook.fields import BAD, Name
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema


class PlainText(fields.Raw):
    """Nested texts, lists and mappings as they stand."""

    def read(self, node: Node, reading: Reading) -> Any:
        """str, list or dict; an empty text is refused."""
        if isinstance(node, Text):
            if not node.value.strip():
                reading.error(node.at, "nothing is written here", "write the text, or leave the field out")
            return node.value
        if isinstance(node, Many):
            return [self.read(item, reading) for item in node.items]
        return {name: self.read(child, reading) for name, (_, child) in node.entries.items()}


class QuestionRow(fields.Raw):
    """One question: an id and its texts."""

    KEYS = ("id", "short", "neutral", "topic", "to", "why", "answer_hint", "ask", "situations")

    def read(self, node: Node, reading: Reading) -> Any:
        """The question as a dict."""
        if not isinstance(node, Fields):
            reading.error(
                node.at, "a question is a group of fields", 'write {id: …, short: "…", neutral: "…"}'
            )
            return BAD
        for key, _ in node.entries.values():
            if key.value not in self.KEYS:
                reading.unknown_name(key, "field of a question", self.KEYS)
        for name in ("id", "neutral"):
            if name not in node.entries:
                reading.error(node.at, f"'{name}' is missing", f"write {name}: and its value")
        return PlainText().read(node, reading)


class QuestionsSchema(FactSchema):
    """One language."""

    kind = "the fields of a question file"
    takes_sources = True
    language = Name(required=True)
    questions = ListOf(QuestionRow(), least=1, required=True)
    choices = PlainText()
    scripts = PlainText()
    call_notes = PlainText()
    glossary = PlainText()
    disclaimers = PlainText()
    notes = PlainText()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> dict[str, Any]:
        """The texts as nested dicts and lists; an id stands once."""
        if not re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", values["language"]):
            reading.error(node.entries["language"][1].at, "this is not a language", "write en, es, …")
        rows, seen = node.get("questions"), set()
        for row in rows.items if isinstance(rows, Many) else ():
            named = row.get("id") if isinstance(row, Fields) else None
            if isinstance(named, Text) and named.value in seen:
                reading.error(named.at, f"'{named.value}' is asked twice", "keep one of the two")
            seen.add(named.value if isinstance(named, Text) else "")
        return {**values, "questions": list(values["questions"])}
