"""Ready tests for every row that none touches and for every boundary that none stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coverage_service.checking.asked import Library, asked
from coverage_service.checking.coverage import FileCoverage
from coverage_service.checking.drafts import Draft, Drawer, Fields, about_the_same, answered, case_of
from coverage_service.checking.figures import found
from coverage_service.checking.rows import Row
from coverage_service.checking.suggest_edges import a_code_of, of_plan, of_scale
from coverage_service.checking.suggest_rows import for_rate, for_row
from coverage_service.checking.touched import touched
from coverage_service.core.plan import AllowedAmount, Plan
from coverage_service.core.therapist import Sliding, Therapist
from coverage_service.rulebook.cases import Case

LONGEST_NAME = 190
MOST_TRIED = 40
"""Sessions that are tried for one row."""


def suggestions(
    covered: Sequence[FileCoverage], cases: Sequence[Case], library: Library, files: Iterable[str]
) -> tuple[Draft, ...]:
    """Drafts for the entries of some files (``rules/payers/x.yaml``), in the order of the files."""
    wanted = set(files)
    drafts: list[Draft] = []
    for entry, later in _entries(library):
        if entry.origin.place.rpartition(":")[0] in wanted:
            rows = [row for each in covered for row in each.untouched if row.key[0] == entry.origin.place]
            own = [case for case in cases if (case.entry, case.starts) == (entry.id, entry.starts)]
            drafts += _of_entry(entry, later, rows, own, library)
    drafts += _of_rates(covered, library, wanted)
    return tuple(drafts)


def _entries(library: Library) -> Iterator[tuple[Plan | Therapist, bool]]:
    for plans in library.plans.values():
        yield from ((plan, plan is not plans[-1]) for plan in plans)
    for practices in library.therapists.values():
        yield from ((practice, practice is not practices[-1]) for practice in practices)


def _of_entry(
    entry: Plan | Therapist, later: bool, rows: Sequence[Row], own: Sequence[Case], library: Library
) -> Iterator[Draft]:
    taken = list(own)
    names = {case.name for case in own}
    for says, fields in _named(entry, later, rows, library):
        name = _free(says, names)
        case = case_of(entry, {"case": name, **fields})
        if not any(about_the_same(case, other) for other in taken):
            taken.append(case)
            names.add(name)
            yield answered(entry, {"case": name, **fields}, library)


def _free(says: str, names: set[str]) -> str:
    """A sentence that no other test of the entry is called by."""
    name = (says[:1].upper() + says[1:])[:LONGEST_NAME]
    number = 1
    while name in names:
        number += 1
        name = f"{says[:1].upper()}{says[1:LONGEST_NAME]} ({number})"
    return name


def _named(
    entry: Plan | Therapist, later: bool, rows: Sequence[Row], library: Library
) -> Iterator[tuple[str, Fields]]:
    if isinstance(entry, Therapist):
        yield from _of_practice(entry, rows)
        yield from of_scale(entry, library.reference)
        return
    draw = Drawer(entry, library)
    for row in rows:
        for fields in _deciding(row, entry, draw):
            yield f"{row.what} decides", fields
    if entry.supplements is None:
        yield from of_plan(entry, draw, later)


def _deciding(row: Row, plan: Plan, draw: Drawer) -> list[Fields]:
    """The first test that the row decides; both sides of a visit limit; the likeliest when none does."""
    every = list(for_row(row, plan, draw))
    if row.key[1].startswith("visit_limits"):
        return every
    for fields in every[:MOST_TRIED]:
        case = case_of(plan, {"case": row.what, **fields})
        if row.key in touched(case, found(case, asked(case, draw.library), frozenset())):
            return [fields]
    return every[:1]


def _of_practice(practice: Therapist, rows: Sequence[Row]) -> Iterator[tuple[str, Fields]]:
    """Fees that no test asks for; bands have their edges."""
    for row in rows:
        part, _, index = row.key[1].partition(".")
        if part == "fees":
            fee = practice.fees[int(index)]
            session: Fields = {"cpt": fee.cpt}
            if fee.from_minutes:
                session["minutes"] = fee.from_minutes
            yield f"{row.what} is asked", {"session": session, "expect": {"full_fee": "$0"}}
        elif row.key[1] == "sliding" and isinstance(practice.sliding, Sliding):
            code = a_code_of(practice, practice.sliding)
            household = {"size": 1, "area": "48", "income": "$30,000"}
            yield f"{row.what} decides", {"household": household, "session": {"cpt": code}}


def _of_rates(covered: Sequence[FileCoverage], library: Library, wanted: set[str]) -> Iterator[Draft]:
    """A row of a schedule is tested in the file of a plan that reads it in network."""
    for each in covered:
        for row in each.untouched if each.file in wanted else ():
            session, plan = for_rate(row), _reader(row.entry, library)
            if session is None or plan is None:
                continue
            fields = {"case": f"{row.what[:1].upper()}{row.what[1:]} of {row.entry}", "session": {
                **session, "diagnosis": Drawer(plan, library).diagnosis, "network": "in", "billed": "$400",
            }}  # fmt: skip
            yield answered(plan, fields, library)


def _reader(schedule: str, library: Library) -> Plan | None:
    """The last entry of a plan whose in-network amounts are those of a schedule."""
    for dated in library.plans.values():
        way = dated[-1].allowed.get("in")
        if isinstance(way, AllowedAmount) and way.schedule == schedule:
            return dated[-1]
    return None
