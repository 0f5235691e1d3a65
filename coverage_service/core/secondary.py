"""A second plan, or a supplement, that pays after the first (``domain`` 2.4 COB, MEDIGAP)."""

from __future__ import annotations

from dataclasses import replace

from coverage_service.core.accumulators import accounts_of
from coverage_service.core.answer import Note
from coverage_service.core.benefits import named_limit, per_day, rows_for
from coverage_service.core.buckets import ANY, OF_NETWORK
from coverage_service.core.cost_sharing import NOT_COVERED, CostSharing
from coverage_service.core.coverage import gate_over_candidates
from coverage_service.core.eras import tell_carried
from coverage_service.core.facts import Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.insured import Insured
from coverage_service.core.limit_slots import counted_parts
from coverage_service.core.limit_terms import METHODS as OF_A_FAMILY
from coverage_service.core.limit_terms import Key, method_open, terms_of
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET
from coverage_service.core.plan import Supplement as SupplementFacts
from coverage_service.core.priced import Facts, Priced
from coverage_service.core.request import OtherPlan
from coverage_service.core.schedule import in_force
from coverage_service.core.second_other_care import COUNTED, counting
from coverage_service.core.second_prices import prices_of, turned_prices
from coverage_service.core.second_rows import SecondRows
from coverage_service.core.supplement import supplement_terms
from coverage_service.core.terms import (
    MAINTENANCE,
    NON_DUPLICATION,
    STANDARD,
    Guarded,
    LimitTerms,
    Line,
    Slot,
    Terms,
)
from coverage_service.core.unknowns import HIGH, LOW, Variable, World
from coverage_service.core.wordings import Share

METHODS = {"standard": STANDARD, "non_duplication": NON_DUPLICATION, "maintenance_of_benefits": MAINTENANCE}
DEDUCTIBLE_MAY_BE = ("deductible met", "deductible not met")
OF_A_LINE = ("medigap_visit", "coordination", "second_plan")


