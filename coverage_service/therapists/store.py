"""The store of therapists: dated entries of each id, with a hash of their own.

Apart from the rule book, so that a directory's 100,000 therapists never change its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from coverage_service.core.therapist import Therapist
from coverage_service.rulebook.book import Rulebook
from coverage_service.rulebook.cache import Cache
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.entries import gather, missing_plans
from coverage_service.rulebook.files import Files, RuleFile, Shelf, find
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.rulebook.reading import Known
from coverage_service.rulebook.schema_therapist import TherapistFile


@dataclass(frozen=True, slots=True)
class Therapists:
    """Therapists by id: dated entries in order of time.  Nothing in it changes.

    ``versions``: a short hash of the files each id stands in.  ``cases``: their tests.
    """

    entries: Mapping[str, tuple[Therapist, ...]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedTherapists:
    """The store, or None when any problem is an error; warnings come with the store."""

    store: Therapists | None
    problems: tuple[Problem, ...]


def load_therapists(
    folder: Path | Files, book: Rulebook | None, cache: Path | None = None
) -> LoadedTherapists:
    """Read ``therapists/*.yaml`` of a folder of rules, or of files that were read already.

    The plans, services, schedules and codes they name are looked up in ``book``; without one
    they are not checked.
    """
    shelf = Shelf()
    if book is not None:
        shelf.reference, shelf.known, shelf.version = (
            book.reference,
            Known.of(book.reference),
            book.reference_version,
        )
    files, unread = find(folder, "therapists")
    problems = list(unread)
    schema = TherapistFile()
    with Cache(cache, shelf) as kept:
        found = [(shelf.path(file.name), kept.get(file, schema)) for file in files]
    for _, facts in found:
        problems.extend(facts.problems)
    entries, between = gather(found)
    problems.extend(between)
    if book is not None:
        problems.extend(missing_plans(found, book.plans))
    problems.sort(key=lambda x: (x.path, x.line, x.column, x.message))
    if errors(problems):
        return LoadedTherapists(None, tuple(problems))
    cases = tuple(case for _, facts in found for case in facts.cases)
    versions = _versions(files, entries, shelf)
    return LoadedTherapists(Therapists(MappingProxyType(dict(entries)), versions, cases), tuple(problems))


def _versions(
    files: tuple[RuleFile, ...], entries: Mapping[str, tuple[Therapist, ...]], shelf: Shelf
) -> Mapping[str, str]:
    digests = {shelf.path(file.name): file.digest[:12] for file in files}
    return MappingProxyType(
        {
            name: "-".join(dict.fromkeys(digests[x.origin.place.rsplit(":", 1)[0]] for x in dated))
            for name, dated in entries.items()
        }
    )
