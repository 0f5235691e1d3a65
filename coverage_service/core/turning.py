"""Where a course may be dearest, or cheapest, between two ends of an unknown.

With more of a deductible left no visit costs less until a maximum is reached; from then on the
therapy lacks what other care took of the maximum.  So cost turns only where the maximum is
reached just between therapy and other care, or at the end of a window.  With a larger allowed
amount, of which a health centre caps the share, the deductible ends sooner at the same cost: it
turns where another visit ends it, and where a share reaches the cap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coverage_service.core.runs import Run, Told, Totals
from coverage_service.core.schedule import COURSE, THERAPY
from coverage_service.core.state import State
from coverage_service.core.terms import Line
from coverage_service.core.unknowns import BETWEEN, HIGH, LOW, Variable, World

Marks = tuple[object, ...]
"""What is the same all along where cost follows one line."""


def turns(
    run: Callable[[World], Run], runs: Sequence[Run], variables: Sequence[Variable], end: int
) -> tuple[list[Run], bool]:
    """Runs beside the turns of each variable that are cheaper (LOW) or dearer (HIGH) than some, to the cent.

    The rest is as in the runs.  The last variable comes first (that of an intake, which is one
    visit), and where it turns the others are looked at.
    The second part tells whether every turn was looked at: the more visits, the fewer are.
    """
    if not variables:
        return [], True
    search = _Search(run, end, runs)
    there = list(runs)
    for left, variable in reversed(list(enumerate(variables))):
        worlds = [each.world for each in there if each.world[variable.id] == HIGH]
        there += [found for world in worlds for found in search.of(world, variable, all=left > 0)]
    return there[len(runs) :], search.left > 0


MOST_VISITS = 20_000
"""Visits priced in one search: enough for two open amounts of forty visits each time."""


class _Search:
    """Looks for runs that are cheaper, or dearer, in a window than the best one known."""

    def __init__(self, run: Callable[[World], Run], end: int, runs: Sequence[Run]) -> None:
        self.run = run
        self.end = end
        self.left = MOST_VISITS // max(1, sum(count for _, count in runs[0].told.timetable.visits[COURSE]))
        self.better = min if end == LOW else max
        self.best = [self.better(each) for each in zip(*[run.totals for run in runs], strict=True)]

    def of(self, world: World, variable: Variable, all: bool) -> list[Run]:
        """The runs that are better than those before; ``all``: and those beside every turn."""
        beside: list[int] = []
        found: list[Run] = []
        marks = reached if variable.id == "ded_remaining" else phases

        def at(end: int) -> Run:
            self.left -= 1
            run = self.run({**world, variable.id: end})
            best = list(map(self.better, self.best, run.totals))
            if best != self.best:
                self.best = best
                found.append(run)
            return run

        def search(low: int, high: int, before: Run, after: Run, ends: tuple[Marks, Marks]) -> None:
            if self.left <= 0 or ends[0] == ends[1] or not self._hopes(before, after, high - low, all):
                return
            if high - low < 2:
                beside.extend((low, high))
                return
            middle = (low + high) // 2
            between = at(BETWEEN + middle)
            there = marks(between.told)
            search(low, middle, before, between, (ends[0], there))
            search(middle, high, between, after, (there, ends[1]))

        first, last = at(LOW), at(HIGH)
        search(0, variable.between, first, last, (marks(first.told), marks(last.told)))
        turning = [cents for cents in dict.fromkeys(beside) if 0 < cents < variable.between]
        return found + ([at(BETWEEN + cents) for cents in turning[: max(0, self.left)]] if all else [])

    def _hopes(self, before: Run, after: Run, cents: int, all: bool) -> bool:
        """Whether a run between two may be better in a window.

        A cent more or less moves no visit, and what it leaves to the others, by more than two.
        """
        bounds = ceiling(after.told) if self.end == HIGH else (0,) * len(self.best)
        for window, best in enumerate(self.best):
            bound = bounds[window]
            if not all:
                lines = sum(count for _, count in after.told.timetable.visits[window])
                ends, reach = before.totals[window] + after.totals[window], 2 * lines * cents
                near = (ends + reach) // 2 if self.end == HIGH else (ends - reach) // 2
                bound = min(bound, near) if self.end == HIGH else max(bound, near)
            if self.better(bound, best) != best:
                return True
        return False


def ceiling(told: Told) -> Totals:
    """The most that the therapy of each window may cost at these prices, in cents."""
    slots = [max(_most(guarded.line) for guarded in slot) for slot in told.terms.slots]
    return tuple([sum(slots[slot] * count for slot, count in each) for each in told.timetable.visits])


def _most(line: Line) -> int:
    return min(line.allowed, line.share_cap) + line.balance if line.covered else line.noncovered


def phases(told: Told) -> Marks:
    """How each visit is paid: of which parts its share is made, and whether it is capped."""
    return (
        *[(line.cpt, count, *map(bool, outcome.parts)) for _, _, count, line, outcome in told.stretches],
        *reached(told),
    )


def reached(told: Told) -> Marks:
    """Whether a maximum of the therapy is reached, wherever other care or another window follows."""
    terms, found = told.terms, []
    caps = {cap for slot in terms.slots for _, line in slot for cap in line.caps}
    if not caps:
        return ()
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
