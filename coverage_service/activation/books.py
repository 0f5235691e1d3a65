"""The kept rule books in the memory of a process: an index of all of them, the facts of a few."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from coverage_service.activation.archive import Archive, Damaged
from coverage_service.activation.records import Activation
from coverage_service.sources import Current, current

MOST_HELD: Final = 8
"""Rule books that are held in memory."""
MOST_NAMED: Final = 20
"""Versions that an answer lists."""


class Books:
    """The rule books of an archive, by the names that somebody may give them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._known = 0
        self._kept: dict[str, Activation] = {}
        self._held: OrderedDict[str, Current] = OrderedDict()
        self._lock = threading.Lock()

    def catch_up(self) -> bool:
        """Read the records that were added; True when there are some."""
        newest = self.archive.newest_number(self._known)
        if newest == self._known:
            return False
        # A lower number is a state folder that was begun anew.
        first = self._known + 1 if newest > self._known else 1
        kept = dict(self._kept)
        for number in range(first, newest + 1):
            found = self.archive.activation(number)
            if found is not None:
                kept.pop(found.id, None)
                kept[found.id] = found
        self._kept, self._known = kept, newest
        return first <= newest

    def newest(self) -> tuple[Activation, Current] | None:
        """The newest activation whose files are whole and can be read by this program."""
        for each in reversed(self._kept.values()):
            found = self.held(each)
            if found.sources is not None:
                return each, found
        return None

    def find(self, name: str) -> Activation | None:
        """The newest activation that somebody may mean."""
        return next((each for each in reversed(self._kept.values()) if each.named(name)), None)

    def versions(self) -> tuple[str, ...]:
        """The versions that may be named, those put in force last first."""
        return tuple(dict.fromkeys(each.version for each in reversed(self._kept.values())))[:MOST_NAMED]

    def held(self, activation: Activation) -> Current:
        """What the kept files give, from memory or from the disk; no sources when they are damaged."""
        with self._lock:
            found = self._held.pop(activation.files, None)
            if found is None:
                try:
                    found = current(self.archive.files_of(activation))
                except (Damaged, OSError):
                    return Current(None)
            self._held[activation.files] = found
            if len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
            return found
