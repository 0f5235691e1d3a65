"""A range told of what is used of a limit holds the cost at each figure within it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import Between
from coverage_service.core.request import LimitUsed, Used
from coverage_service.sources import current
from tests.core.builders import RANDOM
from tests.core.narrowing import asked, disorder, outside

RULES = Path(__file__).resolve().parents[2] / "rules"
USED = ("deductible", "out_of_pocket", "family_deductible", "family_out_of_pocket")
FIGURES = 3
"""How many of the figures within the ranges are tried."""


@pytest.fixture(scope="module")
def shipped():
    return current(RULES).sources


def each_used(used: Used, of: Callable[[object], object]) -> Used:
    """The same, with another figure of each that was told."""

    def of_limit(limit: LimitUsed) -> LimitUsed:
        told = {name: value for name in USED if (value := getattr(limit, name)) is not None}
        return replace(limit, **{name: of(value) for name, value in told.items()})

    return replace(used, limits={bucket: of_limit(limit) for bucket, limit in used.limits.items()})


def at_odds(used: Used) -> bool:
    """Whether more of a deductible is used than of a maximum, or more by a person than by the family."""

    def more(one: int | None, other: int | None) -> bool:
        return one is not None and other is not None and one > other

    both = used.limits.get("any_network", LimitUsed())
    return any(
        more(limit.deductible, limit.family_deductible)
        or more(limit.out_of_pocket, limit.family_out_of_pocket)
        or any(
            more(limit.deductible, maximum.out_of_pocket)
            or more(limit.family_deductible, maximum.family_out_of_pocket)
            for maximum in (limit, both)
        )
        for limit in used.limits.values()
    )


@settings(RANDOM)
@given(seed=st.integers(0, 2**48))
def test_a_range_of_what_is_used_holds_the_cost_at_each_figure(shipped, seed):
    random = Random(seed)
    request, reference = asked(random, shipped), shipped.book.reference
    assume(any(any(getattr(limit, name) for name in USED) for limit in request.used.limits.values()))
    widths = (0, 20_000, 60_000, 120_000)
    ranges = each_used(request.used, lambda cents: Between(cents, cents + random.choice(widths)))
    before = estimate(replace(request, used=ranges), reference)

    assert list(disorder(before)) == []
    for _ in range(FIGURES):
        figures = each_used(
            ranges, lambda told: random.choice((told.low, told.high, (told.low + told.high) // 2))
        )
        if not at_odds(figures):
            after = estimate(replace(request, used=figures), reference)
            assert list(outside(before, after)) == []
