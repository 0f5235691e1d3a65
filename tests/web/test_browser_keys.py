"""The way with keys alone: every stop is seen, and none lies under the bar at the top."""

from __future__ import annotations

import pytest

from tests.web.browsing import Visit
from tests.web.states import GOING, LISTED

MOST_STOPS = 120
STOP = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const look = each => {
        const style = getComputedStyle(each[0], each[1]);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
                style.backgroundColor, style.borderColor, style.borderWidth, style.textDecorationLine].join();
    };
    const label = node.type === "radio" ? node.nextElementSibling : null;
    const parts = [[node, null], ...(label ? [[label, "::before"], [label, "::after"]] : [])];
    window.lookOfStop = () => parts.map(look).join();
    const box = (label || node).getBoundingClientRect();
    const bar = document.querySelector(".site-bar");
    const held = bar.getBoundingClientRect();
    const under = !bar.contains(node) && box.top < held.bottom - 0.5 && box.bottom > held.top + 0.5;
    const beyond = box.height < innerHeight / 2 && (box.bottom > innerHeight + 0.5 || box.top < -0.5);
    const at = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, box.top + box.height / 2);
    const seen = at && (node.contains(at) || at.contains(node) || (label && label.contains(at)));
    return { name: node.name || "", value: node.value || "", type: node.type || "", tag: node.tagName,
             text: node.outerHTML.slice(0, 90), hidden: under || beyond || !seen, look: window.lookOfStop() };
}"""


def stop(visit: Visit, key: str = "Tab") -> dict | None:
    """Press the key; the stop it leads to, which has to be in sight and to look other than before."""
    visit.page.keyboard.press(key)
    found = visit.page.evaluate(STOP)
    assert found is None or not found["hidden"], found["text"]
    return found


def go_to(visit: Visit, name: str, value: str = "") -> None:
    """Tab to a control, or to the button of that name and value."""
    for _ in range(MOST_STOPS):
        found = stop(visit)
        if found and found["name"] == name and value in (found["value"], ""):
            return
    pytest.fail(f"no way to {name} {value} with Tab")


def send(visit: Visit, key: str) -> None:
    with visit.page.expect_navigation():
        visit.page.keyboard.press(key)


def choose(visit: Visit, name: str, value: str) -> None:
    """Choose among radios: Space on the first, then the arrow to the one."""
    go_to(visit, name)
    visit.page.keyboard.press("Space")
    for _ in range(20):
        if visit.page.evaluate("document.activeElement.value") == value:
            assert visit.page.evaluate("document.activeElement.checked")
            return
        visit.page.keyboard.press("ArrowDown")
    pytest.fail(f"no arrow leads to {name} {value}")


def pick(visit: Visit, name: str, value: str) -> None:
    """Pick in a list by the arrow."""
    go_to(visit, name)
    for _ in range(60):
        if visit.page.evaluate("document.activeElement.value") == value:
            return
        visit.page.keyboard.press("ArrowDown")
    pytest.fail(f"no arrow leads to {name} {value}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_first_page_to_the_estimate_with_keys_alone(visit, script):
    going = visit(script=script, width=390, height=700)
    going.open("/")
    while (found := stop(going)) and "main" not in going.page.evaluate(
        "document.activeElement.closest('main') ? 'main' : ''"
    ):
        assert found["tag"]
    send(going, "Enter")

    choose(going, "cover", "listed")
    pick(going, "plan", "example-hdhp")
    go_to(going, "go", "next")
    send(going, "Enter")
    choose(going, "who", "listed")
    pick(going, "therapist", "example-therapist")
    choose(going, "network", "in")
    send(going, "Enter")
    for name, value in (("concern", "unsure"), ("people", "individual"), ("sessions", "12")):
        choose(going, name, value)
        send(going, "Enter")
    choose(going, "used", "some")
    go_to(going, "used_amount")
    going.page.keyboard.type("200")
    send(going, "Enter")
    go_to(going, "go", "to:result")
    send(going, "Space")

    assert going.page.locator("main .figure__range").count()
    assert going.carried.items() >= (LISTED.items() - {("minutes", "50")})


@pytest.mark.parametrize(
    "state", ["plan", "own", "own, wrong", "check", "result, two cases", "script, insurer"]
)
@pytest.mark.parametrize(("width", "height"), [(390, 700), (1280, 800), (320, 256)])
def test_every_stop_is_seen_in_both_directions(visit, state, width, height):
    going = visit(width=width, height=height)
    path, fields = GOING[state]
    going.send(path, fields)
    going.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    going.page.evaluate("document.activeElement.blur()")

    stops = []
    while found := stop(going):
        going.page.evaluate("window.stopBefore = window.lookOfStop")
        stops.append(found)
        going.page.keyboard.press("Tab")
        left = going.page.evaluate("window.stopBefore()")
        assert left != found["look"], f"the focus does not show on {found['text']}"
        if going.page.evaluate("document.activeElement === document.body"):
            break
        stop(going, "Shift+Tab")
        assert len(stops) < MOST_STOPS
    assert len(stops) > 4
    back = 0
    while back < len(stops) and stop(going, "Shift+Tab"):
        back += 1
    assert back == len(stops)


def test_the_skip_link_leads_past_the_bar(visit):
    going = visit(width=390, height=700)
    going.open("/check")

    assert stop(going)["tag"] == "A"
    going.page.keyboard.press("Enter")

    assert going.page.evaluate("document.activeElement.id") == "main-content"
    go_to(going, "cover")
