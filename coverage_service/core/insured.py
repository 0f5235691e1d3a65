"""An insured pathway: from facts and one world to the Terms of a course."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_service.core.answer import Note
from coverage_service.core.benefits import readings_of
from coverage_service.core.cost_sharing import When
from coverage_service.core.facts import Unknown
from coverage_service.core.insured_variables import variables_of
from coverage_service.core.liability import OPEN
from coverage_service.core.limit_slots import limit_slots
from coverage_service.core.limit_terms import METHODS
from coverage_service.core.limit_variables import APART, apart_from, visits_used
from coverage_service.core.lines import LineMaker
from coverage_service.core.other_care import OtherVisits
from coverage_service.core.plan import Plan, VisitLimit
from coverage_service.core.priced import COVERED, REFUSED, Facts, Offer, priced_codes, settings_of
from coverage_service.core.terms import UNSEEN, Slot, Terms
from coverage_service.core.unknowns import HIGH, LOW, PLANNING, Variable, World

PER_ISSUE = "issue"
"""The pool of an employee programme: free sessions per issue, which no year starts again."""
ALL_USED = 10**6
"""Visits of a pool when its first-visit price is all used up."""
NOT_OF_A_LINE = frozenset(
    {
        "ded_remaining",
        APART,
        "freq_length",
        "plan_year",
        "first_n",
        "visit_limit",
        "eap",
        "household_income",
        "family_method",
    }
)
"""Unknowns that change where a course starts or how long it is, but no line of it."""


class Insured:
    """One insured pathway of a plan: in network, out of network, or a gap exception.

    ``variables(scenario)`` are the unknowns it reads; ``terms(world, scenario)`` its Terms.
    """

    def __init__(self, facts: Facts, offer: Offer) -> None:
        self.facts = facts
        self.offer = offer
        self.course = facts.course
        self.limits = limit_slots(facts)
        self.settings = settings_of(facts, offer.network)
        self.priced = priced_codes(facts, offer, self.settings)
        self.visit_limits = tuple(
            dict.fromkeys(x for plan in facts.course.entries for x in plan.visit_limits)
        )
        self.pools = pools_of(facts.course.entries)
        self.makes = LineMaker(facts, offer, self.limits, self.pools, self.visit_limits, self.settings)
        self.scenarios = self._scenarios()
        codes = list(self.priced.values())
        wordings = frozenset([row.cost_sharing for priced in codes for row in priced.alternatives])
        self.others = OtherVisits(self.makes, wordings)
        self.apart = apart_from(self.makes, self.others, codes)
        self._variables = {
            name: variables_of(self.makes, self.others, codes, name) for name in self.scenarios
        }
        self._line_ids = tuple(
            dict.fromkeys(
                v.id for found in self._variables.values() for v in found if v.id not in NOT_OF_A_LINE
            )
        )
        self._conditional = any(
            phrase.when is not When.ALWAYS
            for priced in codes
            for row in priced.alternatives
            for reading in readings_of(row.cost_sharing)
            for phrase in reading
        )
        self._slots: dict[tuple[object, ...], tuple[Slot, ...]] = {}
        self._terms: dict[tuple[object, ...], Terms] = {}
        self._calendar = frozenset(
            len(self.pools) + index
            for index, limit in enumerate(self.visit_limits)
            if limit.per == "calendar_year"
        )

        self._lasting = frozenset(index for index, pool in enumerate(self.pools) if pool == PER_ISSUE)

    def _scenarios(self) -> tuple[str, ...]:
        verdicts = {priced.gate.verdict for priced in self.priced.values()}
        if "unknown" in verdicts:
            return (COVERED, REFUSED)
        return (REFUSED,) if verdicts == {"no"} else (COVERED,)

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """The unknowns that a scenario of this pathway reads."""
        return self._variables[scenario]

    @property
    def reasons(self) -> tuple[Note, ...]:
        """The reasons of every step of the coverage gate, each told once."""
        found: list[Note] = []
        for priced in self.priced.values():
            found += [note for note in priced.gate.reasons if note not in found]
        return tuple(found)

    @property
    def liability(self) -> str | None:
        """Who bears a refused line: patient, provider or unknown; None when all is covered."""
        said = {priced.liability for priced in self.priced.values() if priced.gate.verdict != "yes"}
        return said.pop() if len(said) == 1 and not said & OPEN.keys() else "unknown" if said else None

    @property
    def coverage_ids(self) -> tuple[str, ...]:
        """The questions that settle whether it is covered; who bears a refusal is an unknown of that case."""
        ids = dict.fromkeys(id for priced in self.priced.values() for id in priced.gate.unknown_ids)
        return tuple(id for id in ids if id not in OPEN.values())

    def terms(self, world: World, scenario: str) -> Terms:
        """The Terms of a course in one world and scenario; made once where they are the same."""
        left = world.get("ded_remaining", PLANNING)
        exact = left == PLANNING or not self._conditional
        lines = (scenario, exact, *map(world.get, self._line_ids))
        income, method = world.get("household_income", HIGH), world.get("family_method", 0)
        key = (lines, left, income, method, *map(world.get, (APART, "first_n", "visit_limit")))
        found = self._terms.get(key)
        if found is None:
            slots = self._slots.get(lines) or self._made(lines, world, scenario)
            found = self._terms[key] = self._starting(slots, world)
        return found

    def unseen(self, world: World) -> Terms:
        """The Terms of a course of which the plan sees only the other care, in one of its own worlds."""
        return self._starting((UNSEEN,) * len(self.course.positions) + self.others.slots(world), world)

    def _starting(self, slots: tuple[Slot, ...], world: World) -> Terms:
        """Terms with the plan's limits and with what is used at the start in a world."""
        left, method = world.get("ded_remaining", PLANNING), METHODS[world.get("family_method", 0)]
        apart = world.get(APART, left)
        apart_ends = dict.fromkeys(self.apart, apart)
        return Terms(
            slots=slots,
            eras=self.limits.eras(left, world.get("household_income", HIGH), method),
            used=self.limits.used(left) if apart == left else self.limits.used_apart(left, apart_ends),
            members_met=self.limits.members(left),
            counters=self._counters(world),
            calendar_counters=self._calendar,
            lasting_counters=self._lasting,
        )

    def _made(self, key: tuple[object, ...], world: World, scenario: str) -> tuple[Slot, ...]:
        """The candidates per position; made once for all worlds in which they are the same."""
        made = [
            self.makes.slot(self.priced[(position.era, position.code(world))], world, scenario)
            for position in self.course.positions
        ]
        found = self._slots[key] = (*made, *self.others.slots(world))
        return found

    def _counters(self, world: World) -> tuple[int, ...]:
        if not self.pools and not self.visit_limits:
            return ()
        used = self.facts.request.used.visits
        assumed = world.get("first_n", ALL_USED)
        pools = [used.get(pool, assumed) for pool in self.pools]
        return (*pools, *[self._visits_at(limit, world) for limit in self.visit_limits])

    def _visits_at(self, limit: VisitLimit, world: World) -> int:
        used = visits_used(limit, self.facts.request)
        end = world.get("visit_limit", HIGH)
        if isinstance(limit.visits, Unknown):
            return 0 if end == LOW else ALL_USED
        if used is not None:
            return used
        return 0 if end == LOW else limit.visits


def pools_of(entries: Sequence[Plan]) -> dict[str, tuple[str, ...]]:
    """Every pool of first visits and the services it counts; one only a row names counts that row's.

    A pool that a later entry of the plan names again is the one before.
    """
    found: dict[str, tuple[str, ...]] = {}
    for plan in entries:
        named = dict(plan.pools)
        for row in plan.benefits:
            if row.visits is not None and row.visits.pool not in plan.pools:
                named[row.visits.pool] = (*named.get(row.visits.pool, ()), row.service)
        found = named | found
    return found
