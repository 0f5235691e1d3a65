"""One estimate over HTTP: what is asked, what is answered, what is refused with its place."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from coverage_service import __version__
from coverage_service.api import examples
from tests.api.shapes import assert_problem, assert_shape, pointers

ADDRESS = "/v1/estimates"
WINDOWS = ["next_session", "first_30_days", "rest_of_plan_year", "twelve_months", "course"]


def test_the_usual_request_lists_every_pathway_with_its_windows(client, body):
    answer = client.post(ADDRESS, json=body).get_json()

    ids = [pathway["id"] for pathway in answer["pathways"]]
    assert ids == ["in_network", "out_of_network", "full_fee", "sliding_fee", "eap_first"]
    priced = [pathway for pathway in answer["pathways"] if pathway["windows"]]
    assert priced
    assert all([window["id"] for window in pathway["windows"]] == WINDOWS for pathway in priced)


@pytest.mark.parametrize("name", ["ESTIMATE", "INLINE", "SMALLEST"])
@pytest.mark.parametrize("detail", ["full", "summary"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_answer_has_the_documented_shape(client, name, detail, language):
    asked = {**getattr(examples, name), "detail": detail, "language": language}

    answer = client.post(ADDRESS, json=asked).get_json()

    assert_shape("Estimate", answer)
    assert answer["language"] == language


def test_a_summary_leaves_out_why_facts_and_ledgers(client, body):
    answer = client.post(ADDRESS, json={**body, "detail": "summary"}).get_json()

    assert not {"why", "facts"} & answer.keys()
    scenarios = [scenario for pathway in answer["pathways"] for scenario in pathway["scenarios"]]
    assert scenarios
    assert not any({"ledger", "waterfall", "events"} & scenario.keys() for scenario in scenarios)


def test_figures_of_a_known_copay_are_exact_and_add_up(client):
    asked = {
        "as_of": "2026-11-23",
        "plan": "example-ppo",
        "therapist": "example-therapist",
        "care": {
            "minutes": 55,
            "sessions": 10,
            "intake": False,
            "diagnosis": "f43.10",
            "modality": "in_person",
        },
        "network": {"status": "in"},
        "prices": {"90837": {"allowed_cents": 14000}},
    }

    answer = client.post(ADDRESS, json=asked).get_json()

    scenario = answer["pathways"][0]["scenarios"][0]
    course = scenario["windows"][-1]
    assert (course["low_cents"], course["planning_cents"], course["high_cents"]) == (30000, 30000, 30000)
    assert course["display"] == {"low": 300, "planning": 300, "high": 300, "exact_cents": 30000}
    assert sum(row["amounts"]["patient_cents"] for row in scenario["ledger"]) == 30000
    assert scenario["ledger"][0]["amounts"]["write_off_cents"] == 6000
    places = [answer["why"][index]["place"] for index in scenario["ledger"][0]["why"]]
    assert any(place and place.startswith("rules/payers/example-ppo.yaml:") for place in places)


def test_the_answer_carries_its_versions_and_is_kept_by_no_cache(client, sources, body):
    reply = client.post(ADDRESS, json=body)

    answer = reply.get_json()
    assert answer["rulebook_version"] == reply.headers["Rules-Version"] == sources.version
    assert answer["engine_version"] == __version__
    assert answer["as_of"] == "2026-11-23"
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_same_request_gives_the_same_bytes(client, body):
    assert client.post(ADDRESS, json=body).data == client.post(ADDRESS, json=body).data


def test_as_of_is_the_servers_date_in_utc_when_not_said(client):
    before = datetime.now(UTC).date()

    answer = client.post(ADDRESS, json={"care": {}}).get_json()

    assert answer["as_of"] in (before.isoformat(), datetime.now(UTC).date().isoformat())


def test_none_means_no_insurance_and_nothing_means_not_known(client):
    without = client.post(ADDRESS, json={"plan": "none", "care": {}}).get_json()
    unknown = client.post(ADDRESS, json={"care": {}}).get_json()

    assert without["pathways"][0]["possible"] == "no"
    assert unknown["pathways"][0]["possible"] == "unknown"


def test_an_inline_plan_is_told_by_json_pointer(client):
    answer = client.post(ADDRESS, json=examples.INLINE).get_json()

    assert any(str(why["place"]).startswith("/plan/benefits/0") for why in answer["why"])


def test_an_answer_narrows_the_range_and_leaves_the_unknowns(client, body):
    before = client.post(ADDRESS, json=body).get_json()
    after = client.post(
        ADDRESS, json={**body, "answers": {"network_status": {"value": "in", "reference": "call 12"}}}
    ).get_json()

    assert "network_status" in [unknown["id"] for unknown in before["unknowns"]]
    assert "network_status" not in [unknown["id"] for unknown in after["unknowns"]]


REFUSED = {
    "unknown plan": ({"plan": "exmple-ppo"}, "/plan", "example-ppo"),
    "plan of another kind": ({"plan": 7}, "/plan", ""),
    "none as a therapist": ({"therapist": "none"}, "/therapist", ""),
    "unknown therapist": ({"therapist": "nobody"}, "/therapist", ""),
    "unknown concern": ({"care": {"concern": "painfull-sex"}}, "/care/concern", "painful-sex"),
    "unknown field": ({"cares": {}}, "/cares", "care"),
    "unknown field below": ({"care": {"minute": 5}}, "/care/minute", "minutes"),
    "an old date": (
        {"care": {"first_session": "2026-11-22"}},
        "/care/first_session",
        "give the next session",
    ),
    "no such day": ({"care": {"first_session": "2026-02-30"}}, "/care/first_session", "no such day"),
    "another century": ({"as_of": "1026-11-22"}, "/as_of", "2000"),
    "ten thousand sessions": ({"care": {"sessions": 10_000}}, "/care/sessions", "520"),
    "520 sessions of three lines": (
        {"care": {"sessions": 520, "codes": ["90837", "90836", "99213"]}},
        "/care/codes",
        "1,560 claim lines",
    ),
    "no session": ({"care": {"sessions": 0}}, "/care/sessions", "1"),
    "an interval upside down": (
        {"care": {"sessions": {"low": 9, "high": 2}}},
        "/care/sessions/low",
        "smaller",
    ),
    "half an interval": ({"care": {"sessions": {"low": 9}}}, "/care/sessions", "high"),
    "a rare session": ({"care": {"every_days": 367}}, "/care/every_days", "366"),
    "a long session": ({"care": {"minutes": 481}}, "/care/minutes", "480"),
    "a fraction": ({"care": {"minutes": 50.0}}, "/care/minutes", "whole number"),
    "a number as text": ({"care": {"minutes": "50"}}, "/care/minutes", "whole number"),
    "a boolean as a number": ({"care": {"minutes": True}}, "/care/minutes", "whole number"),
    "a word as a boolean": ({"care": {"intake": "yes"}}, "/care/intake", "true"),
    "a number as a boolean": ({"care": {"intake": 1}}, "/care/intake", "true"),
    "no diagnosis at all": ({"care": {"diagnosis": "anxiety"}}, "/care/diagnosis", "F52.31"),
    "two first diagnoses": (
        {"care": {"diagnosis": "F43.10", "diagnoses": ["F52.31"]}},
        "/care/diagnosis",
        "one of the two",
    ),
    "a list that is none": ({"care": {"skip": "2026-12-28"}}, "/care/skip", "list"),
    "a long list": ({"care": {"skip": ["2026-12-28"] * 367}}, "/care/skip", "366"),
    "a bad item": ({"care": {"skip": ["2026-12-28", "soon"]}}, "/care/skip/1", "2026-11-30"),
    "null in a list": ({"care": {"skip": [None]}}, "/care/skip/0", ""),
    "a negative rate": (
        {"prices": {"90837": {"allowed_cents": -5}}},
        "/prices/90837/allowed_cents",
        "too small",
    ),
    "a code as a number": ({"care": {"codes": [90837]}}, "/care/codes/0", "text"),
    "negative money": (
        {"used": {"limits": {"in_network": {"deductible_cents": -1}}}},
        "/used/limits/in_network/deductible_cents",
        "too small",
    ),
    "a limit that is none": (
        {"used": {"limits": {"in-network": {}}}},
        "/used/limits/in-network",
        "in_network",
    ),
    "used in the future": ({"used": {"as_of": "2027-01-01"}}, "/used/as_of", "after the first session"),
    "an unknown pool": ({"used": {"visits": {"frist-visits": 1}}}, "/used/visits/frist-visits", "pool"),
    "a place of service": (
        {"care": {"place_of_service": "00"}},
        "/care/place_of_service",
        "place of service",
    ),
    "a procedure code": ({"prices": {"9083": {"billed_cents": 1}}}, "/prices/9083", "90837"),
    "prices upside down": (
        {"prices": {"90837": {"allowed_cents": {"low": 9, "high": 1}}}},
        "/prices/90837/allowed_cents",
        "order",
    ),
    "other rules": (
        {"rulebook_version": "000000000000"},
        "/rulebook_version",
        "no such rules are kept",
    ),
    "another language": ({"language": "fr"}, "/language", "en"),
    "care over already": (
        {"other_care": [{"date": "2026-01-01", "service": "psychotherapy", "allowed_cents": 1}]},
        "/other_care/0/date",
        "used",
    ),
    "care of no kind": (
        {"other_care": [{"date": "2027-01-01", "allowed_cents": 1}]},
        "/other_care/0",
        "service",
    ),
    "a phrase that is none": (
        {"other_care": [{"date": "2027-01-01", "allowed_cents": 1, "cost_sharing": ["copayment $3"]}]},
        "/other_care/0/cost_sharing/0",
        "copay",
    ),
    "an EAP without a plan": ({"eap": {}}, "/eap/plan", "missing"),
    "an unknown second plan": ({"secondary": {"plan": "medigap"}}, "/secondary/plan", "medigap-plan-"),
    "none as a second plan": ({"secondary": {"plan": "none"}}, "/secondary/plan", "known plan"),
    "an answer to nothing": ({"answers": {"shoe_size": {"value": 9}}}, "/answers/shoe_size", "no question"),
    "dollars for cents": (
        {"answers": {"oop_remaining": {"value": "$30"}}},
        "/answers/oop_remaining/value",
        "cents",
    ),
    "phrases nobody writes": (
        {"answers": {"cost_share": {"value": "copay 30"}}},
        "/answers/cost_share/value/0",
        "$30",
    ),
    "a draft of an inline plan": ({"plan": {"benefits": 3}}, "/plan/benefits", "list"),
    "money as a number": (
        {"plan": {"limits": {"in_network": {"deductible": {"person": 1500}}}}},
        "/plan/limits/in_network/deductible/person",
        "",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_mistake_is_refused_at_its_place_with_what_to_write(client, name):
    change, pointer, says = REFUSED[name]

    reply = client.post(ADDRESS, json={"as_of": "2026-11-23", "plan": "example-ppo", "care": {}, **change})

    problem = assert_problem(reply, 422)
    assert pointers(problem) == [pointer]
    assert says in f"{problem['errors'][0]['detail']}; {problem['errors'][0]['remedy']}"


def test_care_must_be_there_but_may_be_empty(client):
    assert pointers(assert_problem(client.post(ADDRESS, json={}), 422)) == ["/care"]
    assert client.post(ADDRESS, json={"care": {}}).status_code == 200


def test_all_mistakes_are_told_at_once(client):
    asked = {
        "plan": "nowhere",
        "therapist": {"fees": [{"cpt": "90837", "fee": "a lot"}], "hat": "red"},
        "care": {"concern": "nothing", "minutes": -1, "sessions": "many"},
        "answers": {"oop_remaining": {"value": 1.5}},
        "language": "xx",
        "extra": 1,
    }

    problem = assert_problem(client.post(ADDRESS, json=asked), 422)

    assert set(pointers(problem)) == {
        "/plan", "/therapist/fees/0/fee", "/therapist/hat", "/care/concern", "/care/minutes",
        "/care/sessions", "/answers/oop_remaining/value", "/language", "/extra",
    }  # fmt: skip


def test_a_thousand_mistakes_are_told_as_a_hundred(client):
    asked = {"care": {}, **{f"x{n}": n for n in range(1_000)}}

    problem = assert_problem(client.post(ADDRESS, json=asked), 422)

    assert len(problem["errors"]) == 101
    assert "900 more mistakes" in problem["errors"][-1]["detail"]


@pytest.mark.parametrize("value", [[], None, 1, "text", [{}]])
def test_a_body_that_is_no_object_is_refused(client, value):
    reply = client.post(ADDRESS, data=json.dumps(value), content_type="application/json")

    assert pointers(assert_problem(reply, 422)) == [""]


def test_a_query_has_no_place_beside_a_body(client, body):
    problem = assert_problem(client.post(f"{ADDRESS}?plan=x", json=body), 422)

    assert pointers(problem) == ["plan"]
