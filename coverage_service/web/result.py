"""An estimate as its page tells it: the way that comes first, the others beside it, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from coverage_service.core.answer import Estimate, OpenQuestion
from coverage_service.core.money import dollars
from coverage_service.core.question_table import CLIENT
from coverage_service.core.questions import question_of
from coverage_service.core.wording import Wording
from coverage_service.estimates import Answered, listeners_of
from coverage_service.figures import settles, widest
from coverage_service.html.speech import gettext as _
from coverage_service.web import labels
from coverage_service.web.amounts import moved
from coverage_service.web.sentences import fact_of, reason, sentences
from coverage_service.web.ways import YEAR, Way, first_of, ways_of

MOST_QUESTIONS: Final = 5
SELF_PAY: Final = frozenset({"full_fee", "sliding_fee"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An open question: its label, whom to ask, and what it moves."""

    id: str
    number: int
    short: str
    why: str
    whom: str
    moves: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a figure is what it is: a sentence, its source and how sure it is."""

    text: str
    source: str
    page: str
    url: str
    read: date | None
    place: str
    said: bool
    sure: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything the page of an estimate tells."""

    as_of: date
    sessions: int
    main: Way | None
    others: tuple[Way, ...]
    closed: tuple[Way, ...]
    asks: tuple[Ask, ...]
    more_asks: tuple[Ask, ...]
    verdict: str
    cheaper: Way | None
    wide: Ask | None
    coverage: Ask | None
    comparison: str
    thresholds: tuple[str, ...]
    why: tuple[Reason, ...]
    assumptions: tuple[str, ...]
    excluded: tuple[str, ...]
    notices: tuple[str, ...]
    listeners: tuple[str, ...]
    swings: tuple[OpenQuestion, ...]


def result_of(answered: Answered) -> Result:
    """The page's view of an estimate."""
    found, wording = answered.estimate, answered.wording
    ways = ways_of(found, wording)
    main = first_of(ways)
    open = [u for u in found.unknowns if u.swing is None or u.swing > 0]
    asks = tuple(_ask(number, each, wording) for number, each in enumerate(open, 1))
    by_id = {each.id: each for each in asks}
    pathway = next((each for each in found.pathways if main and each.id == main.id), None)
    wide = widest(found, pathway) if pathway else None
    coverage = next((u for u in open if pathway and settles(u, pathway)), None)
    return Result(
        as_of=found.as_of,
        sessions=main.window.sessions if main and main.window else 0,
        main=main,
        others=tuple(way for way in ways if way is not main and way.possible != "no"),
        closed=tuple(way for way in ways if way is not main and way.possible == "no"),
        asks=asks[:MOST_QUESTIONS],
        more_asks=asks[MOST_QUESTIONS:],
        verdict=_verdict(answered, main, ways),
        cheaper=_cheaper(main, ways),
        wide=by_id.get(wide.id) if wide else None,
        coverage=by_id.get(coverage.id) if coverage else None,
        comparison=_comparison(found, wording),
        thresholds=_thresholds(found),
        why=_why(found, main, wording),
        assumptions=sentences(found.assumptions, wording),
        excluded=sentences(found.excluded, wording),
        notices=sentences(found.notices, wording),
        listeners=listeners_of(found.situations),
        swings=tuple(open),
    )


def _verdict(answered: Answered, main: Way | None, ways: list[Way]) -> str:
    """Whether the plan pays, in one sentence; nothing without a plan, or where both cases are shown."""
    if not answered.request.plan or main is None:
        return ""
    if main.id in SELF_PAY:
        closed = next((way for way in ways if way.id not in SELF_PAY and way.possible == "no"), None)
        return " ".join(closed.reasons) if closed else ""
    if len(main.cases) != 1:
        return ""
    case = main.cases[0]
    if case.denied:
        return " ".join(
            map(str, (_("Your plan does not cover this."), *case.reasons, case.liability))
        ).strip()
    return _("From what we know, your plan covers this.") if case.reasons else ""


def _cheaper(main: Way | None, ways: list[Way]) -> Way | None:
    """Another way whose low end over the year lies below that of the first one, told at its first case."""
    if main is None or not main.cases:
        return None
    year = next(window for window in main.cases[0].scenario.windows if window.id == YEAR)
    least = year.low if year.low is not None else year.high
    lower = [
        (way.year_window.low, way)
        for way in ways
        if way is not main and way.year_window and way.year_window.low is not None and way.year.known
    ]
    found = min(lower, key=lambda each: each[0] or 0, default=None)
    return found[1] if found and least is not None and (found[0] or 0) < least else None


def _ask(number: int, unknown: OpenQuestion, wording: Wording) -> Ask:
    row = question_of(unknown)
    text = wording.questions.get(row.id) if row else None
    whom = row.ask if row else ()
    return Ask(
        id=row.id if row else unknown.id,
        number=number,
        short=text.short if text else unknown.id,
        why=text.why if text else "",
        whom=str(labels.named(labels.LISTENERS, whom[0])) if whom else "",
        moves=moved(unknown.swing),
        own=CLIENT in whom,
    )


def _comparison(found: Estimate, wording: Wording) -> str:
    if found.cheapest:
        way = labels.named(labels.WAY_OF, found.cheapest)
        return _("Over the year it is cheapest %(way)s, whatever the open answers are.", way=way)
    text = wording.questions.get(found.decided_by or "")
    if text:
        return _("Which way is cheapest hangs on this question: %(question)s.", question=text.short)
    return ""


def _thresholds(found: Estimate) -> tuple[str, ...]:
    return tuple(
        _(
            "Paying %(insured)s is cheaper than paying %(own)s once your other care this year is above about"
            " %(amount)s.",
            insured=labels.named(labels.WAY_OF, each.insured),
            own=labels.named(labels.WAY_OF, each.self_pay),
            amount=dollars(each.other_care),
        )
        for each in found.thresholds
    )


def _why(found: Estimate, main: Way | None, wording: Wording) -> tuple[Reason, ...]:
    """The rules behind the shown lines of the first way, each once."""
    rows = [row for case in main.cases for row in case.rows] if main else []
    used = dict.fromkeys(index for row in rows for index in row.why)
    facts = {fact.id: fact for fact in found.facts}
    reasons = []
    for index in used:
        why = found.why[index]
        fact = fact_of(why, facts)
        source, text = why.origin.source, reason(why, facts, wording)
        if text:
            reasons.append(
                Reason(
                    text=text,
                    source=source.title if source else "",
                    page=(source.page or "") if source else "",
                    url=(source.url or "") if source else "",
                    read=source.read if source else None,
                    place="" if why.origin.place.startswith("/") else why.origin.place,
                    said=why.origin.place.startswith("/") or (fact is not None and fact.basis == "said"),
                    sure=why.origin.confidence.name.lower(),
                    confidence=str(labels.CONFIDENCE[why.origin.confidence.name.lower()]),
                )
            )
    return tuple(dict.fromkeys(reasons))
