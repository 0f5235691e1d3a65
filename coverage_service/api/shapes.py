"""Small words to write JSON Schema with."""

from __future__ import annotations

from typing import Any, Final

Spec = dict[str, Any]

TEXT: Final[Spec] = {"type": "string"}
NUMBER: Final[Spec] = {"type": "integer"}
CENTS: Final[Spec] = {"type": "integer", "description": "Whole cents."}
FLAG: Final[Spec] = {"type": "boolean"}
DAY: Final[Spec] = {"type": "string", "format": "date"}
ANY: Final[Spec] = {}


def maybe(spec: Spec) -> Spec:
    """The shape, or null."""
    if isinstance(spec.get("type"), str):
        extra = {"enum": [*spec["enum"], None]} if "enum" in spec else {}
        return {**spec, "type": [spec["type"], "null"], **extra}
    return {"oneOf": [spec, {"type": "null"}]}


def ref(name: str) -> Spec:
    """A reference to another shape."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(spec: Spec) -> Spec:
    """A list."""
    return {"type": "array", "items": spec}


def one_of(*words: str) -> Spec:
    """One of a few words."""
    return {"type": "string", "enum": list(words)}


def record(description: str = "", optional: tuple[str, ...] = (), /, **fields: Spec) -> Spec:
    """An object with exactly these fields, all of them there unless ``optional``."""
    spec: Spec = {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }
    return {"description": description, **spec} if description else spec


def mapping(spec: Spec) -> Spec:
    """An object whose keys are data."""
    return {"type": "object", "additionalProperties": spec}
