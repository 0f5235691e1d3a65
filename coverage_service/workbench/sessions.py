"""Sessions of signed-in staff, kept on the server, so that signing out ends them everywhere.

Only a hash of each token is kept: whoever reads the file cannot sign in with it.  A session also
holds a hash of the password's own hash; it ends when the password changes or the person is removed.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

IDLE: Final = 30 * 60
WHOLE: Final = 8 * 60 * 60
"""Seconds after which a session ends: unused, and in any case."""
MOST: Final = 10
"""Sessions of one person; the oldest goes."""
NOTED_EVERY: Final = 60
"""Seconds between two notes that a session is in use."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person and the token in the cookie."""

    name: str
    token: str

    @property
    def csrf(self) -> str:
        """What a form of this session carries; it cannot be made without the token."""
        return hmac.new(self.token.encode(), b"form", sha256).hexdigest()

    def owns(self, csrf: str) -> bool:
        """Whether a form is of this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


def begin(connection: sqlite3.Connection, name: str, staff: Mapping[str, str], now: float) -> Session:
    """A new session; what has ended is cleared away."""
    token = secrets.token_urlsafe(32)
    connection.execute("DELETE FROM session WHERE seen < ? OR began < ?", (now - IDLE, now - WHOLE))
    connection.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?, ?)", (_hash(token), name, _hash(staff[name]), now, now)
    )
    connection.execute(
        "DELETE FROM session WHERE name = ? AND token NOT IN "
        "(SELECT token FROM session WHERE name = ? ORDER BY began DESC, rowid DESC LIMIT ?)",
        (name, name, MOST),
    )
    return Session(name, token)


def find(connection: sqlite3.Connection, token: str, staff: Mapping[str, str], now: float) -> Session | None:
    """The session of a token, while it lasts."""
    row = connection.execute(
        "SELECT name, password, began, seen FROM session WHERE token = ?", (_hash(token),)
    ).fetchone()
    if row is None:
        return None
    name, password, began, seen = row
    if now - seen > IDLE or now - began > WHOLE or name not in staff or password != _hash(staff[name]):
        return None
    if now - seen > NOTED_EVERY:
        connection.execute("UPDATE session SET seen = ? WHERE token = ?", (now, _hash(token)))
    return Session(name, token)


def end(connection: sqlite3.Connection, token: str) -> None:
    """End the session of a token."""
    connection.execute("DELETE FROM session WHERE token = ?", (_hash(token),))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
