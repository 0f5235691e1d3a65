"""Every page and state: nothing kept, nothing foreign, no style or script in it, no form from elsewhere."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode, urlsplit

import pytest

from coverage_service.html.safety import LARGEST_FORM, MOST_FIELDS
from coverage_service.web.answers import NAMES
from coverage_service.web.fields import LONGEST
from tests.web.markup import Markup
from tests.web.states import GOING, LISTED, PAGES, PREFIXES, WRONG

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
POLICY = {
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
FORM = {"page": "people", "people": "couple", "go": "next"}


def asked(client, state: str, prefix: str = ""):
    """The reply to a state's address or form."""
    if state in PAGES:
        return client.get(prefix + PAGES[state], headers=BROWSER)
    path, fields = GOING[state]
    return client.post(prefix + path, data=fields, headers=BROWSER)


@pytest.fixture(params=[*PAGES, *GOING])
def state(request) -> str:
    return request.param


@pytest.fixture(params=PREFIXES)
def reply(request, client, state):
    """The reply to every state in every language."""
    return asked(client, state, PREFIXES[request.param])


def test_a_page_has_its_headers_and_no_cookie(reply, state):
    assert reply.status_code == {"not found": 404}.get(state, 422 if state in WRONG else 200)
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert set(reply.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "Set-Cookie" not in reply.headers
    assert "Link" not in reply.headers


def test_a_page_holds_no_style_no_script_and_no_address_to_load_from_elsewhere(reply, state):
    if state == "saved":  # This one is opened from a disk, and is tested in test_links.py.
        return
    page = Markup(reply.text)

    assert page.inline == []
    assert page.loaded
    assert all(re.fullmatch(r"/page/[\w.-]+\?v=\w{12}", address) for address in page.loaded)
    assert not re.search(r"prefetch|preconnect|prerender|preload|http-equiv|srcset", reply.text)


def test_a_page_is_in_the_language_of_its_address(client, state):
    assert {Markup(asked(client, state, prefix).text).language for prefix in PREFIXES.values()} == {*PREFIXES}


def test_every_page_has_the_same_title_but_for_mistakes(client):
    def title(state: str) -> str:
        return Markup(asked(client, state).text).title

    plain, wrong = {title(s) for s in [*PAGES, *GOING] if s not in WRONG}, title("plan, empty")

    assert len(plain) == 1
    assert wrong.endswith(*plain)


def test_every_form_goes_to_one_address(client):
    pages = [asked(client, state).text for state in [*PAGES, *GOING]]
    actions = [re.findall(r'\b(?:form)?action="([^"]*)"', page) for page in pages]

    assert {action for found in actions for action in found} == {"/check", "/es/check"}


@pytest.mark.parametrize("name", ["main.css", "main.js", "favicon.svg"])
def test_a_static_file_may_be_kept_by_the_browser(client, name):
    address = next(each for each in Markup(client.get("/").text).loaded if f"/{name}?" in each)
    with client.get(address) as reply:
        assert reply.status_code == 200
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in reply.headers


def test_a_static_file_that_is_not_there_is_told_with_a_page(client):
    reply = client.get("/page/nothing.css", headers=BROWSER)

    assert reply.status_code == 404
    assert reply.headers["Cache-Control"] == "no-store"


FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a site of the same owner": {"Sec-Fetch-Site": "same-site"},
    "a made-up word": {"Sec-Fetch-Site": "friendly"},
    "another origin": {"Origin": "https://evil.example"},
    "an origin that begins alike": {"Origin": "http://localhost.evil.example"},
    "another port": {"Origin": "http://localhost:81"},
    "no origin at all": {"Origin": "nonsense"},
    "another site with our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
}
OWN = {
    "our page": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "typed by hand": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": "http://localhost"},
    "an older browser that hides the address": {"Origin": "null"},
    "no browser": {},
}


@pytest.mark.parametrize("sender", FOREIGN)
@pytest.mark.parametrize("path", ["/check", "/es/check"])
def test_a_form_of_another_site_is_refused_with_a_page(client, path, sender):
    reply = client.post(path, data=FORM | LISTED, headers=BROWSER | FOREIGN[sender])

    assert reply.status_code == 403
    assert reply.content_type == "text/html; charset=utf-8"
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert "example-hdhp" not in reply.text
    assert "/es/" in path or any(urlsplit(link).path == "/" for link in Markup(reply.text).links)


@pytest.mark.parametrize("sender", OWN)
def test_a_form_of_our_own_is_taken(client, sender):
    assert client.post("/check", data=FORM, headers=BROWSER | OWN[sender]).status_code == 200


def test_a_link_from_another_site_may_lead_here(client):
    reply = client.get("/check", headers=BROWSER | {"Sec-Fetch-Site": "cross-site"})

    assert reply.status_code == 200


URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
BEYOND = {
    "a large field": ({"note": "x" * LARGEST_FORM}, URLENCODED),
    "thousands of fields": ({f"f{n}": "x" for n in range(20_000)}, URLENCODED),
    "a large part": ({"note": "x" * LARGEST_FORM}, MULTIPART),
    "many parts": ({f"f{n}": "x" for n in range(MOST_FIELDS + 1)}, MULTIPART),
}


@pytest.mark.parametrize("what", BEYOND)
def test_a_form_beyond_measure_is_refused_with_a_page(client, what):
    fields, kind = BEYOND[what]
    reply = client.post("/check", data=FORM | fields, content_type=kind, headers=BROWSER)

    assert reply.status_code == 413
    assert reply.content_type == "text/html; charset=utf-8"
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS


def test_a_body_that_never_says_its_length_is_not_read(client):
    reply = client.post("/check", input_stream=io.BytesIO(b"a=1&" * LARGEST_FORM), content_type=URLENCODED)

    assert reply.status_code in (200, 413)
    assert reply.content_type == "text/html; charset=utf-8"


def test_the_longest_honest_form_is_taken(client):
    longest = dict.fromkeys(NAMES, "x" * LONGEST) | {"go": "to:check"}

    assert len(urlencode(longest)) < LARGEST_FORM
    assert len(longest) < MOST_FIELDS
    assert client.post("/check", data=longest).status_code == 422


@pytest.mark.parametrize("path", ["/", "/open", "/how", "/words", "/privacy", "/es/", "/es/open"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE"])
def test_another_method_is_refused(client, path, method):
    reply = client.open(path, method=method, headers=BROWSER)

    assert reply.status_code == 405
    assert "POST" not in reply.headers["Allow"]


@pytest.mark.parametrize("state", ["start", "check", "result"])
def test_a_page_for_which_there_are_no_rules_says_so(tmp_path, state):
    from coverage_service import create_app
    from coverage_service.config import Config

    (tmp_path / "payers").mkdir()
    (tmp_path / "payers" / "bad.yaml").write_text("payer: [\n")
    reply = asked(create_app(Config(tmp_path)).test_client(), state)

    assert reply.status_code == (200 if state == "start" else 503)
    assert reply.content_type == "text/html; charset=utf-8"
