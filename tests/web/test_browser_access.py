"""Every page and state in a browser for everybody: the rules of axe, and text of twice the size."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from coverage_service.serving import today
from tests.web.browsing import Visit
from tests.web.states import GOING, LISTED, PAGES, PREFIXES, WRONG

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
STATES = [*PAGES, *(state for state in GOING if state != "saved")]
AT_A_DESK = {state for state in STATES if state.startswith(("check", "result", "script", "nothing"))} | WRONG
"""The longest pages, and those that tell of mistakes."""
CROWDED = """() => {
    const seen = node => {
        const style = getComputedStyle(node);
        return style.visibility === "visible" && style.opacity !== "0" && !node.closest(
            ".govuk-visually-hidden, .govuk-skip-link, details:not([open]) > :not(summary), svg, [hidden]");
    };
    const boxes = [], clipped = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
        if (!text.data.trim() || !seen(text.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const box of range.getClientRects())
            if (box.width > 1 && box.height > 1) boxes.push([box, text.data.trim().slice(0, 40), text]);
        for (let node = text.parentElement; node !== document.body; node = node.parentElement) {
            const style = getComputedStyle(node);
            const wide = style.overflowX !== "visible" && style.overflowX !== "auto"
                && node.scrollWidth > node.clientWidth + 1;
            const high = style.overflowY !== "visible" && style.overflowY !== "auto"
                && node.scrollHeight > node.clientHeight + 1;
            if (style.display !== "inline" && node.tagName !== "SELECT" && (wide || high))
                clipped.push(text.data.trim().slice(0, 40));
        }
    }
    for (const node of document.querySelectorAll("input:not([type=hidden]), select"))
        if (node.offsetWidth > 1 && getComputedStyle(node).visibility === "visible")
            boxes.push([node.getBoundingClientRect(), node.name || node.id, node]);
    const over = [];
    boxes.forEach(([a, first, one], index) => boxes.slice(index + 1).forEach(([b, second, two]) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const most = 0.3 * Math.min(a.height, b.height);
        if (one !== two && !one.contains(two) && !two.contains(one) && across > 2 && down > most)
            over.push([first, second]);
    }));
    return { wide: document.documentElement.scrollWidth > innerWidth, clipped, over: over.slice(0, 5) };
}"""


def shown(visit: Visit, state: str, prefix: str = "") -> None:
    if state in PAGES:
        visit.open(prefix + PAGES[state])
    else:
        path, fields = GOING[state]
        visit.send(prefix + path, fields)


def complaints(visit: Visit) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and the elements."""
    found = Axe().run(visit.page, options=RULES).response["violations"]
    return [(each["id"], [node["html"][:100] for node in each["nodes"][:3]]) for each in found]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_either_language(visit, state):
    going = visit(width=390)

    for language, prefix in PREFIXES.items():
        shown(going, state, prefix)
        assert (language, complaints(going)) == (language, [])

    if state in AT_A_DESK:
        # The page is in Spanish now, whose words are the longer ones.
        going.page.set_viewport_size({"width": 1280, "height": 900})
        assert complaints(going) == []


@pytest.mark.parametrize("language", PREFIXES)
def test_axe_finds_nothing_where_answers_do_not_go_together(visit, client, monkeypatch, language):
    # Only an estimate made after midnight, from a form that was read before it, comes to this.
    monkeypatch.setattr("coverage_service.web.fields.today", lambda: today() - timedelta(1))
    said = LISTED | {"first": (today() - timedelta(1)).isoformat(), "go": "to:result"}
    html = client.post(f"{PREFIXES[language]}/check", data=said).text
    going = visit(width=390)
    going.page.route("**/check", lambda route: route.fulfill(status=422, content_type="text/html", body=html))

    going.send(f"{PREFIXES[language]}/check", said)
    assert going.page.locator("[href='#given-course-first']").count() == 1
    assert complaints(going) == []
    going.page.set_viewport_size({"width": 1280, "height": 900})
    assert complaints(going) == []


def test_axe_finds_nothing_while_an_own_field_is_open(visit):
    going = visit(width=390)
    going.open("/check")
    going.give("cover", "listed")
    assert complaints(going) == []

    going.send("/check", LISTED | {"go": "to:result"})
    going.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert complaints(going) == []


def test_axe_would_find_something(visit):
    going = visit()
    going.open("/")

    going.page.evaluate("document.querySelector('main').innerHTML = '<img src=\"/page/favicon.svg\"><input>'")

    assert {rule for rule, _ in complaints(going)} >= {"image-alt", "label"}


@pytest.mark.parametrize("language", PREFIXES)
def test_text_of_twice_the_size_is_neither_clipped_nor_overlapping(visit, language):
    going = visit(width=1280)

    for state in STATES:
        shown(going, state, PREFIXES[language])
        going.page.evaluate("document.documentElement.style.fontSize = '200%'")
        found = going.page.evaluate(CROWDED)
        assert (state, found) == (state, {"wide": False, "clipped": [], "over": []})
        going.page.set_viewport_size({"width": 390, "height": 844})
        assert (state, going.page.evaluate(CROWDED)["wide"]) == (state, False)
        going.page.set_viewport_size({"width": 1280, "height": 900})


def test_the_reader_of_crowded_text_sees_both_faults(visit):
    going = visit(width=1280)
    going.open("/")
    going.page.evaluate(
        """() => {
            const [one, two] = document.querySelectorAll("main p");
            one.style.cssText = "height: 8px; overflow: hidden";
            two.style.cssText = "margin-top: -60px";
        }"""
    )

    found = going.page.evaluate(CROWDED)

    assert found["clipped"]
    assert found["over"]
