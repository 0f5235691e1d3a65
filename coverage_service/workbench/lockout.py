"""Failed sign-ins are counted by name and by address; too many close the door for a while.

A name that nobody has is counted like any other, so that the door tells nothing about names.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import Final

WINDOW: Final = 15 * 60
"""Seconds for which a failure counts."""
BY_NAME, BY_ADDRESS = 5, 30
"""Failures in a window after which nobody signs in under the name, or from the address."""
MOST: Final = 20_000
"""Failures that are kept at all; the oldest go."""


def locked(connection: sqlite3.Connection, name: str, address: str, now: float) -> bool:
    """Whether no further password is tried for this name or from this address."""
    return (
        _failures(connection, _name(name), now) >= BY_NAME
        or _failures(connection, _address(address), now) >= BY_ADDRESS
    )


def failed(connection: sqlite3.Connection, name: str, address: str, now: float) -> None:
    """Count a failure."""
    connection.execute("DELETE FROM failure WHERE at < ?", (now - WINDOW,))
    connection.executemany(
        "INSERT INTO failure VALUES (?, ?)", [(_name(name), now), (_address(address), now)]
    )
    connection.execute(
        "DELETE FROM failure WHERE rowid NOT IN (SELECT rowid FROM failure ORDER BY at DESC LIMIT ?)", (MOST,)
    )


def forgiven(connection: sqlite3.Connection, name: str) -> None:
    """Forget the failures of a name after its right password."""
    connection.execute("DELETE FROM failure WHERE who = ?", (_name(name),))


def _failures(connection: sqlite3.Connection, who: str, now: float) -> int:
    found: int = connection.execute(
        "SELECT count(*) FROM failure WHERE who = ? AND at >= ?", (who, now - WINDOW)
    ).fetchone()[0]
    return found


def _name(name: str) -> str:
    return sha256(f"name {name}".encode()).hexdigest()


def _address(address: str) -> str:
    return sha256(f"address {address}".encode()).hexdigest()
