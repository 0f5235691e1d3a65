"""One request as it is under the old rules and under the new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from coverage_service.checking.asked import Library
from coverage_service.checking.asked import asked as asked_in_test
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.estimates import Invalid, read_request
from coverage_service.rulebook.cases import PLAN, Case
from coverage_service.sources import Sources

TESTS, GRID, REQUESTS = "tests", "grid", "requests"
KINDS: Final = (TESTS, GRID, REQUESTS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the reference data it is answered from."""

    request: Request
    reference: Reference


@dataclass(frozen=True, slots=True)
class Sample:
    """A request as anybody may ask it; ``ask`` makes it from some rules, None where it cannot be.

    ``kind``: tests | grid | requests.  ``title`` makes its name, ``plan`` and ``therapist`` are
    ids or empty.  Samples of one ``client`` differ in the practice alone; 0 is nobody else's.
    """

    kind: str
    title: Callable[[], str]
    plan: str
    therapist: str
    ask: Callable[[Sources], Asked | None]
    client: int = 0

    @property
    def name(self) -> str:
        """What tells it apart, for people."""
        return self.title()


def of_tests(old: Sources, new: Sources) -> Iterator[Sample]:
    """The sessions and courses of the tests in the files of either side, each once."""
    seen = set()
    for case in (*_cases(new), *_cases(old)):
        key = (case.kind, case.entry, case.starts, case.name)
        if key not in seen:
            seen.add(key)
            plan, therapist = (case.entry, "") if case.kind == PLAN else ("", case.entry)
            yield Sample(TESTS, partial(_name_of, case), plan, therapist, partial(_of_case, case))


def _name_of(case: Case) -> str:
    return f"{case.entry}: {case.name}"


def _cases(sources: Sources) -> tuple[Case, ...]:
    return (*sources.book.cases, *sources.store.cases)


def _of_case(case: Case, sources: Sources) -> Asked | None:
    library = Library(sources.book.reference, sources.book.plans, sources.store.entries)
    entries: Mapping[str, Any] = library.plans if case.kind == PLAN else library.therapists
    if case.entry not in entries:
        return None
    supplement = entries[case.entry][0].supplements if case.kind == PLAN else None
    if supplement and supplement.plan not in library.plans:
        return None
    found = asked_in_test(case, library)
    return Asked(found.request, found.reference)


def of_requests(bodies: Iterable[tuple[str, Any]], today: date) -> Iterator[Sample]:
    """Requests that somebody wrote, as (name, decoded JSON), in the shape of the API."""
    for name, body in bodies:
        said = body if isinstance(body, dict) else {}
        ids = _id(said.get("plan")), _id(said.get("therapist"))
        yield Sample(REQUESTS, partial(str, name), *ids, partial(_of_body, body, today))


def _of_body(body: Any, today: date, sources: Sources) -> Asked | None:
    try:
        return Asked(read_request(body, sources, today), sources.book.reference)
    except Invalid:
        return None


def mistakes(body: Any, sources: Sources, today: date) -> tuple[str, ...]:
    """What is wrong with a request under some rules."""
    try:
        read_request(body, sources, today)
    except Invalid as invalid:
        return tuple(f"{x.path or '/'}: {x.message}; {x.remedy}" for x in invalid.problems)
    return ()


def _id(value: Any) -> str:
    return value if isinstance(value, str) else ""