class WithSecondary:
    """An insured pathway of which a second plan pays part of the patient's share.

    In network the second plan is read at the opposite end of the allowed amount in a low run, in
    a high run likewise, so the range never promises more than both plans together allow.
    """

    def __init__(self, facts: Facts, first: Insured, second: OtherPlan) -> None:
        self.facts = facts
        self.first = first
        self.course = first.course
        self.scenarios = first.scenarios
        self.plan = in_force(second.entries, first.course.first) or second.entries[0]
        tell_carried("plan", (self.plan,), self.course.dates, facts.findings)
        own = Findings()
        accounts = accounts_of(
            (self.plan,),
            facts.request,
            second.used,
            facts.reference,
            first.course.used_as_of,
            own,
        )
        facts.findings.add_of("second_plan", own)
        self.accounts = accounts
        self.keys = tuple(accounts)
        self.base = len(first.limits.keys)
        self.made: dict[tuple[object, ...], Line] = {}
        self.counting: dict[tuple[Slot, ...], tuple[Slot, ...]] = {}
        self.network = first.offer.network
        self._bucket = OF_NETWORK[self.network]
        services = {priced.cpt: priced.services for priced in first.priced.values()}
        setting = replace(first.settings[0], tier=None)
        rows = {cpt: rows_for(self.plan, each, setting) for cpt, each in services.items()}
        base = len(first.pools) + len(first.visit_limits)
        self.rows = SecondRows(self.plan, rows, services, second.used.visits, base)
        self.pays = {cpt: self._pays(cpt) for cpt in services}
        by_rules = facts.findings.because("second_plan", self.plan.origin, plan=self.plan.id)
        paid = [cpt for cpt in services if self.pays[cpt] != "no" and self.plan.supplements is None]
        worded = {cpt: self.rows.told(cpt, facts.findings) for cpt in paid}
        self.why = {cpt: (by_rules, *worded.get(cpt, ())) for cpt in services}

    @property
    def reasons(self) -> tuple[Note, ...]:
        """Those of the first plan."""
        return self.first.reasons

    @property
    def liability(self) -> str | None:
        """That of the first plan."""
        return self.first.liability

    @property
    def coverage_ids(self) -> tuple[str, ...]:
        """Those of the first plan."""
        return self.first.coverage_ids

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """Those of the first plan and what is open about the second."""
        found = list(self.first.variables(scenario))
        if self.plan.supplements is not None:
            if "deductible" in self.plan.supplements.pays:  # what the plan pays less is cut less
                found = [v._replace(ends=(LOW, HIGH)) if v.id == "ded_remaining" else v for v in found]
            if self.plan.supplements.member_keeps_copay and "medigap_visit" not in self.facts.request.answers:
                found.append(Variable("medigap_visit", 2, labels=("office_visit", "other_visit")))
            return tuple(found)
        if isinstance(self.plan.coordination, Unknown):
            found.append(Variable("coordination", len(METHODS), labels=tuple(METHODS)))
        if "unknown" in self.pays.values():
            found.append(Variable("second_plan", 2, labels=("pays", "does not pay")))
        opened = [account for account in self.accounts.values() if account.open]
        if opened:
            planning = all(each.planned and not each.unknown_limit for each in opened)
            found.append(Variable("second_plan:deductible", 2, planning, 1, labels=DEDUCTIBLE_MAY_BE))
        if any(method_open(limit, self.facts.request) for limit in self.plan.limits):
            found.append(Variable("second_plan:family", len(OF_A_FAMILY), True, labels=OF_A_FAMILY))
        if set(self.pays.values()) != {"no"}:
            found += self.rows.variables()
            if self.facts.request.other_care and (self.keys or self.rows.daily()):
                found.append(COUNTED)
        return tuple(found)

    def _pays(self, cpt: str) -> str:
        """Whether the second plan pays for a code: yes, no or unknown."""
        if all(row.cost_sharing is NOT_COVERED for row in self.rows.rows[cpt]):
            return "no"
        facts = self.facts
        return gate_over_candidates(
            self.plan, facts.therapist, facts.request.care, cpt, self.network, facts.reference
        ).verdict

    def terms(self, world: World, scenario: str) -> Terms:
        """The first plan's Terms with the second plan's limits and payments added."""
        below = self.first.terms(world, scenario)
        left = LOW if world.get("second_plan:deductible", 1) == 0 else HIGH
        places = len(self.course.positions)
        slots = (
            *(self._slot(slot, index, world) for index, slot in enumerate(below.slots[:places])),
            *self._others(below.slots[places:], world),
        )
        method = OF_A_FAMILY[world.get("second_plan:family", 0)]
        limits = tuple(self._limit(key, left, method) for key in self.keys)
        accounts, counters = self.accounts.values(), self.rows.used(world)
        return replace(
            below,
            slots=slots,
            eras=tuple((*era, *limits) for era in below.eras),
            used=(*below.used, *(account.at(left) for account in accounts)),
            members_met=(*below.members_met, *(account.members_at(left) for account in accounts)),
            secondary_from=self.base,
            counters=(*below.counters, *counters),
            calendar_counters=below.calendar_counters | self.rows.calendar(),
            secondary_counters=frozenset(range(len(below.counters), len(below.counters) + len(counters))),
        )

    def _limit(self, key: Key, left: int, method: str) -> LimitTerms:
        """A limit of the second plan, named so that it is not taken for one of the first."""
        request, reference = self.facts.request, self.facts.reference
        found = terms_of(self.plan, key, request, reference, self.course.first, left, method=method)
        return found._replace(name=f"second_plan.{found.name}")

    def _slot(self, slot: Slot, index: int, world: World) -> Slot:
        found: list[Guarded] = []
        for guards, line in slot:
            if self.plan.supplements is not None:
                found.append(Guarded(guards, self._supplemented(line, self.plan.supplements, world)))
            elif not line.covered or self.pays[line.cpt] == "no" or world.get("second_plan", 0) == 1:
                found.append(Guarded(guards, line))
            else:
                for more, sharing in self.rows.candidates(line.cpt):
                    found.append(Guarded((*guards, *more), self._line(line, index, world, sharing)))
        return tuple(found)

    def _others(self, slots: tuple[Slot, ...], world: World) -> tuple[Slot, ...]:
        """The other care; made once where this plan counts it."""
        if world.get(COUNTED.id, 0) == 0:
            return slots
        if slots not in self.counting:
            place = self._place((self._bucket, DEDUCTIBLE), (ANY, DEDUCTIBLE))
            others = self.facts.request.other_care
            self.counting[slots] = counting(slots, others, self.keys, self.base, place)
        return self.counting[slots]

    def _line(self, line: Line, index: int, world: World, sharing: CostSharing | None) -> Line:
        """A line with what the second plan asks for it; None where a visit limit is reached."""
        share = None if sharing is None else self.rows.share(sharing, world)
        if share is None:
            return line
        open = (*OF_A_LINE, *prices_of(self._priced(index, world)))
        key = (line, share, *(world.get(name) for name in open))
        if key not in self.made:
            method = self.plan.coordination
            name = tuple(METHODS)[world.get("coordination", 0)] if isinstance(method, Unknown) else method
            second = self._second(line, index, world, share)
            why = (*line.why, *self.why[line.cpt])
            self.made[key] = replace(line, secondary=second, coordination=METHODS[name], why=why)
        return self.made[key]

    def _supplemented(self, line: Line, pays: SupplementFacts, world: World) -> Line:
        if not line.covered:
            return line
        terms = supplement_terms(pays, self.facts.request.answers.get("medigap_visit"), world)
        if (line, terms) not in self.made:
            self.made[line, terms] = replace(line, supplement=terms, why=(*line.why, *self.why[line.cpt]))
        return self.made[line, terms]

    def _second(self, line: Line, index: int, world: World, share: Share) -> Line:
        """The line as the second plan sees it, alone."""
        allowed = self._other_end(line, index, world)
        bucket = self._bucket
        deductible = self._place((named_limit(share.reading) or bucket, DEDUCTIBLE), (ANY, DEDUCTIBLE))
        caps = [self._place((name, OUT_OF_POCKET)) for name in (bucket, ANY)]
        slots = tuple(self.base + slot for slot in caps if slot >= 0)
        return Line(
            cpt=line.cpt,
            billed=allowed,
            allowed=allowed,
            steps=share.steps,
            per_day=per_day(share.reading),
            clinician=line.clinician,
            counted=counted_parts(self.plan, self.network),
            deductible=self.base + deductible if deductible >= 0 else -1,
            caps=slots,
            deductible_credits=(self.base + deductible,) if deductible >= 0 else (),
            out_of_pocket_credits=slots,
            advances=self.rows.advances(line.cpt),
        )

    def _place(self, *keys: tuple[str, str]) -> int:
        return next((self.keys.index(key) for key in keys if key in self.accounts), -1)

    def _priced(self, index: int, world: World) -> Priced:
        """The first plan's price of a place of the course."""
        position = self.course.positions[index]
        return self.first.priced[(position.era, position.code(world))]

    def _other_end(self, line: Line, index: int, world: World) -> int:
        """What the second plan allows: with open prices an amount that bounds what both come to."""
        priced = self._priced(index, world)
        turned = turned_prices(priced, self.network, world)
        return self.first.makes.amounts(priced, {**world, **turned})[1] if turned else line.allowed
