"""The pages that staff meet when something went wrong: nothing written is lost, and axe is content."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coverage_service.workbench.access import FILE as FILE_OF_DRAFTS
from tests.web.browsing import Visit
from tests.web.test_browser_access import RULES
from tests.workbench.serving import Bench, serving
from tests.workbench.staffing import PASSWORD, PPO


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Iterator[Bench]:
    with serving(tmp_path_factory.mktemp("trouble")) as found:
        yield found


@pytest.fixture(params=[390, 1280])
def page(browser, bench, request) -> Iterator[Page]:
    """The page of somebody who has just signed in."""
    visit = Visit(browser, bench.address, width=request.param)
    visit.open("/workbench/")
    signed_in(visit.page)
    expect(visit.page.locator("h1")).to_have_text("Rule files")
    yield visit.page
    visit.close()


def signed_in(page: Page) -> None:
    page.fill("#name", "kim")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def complaints(page: Page) -> list[str]:
    """What axe finds, and whether one has to scroll sideways."""
    found = [each["id"] for each in Axe().run(page, options=RULES).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the screen"] if wide else [])]


def test_a_session_that_ended_keeps_what_was_written(page, bench):
    page.goto(f"{bench.address}/workbench/file?name={PPO}")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# a note of kim's\n")
    with contextlib.closing(sqlite3.connect(bench.folder / "state" / FILE_OF_DRAFTS)) as connection:
        connection.execute("DELETE FROM session")
        connection.commit()

    page.get_by_role("button", name="Keep in my draft").click()
    expect(page.locator("main")).to_contain_text("Nothing you wrote is lost")
    assert complaints(page) == []

    signed_in(page)
    expect(page.locator("h1")).to_have_text("You are signed in again")
    page.get_by_text("What you wrote", exact=True).click()
    expect(page.locator("pre")).to_contain_text("# a note of kim's")
    assert complaints(page) == []

    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".banner--done")).to_contain_text("Kept in your draft")
    page.get_by_text("Undo or remove").click()
    page.get_by_role("button", name="Take this file out of my draft").click()
    expect(page.locator("h1")).to_have_text("Rule files")


def test_a_list_of_staff_that_cannot_be_read(page, bench):
    staff = bench.folder / "staff.yaml"
    away = staff.rename(bench.folder / "away.yaml")
    try:
        assert page.goto(f"{bench.address}/workbench/drafts").status == 503
        expect(page.locator("h1")).to_have_text("The workbench cannot reach what it keeps")
        assert complaints(page) == []
    finally:
        away.rename(staff)
    page.get_by_role("button", name="Rule files").click()
    expect(page.locator("h1")).to_have_text("Rule files")


def test_a_state_folder_that_was_removed(page, bench):
    for each in (bench.folder / "state").glob(f"{FILE_OF_DRAFTS}*"):
        each.unlink()

    assert page.goto(f"{bench.address}/workbench/drafts").status == 503
    expect(page.locator("main")).to_contain_text("The folder in which the service keeps drafts")
    assert complaints(page) == []
