"""The coverage gate: what each diagnosis, licence, code and leave does to a line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.core.answer import Note
from coverage_service.core.coverage import gate, gate_over_candidates
from coverage_service.core.facts import UNKNOWN, Origin
from coverage_service.core.liability import in_common, liability
from coverage_service.core.plan import Coverage, DiagnosisRule, Exclusion, Market, Plan
from coverage_service.core.reference import CodeFamily, Concern, Reference
from coverage_service.core.request import Care
from coverage_service.core.therapist import Clinician, Therapist

DYSFUNCTION = ("F52.*", "N52.*", "N53.*", "N94.1*", "N94.2", "N94.81*", "R37", "R68.82", "F10.181")
REFERENCE = Reference(
    exclusion_triggers={
        "sexual_dysfunction": DYSFUNCTION,
        "sex_therapy": DYSFUNCTION,
        "marital_counselling": ("Z63.0", "Z63.5"),
        "z_codes": ("Z*",),
    },
    concerns={
        "painful-sex": Concern(
            id="painful-sex",
            labels={},
            neutral_labels={},
            code_families=(
                CodeFamily(("F52.6", "F52.5")),
                CodeFamily(("N94.10",), side="medical"),
                CodeFamily(("F43.10", "F52.6")),
            ),
        ),
        "no-codes": Concern(id="no-codes", labels={}, neutral_labels={}),
    },
)
NOTHING_EXCLUDED = {
    "sex_therapy": False,
    "sexual_dysfunction": False,
    "marital_counselling": False,
    "z_codes": False,
}
LMFT = Therapist(id="t", clinician=Clinician(licence="LMFT", supervised=False, licensed_in=("CA",)))


def rows(**covered):
    """Coverage rows from words: ``F52="no"`` is ``F52.*``; ``F`` and ``Z`` are bare prefixes."""
    words = {"yes": True, "no": False, "unknown": UNKNOWN}
    pattern = {"any": "*", "F": "F*", "Z": "Z*"}
    return tuple(DiagnosisRule(match=pattern.get(m, f"{m}.*"), covered=words[w]) for m, w in covered.items())


MENTAL_HEALTH = rows(F="yes")


def a_plan(diagnoses=MENTAL_HEALTH, exclusions=None, kind="PPO", **coverage):
    named = NOTHING_EXCLUDED | (exclusions or {})
    flags = tuple(
        flag if isinstance(flag, Exclusion) else Exclusion(name=name, excluded=flag)
        for name, flag in named.items()
        if flag is not None
    )
    return Plan(
        id="p",
        market=Market(kind=kind),
        coverage=Coverage(diagnoses=diagnoses, exclusions=flags, **coverage),
    )


def ask(plan, diagnosis="F43.10", cpt="90837", network="in", therapist=LMFT, **care):
    return gate(plan, therapist, Care(**care), cpt, network, REFERENCE, diagnosis)


def codes_of(found):
    return [note.code for note in found.reasons]


EXAMPLE_PPO = a_plan(
    rows(Z63="no", F52="unknown", F="yes"),
    {"marital_counselling": True, "sex_therapy": False, "sexual_dysfunction": UNKNOWN, "z_codes": None},
    licences=("MD", "PHD", "PSYD", "LCSW", "LMFT", "LPC"),
    prior_authorization=False,
    liability={"exclusion": "patient", "diagnosis": "patient", "authorization": "provider"},
)


class TestTheRuleFilesOfTheDomain:
    def test_trauma_is_covered(self):
        found = ask(EXAMPLE_PPO, "F43.10")

        assert (found.verdict, found.liability, found.unknown_ids) == ("yes", None, ())

    def test_sexual_dysfunction_is_unknown_and_the_patients_if_not_covered(self):
        found = ask(EXAMPLE_PPO, "F52.21")

        assert (found.verdict, found.liability) == ("unknown", "patient")
        assert found.unknown_ids == ("exclusions", "dx_coverage")

    def test_partner_trouble_is_a_named_exclusion_even_with_an_identified_patient(self):
        """Trap 13: a couples session on Z63.0 is not assumed to be covered."""
        found = ask(EXAMPLE_PPO, "Z63.0", "90847", identified_patient=True)

        assert (found.verdict, found.liability) == ("no", "patient")

    def test_a_second_diagnosis_denies_nothing(self):
        """Trap 13: only the first code drives the gate."""
        care = Care(diagnoses=("F43.10", "Z63.0"), identified_patient=True)
        found = gate_over_candidates(EXAMPLE_PPO, LMFT, care, "90847", "in", REFERENCE)

        assert found.verdict == "yes"
        assert found.settles == {"yes": ("F43.10",), "no": (), "unknown": ()}

    def test_hdhp_diagnosis_denied_and_liability_not_known(self):
        plan = a_plan(rows(Z="no", F="yes"), {"marital_counselling": True}, liability={"diagnosis": UNKNOWN})
        found = ask(plan, "Z70.9")

        assert (found.verdict, found.liability) == ("no", "unknown")
        assert "denial_liability" in found.unknown_ids


class TestDiagnosisRows:
    @pytest.mark.parametrize("ending", ["0", "1", "21", "22", "31", "32", "4", "5", "6", "8", "9"])
    @pytest.mark.parametrize("said", ["yes", "no", "unknown"])
    def test_the_plan_decides_on_each_sexual_dysfunction_code(self, ending, said):
        assert ask(a_plan(rows(F52=said)), f"F52.{ending}").verdict == said

    @pytest.mark.parametrize(
        "code", ["N52.9", "N53.11", "N94.10", "N94.2", "N94.810", "R37", "R68.82", "Z70.0", "Z91.410"]
    )
    def test_a_code_that_no_row_fits_is_unknown(self, code):
        found = ask(a_plan(rows(F="yes")), code)

        assert (found.verdict, found.unknown_ids) == ("unknown", ("dx_coverage", "denial_liability"))
        assert codes_of(found) == ["diagnosis_not_listed"]

    def test_the_first_row_that_fits_wins(self):
        narrow_first, wide_first = rows(F52="no", F="yes"), rows(F="yes", F52="no")

        assert ask(a_plan(narrow_first), "F52.31").verdict == "no"
        assert ask(a_plan(wide_first), "F52.31").verdict == "yes"

    def test_a_reason_names_the_row_and_its_place(self):
        row = DiagnosisRule(match="F52.*", covered=False, origin=Origin("plans.yaml:7"))
        found = ask(a_plan((row,)), "F52.31")

        assert found.reasons == (
            Note("diagnosis_not_covered", {"diagnosis": "F52.31", "match": "F52.*"}, Origin("plans.yaml:7")),
        )

    def test_tricare_refuses_therapy_but_leaves_the_first_assessment_open(self):
        therapy = ("9083*", "9084*")
        plan = a_plan(
            (
                DiagnosisRule(match="F52.*", covered=False, codes=therapy),
                DiagnosisRule(match="F52.*", covered=UNKNOWN, codes=("90791",)),
                *rows(F65="no", F64="yes", F="yes"),
            ),
            {
                "sex_therapy": Exclusion(
                    name="sex_therapy", excluded=True, wording="wholly or partially", codes=therapy
                )
            },
            kind="TRICARE",
        )

        assert ask(plan, "F52.21", "90837").verdict == "no"
        assert ask(plan, "F52.21", "90791").verdict == "unknown"
        assert ask(plan, "F65.4", "90837").verdict == "no"
        assert ask(plan, "F64.0", "90837").verdict == "yes"


class TestExclusions:
    @pytest.mark.parametrize(
        "code",
        ["F52.31", "N52.9", "N53.11", "N94.1", "N94.19", "N94.2", "N94.818", "R37", "R68.82", "F10.181"],
    )
    def test_sexual_dysfunction_is_set_off_by_its_codes(self, code):
        found = ask(a_plan(rows(any="yes"), {"sexual_dysfunction": True}), code)

        assert (found.verdict, found.liability) == ("no", "patient")
        assert "excluded" in codes_of(found)

    def test_an_exclusion_that_the_insurer_confirmed_refuses(self):
        told = Exclusion(name="sexual_dysfunction", excluded=UNKNOWN, told=True)
        found = ask(a_plan(rows(any="yes"), {"sexual_dysfunction": told}), "F52.31")

        assert (found.verdict, codes_of(found)[0]) == ("no", "excluded")

    @pytest.mark.parametrize("code", ["F43.10", "F64.0", "Z63.0", "N95.1"])
    def test_sexual_dysfunction_is_not_set_off_by_others(self, code):
        assert ask(a_plan(rows(any="yes"), {"sexual_dysfunction": True}), code).verdict == "yes"

    @pytest.mark.parametrize(
        ("code", "verdict"),
        [
            ("Z63.0", "no"),
            ("Z63.5", "no"),
            ("Z63.4", "yes"),
            ("Z63.6", "yes"),
            ("Z63.72", "yes"),
            ("F43.10", "yes"),
        ],
    )
    def test_only_two_codes_mean_couples_counselling(self, code, verdict):
        """Trap 13: another Z63 code is not couples counselling."""
        found = ask(a_plan(rows(any="yes"), {"marital_counselling": True}), code)

        assert found.verdict == verdict

    def test_couples_counselling_is_set_off_by_the_lack_of_a_patient(self):
        plan = a_plan(rows(any="yes"), {"marital_counselling": True})

        assert ask(plan, "F43.10", "90847", identified_patient=False).verdict == "no"
        assert ask(plan, "F43.10", "90837", identified_patient=False).verdict == "no"

    @pytest.mark.parametrize("flag", ["sexual_dysfunction", "sex_therapy", "marital_counselling", "z_codes"])
    @pytest.mark.parametrize("said", [UNKNOWN, None], ids=["unknown", "not mentioned"])
    def test_a_flag_that_nobody_checked_is_unknown_when_set_off(self, flag, said):
        code = "Z63.0" if flag in ("marital_counselling", "z_codes") else "F52.31"
        plan = a_plan(rows(any="yes"), {flag: said})

        assert ask(plan, code).verdict == "unknown"
        assert ask(plan, code).unknown_ids == ("exclusions",)
        assert ask(plan, "F43.10").verdict == "yes"

    def test_coaching_is_set_off_only_by_its_description(self):
        plan = a_plan(exclusions={"coaching": True})

        assert ask(plan).verdict == "yes"
        assert ask(plan, described_as="coaching").verdict == "no"
        assert ask(a_plan(), described_as="coaching").verdict == "unknown"

    def test_an_exclusion_whose_triggers_nobody_stated_may_always_apply(self):
        plan = a_plan(exclusions={"intensives": True})

        assert (ask(plan).verdict, ask(plan).unknown_ids) == ("unknown", ("exclusions",))


class TestExclusionsOfSomeProcedures:
    def plan(self, *flags):
        others = tuple(Exclusion(name=name, excluded=False) for name in ("sex_therapy", "z_codes"))
        return Plan(id="p", coverage=Coverage(diagnoses=rows(any="yes"), exclusions=(*flags, *others)))

    def test_an_exclusion_of_other_codes_leaves_the_line_alone(self):
        plan = self.plan(Exclusion(name="sexual_dysfunction", excluded=True, codes=("9084*",)))

        assert ask(plan, "F52.31", "90837").verdict == "yes"
        assert ask(plan, "F52.31", "90847", identified_patient=True).verdict == "no"

    def test_the_first_that_fits_wins(self):
        plan = self.plan(
            Exclusion(name="sexual_dysfunction", excluded=False, codes=("90791",)),
            Exclusion(name="sexual_dysfunction", excluded=True),
        )

        assert ask(plan, "F52.31", "90791").verdict == "yes"
        assert ask(plan, "F52.31", "90837").verdict == "no"


class TestSexTherapyExclusion:
    """Trap 32: a claim shows only CPT and diagnosis, so the exclusion alone is no definite no."""

    @pytest.mark.parametrize(
        ("row", "wording", "names_diagnosis", "verdict"),
        [
            ("yes", None, False, "unknown"),
            ("yes", "Sex therapy, wholly or partially", False, "unknown"),
            ("yes", "Therapy for sexual dysfunction (F52)", True, "no"),
            ("unknown", None, False, "unknown"),
            ("unknown", "Anything wholly or partially sex therapy", False, "no"),
            ("unknown", None, True, "no"),
            ("no", None, False, "no"),
        ],
    )
    def test_with_a_dysfunction_diagnosis(self, row, wording, names_diagnosis, verdict):
        rule = Exclusion(name="sex_therapy", excluded=True, wording=wording, names_diagnosis=names_diagnosis)

        assert ask(a_plan(rows(F52=row), {"sex_therapy": rule}), "F52.31").verdict == verdict

    def test_the_sentence_is_quoted(self):
        rule = Exclusion(
            name="sex_therapy", excluded=True, wording="No sex therapy.", origin=Origin("p.yaml:9")
        )
        found = ask(a_plan(exclusions={"sex_therapy": rule}), "F52.31")

        quoted = {"exclusion": "sex_therapy", "wording": "No sex therapy."}
        assert found.reasons[0] == Note("sex_therapy_exclusion_unclear", quoted, Origin("p.yaml:9"))
        assert found.unknown_ids == ("exclusions",)

    @pytest.mark.parametrize("names_diagnosis", [True, False])
    def test_a_covered_trauma_diagnosis_described_as_sex_therapy_is_unknown(self, names_diagnosis):
        rule = Exclusion(name="sex_therapy", excluded=True, wording="…", names_diagnosis=names_diagnosis)
        plan = a_plan(exclusions={"sex_therapy": rule})

        assert ask(plan, "F43.10").verdict == "yes"
        assert ask(plan, "F43.10", described_as="psychotherapy").verdict == "yes"
        assert ask(plan, "F43.10", described_as="sex_therapy").verdict == "unknown"


class TestCouples:
    @pytest.mark.parametrize(("cpt", "format"), [("90847", None), ("90846", None), ("90791", "couple")])
    def test_nobody_said_who_the_patient_is(self, cpt, format):
        found = ask(a_plan(), cpt=cpt, format=format)

        assert (found.verdict, found.unknown_ids) == ("unknown", ("couple_code", "denial_liability"))

    @pytest.mark.parametrize(
        ("cpt", "format"), [("90837", None), ("90837", "individual"), ("90853", "group")]
    )
    def test_for_an_individual_it_is_clear(self, cpt, format):
        assert ask(a_plan(exclusions={"marital_counselling": True}), cpt=cpt, format=format).verdict == "yes"

    def test_with_an_identified_patient_it_is_covered(self):
        assert ask(a_plan(), cpt="90847", identified_patient=True).verdict == "yes"

    def test_without_one_no_plan_pays(self):
        assert ask(a_plan(), cpt="90847", identified_patient=False).verdict == "no"
        assert ask(a_plan(), format="couple", identified_patient=False).verdict == "no"
        assert ask(a_plan(), format="individual", identified_patient=False).verdict == "yes"

    def test_the_exclusion_may_apply_until_the_patient_is_named(self):
        found = ask(a_plan(exclusions={"marital_counselling": True}), cpt="90847")

        assert found.verdict == "unknown"
        assert "exclusion_may_apply" in codes_of(found)
        assert found.unknown_ids == ("couple_code",)

    @pytest.mark.parametrize(
        ("excluded", "stated", "expected"),
        [
            (True, {}, "patient"),
            (True, {"exclusion": "provider"}, "provider"),
            (True, {"exclusion": UNKNOWN}, "unknown"),
            (False, {"exclusion": "patient"}, "unknown"),
            (UNKNOWN, {"exclusion": "patient"}, "unknown"),
        ],
    )
    def test_without_a_patient_it_is_the_named_exclusion_that_refuses(self, excluded, stated, expected):
        plan = a_plan(exclusions={"marital_counselling": excluded}, liability=stated)

        assert ask(plan, cpt="90847", waiver_signed=False).liability == expected

    @pytest.mark.parametrize(("minutes", "verdict"), [(25, "no"), (26, "yes"), (None, "yes")])
    def test_it_takes_26_minutes(self, minutes, verdict):
        assert ask(a_plan(), cpt="90847", identified_patient=True, minutes=minutes).verdict == verdict


class TestClinician:
    def test_the_licence_decides(self):
        plan = a_plan(licences=("PHD", "LCSW"))
        lcsw = replace(LMFT, clinician=replace(LMFT.clinician, licence="LCSW"))

        assert ask(plan).verdict == "no"
        assert ask(plan, therapist=lcsw).verdict == "yes"

    def test_a_certificate_is_not_a_licence(self):
        """Trap 14: a certified sex therapist without a payable licence is not paid."""
        certified = Clinician(licence="CST", certifications=("AASECT", "LMFT"), supervised=False)

        assert (
            ask(a_plan(licences=("LMFT",)), therapist=Therapist(id="t", clinician=certified)).verdict == "no"
        )

    @pytest.mark.parametrize(
        ("licences", "held", "ids"),
        [
            (("LMFT",), UNKNOWN, ("licence",)),
            (UNKNOWN, "LMFT", ("credential",)),
            (UNKNOWN, UNKNOWN, ("credential", "licence")),
        ],
    )
    def test_a_missing_licence_is_asked(self, licences, held, ids):
        found = ask(a_plan(licences=licences), therapist=Therapist(id="t", clinician=Clinician(licence=held)))

        assert (found.verdict, found.unknown_ids) == ("unknown", (*ids, "denial_liability"))

    def test_no_therapist_chosen_yet(self):
        assert ask(a_plan(), therapist=None).verdict == "yes"
        assert ask(a_plan(licences=("LMFT",)), therapist=None).unknown_ids == ("licence", "denial_liability")

    @pytest.mark.parametrize(
        ("paid", "supervised", "verdict", "ids"),
        [
            (None, UNKNOWN, "yes", ()),
            (None, False, "yes", ()),
            (None, True, "unknown", ("associates",)),
            (True, True, "yes", ()),
            (True, UNKNOWN, "yes", ()),
            (False, True, "no", ()),
            (False, False, "yes", ()),
            (False, UNKNOWN, "unknown", ("supervised",)),
            (UNKNOWN, True, "unknown", ("associates",)),
            (UNKNOWN, False, "yes", ()),
            (UNKNOWN, UNKNOWN, "unknown", ("associates", "supervised")),
        ],
    )
    def test_supervised_associates(self, paid, supervised, verdict, ids):
        found = ask(
            a_plan(associates=paid), therapist=Therapist(id="t", clinician=Clinician(supervised=supervised))
        )

        assert found.verdict == verdict
        assert found.unknown_ids == (*ids, *(("denial_liability",) if verdict != "yes" else ()))

    @pytest.mark.parametrize(
        ("rule", "modality", "state", "held", "verdict", "ids"),
        [
            (None, "telehealth", "CA", ("CA", "OR"), "yes", ()),
            (None, "telehealth", "NY", ("CA", "OR"), "no", ()),
            (True, "telehealth", "NY", ("CA",), "no", ()),
            (False, "telehealth", "NY", ("CA",), "yes", ()),
            (None, "in_person", "NY", ("CA",), "yes", ()),
            (None, None, "NY", ("CA",), "unknown", ("modality",)),
            (None, "telehealth", None, ("CA",), "yes", ()),
            (True, "telehealth", None, ("CA",), "unknown", ("client_state",)),
            (True, "telehealth", "NY", UNKNOWN, "unknown", ("licensed_in",)),
            (True, None, None, UNKNOWN, "unknown", ("licensed_in", "client_state", "modality")),
            (UNKNOWN, "telehealth", "NY", UNKNOWN, "unknown", ("licensed_in",)),
            (True, "in_person", None, UNKNOWN, "yes", ()),
        ],
    )
    def test_the_licence_is_valid_where_the_patient_sits(self, rule, modality, state, held, verdict, ids):
        therapist = Therapist(id="t", clinician=Clinician(licensed_in=held))
        plan = a_plan(licensed_where_patient_is=rule)
        found = ask(plan, therapist=therapist, modality=modality, client_state=state)

        assert found.verdict == verdict
        assert found.unknown_ids == (*ids, *(("denial_liability",) if verdict != "yes" else ()))

    @pytest.mark.parametrize(("place", "verdict"), [("02", "no"), ("10", "no"), ("11", "yes")])
    def test_the_place_of_service_tells_the_modality(self, place, verdict):
        assert ask(a_plan(), place_of_service=place, client_state="NY").verdict == verdict
        assert ask(a_plan(), place_of_service=place, client_state="NY", modality="in_person").verdict == "yes"


class TestCodeAndModality:
    def test_a_code_the_plan_does_not_pay(self):
        plan = a_plan(codes={"90846": False, "9083*": UNKNOWN, "90834": True})

        assert ask(plan, cpt="90846", identified_patient=True).verdict == "no"
        assert ask(plan, cpt="90834").verdict == "yes"
        assert ask(plan, cpt="90837").unknown_ids == ("long_session", "denial_liability")
        assert ask(plan, cpt="90791").verdict == "yes"
        assert ask(a_plan(codes={"90847": UNKNOWN}), cpt="90847", identified_patient=True).unknown_ids == (
            "couple_code",
            "denial_liability",
        )

    @pytest.mark.parametrize(
        ("rule", "modality", "verdict", "ids"),
        [
            (None, "telehealth", "yes", ()),
            (None, None, "yes", ()),
            (True, "telehealth", "yes", ()),
            (False, "telehealth", "no", ()),
            (False, "in_person", "yes", ()),
            (False, None, "unknown", ("modality",)),
            (UNKNOWN, "telehealth", "unknown", ("telehealth",)),
            (UNKNOWN, "in_person", "yes", ()),
            (UNKNOWN, None, "unknown", ("telehealth", "modality")),
        ],
    )
    def test_telehealth(self, rule, modality, verdict, ids):
        found = ask(a_plan(telehealth=rule), modality=modality)

        assert found.verdict == verdict
        assert found.unknown_ids == (*ids, *(("denial_liability",) if verdict != "yes" else ()))


class TestLeave:
    @pytest.mark.parametrize(
        ("required", "obtained", "verdict", "reason", "ids"),
        [
            (None, None, "yes", None, ()),
            (False, None, "yes", None, ()),
            (True, True, "yes", None, ()),
            (UNKNOWN, True, "yes", None, ()),
            (True, False, "yes", "needed", ()),
            (UNKNOWN, False, "yes", "may_be_needed", ("",)),
            (True, None, "unknown", "unknown", ("_obtained",)),
            (UNKNOWN, None, "unknown", "unknown", ("", "_obtained")),
        ],
    )
    @pytest.mark.parametrize(
        ("fact", "field", "id"),
        [("authorization", "prior_authorization", "auth"), ("referral", "referral", "referral")],
    )
    def test_required_and_not_yet_obtained_is_covered_and_said(
        self, fact, field, id, required, obtained, verdict, reason, ids
    ):
        found = ask(a_plan(**{field: required}), **{fact: obtained})

        assert found.verdict == verdict
        assert found.unknown_ids == tuple(id + ending for ending in ids)
        assert codes_of(found)[1:] == ([f"{fact}_{reason}"] if reason else [])


class TestLiability:
    @pytest.mark.parametrize(
        ("ground", "expected"),
        [
            ("exclusion", "patient"),
            ("no_benefit", "patient"),
            ("visit_limit", "patient"),
            ("authorization", "provider"),
            ("referral", "provider"),
            ("necessity", "provider"),
            ("late_claim", "provider"),
            ("diagnosis", "unknown"),
            ("credential", "unknown"),
            ("code", "unknown"),
            ("telehealth", "unknown"),
        ],
    )
    def test_who_bears_a_refused_line_in_network(self, ground, expected):
        """Trap 26: a denied line is neither always the patient's nor always free."""
        plan = a_plan()

        assert liability(plan, Care(), "in", ground) == expected
        assert liability(plan, Care(), "gap_exception", ground) == expected
        assert liability(plan, Care(waiver_signed=False), "in", ground) == expected
        assert liability(plan, Care(waiver_signed=True), "in", ground) == "patient"
        assert liability(plan, Care(), "out", ground) == "patient"
        assert liability(plan, Care(), "opted_out", ground) == "patient"

    @pytest.mark.parametrize("ground", ["exclusion", "authorization", "diagnosis"])
    def test_with_the_network_not_known(self, ground):
        assert liability(a_plan(), Care(), None, ground) == (
            "patient" if ground == "exclusion" else "unknown"
        )

    @pytest.mark.parametrize("ground", ["exclusion", "authorization", "diagnosis", "credential"])
    @pytest.mark.parametrize("said", ["patient", "provider", UNKNOWN])
    def test_the_plan_may_say_otherwise(self, ground, said):
        plan = a_plan(liability={ground: said})
        expected = "unknown" if said is UNKNOWN else said

        assert liability(plan, Care(waiver_signed=False), "in", ground) == expected
        assert liability(plan, Care(waiver_signed=True), "in", ground) == "patient"
        assert liability(plan, Care(), "out", ground) == "patient"

    @pytest.mark.parametrize("kind", ["Medicaid", "TRICARE", "TRICARE Prime"])
    @pytest.mark.parametrize("ground", ["exclusion", "diagnosis", "credential", "necessity"])
    def test_medicaid_and_tricare_protect_without_a_waiver(self, kind, ground):
        plan = a_plan(kind=kind)

        assert liability(plan, Care(waiver_signed=False), "in", ground) == "provider"
        assert liability(plan, Care(waiver_signed=True), "in", ground) == "patient"
        assert liability(plan, Care(), "out", ground) == "patient"

    @pytest.mark.parametrize("ground", ["exclusion", "diagnosis", "credential", "code", "no_benefit"])
    def test_a_waiver_nobody_spoke_of_leaves_a_foreseen_refusal_open(self, ground):
        """Free is never assumed: the clinician may ask for a waiver before the session."""
        plan = a_plan(kind="TRICARE", liability={ground: "provider"})

        assert liability(plan, Care(), "in", ground) == "provider_unless_waiver"
        assert liability(plan, Care(), None, ground) == "unknown"

    @pytest.mark.parametrize(
        ("possible", "expected"),
        [
            (("provider_unless_waiver", "provider"), "provider_unless_waiver"),
            (("provider_unless_waiver", "patient"), "unknown"),
            (("provider_unless_waiver", "unknown"), "unknown"),
            (("patient", "provider"), "unknown"),
            (("provider",), "provider"),
        ],
    )
    def test_what_several_refusals_have_in_common(self, possible, expected):
        assert in_common(possible) == expected

    @pytest.mark.parametrize("ground", ["authorization", "referral", "necessity", "late_claim"])
    def test_no_waiver_is_asked_for_what_cannot_be_foreseen(self, ground):
        assert liability(a_plan(), Care(), "in", ground) == "provider"

    def test_the_first_refusal_decides(self):
        """An exclusion stands before the diagnosis row: the patient bears it."""
        plan = a_plan(rows(F52="no"), {"sexual_dysfunction": True}, liability={"diagnosis": "provider"})
        found = ask(plan, "F52.31")

        assert found.liability == "patient"
        assert codes_of(found) == ["excluded", "diagnosis_not_covered"]

    def test_an_unknown_verdict_has_the_liability_its_refusals_share(self):
        plan = a_plan(rows(F52="unknown"), {"sexual_dysfunction": UNKNOWN})

        assert ask(plan, "F52.31").liability == "unknown"
        assert ask(plan, "F52.31", network="out").liability == "patient"


