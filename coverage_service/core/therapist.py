"""A therapist or practice: licence, networks, fees and sliding scale, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from coverage_service.core.codes import matches
from coverage_service.core.facts import NOWHERE, UNKNOWN, Amount, Origin, Unknown, YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """Who treats.  ``licence`` is the payable licence type; ``supervised`` an associate."""

    licence: str | Unknown = UNKNOWN
    supervised: YesNo = UNKNOWN
    licensed_in: tuple[str, ...] | Unknown = UNKNOWN
    npi: str | Unknown = UNKNOWN
    taxonomy: str | None = None
    locality: str | None = None
    certifications: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()


IN, OUT, OPTED_OUT = "in", "out", "opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEntry:
    """The practice's standing in one plan's network, dated.

    ``status``: in | out | opted_out | unknown.  ``contract``: id of a fee schedule of kind
    contract, or cents by procedure code, or unknown.
    """

    plan: str
    status: str | Unknown = UNKNOWN
    tier: str | Unknown | None = None
    contract: str | Mapping[str, int] | Unknown = UNKNOWN
    starts: date | None = None
    ends: date | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A full fee in cents for a procedure code, from a session length on."""

    cpt: str
    fee: Amount
    from_minutes: int = 0
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a scale: up to an income (cents) or share of the guideline (bp).

    Exactly one of ``fee`` (cents), ``discount`` (bp off the full fee).
    """

    up_to: int
    fee: int | None = None
    discount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliding:
    """A sliding scale; which fields are used depends on ``model`` (see sliding_scale).

    Models: flat_range, income_bands, linear, fpl_bands, per_mille, slots, pwyc,
    membership, trainee_clinic, fqhc.  Money in cents; ``above`` is cents or None for the
    full fee.  ``slots``: yes (open), no (closed) or unknown.
    """

    model: str
    guideline_year: str | None = None
    income: str = "gross_household"
    bands: tuple[Band, ...] = ()
    above: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    suggested: int | None = None
    fee: int | None = None
    income_from: int | None = None
    income_to: int | None = None
    step: int = 100
    per_thousand: int | None = None
    membership: int = 0
    cpts: tuple[str, ...] = ()
    slots: YesNo = UNKNOWN
    review_months: int | None = None
    proof: str | None = None
    couple_households: str | None = None
    with_out_of_network_claims: YesNo = UNKNOWN
    caps_insured_share: YesNo = False
    origin: Origin = NOWHERE

    def holds(self, cpt: str) -> bool:
        """Whether a session of this code is on the scale; one that names no codes holds them all."""
        return not self.cpts or any(matches(pattern, cpt) for pattern in self.cpts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapist:
    """One dated entry of a therapist or practice."""

    id: str
    name: str = ""
    status: str = "inline"
    clinician: Clinician = Clinician()
    starts: date | None = None
    ends: date | None = None
    reviewed: date | None = None
    networks: tuple[NetworkEntry, ...] = ()
    fees: tuple[Fee, ...] = ()
    sliding: Sliding | Unknown | None = None
    superbill: YesNo = UNKNOWN
    intake: YesNo = UNKNOWN
    eap_programmes: tuple[str, ...] | Unknown = UNKNOWN
    telehealth: YesNo = UNKNOWN
    in_person: YesNo = UNKNOWN
    policies: Mapping[str, int] = field(default_factory=dict)
    origin: Origin = NOWHERE
