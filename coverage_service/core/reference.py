"""Dated reference data: fee schedules, services, codes, guidelines, legal limits, concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from coverage_service.core.facts import NOWHERE, Origin

CONTRACT, LAW, BENCHMARK = "contract", "law", "benchmark"
NATIONAL = "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Cents for one code: ``exact``, or percentiles (25, 50, 75, …) of a benchmark."""

    exact: int | None = None
    percentiles: Mapping[int, int] = field(default_factory=dict)
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """Allowed amounts by locality and procedure code; ``kind``: contract | law | benchmark.

    ``licence_percent`` maps a licence to basis points of the rate (absent = 100 %).
    """

    id: str
    kind: str
    name: str = ""
    starts: date | None = None
    ends: date | None = None
    rates: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
    licence_percent: Mapping[str, int] = field(default_factory=dict)
    attribution: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class PovertyGuideline:
    """Poverty guideline of one year and area ("48", "AK", "HI"), in cents."""

    year: str
    area: str
    first_person: int
    each_more: int
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class LegalLimits:
    """Legal figures of one year in cents as (self-only, family); None = not published here."""

    year: str
    aca_out_of_pocket: tuple[int | None, int | None] = (None, None)
    hdhp_minimum_deductible: tuple[int | None, int | None] = (None, None)
    hdhp_out_of_pocket: tuple[int | None, int | None] = (None, None)
    medicare_part_b_deductible: int | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure code with our own short label and the minutes it stands for."""

    code: str
    label: str
    kind: str = ""
    minutes_from: int | None = None
    minutes_to: int | None = None
    plausible_from: int = 0
    plausible_to: int = 10_000_000


@dataclass(frozen=True, slots=True)
class CodeFamily:
    """Diagnosis codes a concern may lead to; ``side``: behavioral | medical."""

    codes: tuple[str, ...]
    side: str = "behavioral"


@dataclass(frozen=True, slots=True)
class Concern:
    """What a client may name instead of a diagnosis; never a recommendation of one."""

    id: str
    labels: Mapping[str, str]
    neutral_labels: Mapping[str, str]
    formats: tuple[str, ...] = ()
    code_families: tuple[CodeFamily, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """All reference data that an estimate reads, as one value.

    ``services`` maps a service to every procedure code it and the services below it hold;
    ``service_of`` maps a procedure code to its own services, nearest first.
    """

    schedules: Mapping[str, FeeSchedule] = field(default_factory=dict)
    services: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ancestors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    service_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    diagnoses: Mapping[str, str] = field(default_factory=dict)
    exclusion_triggers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places_of_service: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    guidelines: Mapping[tuple[str, str], PovertyGuideline] = field(default_factory=dict)
    legal_limits: Mapping[str, LegalLimits] = field(default_factory=dict)
    concerns: Mapping[str, Concern] = field(default_factory=dict)
