"""Other expected care: priced by the plan before therapy, and never part of its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.request import Answer, LimitUsed, OtherCare, Used
from tests.core.builders import (
    AS_OF,
    a_limit,
    a_plan,
    a_row,
    a_visit_limit,
    accumulated,
    ask,
    care_elsewhere,
    lines,
    phrases,
    planned,
    span,
    unknown,
    unknown_ids,
    used,
)

DAY_BEFORE = AS_OF - timedelta(days=1)
FIFTH = "deductible, coinsurance 20%"


def care(service: str | None, **more: object) -> OtherCare:
    """Care of 5000 on the first session's date, by a service of the plan."""
    return OtherCare(date=AS_OF, allowed=5_000, service=service, **more)


def of_the_year(found) -> int:
    """All care of twelve months as planned, in network."""
    return next(row.totals["in_network"] for row in found.comparison if row.run == "planning")


def notices(found):
    return [(each.code, each.params) for each in found.notices if each.code == "other_care_not_priced"]


class TestByAServiceOfThePlan:
    PLAN = a_plan(FIFTH, deductible=20_000, rows=[a_row("deductible", service="specialist", network="in")])

    def test_its_row_says_what_it_costs(self):
        """5000 of the deductible are used before the session: 14000 of 15000 left."""
        found = ask(self.PLAN, other_care=[care("specialist")])

        assert accumulated(found) == {"in_network.deductible": 19_000}

    def test_a_wider_services_row_holds_as_well(self):
        plan = a_plan(FIFTH, deductible=20_000)

        assert accumulated(ask(plan, other_care=[care("psychotherapy")])) == {"in_network.deductible": 19_000}

    @pytest.mark.parametrize("service", ["dentist", None])
    def test_without_a_row_it_is_named_and_counts_nothing(self, service):
        found = ask(self.PLAN, other_care=[care(service)])

        assert notices(found) == [("other_care_not_priced", {"service": service or "", "date": AS_OF})]
        assert accumulated(found) == {"in_network.deductible": 14_000}
        assert of_the_year(found) == 14_000

    def test_two_that_are_not_priced_are_both_named(self):
        later = OtherCare(date=AS_OF + timedelta(days=9), allowed=5_000, service="dentist")
        found = ask(self.PLAN, other_care=[care("dentist"), care("dentist"), later])

        assert [params["date"] for _, params in notices(found)] == [AS_OF, later.date]

    def test_its_own_cost_sharing_comes_first(self):
        found = ask(self.PLAN, other_care=[care("specialist", cost_sharing=())])

        assert accumulated(found) == {"in_network.deductible": 14_000}
        assert notices(found) == []

    def test_unknown_cost_sharing_is_not_priced(self):
        found = ask(self.PLAN, other_care=[care("specialist", cost_sharing=UNKNOWN)])

        assert notices(found) == [("other_care_not_priced", {"service": "specialist", "date": AS_OF})]

    def test_the_entry_in_force_on_its_date_says_what_it_costs(self):
        """Last year's entry takes the deductible from a specialist's visit, this year's does not."""
        before = a_plan(FIFTH, deductible=20_000, rows=[a_row("deductible", service="specialist")],
                        ends=date(2026, 1, 31))  # fmt: skip
        after = a_plan(FIFTH, deductible=20_000, rows=[a_row("no charge", service="specialist")],
                       starts=date(2026, 2, 1))  # fmt: skip
        visits = [OtherCare(date=on, allowed=3_000, service="specialist") for on in (AS_OF, date(2026, 2, 2))]
        found = ask(before, after, other_care=visits)

        # 3000 by the first entry, 14000 of therapy, nothing by the second
        assert of_the_year(found) == 17_000


