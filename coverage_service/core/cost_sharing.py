"""What a benefit row asks of the patient: the phrases of its cost sharing, as facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coverage_service.core.facts import NOWHERE, UNKNOWN, Amount, Network, Origin, Unknown


class Kind(Enum):
    """The kinds of cost-sharing phrase."""

    DEDUCTIBLE = "deductible"
    NO_DEDUCTIBLE = "no deductible"
    COPAY = "copay"
    COINSURANCE = "coinsurance"
    NO_CHARGE = "no charge"
    PLAN_PAYS = "plan pays up to"


class When(Enum):
    """When a phrase applies, by what was left of the deductible before the line."""

    ALWAYS = "always"
    MET = "once deductible is met"
    UNMET = "until deductible is met"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a cost-sharing list, e.g. ``copay $30 toward deductible``.

    ``amount`` is cents for a copay or a plan maximum, basis points for coinsurance;
    ``limit`` names the deductible when it is not the one of the line's network.
    """

    kind: Kind
    amount: Amount = 0
    up_to: int | None = None
    when: When = When.ALWAYS
    toward_deductible: bool = False
    ignoring_copay: bool = False
    per_day: bool = False
    per_clinician: bool = False
    limit: str | None = None
    text: str = ""


class NotCovered(Enum):
    """The phrase ``not covered``: the plan has no benefit for the row."""

    NOT_COVERED = "not covered"


NOT_COVERED = NotCovered.NOT_COVERED


@dataclass(frozen=True, slots=True)
class Either:
    """Wording with more than one reading; each alternative is a whole list."""

    alternatives: tuple[tuple[Phrase, ...], ...]


CostSharing = tuple[Phrase, ...] | Either | NotCovered | Unknown


@dataclass(frozen=True, slots=True)
class FirstVisits:
    """``first N of pool``: a row that fits while fewer than N visits of the pool are used."""

    visits: int
    pool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One row of the benefit table; the first row that fits a line is used."""

    service: str
    network: Network | None = None
    tier: str | None = None
    modality: str | None = None
    licences: tuple[str, ...] = ()
    visits: FirstVisits | None = None
    cost_sharing: CostSharing = UNKNOWN
    origin: Origin = NOWHERE
