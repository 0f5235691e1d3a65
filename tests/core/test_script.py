"""Scripts: whom to ask what, in which order and in which words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.question_table import LISTENERS, QUESTIONS, SITUATIONS
from coverage_service.core.request import Answer
from coverage_service.core.script import BLANK, MOST_ITEMS, Script, has_items, scope_of, script
from coverage_service.core.wording import Wording, read
from tests.core.builders import a_plan, a_request

FOLDER = Path(__file__).parents[2] / "rules" / "questions"
FACTS = {"npi": "1234567893", "cpts": "90834", "date": "2026-11-30", "plan": "Example PPO", "dx": "F52.6"}


def wording(language: str = "en") -> Wording:
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return read(yaml.load(text, Loader=yaml.CBaseLoader))


EN = wording()


def unknown(id: str, swing: int | None = 100, *, asked: bool = False) -> OpenQuestion:
    return OpenQuestion(id=id, question=id, swing=swing, asked=asked)


def a_script(listener="insurer", unknowns=(), situations=("in_network",), **more) -> Script:
    named, facts = more.pop("name_topic", False), more.pop("facts", FACTS)
    return script(listener, unknowns, situations, more.pop("words", EN), named, facts, **more)


def ids(found: Script) -> list[str]:
    return [item.id for item in found.items]


def spoken(found: Script) -> str:
    return " ".join([found.title, *found.opening, *(x.text + x.why for x in found.items), *found.closing])


IN_NETWORK = {
    "bh_admin", "network_status", "cost_share", "ded_applies", "ded_remaining", "oop_remaining",
    "allowed_amount", "dx_coverage", "exclusions", "couple_code", "auth", "referral", "denial_liability",
    "visit_limit", "eob_privacy",
}  # fmt: skip
OF_SITUATION = {
    "in_network": IN_NETWORK,
    "out_of_network": IN_NETWORK
    | {"oon_benefit", "oon_method", "oon_claims", "gap_exception", "accepts_plan", "fee"},
    "uninsured": {"fee", "sliding", "gfe", "licence", "freq_length", "marketplace_check", "health_center"},
    "medicaid": {"medicaid_enrolled", "cost_share", "auth", "referral", "exclusions", "may_be_billed"},
    "medicare": {"medicare_status", "ded_remaining", "supplement", "medigap_visit", "telehealth"},
    "hr_eap": {"eap", "eap_privacy", "plan_year", "second_plan", "funding", "hsa_contribution"},
}
TO_EVERY_PRACTICE = {"sex_cert", "background_fit"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_asks_its_own_questions_and_no_others(situation):
    """HR and a Medicare supplement are asked only where somebody has them."""
    own = {"hr": "hr_eap", "medigap": "medicare"}
    asked = {
        id
        for listener in LISTENERS
        if own.get(listener, situation) == situation
        for id in ids(a_script(listener, situations=(situation,), whole=True))
    }

    assert asked == OF_SITUATION[situation] | TO_EVERY_PRACTICE


def test_without_a_plan_the_whole_list_is_read_in_table_order():
    found = a_script(unknowns=[unknown("exclusions", None)], whole=True)

    assert ids(found) == [row.id for row in QUESTIONS if row.id in IN_NETWORK and "insurer" in row.ask]
    assert len(found.items) > MOST_ITEMS


def test_the_biggest_swing_is_asked_first_and_privacy_last():
    found = a_script(
        unknowns=[unknown("auth", 10), unknown("ded_remaining", 999), unknown("cost_share", None)]
    )

    assert ids(found) == ["cost_share", "ded_remaining", "auth", "eob_privacy"]
    assert [item.swing for item in found.items] == [None, 999, 10, 0]


def test_what_is_known_is_not_asked():
    assert ids(a_script(unknowns=[])) == ["eob_privacy"]


def test_a_listener_is_asked_only_what_they_can_answer():
    unknowns = [unknown("fee"), unknown("cost_share"), unknown("household_income"), unknown("zebra")]

    assert ids(a_script(unknowns=unknowns)) == ["cost_share", "eob_privacy"]
    assert ids(a_script("practice", unknowns)) == ["fee", "sex_cert", "background_fit"]


def test_what_was_asked_in_vain_goes_to_the_end_and_says_so():
    found = a_script(unknowns=[unknown("cost_share", None, asked=True), unknown("auth", 1)])

    assert ids(found) == ["auth", "eob_privacy", "cost_share"]
    assert [item.asked for item in found.items] == [False, False, True]


def test_a_whole_list_still_tells_what_was_asked_in_vain():
    found = a_script(unknowns=[unknown("cost_share", None, asked=True)], whole=True)

    assert [item.id for item in found.items if item.asked] == ["cost_share"]


def test_what_was_answered_is_not_asked_again():
    assert ids(a_script(answered={"eob_privacy"})) == []


def test_several_unknowns_of_one_question_are_asked_once():
    some = [replace(unknown("fee", n), id=f"fee.{n}") for n in (5, 9)]

    assert next((x.id, x.swing) for x in a_script("practice", some).items) == ("fee", 9)
    assert ids(a_script("practice", some)).count("fee") == 1


def test_a_script_never_holds_more_than_twelve_items():
    every = [unknown(row.id, n) for n, row in enumerate(QUESTIONS)]

    assert all(len(a_script(x, every, SITUATIONS).items) <= MOST_ITEMS for x in LISTENERS)


def test_blanks_are_filled_with_what_is_known():
    found = a_script(unknowns=[unknown("network_status")], facts={"npi": "1234567893", "date": ""})

    assert "1234567893" in found.items[0].text
    assert BLANK in found.items[0].text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("listener", LISTENERS)
def test_no_placeholder_is_left_over(listener, language):
    found = a_script(listener, situations=SITUATIONS, whole=True, facts={}, words=wording(language))

    assert "{" not in spoken(found)
    assert found.language == language


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("listener", LISTENERS)
def test_every_closing_asks_for_the_name_the_reference_and_writing(listener, language):
    closing = " ".join(a_script(listener, words=wording(language)).closing)

    for words in {"en": ("name", "reference", "in writing"), "es": ("nombre", "referencia", "por escrito")}[
        language
    ]:
        assert words in closing


def test_the_topic_is_named_only_when_the_person_asks_for_it():
    unknowns = [unknown("exclusions"), unknown("dx_coverage")]

    assert "sex therapy" not in spoken(a_script(unknowns=unknowns))
    assert "F52" not in spoken(a_script(unknowns=unknowns))
    assert "sex therapy" in spoken(a_script(unknowns=unknowns, name_topic=True))
    assert "F52.6" in spoken(a_script(unknowns=unknowns, name_topic=True))


def test_a_listener_may_have_words_of_their_own():
    assert "Are you in network" in a_script("practice", [unknown("network_status")]).items[0].text


def test_an_answer_box_says_what_fits_into_it():
    boxes = {
        x.id: x.box
        for x in a_script(
            "practice",
            [unknown("fee"), unknown("superbill"), unknown("network_status"), unknown("session_length")],
        ).items
    }

    assert boxes["fee"].type == "cents"
    assert boxes["superbill"].choices == (("yes", "Yes"), ("no", "No"))
    assert boxes["network_status"].choices == (("in", "In network"), ("out", "Out of network"))
    assert boxes["session_length"].unit == "minutes"


def test_the_alternatives_of_an_unknown_stand_in_its_box():
    asked = replace(unknown("ded_applies"), alternatives=("copay $40", "deductible"))

    assert a_script(unknowns=[asked]).items[0].box.choices == (
        ("copay $40", "copay $40"),
        ("deductible", "deductible"),
    )


def test_a_number_is_written_and_never_chosen():
    asked = replace(unknown("session_length"), alternatives=("90834", "90837"))

    assert a_script("practice", [asked]).items[0].box.choices == ()


def test_a_box_without_choices_is_for_writing():
    box = a_script("practice", [unknown("licence")]).items[0].box

    assert (box.type, box.choices) == ("code", ())


def test_a_box_says_what_an_answer_looks_like():
    assert a_script(unknowns=[unknown("network_status")]).items[0].box.hint == "in or out"


@pytest.mark.parametrize(
    ("listener", "asked"),
    [
        ("hr", ["plan_year", "funding", "hsa_contribution", "second_plan", "eap", "eap_privacy"]),
        ("medigap", ["supplement", "medigap_visit"]),
    ],
)
def test_some_listeners_have_a_situation_of_their_own(listener, asked):
    found = a_script(listener, whole=True)

    assert (found.listener, ids(found)) == (listener, asked)


def test_the_topic_opens_a_call_only_when_the_person_asks_for_it():
    assert "sex therapy" in a_script(name_topic=True).opening[0]
    assert "sex therapy" not in a_script().opening[0]


def test_a_call_leaves_room_for_notes():
    assert len(a_script().call_notes) == 7


@pytest.mark.parametrize("listener", LISTENERS)
@pytest.mark.parametrize("situation", [*SITUATIONS, ""])
@pytest.mark.parametrize("whole", [True, False])
def test_a_listener_has_items_where_the_script_would_ask(listener, situation, whole):
    """Also with an unknown of another listener, and where all that it would ask is answered."""
    situations = (situation,) if situation else ()
    for unknowns in ((), (unknown("fee"),), (unknown("exclusions"), unknown("eap"))):
        for answered in ((), tuple(row.id for row in QUESTIONS)):
            told = {"whole": whole, "answered": answered}
            asked = bool(a_script(listener, unknowns, situations, **told).items)

            assert has_items(listener, unknowns, situations, **told) == asked


def test_a_script_is_whole_without_a_plan_and_repeats_no_answer():
    without = a_request(fields={"answers": {"fee": Answer(value=15_000), "auth": Answer(value=None)}})

    assert scope_of(without) == {"whole": True, "answered": ("fee",)}
    assert scope_of(a_request(fields={"uninsured": True})) == {"whole": False, "answered": ()}
    assert scope_of(a_request(a_plan("copay $30"))) == {"whole": False, "answered": ()}
