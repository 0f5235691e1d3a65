"""Notes, reasons and facts of an answer as JSON values, each with where it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coverage_service.core.answer import FactUsed, Note, Why
from coverage_service.core.facts import Origin
from coverage_service.core.wording import Wording
from coverage_service.json_values import CONFIDENCE, Json, origin_json, plain, text_of


class NoteWriter:
    """Writes notes in one language; remembers what it has already built."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.seen: dict[Any, Json] = {}

    def note(self, note: Note) -> Json:
        key = id(note)
        found = self.seen.get(key)
        if found is None:
            found = self.seen[key] = {
                "code": note.code,
                "params": plain(note.params),
                "text": text_of(note.code, note.params, self.wording),
                **self.origin(note.origin),
            }
        return found

    def notes(self, notes: Iterable[Note]) -> list[Json]:
        return [self.note(each) for each in notes]

    def origin(self, origin: Origin) -> Json:
        """As ``origin_json``, built once for each origin."""
        key = id(origin)
        if key not in self.seen:
            self.seen[key] = origin_json(origin)
        return self.seen[key]

    def why(self, why: Why) -> Json:
        return {
            "code": why.code,
            "params": plain(why.params),
            "text": text_of(why.code, why.params, self.wording),
            **self.origin(why.origin),
        }

    def fact(self, fact: FactUsed) -> Json:
        return {
            "id": fact.id,
            "value": plain(fact.value),
            "basis": fact.basis,
            "question": fact.question,
            **self.origin(fact.origin),
            "confidence": CONFIDENCE[fact.confidence],
        }

    def element(self, note: Note) -> Json:
        """An element of the federal rules, whether it is here, and why not."""
        element, reason = note.params["element"], note.params["reason"]
        return {
            "element": element,
            "present": note.params["present"],
            "reason": reason,
            "text": text_of(element, {}, self.wording),
            "reason_text": text_of(reason, {}, self.wording) if reason else None,
        }
