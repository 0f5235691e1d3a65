"""A page left half filled, then the estimate: what was not written is not known, and never nothing."""

from __future__ import annotations

import re

import pytest

from tests.web.markup import Markup
from tests.web.states import LISTED, NO_PLAN, OWN

HALF = {
    "cover": ("listed", LISTED, ["plan"]),
    "who": ("fee", OWN, ["fee", "first_fee"]),
    "sessions": ("other", LISTED, ["sessions_other"]),
    "used": ("some", LISTED, ["used_amount"]),
}
"""A choice that opens a control, answers around it, and the controls that stay empty."""


def figures(client, said: dict[str, str]) -> list[str]:
    """Every amount of the estimate for some answers, in order."""
    reply = client.post("/check", data=said | {"page": "course", "go": "to:result"})
    assert reply.status_code == 200
    assert Markup(reply.text).form
    return re.findall(r"\$[\d,.]*\d", reply.text.partition('id="answers"')[0])


@pytest.mark.parametrize("name", HALF)
def test_a_choice_without_its_amount_gives_the_figures_of_not_sure(client, name):
    chosen, around, empty = HALF[name]
    said = {field: text for field, text in around.items() if field not in empty}

    assert figures(client, said | {name: chosen}) == figures(client, said | {name: "unsure"})


@pytest.mark.parametrize("kind", ["copay", "percent", "both"])
@pytest.mark.parametrize("first", ["yes", "no", "unsure"])
def test_a_share_without_its_amount_is_not_known(client, kind, first):
    around = {name: text for name, text in OWN.items() if not name.startswith("own_")}
    said = {**around, "network": "in", "own_first": first, "own_deductible": "0", "own_maximum": "9000"}

    skipped = figures(client, said | {"own_share": kind})

    assert skipped == figures(client, said | {"own_share": "unsure"})
    assert skipped != figures(client, said | {"own_share": "nothing"})


@pytest.mark.parametrize("go", ["next", "to:result"])
@pytest.mark.parametrize("id", ["cost_share", "oon_cost_share"])
def test_whether_the_deductible_comes_first_is_no_share_by_itself(client, id, go):
    page = {"page": f"ask:{id}"} if go == "next" else {}

    def status(**parts: str) -> int:
        told = {f"a-{id}.{part}": text for part, text in parts.items()}
        reply = client.post("/check", data=LISTED | told | page | {"go": go})
        assert (reply.status_code == 422) == (Markup(reply.text).mistakes == [f"#a-{id}.first"])
        return int(reply.status_code)

    assert [status(first=first) for first in ("yes", "no")] == [422, 422]
    assert status(first="yes", copay="0") == status(first="no", percent="20") == status(first="unsure") == 200


@pytest.mark.parametrize("given", ["own_both_copay", "own_both_percent"])
def test_half_of_a_share_is_not_the_whole(client, given):
    said = {name: text for name, text in OWN.items() if not name.startswith("own_both")} | {"network": "in"}

    assert figures(client, said | {given: "20"}) == figures(client, said | {"own_share": "unsure"})


@pytest.mark.parametrize("said", [LISTED, OWN, NO_PLAN], ids=["listed", "own", "no plan"])
def test_after_every_page_the_estimate_can_be_seen(client, said):
    names = list(said)

    for number in range(len(names) + 1):
        figures(client, {name: said[name] for name in names[:number]})
