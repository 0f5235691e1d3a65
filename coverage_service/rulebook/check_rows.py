"""Rows that can never be used, that contradict each other, or that leave a session out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from coverage_service.core.cost_sharing import NOT_COVERED, Benefit
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import DiagnosisRule, Plan
from coverage_service.rulebook.nodes import At, Fields, Many, Node
from coverage_service.rulebook.reading import Reading
from coverage_service.rulebook.row_regions import (
    OTHER,
    Cell,
    Space,
    covers,
    diagnoses_meet,
    diagnosis_covers,
    differ,
    outlasts,
)

RULES = {
    "authorization": ("prior_authorization", True),
    "referral": ("referral", True),
    "telehealth": ("telehealth", False),
}
"""A ground of denial → the field that it stands on, and its value that refuses a visit."""
WORD = {True: "yes", False: "no"}
AFTERWARDS = ("coverage_inactive", "necessity", "late_claim")
"""Grounds that no fact known before a visit brings about: no estimate turns on them."""


def check_rows(plan: Plan, node: Fields, reading: Reading) -> None:
    """Shadows and contradictions are errors, in both kinds of rows; gaps among benefits are warned of.

    A plan in a request, which answers at once, is only looked through pair by pair.
    """
    nodes, coverage = _items(node, "benefits"), node.get("coverage")
    space = Space(plan.benefits if reading.in_file else (), reading.reference)
    _shadows(plan.benefits, space, nodes, reading)
    _diagnoses(plan, _items(coverage, "diagnoses") if isinstance(coverage, Fields) else [], reading)
    if reading.in_file:
        _liability(plan, node, reading)
        if space.cells:
            _contradictions(plan.benefits, space, nodes, reading)
            _gaps(plan.benefits, space, nodes, reading)


def _items(node: Fields, key: str) -> list[Node]:
    rows = node.get(key)
    return rows.items if isinstance(rows, Many) else []


def _shadows(rows: Sequence[Benefit], space: Space, nodes: list[Node], reading: Reading) -> None:
    for index, later in enumerate(rows):
        by = [i for i in range(index) if covers(rows[i], later, reading.reference)][:1]
        by = by or (_together(rows, index, space) if space.cells else [])
        if by:
            fit = "the row at {} fits" if len(by) == 1 else "the rows at {} fit"
            reading.error(
                nodes[index].at,
                f"this row can never be used: {fit.format(_places(rows, by))} first",
                "write the narrower row first, or leave one out",
            )


def _together(rows: Sequence[Benefit], index: int, space: Space) -> list[int]:
    """The earlier rows that leave nothing to a later one, each taking a part of it; none if any is left."""
    left, by = set(space.cells[index]), []
    for before in range(index):
        if rows[before].visits is None or outlasts(rows[before], rows[index]):
            taken = left & space.cells[before]
            left -= taken
            by += [before] * bool(taken)
    return [] if left else by


def _places(rows: Sequence[Benefit], which: Sequence[int]) -> str:
    return " and ".join(rows[index].origin.place for index in which)


def _contradictions(rows: Sequence[Benefit], space: Space, nodes: list[Node], reading: Reading) -> None:
    """Two rows for the same session with different results, neither of which is the narrower one."""
    for first, second in combinations(range(len(rows)), 2):
        one, other = rows[first], rows[second]
        if not differ(one, other) or (one.visits and not other.visits):
            continue
        here, there = space.cells[first], space.cells[second]
        both = set(here & there)
        for before in range(first):
            both -= space.cells[before] if rows[before].visits is None else set()
        if both and not here <= there and not there <= here:
            reading.error(
                nodes[second].at,
                f"{_told(min(both), min(both).code, space)} fits this row and the row at {one.origin.place}: "
                "they say different things",
                "write a row for it before both, or say in one of them what it is not for",
            )


def _gaps(rows: Sequence[Benefit], space: Space, nodes: list[Node], reading: Reading) -> None:
    """A code that rows serve in a network, but not for every modality, tier, licence or visit."""
    lasting: set[Cell] = set()
    for row, cells in zip(rows, space.cells, strict=True):
        lasting |= cells if row.visits is None else set()
    told: set[tuple[str, ...]] = set()
    for index, row in enumerate(rows):
        served = {(cell.code, cell.network) for cell in space.cells[index]}
        every = {x for code, network in served for x in _all_of(code, network, space)}
        missing = sorted(every - lasting)
        if missing and missing[0][1:] not in told:
            told.add(missing[0][1:])
            reading.warn(
                nodes[index].at,
                f"ROW_GAP: after this row and its like, none fits {_told(missing[0], row.service, space)}",
                "write a row for it; until then its cost sharing is unknown",
            )


def _all_of(code: str, network: str, space: Space) -> Iterator[Cell]:
    yield from (
        Cell(code, network, modality, tier, licence)
        for modality in ("in_person", "telehealth")
        for tier in space.tiers
        for licence in space.licences
    )


def _told(cell: Cell, service: str, space: Space) -> str:
    """A kind of session in words; a tier or licence only where rows tell them apart."""
    words = [service, cell.network, cell.modality.replace("_", " ")]
    if len(space.tiers) > 1:
        words.append(f"tier {cell.tier}" if cell.tier != OTHER else "in a tier that no row names")
    if len(space.licences) > 1:
        words.append(f"by {cell.licence}" if cell.licence != OTHER else "by a licence that no row names")
    return ", ".join(words)


def _diagnoses(plan: Plan, nodes: list[Node], reading: Reading) -> None:
    rules = plan.coverage.diagnoses
    for first, second in combinations(range(len(rules)), 2):
        one, other = rules[first], rules[second]
        if diagnosis_covers(one, other):
            reading.error(
                nodes[second].at,
                f"this row can never be used: the row at {one.origin.place} fits first",
                "write the narrower row first, or leave one out",
            )
        elif _differ(one, other) and diagnoses_meet(one, other) and not diagnosis_covers(other, one):
            reading.error(
                nodes[second].at,
                f"some lines fit this row and the row at {one.origin.place}: they say different things",
                "write a row for them before both",
            )


def _differ(one: DiagnosisRule, other: DiagnosisRule) -> bool:
    return one.covered is not other.covered


def _liability(plan: Plan, node: Fields, reading: Reading) -> None:
    """Who bears a denial that the plan, as it is written, cannot give."""
    coverage = node.get("coverage")
    who = coverage.get("liability") if isinstance(coverage, Fields) else None
    if not isinstance(who, Fields):
        return
    for ground, why, remedy in _denied_by_nothing(plan):
        if ground in who.entries:
            at: At = who.entries[ground][0].at
            reading.warn(at, f"NEVER_READ: '{ground}' denies nothing here, {why}", f"leave it out{remedy}")


def _denied_by_nothing(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """(ground, why no line of an estimate is refused on it, what else to write)."""
    for ground, (name, refuses) in RULES.items():
        asked = getattr(plan.coverage, name)
        if asked not in (refuses, UNKNOWN):
            said = "not named" if asked is None else WORD[asked]
            yield ground, f"{name} is {said}", f", or write {name}: {WORD[refuses]}"
    if not plan.visit_limits:
        yield "visit_limit", "the plan has no visit_limits", ", or write visit_limits beside coverage"
    if not any(row.network != "out" and row.cost_sharing is NOT_COVERED for row in plan.benefits):
        yield "no_benefit", "no row in network says not covered", ", or write such a row"
    for ground in AFTERWARDS:
        yield ground, "it is decided after the visit", ""
