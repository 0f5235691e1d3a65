"""Two versions of a dated fact, cut into spans of time in which neither of them turns.

An estimate carries the last entry on and the first one back; the spans say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from coverage_service.changes.units import Path, mixed, plain
from coverage_service.core.schedule import in_force


@dataclass(frozen=True, slots=True)
class Span:
    """What is in force from a day on, before and after the change.

    ``starts`` None: since ever.  ``until`` is the last day, None in the last span.
    ``paired``: both entries begin here, so that one was made of the other.
    """

    starts: date | None
    until: date | None
    old: Any
    new: Any
    paired: bool


def spans_of(old: Sequence[Any], new: Sequence[Any]) -> tuple[Span, ...]:
    """The spans of two non-empty sequences of dated entries."""
    before, after = ({entry.starts: entry for entry in each} for each in (old, new))
    days = sorted(before.keys() | after.keys(), key=lambda day: day or date.min)
    found = []
    for number, day in enumerate(days):
        on = day or date.min
        until = days[number + 1] if number + 1 < len(days) else None
        found.append(
            Span(
                day,
                until and until - timedelta(days=1),
                in_force(old, on),
                in_force(new, on),
                day in before and day in after,
            )
        )
    return tuple(found)


def entries_with(spans: Sequence[Span], chosen: Collection[tuple[int, Path]]) -> tuple[Any, ...]:
    """The old entries with the chosen units of the new ones; a unit is named by span and path."""
    found: list[Any] = []
    for number, span in enumerate(spans):
        entry = mixed(span.old, span.new, {path for at, path in chosen if at == number})
        entry = replace(entry, starts=span.starts)
        if found and plain(replace(found[-1], starts=None)) == plain(replace(entry, starts=None)):
            continue
        found.append(entry)
    return tuple(found)
