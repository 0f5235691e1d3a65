"""Lengths, labels and the room they take, in whole units of the drawing.

A drawing is 360 units wide, about a phone's column, so that a unit is a pixel there.  The
browser's font is not known here: a text is taken as wide as a wide font would set it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

WIDTH = 360
TEXT = 15
"""The size of a text in units on a phone; on wider screens it is smaller (``_charts.scss``)."""
LINE = 19
BAR = 14
_NARROW, _WIDE = frozenset(" .,:;'|!()[]iljtfrI1-"), frozenset("mwMW%@—–…QOG$")


class Label(NamedTuple):
    """A line of text at a place; ``anchor`` is start, middle or end."""

    x: int
    y: int
    text: str
    anchor: str = "start"

    @property
    def span(self) -> tuple[int, int]:
        """From where to where it reaches, with room to spare."""
        wide = text_width(self.text)
        left = {"start": self.x, "middle": self.x - wide // 2, "end": self.x - wide}[self.anchor]
        return left, left + wide


class Bar(NamedTuple):
    """A filled box; ``name`` says which fill."""

    name: str
    x: int
    y: int
    width: int
    height: int = BAR


def slug(text: str) -> str:
    """An id that is safe in a document and in a reference to a fill."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "chart"


def scaled(cents: int, length: int, most: int) -> int:
    """The units of an amount when ``most`` takes up the whole length."""
    return (cents * length * 2 + most) // (2 * most) if most > 0 else 0


def text_width(text: str) -> int:
    """The units that a text needs at most."""
    return -(-sum(map(_TENTHS.__getitem__, text)) * TEXT // 100)


def _tenths(text: str) -> int:
    return sum(map(_TENTHS.__getitem__, text))


class _Tenths(dict[str, int]):
    """The width of a letter, worked out when it is first met."""

    def __missing__(self, letter: str) -> int:
        self[letter] = 45 if letter in _NARROW else 98 if letter in _WIDE or letter.isupper() else 66
        return self[letter]


_TENTHS: Final = _Tenths()


def wrapped(text: str, room: int, most: int = 3) -> tuple[str, ...]:
    """The lines of a text within a room, about equally long; what is too long for it is cut."""
    text = " ".join(text.split())
    if text_width(text) <= room:
        return (text,)
    words = [(word, _tenths(word)) for word in text.split()]
    lines = _lines(words, room)
    if len(lines) > most:
        return (*[" ".join(line) for line in lines[: most - 1]], _cut(" ".join(lines[most - 1]), room))
    # The narrowest room that needs no further line.
    rooms = range(room // len(lines), room + 1)
    even = rooms[bisect_left(rooms, -len(lines), key=lambda each: -len(_lines(words, each)))]
    return tuple([" ".join(line) for line in _lines(words, even)])


def _lines(words: Sequence[tuple[str, int]], room: int) -> list[list[str]]:
    lines: list[list[str]] = []
    most, blank = room * 100 // TEXT, _TENTHS[" "]
    used = most
    for word, wide in _fitted(words, room, most):
        used += blank + wide
        if used > most:
            lines.append([word])
            used = wide
        else:
            lines[-1].append(word)
    return lines


def _fitted(words: Sequence[tuple[str, int]], room: int, most: int) -> Sequence[tuple[str, int]]:
    """The words, those that are too long for the room in pieces."""
    if max([wide for _word, wide in words]) <= most:
        return words
    fitted: list[tuple[str, int]] = []
    for word, wide in words:
        fitted += [(word, wide)] if wide <= most else [(each, _tenths(each)) for each in _pieces(word, room)]
    return fitted


def _pieces(word: str, room: int) -> Iterable[str]:
    while text_width(word) > room and len(word) > 1:
        end = next(i for i in range(len(word), 0, -1) if text_width(word[:i]) <= room or i == 1)
        yield word[:end]
        word = word[end:]
    yield word


def _cut(line: str, room: int) -> str:
    while line and text_width(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def centred(x: int, y: int, text: str, low: int = 0, high: int = WIDTH) -> Label:
    """A label in the middle over a place, moved in from the edges."""
    half = text_width(text) // 2
    if x - half < low:
        return Label(low, y, text)
    if x + half > high:
        return Label(high, y, text, "end")
    return Label(x, y, text, "middle")


def apart(one: Label, other: Label, gap: int = 8) -> bool:
    """Whether two labels of a line leave a gap between them."""
    (left, end), (start, right) = one.span, other.span
    return end + gap <= start or right + gap <= left


def fitting(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Those labels of a line that leave a gap between them, the first ones first."""
    kept: list[Label] = []
    for label in labels:
        if all(apart(label, each) for each in kept):
            kept.append(label)
    return tuple(kept)
