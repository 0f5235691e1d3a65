"""A private link gives all answers back and shows them to no server; a saved file stands alone."""

from __future__ import annotations

import re

import pytest

from coverage_service.web.keeping import packed
from tests.web.browsing import Visit
from tests.web.markup import Markup
from tests.web.states import LISTED, NO_PLAN, OWN, PREFIXES, TOLD

SAID = pytest.mark.parametrize("said", [LISTED, OWN, NO_PLAN, TOLD], ids=["listed", "own", "no plan", "told"])
LANGUAGE = pytest.mark.parametrize("language", PREFIXES)


def link_of(client, said: dict[str, str], prefix: str = "") -> str:
    """The private link on the estimate for some answers."""
    page = client.post(f"{prefix}/check", data=said | {"go": "to:result"}).text
    found = re.search(r'id="private-link"[^>]* value="([^"]*)"', page)
    assert found is not None
    return found[1]


@SAID
@LANGUAGE
def test_a_link_pasted_whole_or_in_part_gives_the_answers_back(client, said, language):
    link = link_of(client, said, PREFIXES[language])

    assert link.startswith(f"http://localhost{PREFIXES[language]}/open#")
    for text in (link, link.partition("#")[2], f"  {link}\n"):
        reply = client.post(f"{PREFIXES[language]}/check", data={"saved": text})
        assert reply.status_code == 200
        assert Markup(reply.text).answers == said


def test_a_link_with_one_letter_cut_off_or_changed_never_breaks(client):
    code = packed(TOLD)

    for place in range(0, len(code), 23):
        for text in (
            code[:place],
            code[:place] + "~" + code[place + 1 :],
            code[:place] + "AAAA" + code[place:],
        ):
            assert client.post("/check", data={"saved": text}).status_code in (200, 422)


@LANGUAGE
def test_a_link_opens_by_itself_and_clears_the_address(visit, served, language):
    going = visit()
    going.send(f"{PREFIXES[language]}/check", TOLD | {"go": "to:result"})
    link = going.page.locator("#private-link").input_value()
    shown = going.page.locator("main .figure__range").all_inner_texts()
    other = visit()

    with other.page.expect_navigation(url="**/check"):
        other.page.goto(link)

    assert other.page.url == f"{served.address}{PREFIXES[language]}/check"
    assert other.carried == TOLD
    assert other.page.locator("main .figure__range").all_inner_texts() == shown
    other.page.go_back()
    assert "#" not in other.page.url


def test_a_link_is_pasted_where_there_is_no_script(visit, client, served):
    going = visit(script=False)
    going.open(f"/open#{packed(TOLD)}")
    assert going.page.locator("#saved").input_value() == ""

    going.give("saved", f"{served.address}/open#{packed(TOLD)}")
    with going.page.expect_navigation():
        going.page.locator("main form button").click()

    assert going.carried == TOLD


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_broken_link_is_told_once_and_leads_to_its_field(visit, script):
    going = visit(script=script)
    if script:
        with going.page.expect_navigation(url="**/check"):
            going.open("/open#broken")
    else:
        going.send("/check", {"saved": "broken"})

    assert going.page.locator("#saved").input_value() == "broken"
    assert going.page.locator('.govuk-error-summary a[href="#saved"]').count() == 1


def test_the_link_is_copied(visit):
    going = visit()
    going.context.grant_permissions(["clipboard-read", "clipboard-write"])
    going.send("/check", LISTED | {"go": "to:result"})
    button = going.page.locator("[data-copy]")

    button.click()

    going.page.wait_for_function("document.querySelector('.copied').textContent !== ''")
    assert going.page.locator(".copied").inner_text() == button.get_attribute("data-copied")
    copied = going.page.evaluate("navigator.clipboard.readText()")
    assert copied == going.page.locator("#private-link").input_value()


@pytest.fixture
def saved(visit, served, tmp_path):
    """An estimate saved to a disk, and the visit it was saved on."""
    going = visit()
    going.send("/check", TOLD | {"go": "to:result"})
    with going.page.expect_download() as download:
        going.page.locator('button[value="to:save"]').click()
    assert download.value.suggested_filename == "session-cost.html"
    path = tmp_path / "session-cost.html"
    download.value.save_as(path)
    return path, going


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_saved_file_opens_from_a_disk_by_itself(browser, served, saved, script):
    path, going = saved
    opened = Visit(browser, served.address, script=script, width=390)
    opened.page.goto(path.as_uri())
    page = opened.page

    assert [each.url for each in opened.requests] == [path.as_uri()]
    assert opened.told == []
    assert (
        page.locator("main .figure__range").all_inner_texts()
        == going.page.locator("main .figure__range").all_inner_texts()
    )
    assert page.evaluate("getComputedStyle(document.body).fontFamily") == going.page.evaluate(
        "getComputedStyle(document.body).fontFamily"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.close()


def test_a_saved_file_has_no_button_and_no_address_to_load(saved):
    text = saved[0].read_text("utf-8")
    page = Markup(text)

    assert not page.form
    assert page.buttons == []
    assert page.loaded == []
    assert page.inline[0] == "style"
    assert "<script" not in text
    assert not re.search(r"@import|url\((?!#)", text)
    assert all(re.match(r"#|https?://|tel:", link) for link in page.links)
