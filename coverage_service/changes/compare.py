"""Two versions of the rules, and every fact that is not the same in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from coverage_service.changes.change import (
    ADDED,
    PLAN,
    REFERENCE,
    REMOVED,
    RENAMED,
    SCHEDULE,
    THERAPIST,
    Change,
)
from coverage_service.changes.entries import Difference, differences
from coverage_service.changes.spans import Span, spans_of
from coverage_service.changes.texts import question_changes, test_changes
from coverage_service.changes.units import plain
from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.core.therapist import Therapist
from coverage_service.sources import Sources

DATES: Final = frozenset({"starts", "ends"})
DERIVED: Final = ("schedules", "ancestors", "service_of")
"""Reference data that is told elsewhere, or follows from what is."""
WHOLE: Final = "(the whole entry)"


def changes_between(old: Sources, new: Sources) -> tuple[Change, ...]:
    """Every change of a fact that is served, in the order of plans, practices, schedules, texts.

    Comments, formatting, the place of a line and the spelling of a phrase are no change.
    """
    one, two = old.book.reference, new.book.reference
    return (
        *_dated(PLAN, old.plans, new.plans),
        *_dated(THERAPIST, old.therapists, new.therapists),
        *_schedules(one, two),
        *_reference(one, two),
        *question_changes(old.book.questions, new.book.questions),
        *test_changes((*old.book.cases, *old.store.cases), (*new.book.cases, *new.store.cases)),
    )


Entries = Mapping[str, tuple[Any, ...]]


def _dated(part: str, old: Entries, new: Entries) -> Iterator[Change]:
    gone, came = [x for x in old if x not in new], [x for x in new if x not in old]
    for id in old:
        if id in new and old[id] is not new[id] and old[id] != new[id]:
            yield from _entry_changes(part, id, old[id], new[id])
    for id in gone:
        twin = next((x for x in came if _same_but_name(old[id], new[x])), None)
        if twin is not None:
            came.remove(twin)
            now = new[twin][-1]
            yield Change(
                RENAMED, part, id, old[id][-1].name or id, f"{part} id", id, twin, place=now.origin.place,
                units=((part, id, 0, (WHOLE,)), (part, twin, 0, (WHOLE,))),
            )  # fmt: skip
            continue
        yield _whole(REMOVED, part, id, old[id])
    yield from (_whole(ADDED, part, id, new[id]) for id in came)


def _whole(kind: str, part: str, id: str, entries: Sequence[Plan | Therapist]) -> Change:
    last = entries[-1]
    place = last.origin.place
    return Change(
        kind, part, id, last.name or id, f"{part} {id}", place=place, units=((part, id, 0, (WHOLE,)),)
    )


def _same_but_name(old: Sequence[Any], new: Sequence[Any]) -> bool:
    return [_nameless(x) for x in old] == [_nameless(x) for x in new]


def _nameless(entry: Any) -> Any:
    """An entry without its id and name, which are the first two fields."""
    name, _, _, *rest = plain(entry)
    return name, rest


def _entry_changes(part: str, id: str, old: Sequence[Any], new: Sequence[Any]) -> list[Change]:
    """The changes of one id; what holds in several spans running is one change."""
    spans = spans_of(old, new)
    found: list[Change] = []
    open_ones: dict[tuple[Any, ...], int] = {}
    for number, span in enumerate(spans):
        still = {}
        for difference in (*_turns(span, spans, number), *_of_span(span)):
            key = (difference.kind, difference.what, difference.old, difference.new, difference.units)
            units = tuple((part, id, number, path) for path in difference.units)
            if key in open_ones:
                at = open_ones[key]
                found[at] = _longer(found[at], span, units)
            else:
                at = len(found)
                found.append(_change(part, id, span, number, difference, units))
            still[key] = at
        open_ones = still
    return found


def _of_span(span: Span) -> Iterator[Difference]:
    return differences(span.old, span.new, frozenset({"id", "starts"}) if span.paired else DATES | {"id"})


def _turns(span: Span, spans: Sequence[Span], number: int) -> Iterator[Difference]:
    """The beginning of an entry that only one version has."""
    if span.paired:
        return
    came = span.new.starts == span.starts
    entry = span.new if came else span.old
    words = f"{entry.starts or 'since ever'} to {entry.ends or 'open'}"
    yield Difference(
        ADDED if came else REMOVED, "entry", None if came else words, words if came else None, entry.origin,
        (("ends",),),
    )  # fmt: skip


def _change(part: str, id: str, span: Span, number: int, found: Difference, units: tuple[Any, ...]) -> Change:
    turn = found.what == "entry"
    return Change(
        found.kind, part, id, span.new.name or span.old.name or id, found.what, found.old, found.new,
        starts=span.starts if number and not turn else None,
        until=None if turn else span.until,
        place=found.origin.place, amounts=found.amounts, units=units,
    )  # fmt: skip


def _longer(change: Change, span: Span, units: tuple[Any, ...]) -> Change:
    return replace(change, until=span.until, units=(*change.units, *units))


def _schedules(old: Reference, new: Reference) -> Iterator[Change]:
    if old is new:
        return
    for id in dict.fromkeys((*old.schedules, *new.schedules)):
        one, two = old.schedules.get(id), new.schedules.get(id)
        whole = ((SCHEDULE, id, 0, (WHOLE,)),)
        if one is None or two is None:
            there = two or one
            assert there is not None
            kind = ADDED if one is None else REMOVED
            yield Change(
                kind, SCHEDULE, id, there.name or id, f"fee schedule {id}", place=there.origin.place,
                units=whole,
            )  # fmt: skip
        elif one != two:
            for found in differences(one, two):
                units = tuple((SCHEDULE, id, 0, path) for path in found.units)
                yield Change(
                    found.kind, SCHEDULE, id, two.name or id, found.what, found.old, found.new,
                    place=found.origin.place, amounts=found.amounts, units=units,
                )  # fmt: skip


def _reference(old: Reference, new: Reference) -> Iterator[Change]:
    """Services, codes, guidelines, legal limits, concerns."""
    if old is new:
        return
    for found in differences(old, new, frozenset(DERIVED)):
        field = str(found.units[0][0]) if found.units else "sources"
        units = tuple((REFERENCE, field, 0, path) for path in found.units)
        yield Change(
            found.kind, REFERENCE, field, "Reference data", found.what, found.old, found.new,
            place=found.origin.place, amounts=found.amounts, units=units,
        )  # fmt: skip
