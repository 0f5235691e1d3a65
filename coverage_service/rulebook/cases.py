"""The tests that a rule file carries, as typed values.  Running them is the engine's work.

Money is integer cents; None means that the test does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from coverage_service.core.facts import NOWHERE, Origin, YesNo
from coverage_service.core.request import Household, OtherCare, Used

PLAN, THERAPIST = "plan", "therapist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session of a test.  ``schedule_rate`` stands in for the fee schedule's figure."""

    date: date | None = None
    cpt: str | None = None
    minutes: int | None = None
    diagnoses: tuple[str, ...] = ()
    network: str | None = None
    tier: str | None = None
    modality: str | None = None
    place_of_service: str | None = None
    licence: str | None = None
    supervised: bool | None = None
    licensed_in: tuple[str, ...] | None = None
    client_state: str | None = None
    format: str | None = None
    identified_patient: bool | None = None
    patient_present: bool | None = None
    waiver_signed: bool | None = None
    authorization: bool | None = None
    referral: bool | None = None
    described_as: str | None = None
    billed: int | None = None
    allowed: int | None = None
    agreed: int | None = None
    schedule_rate: int | None = None
    locality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Several sessions of a test; ``each`` holds what is the same in all of them."""

    sessions: int
    every_days: int | None = None
    first_session: date | None = None
    skip: tuple[date, ...] = ()
    intake: bool | None = None
    intake_allowed: int | None = None
    intake_billed: int | None = None
    each: Session = Session()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a test demands; only what is not None is compared.

    ``patient_if_covered``/``patient_if_not``: the two sides when coverage is unknown;
    ``patient_if_liable``/``patient_if_provider_liable``: when the liability is.
    ``total``: the patient's total of a course.  ``fee``: a therapist's sliding fee;
    ``full_fee``: what the same practice asks without its scale.
    ``reason``: a code that the answer tells, as a reason, an assumption or a notice;
    ``without_reason``: one that it does not.
    """

    covered: YesNo | None = None
    liability: str | None = None
    allowed: int | None = None
    patient: int | None = None
    plan: int | None = None
    write_off: int | None = None
    deductible: int | None = None
    copay: int | None = None
    coinsurance: int | None = None
    balance: int | None = None
    not_covered: int | None = None
    patient_if_covered: int | None = None
    patient_if_not: int | None = None
    patient_if_liable: int | None = None
    patient_if_provider_liable: int | None = None
    total: int | None = None
    low: int | None = None
    high: int | None = None
    fee: int | None = None
    full_fee: int | None = None
    reason: str | None = None
    without_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of one dated entry; ``starts`` tells entries of one id apart.

    ``confirmed``: False while nobody has compared what it expects with the plan's document.
    """

    name: str
    entry: str
    kind: str = PLAN
    starts: date | None = None
    coverage: str | None = None
    used: Used = field(default_factory=Used)
    household: Household = field(default_factory=Household)
    other_care: tuple[OtherCare, ...] = ()
    session: Session | None = None
    course: Course | None = None
    expect: Expect = Expect()
    confirmed: bool = True
    origin: Origin = NOWHERE
