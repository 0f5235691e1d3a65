"""Two texts side by side: the lines that differ, and both changes together where they do not touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

AROUND: Final = 2
"""Unchanged lines that are shown beside changed ones."""
SAME, OLD, NEW, GAP = "same", "old", "new", "gap"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown: same, old, new or gap; numbers count from 1, 0 where there is none."""

    kind: str
    text: str = ""
    before: int = 0
    after: int = 0


def lines(text: str) -> list[str]:
    """The lines of a text, each with its end."""
    return text.splitlines(keepends=True)


def changed_lines(before: str, after: str) -> tuple[Line, ...]:
    """What became of a text, line by line, with a little of what stayed around it."""
    old, new = lines(before), lines(after)
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if found:
            found.append(Line(GAP))
        for tag, i, to_i, j, to_j in group:
            if tag == "equal":
                found += [Line(SAME, _shown(old[i + k]), i + k + 1, j + k + 1) for k in range(to_i - i)]
                continue
            found += [Line(OLD, _shown(old[k]), before=k + 1) for k in range(i, to_i)]
            found += [Line(NEW, _shown(new[k]), after=k + 1) for k in range(j, to_j)]
    return tuple(found)


def _shown(line: str) -> str:
    return line.rstrip("\n")


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines ``start`` to ``end`` of the base that were replaced."""

    start: int
    end: int
    lines: tuple[str, ...]


def together(base: str, mine: str, theirs: str) -> str | None:
    """The base with both changes; None where they touch the same or neighbouring lines in different ways."""
    kept = lines(base)
    edits = sorted({*_edits(kept, lines(mine)), *_edits(kept, lines(theirs))}, key=lambda x: (x.start, x.end))
    for one, other in pairwise(edits):
        if other.start <= one.end:
            return None
    found, at = [], 0
    for edit in edits:
        found += [*kept[at : edit.start], *edit.lines]
        at = edit.end
    return "".join([*found, *kept[at:]])


def _edits(base: list[str], text: list[str]) -> Iterator[_Edit]:
    for tag, i, to_i, j, to_j in SequenceMatcher(None, base, text, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Edit(i, to_i, tuple(text[j:to_j]))
