"""The plain tree under every schema: text, lists and mappings that know their place.

Every scalar is text: typing is the schema's work, so that ``02`` stays a place of service
and ``NO`` stays text.  The same three kinds are made from YAML (``parse``) and from the
JSON of a request (``inline.tree``).
"""

from __future__ import annotations

from typing import Protocol


class Mark(Protocol):
    """Where a YAML node begins; both count from 0, as libyaml gives them."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


At = Mark | str
"""A mark in a file, or the JSON pointer of a value in a request."""


class Text:
    """A scalar.  ``quoted`` is false for a bare YAML scalar, which codes may not be."""

    __slots__ = ("at", "quoted", "value")

    def __init__(self, value: str, at: At, quoted: bool = True) -> None:
        self.value = value
        self.at = at
        self.quoted = quoted


class Number(Text):
    """A JSON integer: allowed where a count is meant, refused everywhere else."""

    __slots__ = ()


class Many:
    """A list."""

    __slots__ = ("at", "items")

    def __init__(self, items: list[Node], at: At) -> None:
        self.items = items
        self.at = at


class Fields:
    """A mapping: each key's text leads to the key (with its place) and its value."""

    __slots__ = ("at", "entries")

    def __init__(self, entries: dict[str, tuple[Text, Node]], at: At) -> None:
        self.entries = entries
        self.at = at

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        found = self.entries.get(key)
        return found[1] if found else None

    def place(self, *path: str) -> At:
        """Where the key at the end of a path stands, as deep as it can be followed."""
        found = self.entries.get(path[0]) if path else None
        if found is None:
            return self.at
        key, value = found
        if isinstance(value, Fields) and path[1:2] and path[1] in value.entries:
            return value.place(*path[1:])
        return key.at


Node = Text | Many | Fields


def place_of(path: str, at: At) -> str:
    """``file:line`` in a file; the JSON pointer in a request."""
    return at if isinstance(at, str) else f"{path}:{at.line + 1}"
