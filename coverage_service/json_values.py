"""Values of the core as JSON values: cents, words, places and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from coverage_service.core.facts import Confidence, Origin
from coverage_service.core.money import dollars
from coverage_service.core.terms import BOUNDLESS
from coverage_service.core.wording import Wording

SIMPLE: Final = frozenset({str, int, bool, date})
CONFIDENCE: Final = {level: level.name.lower() for level in Confidence}

Json = dict[str, Any]


def known(cents: int | None) -> int | None:
    """Cents, or null for an amount without a bound."""
    return cents if cents is not None and cents < BOUNDLESS else None


def plain(value: Any) -> Any:
    """A fact's value as JSON: intervals as objects, words as text."""
    if value is None or type(value) in SIMPLE:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): each if type(each) in SIMPLE else plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return [plain(each) for each in value] if isinstance(value, Iterable) else str(value)


def origin_json(origin: Origin) -> Json:
    """The place (file:line or JSON pointer), the document and how well it supports a figure."""
    source = origin.source
    return {
        "place": origin.place or None,
        "source": None
        if source is None
        else {"title": source.title, "page": source.page, "url": source.url, "read": source.read},
        "confidence": CONFIDENCE[origin.confidence],
    }


def text_of(code: str, params: Mapping[str, Any], wording: Wording) -> str | None:
    """The sentence for a code in the wording's language, or None where it has none."""
    template = wording.notes.get(code) or wording.disclaimers.get(code)
    if template is None or "{" not in template:
        return template
    return template.format_map(_Spoken(params))


class _Spoken(dict[str, Any]):
    """Parameters as they are read out; what is not there leaves a dash."""

    def __getitem__(self, key: str) -> str:
        value = self.get(key)
        if value is None:
            return "–"
        if (key == "cents" or key.endswith("_cents")) and isinstance(value, int):
            return dollars(value)
        if isinstance(value, (list, tuple)):
            return "; ".join(
                ", ".join(map(str, x)) if isinstance(x, (list, tuple)) else str(x) for x in value
            )
        return str(value)
