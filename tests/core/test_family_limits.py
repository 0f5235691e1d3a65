"""What of a family's limits is not known: how they go together, who is covered, how large they are.

Twenty sessions of $150 under [deductible, copay $30]; a person's deductible is $1,500, the family's
$3,000, and the person has used nothing.  Within the family's: 1,500 + 10 × 30 = $1,800.  The family's
alone: 20 × 150 = $3,000.  When the others have met it: 20 × 30 = $600.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.answers import apply
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AGGREGATE, EMBEDDED, Members, ShareOfIncome
from coverage_service.core.request import Answer, Used
from tests.core.builders import a_limit, a_plan, a_reference, a_request, span, unknown_ids, used

SHARING = "deductible, copay $30"
WITHIN, WHOLE, MET = 180_000, 300_000, 60_000


def a_family(*, method, family=300_000, coverage=None, **more):
    limit = a_limit("deductible", 150_000, family=family, method=method)
    words = {"allowed": 15_000, "sessions": 20, "used": used(deductible=0), "fields": {"coverage": coverage}}
    return a_request(a_plan(SHARING, limits=[limit]), **(words | more))


def told(request, **answers):
    """The estimate with answers put in."""
    given = {id: Answer(value=value) for id, value in answers.items()}
    return estimate(replace(request, answers=given), a_reference())


@pytest.mark.parametrize(
    ("coverage", "method", "ends"),
    [
        ("self_only", UNKNOWN, (WITHIN, WITHIN, WITHIN)),
        ("self_only", AGGREGATE, (WITHIN, WITHIN, WITHIN)),
        ("family", EMBEDDED, (MET, WITHIN, WITHIN)),
        ("family", UNKNOWN, (MET, WITHIN, WHOLE)),
        ("family", AGGREGATE, (MET, WHOLE, WHOLE)),
        (None, EMBEDDED, (WITHIN, WITHIN, WITHIN)),
        (None, UNKNOWN, (MET, WITHIN, WHOLE)),
        (None, AGGREGATE, (MET, WITHIN, WHOLE)),
    ],
)
def test_how_two_deductibles_go_together_is_open_unless_somebody_said(coverage, method, ends):
    found = told(a_family(method=method, coverage=coverage))

    assert span(found) == ends
    assert ("family_method" in unknown_ids(found)) is (ends == (MET, WITHIN, WHOLE))


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        ({"family_method": "self_only"}, (WITHIN, WITHIN, WITHIN)),
        ({"family_method": "embedded"}, (MET, WITHIN, WITHIN)),
        ({"family_method": "members"}, (MET, WITHIN, WITHIN)),
        ({"family_method": "aggregate"}, (MET, WHOLE, WHOLE)),
        ({"family_method": "embedded", "family_ded_remaining": 300_000}, (WITHIN, WITHIN, WITHIN)),
        # 100 000 of the family's are left: 6 × 15,000 and 10,000 + 3,000, then 13 × 3,000
        ({"family_method": "aggregate", "family_ded_remaining": 100_000}, (142_000,) * 3),
    ],
)
@pytest.mark.parametrize("method", [UNKNOWN, AGGREGATE])
def test_an_answer_settles_it(method, answers, ends):
    found = told(a_family(method=method), **answers)

    assert span(found) == ends
    assert "family_method" not in unknown_ids(found)


def test_an_answer_leaves_the_maximum_as_its_document_says():
    deductible = a_limit("deductible", 150_000, family=300_000, method=UNKNOWN)
    maximum = a_limit("out_of_pocket", 160_000, family=900_000, method=EMBEDDED)
    request = a_family(method=UNKNOWN)
    request = replace(request, plan=(a_plan(SHARING, limits=[deductible, maximum]),))

    # the family's deductible alone would be 300,000; the person's own maximum stops at 160,000
    assert span(told(request, family_method="aggregate", family_ded_remaining=300_000)) == (160_000,) * 3


def test_the_others_may_have_met_a_family_deductible_of_unknown_size():
    request = a_family(method=EMBEDDED, family=UNKNOWN, coverage="family")

    assert span(told(request)) == (MET, WITHIN, WITHIN)
    # 40,000 left for all of us: 2 × 15,000 and 10,000 + 3,000, then 17 × 3,000
    assert span(told(request, family_ded_remaining=40_000)) == (94_000,) * 3


def test_what_is_left_for_the_family_tells_nothing_of_its_maximum():
    maximum = a_limit("out_of_pocket", 500_000, family=1_000_000)
    deductible = a_limit("deductible", 150_000, family=UNKNOWN)
    request = a_family(method=EMBEDDED, coverage="family")
    request = replace(request, plan=(a_plan(SHARING, limits=[deductible, maximum]),))

    assert span(told(request, family_ded_remaining=40_000)) == (94_000,) * 3


def test_that_the_plan_covers_one_person_is_told_where_nobody_said():
    def assumed(request):
        return {note.code for note in told(request).assumptions}

    assert "self_only_assumed" in assumed(a_family(method=EMBEDDED))
    assert "self_only_assumed" not in assumed(a_family(method=EMBEDDED, coverage="self_only"))
    assert "self_only_assumed" not in assumed(a_family(method=EMBEDDED, family=None))


def test_that_a_person_has_an_own_limit_is_told_where_the_plan_does_not_say():
    def assumed(**more):
        return {note.code for note in told(a_family(**more)).assumptions}

    assert "own_limit_assumed" in assumed(method=UNKNOWN, coverage="family")
    assert "own_limit_assumed" not in assumed(method=EMBEDDED, coverage="family")
    assert "own_limit_assumed" not in assumed(method=UNKNOWN)


def test_a_limit_that_only_a_family_has_says_nothing_of_one_person():
    """It is the family's that is planned with: 3,000 whole."""
    limit = a_limit("deductible", None, family=300_000, method=AGGREGATE)
    found = told(replace(a_family(method=AGGREGATE), plan=(a_plan(SHARING, limits=[limit]),)))

    assert span(found)[1:] == (WHOLE, WHOLE)
    assert "self_only_assumed" not in {note.code for note in found.assumptions}


