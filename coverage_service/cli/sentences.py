"""Figures in sentences: ranges in whole dollars, and never a promise.

A single bare figure is told only where nothing is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from coverage_service.core.answer import Estimate, OpenQuestion, Pathway, Scenario, Window
from coverage_service.core.care import LEAST_SESSIONS, MOST_SESSIONS
from coverage_service.core.facts import Between
from coverage_service.core.money import dollars, outward
from coverage_service.core.priced import REFUSED
from coverage_service.core.request import Request
from coverage_service.core.wording import Wording

NO_FIGURE = "no figure yet"
COVERAGE = frozenset(
    {
        "coverage", "dx_coverage", "dx_billing", "exclusions", "couple_code", "credential", "licence",
        "associates", "supervised", "licensed_in", "client_state", "modality", "long_session", "telehealth",
        "auth", "auth_obtained", "referral", "referral_obtained",
    }
)  # fmt: skip
"""The questions of the coverage gate."""
OUTSIDE = frozenset({"oop_remaining", "oon_oop_remaining", "network_status"})
"""Questions that move no end of one pathway's range: they are told beside it."""
OF_REFUSALS = frozenset({"not_covered_rate", "denial_liability"})
"""Questions about what is owed for a session that the plan refuses."""
WIDE = 10_000
"""From this many cents between the ends on, the text says why a range is wide."""


def figure(window: Window, open: bool) -> str:
    """A window's figure: "between $220 and $1,120", "up to $2,400", or exact dollars."""
    low, high = window.low, window.high
    shown = outward(low, window.planning, high)
    if low is None and high is None:
        return NO_FIGURE
    if low is None:
        return f"up to {_whole(shown.high)}"
    if high is None:
        return f"at least {_whole(shown.low)}"
    if shown.exact_cents is not None and not open:
        return dollars(shown.exact_cents)
    if low == high:
        return f"about {_whole((low + 50) // 100)}"
    return f"between {_whole(shown.low)} and {_whole(shown.high)}"


def cell(window: Window, open: bool) -> str:
    """The figure for a table, a little shorter: "$220 to $1,120"."""
    return figure(window, open).replace("between ", "").replace(" and ", " to ")


def _whole(amount: int | None) -> str:
    return dollars((amount or 0) * 100)


def planned(window: Window, open: bool) -> str:
    """The planning or the typical figure as a sentence, or nothing."""
    if window.planning is not None and window.low != window.high:
        return f"We would plan for {_whole((window.planning + 50) // 100)}."
    if window.typical is not None:
        return (
            f"Typically about {_whole((window.typical + 50) // 100)}, by common rates, not this therapist's."
        )
    return ""


def touches(unknown: OpenQuestion, pathway: str) -> bool:
    """Whether an open question may move a pathway's figures."""
    return pathway in unknown.swings and unknown.swings[pathway] != 0


def is_open(found: Estimate, pathway: Pathway) -> bool:
    """Whether an open question moves a pathway's figures."""
    return any(touches(each, pathway.id) for each in found.unknowns)


def sentences(found: Estimate, pathway: Pathway, request: Request, wording: Wording) -> Iterator[str]:
    """What a pathway comes to over the whole course."""
    open, count = is_open(found, pathway), sessions(request)
    if len(pathway.scenarios) == 2:
        yield from _two_sides(found, pathway, count, open)
    elif pathway.windows:
        yield _sentence(f"{figure(pathway.windows[-1], open)} for {count}")
    told = {note.code for note in pathway.reasons}
    for scenario in pathway.scenarios:
        if scenario.low_reason and scenario.low_reason not in told and scenario.windows[-1].low is None:
            yield _without_low(scenario, wording)
            break
    more = [
        planned(scenario.windows[-1], open) for scenario in pathway.scenarios if len(pathway.scenarios) == 1
    ]
    yield from filter(None, more)
    yield from _why_wide(found, pathway, wording)


def _two_sides(found: Estimate, pathway: Pathway, count: str, open: bool) -> Iterator[str]:
    """Covered and not covered side by side, never averaged."""
    covered, refused = (figure(scenario.windows[-1], True) for scenario in pathway.scenarios)
    yield f"If your plan covers this: {covered} for {count}. If it does not: {refused}."
    both = [
        s
        for s in pathway.scenarios
        if s.windows[-1].planning is not None and s.windows[-1].low != s.windows[-1].planning
    ]
    for scenario in both:
        side = "covered" if scenario.name == "covered" else "not covered"
        yield f"If {side}, we would plan for {_whole(((scenario.windows[-1].planning or 0) + 50) // 100)}."
    number = next((n for n, each in enumerate(found.unknowns, 1) if _settles(each, pathway)), None)
    question = f"; question {number} settles it" if number else ""
    yield f"We cannot tell which{question}."


def _settles(unknown: OpenQuestion, pathway: Pathway) -> bool:
    """Whether a question is about coverage on this pathway."""
    return unknown.id in COVERAGE and pathway.id in unknown.swings


def _without_low(scenario: Scenario, wording: Wording) -> str:
    reason = scenario.low_reason or ""
    if reason not in wording.questions and reason in wording.notes:
        return wording.notes[reason]
    end = "figure" if scenario.windows[-1].high is None else "low end"
    side = " if it is not covered" if scenario.name == REFUSED else ""
    return f"No {end} is given{side}, because this is not known: {question_label(reason, wording)}."


def _why_wide(found: Estimate, pathway: Pathway, wording: Wording) -> Iterator[str]:
    window = pathway.scenarios[0].windows[-1] if pathway.scenarios else None
    if window is None or window.low is None or window.high is None or window.high - window.low < WIDE:
        return
    aside = OUTSIDE | (OF_REFUSALS if pathway.scenarios[0].name != REFUSED else frozenset())
    moving = [u for u in found.unknowns if touches(u, pathway.id) and u.id not in aside]
    widest = next((u for u in moving if not _settles(u, pathway)), None)
    if widest is not None:
        yield f"The range is wide mostly because this is not known: {question_label(widest.id, wording)}."


def question_label(id: str, wording: Wording) -> str:
    """The short label of an open question."""
    text = wording.questions.get(id)
    if text is not None:
        return text.short[:1].lower() + text.short[1:]
    note = wording.notes.get(id)
    return note.rstrip(".") if note else id.replace("_", " ")


def sessions(request: Request) -> str:
    """How many sessions the course has, as far as somebody said."""
    said = request.care.sessions
    if isinstance(said, int):
        return "1 session" if said == 1 else f"{said} sessions"
    low, high = (said.low, said.high) if isinstance(said, Between) else (LEAST_SESSIONS, MOST_SESSIONS)
    return f"{low} to {high} sessions"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
