"""What is made once for all requests follows the rules and holds nothing of anybody's answers."""

from __future__ import annotations

import pytest

from coverage_service.html import language
from coverage_service.serving import KEY
from coverage_service.sources import sources_of
from coverage_service.web.pages import Asking, page
from tests.web.states import GOING, PREFIXES


@pytest.fixture
def sources(app):
    held = app.extensions[KEY].sources
    return sources_of(held.book, held.store)


def test_a_question_page_is_made_once_for_a_rule_book_and_a_language(app, sources):
    again = sources_of(sources.book, sources.store)
    with app.test_request_context("/check"):
        language.speak("en")
        first, same, other = (
            page("plan", Asking(each, each.wordings["en"], {})) for each in (sources, sources, again)
        )
    with app.test_request_context("/es/check"):
        language.speak("es")
        spanish = page("plan", Asking(sources, sources.wordings["es"], {}))

    assert first is same
    assert first is not other
    assert spanish.title != first.title


def test_the_page_about_the_therapist_goes_by_the_kind_of_plan(app, sources):
    def controls(**answers):
        asking = Asking(sources, sources.wordings["en"], answers)
        return [control.label for control in page("therapist", asking).controls]

    with app.test_request_context("/check"):
        assert len(controls(cover="none")) == 1
        assert controls(cover="own")[1] == "Is the therapist in your plan’s network?"
        assert controls(cover="listed", plan="medicare-part-b")[1] == "Does the therapist take Medicare?"
        assert controls(cover="own")[1] == "Is the therapist in your plan’s network?"


def test_nothing_that_was_answered_is_kept(app, client):
    for prefix in PREFIXES.values():
        for address, form in GOING.values():
            client.post(prefix + address, data={**form, "reference-insurer": "CALL-77-31", "fee": "177.31"})
    kept = repr(app.extensions[KEY].sources.made)

    assert "Which therapist" in kept
    assert "177.31" not in kept
    assert "CALL-77-31" not in kept
