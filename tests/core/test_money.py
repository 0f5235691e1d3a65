"""Money in and out of text, the one rounding, and ranges in whole dollars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.core.money import (
    Display,
    dollars,
    outward,
    parse_dollars,
    parse_percent,
    percent,
    share,
    share_of_share,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$0", 0),
        ("$30", 3_000),
        (" $30 ", 3_000),
        ("$1,250.50", 125_050),
        ("$12,345,678", 1_234_567_800),
        ("$999999999.99", 99_999_999_999),
    ],
)
def test_dollars_are_read_to_the_cent(text, cents):
    assert parse_dollars(text) == cents


@pytest.mark.parametrize(
    "text", ["30", "$", "$1,00", "$1.5", "$1.505", "-$3", "$1e3", "$ 30", "$1,2345", "$0x10", "$٣", ""]
)
def test_what_is_no_amount_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r'write it like "\$30" or "\$1,250.50"'):
        parse_dollars(text)


@pytest.mark.parametrize(
    ("text", "basis_points"), [("20%", 2_000), ("12.5%", 1_250), ("0.25%", 25), ("140%", 14_000), (" 0% ", 0)]
)
def test_percentages_are_read_in_basis_points(text, basis_points):
    assert parse_percent(text) == basis_points


@pytest.mark.parametrize("text", ["20", "%", "20.125%", "-5%", "1e1%", "2 0%"])
def test_what_is_no_percentage_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"write it like 20% or 12.5%"):
        parse_percent(text)


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0"), (3_000, "$30"), (3_005, "$30.05"), (123_456_789, "$1,234,567.89"), (-3_050, "-$30.50")],
)
def test_cents_are_written_as_dollars(cents, text):
    assert dollars(cents) == text


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(2_000, "20%"), (1_250, "12.5%"), (1_225, "12.25%"), (0, "0%"), (5, "0.05%"), (14_000, "140%")],
)
def test_basis_points_are_written_as_percent(basis_points, text):
    assert percent(basis_points) == text


@given(st.integers(0, 10**11))
def test_what_is_written_is_read_again(cents):
    assert parse_dollars(dollars(cents)) == cents


@pytest.mark.parametrize(
    ("amount", "basis_points", "cents"),
    [
        (10_110, 1_500, 1_517),  # 1516.5, half up (domain 2.4 DED_COINS)
        (14_250, 11_500, 16_388),  # 16387.5, the limiting charge
        (9_150, 1_500, 1_373),  # 1372.5
        (1, 4_999, 0),
        (1, 5_000, 1),
    ],
)
def test_a_share_is_rounded_half_up(amount, basis_points, cents):
    assert share(amount, basis_points) == cents


def test_a_share_of_a_share_is_rounded_once():
    """95 % of 75 % of $1.01 is 71.96 cents; rounding twice would give 76 · 95 % = 72.2."""
    assert share_of_share(101, 7_500, 9_500) == 72
    assert share_of_share(15_000, 7_500, 10_000) == 11_250
    # 95 % of 85 % of $0.66 is 53.295; of a rounded 56 it would be 53.2
    assert share_of_share(66, 8_500, 9_500) == 53


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        pytest.param((22_001, 107_050, 111_901), Display(220, 1_071, 1_120), id="outward, planning half up"),
        pytest.param((22_000, 107_049, 112_000), Display(220, 1_070, 1_120), id="whole dollars stay"),
        pytest.param((None, None, 240_001), Display(None, None, 2_401), id="no low end"),
        pytest.param((5_050, 5_050, 5_050), Display(50, 51, 51, 5_050), id="nothing unknown: exact"),
        pytest.param((5_050, None, 5_050), Display(50, None, 51), id="no basis: no exact figure"),
        pytest.param((None, None, None), Display(None, None, None), id="nothing known"),
    ],
)
def test_a_range_is_shown_in_whole_dollars_rounded_outward(ends, shown):
    assert outward(*ends) == shown
