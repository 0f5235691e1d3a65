"""The way of somebody without a plan: nothing of a plan is asked, nor what moves no fee."""

from __future__ import annotations

import re
from datetime import date

import pytest

from coverage_service.estimates import make_estimate
from coverage_service.serving import KEY
from tests.web.markup import Markup
from tests.web.walk import Texts

GIVEN = {
    "plan": {"cover": "none"},
    "therapist": {"who": "unsure"},
    "people": {"people": "couple"},
    "course": {"sessions": "6"},
}
"""The pages that such a person answers."""
TODAY = date(2026, 11, 23)
HOUSEHOLD = {"household_income", "household_size"}


WORDS = {"": r"plan\b|deductible|diagnos", "/es": r"plan\b|deducible|diagn"}


@pytest.mark.parametrize(("base", "words"), WORDS.items())
def test_no_page_on_the_way_asks_about_a_plan(client, base, words):
    said, asked = {}, []
    reply = client.get(f"{base}/check")
    while (here := Markup(reply.text).fields.get("page")) in GIVEN:
        asked.append(here)
        if here != "plan":
            main = Texts(reply.text.partition("<main")[2]).said
            assert re.findall(words, " ".join(main), re.IGNORECASE) == []
        said |= GIVEN[here]
        reply = client.post(f"{base}/check", data={**said, "page": here, "go": "next"})

    assert asked == list(GIVEN)


OPTED_OUT = {
    "plan": {"cover": "listed", "plan": "medicare-part-b"},
    "therapist": {"who": "listed", "therapist": "example-therapist", "network": "opted_out"},
    "people": {"people": "individual"},
    "course": {"sessions": "12", "minutes": "60", "every": "7"},
    "household": {"size": "2", "income": "38000", "area": "48"},
}
"""The pages of somebody in Medicare whose therapist has opted out of it."""


def test_where_the_therapist_has_opted_out_the_income_is_asked_and_no_deductible(client):
    said, asked = {}, []
    reply = client.get("/check")
    while (here := Markup(reply.text).fields.get("page")) in OPTED_OUT:
        asked.append(here)
        assert "What is this: In network?" not in Texts(reply.text).said
        said |= OPTED_OUT[here]
        reply = client.post("/check", data={**said, "page": here, "go": "next"})

    assert asked == list(OPTED_OUT)
    found = Texts(client.post("/check", data={**said, "go": "to:result"}).text).said
    assert "Between $1,570 and $2,450" in found  # $250 and 11 × $120, or 11 × $200 without a place
    elsewhere = {**said, "network": "in", "page": "therapist", "go": "next"}
    assert Markup(client.post("/check", data=elsewhere).text).fields["page"] == "concern"


def test_what_is_not_asked_there_moves_no_amount(client):
    said = {name: text for page in OPTED_OUT.values() for name, text in page.items()}

    def amounts(**more: str) -> list[str]:
        text = client.post("/check", data={**said, **more, "go": "to:result"}).text
        return re.findall(r"\$[\d,.]*\d", text.partition('id="answers"')[0])

    assert amounts()
    for more in ({"concern": "low-desire"}, {"used": "nothing"}, {"used": "some", "used_amount": "200"}):
        assert amounts(**more) == amounts()


def test_the_help_somebody_seeks_is_asked_for_a_plan_that_is_not_named_yet(client):
    reply = client.post(
        "/check", data={"cover": "unsure", "who": "unsure", "page": "therapist", "go": "next"}
    )

    assert Markup(reply.text).fields["page"] == "concern"


def test_a_poverty_line_is_told_where_it_is_known_which_one_holds(client):
    said = {"cover": "none", "who": "listed", "therapist": "health-centre", "size": "2", "income": "38000"}

    def lines(**more: str) -> list[str]:
        text = " ".join(Texts(client.post("/check", data={**said, **more, "go": "to:result"}).text).said)
        return re.findall(r"The poverty line of 2026 for a household of 2 is (\$[\d,]+)", text)

    assert lines() == []
    assert lines(area="48") == ["$21,640"]  # $15,960 and $5,680 for the second person


def test_the_income_is_asked_where_it_moves_the_fee_and_only_there(app, client):
    sources = app.extensions[KEY].sources
    asked, moved = set(), set()
    for id in sources.therapists:
        said = {"cover": "none", "who": "listed", "therapist": id, "people": "couple", "sessions": "6"}
        reply = client.post("/check", data={**said, "page": "course", "go": "next"})
        asked |= {id} if Markup(reply.text).fields.get("page") == "household" else set()
        for people in ("individual", "couple"):
            care = {"sessions": 6, "format": people, "minutes": 60}
            body = {"plan": "none", "therapist": id, "care": care}
            found = make_estimate(body, sources, TODAY).estimate
            moved |= {id} if HOUSEHOLD & {each.id for each in found.unknowns} else set()

    assert asked == moved
    assert 0 < len(asked) < len(sources.therapists)
