"""The insured pathways: from facts and one world to the Terms of a course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coverage_service.core.accumulators import Account, Key, accounts_of, terms_of
from coverage_service.core.answer import Note
from coverage_service.core.benefits import (
    Reading,
    Row,
    Setting,
    alternatives_in,
    named_limit,
    per_day,
    question_of,
    readings_of,
    rows_for,
    services_of,
    steps_of,
    varies,
)
from coverage_service.core.care import Course
from coverage_service.core.course import Memo, all_care_of_a_year, fold
from coverage_service.core.coverage import Gate, gate_over_candidates
from coverage_service.core.facts import UNKNOWN, Network, Origin, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.money import share
from coverage_service.core.plan import DEDUCTIBLE, NOT_COVERED, OUT_OF_POCKET, Kind, Plan, UpTo, VisitLimit, When
from coverage_service.core.pricing import AllowedRule, allowed_in_network, allowed_out_of_network, billed
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.schedule import OTHER_CARE, THERAPY
from coverage_service.core.terms import (
    COUNTS_COINSURANCE,
    COUNTS_COPAY,
    COUNTS_DEDUCTIBLE,
    IN_NETWORK,
    TO_CLINICIAN,
    TO_MEMBER,
    UNLIMITED,
    Guarded,
    LimitTerms,
    Line,
    Slot,
    Step,
    Terms,
)
from coverage_service.core.therapist import NetworkEntry, Therapist
from coverage_service.core.unknowns import HIGH, LOW, PLANNING, Figure, Variable, World, exactly

COVERED, REFUSED = "covered", "not_covered"
ALL_OF_IT = (Step(2, 10_000),)
"""Cost sharing of which nothing is known: at most the whole allowed amount."""
COUNTS = {
    "deductible": COUNTS_DEDUCTIBLE,
    "copay": COUNTS_COPAY,
    "coinsurance": COUNTS_COINSURANCE,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What every pathway reads: the request and the entries in force for it."""

    request: Request
    reference: Reference
    therapist: Therapist | None
    entry: NetworkEntry | None
    course: Course
    findings: Findings


@dataclass(slots=True)
class Priced:
    """One code in one era: its prices, rows and gate, found once per estimate."""

    plan: Plan
    cpt: str
    services: tuple[str, ...]
    billed: Figure
    allowed: AllowedRule
    gate: Gate
    rows: dict[int, tuple[Row, ...]] = field(default_factory=dict)
    why: tuple[int, ...] = ()


