"""What a page weighs on a phone's line: itself and every file that it loads, as they are sent."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import urlencode, urlsplit

import pytest

from tests.web.markup import Markup
from tests.web.states import GOING, PREFIXES

KILOBYTE = 1000


def sent(address: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
    """How many bytes come for an address, its head with them; and what they hold."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    headers = {"Accept-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    assert reply.status in (200, 422)
    head = sum(len(name) + len(value) + 4 for name, value in reply.getheaders())
    packed = reply.headers["Content-Encoding"] == "gzip"
    assert packed or len(body) < 500, f"{path} is sent as it is"
    return head + len(body), gzip.decompress(body) if packed else body


def weight(address: str, path: str, fields: dict[str, str] | None = None) -> int:
    """Bytes of a page with all its files."""
    whole, page = sent(address, path, fields)
    files = Markup(page.decode()).loaded
    assert len(files) >= 3
    return whole + sum(sent(address, file)[0] for file in files)


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_the_first_page_is_light(served, prefix):
    assert weight(served.address, f"{prefix}/") <= 60 * KILOBYTE
    assert weight(served.address, f"{prefix}/check") <= 60 * KILOBYTE


@pytest.mark.parametrize("prefix", PREFIXES.values())
@pytest.mark.parametrize(
    "state", [state for state in GOING if state.startswith(("result", "script", "nothing"))]
)
def test_an_estimate_is_light(served, prefix, state):
    path, fields = GOING[state]

    assert weight(served.address, prefix + path, fields) <= 100 * KILOBYTE


def test_the_longest_estimate_is_light(served):
    fields = GOING["result, two cases"][1] | {"sessions": "other", "sessions_other": "60", "every": "7"}

    assert weight(served.address, "/check", fields) <= 100 * KILOBYTE
