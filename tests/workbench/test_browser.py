"""The workbench in a browser, as a biller meets it: with a mouse, with keys alone, without JavaScript."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coverage_service.workbench.access import FILE as FILE_OF_DRAFTS
from tests.web.browsing import Visit
from tests.web.test_browser_access import CROWDED, RULES
from tests.workbench.serving import Bench, serving
from tests.workbench.staffing import PASSWORD, PPO
from tests.workbench.test_drafts import TESTS

FILE = f"/workbench/file?name={PPO}"
PAGES = ("/", "/?q=copay", f"/file?name={PPO}", "/drafts", "/draft", "/new", "/try", "/tests",
         "/freshness", "/history", f"/tests?name={PPO}", "/file?name=none", "/version?number=1",
         "/spreadsheet")  # fmt: skip
CUT_OFF = """() => {
    const boxes = innerWidth < 600 ? "main .scroll, main pre, .cm-scroller" : "main .scroll, main pre";
    return [...document.querySelectorAll(boxes)].some((each) => each.scrollWidth > each.clientWidth + 1);
}"""
PASTE = """(node, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Iterator[Bench]:
    with serving(tmp_path_factory.mktemp("bench")) as found:
        yield found


@pytest.fixture
def visit(browser, bench) -> Iterator[Callable[..., Visit]]:
    """Starts visits of signed-in staff, and holds them to what every page promises."""
    visits: list[Visit] = []

    def start(name: str = "kim", **options) -> Visit:
        found = Visit(browser, bench.address, **options)
        visits.append(found)
        found.open("/workbench/")
        found.page.fill("#name", name)
        found.page.fill("#password", PASSWORD)
        found.page.get_by_role("button", name="Sign in").click()
        expect(found.page.locator("h1")).to_have_text("Rule files")
        return found

    yield start
    for each in visits:
        each.close()
    assert [told for each in visits for told in each.told] == []
    assert [url for each in visits for url in each.elsewhere] == []


@pytest.fixture(autouse=True)
def afterwards(bench) -> Iterator[None]:
    """A test leaves nothing in the log of what was written, and no draft for the next."""
    yield
    with contextlib.closing(sqlite3.connect(bench.folder / "state" / FILE_OF_DRAFTS)) as connection:
        connection.execute("DELETE FROM change")
        connection.commit()
    printed = bench.log.read_text("utf-8", "replace")
    assert not re.search(rf"copay|payers/|{PASSWORD}|/workbench|Traceback|unexpected", printed)


def text_of(page: Page) -> str:
    page.wait_for_selector(".cm-content")
    found: str = page.eval_on_selector("textarea", "node => node.value")
    return found


def write(page: Page, text: str) -> None:
    """Put another text into the editor, as somebody who pastes it."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.eval_on_selector(".cm-content", PASTE, text)


def next_session(bench: Bench) -> int:
    """What a visit costs, in cents."""
    cents: int = bench.estimate(1)[0]["high_cents"]
    return cents


def test_raise_one_copay_see_what_it_does_and_go_back(visit, bench):
    going = visit()
    page = going.page
    page.get_by_label("Search by plan").fill("example ppo")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="example-ppo.yaml").click()
    text = text_of(page)

    write(page, text.replace("copay $30]", "copey $40]"))
    problems = page.locator("#problems")
    expect(problems).to_contain_text("1 mistake")
    expect(problems).to_contain_text("'copey $40' is not cost sharing; write 'copay $40'")
    expect(problems.locator("mark").first).to_have_text("copey $40")
    expect(problems.locator(".problem--warning").first).to_be_hidden()
    problems.get_by_text("warnings in other files").click()
    expect(problems.locator(".problem--warning").first).to_be_visible()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(page.locator(".cm-lintRange-error")).to_have_text("copey")

    mended = text.replace("copay $30]", "copay $40]")
    write(page, mended)
    expect(problems).to_contain_text("No mistake was found")
    page.get_by_role("button", name="Keep in my draft").click()
    page.get_by_role("link", name="See what it changes").click()
    expect(page.locator("main")).to_contain_text("3 tests do not come out as expected")

    page.get_by_role("link", name=PPO, exact=True).click()
    for old, new in TESTS:
        mended = mended.replace(old, new)
    text_of(page)
    write(page, mended)
    page.keyboard.press("Control+s")
    page.get_by_role("link", name="See what it changes").click()
    main = page.locator("main")
    expect(main).to_contain_text("all came out as expected")
    expect(main).to_contain_text("copay for in-network office visits $30 → $40")
    by = page.locator(".impact-table td:last-child").all_text_contents()
    assert by
    assert all(each.startswith("+$") for each in by)
    assert next_session(bench) == 3_000

    page.get_by_label("Why").fill("Letter of 3 November, page 2")
    page.get_by_role("button", name="Put it in force now").click()
    expect(main).to_contain_text("It is in force now")
    assert next_session(bench) == 4_000

    page.get_by_role("link", name="Look at it, or go back to it").first.click()
    page.get_by_label("Why").fill("The letter was for 2027")
    page.get_by_role("button", name="Go back to it now").click()
    expect(main).to_contain_text("It is in force now")
    assert next_session(bench) == 3_000
    assert "copay $30]" in (bench.rules / PPO).read_text()


def test_without_javascript_a_mistake_is_shown_and_a_draft_kept(visit, bench):
    going = visit(script=False)
    page = going.page
    page.goto(bench.address + FILE)
    area = page.get_by_label("The file")
    area.fill(area.input_value().replace("copay $30]", "copey $40]"))

    page.get_by_role("button", name="Check").click()
    expect(page.locator("#problems")).to_contain_text("'copey $40' is not cost sharing; write 'copay $40'")
    assert "copey $40]" in page.get_by_label("The file").input_value()

    page.get_by_role("button", name="Keep in my draft").click()
    expect(page.locator("main")).to_contain_text("Kept in your draft")
    page.get_by_role("link", name="See what it changes").click()
    expect(page.locator("main")).to_contain_text("1 mistake keeps this draft from being put in force")


def test_the_editor_lets_the_keyboard_go(visit, bench):
    going = visit()
    page = going.page
    page.goto(bench.address + FILE)
    page.locator(".cm-content").focus()
    before = text_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Keep in my draft"

    page.locator(".cm-content").focus()
    page.keyboard.press("Shift+Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate("document.activeElement.classList.contains('cm-content')")
    assert page.evaluate("document.querySelector('textarea').value") == before


def test_keys_alone_lead_to_a_mistake_and_keep_the_draft(visit, bench):
    going = visit("lee")
    page = going.page
    page.goto(bench.address + FILE)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("nonsense: 1\n")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    assert "nonsense" in page.evaluate("document.querySelector('.cm-activeLine').textContent")
    page.keyboard.press("Control+s")
    expect(page.locator(".banner--done")).to_contain_text("Kept in your draft")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_passes_axe_and_fits(visit, bench, width):
    going = visit(width=width)
    page = going.page
    page.goto(bench.address + FILE)
    text = text_of(page)
    write(page, text.replace("copay $30]", "copay $45]").replace("copay $20]", "copey"))
    page.get_by_role("button", name="Keep in my draft").click()
    expect(page.locator(".banner--done")).to_be_visible()
    found = {}
    for path in PAGES:
        page.goto(f"{bench.address}/workbench{path}")
        if "/file?name=payers" in path:
            expect(page.locator("#problems")).to_contain_text("mistake")
        complaints = Axe().run(page, options=RULES).response["violations"]
        found[path] = [(each["id"], [node["html"][:90] for node in each["nodes"][:3]]) for each in complaints]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append(("wider than the screen", []))
        if width >= 390 and page.evaluate(CUT_OFF):
            found[path].append(("a table or the editor is cut off", []))

    assert {path: told for path, told in found.items() if told} == {}


def test_the_page_to_sign_in_on_passes_axe(browser, bench):
    going = Visit(browser, bench.address, width=390)
    going.open("/workbench/sign-in")

    assert Axe().run(going.page, options=RULES).response["violations"] == []
    going.close()


def test_text_of_twice_the_size_is_neither_clipped_nor_overlapping(visit, bench):
    going = visit(width=1280)
    for path in ("/", "/drafts", "/new", "/try", "/tests", "/freshness", "/history"):
        going.page.goto(f"{bench.address}/workbench{path}")
        going.page.evaluate("document.documentElement.style.fontSize = '200%'")
        found = going.page.evaluate(CROWDED)
        assert (path, found["clipped"], found["over"]) == (path, [], [])


SPLIT = """() => [...new Set([...document.querySelectorAll("main wbr")].map((each) => each.parentNode))]
    .flatMap((parent) => [...parent.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
    .filter((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size > 1;
    }).map((node) => node.textContent)"""


@pytest.mark.parametrize("width", [320, 390])
def test_names_of_files_break_between_their_words_alone(visit, bench, width):
    going = visit(width=width)
    for path in ("/", "/tests", "/freshness", "/file?name=reference/poverty_guidelines.yaml"):
        going.page.goto(f"{bench.address}/workbench{path}")
        assert going.page.locator("main wbr").count() > 0, path
        assert (path, going.page.evaluate(SPLIT)) == (path, [])


def test_leaving_with_words_unkept_is_asked_about(visit, bench):
    going = visit()
    page = going.page
    page.goto(bench.address + FILE)
    text_of(page)
    page.locator(".cm-content").click()
    page.keyboard.type("x")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{bench.address}/workbench/history")

    assert asked == ["beforeunload"]


def test_the_style_of_the_editor_alone_is_let_in(visit, bench):
    going = visit()
    reply = going.page.goto(bench.address + FILE)
    policy = reply.headers["content-security-policy"]

    assert re.fullmatch(r"default-src 'self'; .*; style-src 'self' 'nonce-[\w-]{22}'", policy)
    assert "unsafe" not in policy
    assert "script-src" not in policy
    again = going.page.reload()
    assert again.headers["content-security-policy"] != policy
    assert "nonce" not in going.page.goto(f"{bench.address}/workbench/").headers["content-security-policy"]


def test_the_language_is_changed_on_the_same_page(visit, bench):
    going = visit()
    page = going.page
    page.goto(bench.address + FILE)
    page.get_by_role("link", name="Español").click()

    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("button", name="Guardar en mi borrador")).to_be_visible()
    expect(page.locator(".cm-content")).to_have_attribute("lang", "en")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+f")
    expect(page.locator(".cm-search input").first).to_have_attribute("placeholder", "Buscar")
    write(page, "payer: [")
    page.locator(".cm-lint-marker-error").hover()
    expect(page.locator(".cm-tooltip-lint span[lang=en]")).to_contain_text("check brackets")
