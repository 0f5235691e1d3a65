"""The query part of an address: known parameters only, and pages of long lists."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final

from flask import Request

from coverage_service.estimates import DEFAULT_LANGUAGE, Invalid
from coverage_service.request_problems import problem
from coverage_service.rulebook.problems import Problem
from coverage_service.sources import Sources

USUAL, MOST = 50, 200
WORDS: Final = {"true": True, "false": False}


class Query:
    """The parameters of one request; every mistake is told at once by ``done``."""

    def __init__(self, request: Request, *allowed: str) -> None:
        self.path = request.path
        self.said = request.args
        self.problems: list[Problem] = []
        for name in self.said:
            if name not in allowed:
                known = " or ".join(allowed)
                remedy = f"write {known}" if known else "leave it out: facts travel in the body"
                self.refuse(name[:60], f"there is no such parameter here; {remedy}")
            elif len(self.said.getlist(name)) > 1:
                self.refuse(name, "this is given twice; write it once")

    def refuse(self, name: str, text: str) -> None:
        self.problems.append(problem(f"?{name}", text))

    def done(self) -> None:
        """Raise all that was refused."""
        if self.problems:
            raise Invalid(self.problems)

    def language(self, sources: Sources) -> str:
        asked = self.said.get("language", DEFAULT_LANGUAGE)
        if asked not in sources.wordings:
            self.refuse("language", f"there are no texts in it; write {' or '.join(sources.wordings)}")
        return asked

    def flag(self, name: str) -> bool:
        asked = self.said.get(name, "false")
        if asked not in WORDS:
            self.refuse(name, "this is not a yes or no; write true or false")
        return WORDS.get(asked, False)

    def limit(self) -> int:
        asked = self.said.get("limit", str(USUAL))
        if asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= MOST:
            return int(asked)
        self.refuse("limit", f"this is not a number of items; write 1 to {MOST}")
        return USUAL

    def cursor(self) -> str | None:
        """The id after which a page begins."""
        asked = self.said.get("cursor")
        if asked is None:
            return None
        try:
            padded = asked.encode("ascii") + b"=" * (-len(asked) % 4)
            return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        except (binascii.Error, ValueError):
            self.refuse("cursor", "this is no cursor of ours; write the one that came with the last page")
            return None


def page(ids: Sequence[str], after: str | None, limit: int) -> tuple[Sequence[str], str | None]:
    """The ids of one page in their order, and the cursor of the next page."""
    start = 0 if after is None else bisect_right(ids, after)
    shown = ids[start : start + limit]
    more = start + limit < len(ids)
    return shown, _cursor(shown[-1]) if more else None


def _cursor(id: str) -> str:
    return base64.urlsafe_b64encode(id.encode()).decode().rstrip("=")


def paged(
    query: Query, items: list[Any], cursor: str | None, limit: int
) -> tuple[dict[str, Any], str | None]:
    """The body of a page and its Link header."""
    link = f'<{query.path}?cursor={cursor}&limit={limit}>; rel="next"' if cursor else None
    return {"items": items, "next": cursor}, link
