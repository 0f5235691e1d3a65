"""Row coverage: which rows of the rules no confirmed test touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coverage_service.checking.asked import Library
from coverage_service.checking.rows import Key, Row, rows_of
from coverage_service.checking.run import check, confirmed
from coverage_service.checking.touched import touched
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.files import Files


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """The rows of one file, and those that no test touches, in the order of the file."""

    file: str
    rows: tuple[Row, ...]
    untouched: tuple[Row, ...]

    @property
    def percent(self) -> float:
        """Of its rows, how many in a hundred are touched; 100 where there are none."""
        return 100 * (1 - len(self.untouched) / len(self.rows)) if self.rows else 100.0


def coverage(cases: Iterable[Case], library: Library, files: Files) -> tuple[FileCoverage, ...]:
    """The coverage of every file that has rows.  Tests that fail or are not confirmed show nothing."""
    hit = set(_touched(cases, library))
    rows = rows_of(library, files)
    return tuple(
        FileCoverage(
            file,
            tuple(row for row in rows if row.file == file),
            tuple(row for row in rows if row.file == file and row.key not in hit),
        )
        for file in dict.fromkeys(row.file for row in rows)
    )


def _touched(cases: Iterable[Case], library: Library) -> Iterator[Key]:
    for case in confirmed(cases):
        checked = check(case, library)
        if checked.passed:
            yield from touched(case, checked.found)
