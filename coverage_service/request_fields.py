"""Fields of a request: strict JSON types, and messages that say what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from marshmallow import ValidationError, fields

from coverage_service.core.facts import Between
from coverage_service.core.money import LARGEST
from coverage_service.rulebook.reading import nearest

FIRST_YEAR, LAST_YEAR = 2000, 2099
LONGEST_NAME: Final = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NULL: Final = {"type": "null"}
NULL_REFUSED: Final = "null is not used here; write a value or leave it out"


class Field(fields.Field[Any]):
    """A field that documents itself: ``spec`` is its JSON Schema; null means "not said"."""

    def __init__(self, spec: Mapping[str, Any], *, required: bool = False, **options: Any) -> None:
        super().__init__(required=required, allow_none=not required, metadata=dict(spec), **options)
        self.spec = spec

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        """As it was sent: read later, when the rule book is at hand."""
        return value


class Whole(Field):
    """A JSON integer between two bounds; no text, no fraction, no boolean."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__({"type": "integer", "minimum": least, "maximum": most}, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if type(value) is int and self.least <= value <= self.most:
            return value
        raise ValidationError(self.refusal(value))

    def refusal(self, value: Any) -> str:
        """What is wrong with a value that was refused."""
        bounds = f"write a whole number from {self.least:,} to {self.most:,}"
        if type(value) is int:
            wrong = "this is too small" if value < self.least else "this is too large"
            return f"{wrong}; {bounds}"
        return f"this is not a whole number; {bounds}"


class Cents(Whole):
    """An amount in whole cents, from 0 to one hundred million dollars."""

    def __init__(self, least: int = 0, most: int = LARGEST, **options: Any) -> None:
        super().__init__(least, most, **options)

    def refusal(self, value: Any) -> str:
        """As ``Whole``, with what cents are."""
        return super().refusal(value) + " (cents: $140 is 14000)"


class Span(Field):
    """A whole number, or an interval ``{"low": …, "high": …}`` of them."""

    def __init__(self, one: Whole, **options: Any) -> None:
        pair = {
            "type": "object",
            "properties": {"low": one.spec, "high": one.spec},
            "required": ["low", "high"],
            "additionalProperties": False,
        }
        super().__init__({"oneOf": [one.spec, pair, NULL]}, **options)
        self.one = one

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | Between:
        if not isinstance(value, dict):
            return self.one._deserialize(value)
        if value.keys() != {"low", "high"}:
            raise ValidationError('an interval has two fields; write {"low": …, "high": …}')
        low, high = (_at(end, self.one._deserialize, value[end]) for end in ("low", "high"))
        if low > high:
            raise ValidationError({"low": ["this is above high; write the smaller number here"]})
        return low if low == high else Between(low, high)


def _at(key: Any, read: Callable[[Any], Any], value: Any) -> Any:
    """What is read from a value; a refusal is told at its key."""
    try:
        return read(value)
    except ValidationError as error:
        raise ValidationError({key: error.messages}) from error


class Flag(Field):
    """A real JSON boolean."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "boolean"}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value is True or value is False:
            return value
        raise ValidationError("this is not a JSON boolean; write true, false or null")


class Day(Field):
    """A date ``YYYY-MM-DD`` of this century."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date", "examples": ["2026-11-30"]}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                raise ValidationError("there is no such day; check the month and the day") from None
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
            raise ValidationError(f"the year is not plausible; write one from {FIRST_YEAR} to {LAST_YEAR}")
        raise ValidationError("this is not a date; write it like 2026-11-30")


class Choice(Field):
    """One of a few words."""

    def __init__(self, *words: str, **options: Any) -> None:
        null = [] if options.get("required") else [None]
        super().__init__({"type": "string", "enum": [*words, *null]}, **options)
        self.words = words

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        shown = nearest(value, self.words) if isinstance(value, str) else nearest("", self.words)
        raise ValidationError(f"this is not one of the words used here; {shown}")


class Text(Field):
    """Text of a bounded length, or of a shape; ``upper`` takes small letters for capitals."""

    def __init__(
        self,
        longest: int = LONGEST_NAME,
        pattern: str = "",
        sample: str = "",
        upper: bool = False,
        **options: Any,
    ) -> None:
        shape = {"pattern": f"^(?:{pattern})$"} if pattern and not upper else {}
        example = {"examples": [sample]} if sample else {}
        super().__init__(
            {"type": "string", "minLength": 1, "maxLength": longest, **shape, **example}, **options
        )
        self.longest, self.sample, self.upper = longest, sample, upper
        self.pattern = re.compile(pattern, re.ASCII) if pattern else None

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        like = f"; write it like {self.sample}" if self.sample else f"; write 1 to {self.longest} characters"
        if not isinstance(value, str):
            raise ValidationError(f"this is not text{like}")
        text = value.strip().upper() if self.upper else value
        if not 0 < len(text) <= self.longest or (self.pattern and not self.pattern.fullmatch(text)):
            raise ValidationError(f"this does not have the right shape{like}")
        return text
