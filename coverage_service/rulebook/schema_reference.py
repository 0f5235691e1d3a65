"""The schemas of rules/reference: services, codes, guidelines, legal limits, concerns."""

from __future__ import annotations

from typing import Any

from coverage_service.core.reference import CodeFamily, Concern, LegalLimits, PovertyGuideline, Procedure
from coverage_service.rulebook.containers import Group, ListOf, MapOf
from coverage_service.rulebook.fields import BAD, OR_UNKNOWN, Count, Dollars, Name, Prose, Word
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.fields_plan import Licence, cpt, diagnosis, diagnosis_match
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.reading import Reading, one_of
from coverage_service.rulebook.schema_base import FactSchema

YEAR = "20[0-9]{2}"


class ReferenceSchema(FactSchema):
    """What every reference file has."""

    kind = "the fields of a reference file"
    takes_sources = True
    reference = Name(required=True)


class ServiceSchema(FactSchema):
    """A service with its codes and the services below it."""

    service = Name(required=True)
    codes = ListOf(cpt())
    includes = ListOf(Name())


class ServicesSchema(ReferenceSchema):
    """services.yaml."""

    services = ListOf(Group(ServiceSchema()), least=1, required=True)


class SpanSchema(FactSchema):
    """Minutes from … to."""

    start = Count(data_key="from", most=600)
    end = Count(data_key="to", most=600)


class BoundsSchema(FactSchema):
    """Amounts from … to."""

    start = Dollars(data_key="from", required=True)
    end = Dollars(data_key="to", required=True)


class ProcedureSchema(FactSchema):
    """A procedure code."""

    code = cpt(required=True)
    label = Prose(longest=200, required=True)
    sort = Name(data_key="kind", attribute="kind")
    minutes = Group(SpanSchema())
    plausible = Group(BoundsSchema())

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Procedure:
        """The procedure."""
        minutes, bounds = values.pop("minutes", {}), values.pop("plausible", {"start": 0, "end": 10_000_000})
        return Procedure(
            minutes_from=minutes.get("start"),
            minutes_to=minutes.get("end"),
            plausible_from=bounds["start"],
            plausible_to=bounds["end"],
            **values,
        )


class DiagnosisSchema(FactSchema):
    """A diagnosis code or the beginning of some."""

    code = diagnosis_match(required=True)
    label = Prose(longest=200, required=True)
    family = Name()


class PlaceSchema(FactSchema):
    """A place of service."""

    code = Code("[0-9]{2}", '"11"', "place of service", required=True)
    label = Prose(longest=200, required=True)


class LicenceSchema(FactSchema):
    """A licence type."""

    licence = Licence(required=True)
    label = Prose(longest=200, required=True)
    taxonomy = Code("[0-9A-Z]{9}X", "106H00000X", "taxonomy code", words=OR_UNKNOWN)


class CodesSchema(ReferenceSchema):
    """codes.yaml."""

    procedures = ListOf(Group(ProcedureSchema()), least=1, required=True)
    diagnoses = ListOf(Group(DiagnosisSchema()))
    exclusion_triggers = MapOf(Name(), ListOf(diagnosis_match(), least=1))
    places_of_service = ListOf(Group(PlaceSchema()))
    licences = ListOf(Group(LicenceSchema()))


class GuidelineSchema(FactSchema):
    """A poverty guideline."""

    year = Code(YEAR, '"2026"', "year", required=True)
    area = Code("48|AK|HI", '"48", AK or HI', "area", required=True)
    first_person = Dollars(required=True)
    each_more = Dollars(required=True)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> PovertyGuideline:
        """The guideline."""
        return PovertyGuideline(origin=reading.origin(node.at), **values)


class GuidelinesSchema(ReferenceSchema):
    """poverty_guidelines.yaml."""

    guidelines = ListOf(Group(GuidelineSchema()), least=1, required=True)


class PairSchema(FactSchema):
    """A figure for one person and one for a family."""

    self_only = Dollars({"unknown": None}, required=True)
    family = Dollars({"unknown": None}, required=True)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> tuple[int | None, int | None]:
        """(self-only, family)."""
        return values["self_only"], values["family"]


NOT_PUBLISHED = {"unknown": (None, None)}


class YearSchema(FactSchema):
    """The legal figures of one year."""

    year = Code(YEAR, '"2026"', "year", required=True)
    aca_out_of_pocket = Group(PairSchema(), words=NOT_PUBLISHED)
    hdhp_minimum_deductible = Group(PairSchema(), words=NOT_PUBLISHED)
    hdhp_out_of_pocket = Group(PairSchema(), words=NOT_PUBLISHED)
    medicare_part_b_deductible = Dollars({"unknown": None})

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> LegalLimits:
        """The figures."""
        return LegalLimits(origin=reading.origin(node.at), **values)


class LegalLimitsSchema(ReferenceSchema):
    """legal_limits.yaml."""

    limits = ListOf(Group(YearSchema()), least=1, required=True)


class FamilySchema(FactSchema):
    """Codes that one way of coding a concern may use."""

    codes = ListOf(diagnosis(), least=1, required=True)
    side = Word(("behavioral", "medical"))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> CodeFamily:
        """The family."""
        return CodeFamily(**values)


class ConcernSchema(FactSchema):
    """What a client may name."""

    concern = Name(required=True, attribute="id")
    labels = MapOf(Name(), Prose(longest=200), required=True)
    neutral_labels = MapOf(Name(), Prose(longest=200), required=True)
    formats = ListOf(Word(("individual", "couple", "family", "group")), least=1)
    code_families = ListOf(Group(FamilySchema()))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Concern:
        """The concern."""
        return Concern(**values)


class ConcernsSchema(ReferenceSchema):
    """concerns.yaml."""

    concerns = ListOf(Group(ConcernSchema()), least=1, required=True)


SCHEMAS = {
    "services": ServicesSchema(),
    "codes": CodesSchema(),
    "poverty_guidelines": GuidelinesSchema(),
    "legal_limits": LegalLimitsSchema(),
    "concerns": ConcernsSchema(),
}


class AnyReferenceSchema:
    """Reads whatever reference file it is, by its ``reference:`` name."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The values of the file, or BAD."""
        named = node.get("reference") if isinstance(node, Fields) else None
        if not isinstance(named, Text):
            reading.error(node.at, "'reference' is missing", f"write reference: {one_of(SCHEMAS)}")
            return BAD
        schema = SCHEMAS.get(named.value)
        if schema is None:
            reading.unknown_name(named, "reference file", SCHEMAS)
            return BAD
        values = schema.read(node, reading)
        if (
            values is not BAD
            and reading.source is None
            and not any(k in ("source", "sources") for k in getattr(node, "entries", {}))
        ):
            reading.error(node.at, "this file has no source", "write sources: and source:")
        return values
