"""The folder that staff write the rules in: read when it rests, and written without losing an edit."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coverage_service.activation import durable
from coverage_service.rulebook.files import PREFIX, Files, read_folder, version_of_all
from coverage_service.rulebook.problems import Problem

REST: Final = 0.1
"""Seconds between two readings that must agree."""
TRIES: Final = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder held at one moment, and what was wrong with the folder itself."""

    files: Files
    problems: tuple[Problem, ...]
    digest: str


def read(folder: Path) -> Reading:
    """One reading; a link to the folder is followed once, so that its switching mixes nothing."""
    files, problems = read_folder(folder.resolve())
    return Reading(files, problems, version_of_all(files))


def read_at_rest(folder: Path) -> Reading:
    """A reading that the next one repeats, so that no half-saved file is taken for a whole one."""
    last = read(folder)
    for _ in range(TRIES):
        time.sleep(REST)
        found = read(folder)
        if found == last:
            return found
        last = found
    message = "the files did not rest for three seconds"
    restless = Problem(
        f"{PREFIX}/", 1, 1, message, "stop writing them, or write them elsewhere and move them"
    )
    return Reading(last.files, (*last.problems, restless), last.digest)


def changed(before: Files, after: Files) -> list[str]:
    """The names of files that differ, in their order."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def edited(base: Files, found: Files, target: Files) -> list[str]:
    """The files that target changes and that somebody has changed in the folder in another way."""
    return [x for x in changed(base, target) if found.get(x) not in (base.get(x), target.get(x))]


@dataclass(slots=True)
class Writing:
    """Files that lie finished beside their places; ``finish`` moves them there, ``forget`` removes them."""

    moves: dict[Path, Path] = field(default_factory=dict)
    removals: list[Path] = field(default_factory=list)

    def finish(self) -> None:
        for place, beside in self.moves.items():
            os.replace(beside, place)
        for place in self.removals:
            place.unlink(missing_ok=True)
        for folder in {place.parent for place in (*self.moves, *self.removals)}:
            durable.sync(folder)

    def forget(self) -> None:
        for beside in self.moves.values():
            with contextlib.suppress(OSError):
                beside.unlink()


def prepare(folder: Path, base: Files, target: Files) -> Writing:
    """Everything that target changes in a folder of base, up to the moving; raises OSError.

    A file that was edited in the folder meanwhile is left as it is.
    """
    root = folder.resolve()
    found, kept = read(root).files, Writing()
    try:
        for name in changed(base, target):
            place = root / name
            if found.get(name) not in (base.get(name), target.get(name)):
                continue
            if name not in target:
                _check_writable(place.parent)
                kept.removals.append(place)
            elif found.get(name) != target[name]:
                place.parent.mkdir(parents=True, exist_ok=True)
                place = place.resolve()
                kept.moves[place] = durable.write_beside(place, target[name])
    except OSError:
        kept.forget()
        raise
    return kept


def _check_writable(folder: Path) -> None:
    if folder.exists() and not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written")
