"""A second plan, or a supplement, beside the first: whole estimates worked by hand.

Unless said the first plan allows 15000 and leaves all of it to its own deductible, so that the
patient pays 15000 less what the second plan pays alone (``domain`` 2.4 COB).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coverage_service.core.facts import UNKNOWN, Between, Origin
from coverage_service.core.plan import AGGREGATE, EMBEDDED, Members, Supplement, UpTo
from coverage_service.core.request import Answer, OtherPlan, Used
from coverage_service.core.therapist import Fee
from tests.core.builders import (
    AS_OF,
    EVERYTHING,
    NOTHING_USED,
    a_coverage,
    a_limit,
    a_plan,
    a_row,
    a_therapist,
    a_visit_limit,
    ask,
    care_elsewhere,
    lines,
    pathway,
    scenario,
    span,
    unknown,
    unknown_ids,
    used,
)
from tests.core.test_script import a_script

FIRST = a_plan(
    "deductible", out="deductible", deductible="$9,000", out_deductible="$9,000", allowed_out="$150"
)
FIFTH = "deductible, coinsurance 20%"


def a_second(sharing: str | None = FIFTH, *, used: Used = NOTHING_USED, **more: object) -> OtherPlan:
    """A second plan that pays up to its own benefit."""
    fields: dict[str, object] = {"id": "second", "coordination": "standard"}
    return OtherPlan(entries=(a_plan(sharing, **(fields | more)),), used=used)


def with_second(second: OtherPlan, first=FIRST, **words):
    fields = {"secondary": second, **words.pop("fields", {})}
    return ask(first, fields=fields, **({"billed": 15_000, "allowed": 15_000} | words))


def costs(found, id: str = "in_network") -> list[int]:
    return [line.patient for line in lines(found, id)]


class TestItsOwnLimits:
    @pytest.mark.parametrize(
        ("network", "bucket"),
        [
            ("in", "in_network"),
            ("in", "any_network"),
            ("out", "out_of_network"),
            ("out", "any_network"),
        ],
    )
    def test_are_filled_as_if_it_were_alone_and_start_again_with_its_year(self, network, bucket):
        """Alone it leaves 10000 + 1000, then 1000 up to its maximum of 12000, then nothing."""
        limits = [
            a_limit("deductible", 10_000, bucket=bucket),
            a_limit("out_of_pocket", 12_000, bucket=bucket),
        ]
        first = replace(FIRST, plan_year_starts=((7, 1),))
        found = with_second(
            a_second(out=FIFTH, limits=limits), first, network=network, as_of=date(2026, 12, 14), sessions=5
        )

        each = lines(found, "in_network" if network == "in" else "out_of_network")
        # 14, 21 and 28 December, 4 and 11 January
        assert [line.patient for line in each] == [11_000, 1_000, 0, 11_000, 1_000]
        assert [line.secondary_pays for line in each] == [4_000, 14_000, 15_000, 4_000, 14_000]

    def test_a_maximum_is_reached_where_it_is_the_only_limit(self):
        """Alone it leaves 60 % of 15000, then 3000 up to its maximum of 12000, then nothing."""
        second = a_second("coinsurance 60%", out_of_pocket=12_000)

        assert costs(with_second(second, sessions=3)) == [9_000, 3_000, 0]

    def test_those_of_the_first_plan_are_filled_by_its_whole_share(self):
        """What a second plan pays of a share has been shared all the same."""
        first = a_plan("deductible, coinsurance 50%", deductible=20_000, out_of_pocket=25_000)

        # 15000, 5000 + half of 10000, and nothing more
        found = with_second(a_second("copay $20"), first, sessions=3)

        assert [line.secondary_pays for line in lines(found)] == [13_000, 10_000, 0]
        assert costs(found) == [2_000, 0, 0]

    @pytest.mark.parametrize(
        ("counts", "cost"),
        [
            # alone it pays 140 less a copay of 40, of the $120 that the first leaves: $20 stay, four times
            (("coinsurance",), 4 * 2_000),
            # two copays fill its maximum of $80, after which it pays all of it
            (("deductible", "copay", "coinsurance"), 2 * 2_000),
        ],
    )
    def test_its_maximum_counts_the_parts_that_it_counts(self, counts, cost):
        limit = a_limit("out_of_pocket", 8_000, counts=counts)
        second = a_second("copay $40", limits=[limit])

        assert span(with_second(second, a_plan("copay $120"), allowed=14_000, sessions=4)) == (cost,) * 3

    def test_a_named_deductible_is_the_one_that_is_named(self):
        limits = [
            a_limit("deductible", 100_000),
            a_limit("deductible", 10_000, bucket="behavioral_health"),
            a_limit("deductible", 50_000, bucket="any_network"),
        ]
        found = with_second(
            a_second("behavioral_health deductible, coinsurance 20%", limits=limits), sessions=2
        )

        assert costs(found) == [10_000 + 1_000, 3_000]

    def test_what_is_used_of_them_is_what_was_said_of_the_second_plan(self):
        second = a_second(deductible=10_000, out_of_pocket=50_000, used=used(deductible=4_000))
        found = with_second(second, used=used(deductible=900_000))

        assert costs(found) == [0]  # the first plan's deductible is met: nothing is left to share
        # 6000 of the deductible, a fifth of 9000
        assert costs(with_second(second)) == [6_000 + 1_800]

    def test_a_familys_limit_counts_what_the_family_has_used(self):
        limit = a_limit("deductible", 10_000, family=20_000)
        second = a_second(limits=[limit], used=used(deductible=1_000, family_deductible=17_000))

        # 3000 are left of the family's, 9000 of the person's own: 3000 and a fifth of 12000
        found = with_second(second, fields={"coverage": "family"})

        assert costs(found) == [3_000 + 2_400]

    @pytest.mark.parametrize(("met", "cost"), [(2, 3_000), (1, 11_000)])
    def test_a_family_of_which_two_members_met_theirs_has_met_it(self, met, cost):
        limit = a_limit("deductible", 10_000, method=Members(2))
        second = a_second(limits=[limit], used=used(deductible=0, family_members_met=met))

        assert costs(with_second(second, fields={"coverage": "family"})) == [cost]

    def test_nobody_said_how_many_members_met_theirs(self):
        limit = a_limit("deductible", 10_000, method=Members(2))
        found = with_second(a_second(limits=[limit], used=used()), fields={"coverage": "family"})

        assert span(found)[::2] == (3_000, 11_000)

    def test_between_two_figures_of_a_familys_deductible_nothing_is_planned(self):
        """Of the family's 20000 from 12000 to 17000 are used: 8000 left, or 3000."""
        limit = a_limit("deductible", 10_000, family=20_000)
        said = used(deductible=0, family_deductible=Between(12_000, 17_000))
        found = with_second(a_second(limits=[limit], used=said), fields={"coverage": "family"})

        assert span(found) == (3_000 + 2_400, None, 8_000 + 1_400)