class TestByWordsWithSeveralReadings:
    """Ten sessions of $140 and a fifth after a deductible of $1,000; a visit elsewhere of $600 comes first.

    With a copay there: seven times $140, $20 and a fifth of $120, twice $28: $1,080.  With the
    deductible there $400 are left: twice $140, $120 and a fifth of $20, seven times $28: $600.
    """

    def found(self, sharing, *, care=None, **answers):
        rows = [
            a_row(sharing, service="specialist", network="in"),
            a_row("copay $15 | no charge", service="x"),
        ]
        visit = OtherCare(date=AS_OF, allowed=60_000, service="specialist")
        told = {id: Answer(value=phrases(value)) for id, value in answers.items()}
        return ask(
            a_plan(FIFTH, deductible=100_000, rows=rows),
            sessions=10,
            other_care=[visit, *(care or ())],
            fields={"answers": told},
        )

    @pytest.mark.parametrize("sharing", ["copay $40 | deductible", "deductible | copay $40"])
    def test_each_is_tried_and_asked_for(self, sharing):
        found = self.found(sharing)

        assert span(found) == (60_000, None, 108_000)
        assert unknown(found, "other_cost_share").swing == 48_000
        assert unknown(found, "other_cost_share").alternatives == tuple(sharing.split(" | "))

    @pytest.mark.parametrize(("said", "total"), [("copay $40", 108_000), ("deductible", 60_000)])
    def test_an_answer_says_which(self, said, total):
        found = self.found("copay $40 | deductible", other_cost_share=said)

        assert span(found) == (total,) * 3
        assert "other_cost_share" not in unknown_ids(found)

    def test_an_answer_is_on_the_words_whose_reading_it_is(self):
        """The visit of a service of its own costs $15 or nothing, and no limit counts either."""
        other = [OtherCare(date=AS_OF, allowed=2_000, service="x")]
        found = self.found("copay $40 | deductible", care=other, other_cost_share="no charge")

        assert span(found) == (60_000, None, 108_000)
        assert "other_cost_share" in unknown_ids(found)

    def test_an_answer_of_another_amount_is_taken_where_one_wording_is_open(self):
        """$700 of the deductible are left: five times $140, which is all of it, and five times $28."""
        found = self.found("copay $40 | deductible", other_cost_share="copay $300 toward deductible")

        assert span(found) == (84_000,) * 3

    @pytest.mark.parametrize("said", ["copay $40 | deductible", "not covered"])
    def test_an_answer_that_says_no_single_thing_settles_nothing(self, said):
        assert span(self.found("copay $40 | deductible", other_cost_share=said)) == (60_000, None, 108_000)

    def test_that_no_limit_of_the_therapy_counts_moves_nothing(self):
        plan = a_plan("copay $30", deductible=100_000, rows=[a_row("copay $5 | deductible", service="x")])
        found = ask(plan, other_care=[care("x")])

        assert span(found) == (3_000,) * 3
        assert "other_cost_share" not in unknown_ids(found)

    def test_an_amount_between_two_ends_is_at_either(self):
        """Of a maximum of $600 the visit takes $100 to $500; ten copays of $40 stop at the rest."""
        row = a_row("copay $100 to $500", service="specialist", network="in")
        plan = a_plan("copay $40", out_of_pocket=60_000, rows=[row])
        visit = OtherCare(date=AS_OF, allowed=70_000, service="specialist")

        def found(**answers):
            return ask(plan, sessions=10, other_care=[visit], fields={"answers": answers})

        assert span(found()) == (10_000, None, 40_000)
        assert span(found(other_cost_share=Answer(value=phrases("copay $300")))) == (30_000,) * 3

    def test_the_same_words_mean_the_same_as_for_the_therapy(self):
        """$300 deductible, two sessions after one elsewhere: twice $40; or $140, then $20 and $40."""
        plan = a_plan("copay $40 | deductible, copay $40", deductible=30_000)
        elsewhere = [OtherCare(date=AS_OF, allowed=14_000, service="psychotherapy")]

        def found(**answers):
            return ask(plan, sessions=2, other_care=elsewhere, fields={"answers": answers})

        assert span(found()) == (8_000, None, 20_000)
        assert "other_cost_share" not in unknown_ids(found())
        assert span(found(ded_applies=Answer(value="whole_amount"))) == (20_000,) * 3

    def test_which_deductible_they_name_is_a_reading(self):
        """$100 of it are left for the session, or $50 after the visit."""
        limits = [a_limit("deductible", 10_000), a_limit("deductible", 9_000, bucket="behavioral_health")]
        row = a_row("behavioral_health deductible | deductible", service="specialist", network="in")
        found = ask(a_plan("deductible", limits=limits, rows=[row]), other_care=[care("specialist")])

        assert span(found) == (5_000, None, 10_000)

    def test_a_copay_of_a_day_is_taken_before_that_of_the_session(self):
        """$30 a day: nothing is left of it for the session, or $20 after a visit of $10."""
        row = a_row("copay $30 per day | copay $10 per day", service="specialist", network="in")
        found = ask(a_plan("copay $30 per day", rows=[row]), other_care=[care("specialist")])

        assert span(found) == (0, None, 2_000)