class Insured:
    """One insured pathway of a plan: in network, out of network, or a gap exception.

    ``variables(scenario)`` are the unknowns it reads; ``terms(world, scenario)`` its Terms.
    """

    def __init__(
        self,
        facts: Facts,
        network: Network,
        *,
        agreed: int | None = None,
        fee: Figure | None = None,
        share_caps: Mapping[str, Figure] | None = None,
    ) -> None:
        self.facts = facts
        self.network: Network = network
        self.agreed = agreed
        self.fee = fee
        self.share_caps = share_caps or {}
        course = facts.course
        self.course = course
        out = network == "out"
        self.ids = {
            "allowed": "oon_method" if out else "allowed_amount",
            "fee": "sliding" if fee is not None else "fee",
        }
        first = course.entries[0]
        self.accounts: Mapping[Key, Account] = accounts_of(
            course.entries, facts.request, facts.request.used, facts.reference, course.used_as_of, facts.findings
        )
        self.keys = tuple(self.accounts)
        self.settings = self._settings(first)
        self.priced = {
            (p.era, cpt): self._price(course.entries[p.era], cpt) for p in course.positions for cpt in p.codes
        }
        self.pools = tuple(first.pools)
        self.limits = first.visit_limits
        self.lines: dict[tuple[object, ...], Slot] = {}
        self.scenarios = self._scenarios()
        self._variables = {scenario: self._find_variables(scenario) for scenario in self.scenarios}

    # -- what the pathway reads

    def _price(self, plan: Plan, cpt: str) -> Priced:
        facts = self.facts
        charge, origin = billed(facts.request, facts.therapist, cpt, facts.findings)
        if self.fee is not None:
            charge = self.fee
        if self.agreed is not None:
            charge, rule = exactly(self.agreed), AllowedRule(exactly(self.agreed), origin=facts.request.origin)
        elif self.network == "in":
            rule = allowed_in_network(
                facts.request, plan, facts.entry, facts.therapist, cpt, facts.reference,
                facts.course.first, facts.findings,
            )  # fmt: skip
        else:
            rule = allowed_out_of_network(
                facts.request, plan, facts.therapist, cpt, facts.reference, facts.findings
            )
        gate = gate_over_candidates(plan, facts.therapist, facts.request.care, cpt, self.network, facts.reference)
        services = services_of(cpt, facts.reference)
        priced = Priced(plan, cpt, services, charge, rule, gate)
        for index, setting in enumerate(self.settings):
            priced.rows[index] = rows_for(plan, services, setting)
        priced.why = self._why(priced, origin)
        return priced

    def _why(self, priced: Priced, fee_origin: Origin) -> tuple[int, ...]:
        find = self.facts.findings
        row = priced.rows[0][-1]
        reading = readings_of(row.cost_sharing)
        text = [[p.text or p.kind.value for p in r] for r in reading]
        return (
            find.because("fee", fee_origin, cpt=priced.cpt),
            find.because("allowed_amount", priced.allowed.origin, cpt=priced.cpt, network=self.network),
            find.because("cost_sharing", row.origin, cpt=priced.cpt, phrases=text, network=self.network),
        )

    def _settings(self, plan: Plan) -> tuple[Setting, ...]:
        """The settings a row may be chosen by; more than one when tier or modality is open."""
        facts, care = self.facts, self.facts.request.care
        clinician = facts.therapist.clinician if facts.therapist else None
        licence = clinician.licence if clinician and not isinstance(clinician.licence, Unknown) else None
        rows = [row for row in plan.benefits if row.network in (None, self.network)]
        tiers = self._known_tier() or sorted({row.tier for row in rows if row.tier}) or [None]
        modalities = [care.modality] if care.modality else sorted({r.modality for r in rows if r.modality})
        if not care.modality and modalities:
            modalities = ["in_person", *(m for m in modalities if m != "in_person")]
        licences = [licence] if licence else [None, *sorted({name for r in rows for name in r.licences})]
        return tuple(
            Setting(self.network, tier, modality, name)
            for tier in tiers
            for modality in modalities or [None]
            for name in licences
        )

    def _known_tier(self) -> list[str | None]:
        said = self.facts.request.network.tier
        entry = self.facts.entry
        tier = said or (entry.tier if entry else None)
        return [tier] if isinstance(tier, str) else []

    # -- scenarios and variables

    def _verdicts(self) -> set[str]:
        return {priced.gate.verdict for priced in self.priced.values()}

    def _scenarios(self) -> tuple[str, ...]:
        verdicts = self._verdicts()
        if "unknown" in verdicts:
            return (COVERED, REFUSED)
        return (REFUSED,) if verdicts == {"no"} else (COVERED,)

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """The unknowns that a scenario of this pathway reads."""
        return self._variables[scenario]

    def _find_variables(self, scenario: str) -> tuple[Variable, ...]:
        found: dict[str, Variable] = {v.id: v for v in self.course.variables}
        for priced in self.priced.values():
            for variable in (
                self._refused_variables(priced) if self._refuses(priced, scenario) else self._covered_variables(priced)
            ):
                found[variable.id] = _wider(found.get(variable.id), variable)
        if any(not self._refuses(p, scenario) for p in self.priced.values()):
            for variable in self._limit_variables():
                found[variable.id] = variable
        return tuple(found.values())

    def _refuses(self, priced: Priced, scenario: str) -> bool:
        verdict = priced.gate.verdict
        return verdict == "no" or (verdict == "unknown" and scenario == REFUSED)

    def _covered_variables(self, priced: Priced) -> list[Variable]:
        found = []
        figure = priced.allowed.figure
        if figure is not None and not figure.known:
            high = min(figure.high, priced.billed.high)
            found.append(
                Variable(
                    self.ids["allowed"], planning=figure.planning is not None,
                    bottomless=figure.bottomless and self.network == "in",
                    low=figure.low, high=None if high >= UNLIMITED else high, typical=figure.typical is not None,
                )
            )  # fmt: skip
        if self._fee_matters(priced):
            found.append(self._fee_variable(priced))
        if len(self.settings) > 1 and len({tuple(r) for r in priced.rows.values()}) > 1:
            found.append(self._setting_variable())
        for rows in priced.rows.values():
            for row in rows:
                found += self._row_variables(row, priced.plan)
        cap = self.share_caps.get(priced.cpt)
        if cap is not None and not cap.known:
            found.append(Variable("sliding", planning=cap.planning is not None, low=cap.low,
                                  high=None if cap.unbounded else cap.high))  # fmt: skip
        if priced.plan.balance_billing.get(self.network) is UNKNOWN and self.network == "out":
            found.append(Variable("balance_billing", 2, labels=("no", "yes")))
        return found

    def _fee_matters(self, priced: Priced) -> bool:
        """Whether an open charge changes the patient's share of a covered line."""
        if priced.billed.known:
            return False
        if self.network == "out" or priced.allowed.figure is None:
            return True
        return priced.billed.low > 0 and priced.billed.low < priced.allowed.figure.high

    def _fee_variable(self, priced: Priced) -> Variable:
        fee = priced.billed
        return Variable(
            self.ids["fee"], planning=fee.planning is not None, bottomless=fee.bottomless,
            unbounded=fee.unbounded, low=fee.low, high=None if fee.unbounded else fee.high,
        )  # fmt: skip

    def _setting_variable(self) -> Variable:
        tiers = {s.tier for s in self.settings}
        modalities = {s.modality for s in self.settings}
        name = "tier" if len(tiers) > 1 else "modality" if len(modalities) > 1 else "licence"
        labels = tuple(
            " ".join(x for x in (s.tier, s.modality, s.licence) if x) or "other" for s in self.settings
        )
        return Variable(f"{name}:setting", len(self.settings), labels=labels)

    def _row_variables(self, row: Row, plan: Plan) -> list[Variable]:
        found = []
        readings = readings_of(row.cost_sharing)
        if row.cost_sharing is UNKNOWN:
            found.append(Variable("oon_cost_share:open" if self.network == "out" else "cost_share:open", 2,
                                  bottomless=True, labels=("nothing", "allowed amount")))  # fmt: skip
        if len(readings) > 1 and self._chosen_reading(readings) is None:
            labels = tuple(", ".join(p.text or p.kind.value for p in r) for r in readings)
            found.append(Variable(f"{question_of(readings)}:reading", len(readings), labels=labels))
        for reading in readings:
            count = alternatives_in(reading)
            if count:
                found.append(Variable("cost_share:choice", count, labels=tuple(map(str, range(count)))))
            if varies(reading):
                found.append(Variable("cost_share", bottomless=any(isinstance(p.amount, Unknown) for p in reading)))
            if self._conditional(reading) and self._deductible_open(reading):
                found.append(Variable("ded_remaining:phase", 2, True, labels=("not met", "met")))
        if row.visits is not None and row.visits.pool not in self.facts.request.used.visits:
            found.append(Variable("first_n", 2, True, 0, low=0, high=row.visits.visits, unit="visits"))
        return found

    def _chosen_reading(self, readings: tuple[Reading, ...]) -> int | None:
        """The reading that an answer settles, or None."""
        answer = self.facts.request.answers.get(question_of(readings))
        if answer is None or answer.value is None:
            return None
        for index, reading in enumerate(readings):
            if _reading_answers(reading, str(answer.value)):
                return index
        return None

    def _conditional(self, reading: Reading) -> bool:
        return any(
            p.when is When.UNMET or (p.when is When.MET and p.kind is Kind.COINSURANCE) for p in reading
        )

    def _deductible_open(self, reading: Reading) -> bool:
        slot = self._deductible_slot(reading)
        return slot >= 0 and self.accounts[self.keys[slot]].open

    def _limit_variables(self) -> list[Variable]:
        found = []
        slots = {self._deductible_slot(r) for p in self.priced.values() for rows in p.rows.values()
                 for row in rows for r in readings_of(row.cost_sharing)}  # fmt: skip
        deductibles = [self.accounts[self.keys[slot]] for slot in slots if slot >= 0]
        opened = [a for a in deductibles if a.open]
        if opened:
            unknown = any(a.unknown_limit for a in opened)
            left = [0 if unknown else a.terms.person - a.person.high for a in opened]
            most = [min(a.terms.person, a.terms.family) - a.person.low for a in opened]
            planning = not unknown and all(a.person.planning is not None for a in opened)
            high = max(most)
            found.append(
                Variable("ded_remaining", planning=planning, low=max(0, min(left)),
                         high=None if high >= UNLIMITED // 2 else high, unbounded=False)
            )  # fmt: skip
        for limit in self.limits:
            if self._visits_used(limit) is None or isinstance(limit.visits, Unknown):
                if any(set(limit.services) & set(p.services) for p in self.priced.values()):
                    most = None if isinstance(limit.visits, Unknown) else limit.visits
                    found.append(Variable("visit_limit", low=0, high=most, unit="visits"))
        if self._cross_open():
            found.append(Variable("cross:choice", 2, labels=("none", "both")))
        return found

    def _cross_open(self) -> bool:
        others = {other.network for other in self.facts.request.other_care}
        crossing = self.course.entries[0].cross
        return bool(others - {self.network}) and any(isinstance(v, Unknown) for v in crossing.values())

    def _visits_used(self, limit: VisitLimit) -> int | None:
        used = self.facts.request.used.visits
        known = [used[s] for s in limit.services if s in used]
        return sum(known) if known else None

    def _refused_variables(self, priced: Priced) -> list[Variable]:
        found = []
        if self._liability(priced) == "unknown":
            found.append(Variable("denial_liability", 2, labels=("patient", "provider")))
        if self._liability(priced) == "provider":
            return found
        rate = self._refused_rate(priced)
        if rate is None:
            found.append(Variable("not_covered_rate", 2, labels=("contracted", "billed")))
        if rate != "contracted" and not priced.billed.known:
            found.append(self._fee_variable(priced))
        figure = priced.allowed.figure
        if rate != "billed" and figure is not None and not figure.known:
            found.append(Variable(self.ids["allowed"], planning=figure.planning is not None,
                                  bottomless=figure.bottomless, low=figure.low, high=None))  # fmt: skip
        return found

    def _liability(self, priced: Priced) -> str:
        if self.network == "out":
            return "patient"
        return priced.gate.liability or "unknown"

    def _refused_rate(self, priced: Priced) -> str | None:
        if self.network == "out":
            return "billed"
        rate = priced.plan.not_covered_rate.get(self.network, UNKNOWN)
        return None if isinstance(rate, Unknown) else rate

    @property
    def reasons(self) -> tuple[Note, ...]:
        """The reasons of every step of the coverage gate, each told once."""
        found: list[Note] = []
        for priced in self.priced.values():
            found += [note for note in priced.gate.reasons if note not in found]
        return tuple(found)

    @property
    def liability(self) -> str | None:
        """Who bears a refused line: patient, provider or unknown; None when covered."""
        said = {self._liability(p) for p in self.priced.values() if p.gate.verdict != "yes"}
        return said.pop() if len(said) == 1 else "unknown" if said else None

    @property
    def coverage_ids(self) -> tuple[str, ...]:
        """The questions that settle whether it is covered."""
        return tuple(dict.fromkeys(i for p in self.priced.values() for i in p.gate.unknown_ids))

    # -- one world

    def terms(self, world: World, scenario: str) -> Terms:
        """The Terms of a course in one world and scenario."""
        slots = [self._slot(position.era, position.code(world), world, scenario) for position in self.course.positions]
        slots += [self._other(index) for index in range(len(self.facts.request.other_care))]
        end = world.get("ded_remaining", PLANNING)
        return Terms(
            slots=tuple(slots),
            eras=self._eras(end),
            used=tuple(self.accounts[key].at(end) for key in self.keys),
            members_met=tuple(self.accounts[key].members_met for key in self.keys),
            counters=self._counters(world),
            calendar_counters=frozenset(
                len(self.pools) + i for i, limit in enumerate(self.limits) if limit.per == "calendar_year"
            ),
        )

    def _eras(self, end: int) -> tuple[tuple[LimitTerms, ...], ...]:
        key = ("eras", end)
        if key not in self.lines:
            facts = self.facts
            self.lines[key] = tuple(  # type: ignore[assignment]
                tuple(
                    terms_of(plan, slot, facts.request, facts.reference, max(plan.starts or self.course.first, self.course.used_as_of), end)
                    for slot in self.keys
                )
                for plan in self.course.entries
            )
        return self.lines[key]  # type: ignore[return-value]

    def _counters(self, world: World) -> tuple[int, ...]:
        used = self.facts.request.used.visits
        option = world.get("first_n", 0)
        pools = [used.get(pool, 0 if option == 0 else 10_000) for pool in self.pools]
        return (*pools, *(self._visits_at(limit, world) for limit in self.limits))

    def _visits_at(self, limit: VisitLimit, world: World) -> int:
        used = self._visits_used(limit)
        end = world.get("visit_limit", HIGH)
        if isinstance(limit.visits, Unknown):
            return 0 if end == LOW else 10_000
        if used is not None:
            return used
        return 0 if end == LOW else limit.visits

    def _slot(self, era: int, cpt: str, world: World, scenario: str) -> Slot:
        get = world.get
        key = (
            era, cpt, scenario, get(self.ids["allowed"]), get(self.ids["fee"]), get("cost_share"),
            get("cost_share:choice"), get("ded_remaining:phase"), get("ded_remaining", PLANNING) == PLANNING,
            *(world.get(name) for name in _SLOT_CHOICES),
        )  # fmt: skip
        slot = self.lines.get(key)
        if slot is None:
            slot = self.lines[key] = self._make_slot(self.priced[(era, cpt)], world, scenario)
        return slot

    def _make_slot(self, priced: Priced, world: World, scenario: str) -> Slot:
        if self._refuses(priced, scenario):
            return (Guarded((), self._refused(priced, world)),)
        found = []
        caps = tuple(
            (len(self.pools) + index, limit.visits if isinstance(limit.visits, int) else 9_999)
            for index, limit in enumerate(self.limits)
            if set(limit.services) & set(priced.services)
        )
        for row in priced.rows[self._setting_index(world)]:
            guard = caps
            if row.visits is not None:
                guard = (*caps, (self.pools.index(row.visits.pool), row.visits.visits))
            found.append(Guarded(guard, self._covered(priced, row, world)))
        if caps:
            found.append(Guarded((), self._refused(priced, world, limit_reached=True)))
        return tuple(found)

    def _setting_index(self, world: World) -> int:
        return next((world[n] for n in ("tier:setting", "modality:setting", "licence:setting") if n in world), 0)

    def amounts(self, priced: Priced, world: World) -> tuple[int, int]:
        """Billed and allowed cents of a code in a world."""
        charge = priced.billed.at(world.get(self.ids["fee"], HIGH))
        return charge, priced.allowed.at(world.get(self.ids["allowed"], PLANNING), charge)

    def _covered(self, priced: Priced, row: Row, world: World) -> Line:
        if row.cost_sharing is NOT_COVERED:
            return self._refused(priced, world)
        charge, allowed = self.amounts(priced, world)
        reading = self._reading(row, world)
        steps = ALL_OF_IT if reading is None else self._steps(reading, world)
        if reading is None and world.get(self._open_id, 1) == 0:
            steps = ()
        balance, write_off = self._above_allowed(priced.plan, charge, allowed, world)
        slot = self._deductible_slot(reading) if reading is not None else -1
        caps = self._caps(priced.plan) if reading is not None else ()
        counted = self._counted(priced.plan)
        counter = tuple(i for i, pool in enumerate(self.pools) if set(priced.plan.pools[pool]) & set(priced.services))
        counter += tuple(
            len(self.pools) + i for i, limit in enumerate(self.limits) if set(limit.services) & set(priced.services)
        )
        reasons = ("allowed_above_billed",) if self._bites(priced, charge) else ()
        return Line(
            cpt=priced.cpt,
            billed=charge,
            allowed=allowed,
            write_off=write_off,
            balance=balance,
            steps=steps,
            counted=counted,
            deductible=slot,
            caps=caps,
            deductible_credits=self._credits(slot, priced.plan, DEDUCTIBLE, world),
            out_of_pocket_credits=self._out_of_pocket_credits(caps, priced.plan, world),
            advances=counter,
            waives=reading is not None and any(p.when is When.MET and p.kind is Kind.COPAY for p in reading),
            per_day=per_day(reading) if reading else 0,
            clinician=self.facts.therapist.id if self.facts.therapist else "",
            paying=self._paying(priced.plan),
            sequestration=priced.plan.sequestration,
            share_cap=self._share_cap(priced.cpt, world),
            reasons=reasons,
            why=priced.why,
        )

    def _share_cap(self, cpt: str, world: World) -> int:
        """A health centre's sliding charge, above which it collects no share."""
        figure = self.share_caps.get(cpt)
        return UNLIMITED if figure is None else figure.at(world.get("sliding", HIGH))

    @property
    def _open_id(self) -> str:
        return "oon_cost_share:open" if self.network == "out" else "cost_share:open"

    def _bites(self, priced: Priced, charge: int) -> bool:
        figure = priced.allowed.figure
        return figure is not None and figure.known and charge < figure.low

    def _reading(self, row: Row, world: World) -> Reading | None:
        readings = readings_of(row.cost_sharing)
        if not readings:
            return None
        if len(readings) == 1:
            return readings[0]
        chosen = self._chosen_reading(readings)
        if chosen is None:
            chosen = min(world.get(f"{question_of(readings)}:reading", 0), len(readings) - 1)
        return readings[chosen]

    def _steps(self, reading: Reading, world: World) -> tuple[Step, ...]:
        exact = world.get("ded_remaining", PLANNING) == PLANNING
        phase = world.get("ded_remaining:phase")
        if phase is not None and not exact and self._conditional(reading):
            wanted = When.MET if phase else When.UNMET
            reading = tuple(p for p in reading if p.when in (When.ALWAYS, wanted))
            steps = steps_of(reading, world)
            return tuple(step._replace(when=0) for step in steps)
        return steps_of(reading, world, exact)

    def _above_allowed(self, plan: Plan, charge: int, allowed: int, world: World) -> tuple[int, int]:
        """(balance bill, write-off) of what the charge exceeds the allowed amount by."""
        above = charge - allowed
        if self.network == "in":
            return 0, above
        rule = plan.balance_billing.get("out", True)
        if isinstance(rule, UpTo):
            balance = min(above, share(allowed, rule.percent))
            return balance, above - balance
        if isinstance(rule, Unknown):
            rule = bool(world.get("balance_billing", 1))
        return (above, 0) if rule else (0, above)

    def _paying(self, plan: Plan) -> int:
        if self.network == "in":
            return IN_NETWORK
        claims = plan.claims.get("out")
        return TO_CLINICIAN if claims is not None and claims.paid_to == "provider" else TO_MEMBER

    def _refused(self, priced: Priced, world: World, limit_reached: bool = False) -> Line:
        charge, allowed = self.amounts(priced, world)
        liable = "patient" if limit_reached else self._liability(priced)
        if liable == "unknown":
            liable = ("patient", "provider")[world.get("denial_liability", 0)]
        rate = self._refused_rate(priced) or ("contracted", "billed")[world.get("not_covered_rate", 1)]
        owed = 0 if liable == "provider" else allowed if rate == "contracted" else charge
        return Line(
            cpt=priced.cpt,
            billed=charge,
            allowed=allowed if rate == "contracted" else 0,
            noncovered=owed,
            write_off=charge - owed,
            covered=False,
            paying=self._paying(priced.plan),
            reasons=("visit_limit_reached",) if limit_reached else ("not_covered",),
            why=priced.why,
        )

    def year_with(self, other_care: int, world: World, memo: Memo) -> tuple[int, int]:
        """Twelve-month totals with so many cents of other care later in the plan year.

        The first is therapy on this pathway and that care, the second that care alone.  The
        other care shares costs as therapy does, after the last session of the plan year.
        """
        terms = self.terms(world, COVERED)
        place = next(i for i, p in enumerate(self.course.positions) if not p.intake)
        line = replace(
            terms.slots[place][-1].line, billed=other_care, allowed=other_care, write_off=0, balance=0,
            advances=(), sequestration=0, secondary=None, supplement=None,
        )  # fmt: skip
        extended = replace(terms, slots=(*terms.slots, (Guarded((), line),)))
        segments = list(self.course.segments(world, self.facts.request.used.sessions_since))
        last = max((i for i, s in enumerate(segments) if s.year == segments[0].year), default=0)
        extra = segments[last]._replace(
            slot=len(terms.slots), count=1, resets=0, kind=OTHER_CARE, dates=segments[last].dates[-1:], same_day=False
        )
        alone = [s for s in segments if s.kind != THERAPY]
        both = all_care_of_a_year(fold([*segments[: last + 1], extra, *segments[last + 1 :]], extended, memo))
        return both, all_care_of_a_year(fold([*alone, extra], extended, memo))

    # -- limits of a line

    def _slot_of(self, *keys: Key) -> int:
        return next((self.keys.index(key) for key in keys if key in self.accounts), -1)

    def _bucket(self) -> str:
        return "in_network" if self.network == "in" else "out_of_network"

    def _deductible_slot(self, reading: Reading) -> int:
        named = named_limit(reading)
        if named is not None:
            return self._slot_of((named, DEDUCTIBLE))
        return self._slot_of((self._bucket(), DEDUCTIBLE), ("any_network", DEDUCTIBLE))

    def _caps(self, plan: Plan, bucket: str | None = None) -> tuple[int, ...]:
        found = [self._slot_of((name, OUT_OF_POCKET)) for name in (bucket or self._bucket(), "any_network")]
        return tuple(slot for slot in found if slot >= 0)

    def _counted(self, plan: Plan) -> int:
        for bucket in (self._bucket(), "any_network"):
            for limit in plan.limits:
                if (limit.bucket, limit.kind) == (bucket, OUT_OF_POCKET):
                    return sum(COUNTS[part] for part in limit.counts)
        return sum(COUNTS.values())

    def _crosses(self, plan: Plan, kind: str, world: World, network: str | None = None) -> bool:
        """Whether this line's amounts also count toward the other network's limit."""
        rule = plan.cross.get(kind, "none")
        if isinstance(rule, Unknown):
            rule = ("none", "both")[world.get("cross:choice", 0)]
        return rule in ("both", "in_to_out" if (network or self.network) == "in" else "out_to_in")

    def _credits(
        self, slot: int, plan: Plan, kind: str, world: World, network: str | None = None
    ) -> tuple[int, ...]:
        if slot < 0:
            return ()
        found = [slot]
        bucket = self.keys[slot][0]
        other = {"in_network": "out_of_network", "out_of_network": "in_network"}.get(bucket)
        if other and self._crosses(plan, kind, world, network):
            found.append(self._slot_of((other, kind)))
        if kind == DEDUCTIBLE and bucket != "any_network":
            found.append(self._slot_of(("any_network", kind)))
        return tuple(dict.fromkeys(s for s in found if s >= 0))

    def _out_of_pocket_credits(
        self, caps: tuple[int, ...], plan: Plan, world: World, network: str | None = None
    ) -> tuple[int, ...]:
        found = [s for slot in caps for s in self._credits(slot, plan, OUT_OF_POCKET, world, network)]
        return tuple(dict.fromkeys(found))

    # -- other expected care

    def _other(self, index: int) -> Slot:
        key = ("other", index)
        if key not in self.lines:
            self.lines[key] = (Guarded((), self._other_line(index)),)
        return self.lines[key]

    def _other_line(self, index: int) -> Line:
        other = self.facts.request.other_care[index]
        plan = self.course.entries[self.course.era(other.date)]
        network: Network = "out" if other.network == "out" else "in"
        sharing = other.cost_sharing
        if sharing is None:
            rows = rows_for(plan, (other.service or "",), Setting(network))
            sharing = rows[-1].cost_sharing
        readings = readings_of(sharing)
        if not readings:
            self.facts.findings.notice("other_care_not_priced", service=other.service or "", date=other.date)
            return Line(cpt=other.service or "", billed=0)
        bucket = "in_network" if network == "in" else "out_of_network"
        named = named_limit(readings[0])
        slot = self._slot_of((named or bucket, DEDUCTIBLE), ("any_network", DEDUCTIBLE))
        caps = self._caps(plan, bucket)
        return Line(
            cpt=other.service or "",
            billed=other.allowed,
            allowed=other.allowed,
            steps=steps_of(readings[0], {}),
            counted=self._counted(plan),
            deductible=slot,
            caps=caps,
            deductible_credits=self._credits(slot, plan, DEDUCTIBLE, {}, network),
            out_of_pocket_credits=self._out_of_pocket_credits(caps, plan, {}, network),
            advances=tuple(
                i for i, pool in enumerate(self.pools) if other.service in plan.pools.get(pool, ())
            ),
            per_day=per_day(readings[0]),
            clinician=other.clinician or "",
            family_member=other.member == "family",
        )


_SLOT_CHOICES = (
    "tier:setting", "modality:setting", "licence:setting", "ded_applies:reading", "cost_share:reading",
    "coinsurance_base:reading", "cost_share:open", "oon_cost_share:open", "balance_billing",
    "denial_liability", "not_covered_rate", "cross:choice", "sliding",
)  # fmt: skip


def _wider(before: Variable | None, after: Variable) -> Variable:
    """Two codes share an unknown: it is open when either is, and as unsupported as the worse."""
    if before is None:
        return after
    highs = (before.high, after.high)
    return after._replace(
        planning=before.planning and after.planning,
        bottomless=before.bottomless or after.bottomless,
        unbounded=before.unbounded or after.unbounded,
        typical=before.typical and after.typical,
        options=max(before.options, after.options),
        labels=max(before.labels, after.labels, key=len),
        low=min((x for x in (before.low, after.low) if x is not None), default=None),
        high=None if None in highs else max(x for x in highs if x is not None),
    )


def _reading_answers(reading: Reading, answer: str) -> bool:
    """Whether a phrase list is what an answer to ``ded_applies`` or the base describes."""
    kinds = [phrase.kind for phrase in reading]
    takes = Kind.DEDUCTIBLE in kinds
    if answer == "copay_only":
        return not takes
    if answer in ("whole_amount", "after_copay") and any(p.kind is Kind.COINSURANCE for p in reading):
        if any(p.ignoring_copay for p in reading) or answer == "after_copay":
            return any(p.ignoring_copay for p in reading) == (answer == "whole_amount")
    if answer == "whole_amount":
        return takes and kinds[0] is Kind.DEDUCTIBLE
    return takes and kinds[0] is Kind.COPAY
