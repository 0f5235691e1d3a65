"""What a running process answers from: one whole rule book at a time, put in place by one assignment.

With a state folder, processes agree through it: one of them watches the folder of the rules and
activates, all of them follow the newest activation.  Without one, each reads the folder by itself.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, replace
from typing import Final

from coverage_service.activation import durable, working_copy
from coverage_service.activation.archive import Archive
from coverage_service.activation.books import Books
from coverage_service.activation.candidate import examine
from coverage_service.activation.change import Activated, Entry, activate_folder, finish_writing
from coverage_service.activation.opening import open_archive
from coverage_service.activation.records import FOLDER, START, Activation, now
from coverage_service.activation.status import (
    IN_FORCE,
    REFUSED,
    WAITING,
    Status,
    Verdict,
    folder_state,
    read_verdict,
    write_verdict,
)
from coverage_service.activation.weighing import weigh
from coverage_service.config import MANUAL, Config
from coverage_service.rulebook.files import version_of_book
from coverage_service.rulebook.problems import Problem
from coverage_service.sources import Sources

NOTHING: Final = ("", "")
STARTING: Final = 120.0
"""Seconds to wait while another process starts on the same rules."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule book, its activation and its warnings; all empty when there is none."""

    sources: Sources | None = None
    activation: Activation | None = None
    warnings: tuple[Problem, ...] = ()


class Running:
    """The rules of one process.  ``now`` is replaced as a whole and never changed."""

    def __init__(self, config: Config) -> None:
        self.rules, self.mode = config.rules, config.activation
        opened = open_archive(config)
        self.archive, self.no_history = opened.archive, opened.reason
        self.books = Books(opened.archive) if opened.archive else None
        self.now = InForce()
        self.verdict = read_verdict(opened.archive) if opened.archive else None
        self._judged: tuple[str, str] = NOTHING
        self._swapping = threading.Lock()
        self._start()

    @property
    def sources(self) -> Sources | None:
        """The facts in force; whoever answers takes them once."""
        return self.now.sources

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The warnings of what is in force, or what keeps anything from being in force."""
        if self.now.sources is not None or self.verdict is None:
            return self.now.warnings
        return self.verdict.problems

    def of_version(self, name: str) -> Sources | None:
        """The facts of a kept version, or of a hash of all files; None when there are none."""
        sources = self.sources
        if sources is not None and name in (sources.version, sources.files):
            return sources
        found = self.books.find(name) if self.books else None
        return self.books.held(found).sources if self.books and found else None

    def status(self) -> Status:
        """As this process sees it; what became of the folder is what its watcher said last."""
        verdict = (read_verdict(self.archive) if self.archive else None) or self.verdict
        serving = self.now.activation
        note = self.archive.note() if self.archive else None
        return folder_state(serving, verdict.files if verdict else "", note, verdict)

    def follow(self) -> bool:
        """Take up the newest activation; True when there was another one."""
        if self.books is None:
            return False
        with self._swapping:
            if not self.books.catch_up():
                return False
            newest = self.books.newest()
            if newest is None:
                return False
            activation, found = newest
            self._swap(found.sources, activation, found.problems)
            return True

    def _swap(self, sources: Sources | None, activation: Activation, warnings: tuple[Problem, ...]) -> None:
        if sources is None:
            return
        named = self.books.versions() if self.books else ()
        older = tuple(version for version in named if version != sources.version)
        self.now = InForce(replace(sources, older=older), activation, warnings)

    def consider(self, how: str = FOLDER) -> bool:
        """Judge what the folder of the rules holds; False when it has to be looked at again."""
        lost = self._state_was_lost()
        found = working_copy.read_at_rest(self.rules)
        serving, note = self.now.activation, self.archive.note() if self.archive else None
        served = serving.files if serving else ""
        same = found.digest == served and not lost
        if (same and not (note and note.base)) or (note is not None and note.aside == found.digest):
            self._judge(found, IN_FORCE)
            return True
        if self._judged == (found.digest, served) and not lost:
            return True
        if self.archive is None:
            return self._take(found)
        if self.mode == MANUAL and serving is not None:
            candidate = examine(found.files, found.problems)
            self._judge(found, WAITING if candidate.sources else REFUSED, candidate.problems)
            return True
        return self._activate(self.archive, found, how)

    def _activate(self, archive: Archive, found: working_copy.Reading, how: str) -> bool:
        result = activate_folder(archive, found, Entry(how=how))
        if isinstance(result, Activated):
            self.follow()
            self._take_up(result.activation)
            self._judge(found, IN_FORCE)
            if result.new:
                weigh(archive, result.activation)
            return True
        self._judge(found, REFUSED, result.problems)
        if result.passing:
            self._judged = NOTHING
        return not result.passing

    def _take_up(self, activation: Activation) -> None:
        """Serve an activation whose kept files were damaged and are whole again: no record tells of it."""
        serving = self.now.activation
        if self.books is not None and serving is not None and serving.number < activation.number:
            found = self.books.held(activation)
            with self._swapping:
                self._swap(found.sources, activation, found.problems)

    def _state_was_lost(self) -> bool:
        """Whether somebody has removed the state folder, or a part of it, which is then begun anew."""
        if self.archive is None or self.now.activation is None:
            return False
        if self.archive.newest_number() > 0 and self.archive.versions.is_dir():
            return False
        with contextlib.suppress(OSError):
            self.archive.prepare()
        return True

    def _take(self, found: working_copy.Reading) -> bool:
        """Put the folder in force for this process alone, where nothing is kept."""
        candidate = examine(found.files, found.problems)
        if candidate.sources is None:
            self._judge(found, REFUSED, candidate.problems)
        else:
            unkept = Activation(0, candidate.version, candidate.digest, now(), how=FOLDER)
            self._swap(candidate.sources, unkept, candidate.problems)
            self._judge(found, IN_FORCE)
        return True

    def _judge(self, found: working_copy.Reading, outcome: str, problems: tuple[Problem, ...] = ()) -> None:
        """Say what became of the files of the folder, to every process; the same is said once."""
        serving = self.now.activation
        self._judged = found.digest, serving.files if serving else ""
        last = self.verdict
        if last is not None and (last.files, last.outcome, last.problems) == (
            found.digest,
            outcome,
            problems,
        ):
            return
        failures = (last.failures if last else 0) + (outcome == REFUSED)
        version = version_of_book(found.files)
        self.verdict = Verdict(found.digest, version, outcome, now(), problems, failures)
        if self.archive is not None:
            with contextlib.suppress(OSError):
                write_verdict(self.archive, self.verdict)

    def _start(self) -> None:
        """What serves at once: what was in force last, then the folder if it may be."""
        if self.archive is not None:
            with contextlib.suppress(OSError), durable.locked(self.archive.folder / "start", STARTING):
                with self.archive.locked():
                    finish_writing(self.archive)
                self.follow()
                if self.sources is None or self.mode != MANUAL:
                    self.consider(START)
        if self.sources is None and self._judged == NOTHING:
            self._take(working_copy.read(self.rules))
