"""The schemas of ``limits:``: deductibles and out-of-pocket maximums by bucket."""

from __future__ import annotations

from typing import Any

from coverage_service.core.facts import NONE, UNKNOWN
from coverage_service.core.plan import AGGREGATE, Members, ShareOfIncome
from coverage_service.rulebook.containers import Group, ListOf
from coverage_service.rulebook.fields import OR_UNKNOWN, Dollars, Word
from coverage_service.rulebook.fields_plan import FamilyLimit, FamilyMethod
from coverage_service.rulebook.nodes import Fields
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema


class DeductibleSchema(FactSchema):
    """A deductible of one bucket."""

    kind = "the figures of a limit"
    person = Dollars({"unknown": UNKNOWN, "none": NONE})
    family = FamilyLimit(OR_UNKNOWN)
    family_method = FamilyMethod(attribute="method")
    per = Word(("year", "month"), attribute="period")

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """The values of a Limit that does not know its bucket yet; a family method is never guessed."""
        if "person" not in values and "family" not in values:
            reading.error(node.at, "this limit has no figure", 'write {person: "$1,000"}, none or unknown')
        if isinstance(values.get("family"), ShareOfIncome):
            values.setdefault("method", AGGREGATE)
        elif "family" in values:
            values.setdefault("method", UNKNOWN)
        person, family = values.get("person"), values.get("family")
        if isinstance(person, int) and isinstance(family, int) and family < person:
            reading.error(
                node.entries["family"][1].at,
                "the family figure is below the person's",
                "check the two figures",
            )
        values["origin"] = reading.origin(node.at)
        return values


class MaximumSchema(DeductibleSchema):
    """An out-of-pocket maximum of one bucket."""

    person_cap = Dollars({"legal": "legal"})
    counts = ListOf(Word(("deductible", "copay", "coinsurance")), least=1)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """As a deductible; but of how many persons met their maximum nobody is asked."""
        if isinstance(values.get("method"), Members):
            reading.error(
                node.entries["family_method"][1].at,
                "only a deductible is met by a number of members",
                "write embedded, aggregate or unknown",
            )
        return super().make(values, node, reading)


LIMIT_WORDS = {"none": {"person": NONE}, "unknown": {"person": UNKNOWN}}


class BucketSchema(FactSchema):
    """The limits of one bucket, e.g. ``in_network``."""

    kind = "limits"
    deductible = Group(DeductibleSchema(), words=LIMIT_WORDS)
    out_of_pocket_maximum = Group(MaximumSchema(), words=LIMIT_WORDS)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """The values by kind of limit; a bare word gets its own origin."""
        for kind, found in values.items():
            if "origin" not in found:
                values[kind] = {**found, "origin": reading.origin(node.entries[kind][1].at)}
        return values
