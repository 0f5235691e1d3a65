"""How many estimates a change of the rules moves, by how much, and which change moves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import median_low
from typing import Any, Final

from coverage_service.changes.causes import Cause, causes_of
from coverage_service.changes.compare import changes_between
from coverage_service.changes.grid import grid
from coverage_service.changes.lines import exact
from coverage_service.changes.result import Example, Group, Impact, Moving
from coverage_service.changes.running import (
    EQUAL,
    NEITHER,
    ONCE,
    ONLY_NEW,
    ONLY_OLD,
    TWICE,
    Outcome,
    outcomes,
)
from coverage_service.changes.sample import KINDS, Sample, of_requests, of_tests
from coverage_service.rulebook.files import Files
from coverage_service.sources import Sources

SIZE: Final = 10_000
"""Generated requests, unless asked otherwise."""
NO_FILES: Final[Files] = {}
MOST_EXAMPLES: Final = 20
MOST_NAMES: Final = 50


def impact(
    old: Sources,
    new: Sources,
    as_of: date,
    *,
    files: Files = NO_FILES,
    requests: Iterable[tuple[str, Any]] = (),
    size: int = SIZE,
    processes: int = 1,
) -> Impact:
    """What a change of the rules does to estimates asked for on a day.

    ``files``: those of the new rules, where the line of each change is looked up.  ``requests``:
    (name, body) of requests that somebody wrote, as the API takes them; ``size``: how many are
    generated; ``processes``: how many may work at a time (only a process without other threads
    should ask for more than one).  The same rules, requests and day always give the same impact.
    """
    changes = exact(changes_between(old, new), files)
    samples = [*of_tests(old, new), *of_requests(requests, as_of), *grid(old, new, as_of, size)]
    found = outcomes(samples, old, new, processes)
    went = [(number, each.moved) for number, each in enumerate(found) if each.moved is not None]
    causes = causes_of(
        [samples[number] for number, _ in went], [each for _, each in went], changes, old, new, processes
    )
    examples = [
        _example(samples[number], each, because) for (number, each), because in zip(went, causes, strict=True)
    ]
    how = Counter(each.how for each in found)
    amounts = [each.moved.by for each in examples if each.moved.by]
    sessions = [each.moved.session for each in examples if each.moved.session]
    return Impact(
        as_of=as_of,
        changes=changes,
        asked=len(samples) - how[NEITHER],
        compared=how[EQUAL] + how[ONCE] + how[TWICE],
        equal=how[EQUAL],
        once=how[ONCE],
        twice=how[TWICE],
        changed=len(examples),
        became=dict(sorted(Counter(word for each in examples for word in each.moved.became).items())),
        median_session=median_low(sessions) if sessions else None,
        median_course=median_low(amounts) if amounts else None,
        largest=max(examples, key=_size, default=None),
        by_kind=_groups(lambda x: x.kind, samples, found, KINDS),
        by_plan=_changed(_groups(lambda x: x.plan, samples, found)),
        by_therapist=_changed(_groups(lambda x: x.therapist, samples, found)),
        causes=_moving(causes),
        unexplained=sum(not each for each in causes),
        only_old=_names(samples, found, ONLY_OLD),
        only_new=_names(samples, found, ONLY_NEW),
        examples=_chosen(examples),
    )


def _example(sample: Sample, moved: Any, causes: Sequence[Cause]) -> Example:
    return Example(
        sample.kind, sample.name, sample.plan, sample.therapist, moved, tuple(x.change for x in causes)
    )


def _size(example: Example) -> int:
    return abs(example.moved.by or 0)


def _chosen(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The largest of each plan and kind first, then others that say something else."""
    ordered = sorted(examples, key=_size, reverse=True)
    ranks: Counter[tuple[str, str]] = Counter()
    ranked = sorted({_sort_of(each): each for each in reversed(ordered)}.values(), key=_size, reverse=True)
    places = []
    for place, each in enumerate(ranked):
        ranks[each.plan, each.kind] += 1
        places.append((ranks[each.plan, each.kind] > 1, place, each))
    return tuple(each for _, _, each in sorted(places, key=lambda x: x[:2])[:MOST_EXAMPLES])


def _sort_of(example: Example) -> tuple[Any, ...]:
    """Estimates that moved in the same way for the same reason are one to show."""
    went = example.moved
    return example.kind, example.plan, went.way, went.old, went.new, went.became, example.causes


def _groups(
    name: Callable[[Sample], str],
    samples: Sequence[Sample],
    found: Sequence[Outcome],
    names: Sequence[str] = (),
) -> tuple[Group, ...]:
    asked: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    amounts: dict[str, list[int]] = {}
    for sample, outcome in zip(samples, found, strict=True):
        if outcome.how in (EQUAL, ONCE, TWICE):
            asked[name(sample)] += 1
            if outcome.moved is not None:
                changed[name(sample)] += 1
                amounts.setdefault(name(sample), []).extend([outcome.moved.by] if outcome.moved.by else [])
    return tuple(
        Group(each, asked[each], changed[each], *_middle_and_most(amounts.get(each, ())))
        for each in names or sorted(asked)
    )


def _middle_and_most(amounts: Sequence[int]) -> tuple[int | None, int | None]:
    return (median_low(amounts), max(amounts, key=abs)) if amounts else (None, None)


def _changed(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Those in which anything changed, the most changed first."""
    return tuple(sorted((each for each in groups if each.changed), key=lambda x: (-x.changed, x.name)))


def _moving(causes: Iterable[Sequence[Cause]]) -> tuple[Moving, ...]:
    alone: Counter[int] = Counter()
    together: Counter[int] = Counter()
    amounts: dict[int, list[int]] = {}
    for each in (cause for group in causes for cause in group):
        if each.moved is None:
            together[each.change] += 1
            continue
        alone[each.change] += 1
        if each.moved.by:
            amounts.setdefault(each.change, []).append(each.moved.by)
    numbers = sorted({*alone, *together}, key=lambda x: (-alone[x], -together[x], x))
    return tuple(Moving(x, alone[x], together[x], *_middle_and_most(amounts.get(x, ()))) for x in numbers)


def _names(samples: Sequence[Sample], found: Sequence[Outcome], how: str) -> tuple[str, ...]:
    """The tests and written requests that one side alone answers; of generated ones only the ids."""
    names = []
    for sample, outcome in zip(samples, found, strict=True):
        if outcome.how == how:
            names.append(sample.name if sample.kind != KINDS[1] else sample.plan or sample.therapist)
    return tuple(dict.fromkeys(names))[:MOST_NAMES]