class TestWhatIsTold:
    """Deductible 20000 of the first plan, 10000 of the second, maximum 12000, February's year."""

    FIRST = a_plan("deductible, coinsurance 50%", deductible=20_000)
    SECOND = a_second(deductible=10_000, out_of_pocket=12_000, plan_year_starts=((2, 1),))

    def test_what_is_used_of_either_plan(self):
        found = with_second(self.SECOND, self.FIRST, sessions=2, as_of=date(2026, 1, 26))

        assert [dict(row.accumulators) for row in scenario(found).ledger] == [
            {
                "in_network.deductible": 15_000,
                "second_plan.in_network.deductible": 10_000,
                "second_plan.in_network.out_of_pocket_maximum": 11_000,
            },
            # 2 February: the second plan's year has begun anew
            {
                "in_network.deductible": 20_000,
                "second_plan.in_network.deductible": 10_000,
                "second_plan.in_network.out_of_pocket_maximum": 11_000,
            },
        ]

    def test_the_turns_of_the_first_plans_year(self):
        found = with_second(self.SECOND, self.FIRST, sessions=5, as_of=date(2026, 12, 14))

        assert [(each.code, each.on, each.limit) for each in scenario(found).events] == [
            ("deductible_met", date(2026, 12, 21), "in_network.deductible"),
            ("plan_year_reset", date(2027, 1, 1), ""),
            ("deductible_met", date(2027, 1, 11), "in_network.deductible"),
        ]


class TestWhatIsOpenAboutIt:
    def test_how_much_of_its_deductible_is_met(self):
        """With all of it met 12000 are paid of 15000, with none 4000; planned with none."""
        found = with_second(a_second(deductible=10_000, used=Used()))

        assert span(found) == (3_000, 11_000, 11_000)
        open_fact = unknown(found, "second_plan")
        assert open_fact.swing == 8_000
        assert open_fact.alternatives == ("deductible met", "deductible not met")

    def test_between_two_figures_of_its_deductible(self):
        """Of 10000, between 2000 and 7000 are used: 8000 left, or 3000; no figure to plan with."""
        found = with_second(a_second(deductible=10_000, used=used(deductible=Between(2_000, 7_000))))

        assert span(found) == (3_000 + 2_400, None, 8_000 + 1_400)

    @pytest.mark.parametrize(("met", "cost"), [(0, 20_000), (19_999, 3_001), (20_000, 6_000)])
    def test_on_the_visit_that_ends_its_deductible_it_waives_its_copay(self, met, cost):
        """Two sessions: of the last cent that is left the first takes no copay; of $200 the second none."""
        words = "deductible, copay $30 once deductible is met"
        known, open = (
            a_second(words, deductible=20_000, used=used(deductible=each))
            for each in (met, Between(0, 20_000))
        )

        assert span(with_second(known, sessions=2)) == (cost,) * 3
        assert span(with_second(open, sessions=2)) == (3_000, None, 20_000)

    def test_a_deductible_whose_amount_nobody_knows(self):
        """None of it: a fifth.  One without an end: the second plan pays nothing."""
        found = with_second(a_second(limits=[a_limit("deductible", UNKNOWN)], used=Used()))

        assert span(found) == (3_000, None, 15_000)

    def test_a_plan_without_limits_asks_nothing(self):
        found = with_second(a_second())

        assert span(found) == (3_000, 3_000, 3_000)
        assert not {"second_plan", "coordination", "medigap_visit"} & unknown_ids(found)

    def test_whether_its_gate_lets_the_diagnosis_through(self):
        found = with_second(a_second(coverage=a_coverage("F*: unknown")))

        assert span(found) == (3_000, None, 15_000)
        open_fact = unknown(found, "second_plan")
        assert (open_fact.swing, open_fact.alternatives) == (12_000, ("pays", "does not pay"))

    def test_what_it_shares_of_the_cost(self):
        """Not said: it may pay everything, which no rule says, or nothing."""
        found = with_second(a_second("unknown"))

        assert span(found) == (None, None, 15_000)
        assert unknown(found, "second_plan").swing == 15_000
        assert pathway(found).low_reason == "second_plan"

    def test_a_row_that_is_missing_is_not_known_either(self):
        found = with_second(a_second(None, rows=[a_row("copay $10", service="family_counselling")]))

        assert span(found) == (None, None, 15_000)

    def test_how_it_coordinates(self):
        """The first pays 9000 of 15000, the second alone 12000: 0, 3000 or 1200 are left."""
        first = a_plan("deductible, coinsurance 40%")
        found = with_second(a_second(coordination=UNKNOWN), first)

        assert span(found) == (0, None, 3_000)
        open_fact = unknown(found, "coordination")
        assert open_fact.swing == 3_000
        assert open_fact.alternatives == ("standard", "non_duplication", "maintenance_of_benefits")

    def test_how_it_coordinates_as_answered(self):
        first = a_plan("deductible, coinsurance 40%")
        told = {"answers": {"coordination": Answer(value="maintenance_of_benefits")}}
        found = with_second(a_second(coordination=UNKNOWN), first, fields=told)

        assert span(found) == (1_200, 1_200, 1_200)


