"""Estimates under both rules, on as many processors as there are; only what may differ is computed."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from coverage_service.changes.moved import Moved, figures_of, moved
from coverage_service.changes.same import Facts, watched
from coverage_service.changes.sample import Asked, Sample
from coverage_service.core.reference import Reference
from coverage_service.core.shared import Shared
from coverage_service.sources import Sources

EQUAL, ONCE, TWICE, ONLY_OLD, ONLY_NEW, NEITHER = "equal", "once", "twice", "only_old", "only_new", "neither"
WORTH_A_PROCESS: Final = 150
"""Clients below which another process costs more time than it saves."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sample: how it was found out, and how it moved, if it did."""

    how: str
    moved: Moved | None = None


def outcomes(
    samples: Sequence[Sample], old: Sources, new: Sources, processes: int = 1
) -> tuple[Outcome, ...]:
    """One outcome for each sample, in their order."""
    facts = Facts()
    clients: dict[int, list[int]] = {}
    for number, sample in enumerate(samples):
        clients.setdefault(sample.client or -number, []).append(number)
    groups = list(clients.values())

    def of_client(numbers: Sequence[int]) -> list[Outcome]:
        client = _Client(facts)
        return [client.outcome(samples[number].ask(old), samples[number].ask(new)) for number in numbers]

    found: dict[int, Outcome] = {}
    for numbers, done in zip(groups, spread(of_client, groups, processes), strict=True):
        found.update(zip(numbers, done, strict=True))
    return tuple(found[number] for number in range(len(samples)))


class _Client:
    """One client's requests under both rules, with what they have in common found out once.

    What was seen of the reference data is kept for all of them, as it may be in that.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts, self.before, self.after = facts, Shared(), Shared()
        self.reference: Reference | None = None
        self.seen: list[Any] = []

    def outcome(self, old: Asked | None, new: Asked | None) -> Outcome:
        """What becomes of one of them."""
        if old is None or new is None:
            return Outcome(NEITHER if old is new else ONLY_NEW if old is None else ONLY_OLD)
        same = self.facts.same_request(old.request, new.request)
        differing = self.facts.differing(old.reference, new.reference)
        if same and not differing:
            return Outcome(EQUAL)
        if self.reference is None:
            self.reference = watched(old.reference, differing, self.seen)
        figures = figures_of(old.request, self.reference, self.before)
        if same and not self.seen:
            return Outcome(ONCE)
        return Outcome(TWICE, moved(figures, figures_of(new.request, new.reference, self.after)))


_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []
"""What forked processes find: a function and what it is for."""


def spread(do: Callable[[Any], T], items: Sequence[Any], processes: int) -> list[T]:
    """``do`` for every item, in order; in several processes where that is possible and worth it."""
    count = min(processes, len(items) // WORTH_A_PROCESS)
    if count < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return [do(item) for item in items]
    _work.append((do, items))
    gc.collect()
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            parts = pool.map(_part, [(start, count * 8) for start in range(count * 8)], chunksize=1)
    finally:
        gc.unfreeze()
        _work.pop()
    found: list[Any] = [None] * len(items)
    for start, part in enumerate(parts):
        found[start :: count * 8] = part
    return found


def _part(piece: tuple[int, int]) -> list[Any]:
    do, items = _work[-1]
    start, step = piece
    return [do(item) for item in items[start::step]]
