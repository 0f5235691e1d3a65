"""Where facts come from: the rule book and the therapists, loaded once, as one frozen value.

Whoever answers takes the ``Sources`` of the running service once and uses them to the end, so that
another rule book can be put in their place at any moment.
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
from coverage_service.rulebook.files import Files, read_folder, version_of_all
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.therapists.store import Therapists, load_therapists

DRAFT = "draft"
T = TypeVar("T", Plan, Therapist)


@dataclass(frozen=True, slots=True)
class Sources:
    """All facts at one moment.  ``plans`` and ``therapists`` leave out drafts, which are never served.

    ``files``: a hash of all rule files, therapists included, which ``version`` leaves out.
    ``older``: the versions that an estimate may name besides this one, the newest first.
    ``made``: what a face has made from these facts alone, once for all requests; it goes when they go.
    """

    book: Rulebook
    store: Therapists
    plans: Mapping[str, tuple[Plan, ...]]
    therapists: Mapping[str, tuple[Therapist, ...]]
    wordings: Mapping[str, Wording]
    files: str = ""
    older: tuple[str, ...] = field(default=(), compare=False)
    made: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def version(self) -> str:
        """The version of the rule book."""
        return self.book.version


@dataclass(slots=True)
class Current:
    """What rule files give: their sources, or None and the problems that keep them from being used."""

    sources: Sources | None
    problems: tuple[Problem, ...] = ()


def current(rules: Path | Files, cache: Path | None = None) -> Current:
    """Read a folder of rules once, or take its files; ``cache`` is a folder for what was read before."""
    files, unread = read_folder(rules) if isinstance(rules, Path) else (rules, ())
    if unread and not files:
        return Current(None, unread)
    place = cache or cache_folder()
    name = _name(rules.resolve() if isinstance(rules, Path) else "files")
    loaded = load(files, place and place / f"{name}-rules.cache")
    kept = place / f"{name}-therapists.cache" if place and loaded.book else None
    found = load_therapists(files, loaded.book, kept)
    problems = tuple(sorted({*unread, *loaded.problems, *found.problems}))
    if loaded.book is None or found.store is None or errors(unread):
        return Current(None, problems)
    return Current(sources_of(loaded.book, found.store, files), problems)


def _name(of: object) -> str:
    return sha256(str(of).encode()).hexdigest()[:12]


def sources_of(book: Rulebook, store: Therapists, files: Files = MappingProxyType({})) -> Sources:
    """One value from what was loaded."""
    return Sources(
        book,
        store,
        _served(book.plans),
        _served(store.entries),
        MappingProxyType({language: read(found) for language, found in book.questions.items()}),
        version_of_all(files),
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