class TestWhatIsToldOfItsOpenFacts:
    """Its deductible of $100, its wording and its first visits are open; the plan's own of $9,000 is not."""

    ROWS = (
        a_row("copay $10", network="in", first=(1, "first"), origin=Origin("second.yaml:5")),
        a_row("copay $20 | deductible, copay $20", network="in", origin=Origin("second.yaml:6")),
    )
    SECOND = a_second(None, rows=ROWS, deductible=10_000, used=Used())

    def test_every_alternative(self):
        """Its wording was told alone, or where its deductible was open that alone."""
        assert unknown(with_second(self.SECOND), "second_plan").alternatives == (
            "deductible met",
            "deductible not met",
            "copay $20",
            "deductible, copay $20",
            "1 first visits left",
            "0 first visits left",
        )

    def test_what_can_be_answered_is_asked(self):
        """Which plan pays first, not whether a deductible is met."""
        asked = unknown(with_second(self.SECOND), "second_plan")
        item = next(x for x in a_script("hr", unknowns=[asked]).items if x.id == "second_plan")

        assert [value for value, _ in item.box.choices] == ["none", "primary", "secondary"]

    def test_its_rows_stand_behind_each_line(self):
        found = with_second(self.SECOND)
        behind = [found.why[index] for row in scenario(found).ledger for index in row.why]

        assert [(why.origin.place, why.params["phrases"]) for why in behind if "second_c" in why.code] == [
            ("second.yaml:5", [["copay $10"]]),
            ("second.yaml:6", [["copay $20"], ["deductible", "copay $20"]]),
        ]

    def test_its_limits_under_its_name(self):
        """A deductible of $90 is the second's and none of the plan's, which has none."""
        second = a_second(deductible=9_000, used=Used())
        found = with_second(second, a_plan("copay $120"))
        facts = {fact.id: fact for fact in found.facts}

        assert not {"limit.in_network.deductible", "used.in_network.deductible"} & facts.keys()
        assert facts["second_plan.limit.in_network.deductible"].value == 9_000
        assert facts["second_plan.used.in_network.deductible"].question == "second_plan"
        assert [note.params for note in found.assumptions if note.code == "nothing_used_assumed"] == [
            {"limit": "second_plan.in_network.deductible"}
        ]


