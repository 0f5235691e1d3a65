"""Files that are whole or not there: written beside their place, brought to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from coverage_service.rulebook.files import Files

try:
    import fcntl
except ImportError:  # a system without it keeps no history
    fcntl = None  # type: ignore[assignment]

BESIDE: Final = ".coverage-new-"
"""What unfinished files begin with; no rule file does, and whoever finds one may remove it."""
PAUSE: Final = 0.02


class Busy(OSError):
    """Somebody else holds a lock for longer than was waited."""


def write(place: Path, data: bytes) -> None:
    """Put a file in its place, whole."""
    beside = write_beside(place, data)
    try:
        os.replace(beside, place)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync(place.parent)


def write_beside(place: Path, data: bytes) -> Path:
    """The finished file beside its place, with the rights of the one it will replace."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=BESIDE)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if place.exists():
            os.chmod(name, place.stat().st_mode & 0o777)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return Path(name)


def write_tree(place: Path, files: Files) -> None:
    """Put a folder of files in its place, whole; what stood there goes."""
    beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=BESIDE))
    try:
        for name, data in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for folder, _, _ in os.walk(beside):
            sync(Path(folder))
        if place.exists() or place.is_symlink():
            os.rename(place, f"{beside}-old")
        os.rename(beside, place)
        sync(place.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(f"{beside}-old", ignore_errors=True)


def sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what a crash left unfinished in a folder that nobody writes to just now."""
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            if name.startswith(BESIDE):
                left = Path(place, name)
                with contextlib.suppress(OSError):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextlib.contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock of a file, which ends with the process at the latest.

    Raises Busy after ``wait`` seconds, OSError where there can be no lock.
    """
    if fcntl is None:
        raise OSError("this system has no file locks")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + wait
        while not _taken(handle):
            if time.monotonic() >= until:
                raise Busy(f"{path.name} is held by somebody else")
            time.sleep(PAUSE)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
