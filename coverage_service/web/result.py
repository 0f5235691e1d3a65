"""An estimate as its page tells it: the way that comes first, the others beside it, what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from coverage_service.core.answer import Estimate, Note, OpenQuestion, Pathway
from coverage_service.core.course_dates import LEAST_SESSIONS, MOST_SESSIONS
from coverage_service.core.money import dollars
from coverage_service.core.question_table import MEDICARE, UNINSURED
from coverage_service.core.schedule import in_force
from coverage_service.core.script import has_items, scope_of
from coverage_service.core.wording import Wording
from coverage_service.estimates import INLINE, Answered, listeners_of
from coverage_service.figures import beside_range, settling, widest
from coverage_service.html.speech import gettext as _
from coverage_service.web import labels
from coverage_service.web.basis import SELF_PAY, Known, known_parts, missing
from coverage_service.web.coverage import (
    STALE,
    Group,
    groups_of,
    stale_of,
    steps_of,
    tells_licence,
    verdict_of,
)
from coverage_service.web.fields import counted
from coverage_service.web.places import places_of
from coverage_service.web.sentences import sentences, told
from coverage_service.web.topics import Ask, Topic, asked, topics_of
from coverage_service.web.ways import YEAR, Way, first_of, ways_of
from coverage_service.web.why import Reason, reasons_of

EAP: Final = "eap_first"
TOLD_ELSEWHERE: Final = STALE | {"exclusions_listed"}
"""Notices that stand beside what they are about."""
OF_PLANS: Final = frozenset({"plan_document_governs", "accumulators_as_of", "extended_time"})
"""What is said of a plan alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything the page of an estimate tells.

    ``sessions``: how many are priced, in words; ``several``: they may be more than one.
    ``missing`` holds the questions without whose answers its first case cannot be drawn, ``parts``
    what is told of it then.  ``beside``: the questions that no range holds.  ``licence_told``: what is
    known of coverage speaks of licenses.  ``settled``: ``coverage`` alone settles whether the plan pays;
    ``on_call``: what settles it is asked on the call alone, since it moves no figure.
    """

    as_of: date
    sessions: str
    several: bool
    uninsured: bool
    main: Way | None
    priced: tuple[Way, ...]
    unpriced: tuple[Way, ...]
    closed: tuple[Way, ...]
    topics: tuple[Topic, ...]
    more_asks: tuple[Ask, ...]
    beside: frozenset[str]
    numbers: Mapping[str, int]
    missing: tuple[str, ...]
    parts: tuple[Known, ...]
    verdict: str
    stale: tuple[str, ...]
    steps: tuple[str, ...]
    places: tuple[str, ...]
    known_of_coverage: tuple[Group, ...]
    licence_told: bool
    eap: Way | None
    cheaper: Way | None
    wide: Ask | None
    coverage: Ask | None
    settled: bool
    on_call: bool
    comparison: str
    thresholds: tuple[str, ...]
    why: tuple[Reason, ...]
    assumptions: tuple[str, ...]
    excluded: tuple[str, ...]
    notices: tuple[str, ...]
    listeners: tuple[str, ...]
    swings: tuple[OpenQuestion, ...]

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions that are told in full."""
        return asked(self.topics)


