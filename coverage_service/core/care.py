"""The course asked about: procedure codes a visit, dates, calendar, other expected care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from coverage_service.core.codes import INTAKE, procedure_codes
from coverage_service.core.course_dates import DAYS_BETWEEN, Dates, dates_of
from coverage_service.core.eras import era_starts_of, standings_of, tell_carried, touched
from coverage_service.core.facts import Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.plan import Plan
from coverage_service.core.request import Care, Request
from coverage_service.core.schedule import (
    ALREADY_HELD,
    OTHER_CARE,
    THERAPY,
    Calendar,
    Timetable,
    Visit,
    in_force,
    segments,
    timetable,
)
from coverage_service.core.shared import Shared
from coverage_service.core.terms import Terms
from coverage_service.core.therapist import NetworkEntry, Therapist
from coverage_service.core.unknowns import PLANNING, Figure, Variable, World

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
    without a plan), the therapist's, and the therapist's standing with the plan.  ``ran`` is
    what already ran.
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
    made: dict[tuple[int, int], Timetable]
    ran: dict[tuple[Timetable, Terms], Any] = field(default_factory=dict)

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

    @property
    def most_lines(self) -> int:
        """The most claim lines of therapy that the visits of the course come to, those held included."""
        visits = len(self.dates) + self.request.used.sessions_since
        return visits * max(Counter((each.era, each.intake) for each in self.positions).values(), default=0)

    def days_of(self, era: int) -> tuple[date, ...]:
        """The days of the visits to which an era's entries apply."""
        return tuple([on for on in self.dates if self.era(on) == era])

    def _slots(self, era: int, intake: bool) -> list[int]:
        return [i for i, p in enumerate(self.positions) if p.era == era and p.intake == intake]


def course_of(request: Request, findings: Findings, shared: Shared) -> Course:
    """Lay out the course: dates, eras, codes; what was not said becomes named."""
    dates = shared.once("dates", findings, lambda told: dates_of(request, told))
    first = dates.due[0]
    starts = era_starts_of(request, dates.entries, first, dates.last, dates.years[0])
    days = tuple([max(first, on) for on in starts])
    therapists = tuple([in_force(request.therapist, on) for on in days])
    tell_carried("therapist", touched(request.therapist, first, dates.due[-1]), dates.due, findings)
    standings = standings_of(therapists, dates.entries[0].id if dates.entries else None, days, findings)
    has_intake = intake_of(request, therapists[0], findings)
    positions, variables = shared.once(
        ("positions", len(starts), has_intake),
        findings,
        lambda told: positions_of(request, dates, len(starts), has_intake, told),
    )
    return Course(
        request=request,
        entries=tuple([entry for on in days if (entry := in_force(dates.entries, on)) is not None]),
        therapists=therapists,
        standings=standings,
        calendar=Calendar(dates.years[0], dates.secondary, starts, dates.periods),
        first=first,
        dates=dates.due,
        sessions=dates.sessions,
        positions=positions,
        variables=variables,
        has_intake=has_intake,
        used_as_of=request.used.as_of or request.as_of,
        plan_years=dates.years,
        made=shared.once(("timetables", starts, has_intake), findings, lambda _: {}),
    )


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


def nearest_code(care: Care) -> tuple[str, ...]:
    """The code nearest to a session too short for any; the gate then refuses it as too short."""
    return procedure_codes(ENOUGH_MINUTES, care.format, care.patient_present)


def positions_of(
    request: Request, dates: Dates, eras: int, has_intake: bool, findings: Findings
) -> tuple[tuple[Position, ...], tuple[Variable, ...]]:
    """The claim lines of a visit, per era, and what is open about the course itself.

    A length that was not said is a choice of codes.
    """
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
    return tuple(found), (*variables, *_of_dates(dates))


def _of_dates(dates: Dates) -> Iterator[Variable]:
    """Whether the number of sessions is open, and where the plan year starts."""
    sessions, years = dates.sessions, dates.years
    if not sessions.known:
        yield Variable("freq_length", low=sessions.low, high=sessions.high, unit="visits")
    if len(years) > 1:
        labels = tuple(f"{month:02d}-{day:02d}" for month, day in years)
        yield Variable("plan_year", len(years), True, 0, labels=labels)
