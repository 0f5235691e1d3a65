"""The order in which a rule file writes its fields: that of the schemas, but for the lists below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from coverage_service.authoring.json_schema import fields_of
from coverage_service.rulebook.schema_base import FactSchema, SourceSchema

_HEAD: Final = ("sources", "source", "confidence")
_REFERENCE: Final = ("reference", *_HEAD)
_VISIT: Final = (
    *("date", "cpt", "minutes", "diagnosis", "licence", "supervised", "licensed_in", "network", "tier"),
    *("modality", "place_of_service", "client_state", "format", "identified_patient", "patient_present"),
    *("authorization", "referral", "described_as", "billed", "allowed", "agreed", "schedule_rate"),
)
ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("ServicesSchema", "CodesSchema", "GuidelinesSchema", "LegalLimitsSchema", "ConcernsSchema"),
        _REFERENCE,
    ),
    "PayerFileSchema": ("payer", "behavioral_health_administrator", *_HEAD),
    "PlanSchema": (
        *("plan", "name", "payer", "behavioral_health_administrator", "status", "reviewed", "market"),
        *("effective", *_HEAD, "supplements", "pays", "member_keeps", "limits", "cross", "pools", "benefits"),
        *("allowed_amounts", "lesser_of", "balance_billing", "not_covered_rate", "sequestration"),
        *("coverage", "visit_limits"),
    ),
    "MarketSchema": ("kind", "group", "funding", "state", "metal"),
    "SourceSchema": ("title", "page", "url", "read", "licence", "attribution"),
    "CoverageSchema": (
        *("source", "confidence", "exclusions", "diagnoses", "codes", "licences", "associates", "liability"),
    ),
    "ScheduleSchema": ("schedule", "kind", "name", "effective", "attribution", *_HEAD),
    "TherapistSchema": (
        *("therapist", "name", "status", "reviewed", "effective", *_HEAD, "clinician", "networks", "fees"),
        *("sliding", "superbill", "intake", "telehealth", "in_person", "eap_programmes", "policies"),
    ),
    "TherapistListSchema": _HEAD,
    "QuestionsSchema": ("language", *_HEAD),
    "FeeSchema": ("cpt", "from_minutes", "fee"),
    "ProcedureSchema": ("code", "label", "minutes", "kind", "plausible"),
    "UsedSchema": ("as_of", "sessions_since", "visits", "limits"),
    "SessionSchema": _VISIT,
    "CourseSchema": ("sessions", "every_days", "first_session", "skip", *_VISIT),
    "ExpectSchema": (
        *("covered", "patient_if_covered", "patient_if_not", "liability", "patient_if_liable"),
        *("patient_if_provider_liable", "allowed", "patient", "deductible", "copay", "coinsurance"),
        *("balance", "not_covered", "plan", "write_off"),
    ),
    "SlidingSchema": ("model", "guideline_year", "income", "membership", "fee", "per_thousand"),
}
"""What comes first; the rest follows as the schema declares it, ``source`` and ``confidence`` last."""


def order_of(schema: FactSchema) -> tuple[str, ...]:
    """Every key of a schema, in the order of writing."""
    first = ORDER.get(type(schema).__name__, ())
    return tuple(dict.fromkeys((*first, *fields_of(schema), *_HEAD)))


def mappings(node: Node, schema: Any) -> Iterator[tuple[MappingNode, FactSchema]]:
    """Every mapping of a composed file that a schema reads, the outer ones first."""
    if isinstance(schema, FactSchema):
        if isinstance(node, MappingNode):
            yield node, schema
            yield from _fields(node, schema)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from mappings(item, _inner(schema))
    elif isinstance(node, MappingNode):
        one = getattr(schema, "nested", None) or getattr(schema, "group", None)
        if one is not None:
            yield from mappings(node, one)
        else:
            for _, value in node.value:
                yield from mappings(value, _inner(schema))


def _fields(node: MappingNode, schema: FactSchema) -> Iterator[tuple[MappingNode, FactSchema]]:
    fields = fields_of(schema)
    for key, value in node.value:
        name = key.value if isinstance(key, ScalarNode) else ""
        if name in fields:
            yield from mappings(value, fields[name])
        elif name == "sources" and schema.takes_sources and isinstance(value, MappingNode):
            for _, source in value.value:
                yield from mappings(source, SourceSchema())


def _inner(schema: Any) -> Any:
    """The field of the items or values; None where no schema reads them."""
    if isinstance(many := getattr(schema, "many", None), FactSchema) or hasattr(many, "inner"):
        return getattr(many, "inner", many)
    return getattr(schema, "inner", None) or getattr(schema, "_group", None)
