"""The entries of plan, therapist and network that hold while a course runs, era by era."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from coverage_service.core.facts import Origin
from coverage_service.core.findings import Findings
from coverage_service.core.plan import Plan
from coverage_service.core.request import Request
from coverage_service.core.schedule import Dated, next_reset
from coverage_service.core.therapist import NetworkEntry, Therapist


class Lasting(Dated, Protocol):
    """A dated entry of a plan, a therapist or a fee schedule."""

    @property
    def id(self) -> str:
        """Whose entry it is."""
        ...

    @property
    def ends(self) -> date | None:
        """Its last day, None = open."""
        ...

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        ...


Entry = TypeVar("Entry", bound=Lasting)


def entries_in_force(plan: tuple[Plan, ...], first: date, last: date, findings: Findings) -> tuple[Plan, ...]:
    """The dated entries a course touches; where none holds the nearest is carried on, and that is told."""
    found = touched(plan, first, last)
    tell_carried("plan", found, (first, last), findings)
    return found


def touched(entries: Sequence[Entry], first: date, last: date) -> tuple[Entry, ...]:
    """The entries that ``in_force`` selects on the days from one to another."""
    held = max(0, sum((each.starts or date.min) <= first for each in entries) - 1)
    later = [each for each in entries[held + 1 :] if (each.starts or date.min) <= last]
    return (*entries[held : held + 1], *later)


def tell_carried(kind: str, used: Sequence[Lasting], days: Sequence[date], findings: Findings) -> None:
    """Say where a day is priced with an entry that does not hold on it (``definitions`` 7).

    An entry is used until the next one begins; the first one also for days before it.
    """
    first, last = min(days, default=date.max), max(days, default=date.min)
    for place, entry in enumerate(used):
        following = used[place + 1].starts if place + 1 < len(used) else None
        until = following - timedelta(days=1) if following is not None else last
        if place == 0 and entry.starts is not None and first < entry.starts:
            findings.assume("assumed_later_benefits", entry.origin, **{kind: entry.id}, begins=entry.starts)
        if entry.ends is not None and entry.ends < until:
            findings.assume("assumed_same_benefits", entry.origin, **{kind: entry.id}, until=entry.ends)


def network_entry(therapist: Therapist | None, plan: str | None, on: date) -> NetworkEntry | None:
    """The clinician's standing with a plan on a date."""
    if therapist is None or plan is None:
        return None
    fitting = [
        n for n in therapist.networks
        if n.plan == plan and (n.starts or date.min) <= on <= (n.ends or date.max)
    ]  # fmt: skip
    return fitting[-1] if fitting else None


def era_starts_of(
    request: Request, entries: Sequence[Plan], first: date, last: date, year: tuple[int, int]
) -> tuple[date, ...]:
    """The days from which another entry of plan, therapist or network holds.

    The date of service alone selects each of them (``definitions`` 7).  The first era holds
    whatever lies before the second.  A legal cap is another one in each plan year.
    """
    begins = entries[0].starts or date.min if entries else date.min
    changes = [entry.starts for entry in entries]
    for therapist in request.therapist:
        changes.append(therapist.starts)
        for row in therapist.networks:
            if entries and row.plan == entries[0].id:
                changes += [row.starts, row.ends + timedelta(days=1) if row.ends else None]
    later = {on for on in changes if on is not None and first < on <= last}
    if any(limit.person_cap == "legal" for entry in entries for limit in entry.limits):
        on = next_reset(request.used.as_of or request.as_of, year)
        while on <= last:
            later.add(on)
            on = next_reset(on, year)
    return (begins, *sorted(later))


def standings_of(
    therapists: Sequence[Therapist | None], plan: str | None, days: Sequence[date], findings: Findings
) -> tuple[NetworkEntry | None, ...]:
    """The standing of each era; after the last row of the network it is carried on."""
    found: list[NetworkEntry | None] = []
    for therapist, on in zip(therapists, days, strict=True):
        entry = network_entry(therapist, plan, on)
        before = found[-1] if found else None
        if entry is None and before is not None and before.ends is not None:
            findings.assume("assumed_same_benefits", before.origin, plan=before.plan, until=before.ends)
            entry = before
        found.append(entry)
    return tuple(found)