class TestTheLimitsItFills:
    @pytest.mark.parametrize(
        ("network", "mine"),
        [
            pytest.param("in", 6_000 + 1_600, id="in network: 6000 are left for me"),
            pytest.param("out", 10_000 + 800, id="outside: mine is untouched"),
        ],
    )
    def test_are_those_of_its_network(self, network, mine):
        plan = a_plan(FIFTH, out=FIFTH, deductible=10_000, out_deductible=50_000)
        found = ask(plan, other_care=[care_elsewhere(DAY_BEFORE, 4_000, network=network)], as_of=DAY_BEFORE,
                    first_session=AS_OF)  # fmt: skip

        assert planned(found) == mine

    def test_outside_are_filled_by_care_outside(self):
        plan = a_plan(
            "copay $30", out=FIFTH, out_deductible=50_000, out_out_of_pocket=60_000, allowed_out="$100"
        )
        found = ask(
            plan,
            network="out",
            billed=10_000,
            other_care=[care_elsewhere(AS_OF, 70_000, network="out")],
            used=used(bucket="out_of_network"),
        )

        # 50000 and 4000 of the other care, then a fifth of 10000
        assert accumulated(found, "out_of_network") == {
            "out_of_network.deductible": 50_000,
            "out_of_network.out_of_pocket_maximum": 56_000,
        }

    def test_outside_are_not_filled_by_care_inside(self):
        plan = a_plan("copay $30", out=FIFTH, out_of_pocket=60_000, out_out_of_pocket=60_000)
        found = ask(plan, other_care=[care_elsewhere(AS_OF, 70_000, "copay $90", network="out")])

        assert accumulated(found) == {
            "in_network.out_of_pocket_maximum": 3_000,
            "out_of_network.out_of_pocket_maximum": 9_000,
        }

    def test_count_the_parts_that_they_count(self):
        """Copays are left out of the maximum: only the therapy's own coinsurance is in it."""
        limit = a_limit("out_of_pocket", 60_000, counts=("deductible", "coinsurance"))
        plan = a_plan("no deductible, coinsurance 20%", limits=[limit])
        found = ask(plan, other_care=[care_elsewhere(AS_OF, 9_000, "copay $50")])

        assert accumulated(found) == {"in_network.out_of_pocket_maximum": 2_800}

    def test_that_are_reached_cap_it(self):
        """12000 are its share, of which 2000 fit; the therapy finds the maximum reached."""
        plan = a_plan("copay $30", out_of_pocket=2_000)
        found = ask(plan, other_care=[care_elsewhere(AS_OF, 60_000, "no deductible, coinsurance 20%")])

        assert planned(found) == 0
        assert of_the_year(found) == 2_000

    def test_of_a_name_are_those_of_the_phrase(self):
        limits = [a_limit("deductible", 10_000), a_limit("deductible", 8_000, bucket="behavioral_health")]
        plan = a_plan("behavioral_health deductible", limits=limits)
        found = ask(plan, other_care=[care_elsewhere(AS_OF, 5_000, "behavioral_health deductible")])

        assert planned(found) == 3_000


