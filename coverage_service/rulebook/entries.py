"""Dated entries of one id, gathered from all files: their order, overlaps and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, Protocol, TypeVar

from coverage_service.rulebook.files import FileFacts
from coverage_service.rulebook.problems import ERROR, WARNING, Problem
from coverage_service.rulebook.reading import nearest


class Dated(Protocol):
    """A fact with an id and an interval; ``ends`` None is open."""

    @property
    def id(self) -> str: ...
    @property
    def starts(self) -> date | None: ...
    @property
    def ends(self) -> date | None: ...


D = TypeVar("D", bound=Dated)
Spot = tuple[str, int, int]
NEVER: Final = date.max


def gather(
    files: Iterable[tuple[str, FileFacts]],
) -> tuple[Mapping[str, tuple[Any, ...]], tuple[Problem, ...]]:
    """Entries by id, each id's in the order of time, and what is wrong between them."""
    by_id: dict[str, list[tuple[Any, Spot]]] = {}
    for path, found in files:
        for fact, (line, column) in zip(found.facts, found.places, strict=True):
            by_id.setdefault(fact.id, []).append((fact, (path, line, column)))
    problems: list[Problem] = []
    for entries in by_id.values():
        if len(entries) > 1:
            entries.sort(key=lambda x: (x[0].starts or date.min, x[1]))
            for one, two in pairwise(entries):
                problems.extend(_between(one, two))
    return {name: tuple(fact for fact, _ in entries) for name, entries in sorted(by_id.items())}, tuple(
        problems
    )


def _between(one: tuple[Any, Spot], two: tuple[Any, Spot]) -> Iterable[Problem]:
    (first, place), (second, here) = one, two
    ends, starts = first.ends or NEVER, second.starts or date.min
    other = f"the entry at {place[0]}:{place[1]}:{place[2]}"
    if starts <= ends:
        until = f"until {ends}" if first.ends else "without an end"
        message = f"'{second.id}' from {starts} overlaps {other}, which runs {until}"
        yield Problem(
            *here, message, f"end that one on {starts - timedelta(1)}, or start this one later", ERROR
        )
    elif starts > ends + timedelta(1):
        message = (
            f"'{second.id}' has a gap from {ends + timedelta(1)} to {starts - timedelta(1)} after {other}"
        )
        yield Problem(*here, message, "write an entry for those days, or join the two", WARNING)


def missing_plans(files: Iterable[tuple[str, FileFacts]], plans: Iterable[str]) -> Iterable[Problem]:
    """Plans that are named somewhere and defined nowhere."""
    known = tuple(plans)
    lookup = set(known)
    for path, found in files:
        for name, line, column in found.references:
            if name not in lookup:
                yield Problem(path, line, column, f"'{name}' is not a known plan", nearest(name, known))
