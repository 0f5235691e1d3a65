"""Leaving quickly: at once, by button or by key, and the other site learns nothing."""

from __future__ import annotations

import pytest

from tests.web.browsing import Visit
from tests.web.states import LISTED


@pytest.fixture
def going(browser, served):
    """A visit at its estimate."""
    found = Visit(browser, served.address)
    found.send("/check", LISTED | {"go": "to:result"})
    yield found
    found.close()


def leave_by_button(visit: Visit) -> None:
    visit.page.locator(".govuk-js-exit-this-page-button").click()


def leave_by_key(visit: Visit) -> None:
    for _ in range(3):
        visit.page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [leave_by_button, leave_by_key])
def test_leaving_opens_another_site_that_learns_nothing(going, served, leave):
    met = served.elsewhere.met

    leave(going)
    going.page.wait_for_url(served.elsewhere.address)

    assert served.elsewhere.met > met
    for path, headers in served.elsewhere.asked:
        assert path in ("/", "/favicon.ico")
        assert headers.get("Referer", served.elsewhere.address) == served.elsewhere.address
        assert served.address not in str(headers)


def test_without_script_the_button_is_a_plain_link(browser, served):
    going = Visit(browser, served.address, script=False)
    going.open("/")

    leave_by_button(going)
    going.page.wait_for_url(served.elsewhere.address)
    going.close()


def test_a_slip_of_one_shift_leaves_nothing(going, served):
    met = served.elsewhere.met

    going.page.keyboard.press("Shift")
    going.page.keyboard.press("a")

    assert going.page.url == f"{served.address}/check"
    assert served.elsewhere.met == met