@pytest.mark.parametrize(
    ("crossing", "ends"),
    [
        # $300 outside count inside: $700 are left, five sessions of $140 and a fifth of the sixth
        ("both", (72_800, 72_800, 72_800)),
        ("none", (84_000, 84_000, 84_000)),
        (UNKNOWN, (72_800, None, 84_000)),
    ],
)
def test_whether_care_outside_counts_inside_is_open_where_the_plan_leaves_it_open(crossing, ends):
    plan = a_plan(
        FIFTH, out="deductible", deductible="$1,000", out_deductible="$800", cross={"deductible": crossing}
    )
    outside = care_elsewhere(AS_OF, 30_000, "deductible", network="out")
    found = ask(plan, sessions=6, other_care=[outside])

    assert span(found) == ends
    assert ("cross" in unknown_ids(found)) is (crossing is UNKNOWN)


class TestWhatItCounts:
    @pytest.mark.parametrize(
        ("service", "costs"),
        [
            pytest.param("specialist", [1_000, 14_000], id="it is one of the two: one is left"),
            pytest.param("dentist", [1_000, 1_000], id="the pool does not count it"),
        ],
    )
    def test_first_visits_of_a_pool_that_names_its_service(self, service, costs):
        plan = a_plan(
            "deductible",
            deductible=90_000,
            rows=[a_row("copay $10", network="in", first=(2, "first"))],
            pools={"first": ("specialist", "outpatient_mental_health")},
        )
        found = ask(
            plan, sessions=2, used=used(visits={"first": 0}), other_care=[care(service, cost_sharing=())]
        )

        assert [line.patient for line in lines(found)] == costs

    @pytest.mark.parametrize(
        ("more", "costs", "met"),
        [
            # one of three first visits is theirs: 65 and nothing of the deductible; then 65, 65, 140, 60 + 65
            pytest.param({}, [6_500, 6_500, 14_000, 12_500], 20_000, id="the person's own"),
            pytest.param(
                {"service": "specialist"}, [6_500, 6_500, 6_500, 14_000], 14_000, id="no first visits"
            ),
        ],
    )
    def test_it_takes_a_first_visit_at_the_price_of_one(self, more, costs, met):
        first = {"network": "in", "first": (3, "first")}
        later = "deductible, copay $65"
        plan = a_plan(
            later,
            deductible=20_000,
            rows=[
                a_row("copay $65", **first),
                a_row("copay $65", service="primary_care", **first),
                a_row(later, service="primary_care", network="in"),
                a_row("copay $30", service="specialist", network="in"),
            ],
            pools={"first": ("primary_care", "outpatient_mental_health")},
        )
        visit = OtherCare(**({"date": AS_OF, "allowed": 14_000, "service": "primary_care"} | more))
        found = ask(plan, sessions=4, used=used(visits={"first": 0}), other_care=[visit])

        assert [line.patient for line in lines(found)] == costs
        assert accumulated(found) == {"in_network.deductible": met}

    def test_a_visit_limit_counts_therapy_alone(self):
        plan = a_plan("copay $30", visit_limits=(a_visit_limit(2),))
        found = ask(plan, sessions=2, other_care=[care("psychotherapy")])

        assert planned(found) == 6_000


class TestCopaysOfADay:
    """A specialist's copay of 30.00 a day, taken before a session of the same day."""

    @pytest.mark.parametrize(
        ("first", "second", "total"),
        [
            pytest.param({}, {}, 3_000, id="one a day"),
            pytest.param({"clinician": "a"}, {"clinician": "b"}, 3_000, id="one a day, whoever takes it"),
        ],
    )
    def test_two_visits_elsewhere_take_one(self, first, second, total):
        visits = [care_elsewhere(AS_OF, 9_000, "copay $30 per day", **each) for each in (first, second)]
        found = ask(a_plan("no charge"), other_care=visits)

        assert of_the_year(found) == total

    @pytest.mark.parametrize(("second", "total"), [("a", 3_000), ("b", 6_000), (None, 6_000)])
    def test_two_visits_take_one_a_clinician(self, second, total):
        sharing = "copay $30 per day per clinician"
        visits = [care_elsewhere(AS_OF, 9_000, sharing, clinician=each) for each in ("a", second)]
        found = ask(a_plan("no charge"), other_care=visits)

        assert of_the_year(found) == total

    def test_two_visits_to_nobody_in_particular_are_one_clinicians(self):
        visits = [care_elsewhere(AS_OF, 9_000, "copay $30 per day per clinician") for _ in range(2)]
        found = ask(a_plan("no charge"), other_care=visits)

        assert of_the_year(found) == 3_000


