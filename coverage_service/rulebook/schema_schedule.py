"""The schema of a file of rules/fee_schedules."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields

from coverage_service.core.facts import Confidence
from coverage_service.core.reference import BENCHMARK, CONTRACT, LAW, FeeSchedule, Rate
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.containers import Group, ListOf, MapOf
from coverage_service.rulebook.fields import BAD, Dollars, Leaf, Name, Percent, Prose, Word
from coverage_service.rulebook.fields_plan import Licence, cpt
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.schema_plan import EffectiveSchema


class Percentile(Leaf):
    """``p25``."""

    expected = "a percentile like p25"

    def parse(self, text: str) -> Any:
        """25 of ``p25``."""
        if not re.fullmatch(r"p[1-9][0-9]?", text):
            raise Mistake(f"'{text[:20]}' is not a percentile", "write p25, p50, p75, …")
        return int(text[1:])


class RateField(fields.Raw):
    """An amount, or amounts by percentile."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._exact = Dollars()
        self._percentiles = MapOf(Percentile(), Dollars())

    def read(self, node: Node, reading: Reading) -> Any:
        """A Rate; percentiles must rise."""
        if isinstance(node, Text):
            exact = self._exact.read(node, reading)
            return BAD if exact is BAD else Rate(exact=exact, origin=reading.origin(node.at))
        before = reading.errors
        found = self._percentiles.read(node, reading)
        if reading.errors > before or found is BAD:
            return BAD
        ordered = [found[x] for x in sorted(found)]
        if not ordered or ordered != sorted(ordered):
            reading.error(
                node.at, "percentiles rise with their number", 'write {p25: "$100", p50: "$120", p75: "$150"}'
            )
        return Rate(percentiles=found, origin=reading.origin(node.at))


class Locality(Leaf):
    """``national``, or a locality as its source names it."""

    expected = "a locality like CA-LOS ANGELES"

    def parse(self, text: str) -> Any:
        """The name."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 .,'/()&-]{0,99}", text):
            raise Mistake(
                f"'{text[:40]}' is not a locality", "write national, or the source's name in quotes"
            )
        return text


class LicenceShareSchema(FactSchema):
    """What some licences are paid, as a share of the rate."""

    kind = "the fields of a share"
    licences = ListOf(Licence(), least=1, required=True)
    percent = Percent(required=True)


class ScheduleSchema(FactSchema):
    """A fee schedule."""

    kind = "the fields of a fee schedule"
    takes_sources = True
    schedule = Name(required=True, attribute="id")
    sort = Word((CONTRACT, LAW, BENCHMARK), data_key="kind", attribute="kind", required=True)
    name = Prose(longest=200)
    effective = Group(EffectiveSchema(), required=True)
    attribution = Prose()
    rates = MapOf(Locality(), MapOf(cpt(), RateField()), required=True)
    licence_percent = ListOf(Group(LicenceShareSchema()))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> FeeSchedule:
        """The schedule; a rate outside the plausible bounds of its code is refused."""
        values["starts"], values["ends"], _ = values.pop("effective")
        if reading.source is None:
            reading.error(node.at, "this fee schedule has no source", "write source: and a name of sources")
        if values["kind"] == BENCHMARK and reading.confidence > Confidence.ASSUMED:
            reading.error(node.at, "a benchmark is never this client's price", "write confidence: assumed")
        rows = values.get("licence_percent", ())
        values["licence_percent"] = {licence: row["percent"] for row in rows for licence in row["licences"]}
        _plausible(values["rates"], node, reading)
        reading.entered(node.at)
        return FeeSchedule(origin=reading.origin(node.at), **values)


def _plausible(rates: dict[str, dict[str, Rate]], node: Fields, reading: Reading) -> None:
    places = node.get("rates")
    for locality, by_code in rates.items():
        row = places.get(locality) if isinstance(places, Fields) else None
        for code, rate in by_code.items():
            procedure = reading.reference.procedures.get(code)
            figures = [rate.exact] if rate.exact is not None else list(rate.percentiles.values())
            if procedure and not all(
                procedure.plausible_from <= x <= procedure.plausible_to for x in figures
            ):
                at = row.entries[code][1].at if isinstance(row, Fields) else node.at
                reading.error(
                    at,
                    "this rate cannot be meant for the code",
                    "check the figure and the code (bounds: rules/reference/codes.yaml)",
                )
