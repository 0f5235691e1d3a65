"""Sliding scales: every model, the edges of its bands, and what stays open."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Between, OneOf, Origin
from coverage_service.core.reference import PovertyGuideline, Reference
from coverage_service.core.request import Household
from coverage_service.core.sliding_scale import (
    MODELS,
    ScaleFee,
    forgiven,
    insured_share_cap,
    may_reduce_insured_share,
    scale_fee,
)
from coverage_service.core.therapist import Band, Sliding

GUIDELINES = [
    ("2024", "48", 15060_00, 5380_00),
    ("2025", "48", 15650_00, 5500_00),
    ("2025", "AK", 19550_00, 6880_00),
    ("2025", "HI", 17990_00, 6330_00),
    ("2026", "48", 15960_00, 5680_00),
    ("2026", "AK", 19950_00, 7100_00),
    ("2026", "HI", 18360_00, 6530_00),
]
REFERENCE = Reference(guidelines={row[:2]: PovertyGuideline(*row) for row in GUIDELINES})
ON = date(2026, 11, 30)
FULL = 200_00


def open_scale(model, **stated):
    return Sliding(**({"model": model, "slots": True} | stated))


def fee_of(sliding, income=None, size=None, area="48", full=FULL, cpt="90837", on=ON):
    return scale_fee(sliding, full, Household(size=size, area=area, income=income), REFERENCE, cpt, on)


def ends(fee):
    return (fee.low, fee.planning, fee.high)


def note_codes(fee):
    return [note.code for note in fee.notes]


EXAMPLE = open_scale(
    "fpl_bands",
    guideline_year="2026",
    bands=(Band(10000, 60_00), Band(15000, 90_00), Band(20000, 120_00), Band(30000, 150_00)),
    cpts=("90834", "90837", "90847"),
)


class TestTheTherapistFileOfTheDomain:
    @pytest.mark.parametrize(
        ("size", "area", "income", "fee"),
        [
            pytest.param(2, "48", 38_000_00, 120_00, id="175.60 % in the 48 states"),
            pytest.param(2, "AK", 38_000_00, 90_00, id="140.48 % in Alaska"),
            pytest.param(2, "HI", 38_000_00, 120_00, id="152.67 % in Hawaii"),
            pytest.param(1, "48", 31_920_00, 120_00, id="200 % is inclusive"),
            pytest.param(1, "48", 31_920_01, 150_00, id="one cent above 200 %"),
            pytest.param(1, "48", 15_960_00, 60_00, id="100 % is inclusive"),
            pytest.param(1, "48", 15_960_01, 90_00, id="one cent above 100 %"),
            pytest.param(1, "48", 47_880_01, 200_00, id="one cent above 300 % is the full fee"),
            pytest.param(1, "48", 0, 60_00, id="no income"),
        ],
    )
    def test_fee(self, size, area, income, fee):
        """Trap 21: area, inclusive ends, cents against a guideline printed in dollars."""
        found = fee_of(EXAMPLE, income, size, area)

        assert ends(found) == (fee, fee, fee)
        assert found.unknown_ids == ()

    def test_the_intake_is_not_on_the_scale(self):
        found = fee_of(EXAMPLE, 10_000_00, 1, full=250_00, cpt="90791")

        assert ends(found) == (250_00, 250_00, 250_00)
        assert note_codes(found) == ["not_on_scale"]

    @pytest.mark.parametrize(("area", "guideline"), [("48", 33_000_00), ("AK", 41_250_00), ("HI", 37_950_00)])
    def test_guidelines_of_a_household_of_four(self, area, guideline):
        assert fee_of(EXAMPLE, guideline, 4, area).planning == 60_00
        assert fee_of(EXAMPLE, guideline + 1, 4, area).planning == 90_00

    def test_a_household_above_eight(self):
        """Ten persons in 2026: 15,960 + 9 × 5,680 = 67,080."""
        assert fee_of(EXAMPLE, 67_080_00, 10).planning == 60_00
        assert fee_of(EXAMPLE, 67_080_01, 10).planning == 90_00

    def test_the_guideline_used_is_told_with_its_source(self):
        found = fee_of(EXAMPLE, 38_000_00, 2)

        used = {"year": "2026", "area": "48", "size": 2, "cents": 21_640_00}
        assert found.notes == (Note("guideline_used", used),)


class TestGuidelineYear:
    """Trap 21: the year is the one that the practice states, and never guessed."""

    def test_last_years_guideline_gives_last_years_fee(self):
        """31,300 is exactly 200 % of 15,650 (2025) and below 200 % of 15,960 (2026)."""
        last_year = replace(EXAMPLE, guideline_year="2025")

        assert fee_of(last_year, 31_300_00, 1).planning == 120_00
        assert fee_of(last_year, 31_300_01, 1).planning == 150_00
        assert fee_of(EXAMPLE, 31_300_01, 1).planning == 120_00

    def test_that_the_guideline_is_not_this_years_is_said(self):
        origin = Origin("t.yaml:8")
        last_year = replace(EXAMPLE, guideline_year="2025", origin=origin)

        assert fee_of(last_year, 31_300_00, 1).notes[1:] == (
            Note("older_guideline", {"year": "2025", "now": "2026"}, origin),
        )
        assert fee_of(last_year, 31_300_00, 1, on=date(2025, 12, 31)).notes[1:] == ()
        assert fee_of(EXAMPLE, 31_300_00, 1).notes[1:] == ()

    def test_the_place_of_the_guideline_and_of_the_scale_is_told(self):
        printed, origin = Origin("poverty_guidelines.yaml:30"), Origin("t.yaml:8")
        guideline = PovertyGuideline("2026", "48", 15960_00, 5680_00, printed)
        reference = Reference(guidelines={("2026", "48"): guideline})
        scale, household = replace(EXAMPLE, origin=origin), Household(size=1, area="48", income=0)
        known = scale_fee(scale, FULL, household, reference, "90837", ON)
        missing = scale_fee(scale, FULL, replace(household, area="HI"), reference, "90837", ON)

        assert [note.origin for note in known.notes] == [printed]
        assert [note.origin for note in missing.notes] == [origin]

    @pytest.mark.parametrize(
        ("year", "area"), [("2027", "48"), (None, "48"), ("2024", "AK"), ("2027", None), ("2024", None)]
    )
    def test_a_year_that_is_not_there_leaves_the_whole_scale_open(self, year, area):
        found = fee_of(replace(EXAMPLE, guideline_year=year), 10_000_00, 1, area)

        assert ends(found) == (60_00, None, 200_00)
        assert found.unknown_ids == ("sliding",)
        assert found.notes == (Note("guideline_missing", {"year": year, "area": area}),)


class TestWhatIsNotKnown:
    def test_income(self):
        found = fee_of(EXAMPLE, None, 2)

        assert ends(found) == (60_00, None, 200_00)
        assert found.unknown_ids == ("household_income",)

    def test_household_size(self):
        found = fee_of(EXAMPLE, 38_000_00, None)

        assert ends(found) == (60_00, None, 200_00)
        assert found.unknown_ids == ("household_size",)

    def test_area_gives_the_fees_of_the_three(self):
        found = fee_of(EXAMPLE, 38_000_00, 2, None)

        assert ends(found) == (90_00, None, 120_00)
        assert found.unknown_ids == ("household_area",)

    def test_an_area_that_changes_nothing_is_not_asked(self):
        found = fee_of(EXAMPLE, 10_000_00, 2, None)

        assert (ends(found), found.unknown_ids) == ((60_00, 60_00, 60_00), ())

    def test_income_between_two_ends(self):
        found = fee_of(EXAMPLE, Between(30_000_00, 38_000_00), 2)

        assert ends(found) == (90_00, None, 120_00)
        assert found.unknown_ids == ("household_income",)

    def test_income_between_two_ends_of_one_band(self):
        found = fee_of(EXAMPLE, Between(33_000_00, 38_000_00), 2)

        assert (ends(found), found.unknown_ids) == ((120_00, 120_00, 120_00), ())

    def test_the_open_place(self):
        found = fee_of(replace(EXAMPLE, slots=UNKNOWN), 38_000_00, 2)

        assert ends(found) == (120_00, None, 200_00)
        assert found.unknown_ids == ("sliding_slots",)

    def test_no_open_place_is_the_full_fee(self):
        found = fee_of(replace(EXAMPLE, slots=False), 38_000_00, 2)

        assert ends(found) == (200_00, 200_00, 200_00)
        assert note_codes(found) == ["no_open_slot"]

    @pytest.mark.parametrize("full", [None, UNKNOWN])
    def test_the_full_fee(self, full):
        assert fee_of(EXAMPLE, 38_000_00, 2, full=full) == fee_of(EXAMPLE, 38_000_00, 2)
        above = fee_of(EXAMPLE, 90_000_00, 2, full=full)
        assert (ends(above), above.unknown_ids) == ((None, None, None), ("fee",))
        anyone = fee_of(EXAMPLE, None, 2, full=full)
        assert (ends(anyone), anyone.unknown_ids) == ((60_00, None, None), ("household_income", "fee"))

    @pytest.mark.parametrize("full", [Between(180_00, 220_00), OneOf((220_00, 180_00))])
    def test_a_full_fee_between_two_ends(self, full):
        above = fee_of(EXAMPLE, 90_000_00, 2, full=full)
        assert (ends(above), above.unknown_ids) == ((180_00, None, 220_00), ("fee",))
        assert fee_of(EXAMPLE, 38_000_00, 2, full=full).planning == 120_00

    def test_there_is_no_planning_figure_while_a_fact_is_open_even_if_it_moves_nothing(self):
        scale = open_scale("income_bands", bands=(Band(50_000_00, 200_00),))

        assert ends(fee_of(scale)) == (200_00, None, 200_00)
        assert ends(fee_of(replace(scale, slots=UNKNOWN), 10_000_00)) == (200_00, None, 200_00)

    def test_income_counted_in_another_way_is_said(self):
        found = fee_of(replace(EXAMPLE, income="net_person"), 38_000_00, 2)

        assert Note("income_counted_as", {"basis": "net_person"}) in found.notes


class TestModels:
    @pytest.mark.parametrize(
        ("stated", "code"),
        [
            ({"model": "flat_range", "minimum": 1, "maximum": 2}, "negotiated"),
            ({"model": "trainee_clinic", "fee": 1}, "supervised_associate"),
            ({"model": "pwyc", "minimum": 1}, "pay_what_you_can"),
            ({"model": "slots", "fee": 1, "slots": UNKNOWN}, "slot_unknown"),
            ({"model": "slots", "fee": 1, "slots": False}, "no_open_slot"),
            ({"model": "slots", "fee": 1, "cpts": ("90834",)}, "not_on_scale"),
            ({"model": "membership", "fee": 1, "membership": 2}, "membership_once"),
            ({"model": "income_bands", "income": "net_person"}, "income_counted_as"),
        ],
    )
    def test_each_note_tells_where_the_scale_stands(self, stated, code):
        origin = Origin("t.yaml:8")
        found = fee_of(open_scale(**stated, origin=origin), 0)

        assert [(note.code, note.origin) for note in found.notes] == [(code, origin)]

    def test_pay_what_you_can_tells_both_figures(self):
        found = fee_of(open_scale("pwyc", minimum=40_00, suggested=80_00))

        assert found.notes[0].params == {"minimum_cents": 40_00, "suggested_cents": 80_00}
        assert fee_of(replace(EXAMPLE, cpts=("90834",)), 0, 1).notes[0].params == {"cpt": "90837"}

    def test_flat_range_is_settled_with_the_practice(self):
        found = fee_of(open_scale("flat_range", minimum=80_00, maximum=140_00))

        assert ends(found) == (80_00, None, 140_00)
        assert (found.unknown_ids, note_codes(found)) == (("sliding",), ["negotiated"])

    @pytest.mark.parametrize(
        ("income", "fee"),
        [
            (0, 75_00),
            (69_999_99, 75_00),
            (70_000_00, 75_00),
            (70_000_01, 100_00),
            (120_000_00, 100_00),
            (120_000_01, 175_00),
        ],
    )
    def test_income_bands(self, income, fee):
        scale = open_scale("income_bands", bands=(Band(70_000_00, 75_00), Band(120_000_00, 100_00)))

        assert ends(fee_of(scale, income, full=175_00)) == (fee, fee, fee)

    LINEAR = open_scale(
        "linear", minimum=80_00, maximum=200_00, income_from=30_000_00, income_to=90_000_00, step=5_00
    )

    @pytest.mark.parametrize(
        ("income", "fee"),
        [
            (0, 80_00),
            (30_000_00, 80_00),
            (32_499_99, 80_00),
            (32_500_00, 85_00),  # 2,500 of 60,000 is 5 of 120
            (52_000_00, 120_00),  # 80 + 44 = 124, floored to 120
            (52_499_99, 120_00),
            (52_500_00, 125_00),
            (89_999_99, 195_00),
            (90_000_00, 200_00),
            (500_000_00, 200_00),
        ],
    )
    def test_linear(self, income, fee):
        assert ends(fee_of(self.LINEAR, income, full=220_00)) == (fee, fee, fee)

    def test_linear_without_an_income_is_its_whole_span(self):
        found = fee_of(self.LINEAR, full=220_00)

        assert (ends(found), found.unknown_ids) == ((80_00, None, 200_00), ("household_income",))

    def test_linear_between_two_incomes(self):
        assert ends(fee_of(self.LINEAR, Between(32_500_00, 52_000_00), full=220_00)) == (85_00, None, 120_00)

    def test_linear_with_a_fee_above(self):
        scale = replace(self.LINEAR, above=250_00)

        assert fee_of(scale, 90_000_00, full=220_00).planning == 200_00
        assert fee_of(scale, 90_000_01, full=220_00).planning == 250_00

    def test_linear_keeps_a_minimum_that_is_no_multiple_of_the_step(self):
        assert fee_of(replace(self.LINEAR, minimum=82_00), 30_000_01, full=220_00).planning == 82_00

    def test_linear_reaches_a_maximum_that_is_no_multiple_of_the_step(self):
        assert fee_of(replace(self.LINEAR, maximum=203_00), 90_000_00, full=220_00).planning == 203_00

    def test_linear_of_no_width(self):
        scale = replace(self.LINEAR, income_from=90_000_00)

        assert fee_of(scale, 89_999_99, full=220_00).planning == 80_00
        assert fee_of(scale, 90_000_00, full=220_00).planning == 200_00

    @pytest.mark.parametrize("missing", ["minimum", "maximum", "income_from", "income_to"])
    def test_linear_with_a_figure_missing_is_asked(self, missing):
        found = fee_of(replace(self.LINEAR, **{missing: None}), 52_000_00, full=220_00)

        assert (found.planning, found.unknown_ids) == (None, ("sliding",))

    @pytest.mark.parametrize(
        ("income", "fee"),
        [
            (0, 40_00),
            (40_000_00, 40_00),
            (41_000_00, 41_00),
            (52_000_00, 52_00),
            (52_999_99, 52_00),
            (75_000_01, 75_00),
        ],
    )
    def test_per_mille(self, income, fee):
        scale = open_scale("per_mille", per_thousand=1_00, minimum=40_00, maximum=75_00)

        assert ends(fee_of(scale, income)) == (fee, fee, fee)

    def test_per_mille_without_a_cap_ends_at_the_full_fee(self):
        scale = open_scale("per_mille", per_thousand=1_00)

        assert ends(fee_of(scale)) == (0, None, 200_00)
        assert fee_of(scale, 300_000_00).planning == 200_00
        assert ends(fee_of(scale, full=None)) == (0, None, None)
        assert fee_of(replace(scale, per_thousand=None), 52_000_00).unknown_ids == ("sliding",)

    @pytest.mark.parametrize(
        ("slots", "expected"),
        [(True, (90_00, 90_00, 90_00)), (False, (200_00, 200_00, 200_00)), (UNKNOWN, (90_00, None, 200_00))],
    )
    def test_slots(self, slots, expected):
        assert ends(fee_of(Sliding(model="slots", fee=90_00, slots=slots))) == expected

    def test_pay_what_you_can_shows_the_minimum(self):
        found = fee_of(open_scale("pwyc", minimum=40_00, suggested=80_00))

        assert (ends(found), found.unknown_ids) == ((40_00, None, 80_00), ("sliding",))
        assert ends(fee_of(open_scale("pwyc", minimum=40_00))) == (40_00, None, 200_00)
        assert ends(fee_of(open_scale("pwyc"))) == (None, None, 200_00)

    def test_membership_is_paid_once(self):
        found = fee_of(open_scale("membership", membership=65_00, minimum=40_00, maximum=70_00))

        assert (ends(found), found.membership) == ((40_00, None, 70_00), 65_00)
        assert Note("membership_once", {"cents": 65_00}) in found.notes
        closed = fee_of(open_scale("membership", membership=65_00, minimum=40_00, slots=False))
        assert (ends(closed), closed.membership) == ((200_00, 200_00, 200_00), 0)

    def test_trainee_clinic_says_who_treats(self):
        found = fee_of(open_scale("trainee_clinic", fee=30_00), full=None)

        assert ends(found) == (30_00, 30_00, 30_00)
        assert note_codes(found) == ["supervised_associate"]

    def test_the_practices_conditions_are_told(self):
        origin = Origin("t.yaml:3")
        scale = open_scale(
            "slots", fee=90_00, review_months=6, proof="self", couple_households="two", origin=origin
        )

        assert fee_of(scale).notes == (
            Note("reviewed_every", {"months": 6}, origin),
            Note("proof_asked", {"proof": "self"}, origin),
            Note("couple_households", {"counted": "two"}, origin),
        )

    def test_every_model_of_the_rule_files_is_known(self):
        """The names stand in the docstring of ``therapist.Sliding``."""
        listed = Sliding.__doc__.split("Models:")[1].split(".")[0]

        assert {name.strip() for name in listed.replace("\n", " ").split(",")} == MODELS


class TestHealthCentre:
    SCALE = Sliding(
        model="fqhc",
        guideline_year="2026",
        fee=20_00,
        bands=(Band(13300, discount=7500), Band(16600, discount=5000), Band(20000, discount=2500)),
        caps_insured_share=True,
    )

    @pytest.mark.parametrize(
        ("income", "fee"),
        [
            pytest.param(15_960_00, 20_00, id="nominal up to 100 %"),
            pytest.param(15_960_01, 50_00, id="then 75 % off"),
            pytest.param(21_226_80, 50_00, id="133 % is inclusive"),
            pytest.param(21_226_81, 100_00, id="then half"),
            pytest.param(31_920_00, 150_00, id="200 % is inclusive"),
            pytest.param(31_920_01, 200_00, id="no discount above 200 %"),
        ],
    )
    def test_fee(self, income, fee):
        assert ends(fee_of(self.SCALE, income, 1)) == (fee, fee, fee)

    def test_its_own_first_band_stands_instead_of_the_nominal_charge(self):
        scale = replace(self.SCALE, bands=(Band(10000, discount=10000), *self.SCALE.bands))

        assert fee_of(scale, 15_960_00, 1).planning == 0

    @pytest.mark.parametrize("slots", [True, False, UNKNOWN])
    def test_an_open_place_is_no_question(self, slots):
        assert fee_of(replace(self.SCALE, slots=slots), 10_000_00, 1).planning == 20_00

    def test_a_discount_needs_the_full_fee(self):
        found = fee_of(self.SCALE, 20_000_00, 1, full=None)

        assert (ends(found), found.unknown_ids) == ((None, None, None), ("fee",))

    def test_half_a_cent_of_a_discount_is_rounded_once(self):
        """A quarter of $0.99 off is 24.75, so 25 cents off."""
        assert fee_of(self.SCALE, 31_920_00, 1, full=99).planning == 74

    def test_an_insured_share_is_capped(self):
        """Copay 6000, sliding charge 4000: the patient pays 4000."""
        fee = ScaleFee(low=4000, planning=4000, high=4000)

        assert insured_share_cap(self.SCALE, fee) == fee
        assert 6000 - forgiven(6000, 4000) == 4000
        assert forgiven(3000, 4000) == 0

    @pytest.mark.parametrize("said", [False, UNKNOWN])
    @pytest.mark.parametrize("model", sorted(MODELS))
    def test_no_other_scale_lowers_an_in_network_share(self, model, said):
        """Trap 17: a sliding fee is not promised to an in-network patient."""
        scale = Sliding(model=model, caps_insured_share=said)

        assert not may_reduce_insured_share(scale)
        assert insured_share_cap(scale, ScaleFee(low=0, planning=0, high=0)) is None

    def test_only_a_scale_that_says_so_does(self):
        assert may_reduce_insured_share(self.SCALE)


class TestRealScales:
    """Two published scales and their published cases."""

    FGC = open_scale(
        "fpl_bands",
        guideline_year="2024",
        bands=(Band(10000, 30_00), Band(13500, 40_00), Band(16500, 50_00), Band(20000, 60_00)),
    )
    GRACE = open_scale(
        "fpl_bands",
        guideline_year="2025",
        bands=(
            Band(10000, 15_00),
            Band(15000, 25_00),
            Band(20000, 35_00),
            Band(25000, 45_00),
            Band(30000, 50_00),
        ),
        above=60_00,
    )

    def cases(self, folder, scale):
        lines = (folder / "golden_cases.jsonl").read_text().splitlines()
        return [case for case in map(json.loads, lines) if case["inputs"].get("scale") == scale]

    def test_published_cases_of_the_first(self, shared_data):
        cases = self.cases(shared_data, "fgcnow_2024")
        assert len(cases) == 4
        for case in cases:
            asked = case["inputs"]
            income = asked.get("annual_income", 30_121) * 100  # the last: "201 and over" of one person
            found = fee_of(self.FGC, income, asked["household_size"], full=90_00)
            assert found.planning == case["expected"]["fee"] * 100, case["id"]

    def test_printed_edges_of_the_first(self, shared_data):
        """The printed upper end of each band and size, and one cent above it."""
        scales = json.loads((shared_data / "g_reference" / "sliding_scale_examples.json").read_text())[
            "scales"
        ]
        printed = next(scale for scale in scales if scale["id"] == "fgcnow_2024")
        fees = [fee * 100 for fee in printed["fees"]["individual_therapy"].values()]
        for band, (letter, edges) in enumerate(printed["annual_upper_by_size"].items()):
            each_more = printed["each_additional_annual"][letter]
            for size, edge in enumerate([*edges, edges[-1] + each_more], start=1):
                assert fee_of(self.FGC, edge * 100, size, full=90_00).planning == fees[band]
                assert fee_of(self.FGC, edge * 100 + 1, size, full=90_00).planning == fees[band + 1]

    def test_published_cases_of_the_second(self, shared_data):
        cases = self.cases(shared_data, "grace_integrated_2025")
        assert len(cases) == 2
        for case in cases:
            for percent in case["inputs"]["fpl_percent_range"]:
                found = fee_of(self.GRACE, 15_650 * percent, 1, full=None)
                assert found.planning == case["expected"]["fee_per_session"] * 100
                assert found.planning * case["inputs"]["sessions"] == case["expected"]["package_fee"] * 100

    def test_above_the_second(self):
        assert fee_of(self.GRACE, 15_650 * 300, 1, full=None).planning == 50_00
        assert fee_of(self.GRACE, 15_650 * 300 + 1, 1, full=None).planning == 60_00


INCOMES = st.integers(0, 150_000_00)
ASCENDING_BANDS = st.lists(
    st.tuples(st.integers(1, 150_000_00), st.integers(0, 300_00)),
    min_size=1,
    max_size=6,
    unique_by=lambda b: b[0],
).map(lambda pairs: tuple(map(Band, sorted(p[0] for p in pairs), sorted(p[1] for p in pairs))))


@st.composite
def scales_by_income(draw):
    """Any scale by income whose fees do not fall with income."""
    model = draw(st.sampled_from(["income_bands", "linear", "per_mille", "fpl_bands"]))
    low, high = sorted(draw(st.tuples(st.integers(0, 200_00), st.integers(0, 300_00))))
    start, width = draw(st.tuples(st.integers(0, 60_000_00), st.integers(1, 60_000_00)))
    bands = draw(ASCENDING_BANDS)
    if model == "fpl_bands":
        bands = tuple(replace(band, up_to=band.up_to // 300) for band in bands)
    return open_scale(
        model,
        guideline_year="2026",
        bands=bands,
        minimum=low,
        maximum=high,
        income_from=start,
        income_to=start + width,
        step=draw(st.sampled_from([1, 100, 500])),
        per_thousand=draw(st.integers(1, 3_00)),
    )


@given(scales_by_income(), INCOMES, INCOMES, st.integers(1, 300_00), st.integers(1, 12))
def test_the_fee_never_falls_with_income_and_never_passes_the_full_fee(scale, one, other, full, size):
    poorer, richer = (fee_of(scale, income, size, full=full) for income in sorted((one, other)))

    assert 0 <= poorer.planning <= richer.planning <= full
    assert type(poorer.planning) is type(richer.planning) is int


@given(scales_by_income(), INCOMES, INCOMES, INCOMES, st.integers(1, 300_00))
def test_an_income_between_two_ends_holds_the_fee_of_every_income_between(scale, one, two, three, full):
    low, inside, high = sorted((one, two, three))
    between = fee_of(scale, Between(low, high), 2, full=full)
    anyone = fee_of(scale, None, 2, full=full)

    assert between.low == fee_of(scale, low, 2, full=full).planning
    assert between.high == fee_of(scale, high, 2, full=full).planning
    assert between.low <= fee_of(scale, inside, 2, full=full).planning <= between.high
    assert anyone.low <= between.low <= between.high <= anyone.high


@given(ASCENDING_BANDS, st.data())
def test_the_upper_end_of_a_band_belongs_to_it_and_one_cent_more_to_the_next(bands, data):
    index = data.draw(st.integers(0, len(bands) - 1))
    scale = open_scale("income_bands", bands=bands, above=999_00)
    after = bands[index + 1].fee if index + 1 < len(bands) else 999_00

    assert fee_of(scale, bands[index].up_to, full=None).planning == bands[index].fee
    assert fee_of(scale, bands[index].up_to + 1, full=None).planning == after


@given(st.sampled_from(["48", "AK", "HI"]), st.integers(1, 20), st.integers(1, 50_000), st.integers(-1, 1))
def test_a_band_of_the_guideline_ends_in_integers(area, size, share, step):
    """income × 10,000 <= up_to × guideline, at the edge and one cent beside it."""
    guideline = next(row[2] + (size - 1) * row[3] for row in GUIDELINES if row[:2] == ("2026", area))
    income = max(0, share * guideline // 10_000 + step)
    scale = open_scale("fpl_bands", guideline_year="2026", bands=(Band(share, 10_00),), above=20_00)

    expected = 10_00 if income * 10_000 <= share * guideline else 20_00
    assert fee_of(scale, income, size, area, full=None).planning == expected


def test_a_scale_that_states_a_fee_above_the_full_fee_is_believed_only_above_its_bands():
    scale = open_scale("income_bands", bands=(Band(50_000_00, 230_00),), above=250_00)

    assert fee_of(scale, 50_000_00).planning == 200_00
    assert fee_of(scale, 50_000_01).planning == 250_00