def test_the_reasons_of_all_steps_are_listed_even_when_one_says_no():
    plan = a_plan(
        rows(F52="no"),
        {"sexual_dysfunction": True},
        licences=("PHD",),
        telehealth=UNKNOWN,
        prior_authorization=True,
    )
    found = ask(plan, "F52.31", modality="telehealth", client_state="CA", authorization=False)

    assert found.verdict == "no"
    assert codes_of(found) == [
        "excluded",
        "diagnosis_not_covered",
        "licence_not_payable",
        "telehealth_unknown",
        "authorization_needed",
    ]


class TestCandidates:
    def over(self, plan, **care):
        return gate_over_candidates(plan, LMFT, Care(**care), "90837", "in", REFERENCE)

    def test_a_concern_stands_for_its_code_families(self):
        found = self.over(a_plan(rows(F52="no", F="yes")), concern="painful-sex")

        assert found.verdict == "unknown"
        assert found.settles == {"yes": ("F43.10",), "no": ("F52.6", "F52.5"), "unknown": ("N94.10",)}
        assert found.unknown_ids[0] == "dx_billing"

    def test_all_yes_is_yes_and_all_no_is_no(self):
        assert self.over(a_plan(rows(any="yes")), concern="painful-sex").verdict == "yes"
        assert self.over(a_plan(rows(any="no")), concern="painful-sex").verdict == "no"
        assert self.over(a_plan(rows(any="no")), concern="painful-sex").liability == "unknown"

    def test_no_of_different_kinds_is_still_no(self):
        plan = a_plan(rows(any="no"), {"sexual_dysfunction": True})

        assert self.over(plan, concern="painful-sex").verdict == "no"

    def test_all_unknown_is_unknown_and_no_diagnosis_would_settle_it(self):
        found = self.over(a_plan(rows(any="unknown")), concern="painful-sex")

        assert found.verdict == "unknown"
        assert "dx_billing" not in found.unknown_ids

    def test_a_given_diagnosis_beats_the_concern(self):
        assert (
            self.over(a_plan(rows(F52="no", F="yes")), concern="painful-sex", diagnoses=("F43.10",)).verdict
            == "yes"
        )

    @pytest.mark.parametrize("concern", [None, "no-codes", "never-heard-of"])
    def test_neither_is_one_unknown_candidate(self, concern):
        found = self.over(a_plan(rows(F52="no", F="yes")), concern=concern)

        assert found.verdict == "unknown"
        assert found.settles == {"yes": (), "no": (), "unknown": ()}
        assert found.unknown_ids == ("dx_billing", "dx_coverage", "denial_liability")

    def test_a_plan_that_covers_everything_needs_no_diagnosis(self):
        assert self.over(a_plan(rows(any="yes"))).verdict == "yes"

    def test_a_plan_that_says_nothing_is_unknown_on_everything(self):
        assert self.over(a_plan(())).verdict == "unknown"
        assert self.over(a_plan(()), diagnoses=("F43.10",)).verdict == "unknown"

    def test_an_exclusion_may_apply_while_the_diagnosis_is_not_known(self):
        found = self.over(a_plan(rows(any="yes"), {"sexual_dysfunction": True}))

        assert (found.verdict, found.unknown_ids, found.liability) == ("unknown", ("dx_billing",), "patient")

    def test_a_licence_that_is_not_paid_decides_whatever_the_diagnosis(self):
        assert self.over(a_plan(licences=("PHD",))).verdict == "no"
        assert (
            self.over(a_plan(rows(F52="no", F="yes"), licences=("PHD",)), concern="painful-sex").verdict
            == "no"
        )


