"""The shape of a request: every field an estimate may be asked with, checked strictly.

``load`` gives the values of ``core.request``; plans, therapists and answers stay as they
were sent, since reading them takes the rule book (see ``estimates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError

from coverage_service.core.buckets import ANY, BEHAVIORAL, IN, OUT
from coverage_service.core.question_table import LISTENERS
from coverage_service.core.request import Household, LimitUsed, NetworkFact, Used
from coverage_service.request_fields import (
    Cents,
    Choice,
    Day,
    Field,
    Flag,
    Span,
    Text,
    Whole,
)
from coverage_service.request_shapes import Into, Many, Map, Shape

MOST_SESSIONS: Final = 520
MOST_THERAPISTS: Final = 1_000
LIMITS: Final = (IN, OUT, BEHAVIORAL, ANY)
CPT: Final = r"\d{4}[0-9A-Z]|[A-Z]\d{4}"
ICD_10: Final = r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"
ID: Final = r"[a-z0-9][a-z0-9._-]*"


def _cpt(**options: Any) -> Text:
    return Text(5, CPT, "90837", **options)


def _icd(**options: Any) -> Text:
    return Text(8, ICD_10, "F52.31", upper=True, **options)


class CareSchema(Shape):
    """The care asked about; null or absent means "not said"."""

    concern = Text(60, ID, "painful-sex")
    diagnosis = _icd()
    diagnoses = Many(_icd(), 12)
    format = Choice("individual", "couple", "family", "group")
    minutes = Whole(1, 480)
    modality = Choice("in_person", "telehealth")
    place_of_service = Text(2, r"\d\d", "11")
    client_state = Text(2, "[A-Z]{2}", "CA")
    intake = Flag()
    sessions = Span(Whole(1, MOST_SESSIONS))
    every_days = Whole(1, 366)
    first_session = Day()
    skip = Many(Day(), 366)
    codes = Many(_cpt(), 6)
    identified_patient = Flag()
    patient_present = Flag()
    described_as = Choice("psychotherapy", "sex_therapy")
    authorization = Flag()
    referral = Flag()
    waiver_signed = Flag()


class LimitUsedSchema(Shape):
    """What is used of the limits of one bucket, in cents."""

    deductible = Span(Cents(), data_key="deductible_cents")
    out_of_pocket = Span(Cents(), data_key="out_of_pocket_cents")
    family_deductible = Span(Cents(), data_key="family_deductible_cents")
    family_out_of_pocket = Span(Cents(), data_key="family_out_of_pocket_cents")
    family_members_met = Whole(0, 30)


class UsedSchema(Shape):
    """Accumulators and visits used, as of a date."""

    as_of = Day()
    sessions_since = Whole(0, 60)
    limits = Map(Choice(*LIMITS, required=True), Into(LimitUsedSchema(), LimitUsed), len(LIMITS))
    visits = Map(Text(60), Whole(0, 1_000), 20)


class HouseholdSchema(Shape):
    """For poverty guidelines only: people, area and yearly income."""

    size = Whole(1, 30)
    area = Choice("48", "AK", "HI")
    income = Span(Cents(), data_key="income_cents")


class MemberSchema(Shape):
    """Whether the plan covers the person alone or a family."""

    coverage = Choice("self_only", "family")


class NetworkSchema(Shape):
    """What the person knows of the network."""

    status = Choice("in", "out", "opted_out", "gap_exception")
    tier = Text(40)
    agreed = Cents(data_key="agreed_cents")


class AllowedSchema(Shape):
    """A stated allowed amount that is not exact."""

    allowed_low = Cents(data_key="low")
    allowed = Cents(data_key="planning")
    allowed_high = Cents(data_key="high")


class Allowed(Field):
    """Cents, or ``{low, planning, high}``."""

    _exact, _range = Cents(), AllowedSchema()

    def __init__(self, **options: Any) -> None:
        cents = {**self._exact.spec, "type": ["integer", "null"]}
        ends = {"type": "object", "properties": dict.fromkeys(("low", "planning", "high"), cents)}
        super().__init__({"oneOf": [cents, ends | {"additionalProperties": False}]}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, int | None]:
        if not isinstance(value, dict):
            return {"allowed": self._exact._deserialize(value)}
        said: dict[str, int | None] = self._range.load(value)
        ends = [said[x] for x in ("allowed_low", "allowed", "allowed_high") if said.get(x) is not None]
        if ends != sorted(ends, key=lambda x: x or 0):
            raise ValidationError("low, planning and high are out of order; write them from small to large")
        return said


class PriceSchema(Shape):
    """Stated prices of one procedure code."""

    billed = Cents(data_key="billed_cents")
    allowed = Allowed(data_key="allowed_cents")


class OtherCareSchema(Shape):
    """Other expected care on a date, priced by the plan."""

    date = Day(required=True)
    allowed = Cents(data_key="allowed_cents", required=True)
    service = Text(60)
    cost_sharing = Field({"type": ["array", "object"], "description": "Phrases as in a rule file."})
    network = Choice("in", "out")
    member = Choice("self", "family")
    clinician = Text(80)


class AnswerSchema(Shape):
    """An answer to an unknown; ``value`` null = asked, could not say."""

    value = Field({"description": "As the question's type says: cents, yes or no, a date, text …"})
    reference = Text(200)


PLAN_SPEC: Final = {
    "oneOf": [{"type": "string", "minLength": 1, "maxLength": 100}, {"type": "object"}],
    "description": 'An id, or a whole plan in the shape of a rule file, or "none" for no insurance.',
    "examples": ["example-ppo"],
}
THERAPIST_SPEC: Final = PLAN_SPEC | {
    "description": "An id, or a whole therapist in the shape of a rule file.",
    "examples": ["example-therapist"],
}


def _null(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {**spec, "oneOf": [*spec["oneOf"], {"type": "null"}]}


class OtherPlanSchema(Shape):
    """A second plan or an EAP beside the plan."""

    plan = Field(PLAN_SPEC, required=True)
    used = Into(UsedSchema(), Used)


class CommonSchema(Shape):
    """What an estimate, a batch and a script are all asked with."""

    as_of = Day()
    rulebook_version = Text(64)
    language = Text(10, r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", "en")
    name_topic = Flag()
    detail = Choice("summary", "full")
    plan = Field(_null(PLAN_SPEC))
    care = Into(CareSchema(), dict, required=True)
    used = Into(UsedSchema(), Used)
    household = Into(HouseholdSchema(), Household)
    member = Into(MemberSchema(), dict)
    network = Into(NetworkSchema(), NetworkFact)
    prices = Map(_cpt(), Into(PriceSchema(), dict), 20)
    other_care = Many(Into(OtherCareSchema(), dict), 100)
    eap = Into(OtherPlanSchema(), dict)
    secondary = Into(OtherPlanSchema(), dict)
    answers = Map(Text(60), Into(AnswerSchema(), dict), 100)


class EstimateRequestSchema(CommonSchema):
    """A request for one estimate."""

    therapist = Field(_null(THERAPIST_SPEC))


class ScriptRequestSchema(EstimateRequestSchema):
    """A request for the questions to ask; without ``listener`` one script for each."""

    listener = Choice(*LISTENERS)


class BatchRequestSchema(CommonSchema):
    """A request for one client and many therapists."""

    therapists = Many(Field(THERAPIST_SPEC, required=True), MOST_THERAPISTS, 1, required=True)


class SlidingFeeRequestSchema(Shape):
    """A request for the fee of one session on a practice's scale."""

    as_of = Day()
    therapist = Field(THERAPIST_SPEC, required=True)
    household = Into(HouseholdSchema(), Household)
    cpt = _cpt(required=True)
    minutes = Whole(1, 480)
    on = Day(data_key="date")
    language = CommonSchema().fields["language"]


ESTIMATE = EstimateRequestSchema()
BATCH = BatchRequestSchema()
SCRIPT = ScriptRequestSchema()
SLIDING_FEE = SlidingFeeRequestSchema()
