"""Put rules in force, and older ones back: one at a time, whole, with who, when and why.

    found = activate(archive, files, by="Kim", why="Letter of 3 March", base=archive.serving().files)
    if isinstance(found, Refused): ...  # found.problems say where and what to write

Every function here may be called from any process; the running service follows within a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coverage_service.activation import working_copy
from coverage_service.activation.archive import Archive, Damaged, NotKept
from coverage_service.activation.candidate import Candidate, examine
from coverage_service.activation.durable import Busy
from coverage_service.activation.records import COMMAND, ROLLBACK, Activation, Note, now
from coverage_service.rulebook.files import Files
from coverage_service.rulebook.problems import Problem
from coverage_service.sources import Sources

SAME: Final = "same"
WRITTEN: Final = "written"
ASIDE: Final = "set_aside"
DIFFERS: Final = "differs"


@dataclass(frozen=True, slots=True)
class Activated:
    """Rules that are in force now.

    ``folder``: the folder of the rules holds them (same), was made to (written), holds something that
    is set aside until it changes (set_aside), or other edits beside them, a candidate (differs).
    ``new`` is False when they were in force before.
    """

    activation: Activation
    sources: Sources
    folder: str = SAME
    new: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; every problem says where it is and what to do.

    ``passing``: the same files may be taken later, since it was not they that stood in the way.
    """

    problems: tuple[Problem, ...]
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down beside the rules; the fields are those of ``Activation``."""

    by: str = ""
    why: str = ""
    how: str = COMMAND
    impact: Mapping[str, Any] | None = None


def activate(
    archive: Archive,
    files: Files | None = None,
    by: str = "",
    why: str = "",
    base: str | None = None,
    *,
    how: str = COMMAND,
    impact: Mapping[str, Any] | None = None,
) -> Activated | Refused:
    """Put files in force, or without any those of the folder of the rules.

    ``base``: the hash of all files (``Activation.files``) that the given ones were made from; when
    others are in force meanwhile, or the folder holds another edit of the same file, it is refused.
    """
    entry = Entry(by, why, how, impact)
    if files is None:
        return activate_folder(archive, working_copy.read_at_rest(archive.rules), entry)
    candidate = examine(files)
    if candidate.sources is None:
        return Refused(candidate.problems)
    try:
        with archive.locked():
            finish_writing(archive)
            return _activate(archive, candidate, True, base, entry)
    except OSError as error:
        return _unwritable(error)


def activate_folder(archive: Archive, seen: working_copy.Reading, entry: Entry) -> Activated | Refused:
    """Put in force what was read in the folder of the rules, if it is still there."""
    candidate = examine(seen.files, seen.problems)
    if candidate.sources is None:
        return Refused(candidate.problems)
    try:
        with archive.locked():
            unfinished = finish_writing(archive)
            if unfinished:
                return _refused("the folder of the rules holds a mixture", "let the service write to it")
            if working_copy.read(archive.rules).digest != seen.digest:
                return _refused("the files changed while they were checked", "activate again")
            return _activate(archive, candidate, False, None, entry)
    except OSError as error:
        return _unwritable(error)


def rollback(archive: Archive, name: str, by: str = "", why: str = "") -> Activated | Refused:
    """Put the kept rules of a version, or of a hash of all files, in force again."""
    try:
        target = archive.find(name)
        candidate = examine(archive.files_of(target))
    except NotKept:
        return _refused(f"no rules of version '{name[:80]}' are kept", "write a version of `rules history`")
    except Damaged as error:
        return _refused(str(error), "roll back to another version of `rules history`")
    if candidate.sources is None:
        return Refused(candidate.problems)
    try:
        with archive.locked():
            finish_writing(archive)
            return _activate(archive, candidate, True, None, Entry(by, why, ROLLBACK, None))
    except OSError as error:
        return _unwritable(error)


def _activate(
    archive: Archive, candidate: Candidate, given: bool, base: str | None, entry: Entry
) -> Activated | Refused:
    """Under the lock.  ``given``: the files come from elsewhere, so the folder has to follow."""
    assert candidate.sources is not None
    serving = archive.serving()
    if base is not None and (serving is None or base not in (serving.files, serving.id)):
        return _refused("other rules were put in force meanwhile", "begin again from those in force")
    number = archive.newest_number() + 1
    new = Activation(
        number, candidate.version, candidate.digest, now(), entry.by, entry.why, entry.how, entry.impact
    )
    if serving is not None and serving.files == new.files:
        archive.keep(serving, candidate.files)
        return Activated(serving, candidate.sources, _folder_now(archive, serving), new=False)
    writing, note, refused = _folder(archive, serving, new, candidate.files) if given else (None, None, None)
    if refused is not None:
        return refused
    try:
        archive.keep(new, candidate.files)
        archive.set_note(note)
        archive.record(new)
    except OSError:
        if writing:
            writing.forget()
        raise
    if writing:
        finish_writing(archive, writing)
    return Activated(new, candidate.sources, _folder_now(archive, new, bool(writing)))


def _folder(
    archive: Archive, serving: Activation | None, new: Activation, files: Files
) -> tuple[working_copy.Writing | None, Note | None, Refused | None]:
    """How the folder of the rules follows: it is written, set aside, or the change is refused."""
    found = working_copy.read(archive.rules)
    aside = Note(new.number, aside=found.digest)
    if found.digest == new.files:
        return None, None, None
    try:
        base = archive.files_of(serving) if serving else None
    except Damaged:
        base = None
    if serving is None or base is None or _was_aside(archive, found.digest):
        return None, aside, None
    if new.how == ROLLBACK and found.digest != serving.files:
        return None, aside, None
    both = working_copy.edited(base, found.files, files)
    if both:
        return None, None, Refused(tuple(_conflict(name) for name in both))
    try:
        return working_copy.prepare(archive.rules, base, files), Note(new.number, base=serving.id), None
    except OSError:
        return None, aside, None


def _was_aside(archive: Archive, digest: str) -> bool:
    note = archive.note()
    return note is not None and note.aside == digest


def _conflict(name: str) -> Problem:
    message = "somebody has changed this file in the folder of the rules, and it is not in force"
    return Problem(f"rules/{name}", 1, 1, message, "activate or undo that change first, then begin again")


def finish_writing(archive: Archive, writing: working_copy.Writing | None = None) -> bool:
    """Under the lock: let the folder follow the rules in force, also after a crash.

    True when it cannot, so that the folder may hold a mixture; it is tried again next time.
    """
    note, serving = archive.note(), archive.serving()
    if note is None or not note.base or serving is None:
        return False
    if note.number != serving.number:
        archive.set_note(None)
        return False
    try:
        if writing is None:
            base = archive.files_of(archive.find(note.base))
            writing = working_copy.prepare(archive.rules, base, archive.files_of(serving))
        writing.finish()
        archive.set_note(None)
    except (OSError, Damaged, NotKept):
        return True
    return False


def _folder_now(archive: Archive, activation: Activation, written: bool = False) -> str:
    found = working_copy.read(archive.rules).digest
    if found == activation.files:
        return WRITTEN if written else SAME
    return ASIDE if _was_aside(archive, found) else DIFFERS


def _refused(message: str, remedy: str) -> Refused:
    return Refused((Problem("rules", 0, 0, message, remedy),), passing=True)


def _unwritable(error: OSError) -> Refused:
    if isinstance(error, Busy):
        return _refused("another activation is under way", "try again when it has ended")
    reason = error.strerror or str(error)
    return _refused(f"the state folder cannot be written: {reason}", "make room or mend its rights")
