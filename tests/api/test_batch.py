"""One client and many therapists: each answered or refused by itself, the cheapest first."""

from __future__ import annotations

import pytest

from coverage_service.brief_json import item_json
from coverage_service.estimates import figure_of, make_batch, make_estimate
from tests.api.shapes import assert_problem, assert_shape, pointers

ADDRESS = "/v1/estimates/batch"


def test_every_therapist_is_answered_in_the_documented_shape(client, batch, sources):
    batch["therapists"] = [*sources.therapists]

    answer = client.post(ADDRESS, json=batch).get_json()

    assert_shape("Batch", answer)
    assert {item["therapist"] for item in answer["items"]} == set(sources.therapists)
    assert not any(item["problems"] for item in answer["items"])


def test_items_come_by_planning_else_high_with_nulls_last_then_by_id(client, batch, sources):
    batch["therapists"] = [*sources.therapists]

    items = client.post(ADDRESS, json=batch).get_json()["items"]

    def place(item):
        figure = item["high_cents"] if item["planning_cents"] is None else item["planning_cents"]
        return figure is None, figure or 0, item["therapist"]

    assert items == sorted(items, key=place)
    assert len({place(item) for item in items}) > 3


def test_the_mistakes_of_one_therapist_leave_the_others_answered(client, batch):
    batch["therapists"] = ["example-therapist", "nobody", {"fees": [{"cpt": "90837"}]}, "slots-practice"]

    items = client.post(ADDRESS, json=batch).get_json()["items"]

    by_index = {item["index"]: item for item in items}
    assert by_index[0]["estimate"]
    assert by_index[3]["estimate"]
    assert [x["pointer"] for x in by_index[1]["problems"]] == ["/therapists/1"]
    assert [x["pointer"] for x in by_index[2]["problems"]] == ["/therapists/2/fees/0"]
    assert by_index[1]["estimate"] is by_index[2]["estimate"] is None


def test_an_item_says_what_a_single_estimate_says(batch, body, sources):
    today = None
    single = make_estimate(body, sources, today)

    found = make_batch(batch, sources, today)

    item = next(item for item in found.items if item.therapist == "example-therapist")
    assert item_json(item.estimate) == item_json(single.estimate)


def test_the_figures_beside_an_item_are_those_of_its_best_pathway(batch, sources):
    for item in make_batch(batch, sources, None).items:
        figures = [figure_of(each) for each in item.estimate.pathways if each.possible == "yes"]
        assert (
            item.best is None
            or item.best.possible != "yes"
            or figure_of(item.best) == min(figure for figure in figures if figure is not None)
        )


@pytest.mark.parametrize(
    "therapists", [[], None, "example-therapist", ["example-therapist"] * 1_001, [None], [7]]
)
def test_a_list_of_therapists_that_is_none_is_refused(client, batch, therapists):
    batch["therapists"] = therapists

    reply = client.post(ADDRESS, json=batch)

    if therapists == [7]:
        assert reply.get_json()["items"][0]["problems"]
    else:
        assert all(x.startswith("/therapists") for x in pointers(assert_problem(reply, 422)))


def test_a_batch_is_bounded_by_therapists_times_sessions(client, batch):
    batch["care"]["sessions"] = 520
    batch["therapists"] = ["example-therapist"] * 116

    problem = assert_problem(client.post(ADDRESS, json=batch), 422)

    assert pointers(problem) == ["/therapists"]
    assert problem["errors"][0]["remedy"] == "send 115 at a time"


def test_mistakes_of_the_client_are_those_of_the_whole_batch(client, batch):
    batch["plan"] = "nowhere"

    assert pointers(assert_problem(client.post(ADDRESS, json=batch), 422)) == ["/plan"]


DATED = [
    {"clinician": {"licence": licence}, "networks": [{"plan": "example-ppo", "status": status, **dates}],
     "fees": [{"cpt": "90837", "fee": fee}, {"cpt": "90791", "fee": "$240"}], "intake": intake}
    for licence, status, dates, fee, intake in (
        ("LMFT", "in", {}, "$150", "yes"),
        ("LMFT", "out", {}, "$150", "no"),
        ("LMFT", "in", {"effective": {"from": "2026-01-01", "to": "2026-12-20"}}, "$190", "no"),
        ("unknown", "in", {"effective": {"from": "2026-12-10", "to": "open"}}, "unknown", "unknown"),
        ("ASSOCIATE", "unknown", {}, "$120 to $180", "yes"),
    )
]  # fmt: skip
"""Practices that differ in what a batch finds out once: credentials, eras, the intake, fees."""


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"answers": {"ded_remaining": {"value": 20_000}, "deductible_amount": {"value": 90_000}}},
        {"answers": {"licence": {"value": "LCSW"}, "plan_year": {"value": "12-15"}}},
        {"care": {"minutes": 50, "diagnosis": "F43.10", "sessions": {"low": 4, "high": 12}}},
        {"plan": "example-oon", "other_care": [{"date": "2026-12-10", "allowed_cents": 90_000,
                                                "cost_sharing": ["deductible", "coinsurance 20%"]}]},
    ],
    ids=["as asked", "with answers", "of therapist and plan", "little said", "with other care"],
)  # fmt: skip
def test_who_else_is_asked_about_changes_no_item(batch, sources, more):
    asked = {**batch, **more, "therapists": [*DATED, *sources.therapists, *reversed(DATED)]}

    found = make_batch(asked, sources, None)

    for item in found.items:
        alone = make_batch({**asked, "therapists": [asked["therapists"][item.index]]}, sources, None)
        assert item_json(item.estimate) == item_json(alone.items[0].estimate)
