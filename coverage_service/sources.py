"""Where facts come from: the rule book and the therapists, loaded once, as one frozen value.

A running service holds ``Current``: whoever answers takes its ``sources`` once and uses them
to the end, so that a later reload can put another value in its place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from coverage_service.core.plan import Plan
from coverage_service.core.therapist import Therapist
from coverage_service.core.wording import Wording, read
from coverage_service.rulebook.book import Rulebook, load
from coverage_service.rulebook.problems import Problem
from coverage_service.therapists.store import Therapists, load_therapists

DRAFT = "draft"
T = TypeVar("T", Plan, Therapist)


@dataclass(frozen=True, slots=True)
class Sources:
    """All facts at one moment.  ``plans`` and ``therapists`` leave out drafts, which are never served.

    ``made``: what a face has made from these facts alone, once for all requests; it goes when they go.
    """

    book: Rulebook
    store: Therapists
    plans: Mapping[str, tuple[Plan, ...]]
    therapists: Mapping[str, tuple[Therapist, ...]]
    wordings: Mapping[str, Wording]
    made: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def version(self) -> str:
        """The version of the rule book."""
        return self.book.version


@dataclass(slots=True)
class Current:
    """The sources in use, or None and the problems that keep the rules from being used."""

    sources: Sources | None
    problems: tuple[Problem, ...] = ()


def current(rules: Path, cache: Path | None = None) -> Current:
    """Read a folder of rules; ``cache`` is a folder for what was read before."""
    place = cache or cache_folder()
    name = sha256(str(rules.resolve()).encode()).hexdigest()[:12]
    loaded = load(rules, place and place / f"{name}-rules.cache")
    if loaded.book is None:
        return Current(None, loaded.problems)
    found = load_therapists(rules, loaded.book, place and place / f"{name}-therapists.cache")
    problems = (*loaded.problems, *found.problems)
    return Current(None if found.store is None else sources_of(loaded.book, found.store), problems)


def sources_of(book: Rulebook, store: Therapists) -> Sources:
    """One value from what was loaded."""
    return Sources(
        book,
        store,
        _served(book.plans),
        _served(store.entries),
        MappingProxyType({language: read(found) for language, found in book.questions.items()}),
    )


def _served(by_id: Mapping[str, tuple[T, ...]]) -> Mapping[str, tuple[T, ...]]:
    kept = {id: tuple(x for x in dated if x.status != DRAFT) for id, dated in by_id.items()}
    return MappingProxyType({id: dated for id, dated in kept.items() if dated})


def cache_folder() -> Path | None:
    """A folder that only this user can write to, among the temporary files; None when there is none."""
    folder = (
        Path(tempfile.gettempdir()) / f"coverage_service-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return folder if ours and folder.is_dir() and not folder.is_symlink() else None
