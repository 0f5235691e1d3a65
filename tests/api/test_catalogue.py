"""What the rule book holds, over HTTP: lists, pages, ETags, versions, health."""

from __future__ import annotations

import pytest

from tests.api.shapes import assert_problem, assert_shape, pointers

SHAPES = {
    "/v1/plans": "PlanPage",
    "/v1/plans/example-ppo": "Plan",
    "/v1/therapists": "TherapistPage",
    "/v1/therapists/example-therapist": "Therapist",
    "/v1/questions": "Questions",
    "/v1/questions?language=es&name_topic=true": "Questions",
    "/v1/concerns": "Concerns",
    "/v1/concerns?language=es": "Concerns",
    "/v1/rules/version": "RulesVersion",
    "/healthz": "Health",
    "/readyz": "Readiness",
}
KEPT = [address for address in SHAPES if address.startswith("/v1")]


@pytest.mark.parametrize("address", SHAPES)
def test_every_answer_has_the_documented_shape(client, address):
    reply = client.get(address)

    assert reply.status_code == 200
    assert_shape(SHAPES[address], reply.get_json())


def test_every_plan_and_therapist_has_the_documented_shape(client, sources):
    for id in sources.plans:
        assert_shape("Plan", client.get(f"/v1/plans/{id}").get_json())
    for id in sources.therapists:
        assert_shape("Therapist", client.get(f"/v1/therapists/{id}").get_json())


@pytest.mark.parametrize("address", [*KEPT, "/openapi.json"])
def test_what_a_client_has_already_is_not_sent_again(client, address):
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(address, headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert not first.headers["ETag"].startswith("W/")
    assert other.status_code == 200


@pytest.mark.parametrize("what", ["plans", "therapists"])
def test_pages_follow_one_another_to_the_end(client, sources, what):
    seen, address = [], f"/v1/{what}?limit=3"
    while address:
        reply = client.get(address)
        page = reply.get_json()
        seen += [item["id"] for item in page["items"]]
        assert ("Link" in reply.headers) == (page["next"] is not None)
        address = f"/v1/{what}?limit=3&cursor={page['next']}" if page["next"] else None
        if address:
            assert reply.headers["Link"] == f'</v1/{what}?cursor={page["next"]}&limit=3>; rel="next"'

    assert seen == sorted(getattr(sources, what))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A1", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=%21%21", "cursor"),
        ("cursor=_w", "cursor"),
        ("page=2", "page"),
    ],
)
def test_a_bad_query_is_refused_by_parameter(client, query, parameter):
    assert pointers(assert_problem(client.get(f"/v1/plans?{query}"), 422)) == [parameter]


@pytest.mark.parametrize("address", ["/v1/questions", "/v1/concerns"])
def test_an_unknown_language_is_refused(client, address):
    assert pointers(assert_problem(client.get(f"{address}?language=xx&name_topic=1"), 422)) == [
        "language",
        "name_topic",
    ]


@pytest.mark.parametrize(
    "address", ["/v1/plans/nothing", "/v1/therapists/nothing", "/v1", "/v2/plans", "/v1/plans/"]
)
def test_nothing_at_an_address_is_a_problem(client, address):
    assert_problem(client.get(address), 404)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/v1/estimates", {"POST", "OPTIONS"}),
        ("DELETE", "/v1/plans", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/v1/scripts", {"POST", "OPTIONS"}),
    ],
)
def test_another_method_is_answered_with_those_allowed(client, method, address, allowed):
    reply = client.open(address, method=method)

    assert_problem(reply, 405)
    assert set(reply.headers["Allow"].split(", ")) == allowed


def test_concerns_are_worded_neutrally_and_name_no_diagnosis(client):
    neutral = client.get("/v1/concerns").get_json()["items"]
    named = client.get("/v1/concerns?name_topic=true").get_json()["items"]

    assert [x["id"] for x in neutral] == [x["id"] for x in named]
    assert [x["label"] for x in neutral] != [x["label"] for x in named]
    assert not any("F52" in str(x) for x in named)


def test_without_a_rule_book_the_service_lives_but_is_not_ready(broken_client):
    assert broken_client.get("/healthz").status_code == 200
    assert_problem(broken_client.get("/readyz"), 503)
    assert_problem(broken_client.get("/v1/plans"), 503)
    assert_problem(broken_client.post("/v1/estimates", json={"care": {}}), 503)


@pytest.mark.parametrize("address", ["/v1/plans", "/healthz", "/nothing", "/docs", "/openapi.json"])
def test_every_answer_carries_the_security_headers_and_the_rules_version(client, sources, address):
    headers = client.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert headers["Rules-Version"] == sources.version
    assert "Set-Cookie" not in headers
