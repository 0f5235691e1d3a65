"""Who may sign in: names with the hashes of their passwords, in one file that ``staff add`` writes."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
SHORTEST, LONGEST = 12, 200
"""How many characters a password has."""
HASHER: Final = PasswordHasher()
WAITING: Final = 3
"""How many passwords may wait to be tried: each takes 64 MiB and a fifth of a second."""
HEAD: Final = (
    "# Who may sign in to the workbench, with argon2 hashes; `coverage-service staff add NAME` writes it.\n"
)


class StaffError(ValueError):
    """A staff file, name or password that cannot be used; the message says what to do."""


class Busy(Exception):
    """Too many passwords are being tried at this moment."""


def read_staff(path: Path) -> Mapping[str, str]:
    """Each name with the hash of its password; raises StaffError."""
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise StaffError(f"{path.name}: cannot be read; run `coverage-service staff add NAME`.") from error
    entries = found or {}
    if not isinstance(entries, dict) or not all(isinstance(each, str) for each in entries.values()):
        raise StaffError(f"{path.name}: write one `name: hash` a line, as `staff add NAME` does.")
    for name, hash in entries.items():
        if not NAME.fullmatch(name) or not hash.startswith("$argon2id$"):
            raise StaffError(f"{path.name}: {name[:40]!r} is not usable; use `staff add NAME`.")
    return entries


def write_staff(path: Path, entries: Mapping[str, str]) -> None:
    """Put the file in its place, whole, readable by its owner alone."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".staff-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(HEAD + yaml.safe_dump(dict(sorted(entries.items())), width=500))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def added(entries: Mapping[str, str], name: str, password: str) -> Mapping[str, str]:
    """The entries with this person's password, new or changed; raises StaffError."""
    if not NAME.fullmatch(name):
        raise StaffError("A name is 1 to 40 small letters, digits, dots or hyphens, such as 'kim.lee'.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise StaffError(f"A password has {SHORTEST} to {LONGEST} characters; several words are good.")
    return {**entries, name: HASHER.hash(password)}


_ROOM = threading.BoundedSemaphore(WAITING)
_TURN = threading.Lock()


def verified(entries: Mapping[str, str], name: str, password: str) -> bool:
    """Whether the password is this person's; as slow for a name that nobody has.  Raises Busy."""
    if not _ROOM.acquire(blocking=False):
        raise Busy
    try:
        with _TURN:
            return _matches(entries.get(name) or _nobody(), password[: LONGEST + 1])
    finally:
        _ROOM.release()


def _matches(hash: str, password: str) -> bool:
    try:
        return HASHER.verify(hash, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password has."""
    return HASHER.hash(secrets.token_hex(32))


def prepare() -> None:
    """Make what the first sign-in of an unknown name would otherwise be slower for."""
    _nobody()
