"""Which change moves an estimate: each that could is tried alone on the old rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coverage_service.changes.change import PLAN, REFERENCE, SCHEDULE, THERAPIST, Change
from coverage_service.changes.hybrid import with_changes
from coverage_service.changes.moved import Figures, Moved, figures_of, moved
from coverage_service.changes.running import spread
from coverage_service.changes.sample import Sample
from coverage_service.sources import Sources

MOST_TRIES: Final = 4_000
"""Estimates computed to find causes; beyond them only some of the changed ones are looked into."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A change, by its index, and how it moves the estimate alone.

    ``moved`` None: it does not alone, but together with the others named.
    """

    change: int
    moved: Moved | None


def causes_of(
    samples: Sequence[Sample],
    overall: Sequence[Moved],
    changes: Sequence[Change],
    old: Sources,
    new: Sources,
    processes: int,
) -> list[tuple[Cause, ...]]:
    """The causes of each changed estimate; () for those that were not looked into."""
    suspects = [_suspects(sample, changes, old, new) for sample in samples]
    found: list[tuple[Cause, ...]] = [
        (Cause(each[0], overall[number]),) if len(each) == 1 else () for number, each in enumerate(suspects)
    ]
    open_ones = [number for number, each in enumerate(suspects) if len(each) > 1]
    tries = sum(len(suspects[number]) + 1 for number in open_ones)
    step = -(-tries // MOST_TRIES) if tries else 1
    chosen = open_ones[::step]
    alone = {
        each: with_changes(old, new, [changes[each]])
        for each in sorted({each for number in chosen for each in suspects[number]})
    }

    def look(number: int) -> tuple[Cause, ...]:
        return _tried(samples[number], suspects[number], alone, old)

    for number, causes in zip(chosen, spread(look, chosen, processes), strict=True):
        found[number] = causes
    return found


def _tried(
    sample: Sample, suspects: Sequence[int], alone: dict[int, Sources], old: Sources
) -> tuple[Cause, ...]:
    before = _figures(sample, old)
    assert before is not None
    causes = []
    for each in suspects:
        after = _figures(sample, alone[each])
        went = None if after is None else moved(before, after)
        if went is not None:
            causes.append(Cause(each, went))
    return tuple(causes) or tuple(Cause(each, None) for each in suspects)


def _figures(sample: Sample, sources: Sources) -> Figures | None:
    asked = sample.ask(sources)
    return None if asked is None else figures_of(asked.request, asked.reference)


def _suspects(sample: Sample, changes: Sequence[Change], old: Sources, new: Sources) -> tuple[int, ...]:
    """The changes that stand in the plans and the practice of a sample, or in what all share."""
    ids: set[tuple[str, str]] = set()
    for sources in (old, new):
        asked = sample.ask(sources)
        if asked is None:
            continue
        request = asked.request
        for entries in (request.plan, *(each.entries for each in (request.eap, request.secondary) if each)):
            ids |= {(PLAN, entry.id) for entry in entries}
        ids |= {(THERAPIST, entry.id) for entry in request.therapist}
    return tuple(
        number
        for number, change in enumerate(changes)
        if change.amounts and (change.part in (SCHEDULE, REFERENCE) or (change.part, change.id) in ids)
    )
