"""Between which figures the answer to an open question lies, and what that makes of the cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.core.request import LimitUsed, Used
from coverage_service.core.therapist import Fee
from tests.core.builders import (
    CODES,
    EVERYTHING,
    NOTHING_USED,
    a_coverage,
    a_limit,
    a_plan,
    a_therapist,
    a_visit_limit,
    ask,
    span,
    unknown,
)

CHARGES = a_therapist(fees=tuple(Fee(cpt=code, fee=Between(16_000, 25_000)) for code in CODES))


def ends(found, id):
    each = unknown(found, id)
    return each.low, each.high, each.unit


@pytest.mark.parametrize(
    ("person", "family", "told", "most"),
    [
        pytest.param(100_000, 80_000, {}, (0, 80_000), id="no more than the family's"),
        pytest.param(50_000, 80_000, {}, (0, 50_000), id="no more than the person's"),
        pytest.param(
            100_000, 300_000, {"deductible": Between(20_000, 70_000)}, (30_000, 80_000), id="a range told"
        ),
        pytest.param(100_000, 300_000, {"deductible": 40_000}, None, id="told"),
    ],
)
def test_what_is_left_of_a_deductible(person, family, told, most):
    """Ten sessions of $150, half due after the deductible: half of $1,500 and half of what is left."""
    plan = a_plan("deductible, coinsurance 50%", limits=[a_limit("deductible", person, family=family)])
    used = Used(limits={"in_network": LimitUsed(family_deductible=0, **told)}) if told else Used()
    found = ask(plan, allowed=15_000, sessions=10, used=used, fields={"coverage": "family"})
    low, high = (75_000 + left // 2 for left in most or (60_000, 60_000))

    assert (span(found)[0], span(found)[2]) == (low, high)
    if most:
        assert ends(found, "ded_remaining") == (*most, "cents")


def test_a_charge_within_its_range_out_of_network():
    """40 % of $150, and all beyond the $150: $70 to $160 a session."""
    plan = a_plan(None, out="coinsurance 40%", allowed_out="$150", balance_billing={"out": True})
    found = ask(plan, network="out", billed=None, therapist=CHARGES, sessions=2)

    assert span(found, "out_of_network") == (2 * 7_000, None, 2 * 16_000)
    assert ends(found, "fee") == (16_000, 25_000, "cents")


def test_a_charge_within_its_range_where_nothing_is_covered():
    excluded = a_coverage(excluded="sexual_dysfunction: yes", liability={"exclusion": "patient"})
    found = ask(
        a_plan("copay $30", coverage=excluded),
        billed=None,
        therapist=CHARGES,
        sessions=2,
        diagnoses=("F52.6",),
    )

    assert span(found) == (32_000, None, 50_000)
    assert ends(found, "fee") == (16_000, 25_000, "cents")


@pytest.mark.parametrize("used", [NOTHING_USED, replace(NOTHING_USED, visits={EVERYTHING: 5})])
def test_visits_of_a_limit_of_unknown_size(used):
    """Both sessions at the copay of $30, or none: who has used five may have any number left."""
    limit = replace(a_visit_limit(3), visits=UNKNOWN)
    found = ask(a_plan("copay $30", visit_limits=(limit,)), sessions=2, used=used)

    assert span(found) == (6_000, None, 40_000)
    assert ends(found, "visit_limit") == (0, None, "visits")
