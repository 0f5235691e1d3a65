"""Why the figures are what they are: each rule and limit behind the shown lines, with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from coverage_service.core.answer import Estimate, FactUsed, Why
from coverage_service.core.facts import Origin
from coverage_service.core.money import dollars
from coverage_service.core.wording import Wording
from coverage_service.figures import left_of
from coverage_service.html.speech import gettext as _
from coverage_service.web import labels
from coverage_service.web.basis import stated
from coverage_service.web.sentences import fact_of, reason
from coverage_service.web.ways import Way

KNOWN: Final = ("verified", "stated")
DEDUCTIBLE: Final = "deductible"
MAXIMUM: Final = "out_of_pocket_maximum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a figure is what it is: a sentence, its source and how sure it is."""

    text: str
    source: str = ""
    page: str = ""
    url: str = ""
    read: date | None = None
    place: str = ""
    said: bool = False
    sure: str
    confidence: str


def reasons_of(found: Estimate, main: Way | None, wording: Wording) -> tuple[Reason, ...]:
    """The rules behind the shown lines of the first way, then its limits, each once."""
    rows = [row for case in main.cases for row in case.rows] if main else []
    facts = {fact.id: fact for fact in found.facts}
    used = (found.why[index] for index in dict.fromkeys([index for row in rows for index in row.why]))
    rules = [each for why in used if (each := _rule(why, facts, wording))]
    names = dict.fromkeys([name for row in rows[:1] for name, _cents in row.accumulators])
    covered = any(not case.denied for case in main.cases) if main else False
    limits = list(_limits(names, facts)) if covered else []
    return tuple(dict.fromkeys([*rules, *limits]))


def _rule(why: Why, facts: Mapping[str, FactUsed], wording: Wording) -> Reason | None:
    fact, text = fact_of(why, facts), reason(why, facts, wording)
    if not text:
        return None
    said = fact is not None and fact.basis == "said"
    return _told(text, why.origin, said, why.params.get("phrases") == [])


def _told(text: str, origin: Origin, said: bool, open: bool = False) -> Reason:
    source = origin.source
    sure = "unknown" if open else origin.confidence.name.lower()
    own = origin.place.startswith("/")
    return Reason(
        text=text,
        source=source.title if source else "",
        page=(source.page or "") if source else "",
        url=(source.url or "") if source else "",
        read=source.read if source else None,
        place="" if own else origin.place,
        said=(own or said) and not open,
        sure=sure,
        confidence="" if sure in KNOWN and source is None else str(labels.CONFIDENCE[sure]),
    )


def _limits(names: Mapping[str, None], facts: Mapping[str, FactUsed]) -> Iterator[Reason]:
    """The deductible and the most to pay in a plan year, with what is left of each."""
    for name in names:
        limit, used = facts.get(f"limit.{name}"), facts.get(f"used.{name}")
        kind = name.rpartition(".")[2]
        if limit is not None and kind in (DEDUCTIBLE, MAXIMUM):
            text = _limit(kind, limit.value, used.value if used else None)
            yield _told(text, limit.origin, limit.basis == "said", not stated(limit) and limit.value is None)


def _limit(kind: str, limit: object, used: object) -> str:
    if not isinstance(limit, int):
        return str(_no_figure(kind, limit))
    amount, left = dollars(limit), left_of(limit, used)
    if kind == DEDUCTIBLE and left is not None:
        return _(
            "Your deductible is %(amount)s a year; %(left)s of it is left.", amount=amount, left=dollars(left)
        )
    if kind == DEDUCTIBLE:
        return _("Your deductible is %(amount)s a year. We do not know how much is left.", amount=amount)
    if left is not None:
        return _(
            "The most you pay for covered care is %(amount)s a plan year; %(left)s of it is left.",
            amount=amount,
            left=dollars(left),
        )
    return _(
        "The most you pay for covered care is %(amount)s a plan year. We do not know how much is left.",
        amount=amount,
    )


def _no_figure(kind: str, limit: object) -> str:
    if limit is None:
        return (
            _("Your deductible is not known yet.")
            if kind == DEDUCTIBLE
            else _("The most you pay in a plan year is not known yet.")
        )
    return (
        _("This plan has no deductible.")
        if kind == DEDUCTIBLE
        else _("This plan sets no most that you pay in a year.")
    )