class TestTheVisitsItCounts:
    """The first plan leaves all of 15000; of it the second pays all but its copay."""

    FIRST_THREE = (a_row("copay $10", network="in", first=(3, "first")), a_row("copay $30", network="in"))

    def test_each_plan_counts_its_own(self):
        """Free twice more by the second, then $10 of $60 left; from its sixth visit the $60 stay."""
        first = a_plan(
            "copay $60",
            rows=[a_row("copay $10", network="in", first=(2, "first"))],
            visit_limits=(a_visit_limit(20),),
        )
        second = a_second(
            "copay $100",
            rows=[
                a_row("no charge", service="intake", network="in", first=(9, "intakes")),
                a_row("no charge", network="in", first=(3, "free")),
            ],
            visit_limits=(a_visit_limit(1, service="intake"), a_visit_limit(5)),
            used=Used(visits={"intakes": 0, "free": 1, "intake": 0, EVERYTHING: 0}),
        )
        used = Used(visits={"first": 0, EVERYTHING: 4})

        found = with_second(second, first, sessions=8, used=used)
        assert costs(found) == [0, 0, 1_000, 1_000, 1_000, 6_000, 6_000, 6_000]

    @pytest.mark.parametrize(
        ("per", "later"),
        [
            pytest.param("calendar_year", [1_000] * 3, id="the sixth is the third of 2027"),
            pytest.param("plan_year", [6_000, 6_000, 1_000], id="from February 1 they start again"),
        ],
    )
    def test_each_plan_starts_its_own_again(self, per, later):
        """Weekly from December 14: five visits of the second plan, which leaves $10 of $60."""
        first = a_plan("copay $60", visit_limits=(a_visit_limit(20),))
        limits = (a_visit_limit(1, service="intake"), a_visit_limit(5, per=per))
        said = Used(visits={"intake": 0, EVERYTHING: 0})
        second = a_second("copay $100", visit_limits=limits, plan_year_starts=((2, 1),), used=said)
        found = with_second(second, first, sessions=8, as_of=date(2026, 12, 14))

        assert costs(found) == [1_000] * 5 + later

    def test_nobody_said_how_many_first_visits_are_left(self):
        """Three of five at $10, or none; planned with none."""
        found = with_second(a_second(None, rows=self.FIRST_THREE), sessions=5)

        assert span(found) == (3 * 1_000 + 2 * 3_000, 15_000, 15_000)
        assert unknown(found, "second_plan").swing == 6_000

    @pytest.mark.parametrize(("used", "cost"), [(1, 11_000), (3, 15_000)])
    def test_those_that_were_said_to_be_used(self, used, cost):
        second = a_second(None, rows=self.FIRST_THREE, used=Used(visits={"first": used}))

        assert span(with_second(second, sessions=5)) == (cost,) * 3

    def test_the_dearest_may_lie_between_all_first_visits_and_none(self):
        """None left: a deductible of $100, then nothing.  One: $20, then the $100.  Both: $20 twice."""
        rows = [a_row("copay $20", network="in", first=(2, "first")), a_row("deductible", network="in")]
        found = with_second(a_second(None, rows=rows, deductible=10_000), sessions=2)

        assert span(found) == (4_000, 10_000, 12_000)

    @pytest.mark.parametrize("later", ["not covered", "copay $30"])
    def test_first_visits_in_words_nobody_knows_may_be_free(self, later):
        """No rule says that they are, so no low end; all of 15000 where it does not pay."""
        first = replace(self.FIRST_THREE[0], cost_sharing=UNKNOWN)

        found = with_second(a_second(None, rows=[first, a_row(later, network="in")]), sessions=2)

        assert span(found) == (None, None, 30_000)

    def test_first_visits_alone_may_be_covered(self):
        """$10 where every visit is one of its first; all of 15000 where none is."""
        rows = [self.FIRST_THREE[0], a_row("not covered", network="in")]

        assert span(with_second(a_second(None, rows=rows), sessions=2)) == (2_000, 30_000, 30_000)

    @pytest.mark.parametrize(
        ("as_of", "cost"), [(date(2026, 1, 26), [3_000, 1_000]), (date(2026, 12, 28), [3_000, 3_000])]
    )
    def test_first_visits_are_new_with_its_own_year(self, as_of, cost):
        """Its only one is used.  On 2 February its year begins anew, on 4 January only the first plan's."""
        rows = [a_row("copay $10", network="in", first=(1, "first")), self.FIRST_THREE[1]]
        used = Used(visits={"first": 1})
        second = a_second(None, rows=rows, used=used, plan_year_starts=((2, 1),))

        assert costs(with_second(second, sessions=2, as_of=as_of)) == cost

    def test_those_of_either_plan_are_its_own(self):
        """One at $50 of the first, then $100; one of the second after $130, which pays $20, then $10."""
        rows = [a_row("copay $130", network="in", first=(2, "first")), a_row("copay $140", network="in")]
        second = a_second(None, rows=rows, used=Used(visits={"first": 1}))
        first = a_plan("copay $100", rows=[a_row("copay $50", network="in", first=(1, "first"))])
        found = with_second(second, first, sessions=3, used=used(visits={"first": 0}))

        assert costs(found) == [3_000, 9_000, 9_000]

    def test_beyond_its_visit_limit_it_pays_nothing(self):
        """Three of five at $10, as none is used; the others cost all of 15000."""
        second = a_second("copay $10", visit_limits=(a_visit_limit(3),))

        assert costs(with_second(second, sessions=5)) == [1_000, 1_000, 1_000, 15_000, 15_000]

    @pytest.mark.parametrize(
        ("per", "cost"), [("plan_year", [1_000, 15_000, 1_000]), ("calendar_year", [1_000, 1_000, 15_000])]
    )
    def test_its_visit_limit_starts_again_with_its_year_or_the_calendars(self, per, cost):
        """One a year: 14 December, 11 January, 8 February; its year begins on 1 February."""
        second = a_second("copay $10", visit_limits=(a_visit_limit(1, per=per),), plan_year_starts=((2, 1),))
        found = with_second(second, sessions=3, every_days=28, as_of=date(2026, 12, 14))

        assert costs(found) == cost

    @pytest.mark.parametrize(("visits", "low"), [(3, 33_000), (UNKNOWN, 5_000)])
    def test_nobody_said_how_many_visits_are_left(self, visits, low):
        """All three of five, or none; with a limit whose number nobody knows, all five or none."""
        second = a_second("copay $10", visit_limits=(a_visit_limit(visits),), used=Used())

        assert span(with_second(second, sessions=5)) == (low, None, 75_000)

    def test_a_limit_of_other_care_is_not_one_of_these_visits(self):
        limit = a_visit_limit(0, service="family_counselling")

        assert costs(with_second(a_second("copay $10", visit_limits=(limit,)), sessions=2)) == [1_000, 1_000]


