"""First visits at a price of their own: how many are left moves the deductible as well.

Five sessions of $140: a copay of $65 for each of the first visits left, then a deductible of $500 and
20 %.  With three left 3 × 65 + 2 × 140 = $475; two: 2 × 65 + 3 × 140 = $550; one: 65 + 3 × 140 + 80 and
20 % of 60 = $577; none: 3 × 140 + 80 + 12 + 28 = $540.
"""

from __future__ import annotations

import pytest

from coverage_service.core.request import LimitUsed, Used
from tests.core.builders import EVERYTHING, a_plan, a_row, ask, span

LIMITS = {"in_network": LimitUsed(deductible=0, out_of_pocket=0)}
LEFT = {3: 47_500, 2: 55_000, 1: 57_700, 0: 54_000}


def five(used, *rows, **pools):
    rows = rows or (a_row("copay $65", network="in", first=(3, "first")),)
    plan = a_plan(rows=rows, deductible="$500", pools={"first": (EVERYTHING,), **pools})
    return ask(plan, used=Used(limits=LIMITS, visits=used), sessions=5)


@pytest.mark.parametrize("left", LEFT)
def test_what_a_number_of_first_visits_left_costs(left):
    assert span(five({"first": 3 - left})) == (LEFT[left],) * 3


def test_the_dearest_number_of_first_visits_left_may_lie_between_all_and_none():
    """Planned with none left; told any number, the figure lies within."""
    assert span(five({})) == (LEFT[3], LEFT[0], LEFT[1])


def test_none_is_planned_with_where_the_last_of_two_pools_is_the_smaller():
    """With none of either left five sessions cost $540, as above."""
    rows = (
        a_row("copay $65", network="in", first=(3, "first")),
        a_row("copay $65", network="in", first=(1, "second")),
    )

    assert span(five({}, *rows, second=(EVERYTHING,)))[1] == LEFT[0]