def result_of(answered: Answered) -> Result:
    """The page's view of an estimate."""
    found, wording = answered.estimate, answered.wording
    ways = ways_of(found, wording)
    main = first_of(ways)
    open = [u for u in found.unknowns if u.swing is None or u.swing > 0]
    topics, rest = topics_of(open, wording)
    open_ways = [*([main] if main else []), *(w for w in ways if w is not main and w.possible != "no")]
    uninsured = set(found.situations) <= {UNINSURED}
    by_id = {each.id: each for each in (*asked(topics), *rest)}
    pathway = next((each for each in found.pathways if main and each.id == main.id), None)
    case = main.cases[0] if main else None
    lacking = missing(found, pathway, case.scenario) if pathway and case else ()
    wide = widest(found, pathway) if pathway else None
    about = settling(found, pathway) if pathway else []
    listeners = _listeners(answered)
    coverage = next((each for each in about if each in open), None)
    return Result(
        as_of=found.as_of,
        sessions=_sessions(found),
        uninsured=uninsured,
        several=bool(main and main.window and main.window.sessions > 1),
        main=main,
        priced=tuple(way for way in open_ways if way.year.known),
        unpriced=tuple(way for way in open_ways if not way.year.known),
        closed=() if uninsured else tuple(way for way in ways if way is not main and way.possible == "no"),
        topics=topics,
        more_asks=rest,
        beside=beside_range(found),
        missing=lacking,
        parts=known_parts(found, case.scenario, case.now if case.limit else case.first)
        if case and lacking
        else (),
        numbers={id: each.number for id, each in by_id.items()},
        verdict=verdict_of(main, ways, answered.request),
        stale=stale_of(found, wording),
        steps=steps_of(found, main, ways, answered.request),
        places=places_of(found, pathway, answered.request),
        known_of_coverage=_coverage(answered, pathway),
        licence_told=any(map(tells_licence, pathway.scenarios[:1])) if pathway else False,
        eap=next((way for way in ways if way.id == EAP and way is not main and way.course.known), None),
        cheaper=_cheaper(main, ways),
        wide=by_id.get(wide.id) if wide else None,
        coverage=by_id.get(coverage.id) if coverage else None,
        settled=len(about) == 1,
        on_call=bool(about) and coverage is None and "insurer" in listeners,
        comparison=_comparison(found, wording),
        thresholds=_thresholds(found),
        why=reasons_of(found, main, wording),
        assumptions=_assumptions(answered),
        excluded=sentences(_without(OF_PLANS if uninsured else (), found.excluded), wording),
        notices=sentences(_limits(found, OF_PLANS if uninsured else ()), wording),
        listeners=listeners,
        swings=tuple(open),
    )


def _sessions(found: Estimate) -> str:
    """How many sessions are priced: those that were told, or from the fewest to the most."""
    said = next((fact.value for fact in found.facts if fact.id == "sessions"), None)
    if isinstance(said, int):
        return counted(said)
    return _("%(low)s to %(high)s sessions", low=LEAST_SESSIONS, high=MOST_SESSIONS)


def _coverage(answered: Answered, pathway: Pathway | None) -> tuple[Group, ...]:
    if pathway is None or pathway.id in SELF_PAY or not pathway.scenarios:
        return ()
    medicare = MEDICARE in answered.estimate.situations
    return groups_of(pathway.scenarios[0], answered.request, answered.wording, medicare)


def _without(aside: Collection[str], notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.code not in aside]


def _limits(found: Estimate, aside: Collection[str]) -> list[Note]:
    """The notices that stand at the end, without those that say again what another says; the first leads."""
    codes = {note.code for note in found.notices}
    elsewhere = TOLD_ELSEWHERE.union(aside, {"examples_are_fictional"} if "example_plan" in codes else ())
    return sorted(_without(elsewhere, found.notices), key=lambda note: note.code != "estimate_only")


def _listeners(answered: Answered) -> tuple[str, ...]:
    """Those who can answer something, whose script is therefore offered."""
    found, scope = answered.estimate, scope_of(answered.request)
    return tuple(
        each
        for each in listeners_of(found.situations)
        if has_items(each, found.unknowns, found.situations, **scope)
    )


def _assumptions(answered: Answered) -> tuple[str, ...]:
    """What was taken for granted; for a plan from its card, that its year is the calendar's."""
    request, wording = answered.request, answered.wording
    texts = sentences(answered.estimate.assumptions, wording)
    plan = in_force(request.plan, request.as_of)
    if plan is not None and plan.status == INLINE and "plan_year" not in request.answers:
        return tuple(dict.fromkeys((*texts, told("plan_year_default", {}, wording))))
    return texts


def _cheaper(main: Way | None, ways: list[Way]) -> Way | None:
    """Another way whose low end over the year lies below that of the first one, told at its first case."""
    if main is None or not main.cases:
        return None
    year = next(window for window in main.cases[0].scenario.windows if window.id == YEAR)
    least = year.low if year.low is not None else year.high
    lower = [
        (way.year_window.low, any(case.denied for case in way.cases), way)
        for way in ways
        if way is not main and way.year_window and way.year_window.low is not None and way.year.known
    ]
    # Of two that cost the same, not the one that sends a bill to a plan that does not pay.
    found = min(lower, key=lambda each: each[:2], default=None)
    return found[2] if found and least is not None and found[0] < least else None


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
