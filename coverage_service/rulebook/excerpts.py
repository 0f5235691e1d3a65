"""The line of a rule file in which a mistake stands, with a caret under it."""

from __future__ import annotations

import re
from typing import Final

from coverage_service.rulebook.problems import Problem

WIDEST: Final = 96
"""Columns of a line that are shown; a longer one is cut around its mistake."""
BEFORE: Final = 50
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\''
_PLAIN: Final = r"[^\s,:\[\]{}#\"][^,\[\]{}#]*?(?=:(?:\s|$)|\s*(?:[,\]}#]|$))"
_TOKEN: Final = re.compile(f"{_QUOTED}|{_PLAIN}")


def excerpt(problem: Problem, data: bytes) -> tuple[str, ...]:
    """The source line and the caret line of a problem in a file; nothing when it is not there."""
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    if not 0 < problem.line <= len(lines):
        return ()
    line = _printable(lines[problem.line - 1])
    at = min(problem.column - 1, len(line))
    found = _TOKEN.match(line, at)
    length = len(found[0]) if found else 1
    start = max(0, at - BEFORE) if len(line) > WIDEST else 0
    cut = line[start : start + WIDEST]
    left, right = "…" if start else "", "…" if len(line) > start + WIDEST else ""
    gutter = f"{problem.line:>6}"
    carets = "^" * max(1, min(length, start + WIDEST - at))
    under = " " * (at - start + len(left))
    return f"{gutter} | {left}{cut}{right}", f"{' ' * len(gutter)} | {under}{carets}"


def _printable(line: str) -> str:
    """One column for each character, and nothing that a terminal obeys."""
    return "".join(x if x.isprintable() else " " if x == "\t" else "\N{REPLACEMENT CHARACTER}" for x in line)
