"""What an estimate says, as plain values.  Faces turn these into JSON, HTML or text.

Nothing here is English: reasons, notices and assumptions are codes with parameters.
All money is integer cents; ``None`` means the figure cannot be given, and why is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from coverage_service.core.facts import NOWHERE, Confidence, Origin


@dataclass(frozen=True, slots=True)
class Note:
    """A reason, notice or assumption: a code, its parameters and where it comes from."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin = NOWHERE


class Parts(NamedTuple):
    """Where the billed charges of some lines go; the first eleven add up to ``billed``.

    ``over_maximum`` is the part above a per-visit plan maximum, ``forgiven`` what a health
    centre's scale takes off an insured share, ``noncovered`` what a plan refused (or never
    saw) and the patient pays.
    """

    billed: int = 0
    write_off: int = 0
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    over_maximum: int = 0
    balance: int = 0
    noncovered: int = 0
    plan_pays: int = 0
    secondary_pays: int = 0
    forgiven: int = 0
    allowed: int = 0
    patient: int = 0
    at_visit: int = 0
    later_bill: int = 0
    later_refund: int = 0


class Row(NamedTuple):
    """One dated claim line of a ledger, with the accumulators after it.

    ``accumulators`` pairs each limit of the plan with what is used of it after the line;
    ``reasons`` are codes; ``why`` indexes ``Estimate.why``.
    """

    on: date
    cpt: str
    parts: Parts
    accumulators: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]
    why: tuple[int, ...]
    number: int


class Event(NamedTuple):
    """A dated turn: deductible_met, oop_met, plan_year_reset, visit_limit, eap_used_up."""

    code: str
    on: date
    limit: str = ""


class Window(NamedTuple):
    """Patient totals of one time window; components as in the low, planning, high run."""

    id: str
    sessions: int
    low: int | None
    planning: int | None
    high: int | None
    typical: int | None = None
    parts_low: Parts | None = None
    parts_planning: Parts | None = None
    parts_high: Parts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerSession:
    """Patient cents of one ordinary session at three moments, low to high; None = unknown."""

    now: tuple[int | None, int | None]
    after_deductible: tuple[int | None, int | None]
    after_out_of_pocket_maximum: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One world of a pathway: ``covered`` or ``not_covered``, never averaged.

    ``windows`` hold the totals (next_session, first_30_days, rest_of_plan_year,
    twelve_months, course); ``run`` says which run the ledger shows (planning | high).
    """

    name: str
    windows: tuple[Window, ...]
    low_reason: str | None = None
    run: str = "planning"
    ledger: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    per_session: PerSession | None = None
    next_session: Parts | None = None
    course: Parts | None = None
    liability: str | None = None
    reasons: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """One way to pay.  ``possible``: yes | no | unknown; ``no`` has no amounts.

    ``then`` names the pathway that follows free EAP sessions; ``fee`` is "sliding" when the
    billed charge is a scale's fee; ``envelope`` is "outer" when some choices were bounded
    instead of combined.
    """

    id: str
    possible: str
    reasons: tuple[Note, ...] = ()
    windows: tuple[Window, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    low_reason: str | None = None
    then: str | None = None
    fee: str | None = None
    envelope: str = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A fact that is not known: how many cents it swings and the question that settles it.

    ``swing`` None means no bounds are known (such unknowns come first).  ``low``/``high``
    are the values tried; ``alternatives`` those of a choice.  ``asked`` is true when the
    person asked and nobody could say.
    """

    id: str
    question: str
    swing: int | None
    swings: Mapping[str, int | None] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None
    unit: str = "cents"
    alternatives: tuple[str, ...] = ()
    asked: bool = False
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Where a figure comes from: what it says, its place, source and confidence."""

    code: str
    params: Mapping[str, Any]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUsed:
    """An input as it was used.  ``basis``: said | document | default | unknown."""

    id: str
    value: Any
    basis: str
    confidence: Confidence
    question: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Cheapest pathways under one condition over twelve months, all expected care counted.

    ``by`` is the distance to the next in cents.
    """

    scenario: str
    run: str
    cheapest: tuple[str, ...]
    by: int
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """``insured`` is cheaper than ``self_pay`` once other care exceeds ``other_care`` cents."""

    insured: str
    self_pay: str
    other_care: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The whole answer to one request."""

    as_of: date
    pathways: tuple[Pathway, ...]
    comparison: tuple[Comparison, ...] = ()
    cheapest: str | None = None
    decided_by: str | None = None
    thresholds: tuple[Threshold, ...] = ()
    unknowns: tuple[OpenQuestion, ...] = ()
    why: tuple[Why, ...] = ()
    facts: tuple[FactUsed, ...] = ()
    assumptions: tuple[Note, ...] = ()
    excluded: tuple[Note, ...] = ()
    notices: tuple[Note, ...] = ()
    conformance: tuple[Note, ...] = ()
    confidence: Confidence = Confidence.UNKNOWN
    situations: tuple[str, ...] = ()
