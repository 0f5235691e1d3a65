"""The steps of the coverage gate on clinician, code, place and leave; each answers yes, no or unknown.

A restriction the plan does not name (None) passes; a fact that is missing where the plan
does name one is unknown, with the id of the question that settles it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from coverage_service.core import codes
from coverage_service.core.answer import Note
from coverage_service.core.facts import NOWHERE, UNKNOWN, Origin, YesNo
from coverage_service.core.liability import (
    AUTHORIZATION,
    CODE,
    CREDENTIAL,
    EXCLUSION,
    MODALITY,
    REFERRAL,
)
from coverage_service.core.plan import Coverage, Plan
from coverage_service.core.reference import Reference
from coverage_service.core.request import IN_PERSON, TELEHEALTH, Care
from coverage_service.core.therapist import Clinician

MARITAL = "marital_counselling"
Verdict = Literal["yes", "no", "unknown"]


class Line(NamedTuple):
    """The facts of one line; ``diagnosis`` is a code, or a pattern for "one of these"."""

    plan: Plan
    clinician: Clinician
    care: Care
    cpt: str
    reference: Reference
    diagnosis: str

    @property
    def coverage(self) -> Coverage:
        return self.plan.coverage

    @property
    def modality(self) -> str | None:
        """As said, or as the place of service tells; None when neither is known."""
        place = self.care.place_of_service
        if self.care.modality or not place:
            return self.care.modality
        return TELEHEALTH if place in codes.TELEHEALTH_PLACES else IN_PERSON

    @property
    def relational(self) -> bool:
        """Whether a partner or the family takes part, so that one person must be the patient."""
        return self.cpt in codes.RELATIONAL or self.care.format in ("couple", "family")


class Step(NamedTuple):
    """One answer; ``ground`` names that of a refusal (see ``liability``)."""

    ground: str
    verdict: Verdict = "yes"
    reasons: tuple[Note, ...] = ()
    ids: tuple[str, ...] = ()


def refused(ground: str, code: str, origin: Origin = NOWHERE, **params: object) -> Step:
    return Step(ground, "no", (Note(code, params, origin),))


def unclear(ground: str, code: str, *ids: str, origin: Origin = NOWHERE, **params: object) -> Step:
    return Step(ground, "unknown", (Note(code, params, origin),), ids)


def is_for(limited_to: tuple[str, ...], line: Line) -> bool:
    """Whether a rule limited to some procedure codes (empty = none) reads this line."""
    return not limited_to or any(codes.matches(pattern, line.cpt) for pattern in limited_to)


def licence(line: Line) -> Step:
    """Whether the plan pays this licence type; a certificate is not a licence."""
    paid, held, origin = line.coverage.licences, line.clinician.licence, line.coverage.origin
    if paid is None:
        return Step(CREDENTIAL)
    if held is UNKNOWN or paid is UNKNOWN:
        ids = _open(("credential", paid is UNKNOWN), ("licence", held is UNKNOWN))
        return unclear(CREDENTIAL, "licence_unknown", *ids, origin=origin)
    if held not in paid:
        return refused(CREDENTIAL, "licence_not_payable", origin, licence=held)
    return Step(CREDENTIAL, "yes", (Note("licence_payable", {"licence": held}, origin),))


def associate(line: Line) -> Step:
    """Whether the plan pays a supervised associate; a plan silent on one in sight is asked."""
    paid, supervised, origin = line.coverage.associates, line.clinician.supervised, line.coverage.origin
    if paid is True or supervised is False or (paid is None and supervised is UNKNOWN):
        return Step(CREDENTIAL)
    if supervised is True and paid is False:
        return refused(CREDENTIAL, "associate_not_payable", origin)
    ids = _open(("associates", paid is not False), ("supervised", supervised is UNKNOWN))
    return unclear(CREDENTIAL, "associate_unknown", *ids, origin=origin)


def place_of_licence(line: Line) -> Step:
    """Whether the licence is valid where the patient sits during a session by video or phone."""
    rule, held, sits = (
        line.coverage.licensed_where_patient_is,
        line.clinician.licensed_in,
        line.care.client_state,
    )
    origin = line.coverage.origin
    if rule is False or line.modality == IN_PERSON or (rule is None and (held is UNKNOWN or sits is None)):
        return Step(CREDENTIAL)
    if held is UNKNOWN or sits is None:
        facts = (("licensed_in", held is UNKNOWN), ("client_state", sits is None))
        ids = _open(*facts, ("modality", line.modality is None))
        return unclear(CREDENTIAL, "licence_state_unknown", *ids, origin=origin)
    if sits in held:
        return Step(CREDENTIAL)
    if line.modality is None:
        return unclear(CREDENTIAL, "licence_not_valid_for_telehealth", "modality", origin=origin, state=sits)
    return refused(CREDENTIAL, "licence_not_valid_in_state", origin, state=sits)


def _open(*facts: tuple[str, bool]) -> tuple[str, ...]:
    """The question ids of those facts that are open."""
    return tuple(id for id, is_open in facts if is_open)


def procedure(line: Line) -> Step:
    """The plan's rule for this procedure code, and the code's own rule on minutes."""
    if codes.too_short(line.cpt, line.care.minutes):
        return refused(CODE, "session_too_short", cpt=line.cpt, minutes=line.care.minutes)
    rule = rule_of_code(line.coverage, line.cpt)
    if rule is UNKNOWN:
        ask = "couple_code" if line.cpt in codes.RELATIONAL else "long_session"
        return unclear(CODE, "code_unknown", ask, origin=line.coverage.origin, cpt=line.cpt)
    return Step(CODE) if rule else refused(CODE, "code_not_covered", line.coverage.origin, cpt=line.cpt)


def rule_of_code(coverage: Coverage, cpt: str) -> YesNo:
    """Whether the plan pays a procedure code: its own rule, else the first that fits, else yes."""
    rules = coverage.codes
    return rules.get(cpt, next((v for k, v in rules.items() if codes.matches(k, cpt)), True))


def identified_patient(line: Line) -> Step:
    """A couple's session is billed for one identified patient, and without one not at all.

    For an individual that is clear.  Where the plan excludes counselling of couples by name, that
    is the refusal without one.
    """
    patient = line.care.identified_patient
    if patient or not line.relational:
        return Step(CODE)
    named = any(
        each.name == MARITAL and each.excluded is True and is_for(each.codes, line)
        for each in line.coverage.exclusions
    )
    ground = EXCLUSION if named else CODE
    if patient is None:
        return unclear(ground, "identified_patient_unknown", "couple_code", cpt=line.cpt)
    return refused(ground, "no_identified_patient", NOWHERE, cpt=line.cpt)


def telehealth(line: Line) -> Step:
    """Whether the plan pays sessions by video or phone."""
    rule = line.coverage.telehealth
    if rule is None or rule is True or line.modality == IN_PERSON:
        return Step(MODALITY)
    if rule is UNKNOWN:
        ids = _open(("telehealth", True), ("modality", line.modality is None))
        return unclear(MODALITY, "telehealth_unknown", *ids, origin=line.coverage.origin)
    if line.modality is None:
        return unclear(MODALITY, "telehealth_not_covered", "modality", origin=line.coverage.origin)
    return refused(MODALITY, "telehealth_not_covered", line.coverage.origin)


def authorization(line: Line) -> Step:
    """Prior authorisation; required and not yet obtained is covered, and said."""
    return _leave(line, AUTHORIZATION, line.coverage.prior_authorization, line.care.authorization, "auth")


def referral(line: Line) -> Step:
    """Another clinician's order; read like an authorisation."""
    return _leave(line, REFERRAL, line.coverage.referral, line.care.referral, "referral")


def _leave(line: Line, ground: str, required: YesNo | None, obtained: bool | None, ask: str) -> Step:
    """A leave that the plan may require: needed, perhaps needed, or nobody said whether it is there."""
    if not required or obtained:
        return Step(ground)
    origin, open_ids = line.coverage.origin, (ask,) if required is UNKNOWN else ()
    if obtained is None:
        return unclear(ground, f"{ground}_unknown", *open_ids, f"{ask}_obtained", origin=origin)
    code = f"{ground}_needed" if required is True else f"{ground}_may_be_needed"
    return Step(ground, "yes", (Note(code, {}, origin),), open_ids)
