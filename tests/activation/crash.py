"""Activations that are killed at a chosen moment, find the disk full, or run against each other.

Run as a program, since it forks: `python -m tests.activation.crash FOLDER FIRST STEP COUNT`.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coverage_service.activation import working_copy
from coverage_service.activation.archive import Archive
from coverage_service.activation.change import Activated, activate, rollback
from coverage_service.activation.running import Running
from coverage_service.activation.status import ASIDE, IN_FORCE, status
from coverage_service.config import Config
from tests.activation.support import files_of, make_dearer, small_rules

WRITES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "tempfile.mkstemp", "fcntl.flock"}
"""Besides opening, the calls before which an activation may be killed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of rules and its archive, ready for an activation."""

    folder: Path

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    @property
    def archive(self) -> Archive:
        return Archive(self.folder / "state", self.rules)

    def copy(self, to: Path) -> Place:
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder, to)
        return Place(to)


def prepared(folder: Path) -> Place:
    """Two kept versions, the dearer one in force."""
    place = Place(folder)
    small_rules(place.rules)
    place.archive.prepare()
    activate(place.archive)
    make_dearer(place.rules)
    assert isinstance(activate(place.archive), Activated)
    return place


def by_folder(place: Place) -> None:
    name = next(iter(sorted(files_of(place.rules))))
    with (place.rules / name).open("ab") as file:
        file.write(b"# one more line\n")
    activate(place.archive)


def by_files(place: Place) -> None:
    files = files_of(place.rules)
    given = {name: data + b"# one more line\n" for name, data in files.items()}
    activate(place.archive, given)


def by_rollback(place: Place) -> None:
    rollback(place.archive, list(place.archive.activated())[-1].version)


WAYS: dict[str, Callable[[Place], None]] = {
    "folder": by_folder,
    "files": by_files,
    "rollback": by_rollback,
}


def in_a_child(act: Callable[[], None]) -> int:
    """Do something in a process of its own; the signal that ended it, else 0."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def killed_at(moment: int, place: Place, way: str) -> bool:
    """Kill an activation before its so-many-th touch of the disk; False when it ended earlier."""

    def act() -> None:
        left = moment

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in WRITES or (event == "open" and str(arguments[0]).startswith(str(place.folder))):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        WAYS[way](place)

    return in_a_child(act) == signal.SIGKILL


def with_a_full_disk(largest: int, place: Place, way: str) -> None:
    """An activation that can write no file longer than so many bytes."""

    def act() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        WAYS[way](place)

    in_a_child(act)


def mistakes(place: Place, allowed: set[str]) -> list[str]:
    """What a start after it finds wrong: the rules in force must be whole and of an allowed version."""
    running = Running(Config(place.rules, state=place.folder / "state"))
    found = []
    if running.sources is None or running.no_history:
        return [f"nothing serves: {running.problems} {running.no_history}"]
    serving = running.now.activation
    assert serving is not None
    assert running.archive is not None
    if running.sources.files not in allowed:
        found.append(f"{running.sources.files} is neither the version before nor the one after")
    if running.archive.newest_number() != serving.number:
        found.append("another activation is the newest")
    if status(running.archive).folder not in (IN_FORCE, ASIDE):
        found.append("the folder of the rules holds neither what is in force nor what was set aside")
    numbers = [each.number for each in running.archive.activated()]
    if numbers != list(range(len(numbers), 0, -1)):
        found.append(f"the numbers {numbers} have a gap")
    left = [str(x) for x in place.folder.rglob("*") if x.name.startswith(".coverage-new-")]
    return found + [f"left behind: {name}" for name in left if "/state/.coverage" not in name]


def moments(folder: Path, first: int, step: int, count: int) -> tuple[int, list[str]]:
    """Kill each way of activating at moments first, first + step, …; how many, and what was wrong."""
    start, wrong, tried = prepared(folder / "start"), [], 0
    before = working_copy.read(start.rules).digest
    for way in WAYS:
        whole = start.copy(folder / "try")
        WAYS[way](whole)
        allowed = {before, working_copy.read(whole.rules).digest}
        assert len(allowed) == 2
        for moment in range(first, 10_000, step):
            place = start.copy(folder / "try")
            if tried >= count or not killed_at(moment, place, way):
                break
            tried += 1
            wrong.extend(f"{way}, moment {moment}: {each}" for each in mistakes(place, allowed))
    return tried, wrong


def full_disks(folder: Path, sizes: tuple[int, ...]) -> list[str]:
    """Every way of activating where no file may be longer than so many bytes."""
    start, wrong = prepared(folder / "start"), []
    before = working_copy.read(start.rules).digest
    for way in WAYS:
        whole = start.copy(folder / "try")
        WAYS[way](whole)
        allowed = {before, working_copy.read(whole.rules).digest}
        for largest in sizes:
            place = start.copy(folder / "try")
            with_a_full_disk(largest, place, way)
            wrong.extend(f"{way}, {largest} bytes: {each}" for each in mistakes(place, allowed))
    return wrong


def rivals(folder: Path, each: int) -> list[str]:
    """Two processes that roll back and forth at the same time; every one of their activations is kept."""
    place = prepared(folder / "start")
    versions = [x.version for x in place.archive.activated()]

    def act() -> None:
        done = 0
        while done < each:
            for version in versions:
                found = rollback(place.archive, version, by=str(os.getpid()))
                done += isinstance(found, Activated) and found.new

    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            act()
            os._exit(0)
        children.append(child)
    ended = [os.waitpid(child, 0)[1] for child in children]
    by = [x.by for x in place.archive.activated()]
    counts = [by.count(str(child)) for child in children]
    wrong = [] if ended == [0, 0] and min(counts) >= each else [f"{ended} {counts}"]
    return wrong + mistakes(place, {x.files for x in place.archive.activated()})


def main(folder: str, what: str, *numbers: str) -> None:
    """Print what was wrong, and exit 1 when something was."""
    given = tuple(int(each) for each in numbers)
    tried, wrong = len(given), []
    if what == "kill":
        tried, wrong = moments(Path(folder), *given)
    elif what == "full":
        wrong = full_disks(Path(folder), given)
    elif what == "rivals":
        wrong = rivals(Path(folder), *given)
    print(f"{tried} tried, {len(wrong)} wrong", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
