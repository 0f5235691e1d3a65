"""The plain tree knows where each field stands."""

from __future__ import annotations

import pytest

from coverage_service.rulebook.nodes import Fields, Text

INSIDE = Fields({"in_network": (Text("in_network", "its key"), Text("none", "its value"))}, "the group")
TREE = Fields({"limits": (Text("limits", "the key"), INSIDE)}, "the file")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "the file"),
        (("limits",), "the key"),
        (("limits", "in_network"), "its key"),
        # what is not there is told at the last key that is
        (("benefits",), "the file"),
        (("limits", "any_network"), "the key"),
        (("limits", "in_network", "deductible"), "its key"),
    ],
)
def test_a_place_is_that_of_the_last_key_of_the_path(path, place):
    assert TREE.place(*path) == place