WORDS = st.sampled_from([True, False, UNKNOWN])
PATTERNS = st.sampled_from(["*", "F*", "F52.*", "F52.3*", "F52.31", "Z63.*", "N94.1*"])
SOME_CODES = ("F52.31", "F52.6", "F43.10", "Z63.0", "N94.10", "R37")


@given(st.lists(st.tuples(PATTERNS, WORDS), max_size=5), st.sampled_from([True, False, UNKNOWN, None]), WORDS)
def test_what_is_said_of_an_unknown_diagnosis_holds_for_every_diagnosis(listed, dysfunction, sex_therapy):
    """A definite verdict without a diagnosis is the verdict of each one that might be given."""
    plan = a_plan(
        tuple(DiagnosisRule(match=match, covered=covered) for match, covered in listed),
        {"sexual_dysfunction": dysfunction, "sex_therapy": sex_therapy},
    )
    without = ask(plan, None).verdict

    for code in SOME_CODES if without != "unknown" else ():
        assert ask(plan, code).verdict == without


@given(
    WORDS,
    st.sampled_from([True, False, None]),
    st.sampled_from(["in", "out", None]),
    st.sampled_from(SOME_CODES),
)
def test_a_covered_line_has_no_liability_and_a_refused_one_always(authorization, obtained, network, code):
    found = ask(a_plan(prior_authorization=authorization), code, network=network, authorization=obtained)

    assert (found.liability is None) == (found.verdict == "yes")


