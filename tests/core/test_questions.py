"""The question table, the order of asking, and what may be answered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.question_table import (
    BY_ID,
    CHOICE,
    CLIENT,
    CODE,
    COUNT,
    LISTENERS,
    PLACE,
    QUESTIONS,
    SITUATIONS,
    TYPES,
)
from coverage_service.core.questions import Accepted, Refused, check_answer, question_of, rank

CHECKLIST = [
    "bh_admin", "network_status", "cost_share", "ded_applies", "coinsurance_base", "ded_remaining",
    "oop_remaining", "first_n", "bh_separate", "allowed_amount", "dx_coverage", "exclusions",
    "couple_code", "long_session", "credential", "auth", "referral", "denial_liability",
    "visit_limit", "telehealth", "oon_benefit", "oon_method", "oon_claims", "gap_exception",
    "eob_privacy", "plan_year", "second_plan", "eap", "fee", "accepts_plan", "sliding", "licence",
    "sex_cert", "background_fit", "dx_billing", "freq_length", "gfe", "medicare_status",
    "medigap_visit", "medicaid_enrolled",
]  # fmt: skip
"""The published checklist, in its order."""


def unknown(id: str, swing: int | None, *, asked: bool = False, question: str | None = None) -> OpenQuestion:
    return OpenQuestion(id=id, question=question or id, swing=swing, asked=asked)


def ids(unknowns: tuple[OpenQuestion, ...]) -> list[str]:
    return [each.id for each in unknowns]


def test_the_table_keeps_the_order_of_the_checklist():
    assert [row.id for row in QUESTIONS if row.id in CHECKLIST] == CHECKLIST


def test_no_id_stands_twice():
    assert len(BY_ID) == len(QUESTIONS)


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row.id)
def test_a_row_uses_known_words_only(row):
    assert row.type in TYPES
    assert set(row.ask) <= {*LISTENERS, CLIENT}
    assert set(row.situations) <= set(SITUATIONS)
    assert bool(row.choices) == (row.type == CHOICE)
    assert bool(row.pattern) == (row.type == CODE)
    assert bool(row.highest) == (row.type == COUNT)
    assert row.fills or row.script_only


def test_the_unknown_that_moves_the_most_dollars_comes_first():
    found = rank([unknown("fee", 100), unknown("ded_remaining", 90_000), unknown("cost_share", 5_000)])

    assert ids(found) == ["ded_remaining", "cost_share", "fee"]


def test_an_unknown_without_bounds_comes_before_every_amount():
    assert ids(rank([unknown("fee", 10**9), unknown("allowed_amount", None)])) == ["allowed_amount", "fee"]


def test_questions_that_move_no_amount_come_after_those_that_do():
    found = rank([unknown(x, 0) for x in ("gfe", "eob_privacy", "tier", "background_fit")])

    assert ids(found) == ["tier", "eob_privacy", "background_fit", "gfe"]


def test_what_nobody_could_say_comes_at_the_very_end():
    found = rank([unknown("allowed_amount", None, asked=True), unknown("gfe", 0), unknown("fee", 1)])

    assert ids(found) == ["fee", "gfe", "allowed_amount"]


def test_ties_keep_the_order_of_the_checklist():
    found = rank([unknown(id, 500) for id in reversed(CHECKLIST) if not BY_ID[id].script_only])

    assert [PLACE[id] for id in ids(found)] == sorted(PLACE[id] for id in ids(found))


def test_an_id_the_table_does_not_know_comes_last_among_equals():
    assert ids(rank([unknown("zebra", 5), unknown("medicaid_enrolled", 5)])) == ["medicaid_enrolled", "zebra"]


def test_an_unknown_of_its_own_name_is_settled_by_its_question():
    assert question_of(unknown("fee.90837", 1, question="fee")) is BY_ID["fee"]
    assert question_of(unknown("fee", 1, question="no_such")) is BY_ID["fee"]
    assert question_of(unknown("no", 1, question="nor_this")) is None


@given(st.lists(st.tuples(st.sampled_from(CHECKLIST), st.none() | st.integers(0, 9), st.booleans())))
def test_ranking_does_not_depend_on_the_order_given(rows):
    unknowns = [unknown(id, swing, asked=asked) for id, swing, asked in rows]

    assert rank(unknowns) == rank(reversed(unknowns))
    assert sorted(ids(rank(unknowns))) == sorted(id for id, _, _ in rows)


@pytest.mark.parametrize(
    ("id", "value", "accepted"),
    [
        pytest.param("ded_remaining", 85_000, 85_000, id="cents"),
        pytest.param("ded_remaining", 0, 0, id="nothing left"),
        pytest.param("ded_remaining", None, None, id="asked, could not say"),
        pytest.param("visit_limit", 20, 20, id="a count"),
        pytest.param("auth", "no", False, id="yes or no as words"),
        pytest.param("network_status", "out", "out", id="a choice"),
        pytest.param("used_as_of", "2026-11-15", date(2026, 11, 15), id="a date"),
        pytest.param("plan_year", "07-01", "07-01", id="month and day"),
        pytest.param("dx_billing", " f52.31 ", "F52.31", id="a diagnosis code"),
        pytest.param("licence", "lmft", "LMFT", id="a licence"),
        pytest.param("cost_share", " copay  $30 ", "copay $30", id="text without stray spaces"),
        pytest.param("cost_share", "x", "x", id="the shortest text"),
        pytest.param("cost_share", "x" * 500, "x" * 500, id="the longest text"),
        pytest.param("fee", 10_000_000_000, 10_000_000_000, id="the largest amount"),
        pytest.param("visit_limit", 366, 366, id="a visit a day"),
        pytest.param("allowed_amount", {"90837": 14_000}, {"90837": 14_000}, id="cents for each code"),
    ],
)
def test_an_answer_is_taken(id, value, accepted):
    assert check_answer(id, value) == Accepted(accepted)


@pytest.mark.parametrize(
    ("id", "value", "code"),
    [
        pytest.param("no_such", 1, "answer_unknown_id", id="unknown id"),
        pytest.param("fee", 140.0, "answer_not_cents", id="a float is never money"),
        pytest.param("fee", "140", "answer_not_cents", id="text is not cents"),
        pytest.param("fee", True, "answer_not_cents", id="true is not one cent"),
        pytest.param("fee", -1, "answer_out_of_range", id="negative money"),
        pytest.param("fee", 10**14, "answer_out_of_range", id="more than anybody charges"),
        pytest.param("fee", {}, "answer_empty", id="no code at all"),
        pytest.param("fee", {"90837": "x"}, "answer_not_cents", id="one code wrong"),
        pytest.param("ded_remaining", {"90837": 1}, "answer_not_cents", id="no amounts by code here"),
        pytest.param("visit_limit", 367, "answer_out_of_range", id="more visits than days"),
        pytest.param("visit_limit", "20", "answer_not_count", id="text is not a count"),
        pytest.param("auth", True, "answer_not_yes_no", id="JSON true is refused"),
        pytest.param("auth", "Yes", "answer_not_yes_no", id="lower case only"),
        pytest.param("network_status", "maybe", "answer_not_a_choice", id="not a choice"),
        pytest.param("network_status", ["in"], "answer_not_a_choice", id="a list is no choice"),
        pytest.param("used_as_of", "2026-02-30", "answer_not_date", id="no such day"),
        pytest.param("used_as_of", "20261115", "answer_not_date", id="no dashes"),
        pytest.param("plan_year", "13-01", "answer_not_code", id="no such month"),
        pytest.param("dx_billing", "sad", "answer_not_code", id="not a code"),
        pytest.param("dx_billing", 5, "answer_not_code", id="a number is no code"),
        pytest.param("cost_share", 5, "answer_not_text", id="a number is no text"),
        pytest.param("cost_share", "  ", "answer_not_text", id="blank"),
        pytest.param("cost_share", "x" * 501, "answer_not_text", id="too long"),
    ],
)
def test_an_answer_is_refused_with_a_code(id, value, code):
    found = check_answer(id, value)

    assert isinstance(found, Refused)
    assert (found.code, found.params["id"]) == (code, id)


@pytest.mark.parametrize(
    ("id", "value", "params"),
    [
        ("fee", -1, {"lowest": 0, "highest": 10_000_000_000}),
        ("visit_limit", 367, {"lowest": 0, "highest": 366}),
        ("network_status", "maybe", {"choices": ("in", "out")}),
        ("cost_share", "x" * 501, {"highest": 500}),
    ],
)
def test_a_refusal_tells_what_would_be_taken(id, value, params):
    assert check_answer(id, value).params == {"id": id, **params}


def test_the_alternatives_of_an_unknown_replace_those_of_the_table():
    assert check_answer("ded_applies", "copay $40", ["copay $40", "deductible"]) == Accepted("copay $40")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([*BY_ID, "no_such"]), JSON)
def test_no_value_makes_the_check_raise(id, value):
    assert isinstance(check_answer(id, value), Accepted | Refused)