class TestOtherCareBesideIt:
    """A visit elsewhere of $100 before the session, of which nobody says what the second plan counts."""

    OTHER = care_elsewhere(AS_OF, 10_000, "copay $20")

    @pytest.mark.parametrize(
        ("deductible", "ends"),
        [
            # its $100 are met, or it takes them of the session and a fifth of $50
            (10_000, (3_000, None, 11_000)),
            # of its $150 $50 are left: those and a fifth of $100; or all of the session
            (15_000, (7_000, None, 15_000)),
        ],
    )
    def test_it_may_use_its_deductible(self, deductible, ends):
        found = with_second(a_second(deductible=deductible), other_care=[self.OTHER])

        assert span(found) == ends
        assert "other care counted" in unknown(found, "second_plan").alternatives

    def test_it_may_use_its_maximum(self):
        """A fifth of $150, or the $20 that are left of $120."""
        found = with_second(a_second(out_of_pocket=12_000), other_care=[self.OTHER])

        assert span(found) == (2_000, None, 3_000)

    @pytest.mark.parametrize(
        ("words", "ends"), [("copay $30 per day", (0, None, 3_000)), ("copay $30", (3_000,) * 3)]
    )
    def test_it_may_take_the_copay_of_the_day(self, words, ends):
        found = with_second(a_second(words), other_care=[self.OTHER])

        assert span(found) == ends

    def test_what_it_costs_itself_stays(self):
        """Two visits of therapy, the deductible met by the care between them or not."""
        other = care_elsewhere(date(2026, 1, 7), 10_000, "copay $20")
        found = with_second(a_second(deductible=20_000), sessions=2, other_care=[other])

        # 15000 within the deductible, then 5000 and a fifth of 10000, or a fifth of 15000
        assert span(found) == (15_000 + 3_000, None, 15_000 + 7_000)


class TestWhatItDoesNotPay:
    def test_a_diagnosis_it_refuses(self):
        found = with_second(a_second(coverage=a_coverage("F*: no")))

        assert span(found) == (15_000, 15_000, 15_000)
        assert "second_plan" not in unknown_ids(found)

    def test_one_code_of_two(self):
        """The intake of 18000 is refused, of the session of 15000 a fifth is left."""
        second = a_second(coverage=a_coverage(codes={"90791": False}))
        found = with_second(
            second,
            prices={"90791": (18_000, 18_000)},
            intake=True,
            sessions=2,
            therapist=a_therapist(intake=True),
        )

        assert costs(found) == [18_000, 3_000]

    def test_care_it_has_no_benefit_for(self):
        found = with_second(a_second("not covered"))

        assert span(found) == (15_000, 15_000, 15_000)
        assert "second_plan" not in unknown_ids(found)

    def test_a_line_the_first_plan_refuses(self):
        first = replace(FIRST, coverage=a_coverage("F*: no"))
        found = with_second(a_second(), first)

        assert scenario(found).name == "not_covered"
        assert costs(found) == [15_000]

    def test_a_tier_of_the_first_plans_network_is_not_its_own(self):
        second = a_second("copay $50", rows=[a_row("no charge", network="in", tier="1")])
        found = with_second(second, tier="1")

        assert costs(found) == [5_000]

    @pytest.mark.parametrize(("modality", "cost"), [("telehealth", 1_000), ("in_person", 5_000)])
    def test_its_row_is_that_of_the_modality(self, modality, cost):
        second = a_second("copay $50", rows=[a_row("copay $10", network="in", modality="telehealth")])

        assert costs(with_second(second, modality=modality)) == [cost]


