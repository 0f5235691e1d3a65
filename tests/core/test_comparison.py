"""From how much other care insurance is the cheaper: the turn is found to the dollar."""

from __future__ import annotations

import pytest

from coverage_service.core.comparison import threshold

MOST = 1_060_000


def turning_at(cents, asked=None):
    """Insured less self-pay: a dollar dearer below, a dollar cheaper from so many cents."""

    def difference(other_care):
        if asked is not None:
            asked.append(other_care)
        return -100 if other_care >= cents else 100

    return difference


@pytest.mark.parametrize(
    ("at", "most", "found"),
    [
        (123_400, MOST, 123_400),
        (123_401, MOST, 123_500),  # the first whole dollar from which insurance is cheaper
        (100, MOST, 100),
        (101, MOST, 200),
        (44_100, MOST, 44_100),
        (44_200, MOST, 44_200),
        (MOST, MOST, MOST),
        (MOST, MOST + 99, MOST),
        (300, 500, 300),
        (500, 500, 500),
    ],
)
def test_the_turn_is_found_to_the_dollar(at, most, found):
    assert threshold(turning_at(at), most) == found


@pytest.mark.parametrize("at", [0, MOST + 100])
def test_without_a_turn_there_is_none(at):
    assert threshold(turning_at(at), MOST) is None


def test_insurance_that_gets_dearer_again_has_no_threshold():
    """Cheaper from $2,000 to $5,000 only."""
    assert threshold(lambda cents: -1 if 200_000 <= cents < 500_000 else 1, MOST) is None


def test_insurance_cheaper_without_other_care_has_no_threshold():
    assert threshold(lambda cents: -1 if cents < 500_000 else 1, MOST) is None


@pytest.mark.parametrize("at", [100, 500_000, MOST])
def test_few_whole_dollars_are_looked_at(at):
    """At most 26 on the way and 9 halvings of $441."""
    asked = []
    threshold(turning_at(at, asked), MOST)

    assert all(isinstance(cents, int) and cents % 100 == 0 for cents in asked)
    assert len(asked) <= 35
    assert max(asked) == MOST
