"""Run tests of rule files: what each expects, what was found, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from coverage_service.checking.asked import Library, asked
from coverage_service.checking.figures import Figure, Found, found
from coverage_service.core.facts import Unknown
from coverage_service.rulebook.cases import Case, Expect


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not come out."""

    name: str
    expected: Figure
    found: Figure


@dataclass(frozen=True, slots=True)
class Checked:
    """A test that ran; it passed when nothing differs."""

    case: Case
    found: Found
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences


def check(case: Case, library: Library) -> Checked:
    """Run one test."""
    wanted = expectations(case.expect)
    result = found(case, asked(case, library), frozenset(wanted))
    return Checked(case, result, tuple(_differences(wanted, result)))


def confirmed(cases: Iterable[Case]) -> list[Case]:
    """The tests whose figures a person has compared with the document: only they prove anything."""
    return [case for case in cases if case.confirmed]


def run(cases: Iterable[Case], library: Library) -> Iterator[Checked]:
    """Run tests one after the other."""
    return (check(case, library) for case in cases)


def expectations(expect: Expect) -> dict[str, Figure]:
    """What a test demands, in the words of ``figures``."""
    said = {each.name: getattr(expect, each.name) for each in fields(expect)}
    return {name: _figure(value) for name, value in said.items() if value is not None}


def _figure(value: object) -> Figure:
    if isinstance(value, Unknown):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    assert isinstance(value, (int, str))
    return value


def _differences(wanted: dict[str, Figure], result: Found) -> Iterator[Difference]:
    for name, expected in wanted.items():
        if name in ("reason", "without_reason"):
            if (expected in result.reasons) != (name == "reason"):
                yield Difference(name, expected, ", ".join(sorted(result.reasons)) or None)
        elif (figure := result.figures.get(name)) != expected:
            yield Difference(name, expected, figure)


def matching(cases: Iterable[Case], words: Iterable[str]) -> list[Case]:
    """The tests of which every word is in the plan's or practice's id, the name or the file."""
    lowered = [word.lower() for word in words]
    return [
        case
        for case in cases
        if all(word in f"{case.entry} {case.name} {case.origin.place}".lower() for word in lowered)
    ]
