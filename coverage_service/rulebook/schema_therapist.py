"""The schema of a therapist: a file of rules/therapists, or the ``therapist`` of a request."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.therapist import Clinician, Fee, NetworkEntry, Sliding, Therapist
from coverage_service.rulebook.cases import THERAPIST
from coverage_service.rulebook.containers import Either, Group, ListOf, MapOf
from coverage_service.rulebook.fields import (
    BAD,
    OR_UNKNOWN,
    YES_NO_UNKNOWN,
    Count,
    Day,
    DollarAmount,
    Dollars,
    Name,
    Prose,
    Word,
)
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.fields_plan import STATES, Known, Licence, Tier, cpt
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.schema_case import keep_cases, tests_field
from coverage_service.rulebook.schema_plan import EffectiveSchema, word_or_unknown
from coverage_service.rulebook.schema_sliding import SlidingSchema


class ClinicianSchema(FactSchema):
    """Who treats."""

    kind = "the fields of a clinician"
    licence = Licence(words=OR_UNKNOWN)
    supervised = Word(YES_NO_UNKNOWN)
    licensed_in = ListOf(Word(STATES), words=OR_UNKNOWN)
    npi = Code("[12][0-9]{9}", '"1234567893"', "provider number (NPI)", words=OR_UNKNOWN)
    taxonomy = Code("[0-9A-Z]{9}X", "106H00000X", "taxonomy code")
    locality = Prose(longest=60)
    certifications = ListOf(Prose(longest=200))
    approaches = ListOf(Prose(longest=100))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Clinician:
        """The clinician; an NPI with a wrong check digit is refused."""
        npi = values.get("npi")
        if isinstance(npi, str) and not _check_digit(npi):
            reading.error(
                node.entries["npi"][1].at,
                f"{npi} cannot be a provider number: its check digit is wrong",
                "check it, or write unknown",
            )
        return Clinician(**values)


def _check_digit(npi: str) -> bool:
    """Whether the Luhn sum of 80840 and the number comes out even."""
    digits = [int(x) for x in f"80840{npi}"]
    doubled = [sum(divmod(x * 2, 10)) if i % 2 == 0 else x for i, x in enumerate(reversed(digits), 1)]
    return sum(doubled) % 10 == 0


class NetworkSchema(FactSchema):
    """Standing in one plan's network."""

    kind = "the fields of a network entry"
    plan = Name(required=True)
    status = Word(word_or_unknown("in", "out", "opted_out"), required=True)
    tier = Tier(words=OR_UNKNOWN)
    contract = Either(
        text=Known("schedules", "fee schedule", words=OR_UNKNOWN),
        group=MapOf(cpt(), Dollars()),
        expected='unknown, a fee schedule, or {"90837": "$140"}',
    )
    effective = Group(EffectiveSchema())

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> NetworkEntry:
        """The entry; the plan is looked up when all files are read."""
        if "effective" in values:
            values["starts"], values["ends"], _ = values.pop("effective")
        reading.refer(values["plan"], node.entries["plan"][1].at)
        return NetworkEntry(origin=reading.origin(node.at), **values)


class FeeSchema(FactSchema):
    """A full fee."""

    kind = "the fields of a fee"
    cpt = cpt(required=True)
    fee = DollarAmount(required=True)
    from_minutes = Count(most=600)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Fee:
        """The fee; outside the plausible bounds of its code it is refused."""
        procedure = reading.reference.procedures.get(values["cpt"])
        fee = values["fee"]
        if (
            procedure
            and isinstance(fee, int)
            and not procedure.plausible_from <= fee <= procedure.plausible_to
        ):
            reading.error(
                node.entries["fee"][1].at,
                "this fee cannot be meant for the code",
                "check the figure and the code (bounds: rules/reference/codes.yaml)",
            )
        return Fee(origin=reading.origin(node.at), **values)


class TherapistSchema(FactSchema):
    """One dated entry of a therapist or practice."""

    kind = "the fields of a therapist"
    takes_sources = True
    therapist = Name(attribute="id")
    name = Prose(longest=200)
    status = Word(("example", "draft", "reviewed", "retired"))
    clinician = Group(ClinicianSchema())
    effective = Group(EffectiveSchema())
    reviewed = Day()
    networks = ListOf(Group(NetworkSchema()))
    fees = ListOf(Group(FeeSchema()))
    sliding = Group(SlidingSchema(), words={"none": None, "unknown": UNKNOWN})
    superbill = Word(YES_NO_UNKNOWN)
    intake = Word(YES_NO_UNKNOWN)
    eap_programmes = ListOf(Name(), words=OR_UNKNOWN)
    telehealth = Word(YES_NO_UNKNOWN)
    in_person = Word(YES_NO_UNKNOWN)
    policies = MapOf(Name(), Dollars())
    tests = tests_field()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Therapist:
        """The entry; its tests go to the reading."""
        values.setdefault("id", "inline")
        if "effective" in values:
            values["starts"], values["ends"], _ = values.pop("effective")
        tests = keep_cases(values, THERAPIST, values["id"], node, reading)
        if reading.in_file:
            _whole(values, tests, node, reading)
        _same_fee_twice(values.get("fees", ()), node, reading)
        programmes = node.get("eap_programmes")
        for item in programmes.items if isinstance(programmes, Many) else ():
            if isinstance(item, Text):
                reading.refer(item.value, item.at)
        reading.entered(node.at)
        return Therapist(origin=reading.origin(node.at), **values)


def _whole(values: dict[str, Any], tests: int, node: Fields, reading: Reading) -> None:
    if "therapist" not in node.entries:
        reading.error(node.at, "'therapist' is missing", "write therapist: and an id")
    for key in ("name", "status", "effective"):
        if key not in node.entries:
            reading.error(node.at, f"'{key}' is missing", f"write {key}: and its value")
    if reading.source is None:
        reading.warn(node.at, "this therapist has no source", "write source: and a name of sources")
    if isinstance(values.get("sliding"), Sliding) and not tests:
        reading.warn(
            node.at, "this sliding scale has no tests", "write tests: with at least one household and its fee"
        )


def _same_fee_twice(fees: tuple[Fee, ...], node: Fields, reading: Reading) -> None:
    rows, seen = node.get("fees"), set()
    for fee, row in zip(fees, rows.items if isinstance(rows, Many) else (), strict=True):
        if (fee.cpt, fee.from_minutes) in seen:
            reading.error(
                row.at,
                f"a second fee for {fee.cpt} from {fee.from_minutes} minutes on",
                "keep one of the two",
            )
        seen.add((fee.cpt, fee.from_minutes))


class TherapistFile(fields.Raw):
    """A file of rules/therapists: one entry, or ``therapists:`` with a list of entries."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._one = TherapistSchema()
        self._many = TherapistListSchema()

    def read(self, node: Node, reading: Reading) -> Any:
        """The entries as a tuple, or BAD."""
        if isinstance(node, Fields) and "therapists" in node.entries:
            return self._many.read(node, reading)
        one = self._one.read(node, reading)
        return one if one is BAD else (one,)


class TherapistListSchema(FactSchema):
    """Several entries in one file."""

    kind = "the fields of a therapist file"
    takes_sources = True
    therapists = ListOf(Group(TherapistSchema()), least=1, required=True)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> tuple[Therapist, ...]:
        """The entries."""
        entries: tuple[Therapist, ...] = values["therapists"]
        return entries
