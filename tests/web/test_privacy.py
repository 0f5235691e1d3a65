"""Nothing that a person says is kept or shown to anybody: no log, no address, no title, no header."""

from __future__ import annotations

import gzip
import http.client
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.started import until
from tests.web.browsing import Visit
from tests.web.serving import Served, Wire
from tests.web.states import GOING, LISTED, NO_PLAN, PAGES, PREFIXES

MARK = "ZZMARKERZZ"
AMOUNT = "4242.42"
MARKS = re.compile(rf"{MARK}|4,?242[.]42|424242|{MARK.lower()}|low-desire|example-hdhp|trainee-clinic")
MARKED = {
    **LISTED, "therapist": "trainee-clinic", "concern": "low-desire", "used_amount": AMOUNT,
    "a-bh_admin": f"{MARK} a note",
    "reference-insurer": MARK,
}  # fmt: skip
INCOME = {**NO_PLAN, "income": AMOUNT, "a-bh_admin": f"{MARK} a note", "reference-practice": MARK}
BROKEN = {**MARKED, "used_amount": f"{MARK}<", "sessions": MARK, "page": MARK, "then": MARK}


@pytest.fixture
def wire(served: Served) -> Iterator[Wire]:
    """A relay that keeps every byte between a browser and the server."""
    found = Wire(urlsplit(served.address).port or 0)
    yield found
    found.close()


def assert_nothing_told(wire: Wire, served: Served) -> None:
    """No mark where it could stay: what the process printed, and the heads of both directions."""
    requests, answers = wire.requests, wire.answers
    assert len(requests) == len(answers)
    for line, headers in requests:
        path = urlsplit(line.split()[1])
        assert [name for name, _ in parse_qsl(path.query)] in ([], ["v"])
        assert MARKS.search(line) is None
        assert MARKS.search(headers) is None
        assert not re.search(r"^(cookie|referer):", headers, re.IGNORECASE | re.MULTILINE)
    for line, headers in answers:
        assert MARKS.search(line + headers) is None
        assert "set-cookie" not in headers.lower()
    assert MARKS.search(served.log.read_text("utf-8", "replace")) is None


def test_a_whole_visit_in_a_browser_leaves_nothing(browser, served, wire, tmp_path):
    titles = set()
    going = Visit(browser, wire.address)
    going.seen.append(lambda page: titles.add(page.title()))
    for said in (MARKED, INCOME, BROKEN):
        for go in ("next", "to:check", "to:course", "to:script:insurer", "to:result"):
            going.send("/check", said | {"go": go})
    going.send("/check", MARKED | {"go": "to:result"})
    link = going.page.locator("#private-link").input_value()
    with going.page.expect_download() as download:
        going.page.locator('button[value="to:save"]').click()
    addresses = [each.url for each in going.requests]
    other = Visit(browser, wire.address)
    with other.page.expect_navigation(url="**/check"):
        other.page.goto(link)
    carried = other.carried
    # A window that is closed takes back what it still waits for, such as its icon.
    until(lambda: len(wire.requests) == len(wire.answers), "every request answered")
    going.close()
    other.close()

    assert carried == MARKED
    assert len(wire.requests) > 15
    assert MARK.encode() in wire.sent, "the wire would have seen it"
    assert_nothing_told(wire, served)
    assert MARKS.search(" ".join(titles)) is None
    assert len(titles) == 2, "one for all pages, and one with mistakes"
    assert MARKS.search(" ".join(addresses)) is None
    assert MARKS.search(download.value.suggested_filename) is None
    assert not any(link.partition("#")[2] in line for line, _ in wire.requests)


def posted(wire: Wire, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Status and page of a form sent over the wire."""
    connection = http.client.HTTPConnection(urlsplit(wire.address).netloc, timeout=60)
    connection.request("POST" if body else "GET", path, body or None, headers | {"Connection": "close"})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, (gzip.decompress(text) if reply.headers["Content-Encoding"] else text).decode()


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_what_is_refused_leaves_nothing_either(served, wire, prefix):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(MARKED).encode()
    sent = [
        (413, body * 400, form),
        (403, body, form | {"Sec-Fetch-Site": "cross-site"}),
        (422, urlencode(BROKEN | {"go": "to:result"}).encode(), form),
        (422, urlencode({"saved": MARK}).encode(), form),
        (200, body, {"Content-Type": "application/json"}),
        (200, body + b"&%ff%00=%ed%a0%80", form),
    ]

    statuses = [posted(wire, f"{prefix}/check", each, headers)[0] for _, each, headers in sent]

    assert statuses == [status for status, _, _ in sent]
    assert_nothing_told(wire, served)


def test_a_defect_of_ours_logs_nothing_of_the_answers(app, monkeypatch, caplog):
    from coverage_service.web import views

    def broken(body, *_rest):
        raise RuntimeError(f"something with {body} and {MARK}")

    monkeypatch.setattr(views, "make_estimate", broken)
    reply = app.test_client().post("/check", data=MARKED | {"go": "to:result"})

    assert reply.status_code == 500
    assert reply.content_type == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    assert MARKS.search(reply.text) is None
    assert caplog.records, "a defect is told to the operator"
    assert MARKS.search(caplog.text) is None


def test_no_page_but_that_of_the_answers_holds_them(client):
    client.post("/check", data=MARKED | {"go": "to:result"})

    for path in PAGES.values():
        assert MARK not in client.get(path).text
    for path, fields in GOING.values():
        assert MARK not in client.post(path, data=fields).text


def test_a_sensitive_topic_is_told_in_neutral_words_where_it_may_be_seen(client):
    from coverage_service.web.answers import NAMES

    assert "concern" in NAMES
    for go in ("to:check", "to:result", "to:script:insurer", "to:save"):
        text = client.post("/check", data=MARKED | {"go": go}).text
        shown = re.sub(r"<input[^>]*>", "", text)
        assert not re.search(r"low.desire|sexual desire|libido", shown, re.IGNORECASE), go
