"""JSON Schema (2020-12) out of the schemas that read the rule files: what an editor can know of them.

It takes what the loader takes.  What hangs on other fields or other files stays with ``rules check``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from coverage_service.authoring.descriptions import describe_field
from coverage_service.authoring.shapes import Json, key_pattern, leaf_schema, phrase_schema
from coverage_service.rulebook import containers, cost_sharing, schema_coverage, schema_questions
from coverage_service.rulebook.fields import Leaf
from coverage_service.rulebook.reading import CONFIDENCES
from coverage_service.rulebook.schema_base import FactSchema, SourceSchema
from coverage_service.rulebook.schema_schedule import RateField
from coverage_service.rulebook.sliding_models import ALSO, GENERAL, NEEDS

SOURCE: Final[Json] = {"type": "string", "description": describe_field("", "source")}
CONFIDENCE: Final[Json] = {"enum": list(CONFIDENCES), "description": describe_field("", "confidence")}
COMMON: Final[Json] = {"source": SOURCE, "confidence": CONFIDENCE}
TEXTS: Final[Json] = {
    "anyOf": [
        {"type": "string", "pattern": r"\S"},
        {"type": ["number", "boolean"]},
        {"type": "array", "items": {"$ref": "#/$defs/Texts"}},
        {"type": "object", "additionalProperties": {"$ref": "#/$defs/Texts"}},
    ]
}
"""Nested texts, as question files have them."""


def _either(*names: str) -> Json:
    return {"oneOf": [{"required": [name]} for name in names]}


def _models() -> Json:
    rules = []
    for model, needs in NEEDS.items():
        taken = sorted({*GENERAL, *needs, *ALSO.get(model, ()), *COMMON})
        told = {"required": list(needs), "propertyNames": {"enum": taken}}
        rules.append({"if": {"properties": {"model": {"const": model}}, "required": ["model"]}, "then": told})
    return {"allOf": rules}


LAWS: Final[dict[str, Json]] = {
    "PlanSchema": {"required": ["plan", "name", "status", "effective", "tests"]},
    "TherapistSchema": {"required": ["therapist", "name", "status", "effective"]},
    "EffectiveSchema": {"required": ["from", "to"]},
    "CaseSchema": {"required": ["case", "expect"], **_either("session", "course")},
    "BandSchema": {"required": ["up_to"], **_either("fee", "discount")},
    "DeductibleSchema": {"anyOf": [{"required": ["person"]}, {"required": ["family"]}]},
    "MaximumSchema": {"anyOf": [{"required": ["person"]}, {"required": ["family"]}]},
    "ExpectSchema": {"minProperties": 1},
    "SlidingSchema": {"required": ["model"], **_models()},
}
"""What a schema's ``make`` demands of a rule file beyond its fields."""


class Writer:
    """Writes one file's JSON Schema; each schema class becomes one definition."""

    def __init__(self) -> None:
        self.definitions: Json = {}

    def group(self, schema: FactSchema) -> Json:
        """A reference to the definition of a schema."""
        name = type(schema).__name__.removesuffix("Schema")
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self._object(schema)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, schema: FactSchema) -> Json:
        owner = type(schema).__name__
        shown: Json = {}
        for key, field in fields_of(schema).items():
            shown[key] = {"description": describe_field(owner, key), **self.field(field)}
        if schema.takes_sources:
            sources = {"type": "object", "additionalProperties": self.group(SourceSchema())}
            shown["sources"] = {"description": describe_field(owner, "sources"), **sources}
        for key, field in COMMON.items():
            shown.setdefault(key, field)
        required = [key for key, field in fields_of(schema).items() if field.required]
        about = (type(schema).__doc__ or "").strip().splitlines()[0]
        basis = {"type": "object", "description": about, "properties": shown, "additionalProperties": False}
        return {**basis, **({"required": required} if required else {}), **LAWS.get(owner, {})}

    def field(self, field: Any) -> Json:
        """The JSON Schema of a field."""
        if isinstance(field, Leaf):
            return leaf_schema(field)
        return WRITERS[type(field)](self, field)

    def exclusions(self, field: Any) -> Json:
        """Exclusions by name; a name of our own is one of ``exclusion_triggers``."""
        one: Json = {"anyOf": [leaf_schema(field._word), self.field(field._group)]}
        known = dict.fromkeys(schema_coverage.EXCLUSIONS, one)
        return {"type": "object", "properties": {**known, **COMMON}, "additionalProperties": one}

    def texts(self, field: Any) -> Json:
        """Nested texts."""
        self.definitions["Texts"] = TEXTS
        return {"$ref": "#/$defs/Texts"}

    def question(self, field: Any) -> Json:
        """One question and its texts."""
        keys = {key: self.texts(field) for key in field.KEYS}
        return {
            "type": "object",
            "properties": keys,
            "required": ["id", "neutral"],
            "additionalProperties": False,
        }


def fields_of(schema: FactSchema) -> dict[str, Any]:
    """The fields of a schema by the key that a file writes."""
    return {field.data_key or name: field for name, field in schema.load_fields.items()}


def _list(writer: Writer, field: Any) -> Json:
    found: Json = {"type": "array", "items": writer.field(field.inner)}
    found |= {"minItems": field.least} if field.least else {}
    return _or_words(field, found)


def _group(writer: Writer, field: Any) -> Json:
    return _or_words(field, writer.group(field.nested))


def _or_words(field: Any, found: Json) -> Json:
    return {"anyOf": [{"enum": list(field.words)}, found]} if field.words else found


def _map(writer: Writer, field: Any) -> Json:
    inner, pattern = writer.field(field.inner), key_pattern(field.key)
    if pattern is None:
        known = dict.fromkeys(field.key.words, inner)
        return {"type": "object", "properties": {**known, **COMMON}, "additionalProperties": False}
    # `source` fits most key patterns too, so the pattern steps back before the common fields.
    stepped = f"^(?!(source|confidence)$){pattern.removeprefix('^')}"
    return {
        "type": "object",
        "properties": COMMON,
        "patternProperties": {stepped: inner},
        "additionalProperties": False,
    }


def _forms(writer: Writer, field: Any) -> Json:
    forms = (field.text, field.many, field.group)
    shown: list[Json] = []
    for form in forms:
        found = writer.field(form) if form is not None else {"anyOf": []}
        shown.extend(found.get("anyOf", [found]) if set(found) == {"anyOf"} else [found])
    return {"anyOf": shown}


def _rate(writer: Writer, field: Any) -> Json:
    return {"anyOf": [writer.field(field._exact), {**writer.field(field._percentiles), "minProperties": 1}]}


def _cost_sharing(writer: Writer, field: Any) -> Json:
    writer.definitions["Phrases"] = {"type": "array", "minItems": 1, "items": phrase_schema()}
    phrases: Json = {"$ref": "#/$defs/Phrases"}
    either = {"type": "array", "minItems": 2, "items": phrases}
    readings = {
        "type": "object",
        "properties": {"either": either},
        "required": ["either"],
        "additionalProperties": False,
    }
    return {"anyOf": [phrases, readings, {"const": "unknown"}]}


WRITERS: Final[dict[type[Any], Callable[[Writer, Any], Json]]] = {
    containers.ListOf: _list,
    containers.MapOf: _map,
    containers.Group: _group,
    containers.Either: _forms,
    cost_sharing.CostSharing: _cost_sharing,
    schema_coverage.Exclusions: Writer.exclusions,
    RateField: _rate,
    schema_questions.PlainText: Writer.texts,
    schema_questions.QuestionRow: Writer.question,
}
