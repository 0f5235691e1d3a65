"""Back, at the top of every page: it works without script, loses no answer, leads round in no circle."""

from __future__ import annotations

import pytest

from tests.web.markup import Markup
from tests.web.states import GOING, LISTED, PREFIXES

START, CHECK, RESULT = "back:start", "back:check", "back:result"
STATES = [state for state in GOING if state not in ("saved", "link, wrong")]
ASIDE = ["how", "words", "privacy"]


def sent(client, path: str, fields: dict[str, str]) -> Markup:
    reply = client.post(path, data=fields)
    assert reply.status_code in (200, 422)
    return Markup(reply.text)


@pytest.mark.parametrize("prefix", PREFIXES.values())
@pytest.mark.parametrize("state", STATES)
def test_back_leads_to_the_start_page_by_page_with_every_answer(client, state, prefix):
    page = sent(client, prefix + GOING[state][0], GOING[state][1])
    answers = page.answers
    backs = []
    while page.back:
        backs.append(page.back)
        page = sent(client, f"{prefix}/check", page.fields | {"go": page.back})
        assert page.answers.items() >= answers.items()
        assert len(backs) < 12, backs

    assert backs[-1] == START
    assert len(set(backs)) == len(backs)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("result", CHECK),
        ("check", "back:used"),
        ("script, insurer", RESULT),
        ("plan", START),
        ("ask:plan_year", RESULT),
        ("course", "back:people"),
        ("course, past", "back:people"),
        ("ask, past", "back:used"),
    ],
)
def test_back_leads_to_the_page_before(client, state, expected):
    assert sent(client, *GOING[state]).back == expected


def test_back_leads_to_the_estimate_that_a_change_was_begun_from(client):
    assert sent(client, "/check", LISTED | {"go": "to:course", "then": "result"}).back == RESULT


@pytest.mark.parametrize("prefix", PREFIXES.values())
@pytest.mark.parametrize("aside", ASIDE)
def test_a_page_beside_the_way_leads_back_to_the_one_it_was_opened_from(client, aside, prefix):
    page = sent(client, f"{prefix}/check", LISTED | {"go": "to:course", "then": "result"})

    beside = sent(client, f"{prefix}/check", page.fields | {"go": f"to:{aside}"})
    again = sent(client, f"{prefix}/check", beside.fields | {"go": "to:words"})
    back = sent(client, f"{prefix}/check", again.fields | {"go": again.back})

    assert beside.language == page.language
    assert (back.fields, back.back) == (page.fields, RESULT)


@pytest.mark.parametrize("address", ["/check", "/open", *(f"/{each}" for each in ASIDE)])
def test_a_page_that_was_opened_by_its_address_has_a_back_too(client, address):
    assert Markup(client.get(address).text).back in (START, "/")
