"""Every rule book that was put in force, in a folder of its own: files, and who, when and why.

    state/versions/<version>-<files>/   the rule files of one rule book, never changed again
    state/activations/00000001.json     one activation; the one of the highest number is in force
    state/activations/00000001.impact.json   what it changed for the estimates
    state/folder.json                   why the folder of the rules says something else
    state/candidate.json                what became of the last change in that folder
    state/lock, watch, start            held by whoever activates, watches the folder, starts

An activation is the creation of one small file, after the files it speaks of are on the disk:
whoever is interrupted at any moment leaves either the rules before or the rules after.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from coverage_service.activation import durable, records
from coverage_service.activation.records import Activation, NotARecord, Note
from coverage_service.rulebook.files import Files, read_folder, version_of_all

WAIT: Final = 30.0
"""Seconds to wait for another activation to end."""


class Damaged(Exception):
    """Kept files that are no longer what they were when they were put in force."""


class NotKept(LookupError):
    """There are no rules of this name in the archive."""


class Archive:
    """The kept rule books of one folder of rules."""

    def __init__(self, folder: Path, rules: Path) -> None:
        """``folder``: the state folder; ``rules``: the folder that staff write in, the working copy."""
        self.folder, self.rules = folder, rules
        self.versions, self.records = folder / "versions", folder / "activations"

    def prepare(self) -> None:
        """Make the folders, see that they can be written, remove what a crash left; raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.locked():
            for part in (self.versions, self.records):
                part.mkdir(exist_ok=True)
                durable.sweep(part)
            durable.write(self.records / "writable", b"")
            durable.sweep(self.rules.resolve())

    def locked(self, wait: float = WAIT) -> AbstractContextManager[None]:
        """Only one activation at a time, in whatever process; raises durable.Busy."""
        return durable.locked(self.folder / "lock", wait)

    def activated(self) -> Iterator[Activation]:
        """Every activation, the newest first; records that cannot be read are left out."""
        for number in sorted(self._numbers(), reverse=True):
            found = self.activation(number)
            if found is not None:
                yield found

    def serving(self) -> Activation | None:
        """The newest activation, whose rules are in force."""
        return next(self.activated(), None)

    def activation(self, number: int) -> Activation | None:
        """One activation; None when there is none or it cannot be read."""
        try:
            found = records.activation(self._record(number).read_bytes())
        except (OSError, NotARecord):
            return None
        return found if found.impact is not None else replace(found, impact=self._impact(number))

    def newest_number(self, known: int = 0) -> int:
        """The highest number given; quick when ``known`` is one of the last."""
        if not known or not self._record(known).exists():
            return max(self._numbers(), default=0)
        while self._record(known + 1).exists():
            known += 1
        return known

    def find(self, name: str) -> Activation:
        """The newest activation of a version, or of a hash of all files; raises NotKept."""
        for found in self.activated():
            if found.named(name):
                return found
        raise NotKept(name)

    def folder_of(self, name: str) -> Path:
        """The folder of the kept files of a version; raises NotKept."""
        return self.versions / self.find(name).id

    def files_of(self, activation: Activation) -> Files:
        """The kept files of an activation, exactly as they were; raises Damaged."""
        files, _ = read_folder(self.versions / activation.id)
        if version_of_all(files) != activation.files:
            raise Damaged(f"the kept files of {activation.version} are damaged")
        return files

    def keep(self, activation: Activation, files: Files) -> None:
        """Bring the files of an activation to the disk, unless they are there."""
        try:
            self.files_of(activation)
        except Damaged:
            durable.write_tree(self.versions / activation.id, files)

    def record(self, activation: Activation) -> None:
        """Put the kept files of an activation in force: from here on they are."""
        durable.write(self._record(activation.number), records.packed(activation))

    def set_impact(self, number: int, impact: Mapping[str, Any]) -> None:
        """Keep what an activation changed for the estimates, which is known after it."""
        durable.write(self.records / f"{number:08d}.impact.json", orjson.dumps(impact))

    def _impact(self, number: int) -> Mapping[str, Any] | None:
        try:
            found = orjson.loads((self.records / f"{number:08d}.impact.json").read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None

    def note(self) -> Note | None:
        """Why the folder of the rules differs; None when nothing is known about it."""
        try:
            return records.note((self.folder / "folder.json").read_bytes())
        except (OSError, NotARecord):
            return None

    def set_note(self, note: Note | None) -> None:
        """Write down, or forget, why the folder of the rules differs."""
        place = self.folder / "folder.json"
        if note is not None:
            durable.write(place, records.packed(note))
        elif place.exists():
            place.unlink()
            durable.sync(self.folder)

    def _record(self, number: int) -> Path:
        return self.records / f"{number:08d}.json"

    def _numbers(self) -> list[int]:
        try:
            names = os.listdir(self.records)
        except OSError:
            return []
        return [int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()]
