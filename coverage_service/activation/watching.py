"""The two threads of a running process: one follows activations, one watches the folder of the rules."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import watchfiles

from coverage_service.activation import durable
from coverage_service.activation.running import Running
from coverage_service.config import AT_START

LOG: Final = logging.getLogger(__name__)
FOLLOW: Final = 0.1
"""Seconds between two looks at the newest activation; each costs two questions to the file system."""
TICK: Final = 1.0
AGAIN: Final = 10.0
"""Seconds until files that could not be taken for another reason than themselves are tried again."""
SHARE: Final = 50
"""Looking at the times of all files takes at most one part in so many of the time."""

Theirs = weakref.ref[Running]
Times = tuple[tuple[str, int, int, int], ...]


def attend(running: Running) -> None:
    """Keep a process at the newest rules until it ends, also after it has forked."""
    if running.mode == AT_START:
        return
    # The threads end with what they look after, so that nobody has to stop them.
    theirs = weakref.ref(running)
    _begin(theirs)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _begin(theirs))


def _begin(theirs: Theirs) -> None:
    for target in (_follow, _watch):
        threading.Thread(target=target, args=(theirs,), name=target.__name__, daemon=True).start()


def _follow(theirs: Theirs) -> None:
    while _safely(theirs, Running.follow) is not None:
        time.sleep(FOLLOW)


def _watch(theirs: Theirs) -> None:
    """Look after the folder, in one process at a time where several share an archive."""
    while (running := theirs()) is not None:
        folder, alone = running.rules, _alone(running)
        del running
        with contextlib.suppress(OSError), alone:
            _look_after(theirs, folder)
        time.sleep(TICK)


def _alone(running: Running) -> contextlib.AbstractContextManager[None]:
    if running.archive is None:
        return contextlib.nullcontext()
    return durable.locked(running.archive.folder / "watch", 0)


def _look_after(theirs: Theirs, folder: Path) -> None:
    seen: Times | None = None
    next_look = 0.0
    for touched in _ticks(folder):
        if theirs() is None:
            return
        began = time.monotonic()
        if not touched and began < next_look:
            continue
        found = times(folder)
        ended = time.monotonic()
        next_look = ended + max(TICK / 2, SHARE * (ended - began))
        if found != seen:
            done = _safely(theirs, Running.consider)
            seen = found if done else None
            next_look = next_look if done else ended + AGAIN


def _ticks(folder: Path) -> Iterator[bool]:
    """True after a change that the system told of and when it begins to tell, False after a second without.

    Where the system cannot watch a folder, or the folder is gone or switched, seconds alone remain.
    """
    yield True
    while True:
        place = folder.resolve()
        told = False
        with contextlib.suppress(OSError, RuntimeError):
            for changes in watchfiles.watch(
                place,
                watch_filter=None,
                debounce=200,
                step=50,
                rust_timeout=int(TICK * 1000),
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                # Nobody told of what was saved before this watch began.
                yield bool(changes) or not told
                told = True
                if folder.resolve() != place or not place.is_dir():
                    break
        yield False
        time.sleep(TICK)


def times(folder: Path) -> Times:
    """The name, size, time and inode of every file, which change when somebody saves one."""
    found = []
    root = folder.resolve()
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                path = os.path.join(place, name)
                with contextlib.suppress(OSError):
                    stat = os.stat(path)
                    found.append((path, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return tuple(sorted(found))


def _safely(theirs: Theirs, act: Callable[[Running], bool]) -> bool | None:
    """None when nobody needs it any more.

    Whatever goes wrong, the rules in force go on serving; it is told by its type alone.
    """
    running = theirs()
    if running is None:
        return None
    try:
        return act(running)
    except Exception as error:
        LOG.error("unexpected %s while rules were looked at", type(error).__name__)
        return False