@pytest.mark.parametrize("person", [UNKNOWN, None])
def test_of_a_limit_that_a_family_shares_what_is_left_for_one_is_left_for_all(person):
    limit = a_limit("deductible", person, family=300_000, method=AGGREGATE)
    request = a_family(method=AGGREGATE, coverage="family", used=Used())
    request = replace(request, plan=(a_plan(SHARING, limits=[limit]),))

    assert span(told(request)) == (MET, WHOLE, WHOLE)
    assert span(told(request, ded_remaining=40_000)) == (94_000,) * 3


def test_what_the_family_has_used_is_not_what_a_person_used_of_their_own():
    """500 of the family's: within it the person may have used between nothing and 500."""
    request = a_family(method=UNKNOWN, used=used(deductible=None, family_deductible=50_000))

    # within: 1,500 is left at most; the family's alone: 2,500, so 16 × 150 and 100 + 30, then 3 × 30
    assert span(told(request)) == (MET, WITHIN, 262_000)


def test_what_is_left_of_a_share_of_income_says_nothing_of_what_was_used():
    """How large 5 % of an income is, is not asked with it."""
    limit = a_limit("out_of_pocket", family=ShareOfIncome(500), period="month", method=AGGREGATE)
    request = a_request(a_plan("copay $40", limits=[limit]), used=Used())
    after, _ = apply(replace(request, answers={"oop_remaining": Answer(value=200)}))

    assert (after.used, after.coverage) == (request.used, None)


def test_who_says_what_the_family_has_used_has_one_on_the_plan():
    """300 of the family's deductible are left: 2 × 150, then 18 × 30."""
    request = a_family(method=EMBEDDED, used=used(deductible=0, family_deductible=270_000))

    assert span(told(request)) == (84_000,) * 3


def test_outside_the_network_the_answer_is_about_the_limit_outside():
    limits = [
        a_limit("deductible", 150_000, bucket=bucket, family=300_000)
        for bucket in ("in_network", "out_of_network")
    ]
    request = a_request(
        a_plan(None, out="deductible, copay $30", limits=limits),
        network="out",
        billed=15_000,
        allowed=15_000,
        sessions=20,
        used=used(bucket="out_of_network"),
        fields={"coverage": "family"},
    )

    assert span(told(request), "out_of_network") == (MET, WITHIN, WITHIN)
    assert span(told(request, family_ded_remaining=40_000), "out_of_network") == (94_000,) * 3


@pytest.mark.parametrize(
    ("network", "inside", "outside", "way", "ends"),
    [
        # $10 is left of the family's maximum, which the deductible inside has nothing to do with
        ("in", 1_000_000, None, "in_network", 1_000),
        (None, 1_000_000, None, "in_network", 1_000),
        # the answer is about the maximum outside, where the clinician is or where only there is one
        ("out", None, 1_000_000, "out_of_network", 1_000),
        ("out", 1_000_000, 1_000_000, "out_of_network", 1_000),
        (None, None, 1_000_000, "out_of_network", 1_000),
        # and one outside says nothing of visits inside
        (None, None, 1_000_000, "in_network", WITHIN),
        ("in", 1_000_000, 1_000_000, "in_network", 1_000),
    ],
)
def test_what_is_left_of_the_familys_maximum_is_that_of_the_network(network, inside, outside, way, ends):
    limits = [
        a_limit("deductible", 150_000),
        a_limit("out_of_pocket", 500_000, family=inside),
        a_limit("deductible", 150_000, bucket="out_of_network"),
        a_limit("out_of_pocket", 500_000, bucket="out_of_network", family=outside),
    ]
    request = a_family(
        method=EMBEDDED, coverage="family", network=network, billed=15_000,
        used=used(deductible=0, out_of_pocket=0),
    )  # fmt: skip
    plan = a_plan(SHARING, out="deductible, copay $30", limits=limits, allowed_out="$150")
    request = replace(request, plan=(plan,))

    assert span(told(request, family_oop_remaining=1_000), way)[2] == ends


