"""The dates of a course that no therapist changes: visits due, plan entries touched, plan years."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from coverage_service.core.eras import entries_in_force
from coverage_service.core.facts import Between, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.plan import Plan
from coverage_service.core.request import Request
from coverage_service.core.schedule import CALENDAR_YEAR, MONTH, due_dates, in_force
from coverage_service.core.unknowns import Figure, exactly

LEAST_SESSIONS, MOST_SESSIONS = 6, 20
"""The range of a course when nobody said how many sessions (``definitions`` 5)."""
DAYS_BETWEEN = 7


class Dates(NamedTuple):
    """``due``: every visit that may take place; ``last``: the last of them and of other care.

    ``entries`` are the plan's that the course touches, ``years`` the starts of its plan year,
    ``secondary`` that of a second plan, ``periods`` as in ``Calendar``.
    """

    sessions: Figure
    due: tuple[date, ...]
    last: date
    entries: tuple[Plan, ...]
    years: tuple[tuple[int, int], ...]
    secondary: tuple[int, int] | None
    periods: int


def dates_of(request: Request, findings: Findings) -> Dates:
    """When the visits of a course are due; what was not said becomes named."""
    care = request.care
    sessions = sessions_of(request, findings)
    every = care.every_days or DAYS_BETWEEN
    if care.every_days is None:
        findings.assume("every_days_default", days=DAYS_BETWEEN)
    findings.fact("every_days", every, "said" if care.every_days else "default", question="every_days")
    first = care.first_session or request.as_of
    if care.first_session is None:
        findings.assume("first_session_default", date=first)
    findings.fact(
        "first_session", first, "said" if care.first_session else "default", question="first_session"
    )
    due = tuple(due_dates(first, every, max(sessions.high, 1), care.skip))
    last = max([due[-1], *(other.date for other in request.other_care)])
    entries = entries_in_force(request.plan, due[0], last, findings)
    years = plan_years_of(in_force(entries, due[0]), findings)
    return Dates(sessions, due, last, entries, years, _secondary_year(request), periods_of(request))


def sessions_of(request: Request, findings: Findings) -> Figure:
    """How many visits, the intake included."""
    said = request.care.sessions
    if said is None:
        findings.fact("sessions", None, "unknown", question="freq_length")
        return Figure(LEAST_SESSIONS, None, MOST_SESSIONS)
    findings.fact("sessions", said, "said", question="freq_length")
    return Figure(said.low, None, said.high) if isinstance(said, Between) else exactly(said)


def plan_years_of(plan: Plan | None, findings: Findings) -> tuple[tuple[int, int], ...]:
    """The plan-year start, or its stated alternatives; not known is planned as 1 January."""
    if plan is None:
        return ((1, 1),)
    if isinstance(plan.plan_year_starts, Unknown):
        findings.assume("plan_year_default", plan.origin)
        findings.fact("plan_year", "01-01", "default", plan.origin, "plan_year")
        return ((1, 1), (4, 1), (7, 1), (10, 1))
    month, day = plan.plan_year_starts[0]
    findings.fact("plan_year", f"{month:02d}-{day:02d}", "document", plan.origin, "plan_year")
    return plan.plan_year_starts


def periods_of(request: Request) -> int:
    """The periods besides plan years that a plan's limits follow, as a bit set."""
    plans = (*request.plan, *(request.secondary.entries if request.secondary else ()))
    bits = 0
    for plan in plans:
        bits |= MONTH * any(limit.period == "month" for limit in plan.limits)
        bits |= CALENDAR_YEAR * any(limit.per == "calendar_year" for limit in plan.visit_limits)
    return bits


def _secondary_year(request: Request) -> tuple[int, int] | None:
    if request.secondary is None:
        return None
    second = in_force(request.secondary.entries, request.care.first_session or request.as_of)
    starts = second.plan_year_starts if second is not None else ((1, 1),)
    return (1, 1) if isinstance(starts, Unknown) else starts[0]
