"""Whether rules are too old to plan with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coverage_service.core.plan import Plan
from coverage_service.core.schedule import day_of_year

RETIRED = "retired"


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February becomes 1 March."""
    return day_of_year(day.year - years, day.month, day.day)


def stale_reason(entries: Sequence[Plan], as_of: date) -> str | None:
    """Why rules give no planning figure as of a date: past their end, unreviewed, retired."""
    if not entries:
        return None
    last = entries[-1]
    if any(entry.status == RETIRED for entry in entries):
        return "rules_retired"
    if last.ends is not None and last.ends < as_of:
        return "rules_past_their_date"
    current = next((e for e in reversed(entries) if (e.starts or date.min) <= as_of), entries[0])
    source = current.origin.source
    checked = current.reviewed or (source.read if source else None)
    if checked is not None and checked < years_before(as_of, 1):
        return "rules_unreviewed"
    return None
