"""What a page may do: forms come from our own pages only, and nothing of them is kept anywhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.exceptions import Forbidden

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 600
OWN = frozenset({"same-origin", "none"})


def refuse_foreign_forms() -> None:
    """403 for a form that another site sent (a browser says so; there is no cookie to protect).

    ``Sec-Fetch-Site`` decides where the browser sends it; older ones send ``Origin``, which is
    "null" from a page that hides its address, as ours do.
    """
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    foreign = site not in OWN if site else origin != "null" and urlsplit(origin).netloc != request.host
    if foreign:
        raise Forbidden


def bound_forms() -> None:
    """Limit a form before it is read: 413 beyond."""
    request.max_content_length = LARGEST_FORM
    request.max_form_memory_size = LARGEST_FORM
    request.max_form_parts = MOST_FIELDS


def keep_nothing(response: Response) -> Response:
    """No cache keeps a page, no search engine lists one, and it differs by nothing but its address."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def keep_files(response: Response) -> Response:
    """A browser may keep our own files for good: their addresses change with them."""
    if (request.endpoint or "").endswith(".static") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        # Read at once: a stream is not compressed with gzip.
        response.direct_passthrough = False
        response.get_data()
    return response
