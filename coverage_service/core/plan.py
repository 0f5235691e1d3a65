"""A plan as its document describes it: facts only, nothing is computed here.

Money is integer cents, percentages are integer basis points (20 % = 2000).  ``Unknown``
stands wherever somebody still has to be asked; see ``definitions`` in rules/README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from coverage_service.core.cost_sharing import Benefit
from coverage_service.core.facts import NOWHERE, UNKNOWN, Confidence, NoLimit, Origin, Unknown, YesNo


@dataclass(frozen=True, slots=True)
class Members:
    """``n members``: the family limit is met when n persons have met theirs."""

    count: int


EMBEDDED = "embedded"
AGGREGATE = "aggregate"


@dataclass(frozen=True, slots=True)
class ShareOfIncome:
    """A limit as a share of household income, e.g. Medicaid's 5 % per month."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A deductible or an out-of-pocket maximum of one bucket (``in_network``, …).

    ``person``/``family``: cents; ``None`` = the document prints no such figure; ``NONE`` in
    ``person`` with ``family`` None = there is no such limit; ``Unknown`` = ask.
    ``method``: ``"embedded"``, ``"aggregate"``, ``Members(n)`` or Unknown.
    ``person_cap``: cents that protect one person under an aggregate limit, or ``"legal"``
    for the legal self-only maximum of the year in which the plan year begins.
    ``counts``: the parts that an out-of-pocket maximum adds up.  ``period``: ``"year"`` or
    ``"month"``.
    """

    bucket: str
    kind: str
    person: int | NoLimit | Unknown | None = None
    family: int | ShareOfIncome | Unknown | None = None
    method: str | Members | Unknown = EMBEDDED
    person_cap: int | str | None = None
    counts: tuple[str, ...] = ("deductible", "copay", "coinsurance")
    period: str = "year"
    origin: Origin = NOWHERE


DEDUCTIBLE = "deductible"
OUT_OF_POCKET = "out_of_pocket_maximum"


class Method(Enum):
    """How the plan sets the allowed amount."""

    CONTRACT = "contract"
    SCHEDULE = "percent of a fee schedule"
    PERCENTILE = "percentile of a fee schedule"
    BILLED = "percent of billed"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedAmount:
    """The plan's way to an allowed amount: ``140% of medicare-2026``, ``"$90"``, …

    ``amount`` is basis points of the schedule or of the bill, cents when fixed, or the
    percentile (80) of a percentile method.
    """

    method: Method
    amount: int = 10_000
    schedule: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class UpTo:
    """Balance billing limited to basis points of the allowed amount (1500 = 15 %)."""

    percent: int


BalanceBilling = bool | UpTo | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRule:
    """One coverage row: a code, or a prefix ending in ``*``, and whether it is covered.

    ``codes`` limits the row to lines of these procedure codes; empty = every line.
    """

    match: str
    covered: YesNo
    codes: tuple[str, ...] = ()
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A named exclusion: yes (excluded), no (checked, not excluded) or unknown.

    ``wording`` quotes or sums up the plan's sentence; ``names_diagnosis`` is true when that
    sentence itself names the diagnosis (only then a sex-therapy exclusion beside a covered
    diagnosis row can mean "no").  ``codes`` limits it to lines of these procedure codes.
    ``told``: whether it leaves this care out, as the plan answered; it settles what the text leaves unclear.
    """

    name: str
    excluded: YesNo
    wording: str | None = None
    names_diagnosis: bool = False
    codes: tuple[str, ...] = ()
    origin: Origin = NOWHERE
    told: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the plan covers at all.  A missing restriction (None) means none is named.

    ``unmentioned`` is what is known of every exclusion that ``exclusions`` does not name.
    """

    exclusions: tuple[Exclusion, ...] = ()
    unmentioned: Exclusion = Exclusion(name="", excluded=UNKNOWN)
    diagnoses: tuple[DiagnosisRule, ...] = ()
    licences: tuple[str, ...] | Unknown | None = None
    associates: YesNo | None = None
    prior_authorization: YesNo | None = None
    referral: YesNo | None = None
    telehealth: YesNo | None = None
    licensed_where_patient_is: YesNo | None = None
    codes: Mapping[str, YesNo] = field(default_factory=dict)
    liability: Mapping[str, str | Unknown] = field(default_factory=dict)
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLimit:
    """A cap on covered visits of some services per plan year or calendar year."""

    visits: int | Unknown
    services: tuple[str, ...]
    per: str = "plan_year"
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """How a member's claim is filed: who is paid and within how many days."""

    paid_to: str | Unknown = UNKNOWN
    file_within_days: int | Unknown = UNKNOWN
    superbill: YesNo = UNKNOWN
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What kind of coverage this is: drives the lints and the legal person cap."""

    kind: str = ""
    group: str | None = None
    funding: str | Unknown | None = None
    state: str | Unknown | None = None
    hsa_eligible: YesNo = UNKNOWN
    grandfathered: YesNo = UNKNOWN
    metal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """A supplement that pays parts of another plan's cost sharing (Medigap, QMB)."""

    plan: str
    pays: tuple[str, ...]
    member_keeps_copay: int = 0
    pays_excess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One dated entry of a plan; several entries may share an ``id``.

    ``ends`` None with ``open_ended`` True means ``to: open``.  ``plan_year_starts`` is
    (month, day), a tuple of such alternatives, or Unknown.
    """

    id: str
    name: str = ""
    payer: str = ""
    administrator: str | Unknown | None = None
    status: str = "inline"
    market: Market = Market()
    starts: date | None = None
    ends: date | None = None
    plan_year_starts: tuple[tuple[int, int], ...] | Unknown = ((1, 1),)
    reviewed: date | None = None
    limits: tuple[Limit, ...] = ()
    cross: Mapping[str, str | Unknown] = field(default_factory=dict)
    pools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    benefits: tuple[Benefit, ...] = ()
    allowed: Mapping[str, AllowedAmount | Unknown] = field(default_factory=dict)
    lesser_of: bool = True
    balance_billing: Mapping[str, BalanceBilling] = field(default_factory=dict)
    not_covered_rate: Mapping[str, str | Unknown] = field(default_factory=dict)
    coverage: Coverage = Coverage()
    visit_limits: tuple[VisitLimit, ...] = ()
    coordination: str | Unknown = UNKNOWN
    claims: Mapping[str, Claims] = field(default_factory=dict)
    supplements: Supplement | None = None
    sequestration: int = 0
    origin: Origin = NOWHERE

    @property
    def confidence(self) -> Confidence:
        """The confidence of the plan as a whole, from its nearest ``source``."""
        return self.origin.confidence


def limit_of(plan: Plan, bucket: str, kind: str) -> Limit | None:
    """The plan's limit of one bucket and kind, or None when the document names none."""
    return next((x for x in plan.limits if (x.bucket, x.kind) == (bucket, kind)), None)
