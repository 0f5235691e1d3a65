"""Every variant of cost sharing with the worked figures of ``domain`` 2.4, one test id per figure.

The allowed amount is 14000 and the charge 20000 unless said.  A figure about one line is asked of
``split`` or ``adjudicate``; one about the facts of a plan is asked of a whole estimate.
"""

from __future__ import annotations

import pytest

from coverage_service.core.adjudicate import split
from coverage_service.core.terms import (
    COUNTS_ALL,
    UNLIMITED,
)
from tests.core.builders import (
    counting,
    steps,
)

FAR = UNLIMITED


def shares(sharing, allowed, left, room=FAR, **more):
    """(deductible, copay, coinsurance, over the maximum, credit, counting) of one line."""
    return split(steps(sharing), allowed, left, room, **more)


def patient(sharing, allowed, left, room=FAR, **more):
    """What a line without balance bill costs the patient."""
    return sum(shares(sharing, allowed, left, room, **more)[:4])


@pytest.mark.parametrize(
    ("sharing", "allowed", "left", "cost"),
    [
        pytest.param("copay $40", 14_000, 0, 4_000, id="COPAY_ONLY"),
        pytest.param("copay $60", 5_200, 0, 5_200, id="COPAY_ONLY capped at the allowed amount"),
        pytest.param("deductible, coinsurance 20%", 14_000, 5_000, 6_800, id="DED_COINS 5000+1800"),
        pytest.param("deductible, coinsurance 15%", 10_110, 0, 1_517, id="DED_COINS 1516.5 rounds half up"),
        pytest.param("no deductible, coinsurance 20%", 14_000, 9_000, 2_800, id="COINS_ONLY"),
        pytest.param("deductible, copay $30", 14_000, 12_500, 14_000, id="DED_COPAY 12500+1500"),
        pytest.param("deductible, copay $30", 14_000, 5_000, 8_000, id="DED_COPAY 5000+3000"),
        pytest.param("deductible, copay $30", 14_000, 14_000, 14_000, id="DED_COPAY nothing left, no copay"),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 5_000, 5_000, id="DED_COPAY copay waived"
        ),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 0, 3_000, id="DED_COPAY waived, met: 3000"
        ),
        pytest.param(
            "deductible, copay $30 once deductible is met", 14_000, 1, 1, id="DED_COPAY waived, one cent left"
        ),
        pytest.param("copay $30, deductible", 14_000, 50_000, 14_000, id="COPAY_THEN_DED 50000 left"),
        pytest.param("copay $30", 14_000, 50_000, 3_000, id="COPAY_THEN_DED 50000 left, if waived"),
        pytest.param("copay $30, deductible", 14_000, 4_000, 7_000, id="COPAY_THEN_DED 4000 left"),
        pytest.param("copay $30, deductible", 14_000, 0, 3_000, id="COPAY_THEN_DED met"),
        pytest.param("copay $40 toward deductible", 14_000, 50_000, 4_000, id="COPAY_COUNTS_DED copay only"),
        pytest.param(
            "copay $30 toward deductible, deductible", 14_000, 4_000, 4_000, id="COPAY_COUNTS_DED first"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 14_000, 0, 4_400, id="COPAY_PLUS_COINS 2000+2400"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20% ignoring copay",
            14_000,
            0,
            4_800,
            id="COPAY_PLUS_COINS allowed 2000+2800",
        ),
        pytest.param(
            "deductible, copay $25, coinsurance 10% ignoring copay",
            10_000,
            0,
            3_500,
            id="COPAY_PLUS_COINS published 3500",
        ),
        pytest.param(
            "deductible, copay $25, coinsurance 10%", 10_000, 0, 3_250, id="COPAY_PLUS_COINS net 3250"
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 14_000, 50_000, 14_000, id="COPAY_PLUS_COINS ded first"
        ),
        pytest.param(
            "copay $20, deductible, coinsurance 20%", 14_000, 50_000, 14_000, id="COPAY_PLUS_COINS copay 1st"
        ),
        pytest.param("no charge", 14_000, 50_000, 0, id="NO_CHARGE"),
        pytest.param("deductible", 14_000, 9_000, 9_000, id="NO_CHARGE_AFTER_DED"),
        pytest.param(
            "deductible, coinsurance 50% up to $75", 20_000, 0, 7_500, id="MAX_COINS 7500, not 10000"
        ),
        pytest.param("deductible, coinsurance 20%", 14_000, 10_000, 10_800, id="FAMILY_EMBEDDED 10000 left"),
    ],
)
def test_a_line_costs(sharing, allowed, left, cost):
    assert patient(sharing, allowed, left) == cost


