"""As a biller would: one copay from the 1st of January, from a mistake to an estimate, and back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.workbench.serving import Bench
from tests.workbench.staffing import PPO
from tests.workbench.test_browser import FILE, afterwards, bench, text_of, visit, write
from tests.workbench.test_drafts import TESTS

__all__ = ["afterwards", "bench", "visit"]


def over_the_year_s_end(bench: Bench) -> int:
    """What four weekly visits cost, three in 2026 and one in 2027, in cents."""
    found = bench.estimate(4, first_session="2026-12-16")
    window = next(each for each in found if each["id"] == "first_30_days")
    assert window["sessions"] == 4
    cents: int = window["planning_cents"]
    return cents


def test_raise_a_copay_from_january_and_go_back(visit, bench):
    going = visit()
    page, main = going.page, going.page.locator("main")
    page.goto(bench.address + FILE)
    page.get_by_role("link", name="Begin next year's plans from this file").click()
    page.get_by_label("Name").fill("example-ppo-2027")
    page.get_by_role("button", name="Begin in my draft").click()
    text = text_of(page)
    assert "effective: {from: 2027-01-01, to: 2027-12-31" in text
    assert text.count("# confirm for 2027") == 4

    served = text.replace("status: draft", "status: example").replace("  # confirm for 2027", "")
    write(page, served.replace("copay $30]", "copey $40]"))
    expect(page.locator("#problems")).to_contain_text("'copey $40' is not cost sharing; write 'copay $40'")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)

    mended = served.replace("copay $30]", "copay $40]")
    write(page, mended)
    expect(page.locator("#problems")).to_contain_text("No mistake was found")
    page.get_by_role("button", name="Keep in my draft").click()
    page.get_by_role("link", name="See what it changes").click()
    expect(main).to_contain_text("3 tests do not come out as expected")

    for old, new in TESTS:
        mended = mended.replace(old, new)
    page.get_by_role("link", name="payers/example-ppo-2027.yaml", exact=True).click()
    text_of(page)
    write(page, mended)
    page.keyboard.press("Control+s")
    page.get_by_role("link", name="See what it changes").click()
    expect(main).to_contain_text("all came out as expected")
    expect(main).to_contain_text("copay for in-network office visits $30 → $40 from 2027-01-01")
    assert over_the_year_s_end(bench) == 4 * 3_000

    page.get_by_label("Why").fill("Letter of 3 November, page 2")
    page.get_by_role("button", name="Put it in force now").click()
    expect(main).to_contain_text("It is in force now")
    assert over_the_year_s_end(bench) == 3 * 3_000 + 4_000
    assert "copay $30]" in (bench.rules / PPO).read_text()

    page.get_by_role("link", name="Look at it, or go back to it").first.click()
    page.get_by_label("Why").fill("The letter was withdrawn")
    page.get_by_role("button", name="Go back to it now").click()
    expect(main).to_contain_text("It is in force now")
    assert over_the_year_s_end(bench) == 4 * 3_000
