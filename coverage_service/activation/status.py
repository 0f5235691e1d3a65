"""What is in force, what became of the last change of the rule files, and whether the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from coverage_service.activation import durable, working_copy
from coverage_service.activation.archive import Archive
from coverage_service.activation.records import Activation, Note
from coverage_service.rulebook.problems import Problem

IN_FORCE: Final = "in_force"
REFUSED: Final = "refused"
WAITING: Final = "waiting"
ASIDE: Final = "set_aside"
UNSEEN: Final = "not_yet_read"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the files of a folder: refused with problems, or waiting for `rules activate`.

    ``files``: the hash of all files.  ``failures``: how many candidates were refused so far.
    """

    files: str
    version: str
    outcome: str
    at: str
    problems: tuple[Problem, ...] = ()
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """``folder``: the folder of the rules holds what is in force (in_force), mistakes (refused), a
    change that waits for `rules activate` (waiting), what a rollback set aside (set_aside), or
    something that was not read yet (not_yet_read).  ``verdict`` only speaks of the last three.
    """

    serving: Activation | None
    folder: str
    verdict: Verdict | None
    failures: int = 0

    @property
    def stale(self) -> bool:
        """Whether the rules in force are not those that staff wrote last, because of a mistake."""
        return self.folder == REFUSED


def status(archive: Archive) -> Status:
    """As it stands on the disk, for whoever asks in whatever process."""
    digest = working_copy.read(archive.rules).digest
    return folder_state(archive.serving(), digest, archive.note(), read_verdict(archive))


def folder_state(
    serving: Activation | None, digest: str, note: Note | None, verdict: Verdict | None
) -> Status:
    """What files of a hash are, compared with those in force."""
    failures = verdict.failures if verdict else 0
    if serving is not None and digest == serving.files:
        return Status(serving, IN_FORCE, None, failures)
    if note is not None and digest == note.aside:
        return Status(serving, ASIDE, None, failures)
    if verdict is None or verdict.files != digest or verdict.outcome == IN_FORCE:
        return Status(serving, UNSEEN, None, failures)
    return Status(serving, verdict.outcome, verdict, failures)


def read_verdict(archive: Archive) -> Verdict | None:
    """What whoever watches the folder said last; None when nothing can be read."""
    try:
        said = orjson.loads(_place(archive).read_bytes())
        return Verdict(**{**said, "problems": tuple(Problem(**each) for each in said["problems"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_verdict(archive: Archive, verdict: Verdict) -> None:
    """Let every process know; raises OSError."""
    durable.write(_place(archive), orjson.dumps(asdict(verdict)))


def problem_json(problem: Problem) -> Mapping[str, Any]:
    """A problem for a program; ``file``, ``line`` and ``column`` as `rules check` prints them."""
    return {
        "file": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }


def _place(archive: Archive) -> Path:
    return archive.folder / "candidate.json"
