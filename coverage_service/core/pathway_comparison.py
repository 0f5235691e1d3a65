"""Pathways held against each other, by scenario and end, over all care of twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_service.core.answer import Comparison
from coverage_service.core.comparison import beating, compared
from coverage_service.core.ranges import Priced, Ranges
from coverage_service.core.runs import Run, bounded
from coverage_service.core.schedule import TWELVE_MONTHS
from coverage_service.core.selfpay import SelfPay
from coverage_service.core.unknowns import World
from coverage_service.core.way import Way, insured_route


def comparison_of(
    ways: Sequence[Way], priced: Mapping[str, Priced]
) -> tuple[tuple[Comparison, ...], tuple[tuple[str, ...], ...]]:
    """One row per scenario and end, over the pathways that are not impossible.

    Scenarios are those of insurance.  Where the patient pays all of the therapy the plan still sees
    the other care, at the same end as in the insured case (``definitions`` 6).  Left out is a row
    that a pathway without a figure there might win; the second part tells who surely wins each of
    those, if anybody.
    """
    insured = [way for way in ways if insured_route(way) is not None and priced[way.id]]
    rows, left_out = [], []
    for name in sorted({name for way in insured or ways for name in priced[way.id]}):
        cases = [(way, found) for way in ways if (found := _case(priced[way.id], name)) is not None]
        for end in ("low", "planning", "high"):
            totals, missing = {}, {}
            plan = next((_world(found, end) for way, found in cases if way in insured), {})
            for way, found in cases:
                cents = _year(way, found, end, plan)
                if cents is not None:
                    totals[way.id] = cents
                elif end != "high":
                    least = 0 if way.ceiling_only else _all_care(found, found.low_run, plan)
                    missing[way.id] = (least, _all_care(found, found.high_run, plan))
            sure = beating(totals, missing)
            row = compared(name, end, totals) if sure is None else None
            if sure is not None:
                left_out.append(sure)
            elif row is not None:
                rows.append(row)
    return tuple(rows), tuple(left_out)


def _run(found: Ranges, end: str) -> Run | None:
    return found.low_run if end == "low" else found.high_run if end == "high" else found.planning


def _world(found: Ranges, end: str) -> World:
    run = _run(found, end)
    return {} if run is None else run.world


def _all_care(found: Ranges, run: Run, plan: World) -> int:
    """What therapy and other care of twelve months cost; ``plan``: the insured world of the same case."""
    runner = found.runner
    if plan and isinstance(runner.route, SelfPay) and runner.route.course.request.other_care:
        run = runner.rerun(run, runner.route.beside(plan, run.world))
    return run.told.year_with_other_care


def _year(way: Way, found: Ranges, end: str, plan: World) -> int | None:
    """What all care of twelve months costs at an end, None without a figure there."""
    if way.ceiling_only or (end == "low" and found.unsupported[TWELVE_MONTHS]):
        return None
    run = _run(found, end)
    return None if run is None else bounded(_all_care(found, run, plan))


def _case(found: Priced, scenario: str) -> Ranges | None:
    """A pathway's ranges in a scenario; one without that scenario stands in every one."""
    return found.get(scenario) or (next(iter(found.values())) if len(found) == 1 else None)
