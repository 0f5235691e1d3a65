"""What is used of a deductible has been spent, so it is used of the maximum that counts it as well.

Ten sessions of $150, half of which is coinsurance once a deductible of $1,000 is met.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import Between
from coverage_service.core.request import Answer, LimitUsed, Used
from tests.core.builders import (
    EVERYTHING,
    a_limit,
    a_plan,
    a_reference,
    a_request,
    a_row,
    ask,
    span,
    unknown,
    unknown_ids,
)

HALF = "deductible, coinsurance 50%"
COMBINED = a_limit("out_of_pocket", 150_000, bucket="any_network")


def said(**limits):
    return Used(limits={name: LimitUsed(**of) for name, of in limits.items()}, visits={EVERYTHING: 0})


def halved(used, **words):
    plan = {"deductible": "$1,000"} | words
    return ask(a_plan(plan.pop("sharing", HALF), **plan), used=used, allowed=15_000, sessions=10)


@pytest.mark.parametrize(
    ("limits", "ends"),
    [
        # all of the deductible is used, and so $1,000 of $1,500: ten halves of $150 stop at the other $500
        ({"in_network": {"deductible": 100_000}}, (50_000, 50_000, 50_000)),
        # met: $500 as above; nothing used: $1,000 and half of the other $500
        ({}, (50_000, 125_000, 125_000)),
        # no more than $300 of the deductible is used: $700 and half of $800; else $1,250, but $1,200 are left
        ({"any_network": {"out_of_pocket": 30_000}}, (110_000, 120_000, 120_000)),
        ({"in_network": {"deductible": 0}}, (125_000, 125_000, 125_000)),
    ],
)
def test_a_maximum_of_both_networks_counts_the_deductible_of_one(limits, ends):
    assert span(halved(said(**limits), limits=[COMBINED])) == ends


@pytest.mark.parametrize(
    ("crossing", "left"),
    [("none", 40_000), ("both", 70_000), ("in_to_out", 70_000)],
)
def test_what_two_networks_may_share_counts_once(crossing, left):
    """$800 inside and $300 outside are $1,100 of $1,500, or $800 where the $300 may be among them.

    Then $200 more of the deductible and half of $1,300, $850 in all, stop at what is left.
    """
    limits = [COMBINED, a_limit("deductible", 100_000, bucket="out_of_network")]
    used = said(in_network={"deductible": 80_000}, out_of_network={"deductible": 30_000})

    assert span(halved(used, limits=limits, cross={"deductible": crossing})) == (left,) * 3


@pytest.mark.parametrize(("outside", "cost"), [((), 50_000), (("out",), 75_000), ((None,), 75_000)])
def test_a_deductible_of_its_own_counts_toward_the_networks_maximum(outside, cost):
    """$500 of $1,000 are used: ten halves of $150, $750, stop at $500.

    Where care outside uses the same deductible nobody knows where the $500 were spent.
    """
    own = a_limit("deductible", 50_000, bucket="behavioral_health")
    used = said(behavioral_health={"deductible": 50_000}, in_network={"deductible": 0})
    rows = [a_row(f"behavioral_health {HALF}", network=each) for each in outside]
    found = halved(used, sharing=f"behavioral_health {HALF}", out_of_pocket="$1,000", limits=[own], rows=rows)

    assert span(found) == (cost,) * 3


@pytest.mark.parametrize(
    ("maximum", "ends"),
    [
        # the family has used $500 at most, $2,500 are left of it: $1,500 of my own, then 10 × $30
        ({"family_out_of_pocket": 50_000}, (180_000, 180_000, 180_000)),
        # $2,600 at most: $400, that is 2 × $150 and $100 + $30, then 17 × $30
        ({"family_out_of_pocket": 260_000}, (94_000, 180_000, 180_000)),
        ({}, (60_000, 180_000, 180_000)),
    ],
)
def test_a_family_has_used_no_more_of_its_deductible_than_of_its_maximum(maximum, ends):
    limits = [
        a_limit("deductible", 150_000, family=300_000),
        a_limit("out_of_pocket", 500_000, family=1_000_000),
    ]
    used = said(in_network={"deductible": 0, "out_of_pocket": 0, **maximum})
    plan = a_plan("deductible, copay $30", limits=limits)
    found = ask(plan, used=used, allowed=15_000, sessions=20, fields={"coverage": "family"})

    assert span(found) == ends
    assert ("family_ded_remaining" in unknown_ids(found)) is (ends[0] < ends[2])


def test_a_deductible_of_both_networks_is_no_part_of_a_maximum_inside():
    """Nobody knows where its $1,000 were spent: ten halves of $150, and beside it what they may reach."""
    both = a_limit("deductible", 100_000, bucket="any_network")
    used = said(any_network={"deductible": 100_000})
    found = halved(used, deductible=None, out_of_pocket="$1,500", limits=[both])

    assert span(found) == (75_000,) * 3
    assert unknown(found, "oop_remaining").swing == 75_000


def test_a_deductible_of_both_networks_holds_that_of_one_already():
    """$900 of both networks' $1,000 hold the $500 used outside: $600 of the maximum are left."""
    both = a_limit("deductible", 100_000, bucket="any_network")
    outside = a_limit("deductible", 100_000, bucket="out_of_network")
    used = said(any_network={"deductible": 90_000}, out_of_network={"deductible": 50_000})

    # $100 and half of $1,400, $800 in all, stop at $600
    assert span(halved(used, deductible=None, limits=[both, outside, COMBINED])) == (60_000,) * 3


