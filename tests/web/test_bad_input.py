"""Mischief in a form: the page comes back with what to mend, every other answer kept, never a 500."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_service.estimates import Invalid
from coverage_service.request_problems import problem
from coverage_service.serving import today
from tests.web.markup import Markup
from tests.web.states import LISTED, NO_PLAN, OWN, QUESTIONS, TOLD

HOSTILE = {
    "10,000 letters": "x" * 10_000,
    "a script": "<script>alert(1)</script>",
    "quotes": "\"'><b>",
    "a negative": "-1",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "an exponent": "1e5",
    "wide digits": "１２",
    "other digits": "٣",
    "an emoji": "🙂",
    "a null byte": "1\0",
    "half a character": "\ud800",
    "blanks within": "1\n2",
    "a template": "{{ 7*7 }}",
    "a sum too large": "9" * 30,
}
OPENED_BY = {
    "plan": ("cover", "listed"),
    "own_copay": ("own_share", "copay"),
    "own_percent": ("own_share", "percent"),
    "own_both_copay": ("own_share", "both"),
    "own_both_percent": ("own_share", "both"),
    "therapist": ("who", "listed"),
    "fee": ("who", "fee"),
    "first_fee": ("who", "fee"),
    "sessions_other": ("sessions", "other"),
    "used_amount": ("used", "some"),
}
FILLED = {"fee": "180", "own_copay": "25", "own_percent": "20", "own_both_copay": "25",
          "own_both_percent": "20", "sessions_other": "9"}  # fmt: skip
"""What else must be filled in where an option opens more than one control."""
CONTROLS = [
    (page, name)
    for page, names in {
        "plan": ["cover", "plan"],
        "own": ["own_share", "own_copay", "own_percent", "own_both_copay", "own_both_percent", "own_first",
                "own_deductible", "own_used", "own_maximum"],
        "therapist": ["who", "therapist", "fee", "first_fee", "network"],
        "concern": ["concern"],
        "people": ["people"],
        "course": ["sessions", "sessions_other", "minutes", "every", "first"],
        "used": ["used", "used_amount"],
        "household": ["size", "income", "area"],
        "ask:ded_remaining": ["a-ded_remaining"],
        "ask:dx_coverage": ["a-dx_coverage"],
        "ask:cost_share": ["a-cost_share.copay", "a-cost_share.percent", "a-cost_share.first"],
        "ask:plan_year": ["a-plan_year"],
    }.items()
    for name in names
]  # fmt: skip
NOT_NEEDED = ["first", "own_deductible", "own_used", "own_maximum", "first_fee", "minutes", "every", "size",
              "income", "area"]  # fmt: skip
# An answer to a single question may be taken back.
NEEDED = [(page, name) for page, name in CONTROLS if name not in NOT_NEEDED and not page.startswith("ask:")]


def posted(client, fields: Any, status: tuple[int, ...] = (200, 422), path: str = "/check") -> Markup:
    """The page after a form, which is a whole page whatever was in it."""
    body = urlencode(fields, errors="surrogatepass").encode()
    reply = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert reply.status_code in status, (reply.status_code, reply.text[:300])
    assert reply.content_type == "text/html; charset=utf-8"
    found = Markup(reply.text)
    assert found.inline == [] or not found.form
    assert found.repeated == []
    assert {id for id, count in found.ids.items() if count > 1} == set()
    assert {f"#{id}" for id in found.ids} >= set(found.mistakes)
    return found


def filled(page: str, name: str) -> dict[str, str]:
    """Answers that fit, with the control open."""
    said = {**QUESTIONS[page], "page": page, "go": "next"}
    if page == "own":
        said["own_share"] = "both"
    if name in OPENED_BY:
        opener, value = OPENED_BY[name]
        said |= FILLED | {opener: value}
    return said


def kept(found: Markup, said: dict[str, str], but: str) -> None:
    """Every answer but one is still in the form."""
    expected = {name: text for name, text in said.items() if name not in ("page", "go", "then", but)}

    assert {name: found.answers.get(name) for name in expected} == expected


def test_every_control_of_every_question_page_is_in_the_list(client):
    shown = {
        (page, name)
        for page in QUESTIONS
        for name in posted(client, filled(page, "") | {"go": f"to:{page}"}).shown
    }

    assert shown == set(CONTROLS)


@pytest.mark.parametrize(("page", "name"), CONTROLS)
def test_a_hostile_text_is_told_at_its_control(client, page, name):
    for what, text in HOSTILE.items():
        said = filled(page, name) | {name: text}

        found = posted(client, said, (422,))

        assert (what, found.mistakes) == (what, [f"#{name}"])
        assert found.controls["page"].held == page
        kept(found, said, but=name)


@pytest.mark.parametrize(("page", "name"), NEEDED)
@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_missing_answer_is_told_at_its_control(client, page, name, blank):
    said = {field: text for field, text in filled(page, name).items() if field != name}

    found = posted(client, said | ({} if blank is None else {name: blank}), (422,))

    assert found.mistakes == [f"#{name}"]
    kept(found, said, but=name)


NO_AMOUNT = "This is not an amount. Write it in dollars, such as 150 or 1,250.50."
NO_PERCENT = "This is not a percent. Write a number from 0 to 100, such as 20."
NO_CHOICE = "Choose an answer. “I’m not sure” is fine too."


def summary(text: str) -> dict[str, str]:
    """The mistakes at the top of a page: where each leads, and what it says."""
    found = text.partition('class="govuk-error-summary"')[2].partition("</ul>")[0]
    return {place: unescape(said) for place, said in re.findall(r'<a href="#([^"]*)">(.*?)</a>', found)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {**OWN, "page": "own", "own_deductible": "-1", "own_both_percent": "200", "own_first": ""},
            {
                "own_both_percent": f"Your percent: {NO_PERCENT}",
                "own_first": f"Do you have to meet the deductible first? {NO_CHOICE}",
                "own_deductible": f"Deductible for one person, in network: {NO_AMOUNT}",
            },
        ),
        ({"page": "plan", "cover": "listed"}, {"plan": "Your plan: Choose an answer."}),
        (
            {**LISTED, "page": "ask:ded_remaining", "a-ded_remaining": "lots"},
            {"a-ded_remaining": f"Deductible left: {NO_AMOUNT}"},
        ),
    ],
    ids=["own plan", "plan", "single question"],
)
def test_a_mistake_at_the_top_names_its_control(client, said, expected):
    assert summary(client.post("/check", data=said | {"go": "next"}).text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("fee", text)
            for text in ("12,50", "1,2,3", "1,2345", "$$5", "1 2", "1,000 000", "1e400", "‭150", ".")
        ),
        *(("own_percent", text) for text in ("2 0", "20%%", "20,5", "1e1")),
    ],
)
def test_a_figure_that_can_be_read_in_two_ways_is_not_guessed_at(client, name, text):
    page = "therapist" if name == "fee" else "own"

    assert posted(client, filled(page, name) | {name: text}, (422,)).mistakes == [f"#{name}"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1,250.50", "$1,250.50"),
        ("$ 1 250", "$1,250"),
        ("$1250", "$1,250"),
        ("150.50", "$150.50"),
        ("0", "$0"),
    ],
)
def test_an_amount_may_be_written_as_people_do(client, text, shown):
    said = LISTED | {"who": "fee", "fee": text, "page": "therapist", "go": "to:check"}

    assert f"Fee for one session: {shown}" in client.post("/check", data=said).text


@pytest.mark.parametrize(
    ("days", "status"),
    [(-400, 422), (-1, 422), (0, 200), (1, 200)],
    ids=["long ago", "yesterday", "today", "ahead"],
)
def test_a_first_session_cannot_have_been(client, days, status):
    said = LISTED | {"page": "course", "first": (today() + timedelta(days)).isoformat()}

    for go in ("next", "to:result"):
        found = posted(client, said | {"go": go}, (status,))
        assert found.mistakes == (["#first"] if status == 422 else [])
        if status == 422:
            kept(found, said, but="")


@pytest.mark.parametrize(("prefix", "day"), [("", "Nov 23, 2026"), ("/es", "23 nov 2026")])
def test_a_mistake_names_a_day_as_people_write_it(client, monkeypatch, prefix, day):
    monkeypatch.setattr("coverage_service.web.fields.today", lambda: date(2026, 11, 23))
    said = LISTED | {"page": "course", "first": "2026-11-22", "go": "next"}

    assert f" {day} " in summary(client.post(f"{prefix}/check", data=said).text)["first"]


def test_answers_that_do_not_go_together_are_told_at_their_row(client, monkeypatch):
    # The form was read before midnight, and the estimate is made after it.
    monkeypatch.setattr("coverage_service.web.fields.today", lambda: today() - timedelta(1))
    said = LISTED | {"first": (today() - timedelta(1)).isoformat(), "go": "to:result"}

    found = posted(client, said, (422,))

    assert found.mistakes == ["#given-course-first"]
    assert found.title.startswith("Error")
    kept(found, said, but="")


@pytest.mark.parametrize(
    ("pointer", "said", "rows"),
    [
        ("/care/first_session", LISTED, ["course-first"]),
        ("/care/sessions", LISTED, ["course-sessions"]),
        ("/care/every_days", LISTED, ["course-every"]),
        ("/care/concern", LISTED, ["concern"]),
        ("/prices/90837/billed_cents", OWN, ["therapist-who"]),
        ("/network/status", LISTED, ["therapist-network"]),
        ("/plan", LISTED, ["plan"]),
        ("/plan/limits/in_network/deductible/person", OWN, ["own-own_deductible"]),
        ("/plan/benefits/0/cost_sharing/1", OWN, ["own-own_share"]),
        ("/used/limits/in_network", LISTED, ["used"]),
        ("/household/income_cents", NO_PLAN, ["household-income"]),
        ("/answers/ded_remaining/value", TOLD, ["ask:ded_remaining"]),
        ("/answers/every_days/value", LISTED, ["course-sessions", "course-minutes", "course-every",
                                               "course-first"]),
    ],
)  # fmt: skip
def test_only_the_answers_at_odds_are_marked(client, monkeypatch, pointer, said, rows):
    def refuse(*_args):
        raise Invalid([problem(pointer, "this does not go with the rest")])

    monkeypatch.setattr("coverage_service.web.views.make_estimate", refuse)
    reply = client.post("/check", data=said | {"go": "to:result"})

    assert Markup(reply.text).mistakes == [f"#given-{row}" for row in rows]
    assert reply.text.count("Please check this one.") == len(rows)


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_an_answer_that_may_be_missing_is_not_asked_for(client, name):
    page = next(page for page, each in CONTROLS if each == name)
    said = {field: text for field, text in filled(page, name).items() if field != name}

    assert posted(client, said, (200,)).mistakes == []


@pytest.mark.parametrize("page", QUESTIONS)
def test_an_empty_form_of_any_page_comes_back(client, page):
    posted(client, {"page": page, "go": "next"})


@pytest.mark.parametrize("target", ["result", "check", "save", "script:insurer"])
@pytest.mark.parametrize("said", [LISTED, OWN, NO_PLAN, TOLD], ids=["listed", "own", "no plan", "told"])
def test_a_tampered_hidden_answer_is_told_at_its_control(client, said, target):
    for name in said:
        if name.startswith("reference-"):
            continue
        tampered = said | {name: "<script>"}
        found = posted(client, tampered | {"go": f"to:{target}"}, (422,))

        assert found.mistakes == [f"#{name}"]
        kept(found, tampered, but=name)


def test_a_reference_number_of_any_length_stops_nothing(client):
    found = posted(client, TOLD | {"reference-insurer": "7" * 300, "go": "to:result"}, (200,))

    assert found.answers["reference-insurer"] == "7" * 200


@pytest.mark.parametrize("plan", ["no-such-plan", "own-plan", "military-onesource", "../../etc", "none"])
def test_an_unknown_plan_is_told_at_its_control(client, plan):
    assert posted(client, LISTED | {"plan": plan, "go": "to:result"}, (422,)).mistakes == ["#plan"]


STRANGE = [
    "", "nowhere", "ask:", "ask:nowhere", "to:", "to:nowhere", "to:ask:nowhere", "script:", "to:script:",
    "to:script:nobody", "result", "to:save", "\0", "\ud800", "x" * 5_000, "to:to:result", "<b>",
]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE, ids=ascii)
@pytest.mark.parametrize("name", ["page", "go", "then"])
@pytest.mark.parametrize("path", ["/check", "/es/check"])
def test_an_unknown_place_leads_to_a_page_that_keeps_the_answers(client, path, name, strange):
    said = LISTED | {"page": "people", "go": "next", name: strange}

    found = posted(client, said, (200,), path)

    if found.form:  # A saved page has none.
        kept(found, said, but="")


@pytest.mark.parametrize("page", QUESTIONS)
def test_a_name_that_comes_twice_breaks_nothing(client, page):
    fields = list(filled(page, "").items())

    posted(client, fields + [(name, text * 2) for name, text in fields])
    posted(client, [(name, text * 2) for name, text in fields] + fields)


@pytest.mark.parametrize(
    "type", ["text/plain", "application/json", "multipart/form-data", "", "x/y; charset=z"]
)
def test_a_body_that_is_no_form_leads_to_the_first_page(client, type):
    reply = client.post("/check", data=b"\xff\xfe{[", content_type=type)

    assert reply.status_code in (200, 400, 422)
    assert reply.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "saved", ["", "#", "!", "QQ", "A" * 20_000, "Y292ZXI9bm9uZQ" * 800, "🙂", "\0", "\ud800", "Zz09"]
)
def test_a_broken_link_is_told(client, saved):
    found = posted(client, {"saved": saved}, (422,))

    assert found.mistakes == ["#saved"]


TEXTS = st.one_of(
    st.sampled_from([*HOSTILE.values(), "", "0", "1", "12", "unsure", "yes", "other", "listed"]),
    st.text(st.characters(codec="utf-8"), max_size=30),
)
VALID = {
    "cover": ["listed", "own", "none", "unsure"],
    "plan": ["example-hdhp", "example-oon", "medicare-part-b", "fep-blue-basic", "mp-88925az0010016-00"],
    "own_share": ["copay", "percent", "both", "nothing", "unsure"],
    "own_copay": ["25", "$0"],
    "own_percent": ["20", "0 %", "100"],
    "own_both_copay": ["1,000.50"],
    "own_both_percent": ["33"],
    "own_first": ["yes", "no", "unsure"],
    "own_deductible": ["0", "1,500"],
    "own_used": ["0", "99999"],
    "own_maximum": ["0", "9000"],
    "who": ["listed", "fee", "unsure"],
    "therapist": ["example-therapist", "trainee-clinic", "fgcnow"],
    "fee": ["0", "180"],
    "first_fee": ["0", "240.05"],
    "network": ["in", "out", "unsure"],
    "concern": ["unsure", "low-desire", "trauma"],
    "people": ["individual", "couple", "group", "unsure"],
    "sessions": ["6", "20", "other", "unsure"],
    "sessions_other": ["1", "60"],
    "minutes": ["45", "90", "unsure"],
    "every": ["7", "28", "unsure"],
    "used": ["some", "nothing", "unsure"],
    "used_amount": ["0", "999,999"],
    "size": ["1", "30"],
    "income": ["0", "38,000"],
    "area": ["48", "AK"],
    "topic": ["yes"],
    "reference-insurer": ["CALL-7"],
}
"""For each control, texts that can be read."""
ANSWERS = st.fixed_dictionaries({}, optional={name: st.sampled_from(texts) for name, texts in VALID.items()})
TOLD_NAMES = ["a-ded_remaining", "a-dx_coverage", "a-cost_share.copay", "a-cost_share.first", "a-visit_limit",
              "a-plan_year", "a-oop_remaining", "a-auth", "a-eap", "a-dx_billing", "a-exclusions",
              "a-network_status", "a-fee", "a-allowed_amount", "a-oon_benefit", "a-tier"]  # fmt: skip
PLACES = st.sampled_from([*QUESTIONS, *STRANGE, "result", "check", "save", "script:insurer", "next"])
NOISE = st.dictionaries(st.sampled_from([*TOLD_NAMES, "unknown", "csrf"]), TEXTS, max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=ANSWERS, noise=NOISE, page=PLACES, then=PLACES, going=PLACES, jump=st.booleans())
def test_any_form_gets_a_page_that_carries_every_answer_that_can_be_read(
    client, said, noise, page, then, going, jump
):
    go = f"to:{going}" if jump else "next"

    found = posted(client, noise | said | {"page": page, "then": then, "go": go})

    if found.form:  # A saved page has none.
        kept(found, said, but="")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=st.sampled_from(list(QUESTIONS)),
    fields=st.dictionaries(st.sampled_from([*VALID, *TOLD_NAMES]), TEXTS),
)
def test_any_text_in_any_control_gets_a_page(client, page, fields):
    posted(client, fields | {"page": page, "go": "next"})
    posted(client, fields | {"page": page, "go": "to:result"})


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saved=st.text(st.characters(codec="utf-8")))
def test_any_text_as_a_link_gets_a_page(client, saved):
    posted(client, {"saved": saved})