class TestOpenPrices:
    def test_every_code_is_read_at_its_own_opposite_end(self):
        """Half of the low end less a fifth of the high one, and the other way round (definitions 5)."""
        second = a_second("coinsurance 80%")
        prices = {"90791": (20_000, (10_000, None, 20_000)), "90837": (12_000, (8_000, None, 12_000))}
        found = with_second(
            second, a_plan("coinsurance 50%"), prices=prices, intake=True, sessions=3,
            therapist=a_therapist(intake=True),
        )  # fmt: skip

        low = (5_000 - 4_000) + 2 * (4_000 - 2_400)
        high = (10_000 - 2_000) + 2 * (6_000 - 1_600)
        assert span(found) == (low, None, high)

    @pytest.mark.parametrize(
        ("fee", "ends"),
        [
            (Between(15_000, 25_000), (2_800, None, 4_000)),
            (15_000, (4_000, 4_000, 4_000)),
            (25_000, (2_800, 2_800, 2_800)),
        ],
    )
    def test_a_fee_that_may_be_below_the_contract_is_read_at_its_opposite_end_too(self, fee, ends):
        """$180 by contract or a fee of $150: of a copay of $100 40 % are paid, $72 or $60."""
        fees = (Fee(cpt="90837", fee=fee),)
        words = {"billed": None, "allowed": 18_000, "therapist": a_therapist(fees=fees)}

        assert span(with_second(a_second("coinsurance 60%"), a_plan("copay $100"), **words)) == ends

    def test_outside_the_network_the_balance_bill_stays(self):
        """Billed 20000: of 16000 half less a fifth is 4800, and 4000 above it; of 12000 3600 and 8000."""
        found = with_second(
            a_second(None, out="coinsurance 80%"), a_plan(None, out="coinsurance 50%"),
            network="out", billed=20_000, allowed=(12_000, None, 16_000),
        )  # fmt: skip

        assert span(found, "out_of_network") == (8_800, None, 11_600)

    @pytest.mark.parametrize(("allowed", "cost"), [(10_000, 17_000), (13_000, 14_600), (16_000, 12_200)])
    def test_outside_every_amount_between_the_ends_costs_no_less_and_no_more(self, allowed, cost):
        """Billed 25000: the first pays 60 % of it, without duplication the second 20 % more."""
        words = {"network": "out", "billed": 25_000}
        second = a_second(None, out="coinsurance 20%", coordination="non_duplication")
        first = a_plan(None, out="coinsurance 40%", balance_billing={"out": True})
        found = with_second(second, first, allowed=(10_000, None, 16_000), **words)

        assert span(with_second(second, first, allowed=allowed, **words), "out_of_network") == (cost,) * 3
        assert span(found, "out_of_network") == (12_200, None, 17_000)

    @pytest.mark.parametrize(
        ("rule", "ends"), [(UNKNOWN, (0, None, 12_200)), (UpTo(1_500), (2_400, None, 11_957))]
    )
    def test_outside_with_an_open_or_a_limited_balance_bill(self, rule, ends):
        """Billed 25000: of 16000 40 % is 6400, of 22000 8800; 9000 or 3000 are above them.

        Nothing above is owed: from 6400 less what 22000 would bring, which is nothing.  All of it: 3200
        and 9000.  At most 15 %: from 2400 above 16000 and no share, to 8696 and 3261 at 25000 ÷ 1.15 less
        what 16000 would bring, of which 12800 is no more than the first pays.
        """
        second = a_second(None, out="coinsurance 20%", coordination="non_duplication")
        first = a_plan(None, out="coinsurance 40%", balance_billing={"out": rule})
        found = with_second(second, first, network="out", billed=25_000, allowed=(16_000, None, 22_000))

        assert span(found, "out_of_network") == ends

    @pytest.mark.parametrize(("allowed", "cost"), [(5_000, 1_750), (12_000, 4_200), (22_000, 3_000)])
    def test_outside_a_limited_balance_bill_may_cost_most_between_the_ends(self, allowed, cost):
        """Billed 25000, at most 15 % above: the first leaves 12000 and a fifth, the second alone a fifth.

        Of 5000 is left 1000 and 750 above; of 12000 2400 and 1800; of 22000 nothing and 3000.
        The range: 750 where the second pays as of 21740; 13948 less its 4000 of 5000, and 3261 above 21739.
        """
        words = {"network": "out", "billed": 25_000}
        second = a_second(None, out="coinsurance 20%")
        first = a_plan(None, out=FIFTH, out_deductible=12_000, balance_billing={"out": UpTo(1_500)})
        found = with_second(second, first, allowed=(5_000, None, 22_000), **words)

        assert span(with_second(second, first, allowed=allowed, **words), "out_of_network") == (cost,) * 3
        assert span(found, "out_of_network") == (750, None, 13_209)

    @pytest.mark.parametrize(("allowed", "cost"), [(6_000, 4_000), (10_000, 2_000), (20_000, 7_000)])
    def test_outside_without_a_bill_above_it_may_cost_least_between_the_ends(self, allowed, cost):
        """Of 6000 6000 less 2000, of 10000 8000 less 6000, of 20000 13000 less 6000; or 25000 less both."""
        words = {"network": "out", "billed": 25_000}
        second = a_second(None, out="copay $40, plan pays up to $60")
        first, open = (
            a_plan(None, out="copay $60, coinsurance 50%", balance_billing={"out": rule})
            for rule in (False, UNKNOWN)
        )
        found = with_second(second, open, allowed=(6_000, None, 20_000), **words)

        assert span(with_second(second, first, allowed=allowed, **words), "out_of_network") == (cost,) * 3
        assert span(found, "out_of_network") == (0, None, 23_000)

    @pytest.mark.parametrize(("allowed", "cost"), [(10_000, 4_000), (12_000, 4_800), (20_000, 1_600)])
    def test_outside_with_nothing_billed_above_it_may_cost_most_between_the_ends(self, allowed, cost):
        """The first leaves two fifths; the second alone pays four fifths of what is above its 12000.

        The range: 4000 of 10000 less the 6400 that 20000 brings, and 8000 of 20000 less nothing.
        """
        words = {"network": "out", "billed": 25_000}
        limits = [a_limit("deductible", 12_000, bucket="out_of_network")]
        second = a_second(None, out=FIFTH, limits=limits)
        first = a_plan(None, out="coinsurance 40%", balance_billing={"out": False})
        found = with_second(second, first, allowed=(10_000, None, 20_000), **words)

        assert span(with_second(second, first, allowed=allowed, **words), "out_of_network") == (cost,) * 3
        assert span(found, "out_of_network") == (0, None, 8_000)

    @pytest.mark.parametrize(("fee", "cost"), [(6_000, 1_200), (15_000, 600), (18_000, 0), (25_000, 7_000)])
    def test_outside_a_fee_that_may_be_below_the_amount_is_read_at_its_opposite_end_too(self, fee, cost):
        """The first leaves 12000 and a fifth of at most 18000, the second alone pays four fifths.

        Of 6000 1200 is left, of 15000 600, of 18000 nothing; and what is billed above.  The range: nothing
        to 13200 less the 4800 that 6000 brings, and 7000 above.
        """
        second = a_second(None, out="coinsurance 20%")
        first = a_plan(None, out=FIFTH, out_deductible=12_000)

        def of(fee: object) -> tuple[int | None, ...]:
            words = {"billed": None, "allowed": 18_000, "network": "out"}
            practice = a_therapist(fees=(Fee(cpt="90837", fee=fee),))
            return span(with_second(second, first, therapist=practice, **words), "out_of_network")

        assert of(fee) == (cost,) * 3
        assert of(Between(6_000, 25_000)) == (0, None, 15_400)

    def test_a_planning_price_is_the_same_for_both(self):
        found = with_second(
            a_second("coinsurance 80%"), a_plan("coinsurance 50%"), allowed=(10_000, 12_000, 20_000)
        )

        assert span(found)[1] == 6_000 - 2_400


