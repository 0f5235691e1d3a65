"""Figures in sentences: ranges in whole dollars, and never a promise.

A single bare figure is told only where nothing is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from coverage_service.core.answer import Estimate, Pathway, Scenario, Window
from coverage_service.core.course_dates import LEAST_SESSIONS, MOST_SESSIONS
from coverage_service.core.facts import Between
from coverage_service.core.money import dollars, outward
from coverage_service.core.priced import REFUSED
from coverage_service.core.request import Request
from coverage_service.core.wording import Wording
from coverage_service.figures import is_open, settling, widest

NO_FIGURE = "no figure yet"


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
    about = settling(found, pathway)
    number = found.unknowns.index(about[0]) + 1 if about else None
    verb = "settles" if len(about) == 1 else "helps to settle"
    question = f"; question {number} {verb} it" if number else ""
    yield f"We cannot tell which{question}."


def _without_low(scenario: Scenario, wording: Wording) -> str:
    reason = scenario.low_reason or ""
    if reason not in wording.questions and reason in wording.notes:
        return wording.notes[reason]
    end = "figure" if scenario.windows[-1].high is None else "low end"
    side = " if it is not covered" if scenario.name == REFUSED else ""
    return f"No {end} is given{side}, because this is not known: {question_label(reason, wording)}."


def _why_wide(found: Estimate, pathway: Pathway, wording: Wording) -> Iterator[str]:
    unknown = widest(found, pathway)
    if unknown is not None:
        yield f"The range is wide mostly because this is not known: {question_label(unknown.id, wording)}."


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
