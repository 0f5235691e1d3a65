"""Changed lines, and two changes put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.workbench.comparing import GAP, NEW, OLD, SAME, changed_lines, together

TEXTS = st.lists(st.sampled_from("abcd"), max_size=12).map(lambda found: "".join(f"{x}\n" for x in found))
BASE = "1\n2\n3\n4\n5\n6\n7\n"


def test_shows_what_goes_and_what_comes_with_numbers():
    found = [(x.kind, x.text, x.before, x.after) for x in changed_lines("1\n2\n3\n", "1\nx\n3\n")]

    assert found == [(SAME, "1", 1, 1), (OLD, "2", 2, 0), (NEW, "x", 0, 2), (SAME, "3", 3, 3)]


def test_leaves_out_what_is_far_from_a_change():
    long = "".join(f"{n}\n" for n in range(40))
    found = changed_lines(long, long.replace("\n5\n", "\nfive\n").replace("\n30\n", "\nthirty\n"))

    assert [x.kind for x in found].count(GAP) == 1
    assert len(found) == 13


@given(TEXTS, TEXTS)
def test_both_texts_stand_in_the_lines_that_are_shown(before, after):
    found = changed_lines(before, after)
    for kind, text in ((OLD, before), (NEW, after)):
        shown = [x.text for x in found if x.kind == kind]
        assert all(line in text.splitlines() for line in shown)
    assert (before == after) == (not found)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("1\nx\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\ny\n7\n", "1\nx\n3\n4\n5\ny\n7\n"),
        ("0\n1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\n6\n", "0\n1\n2\n3\n4\n5\n6\n"),
        ("1\nx\n3\n4\n5\n6\n7\n", "1\nx\n3\n4\n5\n6\n7\n", "1\nx\n3\n4\n5\n6\n7\n"),
        ("1\nx\n3\n4\n5\n6\n7\n", "1\ny\n3\n4\n5\n6\n7\n", None),
        ("1\nx\n3\n4\n5\n6\n7\n", "1\n2\ny\n4\n5\n6\n7\n", None),
        ("1\n2\n2b\n3\n4\n5\n6\n7\n", "1\n2\n2c\n3\n4\n5\n6\n7\n", None),
    ],
    ids=["apart", "ends", "the same", "one line", "neighbours", "two insertions"],
)
def test_two_changes_together(mine, theirs, both):
    assert together(BASE, mine, theirs) == both
    assert together(BASE, theirs, mine) == both


@given(TEXTS, TEXTS)
def test_one_change_alone_is_that_change(base, mine):
    assert together(base, mine, base) == mine
    assert together(base, base, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_no_side_is_preferred(base, mine, theirs):
    assert together(base, mine, theirs) == together(base, theirs, mine)
