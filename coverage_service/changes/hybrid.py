"""The old rules with some of the changes: what one line does alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from coverage_service.changes.change import PLAN, REFERENCE, SCHEDULE, THERAPIST, Change
from coverage_service.changes.compare import WHOLE
from coverage_service.changes.spans import entries_with, spans_of
from coverage_service.changes.units import Path, mixed
from coverage_service.core.reference import Reference
from coverage_service.sources import Sources

Chosen = dict[str, set[tuple[int, Path]]]
"""Id → units as (span, path)."""


def with_changes(old: Sources, new: Sources, changes: Iterable[Change]) -> Sources:
    """The old rules with these changes and no other."""
    by_part: dict[str, Chosen] = {}
    for change in changes:
        for part, id, number, path in change.units:
            by_part.setdefault(part, {}).setdefault(id, set()).add((number, path))
    plans = _entries(old.plans, new.plans, by_part.get(PLAN, {}))
    therapists = _entries(old.therapists, new.therapists, by_part.get(THERAPIST, {}))
    reference = _reference(old.book.reference, new.book.reference, by_part)
    book = replace(old.book, reference=reference, plans=_behind(old.book.plans, plans, by_part.get(PLAN, {})))
    store = replace(old.store, entries=_behind(old.store.entries, therapists, by_part.get(THERAPIST, {})))
    return replace(old, book=book, store=store, plans=plans, therapists=therapists)


Entries = Mapping[str, tuple[Any, ...]]


def _entries(old: Entries, new: Entries, chosen: Chosen) -> Entries:
    found = dict(old)
    for id, units in chosen.items():
        if any(path == (WHOLE,) for _, path in units):
            found.pop(id, None)
            if id in new:
                found[id] = new[id]
        else:
            found[id] = entries_with(spans_of(old[id], new[id]), units)
    return found


def _behind(all_entries: Entries, served: Entries, chosen: Chosen) -> Entries:
    """The entries with drafts, as tests look them up, after the same changes."""
    found = dict(all_entries)
    for id in chosen:
        found.pop(id, None)
        if id in served:
            found[id] = served[id]
    return found


def _reference(old: Reference, new: Reference, by_part: Mapping[str, Chosen]) -> Reference:
    schedules = dict(old.schedules)
    for id, units in by_part.get(SCHEDULE, {}).items():
        paths = {path for _, path in units}
        if (WHOLE,) in paths:
            schedules.pop(id, None)
            if id in new.schedules:
                schedules[id] = new.schedules[id]
        else:
            schedules[id] = mixed(old.schedules[id], new.schedules[id], paths)
    chosen = {path for units in by_part.get(REFERENCE, {}).values() for _, path in units}
    found: Reference = mixed(old, new, chosen) if chosen else old
    if any(path[0] == "services" for path in chosen):
        found = replace(found, ancestors=new.ancestors, service_of=new.service_of)
    return replace(found, schedules=schedules) if by_part.get(SCHEDULE) else found
