"""Codes: their shape, their time rules, and what a pattern takes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.core import codes


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("F52.*", "F52.31", True),
        ("F52.*", "F52.0", True),
        ("F52.*", "F52", False),
        ("F52.*", "F53.0", False),
        ("F*", "F43.10", True),
        ("F*", "Z63.0", False),
        ("Z*", "Z63.0", True),
        ("N94.1*", "N94.1", True),
        ("N94.1*", "N94.19", True),
        ("N94.1*", "N94.2", False),
        ("N94.81*", "N94.818", True),
        ("Z63.0", "Z63.0", True),
        ("Z63.0", "Z63.01", False),
        ("F1*.181", "F10.181", False),  # no other wildcard
        ("F52.?", "F52.8", False),
        ("*", "R37", True),
    ],
)
def test_a_pattern_is_a_code_or_a_prefix_ending_in_a_star(pattern, code, fits):
    assert codes.matches(pattern, code) is fits


@pytest.mark.parametrize(
    ("pattern", "asked", "how_many"),
    [
        ("F52.*", "F52.31", "all"),
        ("F52.*", "F43.10", "none"),
        ("F52.*", "F52.*", "all"),
        ("F*", "F52.*", "all"),
        ("F52.3*", "F52.*", "some"),
        ("F52.31", "F52.*", "some"),
        ("Z63.*", "F52.*", "none"),
        ("F52.*", "*", "some"),
        ("Z63.0", "*", "some"),
        ("*", "*", "all"),
    ],
)
def test_a_pattern_may_take_in_all_some_or_none_of_a_family(pattern, asked, how_many):
    assert codes.overlap(pattern, asked) == how_many


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, ()),
        (15, ()),
        (16, ("90832",)),
        (37, ("90832",)),
        (38, ("90834",)),
        (50, ("90834",)),  # trap 12: a 50-minute session is not 90837
        (52, ("90834",)),
        (53, ("90837",)),
        (90, ("90837",)),  # trap 12: minutes beyond 53 add no unit
        (None, ("90834", "90837")),
    ],
)
@pytest.mark.parametrize("format", ["individual", None])
def test_minutes_decide_the_code_of_an_individual_session(minutes, expected, format):
    assert codes.procedure_codes(minutes, format, None) == expected


@pytest.mark.parametrize("format", ["couple", "family"])
@pytest.mark.parametrize(
    ("minutes", "patient_present", "expected"),
    [
        (25, None, ()),
        (26, None, ("90847",)),
        (50, True, ("90847",)),
        (90, None, ("90847",)),
        (None, None, ("90847",)),
        (50, False, ("90846",)),
        (None, False, ("90846",)),
        (25, False, ()),
    ],
)
def test_a_couple_session_needs_26_minutes(format, minutes, patient_present, expected):
    assert codes.procedure_codes(minutes, format, patient_present) == expected


def test_90846_only_when_the_patient_is_said_to_be_absent():
    assert codes.procedure_codes(50, None, False) == ("90846",)
    assert codes.procedure_codes(50, "individual", False) == ("90834",)


@pytest.mark.parametrize("minutes", [None, 10, 90])
def test_a_group_has_no_time_rule(minutes):
    assert codes.procedure_codes(minutes, "group", None) == ("90853",)


@given(st.integers(0, 600))
def test_no_code_is_given_for_which_the_session_is_too_short(minutes):
    for format in ("individual", "couple", "family"):
        assert not any(codes.too_short(cpt, minutes) for cpt in codes.procedure_codes(minutes, format, None))


@pytest.mark.parametrize(
    ("cpt", "minutes", "short"),
    [
        ("90837", 52, True),
        ("90837", 53, False),
        ("90834", 37, True),
        ("90832", 15, True),
        ("90832", 16, False),
        ("90847", 25, True),
        ("90847", None, False),
        ("90791", 5, False),  # the intake has no time rule
    ],
)
def test_too_short_for_a_code(cpt, minutes, short):
    assert codes.too_short(cpt, minutes) is short


@pytest.mark.parametrize(
    "code", ["F52.31", "F66", "N94.810", "R68.82", "Z91.410", "Z63.0", "C4A.0", "S72.001A"]
)
def test_well_formed_diagnosis_codes(code):
    assert codes.is_diagnosis(code)
    assert codes.is_diagnosis_pattern(code)


@pytest.mark.parametrize(
    "code", ["", "F5", "F5231", "f52.31", "F52.", "F52.*", "52.31", "F52.12345", " F52.31", "F52.31\n"]
)
def test_malformed_diagnosis_codes(code):
    assert not codes.is_diagnosis(code)


@pytest.mark.parametrize("pattern", ["*", "F*", "Z*", "F5*", "F52*", "F52.*", "N94.1*"])
def test_diagnosis_patterns(pattern):
    assert codes.is_diagnosis_pattern(pattern)


@pytest.mark.parametrize("pattern", ["F1*.181", "F52.**", "F52.?", "**", "", "f*", "F52.*1"])
def test_malformed_diagnosis_patterns(pattern):
    assert not codes.is_diagnosis_pattern(pattern)


@pytest.mark.parametrize(
    "code", ["106H00000X", "1041C0700X", "103TC0700X", "101YM0800X", "2084P0800X", "390200000X"]
)
def test_taxonomy_codes(code):
    assert codes.is_taxonomy(code)
    assert not codes.is_taxonomy(code[:-1])
    assert not codes.is_taxonomy(code.lower())


def test_the_published_example_of_a_provider_number_has_a_right_check_digit():
    # The example of the CMS note on the check digit: 123456789 gets the digit 3.
    assert codes.is_npi("1234567893")


@pytest.mark.parametrize(
    "number",
    ["1234567890", "3234567893", "123456789", "12345678931", "123456789X", "", "１２３４５６７８９３"],
)
def test_wrong_provider_numbers(number):
    assert not codes.is_npi(number)


@given(st.integers(100_000_000, 299_999_999))
def test_one_check_digit_of_ten_is_right(first_nine):
    assert sum(codes.is_npi(f"{first_nine}{digit}") for digit in range(10)) == 1


@given(st.integers(100_000_000, 299_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_found(first_nine, place, shift):
    right = next(n for d in range(10) if codes.is_npi(n := f"{first_nine}{d}"))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert not codes.is_npi(wrong)
