"""Where a course may be dearest, or cheapest, between two ends of what is left of a deductible.

With more of it left no visit costs less until a maximum is reached; from then on the therapy
lacks what other care took of the maximum.  So between two ends cost turns only where the
maximum is reached just between therapy and other care, or at the end of a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from coverage_service.core.runs import Run, Told
from coverage_service.core.schedule import THERAPY
from coverage_service.core.state import State
from coverage_service.core.unknowns import BETWEEN, HIGH, LOW, Variable, World


def turns(run: Callable[[World], Run], worlds: Iterable[World], variables: Iterable[Variable]) -> list[Run]:
    """Runs on both sides of every turn between the ends of each variable, the rest as in each world.

    Exact to the cent; none where a variable has nothing ``between``.
    """
    turning = [variable for variable in variables if variable.between]
    return [
        found
        for variable in turning
        for world in worlds
        if world[variable.id] == HIGH
        for found in _of_one(run, world, variable)
    ]


def _of_one(run: Callable[[World], Run], world: World, variable: Variable) -> list[Run]:
    found: list[Run] = []

    def search(low: int, high: int, before: tuple[bool, ...], after: tuple[bool, ...]) -> None:
        if high - low < 2 or before == after:
            return
        middle = (low + high) // 2
        between = run({**world, variable.id: BETWEEN + middle})
        found.append(between)
        there = reached(between.told)
        search(low, middle, before, there)
        search(middle, high, there, after)

    search(0, variable.between, *[reached(run({**world, variable.id: end}).told) for end in (LOW, HIGH)])
    return found


def reached(told: Told) -> tuple[bool, ...]:
    """Whether a maximum of the therapy is reached, wherever other care or another window follows."""
    terms, found = told.terms, []
    caps = {cap for slot in terms.slots for _, line in slot for cap in line.caps}
    state, before = State(terms), None
    for segment, offset, count, line, outcome in told.stretches:
        limits = terms.eras[segment.era]
        if before is not None and (segment.kind == THERAPY, segment.windows) != before:
            found.append(any(not state.left(limits[cap], cap) for cap in caps))
        before = (segment.kind == THERAPY, segment.windows)
        if segment.resets and not offset:
            state.reset(terms, limits, segment.resets)
        for slot in line.out_of_pocket_credits:
            state.credit(limits[slot], slot, outcome.counting * count, line.family_member)
    limits = terms.eras[-1]
    return (*found, any(not state.left(limits[cap], cap) for cap in caps))
