"""What is wrong with rule files, which of their tests pass, as the command line tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from coverage_service.changes.impact import impact
from coverage_service.changes.result import Impact
from coverage_service.checking.asked import Library
from coverage_service.checking.coverage import FileCoverage, coverage
from coverage_service.checking.run import Checked, run
from coverage_service.rulebook.files import PREFIX, Files, version_of_all
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.sources import Sources, current

HELD: Final = 4
"""How many drafts are held ready as they were read last."""
GENERATED: Final = 2_000
"""Estimates that are tried on both rules, besides the tests."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Rule files as they were read: their sources, or None and the problems that keep them from use."""

    sources: Sources | None
    problems: tuple[Problem, ...]

    @property
    def wrong(self) -> tuple[Problem, ...]:
        """The problems that keep the files from being used."""
        return errors(self.problems)

    def of_file(self, name: str) -> tuple[Problem, ...]:
        """The problems of one file."""
        return tuple(each for each in self.problems if each.path == f"{PREFIX}/{name}")

    @property
    def library(self) -> Library:
        """Where tests look up what they name."""
        assert self.sources is not None
        return Library(self.sources.book.reference, self.sources.book.plans, self.sources.store.entries)


class _Held:
    """Files with a hash, so that what was read of them is found again."""

    def __init__(self, files: Files) -> None:
        self.files, self.digest = files, version_of_all(files)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.digest == self.digest


def examine(files: Files) -> Examined:
    """Read rule files, and find everything that is wrong with them."""
    return _examined(_Held(files))


@lru_cache(HELD)
def _examined(held: _Held) -> Examined:
    found = current(held.files)
    return Examined(found.sources, tuple(found.problems))


def outcomes(files: Files, name: str | None = None) -> tuple[Checked, ...]:
    """The tests of all files, or of one, as they come out; none while the files cannot be used."""
    return _outcomes(_Held(files), name)


@lru_cache(2 * HELD)
def _outcomes(held: _Held, name: str | None) -> tuple[Checked, ...]:
    found = _examined(held)
    if found.sources is None:
        return ()
    cases = (*found.sources.book.cases, *found.sources.store.cases)
    wanted = [case for case in cases if name is None or _file(case.origin.place) == name]
    return tuple(run(wanted, found.library))


def row_coverage(files: Files) -> Mapping[str, FileCoverage]:
    """Of each file, its rows and those that no test touches; nothing while the files cannot be used."""
    return _row_coverage(_Held(files))


@lru_cache(HELD)
def _row_coverage(held: _Held) -> Mapping[str, FileCoverage]:
    found = _examined(held)
    if found.sources is None:
        return {}
    cases = (*found.sources.book.cases, *found.sources.store.cases)
    by_file = coverage(cases, found.library, held.files)
    return {each.file.removeprefix(f"{PREFIX}/"): each for each in by_file}


def impact_of(before: Files, after: Files, day: date) -> Impact | None:
    """What the change from one set of files to another does to estimates; None while either has mistakes."""
    return _impact(_Held(before), _Held(after), day)


@lru_cache(HELD)
def _impact(before: _Held, after: _Held, day: date) -> Impact | None:
    old, new = _examined(before).sources, _examined(after).sources
    return impact(old, new, day, files=after.files, size=GENERATED) if old and new else None


def failed(results: Sequence[Checked]) -> tuple[Checked, ...]:
    """Those that did not come out as expected."""
    return tuple(each for each in results if not each.passed)


def _file(place: str) -> str:
    return place.rsplit(":", 1)[0].removeprefix(f"{PREFIX}/")
