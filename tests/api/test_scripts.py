"""Scripts and sliding fees over HTTP."""

from __future__ import annotations

import pytest

from coverage_service.api import examples
from tests.api.shapes import assert_problem, assert_shape, pointers

ADDRESS = "/v1/scripts"
PRIVATE = ("sex", "erect", "arous", "orgasm")


def spoken(answer) -> str:
    """Everything that is read out, on every call."""
    texts = []
    for script in answer["scripts"]:
        asked = [item["text"] for item in script["items"]]
        texts += [script["title"], *script["opening"], *asked, *script["closing"]]
    return "\n".join(texts).lower()


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_listener_who_can_answer_something_gets_a_script(client, body, language):
    answer = client.post(ADDRESS, json={**body, "language": language}).get_json()

    assert_shape("Scripts", answer)
    assert [script["listener"] for script in answer["scripts"]] == ["insurer", "practice", "hr"]
    assert all(script["items"] and script["language"] == language for script in answer["scripts"])


def test_one_listener_may_be_asked_for(client, body):
    answer = client.post(ADDRESS, json={**body, "listener": "medigap"}).get_json()

    assert [script["listener"] for script in answer["scripts"]] == ["medigap"]


def test_the_topic_is_named_only_when_asked_for(client, body):
    body["care"]["diagnosis"] = "F52.31"
    neutral = spoken(client.post(ADDRESS, json=body).get_json())
    named = spoken(client.post(ADDRESS, json={**body, "name_topic": True}).get_json())

    assert not any(word in neutral for word in PRIVATE)
    assert "f52" not in neutral
    assert "sex" in named


def test_what_was_answered_is_not_asked_again_and_what_nobody_knew_comes_last(client, body):
    body["listener"] = "insurer"
    before = [item["id"] for item in client.post(ADDRESS, json=body).get_json()["scripts"][0]["items"]]

    body["answers"] = {before[0]: {"value": None}}
    after = client.post(ADDRESS, json=body).get_json()["scripts"][0]["items"]

    assert after[-1]["id"] == before[0]
    assert after[-1]["asked"]


def test_the_plan_and_the_procedure_codes_fill_the_blanks(client, body):
    text = spoken(client.post(ADDRESS, json={**body, "listener": "insurer"}).get_json())

    assert "example ppo" in text
    assert "lmft" in text


def test_an_unknown_listener_is_refused(client, body):
    reply = client.post(ADDRESS, json={**body, "listener": "neighbour"})

    assert pointers(assert_problem(reply, 422)) == ["/listener"]


FEE = "/v1/sliding-fee"


def test_a_known_household_gets_the_fee_of_its_band(client):
    answer = client.post(FEE, json=examples.SLIDING_FEE).get_json()

    assert_shape("SlidingFee", answer)
    assert answer["fee"]["low_cents"] == 12000
    assert answer["full_fee_cents"] == 20000
    assert any("HHS" in note["source"]["title"] for note in answer["fee"]["notes"])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_practice_answers_in_the_documented_shape(client, sources, language):
    for id in sources.therapists:
        asked = {"therapist": id, "cpt": "90837", "language": language}
        assert_shape("SlidingFee", client.post(FEE, json=asked).get_json())


def test_a_practice_without_a_scale_has_no_fee_on_it(client):
    asked = {"therapist": {"fees": [{"cpt": "90837", "fee": "$200"}]}, "cpt": "90837"}

    answer = client.post(FEE, json=asked).get_json()

    assert answer["fee"] is None
    assert answer["full_fee_cents"] == 20000


def test_what_a_scale_needs_is_asked_for(client):
    problem = assert_problem(client.post(FEE, json={"household": {"size": 0}}), 422)

    assert set(pointers(problem)) == {"/therapist", "/cpt", "/household/size"}
