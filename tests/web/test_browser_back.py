"""The browser's own Back: the page before with its answers, no warning, and nothing brought back."""

from __future__ import annotations

import pytest

from tests.web.browsing import Visit
from tests.web.states import LISTED, OWN, PREFIXES

STATES = """() => JSON.stringify(history.state)"""


def back(visit: Visit, presses: int = 1) -> None:
    """Press the browser's Back, as often as told."""
    for _ in range(presses):
        visit.page.go_back()


def back_to_nothing(visit: Visit) -> None:
    """Press Back where the page is made anew."""
    with visit.page.expect_event("load"):
        visit.page.go_back()
    assert visit.page.url == f"{visit.address}/check"
    assert visit.carried == {}
    assert shown(visit) == "plan"


def answered(visit: Visit, said: dict[str, str], pages: int, prefix: str = "") -> list[str]:
    """Answer so many pages from the first on; the ids of the pages."""
    visit.open(f"{prefix}/")
    with visit.page.expect_navigation():
        visit.page.locator("main .actions a").click()
    ids = []
    for _ in range(pages):
        ids.append(shown(visit))
        visit.answer(said)
        visit.press("next")
    return ids


def shown(visit: Visit) -> str:
    """The id of the page that is shown."""
    return visit.page.locator("#way [name=page]").get_attribute("value") or ""


def posts(visit: Visit) -> int:
    return sum(each.method == "POST" for each in visit.requests)


@pytest.mark.parametrize("language", PREFIXES)
def test_back_leads_through_the_questions_with_their_answers(visit, language):
    going = visit(width=390)
    ids = answered(going, LISTED, 6, PREFIXES[language])
    going.press("to:result")
    sent = posts(going)

    back(going)
    assert shown(going) == "check"
    for id in reversed(ids):
        back(going)
        assert shown(going) == id
        assert going.carried == LISTED, "an answer given later goes along"
        assert going.page.locator("html").get_attribute("lang") == language
    assert going.page.locator("[name=cover]:checked").get_attribute("value") == "listed"
    assert going.page.locator("#plan").is_visible()
    assert posts(going) == sent, "nothing is sent once more"
    back(going)
    assert going.page.locator("main .actions a").is_visible()

    for id in ids:
        going.page.go_forward()
        assert shown(going) == id
    assert going.carried == LISTED


def test_after_back_another_answer_goes_on_with_the_later_ones(visit):
    going = visit()
    answered(going, LISTED, 6)
    back(going, 3)
    assert shown(going) == "people"

    going.give("people", "couple")
    going.press("next")
    assert shown(going) == "course"
    assert going.page.locator("[name=sessions]:checked").get_attribute("value") == "12"
    going.press("to:result")

    assert going.carried == LISTED | {"people": "couple"}


def test_back_after_a_mistake_and_after_a_half_filled_page(visit):
    going = visit()
    answered(going, OWN, 1)
    going.give("own_deductible", "-1")
    going.press("next")
    assert going.page.title().startswith("Error")
    assert going.page.locator(".govuk-error-summary").evaluate("node => node === document.activeElement")

    back(going)
    assert not going.page.title().startswith("Error")
    assert going.page.locator("#own_deductible").input_value() == "-1"
    back(going)
    assert shown(going) == "plan"
    assert going.carried == {"cover": "own", "own_deductible": "-1"}


def test_back_from_the_other_language_and_from_a_page_to_read(visit):
    going = visit()
    answered(going, LISTED, 2)
    with going.page.expect_navigation():
        going.page.locator('button[formaction="/es/check"]').click()
    assert going.page.url.endswith("/es/check")
    with going.page.expect_navigation():
        going.page.locator('.site-footer button[value="to:words"]').click()

    back(going)
    assert (shown(going), going.page.locator("html").get_attribute("lang")) == ("concern", "es")
    back(going)
    assert (shown(going), going.page.locator("html").get_attribute("lang")) == ("concern", "en")
    assert going.page.url.endswith(":" + going.address.rpartition(":")[2] + "/check")


def test_a_place_within_the_page_is_no_step(visit):
    going = visit()
    answered(going, LISTED, 1)
    going.press("next")
    going.page.locator('.govuk-error-summary a[href="#who"]').click()
    going.page.evaluate("location.hash = 'network'")

    back(going)
    assert shown(going) == "therapist"
    while shown(going) == "therapist":
        back(going)
    assert shown(going) == "plan"
    assert going.page.locator("[name=cover]:checked").get_attribute("value") == "listed"


def test_the_history_holds_the_number_of_a_step_and_nothing_else(visit):
    going = visit()
    states = []
    going.seen.append(lambda page: states.append(page.evaluate(STATES)))

    answered(going, LISTED, 6)
    going.press("to:result")

    assert states[-7:] == [f'{{"step":{step}}}' for step in range(2, 9)]
    assert going.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    paths = {each.url.removeprefix(going.address) for each in going.requests}
    assert {path for path in paths if not path.startswith("/page/")} == {"/", "/check"}


def leave(visit: Visit, address: str) -> None:
    visit.page.locator(".govuk-js-exit-this-page-button").click()
    visit.page.wait_for_url(address)


def test_back_from_the_other_site_brings_no_answer_back(browser, served):
    going = Visit(browser, served.address)
    answered(going, LISTED, 6)
    going.press("to:result")
    leave(going, served.elsewhere.address)

    for _ in range(3):
        back_to_nothing(going)
    going.close()


def test_a_page_that_is_brought_back_whole_has_forgotten_all(visit):
    going = visit()
    answered(going, LISTED, 3)

    with going.page.expect_navigation():
        going.page.evaluate(
            """() => {
                dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
                window.left = document.documentElement.outerHTML;
                if (!left.includes("example-hdhp"))
                    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            }"""
        )

    assert going.carried == {}
    assert shown(going) == "plan"


def test_a_reload_begins_anew_and_back_still_works(visit):
    going = visit()
    answered(going, LISTED, 3)
    going.page.reload()
    assert (shown(going), going.carried) == ("plan", {})

    going.answer(LISTED)
    going.press("next")
    back(going)
    assert going.carried == {"cover": "listed", "plan": "example-hdhp"}
    back_to_nothing(going)


def test_without_a_line_the_answers_stay(visit):
    going = visit()
    answered(going, LISTED, 2)
    going.answer(LISTED)
    going.context.set_offline(True)
    going.page.locator("main .govuk-button").click()
    told = going.page.locator("main [role=alert]")
    told.wait_for()
    going.told.clear()

    assert told.inner_text()
    going.context.set_offline(False)
    going.press("next")
    assert shown(going) == "people"


def test_the_focus_goes_to_what_is_new(visit):
    going = visit()
    answered(going, LISTED, 3)

    assert going.page.evaluate("document.activeElement.tagName") == "H1"
    assert going.page.evaluate("scrollY") == 0


def test_without_script_the_first_page_tells_which_back_to_use(visit):
    plain, going = visit(script=False), visit()
    words = "Use “Back” on the page itself."
    plain.open("/")
    going.open("/")

    assert plain.page.get_by_text(words).is_visible()
    assert not going.page.get_by_text(words).is_visible()
    with going.page.expect_navigation():
        going.page.locator("main .actions a").click()
    going.press("to:start")
    assert not going.page.get_by_text(words).is_visible()