class TestASupplement:
    OFFICE_VISIT = Supplement(plan="plan", pays=("coinsurance",), member_keeps_copay=2_000)

    @staticmethod
    def of(supplement: Supplement) -> OtherPlan:
        return OtherPlan(entries=(a_plan(None, id="supplement", supplements=supplement),))

    def test_whether_a_session_is_an_office_visit(self):
        """A fifth of 15000 is 3000, of which the member keeps 2000 or nothing."""
        found = with_second(self.of(self.OFFICE_VISIT), a_plan())

        assert span(found) == (0, None, 2_000)
        open_fact = unknown(found, "medigap_visit")
        assert (open_fact.swing, open_fact.alternatives) == (2_000, ("office_visit", "other_visit"))
        assert not {"second_plan", "coordination"} & unknown_ids(found)

    @pytest.mark.parametrize(("answer", "cost"), [(True, 2_000), (False, 0)])
    def test_as_answered(self, answer, cost):
        told = {"answers": {"medigap_visit": Answer(value=answer)}}
        found = with_second(self.of(self.OFFICE_VISIT), a_plan(), fields=told)

        assert span(found) == (cost, cost, cost)
        assert "medigap_visit" not in unknown_ids(found)

    @pytest.mark.parametrize(
        ("pays", "cost"),
        [
            pytest.param({"pays": ()}, 5_000 + 2_000 + 1_600 + 5_000, id="nothing"),
            pytest.param({"pays": ("deductible",)}, 2_000 + 1_600 + 5_000, id="deductible"),
            pytest.param({"pays": ("copay",)}, 5_000 + 1_600 + 5_000, id="copay"),
            pytest.param({"pays": ("coinsurance",)}, 5_000 + 2_000 + 5_000, id="coinsurance"),
            pytest.param({"pays": (), "pays_excess": True}, 5_000 + 2_000 + 1_600, id="excess charges"),
        ],
    )
    def test_pays_the_parts_that_it_names(self, pays, cost):
        """Of 15000: 5000 deductible, 2000 copay, a fifth of 8000; and 5000 above, as billed."""
        first = a_plan(
            None, out="deductible, copay $20, coinsurance 20%", out_deductible=5_000, allowed_out="$150"
        )
        found = with_second(
            self.of(Supplement(plan="plan", **pays)), first, network="out", billed=20_000, allowed=None
        )

        assert costs(found, "out_of_network") == [cost]
        assert "medigap_visit" not in unknown_ids(found)


class TestWhatIsSaidOfTheFirstPlan:
    FIRST = replace(FIRST, coverage=a_coverage("F*: unknown"))

    def test_its_scenarios_reasons_and_liability_stay(self):
        alone = pathway(ask(self.FIRST, billed=15_000, allowed=15_000))
        both = pathway(with_second(a_second(), self.FIRST))

        assert [each.name for each in both.scenarios] == ["covered", "not_covered"]
        assert [each.reasons for each in both.scenarios] == [each.reasons for each in alone.scenarios]
        assert [each.liability for each in both.scenarios] == [None, "unknown"]
        assert both.scenarios[0].reasons

    def test_its_open_coverage_is_asked(self):
        """3000 where it is covered, 15000 where it is not."""
        found = with_second(a_second(), self.FIRST)

        assert unknown(found, "dx_coverage").swings["in_network"] == 12_000

    def test_the_second_plan_is_told_with_its_place(self):
        place = Origin("second.yaml:3")
        found = with_second(a_second(origin=place))

        assert [(why.params, why.origin) for why in found.why if why.code == "second_plan"] == [
            ({"plan": "second"}, place)
        ]


