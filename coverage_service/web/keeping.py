"""Answers as one short text, for a private link or a saved file; nothing of it is kept here.

The text goes behind the ``#`` of an address, which a browser sends to no server.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import parse_qsl, urlencode

from coverage_service.web.answers import NAMES, Answers, answers_in

MOST = 8_000
"""The longest text that is read back."""


class NotReadable(ValueError):
    """A text that holds no answers."""


def packed(answers: Answers) -> str:
    """The answers as one text of letters, digits, ``-`` and ``_``."""
    return urlsafe_b64encode(urlencode(sorted(answers.items())).encode()).decode().rstrip("=")


def unpacked(text: str) -> dict[str, str]:
    """The answers in a text, or in a whole link that ends in it; raises NotReadable."""
    code = text.strip().rpartition("#")[2]
    if not 0 < len(code) <= MOST:
        raise NotReadable
    try:
        query = urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
        pairs = parse_qsl(query, strict_parsing=True, max_num_fields=len(NAMES))
    except ValueError as error:
        raise NotReadable from error
    found = answers_in(pairs)
    if not found:
        raise NotReadable
    return found
