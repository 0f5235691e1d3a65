"""The page for a pull request or an e-mail: one file, and readable by everybody."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from coverage_service.changes.impact import impact
from coverage_service.changes.page import page
from tests.changes.support import PPO, TODAY, change, copy_of_rules, read, shipped

__all__ = []

NAME = "</title><script>alert(1)</script> & Sons"


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    rules = copy_of_rules(tmp_path_factory.mktemp("page"))
    change(rules, PPO, ("[copay $30]", "[copay $40]"), ("name: Example PPO", f'name: "{NAME}"'))
    return page(impact(shipped(), read(rules), TODAY, size=400), ("main", NAME))


def test_it_is_one_file_that_asks_nobody(text):
    """No script, no image, no font, no link: a mail program shows it as it is."""
    assert not re.search(r"<(script|link|img|iframe|object|form)\b|\bsrc=|@import|url\(", text)
    assert NAME not in text
    assert "&amp; Sons" in text


def test_it_says_what_the_terminal_says(text):
    assert "copay for in-network office visits $30 → $40" in text
    assert "rules/payers/example-ppo.yaml:" in text
    assert re.search(r"\d+ of [\d,]+ estimates change\.", text)


def test_rules_that_do_not_differ_have_a_page_too():
    said = page(impact(shipped(), shipped(), TODAY, size=40), ("main", "main"))

    assert "Nothing that counts changed." in said
    assert "Who is affected" not in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_for_everybody_in_a_browser(browser, tmp_path, text, width, scheme):
    """No rule of axe is broken, nothing is wider than a phone, nothing is asked for."""
    path = tmp_path / "diff.html"
    path.write_text(text, "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    told: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: told.append(message.text))
    shown = context.new_page()
    shown.goto(path.as_uri())
    found = Axe().run(shown).response["violations"]
    wide = shown.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert found == []
    assert wide <= width
    assert asked == [path.as_uri()]
    assert told == []
