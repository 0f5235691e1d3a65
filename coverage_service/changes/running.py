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


Pair = tuple[Asked, Asked, bool]
"""A request under both rules, and whether every fact in it is the same."""


def outcomes(
    samples: Sequence[Sample], old: Sources, new: Sources, processes: int = 1
) -> tuple[Outcome, ...]:
    """One outcome for each sample, in their order."""
    facts = Facts()
    found: list[Outcome | None] = []
    waiting: dict[int, list[tuple[int, Pair]]] = {}
    same_reference = watched(old.book.reference, new.book.reference, []) is old.book.reference
    for number, sample in enumerate(samples):
        before, after = sample.ask(old), sample.ask(new)
        found.append(None)
        if before is None or after is None:
            found[number] = Outcome(NEITHER if before is after else ONLY_NEW if before is None else ONLY_OLD)
            continue
        same = facts.same_request(before.request, after.request)
        if same and same_reference:
            found[number] = Outcome(EQUAL)
        else:
            waiting.setdefault(sample.client or -number, []).append((number, (before, after, same)))
    groups = list(waiting.values())
    for group, done in zip(groups, spread(_of_client, groups, processes), strict=True):
        for (number, _), outcome in zip(group, done, strict=True):
            found[number] = outcome
    return tuple(each for each in found if each is not None)


def _of_client(group: Sequence[tuple[int, Pair]]) -> list[Outcome]:
    """The outcomes of one client's requests, with what they have in common found out once.

    What was seen of the reference data is kept for all of them, as it may be in that.
    """
    _, (first, second, _) = group[0]
    seen: list[Any] = []
    reference = watched(first.reference, second.reference, seen)
    before, after = Shared(), Shared()
    done = []
    for _, (old, new, same) in group:
        figures = figures_of(old.request, reference, before)
        if same and not seen:
            done.append(Outcome(ONCE))
        else:
            done.append(Outcome(TWICE, moved(figures, figures_of(new.request, new.reference, after))))
    return done


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