def test_a_deductible_that_only_other_care_uses_is_open_all_the_same():
    """$500 of the maximum of $1,200 are used by the deductible for therapy.

    Nothing used of the other: $40, then the visit elsewhere takes the $660 that are left, and
    therapy is free.  All $1,000 of it used: the maximum is reached before the first session.
    """
    limits = [
        a_limit("deductible", 100_000),
        a_limit("deductible", 50_000, bucket="behavioral_health"),
        a_limit("out_of_pocket", 120_000),
    ]
    plan = a_plan("behavioral_health deductible, copay $40", limits=limits)

    def found(**said):
        met = {"behavioral_health": LimitUsed(deductible=50_000)}
        care = (care_elsewhere(date(2026, 1, 6), "$1,000"),)
        return ask(plan, allowed=15_000, sessions=10, used=Used(limits=met | said), other_care=care)

    assert span(found()) == (0, 4_000, 4_000)
    assert unknown(found(), "ded_remaining").swing == 4_000
    assert span(found(in_network=LimitUsed(deductible=0))) == (4_000, 4_000, 4_000)
    assert span(found(in_network=LimitUsed(deductible=100_000))) == (0, 0, 0)


def test_outside_the_network_it_is_asked_for_the_deductible_that_other_care_uses():
    """$500 outside are used. Nothing used inside: $40, then the visit takes all that is left of $1,200."""
    limits = [
        a_limit("deductible", 100_000),
        a_limit("deductible", 50_000, bucket="out_of_network"),
        a_limit("out_of_pocket", 120_000, bucket="any_network"),
    ]
    plan = a_plan("copay $20", out="deductible, copay $40", allowed_out="$150", limits=limits)

    def found(**said):
        met = {"out_of_network": LimitUsed(deductible=50_000)}
        care = (care_elsewhere(date(2026, 1, 6), "$1,000"),)
        return ask(
            plan, network="out", billed=15_000, sessions=10, used=Used(limits=met), other_care=care,
            fields={"answers": {id: Answer(value=cents) for id, cents in said.items()}},
        )  # fmt: skip

    assert span(found(), "out_of_network") == (0, 4_000, 4_000)
    assert "ded_remaining" in unknown_ids(found())
    assert "oon_ded_remaining" not in unknown_ids(found())
    assert span(found(ded_remaining=100_000), "out_of_network") == (4_000, 4_000, 4_000)
    assert span(found(ded_remaining=0), "out_of_network") == (0, 0, 0)


class TestADeductibleThatItSharesWithTheTherapy:
    """Two sessions of $150, a visit of $1,500 and ten more sessions: a fifth after a deductible of $600.

    $1,000 are left of the maximum, and nobody knows what is of the deductible.  Nothing: twelve
    fifths, $360.  All: $300, the visit takes $300 and a fifth of $1,200, $160 are left: $460.  With
    $425 the visit takes $125 and a fifth of $1,375, $400, and ten fifths reach the maximum: $600.
    """

    def found(self, used=None, **words):
        plan = a_plan(FIFTH, **{"deductible": 60_000, "out_of_pocket": 200_000} | words)
        limits = {"in_network": LimitUsed(deductible=used, out_of_pocket=100_000)}
        care = [care_elsewhere(date(2026, 1, 15), 150_000)]
        return ask(plan, allowed=15_000, sessions=12, used=Used(limits=limits), other_care=care)

    def test_is_dearest_where_the_maximum_is_reached_with_the_last_session(self):
        assert span(self.found()) == (36_000, 46_000, 60_000)
        assert unknown(self.found(), "ded_remaining").swing == 24_000
        assert span(self.found(used=17_500)) == (60_000,) * 3

    def test_holds_whatever_is_left(self):
        """To the cent about the dearest points of each window."""
        shown = self.found().pathways[0].windows
        for spent in (*range(0, 60_001, 2_500), 17_499, 17_501):
            told = self.found(used=spent).pathways[0].windows
            for whole, exact in zip(shown, told, strict=True):
                assert whole.low <= exact.low == exact.high <= whole.high

    def test_of_a_size_that_nobody_knows(self):
        """As dear at $425 left of however large a deductible; endless, the visit takes the rest: $300."""
        assert span(self.found(deductible=UNKNOWN)) == (30_000, None, 60_000)

    def test_that_no_maximum_leaves_behind_ranges_between_its_ends(self):
        """$600 and a fifth of $2,700 for both, of which the visit takes $540: $600 for the therapy."""
        assert span(self.found(out_of_pocket=None)) == (36_000, 60_000, 60_000)


