"""Drafts: what each person would change in the rule files, kept on the server until it is put in force.

A person has one draft.  Each of its files remembers the text in force that it was made from, so that
two people's changes of one file are told apart and none is lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from coverage_service.rulebook.files import Files
from coverage_service.workbench.comparing import together

LARGEST_FILE: Final = 512 * 1024
"""Bytes of a file in a draft."""
MOST_FILES: Final = 40
"""Files of a draft."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file of a draft.  ``base`` None: it is new; ``text`` None: it is to be removed."""

    name: str
    base: str | None
    text: str | None
    saved: float


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a person would change."""

    author: str
    changes: Mapping[str, Change]

    @property
    def revision(self) -> str:
        """Changes whenever the draft does: what was looked at is what is put in force."""
        total = sha256()
        for name, change in sorted(self.changes.items()):
            total.update(f"{name}\0{digest(change.base)}\0{digest(change.text)}\n".encode())
        return total.hexdigest()[:24]

    @property
    def saved(self) -> float:
        """When it was last changed."""
        return max((each.saved for each in self.changes.values()), default=0.0)

    def over(self, files: Files) -> Files:
        """These files with the changes of the draft."""
        found = {name: data for name, data in files.items() if name not in self.changes}
        return found | {
            each.name: each.text.encode() for each in self.changes.values() if each.text is not None
        }

    def overtaken(self, files: Files) -> tuple[str, ...]:
        """The files that somebody else changed since the draft was made from them."""
        return tuple(name for name, each in self.changes.items() if each.base != text_of(files, name))

    def text(self, files: Files, name: str) -> str | None:
        """What the file says in this draft; None when there is none."""
        return self.changes[name].text if name in self.changes else text_of(files, name)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before them: the digest of the file in the draft, and of the one in force."""

    draft: str
    in_force: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was faster.  ``merged``: both changes together, where they do not touch.

    ``base``: what both began from, as far as it is known.  ``seen``: what a person has before them who
    is shown the conflict.
    """

    name: str
    base: str | None
    mine: str | None
    theirs: str | None
    seen: Seen

    @property
    def merged(self) -> str | None:
        if self.base is None or self.mine is None or self.theirs is None:
            return None
        return together(self.base, self.mine, self.theirs)


class TooMuch(ValueError):
    """A draft that would hold too many files."""


def digest(text: str | None) -> str:
    """A short name for a text; that of no text is empty."""
    return "" if text is None else sha256(text.encode()).hexdigest()[:24]


def text_of(files: Files, name: str) -> str | None:
    """The text of a rule file; bytes that are no UTF-8 are shown as signs that no rule file may hold."""
    return files[name].decode("utf-8", "replace") if name in files else None


def draft_of(connection: sqlite3.Connection, author: str) -> Draft:
    """The draft of a person, empty when there is none."""
    rows = connection.execute(
        "SELECT name, base, text, saved FROM change WHERE author = ? ORDER BY name", (author,)
    )
    return Draft(author, {row[0]: Change(*row) for row in rows})


def drafts(connection: sqlite3.Connection) -> tuple[Draft, ...]:
    """Every draft, the last changed first."""
    authors = [row[0] for row in connection.execute("SELECT DISTINCT author FROM change")]
    return tuple(sorted((draft_of(connection, each) for each in authors), key=lambda x: -x.saved))


def conflict(
    draft: Draft, files: Files, name: str, mine: str | None, seen: Seen, base: str | None
) -> Conflict | None:
    """Whether somebody was faster: another page of the same person, or somebody whose rules are in force.

    ``base``: the text that was in force when the person began, as far as it is known.
    """
    present, in_force = draft.text(files, name), text_of(files, name)
    kept = draft.changes.get(name)
    base = kept.base if kept else base
    if digest(present) not in (seen.draft, digest(mine)):
        after = seen.in_force if kept else digest(in_force)
        return Conflict(name, base, mine, present, Seen(digest(present), after))
    if digest(in_force) not in (seen.in_force, digest(mine)):
        return Conflict(name, base, mine, in_force, Seen(digest(present), digest(in_force)))
    return None


def seen_by(draft: Draft, files: Files, name: str) -> Seen:
    """What a person has before them who opens a file."""
    kept = draft.changes.get(name)
    return Seen(digest(draft.text(files, name)), digest(kept.base if kept else text_of(files, name)))


def save(
    connection: sqlite3.Connection, draft: Draft, files: Files, name: str, text: str | None, now: float
) -> None:
    """Keep a file in a draft, made from what is in force now; raises TooMuch."""
    in_force = text_of(files, name)
    if name not in draft.changes and len(draft.changes) >= MOST_FILES:
        raise TooMuch
    if text == in_force:
        drop(connection, draft.author, name)
    else:
        connection.execute(
            "INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?, ?)", (draft.author, name, in_force, text, now)
        )


def drop(connection: sqlite3.Connection, author: str, name: str | None = None) -> None:
    """Forget a file of a draft, or all of it."""
    if name is None:
        connection.execute("DELETE FROM change WHERE author = ?", (author,))
    else:
        connection.execute("DELETE FROM change WHERE author = ? AND name = ?", (author, name))
