"""Why the figures are what they are: each rule and limit behind the shown lines, with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from coverage_service.core.answer import Estimate, FactUsed, Why
from coverage_service.core.facts import Origin
from coverage_service.core.money import dollars
from coverage_service.core.way import IN_NETWORK, OUT_OF_NETWORK
from coverage_service.core.wording import Wording
from coverage_service.figures import left_of
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import lazy_gettext
from coverage_service.web import labels
from coverage_service.web.basis import stated
from coverage_service.web.sentences import fact_of, reason
from coverage_service.web.ways import Way

KNOWN: Final = ("verified", "stated")
DEDUCTIBLE: Final = "deductible"
MAXIMUM: Final = "out_of_pocket_maximum"
DEDUCTIBLES: Final[Mapping[str, Any]] = {
    "": lazy_gettext("deductible"),
    IN_NETWORK: lazy_gettext("deductible in network"),
    OUT_OF_NETWORK: lazy_gettext("deductible out of network"),
    "behavioral_health": lazy_gettext("deductible for mental health"),
}
CARE: Final[Mapping[str, Any]] = {
    "": lazy_gettext("covered care"),
    IN_NETWORK: lazy_gettext("covered care in network"),
    OUT_OF_NETWORK: lazy_gettext("covered care out of network"),
    "behavioral_health": lazy_gettext("covered mental health care"),
}
"""What a limit is about, by its bucket."""


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
    limits = list(_limits(names, facts, main.id)) if covered and main else []
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


def _limits(names: Mapping[str, None], facts: Mapping[str, FactUsed], way: str) -> Iterator[Reason]:
    """The deductible and the most to pay in a plan year, with what is left of each."""
    for name in names:
        limit, used = facts.get(f"limit.{name}"), facts.get(f"used.{name}")
        bucket, _dot, kind = name.rpartition(".")
        if limit is not None and kind in (DEDUCTIBLE, MAXIMUM):
            named = _named(bucket, kind, way)
            text = _limit(kind, named, limit.value, used.value if used else None)
            yield _told(text, limit.origin, limit.basis == "said", not stated(limit) and limit.value is None)


def _named(bucket: str, kind: str, way: str) -> str:
    """What a limit is called: on which side of the network it is, where that is not the way's own."""
    side = "" if bucket == IN_NETWORK and way != OUT_OF_NETWORK else bucket
    names = DEDUCTIBLES if kind == DEDUCTIBLE else CARE
    return str(names.get(side, names[""]))


def _limit(kind: str, named: str, limit: object, used: object) -> str:
    if not isinstance(limit, int):
        return str(_no_figure(kind, named, limit))
    amount, left = dollars(limit), left_of(limit, used)
    if kind == DEDUCTIBLE and left is not None:
        return _(
            "Your %(deductible)s is %(amount)s a year; %(left)s of it is left.",
            deductible=named,
            amount=amount,
            left=dollars(left),
        )
    if kind == DEDUCTIBLE:
        return _(
            "Your %(deductible)s is %(amount)s a year. We do not know how much is left.",
            deductible=named,
            amount=amount,
        )
    if left is not None:
        return _(
            "The most you pay for %(care)s is %(amount)s a plan year; %(left)s of it is left.",
            care=named,
            amount=amount,
            left=dollars(left),
        )
    return _(
        "The most you pay for %(care)s is %(amount)s a plan year. We do not know how much is left.",
        care=named,
        amount=amount,
    )


def _no_figure(kind: str, named: str, limit: object) -> str:
    if limit is None:
        return (
            _("Your %(deductible)s is not known yet.", deductible=named)
            if kind == DEDUCTIBLE
            else _("The most you pay for %(care)s in a plan year is not known yet.", care=named)
        )
    return (
        _("This plan has no %(deductible)s.", deductible=named)
        if kind == DEDUCTIBLE
        else _("This plan sets no most that you pay for %(care)s in a year.", care=named)
    )
