"""What the workbench keeps: sessions, failed sign-ins and drafts, in one SQLite file of the state folder."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TABLES: Final = """
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL,
    began REAL NOT NULL, seen REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS failure (who TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS failure_who ON failure (who, at);
CREATE TABLE IF NOT EXISTS change (
    author TEXT NOT NULL, name TEXT NOT NULL, base TEXT, text TEXT, saved REAL NOT NULL,
    PRIMARY KEY (author, name)
);
"""
WAIT: Final = 5.0
"""Seconds to wait for another writer."""


class Lost(Exception):
    """The file is gone or holds nothing: somebody removed the state folder under a running service."""


def prepare(path: Path) -> None:
    """Make the file, readable by its owner alone, and its tables; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=WAIT)
    try:
        connection.executescript(TABLES)
    finally:
        connection.close()


@contextlib.contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """One change of the file, whole or not at all; nobody else writes meanwhile.  Raises Lost."""
    with opened(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, for a look or for one statement; raises Lost."""
    # SQLite would make a missing file, and it would be empty.
    if not path.exists() or not path.stat().st_size:
        raise Lost
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()