class TestADeductibleBesideThatOfTheTherapy:
    """Ten sessions of $150, $40 after a deductible of $500 for mental health; next day $1,000 elsewhere.

    Those are all of the other deductible's $1,000, or nothing where that is met.
    """

    def found(self, maximum, used=None, **spent):
        limits = [
            a_limit("deductible", 100_000),
            a_limit("deductible", 50_000, bucket="behavioral_health"),
            a_limit("out_of_pocket", maximum),
        ]
        plan = a_plan("behavioral_health deductible, copay $40", limits=limits)
        said = {name: LimitUsed(deductible=cents) for name, cents in spent.items()}
        said["in_network"] = replace(said.get("in_network", LimitUsed()), out_of_pocket=used)
        elsewhere = [care_elsewhere(date(2026, 1, 6), 100_000, "deductible")]
        return ask(plan, allowed=15_000, sessions=10, used=Used(limits=said), other_care=elsewhere)

    def test_each_may_be_used_without_the_other(self):
        """$1,000 of the maximum are left. Mine unused and the other met: 3 × $150, $90, 6 × $40.

        Mine met and the other unused: $40, then $960 elsewhere reach the maximum.
        """
        found = self.found(200_000, used=100_000)

        assert span(found) == (4_000, 15_000, 78_000)
        assert unknown(found, "bh_ded_remaining").swing == 15_000 - 4_000
        assert unknown(found, "ded_remaining").swing == 78_000 - 15_000
        mine = {"in_network": 100_000, "behavioral_health": 0}
        theirs = {"in_network": 0, "behavioral_health": 50_000}
        assert span(self.found(200_000, used=100_000, **mine)) == (78_000,) * 3
        assert span(self.found(200_000, used=100_000, **theirs)) == (4_000,) * 3

    def test_the_one_outside_the_network_is_asked_by_its_name(self):
        """As above, with the other care outside and one maximum of $2,000 for both networks."""
        limits = [
            a_limit("deductible", 50_000),
            a_limit("deductible", 100_000, bucket="out_of_network"),
            a_limit("out_of_pocket", 200_000, bucket="any_network"),
        ]
        elsewhere = [care_elsewhere(date(2026, 1, 6), 100_000, "deductible", network="out")]
        used = Used(limits={"any_network": LimitUsed(out_of_pocket=100_000)})
        plan = a_plan("deductible, copay $40", limits=limits)
        found = ask(plan, allowed=15_000, sessions=10, used=used, other_care=elsewhere)
        outside = unknown(found, "oon_ded_remaining")

        assert span(found) == (4_000, 15_000, 78_000)
        assert (outside.swing, outside.low, outside.high) == (78_000 - 15_000, 0, 100_000)

    def test_a_maximum_that_nobody_told_has_counted_what_is_used_of_each(self):
        """Of $1,600: mine met leaves $1,100, of which $40, $1,000 elsewhere and $60.  None: $150, $450."""
        assert span(self.found(160_000)) == (10_000, 60_000, 60_000)
        assert span(self.found(160_000, in_network=0, behavioral_health=50_000)) == (10_000,) * 3