def test_one_answer_holds_for_all_limits_of_a_plan():
    """The deductible is each one's own, by its document; only the maximum says nothing."""
    limits = [
        a_limit("deductible", 150_000, family=300_000),
        a_limit("out_of_pocket", 160_000, family=320_000, method=UNKNOWN),
    ]
    request = replace(a_family(method=EMBEDDED), plan=(a_plan(SHARING, limits=limits),))

    # the others met the deductible: 200 of the family's maximum are left; or 1,500 and then copays up to
    # the person's 1,600; or ten of them where the family's maximum alone counts
    assert span(told(request)) == (20_000, 160_000, WITHIN)
    assert span(told(request, family_method="self_only")) == (160_000,) * 3
    assert span(told(request, family_method="aggregate", family_ded_remaining=300_000)) == (WITHIN,) * 3


def test_what_the_family_has_used_does_not_reach_a_persons_own_maximum():
    """The family used 600 of a deductible of unknown size; how much of it the person did, nobody said."""
    limits = [
        a_limit("deductible", UNKNOWN, family=UNKNOWN, method=EMBEDDED),
        a_limit("out_of_pocket", 60_000),
    ]
    request = a_family(
        method=EMBEDDED, coverage="family", used=used(deductible=None, family_deductible=60_000)
    )
    request = replace(request, plan=(a_plan(SHARING, limits=limits),))

    assert span(told(request))[2] == 60_000


def swings(found):
    return {each.id: each.swing for each in found.unknowns}


def test_how_many_members_met_theirs_is_asked():
    """Two others may have met theirs: then 20 % of 14000."""
    limits = [
        a_limit("deductible", 150_000, family=None, method=Members(2)),
        a_limit("out_of_pocket", 500_000),
    ]
    request = a_request(
        a_plan(limits=limits), allowed=14_000, used=used(deductible=20_000), fields={"coverage": "family"}
    )
    found = told(request)

    assert span(found) == (2_800, 14_000, 14_000)
    assert swings(found)["family_members_met"] == 11_200
    assert span(told(request, family_members_met=2)) == (2_800, 2_800, 2_800)


def test_the_members_who_met_theirs_are_those_inside_the_network():
    limits = [
        a_limit("deductible", 150_000, family=None, method=Members(2)),
        a_limit("deductible", 150_000, bucket="out_of_network", family=300_000),
        a_limit("out_of_pocket", 500_000, bucket="out_of_network", family=900_000),
    ]
    request = a_request(
        a_plan(out="deductible, coinsurance 50%", limits=limits), network=None, allowed=14_000,
        used=used(deductible=0), fields={"coverage": "family"},
    )  # fmt: skip

    assert span(told(request, family_members_met=2))[::2] == (2_800, 2_800)


def test_enough_members_have_met_a_deductible_of_whatever_size():
    limit = a_limit("deductible", UNKNOWN, family=None, method=Members(2))
    request = a_request(
        a_plan(limits=[limit]), allowed=14_000, used=used(deductible=20_000), fields={"coverage": "family"}
    )

    assert span(told(request))[::2] == (2_800, 14_000)
    assert span(told(request, family_members_met=2))[::2] == (2_800, 2_800)


def test_what_the_family_has_used_is_asked_by_its_own_name():
    """The family's limit may be met: 20 %; its out-of-pocket maximum is not taken as reached."""
    limits = [
        a_limit("deductible", 150_000, family=300_000),
        a_limit("out_of_pocket", 500_000, family=1_000_000),
    ]
    request = a_request(
        a_plan(limits=limits), allowed=14_000, used=used(deductible=20_000, out_of_pocket=20_000),
        fields={"coverage": "family"},
    )  # fmt: skip
    found = told(request)

    assert span(found) == (2_800, 14_000, 14_000)
    assert swings(found)["family_ded_remaining"] == 11_200
    assert "ded_remaining" not in swings(found)
    assert span(told(request, family_ded_remaining=130_000)) == (14_000, 14_000, 14_000)
