"""The two threads of a running process: one follows activations, one watches the folder of the rules."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
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

Times = tuple[tuple[str, int, int, int], ...]


def attend(running: Running) -> None:
    """Keep a process at the newest rules until it ends, also after it has forked."""
    if running.mode == AT_START:
        return
    _begin(running)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _begin(running))


def _begin(running: Running) -> None:
    stop = threading.Event()
    for target in (_follow, _watch):
        threading.Thread(target=target, args=(running, stop), name=target.__name__, daemon=True).start()


def _follow(running: Running, stop: threading.Event) -> None:
    while not stop.wait(FOLLOW):
        _safely(running.follow)


def _watch(running: Running, stop: threading.Event) -> None:
    """Look after the folder, in one process at a time where several share an archive."""
    while not stop.is_set():
        with contextlib.suppress(OSError), _alone(running):
            _look_after(running, stop)
        stop.wait(TICK)


def _alone(running: Running) -> contextlib.AbstractContextManager[None]:
    if running.archive is None:
        return contextlib.nullcontext()
    return durable.locked(running.archive.folder / "watch", 0)


def _look_after(running: Running, stop: threading.Event) -> None:
    seen: Times | None = None
    next_look = 0.0
    for touched in _ticks(running.rules, stop):
        began = time.monotonic()
        if not touched and began < next_look:
            continue
        found = times(running.rules)
        ended = time.monotonic()
        next_look = ended + max(TICK / 2, SHARE * (ended - began))
        if found != seen:
            done = _safely(running.consider)
            seen = found if done else None
            next_look = next_look if done else ended + AGAIN


def _ticks(folder: Path, stop: threading.Event) -> Iterator[bool]:
    """True after a change that the system told of, False after a second without one.

    Where the system cannot watch a folder, or the folder is gone or switched, seconds alone remain.
    """
    yield True
    while not stop.is_set():
        place = folder.resolve()
        with contextlib.suppress(OSError, RuntimeError):
            for changes in watchfiles.watch(
                place,
                watch_filter=None,
                debounce=200,
                step=50,
                stop_event=stop,
                rust_timeout=int(TICK * 1000),
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                yield bool(changes)
                if folder.resolve() != place or not place.is_dir():
                    break
        yield False
        stop.wait(TICK)


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


def _safely(act: Callable[[], bool]) -> bool:
    """Whatever goes wrong, the rules in force go on serving; told by its type alone."""
    try:
        return act()
    except Exception as error:
        LOG.error("unexpected %s while rules were looked at", type(error).__name__)
        return False
