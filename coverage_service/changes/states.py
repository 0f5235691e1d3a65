"""What of a plan's limits and counted visits is used already, in generated requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Plan
from coverage_service.core.request import LimitUsed, Used

STATES: Final = (
    "nothing used",
    "not said",
    "half the deductible",
    "deductible met",
    "nearly all",
    "all used",
)
NEARLY: Final = 6_000
"""Cents left to the out-of-pocket maximum where nearly all of it is used."""


def used_in(state: str, plans: Sequence[Plan], as_of: date) -> Used:
    """What is used of every limit that either version of the plan has."""
    if state == "not said":
        return Used()
    if state.startswith("visits used of "):
        return Used(as_of=as_of, visits={state.removeprefix("visits used of "): 2})
    figures: dict[str, dict[str, int]] = {}
    for plan in plans:
        for limit in plan.limits:
            if isinstance(limit.person, int) and limit.kind in (DEDUCTIBLE, OUT_OF_POCKET):
                kinds = figures.setdefault(limit.bucket, {})
                kinds[limit.kind] = max(limit.person, kinds.get(limit.kind, 0))
    return Used(as_of=as_of, limits={bucket: _used_of(state, kinds) for bucket, kinds in figures.items()})


def _used_of(state: str, kinds: Mapping[str, int]) -> LimitUsed:
    deductible, most = kinds.get(DEDUCTIBLE, 0), kinds.get(OUT_OF_POCKET, 0)
    if state == "nothing used":
        return LimitUsed(deductible=0, out_of_pocket=0)
    if state == "half the deductible":
        return LimitUsed(deductible=deductible // 2, out_of_pocket=min(deductible // 2, most))
    if state == "deductible met":
        return LimitUsed(deductible=deductible, out_of_pocket=min(deductible, most))
    left = NEARLY if state == "nearly all" else 0
    return LimitUsed(deductible=deductible, out_of_pocket=max(0, most - left))
