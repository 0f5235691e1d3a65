"""Pathways held against each other, by scenario and end, over all care of twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_service.core.answer import Comparison
from coverage_service.core.comparison import beating, compared
from coverage_service.core.ranges import Priced, Ranges
from coverage_service.core.runs import bounded
from coverage_service.core.schedule import TWELVE_MONTHS
from coverage_service.core.way import Way, insured_route


def comparison_of(
    ways: Sequence[Way], priced: Mapping[str, Priced]
) -> tuple[tuple[Comparison, ...], tuple[tuple[str, ...], ...]]:
    """One row per scenario and end, over the pathways that are not impossible.

    Scenarios are those of insurance.  Left out is a row that a pathway without a figure there
    might win; the second part tells who surely wins each of those, if anybody.
    """
    insured = [way for way in ways if insured_route(way) is not None and priced[way.id]]
    rows, left_out = [], []
    for name in sorted({name for way in insured or ways for name in priced[way.id]}):
        cases = [(way, found) for way in ways if (found := _case(priced[way.id], name)) is not None]
        for end in ("low", "planning", "high"):
            totals, missing = {}, {}
            for way, found in cases:
                cents = _year(way, found, end)
                if cents is not None:
                    totals[way.id] = cents
                elif end != "high":
                    least = 0 if way.ceiling_only else found.low_run.told.year_with_other_care
                    missing[way.id] = (least, found.high_run.told.year_with_other_care)
            sure = beating(totals, missing)
            row = compared(name, end, totals) if sure is None else None
            if sure is not None:
                left_out.append(sure)
            elif row is not None:
                rows.append(row)
    return tuple(rows), tuple(left_out)


def _year(way: Way, found: Ranges, end: str) -> int | None:
    """What all care of twelve months costs at an end, None without a figure there."""
    if way.ceiling_only or (end == "low" and found.unsupported[TWELVE_MONTHS]):
        return None
    run = found.low_run if end == "low" else found.high_run if end == "high" else found.planning
    return None if run is None else bounded(run.told.year_with_other_care)


def _case(found: Priced, scenario: str) -> Ranges | None:
    """A pathway's ranges in a scenario; one without that scenario stands in every one."""
    return found.get(scenario) or (next(iter(found.values())) if len(found) == 1 else None)
