"""Rule files to choose from: by name, by the plans and practices in them, and by any text inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.sources import Sources

ORDER: Final = ("payers", "therapists", "fee_schedules", "reference", "questions")
"""The parts of the rules, the most often changed first."""
MOST_LINES: Final = 3
"""Lines shown of a file that holds what is searched for."""
LONGEST: Final = 100
"""Characters of a search, and of a line that is shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A file that fits: the names in it, and the numbered lines that hold what is searched for."""

    name: str
    entries: tuple[str, ...]
    lines: tuple[tuple[int, str], ...] = ()

    @property
    def part(self) -> str:
        """The folder of the rules that it stands in."""
        return self.name.partition("/")[0]

    @property
    def short(self) -> str:
        """Its name within the folder."""
        return self.name.partition("/")[2]


def find(files: Files, sources: Sources | None, words: str) -> Mapping[str, tuple[Hit, ...]]:
    """The files that hold all the words, in their names or on one line, by part."""
    entries = _entries(sources)
    wanted = words.lower().split()
    hits = [hit for name in sorted(files) if (hit := _hit(name, files[name], entries.get(name, ()), wanted))]
    return {part: found for part in ORDER if (found := tuple(hit for hit in hits if hit.part == part))}


def _hit(name: str, data: bytes, entries: tuple[str, ...], wanted: list[str]) -> Hit | None:
    if not wanted:
        return Hit(name, entries)
    lines = tuple(_lines(data.decode("utf-8", "replace"), wanted))
    named = " ".join((name, *entries)).lower()
    return Hit(name, entries, lines) if lines or all(word in named for word in wanted) else None


def _lines(text: str, wanted: list[str]) -> Iterator[tuple[int, str]]:
    found = 0
    for number, line in enumerate(text.splitlines(), 1):
        if all(word in line.lower() for word in wanted):
            found += 1
            yield number, line.strip()[:LONGEST]
            if found == MOST_LINES:
                return


def _entries(sources: Sources | None) -> Mapping[str, tuple[str, ...]]:
    """The names of plans and practices, by the file that they stand in."""
    found: dict[str, dict[str, None]] = {}
    if sources is None:
        return {}
    plans = [entry for dated in sources.book.plans.values() for entry in dated]
    practices = [entry for dated in sources.store.entries.values() for entry in dated]
    named = [(entry.origin.place, entry.name or entry.id) for entry in plans]
    for place, entry_name in [*named, *((entry.origin.place, entry.id) for entry in practices)]:
        name = place.rsplit(":", 1)[0].removeprefix(f"{PREFIX}/")
        found.setdefault(name, {})[entry_name] = None
    return {name: tuple(names) for name, names in found.items()}