@pytest.mark.parametrize(
    "limits",
    [
        # $80 of the deductible outside are no part of the maximum inside
        [
            a_limit("out_of_pocket", 10_000),
            a_limit("deductible", 8_000, bucket="out_of_network"),
        ],
        # nor are $80 of the one inside where the maximum counts copays alone
        [a_limit("out_of_pocket", 10_000, counts=("copay",)), a_limit("deductible", 8_000)],
    ],
)
def test_a_maximum_that_does_not_count_a_deductible_is_untouched_by_it(limits):
    """Copays of $40, $40 and $20 reach $100."""
    used = {limit.bucket: {"deductible": 8_000} for limit in limits if limit.kind == "deductible"}

    assert span(halved(said(**used), sharing="copay $40", deductible=None, limits=limits)) == (10_000,) * 3


INSIDE, OUTSIDE = (
    a_limit("out_of_pocket", 200_000),
    a_limit("out_of_pocket", 900_000, bucket="out_of_network"),
)


@pytest.mark.parametrize(
    ("limits", "used", "ends"),
    [
        # at most $300 used: $700 and half of $800; at least none: $1,000 and half of $500
        ([COMBINED], {"any_network": Between(10_000, 30_000)}, (110_000, None, 125_000)),
        # at most $200: $800 and half of $700; none: $1,250, but $1,200 are left of the other maximum
        ([INSIDE, COMBINED], {"in_network": 20_000, "any_network": 30_000}, (115_000, 120_000, 120_000)),
        # a maximum that does not count it says nothing
        ([OUTSIDE, COMBINED], {"out_of_network": 0, "any_network": 30_000}, (110_000, 120_000, 120_000)),
    ],
)
def test_no_more_of_a_deductible_is_used_than_of_each_maximum(limits, used, ends):
    spent = {bucket: {"out_of_pocket": cents} for bucket, cents in used.items()}

    assert span(halved(said(**spent), limits=limits)) == ends


def test_of_two_deductibles_that_nobody_told_one_is_taken_as_used():
    """$1,000 of $1,500 at most: that both are, which would reach the maximum, is told beside the range."""
    limits = [COMBINED, a_limit("deductible", 50_000, bucket="out_of_network")]
    found = halved(said(), limits=limits)

    assert span(found) == (50_000, 125_000, 125_000)
    assert "oop_remaining" in unknown_ids(found)


def answered(request, **cents):
    told = {id: Answer(value=value) for id, value in cents.items()}
    return estimate(replace(request, answers=told), a_reference())


@pytest.mark.parametrize(("network", "asked"), [("in", "oop_remaining"), ("out", "oon_oop_remaining")])
def test_a_range_of_what_is_used_of_a_maximum_ranges_over_what_is_left(network, asked):
    """$100 to $500 of $1,500 are left under ten halves of $150; told $300 are."""
    side = {"in": "in_network", "out": "out_of_network"}[network]
    limits = [a_limit("deductible", 100_000, bucket=side), a_limit("out_of_pocket", 150_000, bucket=side)]
    plan = a_plan(HALF, out=HALF, limits=limits, allowed_out="$150")
    used = said(**{side: {"deductible": 100_000, "out_of_pocket": Between(100_000, 140_000)}})
    request = a_request(plan, network=network, billed=15_000, allowed=15_000, sessions=10, used=used)

    assert span(answered(request), side) == (10_000, None, 50_000)
    assert unknown(answered(request), asked).swing == 40_000
    assert span(answered(request, **{asked: 30_000}), side) == (30_000,) * 3


def test_a_range_of_what_the_family_used_is_asked_as_the_familys():
    """Nothing to $500 of $10,000 are left for the family under ten halves of $150; told $200 are."""
    limits = [a_limit("deductible", 100_000), a_limit("out_of_pocket", 500_000, family=1_000_000)]
    family = Between(950_000, 1_000_000)
    used = said(in_network={"deductible": 100_000, "out_of_pocket": 100_000, "family_out_of_pocket": family})
    request = a_request(
        a_plan(HALF, limits=limits), allowed=15_000, sessions=10, used=used, fields={"coverage": "family"}
    )

    assert span(answered(request)) == (0, None, 50_000)
    assert unknown(answered(request), "family_oop_remaining").swing == 50_000
    assert span(answered(request, family_oop_remaining=20_000)) == (20_000,) * 3


TWO = [COMBINED, a_limit("deductible", 100_000, bucket="out_of_network")]


@pytest.mark.parametrize(
    ("crossing", "outside", "ends"),
    [
        # inside nothing or all $1,000 used: $1,250, but $1,200 are left, or ten halves that stop at $200
        ("none", 30_000, (20_000, 120_000, 120_000)),
        # the $1,000 may hold the $300 already: ten halves stop at $500
        ("both", 30_000, (50_000, 120_000, 120_000)),
        # $100 to $300: there is no figure to plan with
        ("none", Between(10_000, 30_000), (20_000, None, 125_000)),
        ("both", Between(10_000, 30_000), (50_000, None, 125_000)),
    ],
)
def test_what_is_used_outside_the_network_is_used_of_the_maximum_of_both(crossing, outside, ends):
    used = said(out_of_network={"deductible": outside})

    assert span(halved(used, limits=TWO, cross={"deductible": crossing})) == ends


def test_a_range_of_a_deductible_outside_ranges_over_the_maximum_of_both():
    """$800 inside and $100 to $300 outside leave $400 to $600 of $1,500, where $850 would be due."""
    used = said(in_network={"deductible": 80_000}, out_of_network={"deductible": Between(10_000, 30_000)})
    request = a_request(a_plan(HALF, deductible="$1,000", limits=TWO), allowed=15_000, sessions=10, used=used)

    assert span(answered(request)) == (40_000, None, 60_000)
    assert span(answered(request, oop_remaining=45_000)) == (45_000,) * 3