HERE = Origin("plans.yaml:40")
ROW = Origin("plans.yaml:44")


def placed(*diagnoses, exclusion=None, **coverage):
    """A plan whose coverage section, row and exclusion each stand on a line of a file."""
    unset = tuple(
        Exclusion(name=n, excluded=False) for n in NOTHING_EXCLUDED if not exclusion or n != exclusion.name
    )
    flags = (*unset, *((exclusion,) if exclusion else ()))
    listed = diagnoses or (DiagnosisRule(match="F*", covered=True, origin=ROW),)
    return Plan(id="p", coverage=Coverage(diagnoses=listed, exclusions=flags, origin=HERE, **coverage))


def flag(name="sexual_dysfunction", excluded=True, wording="Not for this."):
    return Exclusion(name=name, excluded=excluded, wording=wording, origin=ROW)


QUOTED = {"exclusion": "sexual_dysfunction", "wording": "Not for this."}
COVERED = Note("diagnosis_covered", {"diagnosis": "F43.10", "match": "F*"}, ROW)


class TestReasons:
    """Each reason says what it is about and where the rule stands."""

    @pytest.mark.parametrize(
        ("plan", "diagnosis", "reason"),
        [
            (placed(exclusion=flag()), "F52.6", Note("excluded", QUOTED, ROW)),
            (placed(exclusion=flag(excluded=UNKNOWN)), "F52.6", Note("exclusion_unknown", QUOTED, ROW)),
            (placed(exclusion=flag()), None, Note("exclusion_may_apply", QUOTED, ROW)),
            (placed(), "F43.10", COVERED),
            (placed(), "R37", Note("diagnosis_not_listed", {"diagnosis": "R37", "match": ""}, HERE)),
            (placed(), None, Note("diagnosis_not_known", {"diagnosis": "*"})),
            (
                placed(DiagnosisRule(match="F52.*", covered=UNKNOWN, origin=ROW)),
                "F52.6",
                Note("diagnosis_unknown", {"diagnosis": "F52.6", "match": "F52.*"}, ROW),
            ),
            (
                placed(DiagnosisRule(match="F52.*", covered=False, origin=ROW)),
                "F52.6",
                Note("diagnosis_not_covered", {"diagnosis": "F52.6", "match": "F52.*"}, ROW),
            ),
        ],
        ids=lambda value: value.code if isinstance(value, Note) else "",
    )
    def test_of_the_diagnosis(self, plan, diagnosis, reason):
        assert ask(plan, diagnosis).reasons[:1] == (reason,)

    @pytest.mark.parametrize(
        ("coverage", "care", "reason"),
        [
            ({"licences": ("LMFT",)}, {}, Note("licence_payable", {"licence": "LMFT"}, HERE)),
            ({"licences": ("PHD",)}, {}, Note("licence_not_payable", {"licence": "LMFT"}, HERE)),
            ({"licences": UNKNOWN}, {}, Note("licence_unknown", {}, HERE)),
            ({"codes": {"90837": False}}, {}, Note("code_not_covered", {"cpt": "90837"}, HERE)),
            ({"codes": {"90837": UNKNOWN}}, {}, Note("code_unknown", {"cpt": "90837"}, HERE)),
            ({}, {"minutes": 52}, Note("session_too_short", {"cpt": "90837", "minutes": 52})),
            ({}, {"format": "couple"}, Note("identified_patient_unknown", {"cpt": "90837"})),
            (
                {"licensed_where_patient_is": True},
                {"modality": "telehealth", "client_state": "NY"},
                Note("licence_not_valid_in_state", {"state": "NY"}, HERE),
            ),
            (
                {"licensed_where_patient_is": True},
                {"modality": "telehealth"},
                Note("licence_state_unknown", {}, HERE),
            ),
            ({}, {"client_state": "NY"}, Note("licence_not_valid_for_telehealth", {"state": "NY"}, HERE)),
            ({"telehealth": False}, {"modality": "telehealth"}, Note("telehealth_not_covered", {}, HERE)),
            ({"telehealth": False}, {}, Note("telehealth_not_covered", {}, HERE)),
            ({"telehealth": UNKNOWN}, {}, Note("telehealth_unknown", {}, HERE)),
            ({"prior_authorization": True}, {}, Note("authorization_unknown", {}, HERE)),
            ({"prior_authorization": True}, {"authorization": False}, Note("authorization_needed", {}, HERE)),
            ({"referral": UNKNOWN}, {"referral": False}, Note("referral_may_be_needed", {}, HERE)),
        ],
        ids=lambda value: value.code if isinstance(value, Note) else "",
    )
    def test_of_the_other_steps(self, coverage, care, reason):
        assert [note for note in ask(placed(**coverage), **care).reasons if note != COVERED][:1] == [reason]

    @pytest.mark.parametrize(
        ("paid", "code"), [(False, "associate_not_payable"), (UNKNOWN, "associate_unknown")]
    )
    def test_of_an_associate(self, paid, code):
        associate = Therapist(id="t", clinician=Clinician(supervised=True))

        assert ask(placed(associates=paid), therapist=associate).reasons[1:] == (Note(code, {}, HERE),)

    def test_nobody_is_the_patient(self):
        assert ask(placed(), format="couple", identified_patient=False).reasons[1:] == (
            Note("no_identified_patient", {"cpt": "90837"}),
        )

    def test_over_several_candidates_each_is_listed_once(self):
        plan = placed(DiagnosisRule(match="*", covered=UNKNOWN, origin=ROW), licences=("LMFT",))
        found = gate_over_candidates(plan, LMFT, Care(concern="painful-sex"), "90837", "in", REFERENCE)

        assert codes_of(found) == ["diagnosis_unknown", "licence_payable", *["diagnosis_unknown"] * 3]
        assert [note.params["diagnosis"] for note in found.reasons if note.code == "diagnosis_unknown"] == [
            "F52.6",
            "F52.5",
            "N94.10",
            "F43.10",
        ]
        assert found.unknown_ids == ("dx_coverage", "denial_liability")

    def test_over_candidates_the_facts_of_the_line_are_read(self):
        plan = placed(telehealth=False, licences=("LMFT",), codes={"90846": False})
        care = Care(diagnoses=("F43.10",), modality="telehealth", client_state="CA", identified_patient=True)

        for therapist, cpt, network, reasons, liable in [
            (LMFT, "90837", "in", ["licence_payable", "telehealth_not_covered"], "unknown"),
            (
                LMFT,
                "90846",
                "out",
                ["licence_payable", "code_not_covered", "telehealth_not_covered"],
                "patient",
            ),
            (None, "90837", None, ["licence_unknown", "telehealth_not_covered"], "unknown"),
        ]:
            found = gate_over_candidates(plan, therapist, care, cpt, network, REFERENCE)
            assert (found.verdict, found.liability, codes_of(found)[1:]) == ("no", liable, reasons)


