"""Rule files from a folder: their names, their bytes, and what one of them says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coverage_service.core.reference import Reference
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.fields import BAD
from coverage_service.rulebook.parse import LARGEST_FILE, START, parse
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.reading import Known, Memo, Reading

PREFIX: Final = "rules"
"""What places begin with, wherever the folder lies: the same rules give the same answers."""
BOOK_PARTS: Final = ("reference", "fee_schedules", "payers", "questions")
PARTS: Final = (*BOOK_PARTS, "therapists")
"""The folders that rule files stand in; the therapists are no part of the rule book's version."""

Files = Mapping[str, bytes]
"""Rule files that were read once, by their names from the folder on (``payers/x.yaml``)."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file as it was read: its name from the folder on (``payers/x.yaml``) and its bytes."""

    name: str
    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one file says.  ``places`` are line and column of each fact, counted from 1;
    ``references`` are plans it names: (plan, line, column).
    """

    facts: tuple[Any, ...] = ()
    cases: tuple[Case, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    references: tuple[tuple[str, int, int], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Shelf:
    """What the reading of every file of a load shares; ``version`` is that of the reference data."""

    reference: Reference = field(default_factory=Reference)
    known: Known = field(default_factory=Known)
    memo: Memo = field(default_factory=dict)
    version: str = ""

    def path(self, name: str) -> str:
        """The name of a file in problems and origins, e.g. ``rules/payers/x.yaml``."""
        return f"{PREFIX}/{name}"


def find(place: Path | Files, part: str) -> tuple[tuple[RuleFile, ...], tuple[Problem, ...]]:
    """The YAML files of a part of the rules, in the order of their names."""
    found: list[RuleFile] = []
    problems: list[Problem] = []
    for name in _names(place, part):
        if not name.endswith(".yaml"):
            problems.append(Problem(f"{PREFIX}/{name}", 1, 1, "a rule file ends in .yaml", "rename it"))
        elif isinstance(place, Path):
            _take(os.path.join(place, name), name, found, problems)
        else:
            found.append(rule_file(name, place[name]))
    return tuple(found), tuple(problems)


def _names(place: Path | Files, part: str) -> list[str]:
    """The names of all files of a part that could be meant as rule files, in their order.

    Those that begin with a dot are an editor's own.
    """
    if isinstance(place, Path):
        root = str(place)
        names = [
            os.path.join(folder, name)[len(root) + 1 :].replace(os.sep, "/")
            for folder, _, found in os.walk(os.path.join(root, part))
            for name in found
            if not name.startswith(".")
        ]
    else:
        names = [name for name in place if name.startswith(f"{part}/")]
    return sorted(name for name in names if name.lower().endswith((".yml", ".yaml", ".json")))


def read_folder(folder: Path) -> tuple[Files, tuple[Problem, ...]]:
    """Every rule file of a folder, read once, and what is wrong with the folder itself.

    What is checked, kept and put in force is then one and the same, whatever happens to the folder.
    """
    if not folder.is_dir():
        missing = Problem(str(folder), 1, 1, "there is no such folder", "give the folder of the rules")
        return {}, (missing,)
    parts = [find(folder, part) for part in PARTS]
    files = {file.name: file.data for found, _ in parts for file in found}
    return files, tuple(problem for _, problems in parts for problem in problems)


def version_of_all(files: Files) -> str:
    """A short hash over all rule files, the therapists' too."""
    return version_of(rule_file(name, data) for name, data in files.items())


def version_of_book(files: Files) -> str:
    """The version that the rule book made of these files has."""
    in_book = {name: data for name, data in files.items() if name.split("/", 1)[0] in BOOK_PARTS}
    return version_of_all(in_book)


def rule_file(name: str, data: bytes) -> RuleFile:
    """Bytes as a rule file with its digest."""
    return RuleFile(name, data, hashlib.sha256(data).hexdigest())


def _take(path: str, name: str, found: list[RuleFile], problems: list[Problem]) -> None:
    try:
        with open(path, "rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        problems.append(Problem(f"{PREFIX}/{name}", 1, 1, message, "check the file and its rights"))
        return
    found.append(rule_file(name, data))


def version_of(files: Iterable[RuleFile]) -> str:
    """A short hash over the names and bytes of files."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda x: x.name):
        total.update(f"{file.name}\0{file.digest}\n".encode())
    return total.hexdigest()[:12]


def read_file(file: RuleFile, schema: Any, shelf: Shelf) -> FileFacts:
    """What a file says, or everything that is wrong with it, in the order of the file."""
    reading = Reading(shelf.path(file.name), shelf.reference, shelf.memo, shelf.known)
    root = parse(file.data, reading.error)
    found = BAD if root is None else schema.read(root, reading)
    if found is BAD and not reading.errors:
        reading.error(START, "this file says nothing", "see rules/README.md")
    problems = tuple(sorted(set(reading.problems), key=lambda x: (x.line, x.column, x.message)))
    if reading.errors:
        return FileFacts(problems=problems)
    facts = found if isinstance(found, tuple) else (found,)
    return FileFacts(facts, tuple(reading.cases), tuple(reading.places), tuple(reading.references), problems)
