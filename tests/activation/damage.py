"""A shipped rule file cut short and with wrong bytes, saved under a running process again and again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coverage_service.activation import working_copy
from coverage_service.activation.running import Running
from coverage_service.checking.asked import Library
from coverage_service.checking.run import check
from coverage_service.cli.rules import all_problems
from coverage_service.config import Config
from coverage_service.rulebook.book import load
from coverage_service.rulebook.problems import errors
from coverage_service.therapists.store import load_therapists
from tests.activation.support import PLAN, small_rules


@dataclass(slots=True)
class Told:
    """What became of the damaged files."""

    tried: int = 0
    refused: int = 0
    valid: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.tried} tried, {self.refused} refused, {self.valid} valid, {len(self.wrong)} wrong"


def cuts(data: bytes, step: int = 1) -> Iterator[tuple[str, bytes]]:
    """The file cut at every so many bytes."""
    for offset in range(0, len(data), step):
        yield f"cut at {offset}", data[:offset]


def flips(data: bytes, count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """The file with one byte changed to another, at random."""
    draw = random.Random(seed)
    for _ in range(count):
        place, bits = draw.randrange(len(data)), draw.randrange(1, 256)
        yield f"byte {place} ^ {bits}", data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def suffer(folder: Path, damaged: Iterable[tuple[str, bytes]]) -> Told:
    """Save each damaged file, let the running process look, and hold it to its promise.

    The rules in force change only to files that `rules check` and `rules test` find right; every
    refusal names a file, a line and a column; and the file as it was is taken again.
    """
    rules = small_rules(folder / "rules")
    working_copy.REST, rest = 0.0, working_copy.REST  # type: ignore[misc]
    try:
        return _suffer(rules, Running(Config(rules, state=folder / "state")), damaged)
    finally:
        working_copy.REST = rest  # type: ignore[misc]


def _suffer(rules: Path, running: Running, damaged: Iterable[tuple[str, bytes]]) -> Told:
    told, whole = Told(), (rules / PLAN).read_bytes()
    sound = running.now.sources
    assert sound is not None
    for name, data in damaged:
        before = running.now
        (rules / PLAN).write_bytes(data)
        running.consider()
        told.tried += 1
        if running.now is not before:
            told.valid += 1
            told.wrong.extend([] if right(rules) else [f"{name}: in force, and it has mistakes"])
            (rules / PLAN).write_bytes(whole)
            running.consider()
        elif data != whole and running.status().folder != "in_force":
            told.refused += 1
            told.wrong.extend(f"{name}: {each}" for each in placeless(running))
        if running.sources is None or running.sources.files != sound.files:
            told.wrong.append(f"{name}: the file as it was is not in force")
    return told


def placeless(running: Running) -> list[str]:
    """What a refusal leaves out."""
    verdict = running.status().verdict
    if verdict is None or not errors(verdict.problems):
        return ["refused without a reason"]
    return [
        f"no place in {each}"
        for each in verdict.problems
        if not (each.path.startswith("rules/") and each.line > 0 and each.column > 0 and each.remedy)
    ]


def right(rules: Path) -> bool:
    """Whether the rule files have no mistake and pass their tests, found out in the long way."""
    book, problems = all_problems(rules)
    loaded, store = load(rules).book, load_therapists(rules, book).store
    if errors(problems) or loaded is None or store is None:
        return False
    cases = (*loaded.cases, *store.cases)
    library = Library(loaded.reference, loaded.plans, store.entries)
    return bool(cases) and all(check(case, library).passed for case in cases)
