"""A folder of rules into one immutable Rulebook, or every problem at once."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.rulebook.cache import Cache
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.entries import gather, missing_plans
from coverage_service.rulebook.files import FileFacts, Files, RuleFile, Shelf, find, read_file, version_of
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.rulebook.reading import Known
from coverage_service.rulebook.reference import build_reference
from coverage_service.rulebook.schema_plan import PayerFileSchema
from coverage_service.rulebook.schema_questions import QuestionsSchema
from coverage_service.rulebook.schema_reference import AnyReferenceSchema
from coverage_service.rulebook.schema_schedule import ScheduleSchema


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one folder at one moment; nothing in it changes.

    ``plans``: the dated entries of each id, in order of time.  ``questions``: plain texts by
    language.  ``cases``: the tests inside the payer files.  ``version``: a short hash of the
    names and bytes of payers, fee_schedules, reference and questions; ``reference_version``
    only of reference and fee_schedules, which every payer and therapist file is read against.
    """

    version: str
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    reference: Reference = field(default_factory=Reference)
    questions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    reference_version: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rule book, or None when any problem is an error; warnings come with the book."""

    book: Rulebook | None
    problems: tuple[Problem, ...]


def load(folder: Path | Files, cache: Path | None = None) -> Loaded:
    """Read a folder of rules, or files that were read already.  Nothing is raised for what writers did.

    ``cache`` is a file of data in which the facts of unchanged files are kept.
    """
    if isinstance(folder, Path) and not folder.is_dir():
        return Loaded(
            None, (Problem(str(folder), 1, 1, "there is no such folder", "give the folder of the rules"),)
        )
    with _no_collection():
        return _Loader(folder, cache).load()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without the cycle collector: facts hold no cycles, and looking for some takes a third of a load."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Loader:
    """One load: the files, what is shared between them, and the problems so far."""

    def __init__(self, folder: Path | Files, cache: Path | None) -> None:
        self.folder = folder
        self.cache = cache
        self.shelf = Shelf()
        self.problems: list[Problem] = []
        self.files: list[RuleFile] = []

    def load(self) -> Loaded:
        """Reference first: the names it defines are looked up in everything else."""
        reference = self._read("reference", AnyReferenceSchema())
        self.shelf.reference = build_reference(reference, ())
        self.shelf.known = Known.of(self.shelf.reference)
        schedules = self._read("fee_schedules", ScheduleSchema())
        self.problems.extend(repeated_schedules(schedules))
        self.shelf.reference = build_reference(reference, schedules)
        self.shelf.known = Known.of(self.shelf.reference)
        self.shelf.version = version_of(self.files)
        plans, cases = self._plans()
        questions = self._questions()
        problems = tuple(sorted(self.problems, key=lambda x: (x.path, x.line, x.column, x.message)))
        if errors(problems):
            return Loaded(None, problems)
        book = Rulebook(
            version_of(self.files), plans, self.shelf.reference, questions, cases, self.shelf.version
        )
        return Loaded(book, problems)

    def _find(self, part: str) -> tuple[RuleFile, ...]:
        files, problems = find(self.folder, part)
        self.files.extend(files)
        self.problems.extend(problems)
        return files

    def _read(self, part: str, schema: Any) -> list[tuple[str, FileFacts]]:
        found = [
            (self.shelf.path(file.name), read_file(file, schema, self.shelf)) for file in self._find(part)
        ]
        for _, facts in found:
            self.problems.extend(facts.problems)
        return found

    def _plans(self) -> tuple[Mapping[str, tuple[Plan, ...]], tuple[Case, ...]]:
        files = self._find("payers")
        schema = PayerFileSchema()
        with Cache(self.cache, self.shelf) as cache:
            found = [(self.shelf.path(file.name), cache.get(file, schema)) for file in files]
        for _, facts in found:
            self.problems.extend(facts.problems)
        plans, problems = gather(found)
        self.problems.extend(problems)
        if not errors(self.problems):
            self.problems.extend(missing_plans(found, plans))
        return MappingProxyType(dict(plans)), tuple(case for _, facts in found for case in facts.cases)

    def _questions(self) -> Mapping[str, Mapping[str, Any]]:
        by_language: dict[str, Mapping[str, Any]] = {}
        for path, facts in self._read("questions", QuestionsSchema()):
            for found in facts.facts:
                if found["language"] in by_language:
                    message = f"a second file for the language '{found['language']}'"
                    self.problems.append(Problem(path, 1, 1, message, "keep one file for each language"))
                by_language[found["language"]] = MappingProxyType(found)
        return MappingProxyType(by_language)


def repeated_schedules(found: list[tuple[str, FileFacts]]) -> list[Problem]:
    """A schedule id that two files use: neither may win silently; each year has an id of its own."""
    places: dict[str, str] = {}
    problems = []
    for path, facts in found:
        for schedule in facts.facts:
            if schedule.id in places:
                message = f"the fee schedule '{schedule.id}' stands in {places[schedule.id]} too"
                problems.append(Problem(path, 1, 1, message, "give each year's schedule an id of its own"))
            places.setdefault(schedule.id, schedule.origin.place or path)
    return problems