UNTIL_MET = "copay {} until deductible is met, coinsurance 20% once deductible is met"


@pytest.mark.parametrize(
    ("copay", "left", "cost"),
    [
        pytest.param("$30", 100, 3_000, id="$30, 100 left"),
        pytest.param("$30", 0, 2_800, id="$30, met"),
        pytest.param("$20", 100, 2_000, id="$20, 100 left"),
        pytest.param("$20", 0, 2_800, id="$20, met"),
    ],
)
def test_a_copay_until_the_deductible_is_met(copay, left, cost):
    assert patient(UNTIL_MET.format(copay), 14_000, left) == cost


@pytest.mark.parametrize(
    ("sharing", "left", "credit"),
    [
        pytest.param(
            "copay $30, deductible", 50_000, 11_000, id="COPAY_THEN_DED credits what follows the copay"
        ),
        pytest.param("copay $40 toward deductible", 50_000, 4_000, id="COPAY_COUNTS_DED credits the copay"),
        pytest.param("copay $40", 50_000, 0, id="COPAY_COUNTS_DED default credits nothing"),
        pytest.param(
            "copay $30 toward deductible, deductible", 4_000, 4_000, id="COPAY_COUNTS_DED 3000+1000"
        ),
        pytest.param(
            "deductible, copay $30 toward deductible",
            5_000,
            5_000,
            id="COPAY_COUNTS_DED never above what is left",
        ),
        pytest.param(
            "deductible, copay $20, coinsurance 20%", 50_000, 14_000, id="COPAY_PLUS_COINS ded first"
        ),
        pytest.param(
            "copay $20, deductible, coinsurance 20%", 50_000, 12_000, id="COPAY_PLUS_COINS copay 1st"
        ),
        pytest.param("no charge", 50_000, 0, id="NO_CHARGE credits nothing"),
    ],
)
def test_a_line_credits_the_deductible(sharing, left, credit):
    assert shares(sharing, 14_000, left)[4] == credit


def test_a_copay_that_counts_leaves_less_for_the_deductible():
    deductible, copay, *_ = shares("copay $30 toward deductible, deductible", 14_000, 4_000)

    assert (deductible, copay) == (1_000, 3_000)


@pytest.mark.parametrize(
    ("sharing", "allowed", "left", "room", "counted", "cost"),
    [
        pytest.param(
            "deductible, coinsurance 20%", 15_000, 0, 1_800, COUNTS_ALL, 1_800, id="raw 3000, room 1800"
        ),
        pytest.param("deductible, coinsurance 20%", 15_000, 0, 0, COUNTS_ALL, 0, id="next session"),
        pytest.param(
            "deductible, coinsurance 20%",
            15_000,
            9_000,
            6_000,
            COUNTS_ALL,
            6_000,
            id="room ends inside the deductible",
        ),
        pytest.param(
            "deductible, coinsurance 20%",
            15_000,
            9_000,
            1_000,
            counting("coinsurance"),
            10_000,
            id="only coinsurance counts: 9000+1000",
        ),
        pytest.param(
            "deductible, coinsurance 20%", 15_000, 9_000, 1_000, COUNTS_ALL, 1_000, id="all parts count: 1000"
        ),
        pytest.param(
            "copay $40",
            15_000,
            0,
            0,
            counting("deductible", "coinsurance"),
            4_000,
            id="copay does not count: 4000",
        ),
        pytest.param("copay $40", 15_000, 0, 0, COUNTS_ALL, 0, id="copay counts: 0"),
    ],
)
def test_out_of_pocket_limit_reached_part_way(sharing, allowed, left, room, counted, cost):
    assert patient(sharing, allowed, left, room, counted=counted) == cost


def test_the_limit_leaves_the_deductible_before_the_coinsurance():
    deductible, _, coinsurance, _, credit, counts = shares(
        "deductible, coinsurance 20%", 15_000, 9_000, 6_000
    )

    assert (deductible, coinsurance, credit, counts) == (6_000, 0, 6_000, 6_000)


def test_what_is_above_the_most_a_plan_pays_is_part_of_the_share_and_counts_nowhere():
    deductible, copay, coinsurance, over, _, counts = shares(
        "deductible, coinsurance 40%, plan pays up to $90", 16_100, 0
    )

    assert deductible + copay + coinsurance + over == 7_100
    assert counts == 6_440
