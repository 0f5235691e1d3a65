"""Values of facts as a biller prints them: ``$30``, ``20%``, ``yes``, ``deductible, then copay $30``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from coverage_service.core.cost_sharing import Either, FirstVisits, NotCovered, Phrase
from coverage_service.core.facts import Between, OneOf, Source
from coverage_service.core.money import dollars, percent
from coverage_service.core.plan import AllowedAmount, Members, ShareOfIncome, UpTo
from coverage_service.core.reference import Rate
from coverage_service.core.therapist import Band, Sliding
from coverage_service.rulebook.amounts import amount_text, ordinal
from coverage_service.rulebook.describe import allowed_text, sharing_text

PERCENTS: Final = frozenset({"percent", "sequestration", "discount", "licence_percent"})
COUNTS: Final = frozenset(
    {
        *("visits", "count", "file_within_days", "review_months", "from_minutes", "minutes", "minutes_from"),
        *("minutes_to", "sessions", "sessions_since", "every_days", "size", "family_members_met", "per"),
    }
)
"""Fields whose integers are no cents."""
BY_GUIDELINE: Final = ("fpl_bands", "fqhc")
MOST_WORDS: Final = 160


def text(value: Any, name: str = "") -> str:
    """A value of a field of this name, in one line."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _number(value, name)
    if isinstance(value, str):
        return value if len(value) <= MOST_WORDS else f"{value[: MOST_WORDS - 1]}…"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Between, OneOf)):
        return amount_text(value, lambda cents: _number(cents, name))
    return "none" if value is None else _composed(value, name)


def _number(value: int, name: str) -> str:
    return percent(value) if name in PERCENTS else str(value) if name in COUNTS else dollars(value)


def _composed(value: Any, name: str) -> str:
    if isinstance(value, (Either, NotCovered)) or _phrases(value):
        return sharing_text(value)
    if isinstance(value, AllowedAmount):
        return allowed_text(value)
    if isinstance(value, Members):
        return f"{value.count} members"
    if isinstance(value, ShareOfIncome):
        return f"{percent(value.percent)} of income"
    if isinstance(value, UpTo):
        return f"up to {percent(value.percent)}"
    if isinstance(value, FirstVisits):
        return f"first {value.visits} of {value.pool}"
    if isinstance(value, Rate):
        return _rate(value)
    if isinstance(value, Source):
        return source_text(value)
    return _listed(value, name)


def _phrases(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Phrase)


def _rate(rate: Rate) -> str:
    if rate.exact is not None:
        return dollars(rate.exact)
    return ", ".join(
        f"{ordinal(rank)} percentile {dollars(cents)}" for rank, cents in rate.percentiles.items()
    )


def _listed(value: Any, name: str) -> str:
    if name == "plan_year_starts":
        return " or ".join(f"{month:02}-{day:02}" for month, day in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {text(each, name)}" for key, each in value.items()) or "none"
    if is_dataclass(value) and not isinstance(value, type):
        said = {f.name: getattr(value, f.name) for f in fields(value) if f.name != "origin"}
        usual = {f.name: f.default for f in fields(value)}
        shown = [f"{k.replace('_', ' ')} {text(v, k)}" for k, v in said.items() if v != usual[k]]
        return ", ".join(shown) or "nothing"
    if isinstance(value, frozenset):
        value = sorted(value)
    return ", ".join(text(each, name) for each in value) or "none"


def band_text(band: Band, scale: Sliding) -> str:
    """``up to 150%: $90``."""
    top = percent(band.up_to) if scale.model in BY_GUIDELINE else dollars(band.up_to)
    asked = dollars(band.fee) if band.fee is not None else f"{percent(band.discount or 0)} off the full fee"
    return f"up to {top}: {asked}"


def source_text(source: Source | None) -> str:
    """``Summary of Benefits 2026, page 3``."""
    if source is None:
        return "none"
    said = [source.title, f"page {source.page}" if source.page else ""]
    said += [f"read {source.read}" if source.read else "", source.url or ""]
    return ", ".join(filter(None, said))
