"""Low, planning, typical and high runs of a pathway, and what each unknown swings.

Low and high are two runs per case; cases are the combinations of the alternatives
(``definitions`` 5).  No sampling, no averages, no probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from coverage_service.core.one_line import Memo
from coverage_service.core.runs import Run, Totals, course_told, given_back, least, most
from coverage_service.core.schedule import COURSE, WINDOWS
from coverage_service.core.selfpay import Route
from coverage_service.core.terms import BOUNDLESS, Terms
from coverage_service.core.turning import ceiling, turns
from coverage_service.core.unknowns import HIGH, LOW, TYPICAL, Variable, World, base_world, planned

MOST_CASES = 64


@dataclass(slots=True)
class Ranges:
    """The runs of one scenario; None where a run has no basis.

    ``low``/``high`` are per-window ends over all cases; ``low_run``/``high_run`` the runs
    that set the course total's ends.  ``unsupported`` says per window whether the low end
    hangs on a missing fact (1), the first of which ``low_reason`` names, or on rules (0).
    ``swings``: those of the pathway's first scenario, for the others are worlds apart.
    """

    runner: Runner
    low: Totals
    high: Totals
    low_run: Run
    high_run: Run
    planning: Run | None
    typical: Run | None
    variables: tuple[Variable, ...]
    envelope: str
    unsupported: Totals
    low_reason: str | None
    swings: dict[str, int | None] = field(default_factory=dict)

    def base(self) -> Run:
        """Every unknown at planning, else where the high run has it."""
        return self.runner.run(base_world(self.variables, self.high_run.world))

    def idle(self, variable: Variable) -> bool:
        """Whether an unknown with a default moves no end of any window: no answer would tell more."""
        if not variable.planning or variable.bottomless:
            return False
        worlds = [run.world for run in (self.low_run, self.base(), self.high_run)]
        ends = variable.tried() or (LOW, HIGH)
        return all(
            len({self.runner.run({**world, variable.id: end}).totals for end in ends}) == 1
            for world in worlds
        )


def _all_care(run: Run) -> tuple[int, int]:
    """The cents of the course; of equal ones those of the year with all other care decide."""
    return run.totals[COURSE], run.told.year_with_other_care


Priced = dict[str, Ranges]
"""Scenario name → its ranges."""


class Runner:
    """Runs one scenario of a route; splits are remembered for the whole estimate."""

    def __init__(self, route: Route, scenario: str, memo: Memo) -> None:
        self.route = route
        self.scenario = scenario
        self.memo = memo
        self.variables = route.variables(scenario)
        self.ids = tuple(v.id for v in self.variables)
        dated = self.route.course.dated(self.ids)
        self.timetable = None if dated else self.route.course.timetable({})
        self.known: dict[tuple[int | None, ...], Run] = {}

    def run(self, world: World) -> Run:
        """One run in one world, remembered."""
        key = tuple(map(world.get, self.ids))
        found = self.known.get(key)
        if found is None:
            terms = self.route.terms(world, self.scenario)
            found = self.known[key] = self._run(world, terms)
        return found

    def _run(self, world: World, terms: Terms) -> Run:
        course = self.route.course
        timetable = self.timetable or course.timetable(world)
        told = course.ran.get((timetable, terms))
        if told is None:
            told = course.ran[timetable, terms] = course_told(timetable, terms, self.memo)
        return Run(world, told, told.totals)

    def rerun(self, run: Run, terms: Terms) -> Run:
        """The same world with other Terms (another starting state)."""
        return self._run(run.world, terms)

    def ranges(self, swung: bool = True) -> Ranges:
        """All runs of the scenario and its envelope; ``swung``: what its unknowns move as well."""
        intervals = [v for v in self.variables if not v.tried()]
        choices = [v for v in self.variables if v.tried()]
        envelope = "exact"
        rest: list[Variable] = []
        if prod(len(v.tried()) for v in choices) > MOST_CASES:
            choices, rest = self._largest(choices, intervals)
            envelope = "outer"
        low_ends = {v.id: v.favourable() for v in intervals}
        high_ends = {v.id: v.unfavourable() for v in intervals}
        lows, highs = [], []
        for combination in product(*(v.tried() for v in choices)):
            case = {v.id: value for v, value in zip(choices, combination, strict=True)}
            lows.append(self.run(self._settled({**case, **low_ends}, rest, min)))
            highs.append(self.run(self._settled({**case, **high_ends}, rest, max)))
        turning = [v for v in choices if v.between]
        cheaper, cheapest_seen = turns(self.run, lows, turning, LOW)
        dearer, dearest_seen = turns(self.run, highs, turning, HIGH)
        lows, highs = lows + cheaper, highs + dearer
        bounds = [] if dearest_seen else [ceiling(run.told) for run in highs]
        envelope = envelope if cheapest_seen and dearest_seen else "outer"
        found = Ranges(
            runner=self,
            low=least([given_back(run) for run in lows]),
            high=most([*bounds, *[run.totals for run in highs]]),
            low_run=min(lows, key=_all_care),
            high_run=max(highs, key=_all_care),
            planning=self._planning(),
            typical=self._typical(),
            variables=self.variables,
            envelope=envelope,
            unsupported=(int(not cheapest_seen),) * len(WINDOWS),
            low_reason=None if cheapest_seen else turning[0].public_id,
        )
        self._support(found)
        if swung:
            self._swings(found)
        return found

    def _support(self, found: Ranges) -> None:
        """Whether a low end hangs on missing facts: with all at their dear end, is it higher?

        Where it is, the low end would count what is missing as nothing and is not given.
        """
        missing = [v for v in self.variables if v.bottomless]
        if not missing:
            return
        dear = dict(found.low_run.world)
        for variable in missing:
            if not variable.tried():
                dear[variable.id] = variable.unfavourable()
        for variable in missing:
            if variable.tried():
                dear[variable.id] = self._dear_end(variable, dear)
        there = self.run(dear).totals
        hanging = [int(a > b) for a, b in zip(there, found.low_run.totals, strict=True)]
        found.unsupported = tuple(map(max, hanging, found.unsupported))
        found.low_reason = found.low_reason or (missing[0].public_id if any(hanging) else None)

    def _dear_end(self, variable: Variable, world: World) -> int:
        return max(variable.tried(), key=lambda end: self.run({**world, variable.id: end}).totals[COURSE])

    def _largest(
        self, choices: list[Variable], intervals: list[Variable]
    ) -> tuple[list[Variable], list[Variable]]:
        """The choices of largest swing, of which all cases are tried, and the rest."""
        low = self._settled({v.id: v.favourable() for v in intervals}, choices, min)
        high = self._settled({v.id: v.unfavourable() for v in intervals}, choices, max)
        swings = {v.id: max(self._swing(world, v) for world in (low, high)) for v in choices}
        ordered = sorted(choices, key=lambda v: -swings[v.id])
        kept: list[Variable] = []
        while ordered and prod(len(v.tried()) for v in kept) * len(ordered[0].tried()) <= MOST_CASES:
            kept.append(ordered.pop(0))
        return kept, ordered

    def _settled(
        self, ends: Mapping[str, int], choices: list[Variable], best: Callable[..., int]
    ) -> dict[str, int]:
        """A world in which no choice alone could come out better: each in turn takes its best."""
        world = {**ends, **{v.id: v.tried()[v.default] for v in choices}}
        for _ in range(len(choices)):
            before = dict(world)
            for variable in choices:
                totals = self._tried(world, variable)
                if best(totals.values()) != totals[world[variable.id]]:
                    world[variable.id] = best(totals, key=totals.__getitem__)
            if world == before:
                break
        return world

    def _tried(self, world: World, variable: Variable) -> dict[int, int]:
        """The course's total at each of a choice's alternatives, the rest as it is in a world."""
        return {end: self.run({**world, variable.id: end}).totals[COURSE] for end in variable.tried()}

    def _swing(self, world: World, variable: Variable) -> int:
        totals = self._tried(world, variable).values()
        return max(totals) - min(totals)

    def _planning(self) -> Run | None:
        if not all(v.planning for v in self.variables):
            return None
        return self.run(planned(self.variables))

    def _typical(self) -> Run | None:
        if not any(v.typical for v in self.variables):
            return None
        if not all(v.planning or v.typical for v in self.variables):
            return None
        return self.run({**planned(self.variables), **{v.id: TYPICAL for v in self.variables if v.typical}})

    def _swings(self, found: Ranges) -> None:
        """What each unknown swings alone, the others at planning, else unfavourable."""
        base = base_world(self.variables, found.high_run.world)
        together: dict[str, list[Variable]] = {}
        for variable in self.variables:
            if variable.ends:
                together.setdefault(variable.public_id, []).append(variable)
            else:
                ends = variable.tried() or (LOW, HIGH)
                self._swung(found, variable, [{**base, variable.id: end} for end in ends])
        for several in together.values():
            while prod(len(v.ends) for v in several) > MOST_CASES:
                several.pop()
            ids = [v.id for v in several]
            ends_of_all = product(*(v.ends for v in several))
            worlds: list[World] = [{**base, **dict(zip(ids, e, strict=True))} for e in ends_of_all]
            runs = [self.run(world) for world in worlds]
            turning = [v for v in several if v.between]
            worlds += [run.world for end in (LOW, HIGH) for run in turns(self.run, runs, turning, end)[0]]
            self._swung(found, several[0], worlds)

    def _swung(self, found: Ranges, variable: Variable, worlds: Iterable[World]) -> None:
        """Keep what an unknown swings over some worlds: the most of what its variables do."""
        totals = [self.run(world).totals[COURSE] for world in worlds]
        swing = max(totals) - min(totals)
        name = variable.public_id
        known = swing < BOUNDLESS
        before = found.swings.get(name, 0)
        found.swings[name] = max(swing, before) if known and before is not None else None
