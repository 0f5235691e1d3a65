"""Which small changes of a rule file no test notices.

Only the changed file is read again, and only its tests run, with those of supplements to its plans:
first the tests of the changed entry, until one fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, Final

from coverage_service.checking.asked import Library
from coverage_service.checking.mutants import Mutant, mutants
from coverage_service.checking.run import check, confirmed
from coverage_service.core.plan import Plan
from coverage_service.rulebook.book import Rulebook
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.entries import gather, missing_plans
from coverage_service.rulebook.files import FileFacts, Files, Shelf, read_file, rule_file
from coverage_service.rulebook.problems import errors
from coverage_service.rulebook.reading import Known
from coverage_service.rulebook.row_regions import diagnoses_meet, differ, rows_meet
from coverage_service.rulebook.schema_plan import PayerFileSchema
from coverage_service.rulebook.schema_therapist import TherapistFile

PARTS: Final = ("payers", "therapists")
"""The folders whose files carry tests."""


class Fate(Enum):
    """What becomes of a change."""

    REFUSED = "refused by `rules check`"
    NOTICED = "noticed by a test"
    MISSED = "noticed by nobody"


@dataclass(frozen=True, slots=True)
class Tried:
    """A change and what became of it."""

    mutant: Mutant
    fate: Fate


@dataclass(frozen=True, slots=True)
class Score:
    """Of the changes that could go unnoticed, those that do not.  What ``check`` refuses is not counted."""

    noticed: int
    missed: tuple[Mutant, ...]
    refused: int

    @property
    def percent(self) -> float:
        """Noticed changes in a hundred; 100 where there was nothing to change."""
        counted = self.noticed + len(self.missed)
        return 100 * self.noticed / counted if counted else 100.0


def score_of(tried: Iterable[Tried]) -> Score:
    """The score of some changes."""
    every = list(tried)
    return Score(
        sum(each.fate is Fate.NOTICED for each in every),
        tuple(each.mutant for each in every if each.fate is Fate.MISSED),
        sum(each.fate is Fate.REFUSED for each in every),
    )


class Bench:
    """The rules as they are, ready to have one file changed at a time."""

    def __init__(self, files: Files, book: Rulebook) -> None:
        self.files = files
        self.book = book
        self.shelf = Shelf(book.reference, Known.of(book.reference), {}, book.reference_version)
        self.facts = {part: self._read(part) for part in PARTS}
        self.library = self._library(self.facts)

    def _read(self, part: str) -> Mapping[str, FileFacts]:
        names = sorted(name for name in self.files if name.startswith(f"{part}/"))
        return {name: self._facts(name, self.files[name]) for name in names}

    def _facts(self, name: str, data: bytes) -> FileFacts:
        schema: Any = PayerFileSchema() if name.startswith(PARTS[0]) else TherapistFile()
        return read_file(rule_file(name, data), schema, self.shelf)

    def _library(self, facts: Mapping[str, Mapping[str, FileFacts]]) -> Library | None:
        """Where entries are looked up; None when the files contradict one another."""
        found = {part: self._named(facts[part]) for part in PARTS}
        plans, of_plans = gather(found[PARTS[0]])
        practices, of_practices = gather(found[PARTS[1]])
        unknown = [x for part in PARTS for x in missing_plans(found[part], plans)]
        if errors((*of_plans, *of_practices, *unknown)):
            return None
        return Library(self.book.reference, plans, practices)

    def _named(self, facts: Mapping[str, FileFacts]) -> list[tuple[str, FileFacts]]:
        return [(self.shelf.path(name), found) for name, found in facts.items()]

    def tried(self, name: str, every: int = 1) -> Iterator[Tried]:
        """Each change of a file, or every n-th of them, and what becomes of it."""
        text = self.files[name].decode()
        seen = (mutant for mutant in mutants(name, self.files[name]) if not self._same(mutant))
        for mutant in islice(seen, 0, None, every):
            yield Tried(mutant, self._fate(mutant, text))

    def _same(self, mutant: Mutant) -> bool:
        """Whether a change says the same: rows that no session fits both of, or a day nobody reads.

        The first day of an id's first entry: the days before it have no entry of their own.
        """
        here = self._changed_entry(mutant)
        if mutant.rows is not None:
            return not self._order_matters(here, mutant)
        if not mutant.path.endswith("effective.from"):
            return False
        dated = [x for part in PARTS for f in self.facts[part].values() for x in f.facts]
        return all(here.starts <= x.starts for x in dated if x.id == here.id)

    def _order_matters(self, here: Plan, mutant: Mutant) -> bool:
        one, two = mutant.rows or (0, 0)
        if mutant.path.endswith("benefits"):
            first, second = here.benefits[one], here.benefits[two]
            return differ(first, second) and rows_meet(first, second, self.book.reference)
        rules = here.coverage.diagnoses
        return rules[one].covered is not rules[two].covered and diagnoses_meet(rules[one], rules[two])

    def _changed_entry(self, mutant: Mutant) -> Any:
        """The dated entry in whose lines a change stands."""
        found = self.facts[mutant.file.split("/", 1)[0]][mutant.file]
        placed = zip(found.facts, found.places, strict=True)
        before = [fact for fact, (line, _) in placed if line <= mutant.line]
        return before[-1] if before else found.facts[0]

    def _fate(self, mutant: Mutant, text: str) -> Fate:
        found = self._facts(mutant.file, mutant.applied(text).encode())
        if errors(found.problems):
            return Fate.REFUSED
        part = mutant.file.split("/", 1)[0]
        library = self._library({**self.facts, part: {**self.facts[part], mutant.file: found}})
        if library is None:
            return Fate.REFUSED
        return (
            Fate.NOTICED if any(self._fails(c, library) for c in self._cases(mutant, found)) else Fate.MISSED
        )

    def _cases(self, mutant: Mutant, found: FileFacts) -> Iterator[Case]:
        """The changed entry's own tests, the others of its file, those of supplements to its plans."""
        own = confirmed(found.cases)
        starts = [line for line, _ in found.places if line <= mutant.line]
        ends = [line for line, _ in found.places if line > mutant.line]
        near = range(max(starts, default=0), min(ends, default=10**9))
        yield from sorted(own, key=lambda case: int(case.origin.place.rpartition(":")[2]) not in near)
        ids = {fact.id for fact in found.facts}
        for name, facts in self.facts[PARTS[0]].items():
            below = {x.id for x in facts.facts if x.supplements and x.supplements.plan in ids}
            if name != mutant.file:
                yield from (case for case in confirmed(facts.cases) if case.entry in below)

    @staticmethod
    def _fails(case: Case, library: Library) -> bool:
        try:
            return not check(case, library).passed
        except Exception:  # a change that the engine cannot answer is noticed
            return True
