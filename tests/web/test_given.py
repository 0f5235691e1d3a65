"""The answers as they are told back: a row for each question, in short, with a way to change or add each."""

from __future__ import annotations

import html
import re

import pytest

from coverage_service.core.question_table import BY_ID, CLIENT
from coverage_service.serving import KEY
from coverage_service.web.asked import ON_PAGES
from tests.web.states import LISTED, NO_PLAN, OWN
from tests.web.walk import told

ROW = re.compile(
    r'<dt[^>]*>(?P<question>.*?)</dt>\s*<dd class="govuk-summary-list__value">(?P<answer>.*?)</dd>'
    r'(?:.*?value="to:(?P<target>[^"]*)">(?P<action>\w+))?',
    re.DOTALL,
)
PLACES = pytest.mark.parametrize("go", ["to:check", "to:result"])
QUICK = {"modality": "Office or video", "client_state": "State you are in", "eap": "Free sessions at work"}
"""What a person knows without a call: question, and the name it is offered under."""


@pytest.fixture
def sources(app):
    return app.extensions[KEY].sources


def page(client, said: dict[str, str], go: str, prefix: str = "") -> str:
    reply = client.post(f"{prefix}/check", data=said | {"go": go})
    assert reply.status_code == 200
    return html.unescape(reply.text)


def rows(text: str) -> dict[str, tuple[str, str, str]]:
    """Question → answer, where to change it, and what the button says."""
    return {
        each["question"]: (each["answer"], each["target"], each["action"])
        for each in ROW.finditer(text.partition('<dl class="govuk-summary-list">')[2].partition("</dl>")[0])
    }


def offered(text: str) -> dict[str, str]:
    """What can be added: question → name."""
    found = text.partition("more-facts__list")[2].partition("</ul>")[0]
    return dict(re.findall(r'value="to:ask:(\w+)">(.*?)</button>', found))


def test_each_line_of_the_plans_papers_is_a_row(client):
    found = rows(page(client, OWN, "to:check"))

    assert {question: row for question, row in found.items() if row[1] == "own"} == {
        "What do you owe for a visit in network?": (
            "Copay for a visit: $25; Your percent: 20%", "own", "Change"),
        "Do you have to meet the deductible first?": ("I’m not sure: show both", "own", "Change"),
        "Deductible for one person, in network": ("$1,500", "own", "Change"),
        "How much of the deductible is met this year": ("Not answered", "own", "Add"),
        "Out-of-pocket maximum for one person, in network": ("Not answered", "own", "Add"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ("Number of sessions: 9", "Jan 4, 2027")),
        ("/es", ("Número de sesiones: 9", "4 ene 2027")),
    ],
)
def test_a_number_and_a_day_read_well(client, prefix, expected):
    found = page(client, OWN | {"first": "2027-01-04"}, "to:check", prefix)

    answers = [answer for answer, _target, _action in rows(found).values()]
    assert [each for each in answers if each in expected] == list(expected)


def test_an_answer_to_a_single_question_is_told_by_its_short_name_once(client, sources):
    texts = sources.wordings["en"].questions
    for name, answer in told().items():
        id = name.removeprefix("a-").partition(".")[0]
        if id in ON_PAGES or name.endswith(".first"):  # By itself the latter is no answer.
            continue
        found = rows(page(client, LISTED | {name: answer}, "to:check"))
        new = {question: row for question, row in found.items() if row[1] == f"ask:{id}"}
        ((question, row),) = new.items()

        assert question == texts[id].short
        assert texts[id].short not in row[0]
        assert len(row[0]) < 90


def test_a_page_asks_the_person_and_tells_what_a_call_would_ask(client, sources):
    for id in (id for id, row in BY_ID.items() if CLIENT not in row.ask and id not in ON_PAGES):
        text = page(client, LISTED, f"to:ask:{id}").partition("<main")[2]
        words = sources.wordings["en"].questions[id]
        asked = re.sub(r"\{[a-z_]+\}", "…", words.neutral)

        assert words.short in text
        assert asked not in text.replace(f"On a call you would ask: “{asked}”", "")


@PLACES
def test_facts_that_a_person_knows_can_be_added(client, go):
    assert offered(page(client, NO_PLAN, go)) == QUICK
    for said in (LISTED, OWN):
        assert offered(page(client, said, go)) == QUICK | {"dx_billing": "Diagnosis on the claim"}


@PLACES
@pytest.mark.parametrize("said", [LISTED, OWN, NO_PLAN], ids=["listed", "own", "no plan"])
def test_a_fact_that_was_added_is_a_row(client, said, go):
    added = {"a-modality": "telehealth", "a-eap": "3", "a-client_state": "CA", "a-dx_billing": "F41.1"}

    found = page(client, said | added, go)

    assert offered(found) == {}
    shown = {row[1].removeprefix("ask:"): row[0] for row in rows(found).values()}
    assert shown["eap"] == "3"
    assert shown["client_state"] == "CA"
    assert shown["dx_billing"] == "F41.1"


@pytest.mark.parametrize("said", [LISTED, OWN, NO_PLAN], ids=["listed", "own", "no plan"])
def test_free_sessions_are_added_from_the_answers_and_priced(client, said):
    def unpriced(more: dict[str, str]) -> bool:
        return "No program with free sessions was named" in page(client, said | more, "to:result")

    text = page(client, said, "to:ask:eap")
    assert 'name="a-eap"' in text

    assert unpriced({})
    assert not unpriced({"a-eap": "3"})


def test_the_first_session_is_asked_on_the_page_of_the_sessions(client):
    assert rows(page(client, LISTED, "to:check"))["When would the first session be?"][1:] == ("course", "Add")
    assert 'name="first"' in page(client, LISTED, "to:ask:first_session")
