"""The whole way in a browser, with and without script, in both languages, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest

from coverage_service.html.safety import LARGEST_FORM
from tests.web.browsing import Visit
from tests.web.states import GOING, LISTED, NO_PLAN, OWN, PAGES, PREFIXES

WIDTHS = [1280, 390, 320]
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
LANGUAGE = pytest.mark.parametrize("language", PREFIXES)
WIDE = """() => [document.documentElement.scrollWidth <= innerWidth,
    [...document.querySelectorAll("body *")]
    .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
    .map(node => node.outerHTML.slice(0, 90)).slice(0, 4)]"""
DEAREST = """() => {
    const found = [...document.querySelectorAll(".sheet__questions li")].find(each =>
        /\\$[1-9]/.test(each.querySelector(".sheet__why strong")?.innerText || "")
        && each.querySelector("input[inputmode=decimal]"));
    return [found.id, [...found.querySelectorAll("input")].map(input => input.name)];
}"""
"""The first question of a script that shows what it moves and takes dollars, and its controls."""


def fits(page) -> None:
    """A page is no wider than its window, whichever that is."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        narrow, beyond = page.evaluate(WIDE)
        assert narrow, (width, beyond)


def amounts(visit: Visit) -> list[str]:
    """The amounts that the estimate opens with."""
    found = visit.page.locator("main .figure__range").all_inner_texts()
    return re.findall(r"\$[\d,.]*\d", " ".join(found))


def asked(visit: Visit) -> set[str]:
    """The ids of the questions that the estimate leaves open."""
    return set(visit.page.eval_on_selector_all("[id^=ask-]", "nodes => nodes.map(node => node.id)"))


def go_through(visit: Visit, language: str, said: dict[str, str]) -> int:
    """From the first page to the check of all answers; how many questions there were."""
    visit.open(f"{PREFIXES[language]}/")
    assert visit.page.locator("html").get_attribute("lang") == language
    with visit.page.expect_navigation():
        visit.page.locator("main .actions a").click()
    for count in range(1, 10):
        assert visit.answer(said)
        visit.press("next")
        assert visit.page.locator("html").get_attribute("lang") == language
        if visit.page.locator('main button[value="to:result"].govuk-button').count():
            return count
    pytest.fail("the questions have no end")


@SCRIPT
@LANGUAGE
def test_the_whole_way(visit, script, language):
    going = visit(script=script)
    going.seen.append(fits)

    assert go_through(going, language, LISTED) == 6
    assert going.carried == LISTED
    going.press("to:result")
    before, open_before = amounts(going), asked(going)
    assert before
    assert open_before

    going.press("to:script:insurer")
    question, names = going.page.evaluate(DEAREST)
    told = LISTED | dict.fromkeys(names, "60") | {"reference-insurer": "CALL-7"}
    assert going.answer(told) == [*names, "reference-insurer"]
    going.press("to:result")
    assert going.carried == told
    assert amounts(going) != before
    assert question in open_before - asked(going)

    narrowed = amounts(going)
    going.page.locator("summary:has(#answers)").click()
    going.press("to:course")
    going.give("sessions", "6")
    going.press("next")
    assert going.carried == told | {"sessions": "6"}
    assert amounts(going) != narrowed
    assert going.page.locator("#private-link").count() == 1, "a change leads back to the estimate"


@SCRIPT
@pytest.mark.parametrize(("said", "most"), [(OWN, 6), (NO_PLAN, 6)], ids=["own plan", "no plan"])
def test_other_ways_to_pay_come_to_an_estimate(visit, script, said, most):
    going = visit(script=script)
    going.seen.append(fits)

    assert go_through(going, "en", said) <= most
    assert going.carried == said
    going.press("to:result")
    assert amounts(going)


@SCRIPT
def test_an_own_field_shows_with_its_choice_only_where_there_is_script(visit, script):
    going = visit(script=script)
    going.open("/check")
    field = going.page.locator("#plan")

    assert field.is_visible() is not script
    going.give("cover", "listed")
    assert field.is_visible()
    going.give("cover", "none")
    assert field.is_visible() is not script


@SCRIPT
def test_mistakes_lead_to_their_controls(visit, script):
    going = visit(script=script, width=390)
    going.send("/check", GOING["own, wrong"][1])

    going.page.locator('.govuk-error-summary a[href="#own_deductible"]').click()

    assert going.page.evaluate("document.activeElement.id || location.hash") in (
        "own_deductible",
        "#own_deductible",
    )
    assert going.page.locator("#own_deductible").input_value() == "-1"


@SCRIPT
def test_going_back_keeps_what_was_said(visit, script):
    going = visit(script=script)
    going.send("/check", LISTED | {"go": "to:people"})

    going.press("back:concern")

    assert going.carried == LISTED


@SCRIPT
@pytest.mark.parametrize("go", ["to:course", "to:result", "to:script:insurer", "to:check"])
def test_the_other_language_keeps_the_page_and_the_answers(visit, script, go):
    going = visit(script=script)
    going.send("/check", LISTED | {"go": go})
    before = amounts(going)

    with going.page.expect_navigation():
        going.page.locator('button[formaction="/es/check"]').click()

    assert going.page.locator("html").get_attribute("lang") == "es"
    assert going.page.locator("#way [name=page]").get_attribute("value") == go.removeprefix("to:")
    assert going.carried == LISTED
    assert amounts(going) == before


@LANGUAGE
def test_every_state_fits_its_window(visit, language):
    going = visit()
    going.seen.append(fits)

    for path in PAGES.values():
        going.open(PREFIXES[language] + path)
    for state, (path, fields) in GOING.items():
        if state != "saved":
            going.send(PREFIXES[language] + path, fields)


def test_a_long_text_put_into_a_field_by_mistake_costs_no_answer(visit):
    going = visit()
    going.send("/check", {**LISTED, "go": "to:ask:ded_remaining", "then": "result"})
    going.page.locator('[name="a-ded_remaining"]').focus()
    going.page.keyboard.insert_text("word " * (LARGEST_FORM // 4))
    going.press("next")

    assert going.page.locator(".govuk-error-summary a").get_attribute("href") == "#a-ded_remaining"
    assert {name: going.carried.get(name) for name in LISTED} == LISTED


def test_the_reference_number_is_a_field_on_the_screen_and_a_line_on_paper(visit):
    going = visit()
    going.send("/check", {**LISTED, "go": "to:script:insurer"})
    field, line = (
        going.page.locator("[name=reference-insurer]"),
        going.page.get_by_text("Reference number", exact=True),
    )

    assert (field.is_visible(), line.is_visible()) == (True, False)
    going.page.emulate_media(media="print")
    assert (field.is_visible(), line.is_visible()) == (False, True)
    assert (
        going.page.locator(".sheet__record .write-line").count()
        == going.page.locator(".sheet__record dt").count()
    )
    boxes = [each.bounding_box() for each in going.page.locator(".sheet__record .write-line").all()]
    assert all(each and each["width"] > 100 and each["height"] > 15 for each in boxes)
    assert boxes[0]["y"] == boxes[1]["y"], "the lines stand side by side, so that a script is one sheet"


@SCRIPT
def test_the_description_for_developers_opens_beside_the_answers(visit, script):
    going = visit(script=script)
    going.send("/check", {**LISTED, "go": "to:how", "page": "check"})
    with going.page.expect_popup() as opened:
        going.page.locator('a[href="/docs"]').click()

    assert opened.value.url == f"{going.address}/docs"
    if script:
        opened.value.locator("#swagger-ui .info").wait_for()
    assert going.carried == LISTED
