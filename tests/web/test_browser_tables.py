"""The tables beside the drawings, opened: wide ones scroll by themselves, never the page."""

from __future__ import annotations

import pytest

from tests.web.browsing import Visit
from tests.web.states import DRAWN, GOING, LISTED, PREFIXES

STATES = {
    **{state: fields for state, (_path, fields) in GOING.items() if state.startswith("result")},
    "no plan, paid": {**LISTED, "cover": "none", "go": "to:result"},
    "many sessions": {**DRAWN, "sessions": "other", "sessions_other": "40", "go": "to:result"},
}
SIZES = [(390, "200%"), (320, "200%"), (320, "100%"), (390, "100%"), (1280, "200%")]
OPENED = (
    "size => { document.documentElement.style.fontSize = size; "
    "document.querySelectorAll('details').forEach(each => { each.open = true; }); }"
)
BEYOND = """() => [document.documentElement.scrollWidth > innerWidth,
    [...document.querySelectorAll("main *")].filter(node => !node.closest(".scroll > *, svg")
        && node.getBoundingClientRect().right > innerWidth + 1).map(node => node.outerHTML.slice(0, 90))]"""
TABLES = """() => [...document.querySelectorAll("main table")].map(table => {
    const place = table.closest("[role=region][tabindex='0'][aria-label]");
    const name = table.querySelector("tbody th");
    return { placed: !!place, named: place?.getAttribute("aria-label") === table.caption.textContent,
        most: Math.max(...[...table.querySelectorAll("th, td")].map(
            cell => cell.getBoundingClientRect().right)),
        reached: place && place.getBoundingClientRect().left - place.scrollLeft + place.scrollWidth + 1,
        lines: name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).lineHeight) };
})"""


def opened(visit: Visit, said: dict[str, str], prefix: str, size: str = "100%") -> None:
    visit.send(f"{prefix}/check", said)
    visit.page.evaluate(OPENED, size)


@pytest.mark.parametrize("language", PREFIXES)
def test_an_opened_table_never_makes_the_page_scroll_sideways(visit, language):
    going = visit()
    scrolled = 0

    for state, said in STATES.items():
        opened(going, said, PREFIXES[language])
        for width, size in SIZES:
            going.page.set_viewport_size({"width": width, "height": 844})
            going.page.evaluate(OPENED, size)
            where = (state, width, size)
            assert (*where, going.page.evaluate(BEYOND)) == (*where, [False, []])
            for table in going.page.evaluate(TABLES):
                assert (table["placed"], table["named"]) == (True, True), where
                assert table["most"] <= table["reached"], (where, "all of it can be scrolled to")
                assert table["lines"] < 6, (where, "no name is broken into letters")
                scrolled += table["most"] > width
    assert scrolled, "some table is wider than a phone"


def test_a_wide_table_is_scrolled_with_the_keys(visit):
    going = visit(width=390)
    opened(going, {**DRAWN, "go": "to:result"}, "", "200%")
    place = going.page.get_by_role("region", name="Session by session")

    place.focus()
    going.page.keyboard.press("ArrowRight")

    assert place.evaluate("node => node === document.activeElement")
    going.page.wait_for_function("node => node.scrollLeft > 0", arg=place.element_handle())
    assert going.page.evaluate("scrollX") == 0
