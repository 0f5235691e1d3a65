"""Lines of an insured pathway in one world: covered by a benefit row, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coverage_service.core.benefits import Reading, Row, Setting, per_day, question_of, readings_of, steps_of
from coverage_service.core.cost_sharing import NOT_COVERED, When
from coverage_service.core.coverage import leave_needed
from coverage_service.core.facts import Unknown
from coverage_service.core.liability import OPEN, Liability
from coverage_service.core.limit_slots import LimitSlots
from coverage_service.core.money import WHOLE, share
from coverage_service.core.plan import Plan, UpTo, VisitLimit
from coverage_service.core.priced import Facts, Offer, Priced, setting_index
from coverage_service.core.readings import conditional, settled_reading, takes_deductible
from coverage_service.core.terms import (
    IN_NETWORK,
    TO_CLINICIAN,
    TO_MEMBER,
    UNLIMITED,
    Guarded,
    Line,
    Op,
    Slot,
    Step,
)
from coverage_service.core.unknowns import BETWEEN, HIGH, LOW, PEAK, PLANNING, TYPICAL, World
from coverage_service.core.wordings import texts_of

ALL_OF_IT = (Step(int(Op.COINSURANCE), 10_000),)
"""Cost sharing of which nothing is known: at most the whole allowed amount."""
CLINICIAN = "clinician"
NEVER = 10**6
"""A visit limit whose number is not known."""
OF_STEPS = ("ded_remaining", "ded_remaining:phase", "cost_share:choice", "cost_share")
"""The unknowns that the steps of a reading depend on, besides one nobody described."""
BEARS = {"denial_liability": ("patient", "provider"), "waiver_signed": ("provider", "patient")}
"""Who bears a refused line, by the alternative taken of the question that is open."""
RATES = ("contracted", "billed")


@dataclass(slots=True)
class LineMaker:
    """Makes the candidate lines of a code; ``pools`` and visit limits number the counters.

    Equal lines of a row are one line (``made``), so that what is known of it is found again.
    """

    facts: Facts
    offer: Offer
    limits: LimitSlots
    pools: dict[str, tuple[str, ...]]
    visit_limits: tuple[VisitLimit, ...]
    settings: tuple[Setting, ...]
    made: dict[tuple[object, ...], Line] = field(default_factory=dict)
    steps: dict[tuple[object, ...], tuple[Step, ...]] = field(default_factory=dict)
    frames: dict[tuple[object, ...], dict[str, Any]] = field(default_factory=dict)

    def slot(self, priced: Priced, world: World, scenario: str) -> Slot:
        """The candidates: first-visit rows while they last, then the rest, then refusal."""
        if priced.refuses(scenario):
            return (Guarded((), self.refused(priced, world, priced.liability)),)
        caps = self.visit_caps(priced)
        found = []
        for row in priced.rows[setting_index(world)]:
            found.append(Guarded((*caps, *self.first_visits(row)), self.covered(priced, row, world)))
        if caps:
            found.append(Guarded((), self.refused(priced, world, priced.beyond_limit, limit_reached=True)))
        return tuple(found)

    def first_visits(self, row: Row) -> tuple[tuple[int, int], ...]:
        """(counter, visits) of the first visits to which a row holds; () for one that holds always."""
        if row.visits is None:
            return ()
        return ((list(self.pools).index(row.visits.pool), row.visits.visits),)

    def visit_caps(self, priced: Priced) -> tuple[tuple[int, int], ...]:
        """(counter, visits) of each visit limit that counts this code."""
        return tuple(
            (len(self.pools) + index, NEVER if isinstance(limit.visits, Unknown) else limit.visits)
            for index, limit in self.limits_of(priced)
        )

    def limits_of(self, priced: Priced) -> tuple[tuple[int, VisitLimit], ...]:
        """Each visit limit of the code's entry that counts it, with its place among the plan's."""
        return tuple([x for x in self._counting(priced) if x[1] in priced.plan.visit_limits])

    def _counting(self, priced: Priced) -> list[tuple[int, VisitLimit]]:
        return [x for x in enumerate(self.visit_limits) if set(x[1].services) & set(priced.services)]

    def amounts(self, priced: Priced, world: World) -> tuple[int, int]:
        """Billed and allowed cents of a code in a world."""
        charge = priced.billed.at(world.get(priced.fee_id, HIGH))
        end = world.get(priced.allowed_id, PLANNING)
        if PEAK <= end < BETWEEN:
            return charge, self._peak(priced, charge, end - PEAK)
        return charge, priced.allowed.at(end, charge)

    def _peak(self, priced: Priced, charge: int, below: int) -> int:
        """The allowed amount at which a limited balance bill is largest, inside the interval."""
        rule = priced.plan.balance_billing.get("out")
        percent = rule.percent if isinstance(rule, UpTo) else 0
        inside = -(-charge * WHOLE // (WHOLE + percent)) - below
        return min(max(inside, priced.allowed.at(LOW, charge)), priced.allowed.at(HIGH, charge))

    def covered(self, priced: Priced, row: Row, world: World) -> Line:
        """The line when the plan covers it and this row applies."""
        if row.cost_sharing is NOT_COVERED:
            return self.refused(priced, world, priced.no_benefit)
        charge, allowed = self.amounts(priced, world)
        reading = self.reading(row, world)
        frame = self._frame(priced, row, reading, world)
        steps = self._steps_once(reading, world, (priced.allowed_id, priced.fee_id))
        balance, write_off = self._above(priced.plan, charge, allowed, world)
        cap = self._share_cap(priced, world)
        key = (id(frame), steps, charge, allowed, balance, cap)
        if key not in self.made:
            self.made[key] = Line(
                billed=charge,
                allowed=allowed,
                write_off=write_off,
                balance=balance,
                steps=steps,
                share_cap=cap,
                reasons=(*leave_needed(priced.gate), *lesser_of_reason(priced, charge)),
                **frame,
            )
        return self.made[key]

    def _frame(self, priced: Priced, row: Row, reading: Reading | None, world: World) -> dict[str, Any]:
        """What the line of a row carries whatever its amounts are; made once."""
        key = (id(priced), id(row), id(reading), world.get("cross:choice"))
        if key not in self.frames:
            plan = priced.plan
            self.frames[key] = {
                **self.limits.met_by(reading, plan, self.offer.network, world),
                "cpt": priced.cpt,
                "advances": self._advances(priced),
                "waives": any(p.when is When.MET for p in reading or ()) and takes_deductible(reading or ()),
                "per_day": per_day(reading) if reading is not None else 0,
                "clinician": self.facts.therapist.id if self.facts.therapist else "",
                "paying": self.paying(plan),
                "sequestration": plan.sequestration,
                "why": (*priced.why, self._why(priced, row)),
            }
        return self.frames[key]

    def _why(self, priced: Priced, row: Row) -> int:
        """The benefit row that this line was made from, as its document words it."""
        told = {"cpt": priced.cpt, "network": self.offer.network, "phrases": texts_of(row.cost_sharing)}
        return self.facts.findings.because("cost_sharing", row.origin, **told)

    def _advances(self, priced: Priced) -> tuple[int, ...]:
        counted = [
            index for index, pool in enumerate(self.pools.values()) if set(pool) & set(priced.services)
        ]
        return (*counted, *(len(self.pools) + index for index, _ in self._counting(priced)))

    def _share_cap(self, priced: Priced, world: World) -> int:
        """A health centre's sliding charge, above which it collects no share."""
        figure = self.offer.share_caps.get((priced.era, priced.cpt))
        return UNLIMITED if figure is None else figure.at(world.get("sliding", HIGH))

    def reading(self, row: Row, world: World) -> Reading | None:
        """The phrase list in a world; None when the plan says nothing of it."""
        readings = readings_of(row.cost_sharing)
        if len(readings) < 2:
            return readings[0] if readings else None
        settled = settled_reading(self.facts, readings)
        if settled is None:
            settled = min(world.get(f"{question_of(readings)}:reading", 0), len(readings) - 1)
        return readings[settled]

    def _steps_once(self, reading: Reading | None, world: World, prices: tuple[str, str]) -> tuple[Step, ...]:
        """The steps of a reading, made once for all worlds in which they are the same."""
        key = (id(reading), *map(world.get, (*OF_STEPS, self.offer.open_id, *prices)))
        found = self.steps.get(key)
        if found is None:
            found = self.steps[key] = self._steps(reading, world, prices)
        return found

    def _steps(self, reading: Reading | None, world: World, prices: tuple[str, str]) -> tuple[Step, ...]:
        if reading is None:
            return () if world.get(self.offer.open_id, 1) == 0 else ALL_OF_IT
        exact = world.get("ded_remaining", PLANNING) == PLANNING
        phase = world.get("ded_remaining:phase")
        ends = (world.get(id, PLANNING) for id in ("ded_remaining", *prices))
        if phase is None or not conditional(reading) or all(end in (PLANNING, TYPICAL) for end in ends):
            return steps_of(reading, world, exact)
        wanted = (When.ALWAYS, When.MET if phase else When.UNMET)
        steps = steps_of(tuple(p for p in reading if p.when in wanted), world)
        return tuple(step._replace(when=0) for step in steps)

    def _above(self, plan: Plan, charge: int, allowed: int, world: World) -> tuple[int, int]:
        """(balance bill, write-off) of what the charge exceeds the allowed amount by."""
        above = charge - allowed
        if self.offer.network == "in":
            return 0, above
        rule = plan.balance_billing.get("out", True)
        if isinstance(rule, UpTo):
            balance = min(above, share(allowed, rule.percent))
            return balance, above - balance
        if isinstance(rule, Unknown):
            rule = bool(world.get("balance_billing", 1))
        return (above, 0) if rule else (0, above)

    def paying(self, plan: Plan) -> int:
        """How the money moves: see ``terms``."""
        if self.offer.network == "in":
            return IN_NETWORK
        claims = plan.claims.get("out")
        return TO_CLINICIAN if claims is not None and claims.paid_to == CLINICIAN else TO_MEMBER

    def refused(
        self, priced: Priced, world: World, liability: Liability, limit_reached: bool = False
    ) -> Line:
        """The line when the plan refuses it: at whose cost, and at which rate."""
        charge, allowed = self.amounts(priced, world)
        liable: str = liability
        if liable in OPEN:
            ask = OPEN[liable]
            liable = BEARS[ask][world.get(ask, BEARS[ask].index("patient"))]
        rate = priced.refused_rate or RATES[world.get("not_covered_rate", 1)]
        owed = 0 if liable == "provider" else allowed if rate == "contracted" else charge
        key = (id(priced), charge, allowed, owed, rate, limit_reached)
        if key not in self.made:
            self.made[key] = Line(
                cpt=priced.cpt,
                billed=charge,
                allowed=allowed if rate == "contracted" else 0,
                noncovered=owed,
                write_off=charge - owed,
                covered=False,
                paying=self.paying(priced.plan),
                reasons=("visit_limit_reached",) if limit_reached else ("not_covered",),
                why=priced.why,
            )
        return self.made[key]


def lesser_of_reason(priced: Priced, charge: int) -> tuple[str, ...]:
    """The bill is below a known allowed amount, so the lesser of the two counts."""
    figure = priced.allowed.figure
    bites = figure is not None and figure.known and charge < figure.low
    return ("allowed_above_billed",) if bites else ()