class TestACopayPerDay:
    """$90 and $60 on one day under a copay of $30 per day: $30 and nothing more, as without a second plan."""

    @staticmethod
    def a_day(first, second):
        prices = {"99213": (12_000, 9_000), "90836": (8_000, 6_000)}
        return with_second(
            a_second(second, deductible="$5,000"), first, codes=("99213", "90836"), prices=prices
        )

    def test_is_taken_once_beside_a_second_plan(self):
        found = self.a_day(a_plan("copay $30 per day"), "deductible")

        assert costs(found) == [3_000, 0]

    def test_a_copay_per_visit_is_taken_of_each(self):
        assert costs(self.a_day(a_plan("copay $30"), "deductible")) == [3_000, 3_000]

    def test_the_second_plan_pays_what_the_day_leaves(self):
        """Alone it pays 90 − 20 = $70 and more than the $30; nothing is left of either line."""
        assert costs(self.a_day(a_plan("copay $30 per day"), "copay $20")) == [0, 0]

    @pytest.mark.parametrize(
        ("words", "cost"),
        [
            ("copay $30 per day", [3_000, 0]),
            ("copay $30 per day per clinician", [3_000, 0]),
            ("copay $30", [3_000, 3_000]),
            # $90 of the first line are less than the copay: $5 are left for the second
            ("copay $95 per day", [9_000, 500]),
        ],
    )
    def test_of_the_second_plan_is_taken_once_too(self, words, cost):
        """The first leaves all of both to its deductible; the second pays all but its copay."""
        assert costs(self.a_day(FIRST, words)) == cost

    def test_of_the_second_plan_is_taken_on_each_day_anew(self):
        found = with_second(
            a_second("copay $30 per day"), codes=("99213", "90836"), sessions=2,
            prices={"99213": (12_000, 9_000), "90836": (8_000, 6_000)},
        )  # fmt: skip

        assert costs(found) == [3_000, 0, 3_000, 0]

    def test_of_either_plan_is_its_own(self):
        """Of $40 the first takes 40 of its $100 and the second pays nothing of it, for its $45 take all.

        Of $60 the first takes its other 60; of them the second pays all but the $5 that are left.
        """
        found = with_second(
            a_second("copay $45 per day"), a_plan("copay $100 per day"), codes=("99213", "90836"),
            prices={"99213": (12_000, 4_000), "90836": (8_000, 6_000)},
        )  # fmt: skip

        assert costs(found) == [4_000, 500]


class TestItsOwnOpenWords:
    """The first plan leaves a copay of $100 of $200; twenty sessions."""

    @pytest.mark.parametrize(
        ("method", "coverage", "ends"),
        [
            # a person's $1,000 are five sessions, then 80 % of $200 pays the $100: $500; all met: nothing
            (EMBEDDED, "family", (0, 50_000, 50_000)),
            # the family's $3,000 are fifteen sessions: $1,500
            (AGGREGATE, "family", (0, 150_000, 150_000)),
            (UNKNOWN, "family", (0, 50_000, 150_000)),
            (UNKNOWN, "self_only", (50_000, 50_000, 50_000)),
        ],
    )
    def test_how_the_limits_of_its_family_go_together(self, method, coverage, ends):
        limit = a_limit("deductible", 100_000, family=300_000, method=method)
        second = a_second(FIFTH, limits=[limit], used=used(deductible=0))
        fields = {"coverage": coverage}
        found = with_second(
            second, a_plan("copay $100"), allowed=20_000, billed=20_000, sessions=20, fields=fields
        )

        assert span(found) == ends

    @pytest.mark.parametrize(
        ("words", "ends"),
        [
            # $180 of $200 is more than the first leaves, or nothing within a deductible of $5,000
            ("copay $20 | deductible, copay $20", (0, None, 10_000)),
            # alone it pays $200 less the copay: $100 at the most, or $60, that is $40 are left
            ("copay $0 to $140", (0, None, 4_000)),
            ("copay $120 or $140", (2_000, None, 4_000)),
            ("coinsurance 60% to 70%", (2_000, None, 4_000)),
            ("copay unknown", (None, None, 10_000)),
            ("copay $120", (2_000, 2_000, 2_000)),
            # alone it pays nothing within its deductible, or 80 % of what a smaller one leaves of $200
            (
                "deductible, coinsurance 20% | behavioral_health deductible, coinsurance 20%",
                (2_000, None, 10_000),
            ),
        ],
    )
    def test_what_its_wording_may_mean(self, words, ends):
        limits = [a_limit("deductible", 10_000, bucket="behavioral_health")]
        second = a_second(words, deductible="$5,000", limits=limits)
        found = with_second(second, a_plan("copay $100"), allowed=20_000, billed=20_000)

        assert span(found) == ends
        assert ("second_plan" in unknown_ids(found)) is (ends[1] is None)

    def test_what_the_words_for_one_code_mean_does_not_settle_those_for_another(self):
        """Nothing or $40 for the intake, and for the session: $0 to $80."""
        intake = a_row("copay $40 or $0", service="intake", network="in")
        found = with_second(
            a_second("copay $0 or $40", rows=[intake]), intake=True, sessions=2,
            therapist=a_therapist(intake=True),
        )  # fmt: skip

        assert span(found) == (0, None, 8_000)

    def test_its_copay_is_for_a_visit_or_for_a_day(self):
        """Two lines a day of $90 and $60: a copay of $30 of each, or one."""
        found = with_second(
            a_second("copay $30 | copay $30 per day"), codes=("99213", "90836"),
            prices={"99213": (12_000, 9_000), "90836": (8_000, 6_000)},
        )  # fmt: skip

        assert span(found) == (3_000, None, 6_000)