@pytest.mark.parametrize(
    ("ground", "coverage", "care"),
    [
        ("exclusion", {}, {"described_as": "coaching"}),
        ("credential", {"licences": ("PHD",)}, {}),
        ("credential", {"licences": UNKNOWN}, {}),
        ("credential", {}, {"modality": "telehealth", "client_state": "NY"}),
        ("code", {"codes": {"90837": False}}, {}),
        ("code", {"codes": {"90837": UNKNOWN}}, {}),
        ("code", {}, {"minutes": 52}),
        ("code", {}, {"format": "couple", "identified_patient": False}),
        ("telehealth", {"telehealth": False}, {"modality": "telehealth", "client_state": "CA"}),
        ("telehealth", {"telehealth": UNKNOWN}, {}),
        ("authorization", {"prior_authorization": True}, {}),
        ("referral", {"referral": True}, {}),
    ],
)
@pytest.mark.parametrize("bears", ["patient", "provider"])
def test_what_the_plan_says_of_a_ground_holds_for_its_steps(ground, coverage, care, bears):
    found = ask(a_plan(liability={ground: bears}, **coverage), waiver_signed=False, **care)

    assert found.verdict != "yes"
    assert found.liability == bears


def test_candidates_that_are_refused_on_different_grounds_leave_the_liability_open():
    plan = a_plan(
        rows(F43="no", any="yes"), {"sexual_dysfunction": True}, liability={"diagnosis": "provider"}
    )
    found = gate_over_candidates(plan, LMFT, Care(concern="painful-sex"), "90837", "in", REFERENCE)

    assert (found.verdict, found.liability) == ("no", "unknown")


def test_one_candidate_settles_itself_and_none_settles_nothing():
    assert ask(a_plan(), "F43.10").settles == {"yes": ("F43.10",), "no": (), "unknown": ()}
    assert ask(a_plan(), None).settles == {"yes": (), "no": (), "unknown": ()}


def test_two_verdicts_are_enough_to_ask_for_the_diagnosis():
    plan = a_plan(rows(F43="no", any="yes"))
    found = gate_over_candidates(plan, LMFT, Care(concern="painful-sex"), "90837", "in", REFERENCE)

    assert (found.verdict, found.unknown_ids[0]) == ("unknown", "dx_billing")
