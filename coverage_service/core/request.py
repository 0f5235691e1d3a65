"""What a person asks: care, what was used so far, household, answers.  Facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.facts import NOWHERE, Between, Origin
from coverage_service.core.plan import Plan
from coverage_service.core.therapist import Therapist

IN_PERSON, TELEHEALTH = "in_person", "telehealth"
FIGURES, SUMMARY, FULL = "figures", "summary", "full"
"""How much of an estimate is told.  Every figure is the same at each; a summary leaves out ledgers
and parts, figures alone (an item of a batch) whatever is no total of a window, swing or notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The care asked about; None everywhere means "not said".

    ``diagnoses`` is ordered, the pointed (first) code drives the coverage gate.
    ``sessions`` counts every visit, the intake included.  ``codes`` overrides the
    procedure codes and makes several claim lines a visit.
    """

    concern: str | None = None
    diagnoses: tuple[str, ...] = ()
    format: str | None = None
    minutes: int | None = None
    modality: str | None = None
    place_of_service: str | None = None
    client_state: str | None = None
    intake: bool | None = None
    sessions: int | Between | None = None
    every_days: int | None = None
    first_session: date | None = None
    skip: tuple[date, ...] = ()
    codes: tuple[str, ...] = ()
    identified_patient: bool | None = None
    patient_present: bool | None = None
    described_as: str | None = None
    authorization: bool | None = None
    referral: bool | None = None
    waiver_signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUsed:
    """Cents used of one bucket's limits; None = not said.

    ``deductible_left``: cents left of a deductible whose size nobody said, so that what is used
    of it is not known.
    """

    deductible: int | Between | None = None
    out_of_pocket: int | Between | None = None
    family_deductible: int | Between | None = None
    family_out_of_pocket: int | Between | None = None
    family_members_met: int | None = None
    deductible_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Accumulators and visits used, as of a date; ``sessions_since``: held since then."""

    as_of: date | None = None
    sessions_since: int = 0
    limits: Mapping[str, LimitUsed] = field(default_factory=dict)
    visits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """For poverty guidelines only: size, area ("48", "AK", "HI"), yearly income in cents."""

    size: int | None = None
    area: str | None = None
    income: int | Between | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCare:
    """Other expected care on a date: priced by the plan, never part of a therapy figure."""

    date: date
    allowed: int
    service: str | None = None
    cost_sharing: CostSharing | None = None
    network: str = "in"
    member: str = "self"
    clinician: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFact:
    """What the person knows of the network: in | out | opted_out | gap_exception."""

    status: str | None = None
    tier: str | None = None
    agreed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Stated prices of one procedure code in cents, exact or (low, planning, high).

    ``oon_allowed`` is the allowed amount told for out-of-network claims.
    """

    billed: int | None = None
    allowed_low: int | None = None
    allowed: int | None = None
    allowed_high: int | None = None
    oon_allowed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlan:
    """A second plan or an EAP beside the plan: its dated entries and what is used of it."""

    entries: tuple[Plan, ...]
    used: Used = Used()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to an unknown; ``value`` None = asked, could not say."""

    value: Any
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question for an estimate, with the plan and therapist entries already found.

    No ``plan`` means that it is not known; ``uninsured`` that there is none.
    """

    as_of: date
    plan: tuple[Plan, ...] = ()
    uninsured: bool = False
    therapist: tuple[Therapist, ...] = ()
    care: Care = Care()
    used: Used = Used()
    household: Household = Household()
    coverage: str | None = None
    network: NetworkFact = NetworkFact()
    prices: Mapping[str, Price] = field(default_factory=dict)
    other_care: tuple[OtherCare, ...] = ()
    eap: OtherPlan | None = None
    secondary: OtherPlan | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    language: str = "en"
    name_topic: bool = False
    detail: str = FULL
    origin: Origin = NOWHERE
