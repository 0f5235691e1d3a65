"""Files cut short and with wrong bytes never get into force; some here, all of them in `make soak`."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.activation.damage import cuts, flips, right, suffer
from tests.activation.support import PLAN, ROOT

DATA = (ROOT / "rules" / PLAN).read_bytes()


@pytest.mark.parametrize(
    "damaged", [cuts(DATA, len(DATA) // 24), islice(flips(DATA, 24), 24)], ids=["cut", "wrong bytes"]
)
def test_the_rules_in_force_change_only_to_right_ones(tmp_path, damaged):
    told = suffer(tmp_path, damaged)

    assert told.wrong == []
    assert told.tried >= 24
    assert told.refused >= 12


def test_the_long_way_sees_a_mistake_and_a_failing_test(rules):
    good = (rules / PLAN).read_bytes()
    assert right(rules)
    for bad in (good[:-30], good.replace(b"copay $30", b"copay $31")):
        (rules / PLAN).write_bytes(bad)
        assert not right(rules)
