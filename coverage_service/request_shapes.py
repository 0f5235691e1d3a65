"""Lists, mappings and objects of a request: bounded, and read in one pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields

from coverage_service.request_fields import NULL_REFUSED, Field
from coverage_service.rulebook.reading import nearest


class Many(Field):
    """A list of bounded length, as a tuple."""

    def __init__(self, one: Any, most: int, least: int = 0, **options: Any) -> None:
        items = getattr(one, "spec", {"type": "object"})
        spec = {"type": "array", "items": items, "maxItems": most} | ({"minItems": least} if least else {})
        super().__init__(spec, **options)
        self.one, self.most, self.least = one, most, least

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValidationError("this is not a list; write […]")
        if not self.least <= len(value) <= self.most:
            raise ValidationError(f"this list has {len(value):,} items; write {self.least} to {self.most:,}")
        return tuple(_each(enumerate(value), self.one))


class Map(Field):
    """A mapping of bounded size from keys of a shape to values of one kind."""

    def __init__(self, key: Field, one: Any, most: int, **options: Any) -> None:
        values = getattr(one, "spec", {"type": "object"})
        super().__init__({"type": "object", "additionalProperties": values, "maxProperties": most}, **options)
        self.key, self.one, self.most = key, one, most
        self.names = {name: key.spec[name] for name in ("enum", "pattern", "maxLength") if name in key.spec}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("this is not an object; write {…}")
        if len(value) > self.most:
            raise ValidationError(f"this has {len(value):,} entries; write at most {self.most}")
        wrong: dict[Any, Any] = {}
        for name in value:
            try:
                self.key._deserialize(name)
            except ValidationError as error:
                wrong[name] = error.messages
        read = _each(value.items(), self.one, wrong)
        return dict(zip(value, read, strict=True))


def _each(items: Any, one: Any, wrong: dict[Any, Any] | None = None) -> list[Any]:
    """Every item read; all refusals are told at once, each at its key."""
    read: list[Any] = []
    wrong = wrong or {}
    for key, item in items:
        if item is None and not one.allow_none:
            wrong[key] = [NULL_REFUSED]
            continue
        try:
            read.append(one._deserialize(item))
        except ValidationError as error:
            wrong.setdefault(key, error.messages)
    if wrong:
        raise ValidationError(wrong)
    return read


class Shape(Schema):
    """A schema of plain fields, without hooks, that is read in one pass.

    Null means "not said", so it is left out.  An unknown field is answered with the nearest.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._slots = {field.data_key or name: (name, field) for name, field in self.load_fields.items()}
        self._required = [key for key, (_, field) in self._slots.items() if field.required]

    def load(self, data: Any, **_: Any) -> Any:
        """The values by attribute; raises marshmallow's ValidationError with every mistake."""
        if type(data) is not dict:
            raise ValidationError("this is not an object; write {…}")
        values: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for key, item in data.items():
            slot = self._slots.get(key)
            if slot is None:
                wrong[key] = [f"there is no such field here; {nearest(key, tuple(self._slots))}"]
            elif item is not None:
                try:
                    values[slot[0]] = slot[1]._deserialize(item, key, data)
                except ValidationError as error:
                    wrong[key] = error.messages
                    if isinstance(slot[1], Into) and isinstance(error.valid_data, dict):
                        values[slot[0]] = slot[1].make(**error.valid_data)
            elif not slot[1].allow_none:
                wrong[key] = [NULL_REFUSED]
        for key in self._required:
            if key not in data:
                wrong[key] = ["this is missing; write it"]
        if wrong:
            raise ValidationError(wrong, data=data, valid_data=values)
        return values


class Into(fields.Nested):
    """A nested object, built by ``make`` from what was said."""

    def __init__(self, shape: Shape, make: Callable[..., Any], **options: Any) -> None:
        super().__init__(shape, **{"allow_none": not options.get("required"), **options})
        self.shape, self.make = shape, make

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.make(**self.shape.load(value))
