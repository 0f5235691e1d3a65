"""The schema of ``tests:``, of plans and of therapists.  Money here is text."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from coverage_service.core.request import Household, LimitUsed, OtherCare, Used
from coverage_service.rulebook.cases import Case, Course, Expect, Session
from coverage_service.rulebook.containers import Either, Group, ListOf, MapOf
from coverage_service.rulebook.cost_sharing import CostSharing
from coverage_service.rulebook.fields import (
    YES_NO,
    YES_NO_UNKNOWN,
    Count,
    Day,
    Dollars,
    Name,
    Prose,
    Word,
)
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.fields_plan import STATES, Licence, Tier, cpt, diagnosis, service
from coverage_service.rulebook.nodes import Fields, Many
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.schema_base import FactSchema


class LimitUsedSchema(FactSchema):
    """What is used of one limit."""

    deductible = Dollars()
    out_of_pocket = Dollars()
    family_deductible = Dollars()
    family_out_of_pocket = Dollars()
    family_members_met = Count(most=20)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> LimitUsed:
        """As the request's own value."""
        return LimitUsed(**values)


class UsedSchema(FactSchema):
    """What is used so far."""

    as_of = Day()
    sessions_since = Count(most=400)
    limits = MapOf(Name(), Group(LimitUsedSchema()))
    visits = MapOf(Name(), Count(most=400))

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Used:
        """As the request's own value."""
        return Used(**values)


class HouseholdSchema(FactSchema):
    """Size, area and yearly income."""

    size = Count(least=1, most=30)
    area = Code("48|AK|HI", '"48", AK or HI', "area")
    income = Dollars()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Household:
        """As the request's own value."""
        return Household(**values)


class OtherCareSchema(FactSchema):
    """Other care interleaved with the sessions."""

    date = Day(required=True)
    allowed = Dollars(required=True)
    service = service()
    cost_sharing = CostSharing()
    network = Word(("in", "out"))
    member = Word(("self", "family"))
    clinician = Prose(longest=100)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> OtherCare:
        """As the request's own value."""
        return OtherCare(**values)


class SessionSchema(FactSchema):
    """One session."""

    kind = "the fields of a session"
    date = Day()
    cpt = cpt()
    minutes = Count(least=1, most=600)
    diagnosis = Either(
        text=diagnosis(),
        many=ListOf(diagnosis(), least=1),
        attribute="diagnoses",
        expected="F43.10 or [F43.10, Z63.0]",
    )
    network = Word(("in", "out", "opted_out", "gap_exception"))
    tier = Tier()
    modality = Word(("in_person", "telehealth"))
    place_of_service = Code("[0-9]{2}", '"11"', "place of service")
    licence = Licence()
    supervised = Word(YES_NO)
    licensed_in = ListOf(Word(STATES))
    client_state = Word(STATES)
    format = Word(("individual", "couple", "family", "group"))
    identified_patient = Word(YES_NO)
    patient_present = Word(YES_NO)
    waiver_signed = Word(YES_NO)
    authorization = Word(YES_NO)
    referral = Word(YES_NO)
    described_as = Prose(longest=100)
    billed = Dollars()
    allowed = Dollars()
    agreed = Dollars()
    schedule_rate = Dollars()
    locality = Prose(longest=60)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """A Session; one diagnosis becomes a list of one."""
        if isinstance(values.get("diagnoses"), str):
            values["diagnoses"] = (values["diagnoses"],)
        return Session(**values)


class CourseSchema(SessionSchema):
    """Several sessions: their number, their rhythm, and what each is like."""

    kind = "the fields of a course"
    sessions = Count(least=1, most=400, required=True)
    every_days = Count(least=1, most=366)
    first_session = Day()
    skip = ListOf(Day())
    intake = Word(YES_NO)
    intake_allowed = Dollars()
    intake_billed = Dollars()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """A Course."""
        own = ("sessions", "every_days", "first_session", "skip", "intake", "intake_allowed", "intake_billed")
        course = {name: values.pop(name) for name in own if name in values}
        return Course(**course, each=super().make(values, node, reading))


class ExpectSchema(FactSchema):
    """What has to come out."""

    kind = "the expected figures"
    covered = Word(YES_NO_UNKNOWN)
    liability = Word(("patient", "provider", "unknown"))
    allowed = Dollars()
    patient = Dollars()
    plan = Dollars()
    write_off = Dollars()
    deductible = Dollars()
    copay = Dollars()
    coinsurance = Dollars()
    balance = Dollars()
    not_covered = Dollars()
    patient_if_covered = Dollars()
    patient_if_not = Dollars()
    patient_if_liable = Dollars()
    patient_if_provider_liable = Dollars()
    total = Dollars()
    low = Dollars()
    high = Dollars()
    fee = Dollars()
    full_fee = Dollars()
    reason = Name()
    without_reason = Name()

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """An Expect; one that demands nothing is refused."""
        if not values:
            reading.error(node.at, "this test expects nothing", 'write expect: {patient: "$30"}')
        return Expect(**values)


class CaseSchema(FactSchema):
    """One test."""

    kind = "the fields of a test"
    case = Prose(longest=200, required=True, attribute="name")
    confirmed = Word(YES_NO)
    coverage = Word(("self_only", "family"))
    used = Group(UsedSchema())
    household = Group(HouseholdSchema())
    other_care = ListOf(Group(OtherCareSchema()))
    session = Group(SessionSchema())
    course = Group(CourseSchema())
    expect = Group(ExpectSchema(), required=True)

    def make(self, values: dict[str, Any], node: Fields, reading: Reading) -> Any:
        """The values of a Case that does not know its entry yet."""
        if ("session" in values) == ("course" in values):
            reading.error(
                node.at,
                "a test has a session or a course",
                'write session: {cpt: "90837", …} or course: {sessions: 10, …}',
            )
        return {**values, "origin": reading.origin(node.at)}


def tests_field() -> fields.Field[Any]:
    """The field ``tests:`` of a plan or a therapist."""
    return ListOf(Group(CaseSchema()))


def keep_cases(values: dict[str, Any], kind: str, entry: str, node: Fields, reading: Reading) -> int:
    """Take the tests out of an entry's values into the reading; how many there were."""
    cases: tuple[dict[str, Any], ...] = values.pop("tests", ())
    tests = node.get("tests")
    names: set[str] = set()
    for case, place in zip(cases, tests.items if isinstance(tests, Many) else (), strict=True):
        if case["name"] in names:
            reading.error(place.at, f"two tests are called '{case['name']}'", "give each its own name")
        names.add(case["name"])
        reading.cases.append(Case(entry=entry, kind=kind, starts=values.get("starts"), **case))
    return len(cases)
