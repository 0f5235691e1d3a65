"""The schema of ``sliding:``; sliding_models says which fields each model takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from coverage_service.core.therapist import Band, Sliding
from coverage_service.rulebook.amounts import Mistake, basis_points, cents
from coverage_service.rulebook.containers import Group, ListOf
from coverage_service.rulebook.fields import YES_NO_UNKNOWN, Count, Dollars, Leaf, Percent, Prose, Word
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.fields_plan import cpt
from coverage_service.rulebook.nodes import Fields
from coverage_service.rulebook.reading import Reading, short
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.sliding_models import check_sliding


class BandEnd(Leaf):
    """The upper end of a band: basis points of the guideline, or cents of income."""

    expected = '100% or "$30,000"'

    def parse(self, text: str) -> Any:
        """(is a percentage, value)."""
        return (True, basis_points(text, 100_000)) if text.endswith("%") else (False, cents(text))


class BandSchema(FactSchema):
    """One band of a scale."""

    kind = "the fields of a band"
    up_to = BandEnd(required=True)
    fee = Dollars()
    discount = Percent()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> tuple[bool, Band]:
        """(whether its end is a percentage, the band)."""
        if ("fee" in values) == ("discount" in values):
            reading.error(
                node.at,
                "a band has a fee or a discount",
                'write {up_to: 100%, fee: "$60"} or {up_to: 100%, discount: 50%}',
            )
        share, end = values.pop("up_to")
        return share, Band(up_to=end, **values)


class AboveText(Dollars):
    """The fee above the last band: cents, or ``full fee``."""

    expected = 'full fee or an amount like "$90"'

    def parse(self, text: str) -> Any:
        """Cents; ``full fee`` is one of the words."""
        try:
            return cents(text)
        except Mistake:
            raise Mistake(f"'{short(text)}' is not a fee", f"write {self.expected}") from None


class SlidingSchema(FactSchema):
    """A sliding scale; sliding_models says which fields each model takes."""

    kind = "the fields of a sliding scale"
    renamed: ClassVar[Mapping[str, str]] = {
        "fpg_year": "write guideline_year",
        "applies_to": "write cpts",
        "income_basis": "write income",
    }
    model = Word(
        (
            "flat_range",
            "income_bands",
            "linear",
            "fpl_bands",
            "per_mille",
            "slots",
            "pwyc",
            "membership",
            "trainee_clinic",
            "fqhc",
        ),
        required=True,
    )
    guideline_year = Code("20[0-9]{2}", '"2026"', "year")
    income = Word(("gross_household", "net_household", "gross_person", "net_person"))
    bands = ListOf(Group(BandSchema()), least=1)
    above = AboveText({"full fee": None})
    minimum = Dollars()
    maximum = Dollars()
    suggested = Dollars()
    fee = Dollars()
    income_from = Dollars()
    income_to = Dollars()
    step = Dollars()
    per_thousand = Dollars()
    membership = Dollars()
    cpts = ListOf(cpt(), least=1)
    slots = Word(YES_NO_UNKNOWN)
    review_months = Count(least=1, most=60)
    proof = Prose(longest=200)
    couple_households = Word(("one", "two"))
    with_out_of_network_claims = Word(YES_NO_UNKNOWN)
    caps_insured_share = Word(YES_NO_UNKNOWN)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Sliding:
        """The scale, with the fields of its model checked."""
        check_sliding(values, node, reading)
        if "bands" in values:
            values["bands"] = tuple(band for _, band in values["bands"])
        return Sliding(origin=reading.origin(node.at), **values)
