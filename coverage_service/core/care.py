"""The course asked about: procedure codes a visit, dates, calendar, other expected care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from coverage_service.core.codes import INTAKE, procedure_codes
from coverage_service.core.eras import entries_in_force, era_starts_of, standings_of
from coverage_service.core.facts import Between, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.plan import Plan
from coverage_service.core.request import Care, Request
from coverage_service.core.schedule import (
    ALREADY_HELD,
    CALENDAR_YEAR,
    MONTH,
    OTHER_CARE,
    THERAPY,
    Calendar,
    Timetable,
    Visit,
    due_dates,
    in_force,
    segments,
    timetable,
)
from coverage_service.core.therapist import NetworkEntry, Therapist
from coverage_service.core.unknowns import PLANNING, Figure, Variable, World, exactly

LEAST_SESSIONS, MOST_SESSIONS = 6, 20
"""The range of a course when nobody said how many sessions (``definitions`` 5)."""
DAYS_BETWEEN = 7
ENOUGH_MINUTES = 30
"""Minutes for which every format has a code."""


@dataclass(frozen=True, slots=True)
class Position:
    """One claim line of a visit in one era: its slot in Terms and its possible codes."""

    era: int
    intake: bool
    codes: tuple[str, ...]

    def code(self, world: World) -> str:
        """The procedure code in a world."""
        return self.codes[world.get("session_length", 0)] if len(self.codes) > 1 else self.codes[0]


@dataclass(slots=True)
class Course:
    """Everything about the course that every pathway shares; segments are made once.

    ``entries``, ``therapists`` and ``standings`` tell era by era the plan's entry (none at all
    without a plan), the therapist's, and the therapist's standing with the plan.
    """

    request: Request
    entries: tuple[Plan, ...]
    therapists: tuple[Therapist | None, ...]
    standings: tuple[NetworkEntry | None, ...]
    calendar: Calendar
    first: date
    dates: tuple[date, ...]
    sessions: Figure
    positions: tuple[Position, ...]
    variables: tuple[Variable, ...]
    has_intake: bool
    used_as_of: date
    plan_years: tuple[tuple[int, int], ...]
    made: dict[tuple[int, int], Timetable] = field(default_factory=dict)

    def dated(self, ids: Sequence[str]) -> bool:
        """Whether any of these unknowns moves a date."""
        return "freq_length" in ids or "plan_year" in ids

    def timetable(self, world: World) -> Timetable:
        """The dated segments in a world: how many sessions, which plan-year start."""
        count = self.sessions.at(world.get("freq_length", PLANNING))
        start = world.get("plan_year", 0)
        key = (count, start)
        if key not in self.made:
            calendar = self.calendar._replace(plan_year=self.plan_years[start])
            since = self.request.used.sessions_since
            found = segments(self._visits(count, since), self.used_as_of, calendar)
            self.made[key] = timetable(found, calendar.plan_year)
        return self.made[key]

    def _visits(self, count: int, since: int) -> list[Visit]:
        visits = [
            Visit(on, slot, THERAPY, number)
            for number, on in enumerate(self.dates[:count], 1)
            for slot in self._slots(self.era(on), self.has_intake and number == 1)
        ]
        base = len(self.positions)
        for index, other in enumerate(self.request.other_care):
            visits.append(Visit(other.date, base + index, OTHER_CARE))
        for back in range(1, since + 1):
            held = self.used_as_of - timedelta(days=DAYS_BETWEEN * back)
            visits += [Visit(held, slot, ALREADY_HELD) for slot in self._slots(self.era(held), False)]
        return visits

    def era(self, on: date) -> int:
        """The index of the entries in force on a date."""
        return sum(start <= on for start in self.calendar.era_starts[1:])

    def _slots(self, era: int, intake: bool) -> list[int]:
        return [i for i, p in enumerate(self.positions) if p.era == era and p.intake == intake]


def sessions_of(request: Request, findings: Findings) -> Figure:
    """How many visits, the intake included."""
    said = request.care.sessions
    if said is None:
        findings.fact("sessions", None, "unknown", question="freq_length")
        return Figure(LEAST_SESSIONS, None, MOST_SESSIONS)
    findings.fact("sessions", said, "said", question="freq_length")
    return Figure(said.low, None, said.high) if isinstance(said, Between) else exactly(said)


def course_of(request: Request, findings: Findings) -> Course:
    """Lay out the course: dates, eras, codes; what was not said becomes named."""
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
    dates = tuple(due_dates(first, every, max(sessions.high, 1), care.skip))
    last = max([dates[-1], *(other.date for other in request.other_care)])
    entries = entries_in_force(request.plan, dates[0], last, findings)
    years = plan_years_of(in_force(entries, dates[0]), findings)
    starts = era_starts_of(request, entries, dates[0], last, years[0])
    days = tuple(max(dates[0], on) for on in starts)
    therapists = tuple(in_force(request.therapist, on) for on in days)
    standings = standings_of(therapists, entries[0].id if entries else None, days, findings)
    entries = tuple(entry for on in days if (entry := in_force(entries, on)) is not None)
    used_as_of = request.used.as_of or request.as_of
    calendar = Calendar(years[0], _secondary_year(request), starts, periods_of(request))
    has_intake = intake_of(request, therapists[0], findings)
    positions, variables = positions_of(request, len(starts), has_intake, findings)
    if not sessions.known:
        variables = (*variables, Variable("freq_length", low=sessions.low, high=sessions.high, unit="visits"))
    if len(years) > 1:
        labels = tuple(f"{month:02d}-{day:02d}" for month, day in years)
        variables = (*variables, Variable("plan_year", len(years), True, 0, labels=labels))
    return Course(
        request, entries, therapists, standings, calendar, dates[0], dates, sessions, positions, variables,
        has_intake, used_as_of, years,
    )  # fmt: skip


def intake_of(request: Request, therapist: Therapist | None, findings: Findings) -> bool:
    """Whether the first visit is an intake: as said, as the practice states, else yes."""
    care = request.care
    if care.codes:
        return False
    if care.intake is not None:
        findings.fact("intake", care.intake, "said", question="intake")
        return care.intake
    if therapist is not None and not isinstance(therapist.intake, Unknown):
        findings.fact("intake", therapist.intake, "document", therapist.origin, "intake")
        return therapist.intake
    findings.assume("intake_default")
    findings.fact("intake", True, "default", question="intake")
    return True


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


def nearest_code(care: Care) -> tuple[str, ...]:
    """The code nearest to a session too short for any; the gate then refuses it as too short."""
    return procedure_codes(ENOUGH_MINUTES, care.format, care.patient_present)


def positions_of(
    request: Request, eras: int, has_intake: bool, findings: Findings
) -> tuple[tuple[Position, ...], tuple[Variable, ...]]:
    """The claim lines of a visit, per era; a length that was not said is a choice of codes."""
    care = request.care
    variables: tuple[Variable, ...] = ()
    if care.codes:
        ordinary: tuple[tuple[str, ...], ...] = tuple((code,) for code in care.codes)
    else:
        codes = procedure_codes(care.minutes, care.format, care.patient_present) or nearest_code(care)
        if care.format is None:
            findings.assume("format_individual")
        ordinary = (codes,)
        if len(codes) > 1:
            variables = (Variable("session_length", len(codes), labels=codes, unit="code"),)
    findings.fact("codes", [list(c) for c in ordinary], "said" if care.codes or care.minutes else "unknown",
                  question="session_length")  # fmt: skip
    found = [Position(era, False, codes) for era in range(eras) for codes in ordinary]
    if has_intake:
        found += [Position(era, True, (INTAKE,)) for era in range(eras)]
    return tuple(found), variables
