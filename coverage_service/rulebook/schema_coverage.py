"""The schema of ``coverage:``: what a plan covers at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import fields

from coverage_service.core.plan import Coverage, DiagnosisRule, Exclusion
from coverage_service.rulebook.containers import Group, ListOf, MapOf
from coverage_service.rulebook.fields import BAD, OR_UNKNOWN, YES_NO, YES_NO_UNKNOWN, Prose, Word
from coverage_service.rulebook.fields_plan import Licence, cpt, diagnosis_match
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema

EXCLUSIONS: Final = (
    "sex_therapy", "sexual_dysfunction", "marital_counselling", "z_codes", "non_licensed", "coaching",
    "educational",
)  # fmt: skip
DENIALS: Final = (
    "coverage_inactive", "exclusion", "diagnosis", "credential", "code", "telehealth", "referral",
    "authorization", "visit_limit", "necessity", "late_claim", "no_benefit",
)  # fmt: skip


class ExclusionSchema(FactSchema):
    """An exclusion with its sentence."""

    excluded = Word(YES_NO_UNKNOWN, required=True)
    wording = Prose()
    names_diagnosis = Word(YES_NO)
    codes = ListOf(cpt(), least=1)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> dict[str, Any]:
        """The values of an Exclusion that does not know its name yet."""
        return {**values, "origin": reading.origin(node.at)}


class Exclusions(fields.Raw):
    """``name: yes|no|unknown`` or ``name: {excluded: …, wording: …}``; a tuple of Exclusion."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._word = Word(YES_NO_UNKNOWN)
        self._group = Group(ExclusionSchema())

    def read(self, node: Node, reading: Reading) -> Any:
        """The exclusions in the order of the file."""
        if type(node) is not Fields:
            reading.error(
                node.at,
                "exclusions are named one by one",
                "write {sex_therapy: no, marital_counselling: yes}",
            )
            return BAD
        outer = (reading.source, reading.confidence)
        reading.enter(node)
        found = [
            self._one(key, child, reading)
            for name, (key, child) in node.entries.items()
            if name not in ("source", "confidence")
        ]
        reading.source, reading.confidence = outer
        return tuple(found)

    def _one(self, key: Text, node: Node, reading: Reading) -> Any:
        known = (*EXCLUSIONS, *reading.known.exclusions)
        if key.value not in known:
            reading.unknown_name(key, "exclusion", tuple(dict.fromkeys(known)))
        if isinstance(node, Fields):
            values = self._group.read(node, reading)
            return BAD if values is BAD else Exclusion(name=key.value, **values)
        return Exclusion(
            name=key.value, excluded=self._word.read(node, reading), origin=reading.origin(key.at)
        )


class DiagnosisRuleSchema(FactSchema):
    """One coverage row of diagnoses."""

    match = diagnosis_match(required=True)
    covered = Word(YES_NO_UNKNOWN, required=True)
    codes = ListOf(cpt(), least=1)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> DiagnosisRule:
        """The row."""
        return DiagnosisRule(origin=reading.origin(node.at), **values)


class CoverageSchema(FactSchema):
    """What the plan covers, and what it demands first."""

    kind = "the fields of coverage"
    renamed: ClassVar[Mapping[str, str]] = {
        "prior_auth": "write prior_authorization",
        "cpt": "write codes",
        "visit_limit": "write visit_limits beside coverage",
    }
    exclusions = Exclusions()
    diagnoses = ListOf(Group(DiagnosisRuleSchema()))
    licences = ListOf(Licence(), words=OR_UNKNOWN, least=1)
    associates = Word(YES_NO_UNKNOWN)
    prior_authorization = Word(YES_NO_UNKNOWN)
    referral = Word(YES_NO_UNKNOWN)
    telehealth = Word(YES_NO_UNKNOWN)
    licensed_where_patient_is = Word(YES_NO_UNKNOWN)
    codes = MapOf(cpt(), Word(YES_NO_UNKNOWN))
    liability = MapOf(Word(DENIALS), Word({"patient": "patient", "provider": "provider", **OR_UNKNOWN}))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Coverage:
        """The coverage."""
        return Coverage(origin=reading.origin(node.at), **values)
