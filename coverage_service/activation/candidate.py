"""Whether rule files may be put in force: no mistake in them, and every test of theirs passes."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coverage_service.checking.asked import Library
from coverage_service.checking.run import Checked, check
from coverage_service.core.facts import Between
from coverage_service.core.money import dollars
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.files import PARTS, PREFIX, Files, version_of_all, version_of_book
from coverage_service.rulebook.problems import ERROR, Problem, errors
from coverage_service.sources import Sources, cache_folder, current

LANGUAGES: Final = ("en", "es")
"""The page speaks these, so rules without their texts cannot serve it."""
NAME: Final = re.compile(rf"(?:{'|'.join(PARTS)})(?:/[\w][\w .+-]*)+")
PACKAGE: Final = Path(__file__).resolve().parent.parent
REMEMBERED: Final = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Rule files with what they give; ``sources`` None when a problem keeps them from being used.

    ``problems`` holds warnings too, after the errors.  ``digest`` is a hash of all the files.
    """

    files: Files
    digest: str
    version: str
    sources: Sources | None
    problems: tuple[Problem, ...]


_PASSED: Final[dict[str, Candidate]] = {}


def examine(files: Files, unread: Sequence[Problem] = ()) -> Candidate:
    """Read files and run their tests; ``unread``: what was wrong with their folder.

    The last few that passed are remembered, since the same files always give the same.
    """
    digest = version_of_all(files)
    known = _PASSED.get(digest)
    if known is not None and not unread and known.files == files:
        return known
    found = _examine(files, digest, unread)
    if found.sources is not None and not unread:
        _PASSED[digest] = found
        for old in list(_PASSED)[:-REMEMBERED]:
            _PASSED.pop(old, None)
    return found


def _examine(files: Files, digest: str, unread: Sequence[Problem]) -> Candidate:
    problems = [*unread, *_misnamed(files)]
    found = current(files) if not errors(problems) else None
    if found is not None:
        problems.extend(found.problems)
        if not files:
            problems.append(_whole("there are no rule files", "write at least one plan, see rules/README.md"))
        elif found.sources is not None:
            problems.extend(_untold(found.sources))
            problems.extend(_failing(found.sources, files))
    wanted = None if found is None or errors(problems) else found.sources
    ordered = sorted(problems, key=lambda each: each.severity != ERROR)
    return Candidate(files, digest, version_of_book(files), wanted, tuple(ordered))


def _whole(message: str, remedy: str, part: str = "") -> Problem:
    return Problem(f"{PREFIX}/{part}", 1, 1, message, remedy)


def _misnamed(files: Files) -> Iterator[Problem]:
    """Names that lead anywhere but into the parts of the rules."""
    for name in files:
        if not NAME.fullmatch(name):
            shown = ascii(name[:80])[1:-1]
            message = "a rule file has a plain name in one of the folders"
            yield _whole(message, f"write {PARTS[2]}/name.yaml", shown)


def _untold(sources: Sources) -> Iterator[Problem]:
    for language in LANGUAGES:
        if language not in sources.wordings:
            message = f"there are no texts in '{language}'"
            yield _whole(message, f"write questions/{language}.yaml", f"questions/{language}.yaml")


def _failing(sources: Sources, files: Files) -> Iterator[Problem]:
    """Every test that does not pass.  Files that have passed under this program are not tested again."""
    cases = (*sources.book.cases, *sources.store.cases)
    if not cases:
        yield _whole("there is no test in these files, so nothing shows that they are right", "write tests")
        return
    place = cache_folder()
    passed = place / f"{program_version()}-{sources.files}.passed" if place else None
    if passed is not None and passed.exists():
        return
    library = Library(sources.book.reference, sources.book.plans, sources.store.entries)
    failed = [problem for case in cases if (problem := _failure(case, library, files))]
    yield from failed
    if passed is not None and not failed:
        passed.touch()


def _failure(case: Case, library: Library, files: Files) -> Problem | None:
    try:
        found = check(case, library)
    except Exception as error:  # whatever a test does, the rules in force go on serving
        said = f"cannot be run ({type(error).__name__})"
    else:
        if found.passed:
            return None
        said = f"fails: {_differences(found)}"
    path, _, line = case.origin.place.rpartition(":")
    number = int(line)
    column = _column(files[path.removeprefix(f"{PREFIX}/")], number)
    remedy = "mend the rule or the test; `rules test` shows the working"
    return Problem(path, number, column, f"the test '{case.name}' of {case.entry} {said}", remedy)


def _differences(found: Checked) -> str:
    each = (f"{x.name} {_shown(x.expected)} expected, {_shown(x.found)} found" for x in found.differences)
    return ", ".join(each)


def _shown(figure: object) -> str:
    """An amount, two ends, or a word."""
    if isinstance(figure, Between):
        return f"{dollars(figure.low)} to {dollars(figure.high)}"
    return dollars(figure) if isinstance(figure, int) else str(figure)


def _column(data: bytes, line: int) -> int:
    """Where the text of a line begins, behind its spaces and dashes."""
    text = data.decode("utf-8").split("\n")[line - 1]
    return len(text) - len(text.lstrip(" -")) + 1


@functools.cache
def program_version() -> str:
    """A hash of the code that reads and tests rule files."""
    total = hashlib.sha256()
    for folder in ("core", "rulebook", "therapists", "checking"):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:16]
