"""A second plan, or a supplement, that pays after the first (``domain`` 2.4 COB, MEDIGAP)."""

from __future__ import annotations

from dataclasses import replace

from coverage_service.core.accumulators import accounts_of
from coverage_service.core.answer import Note
from coverage_service.core.benefits import Row, named_limit, per_day, rows_for, services_of
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.coverage import gate_over_candidates
from coverage_service.core.eras import tell_carried
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.insured import Insured
from coverage_service.core.limit_slots import counted_parts
from coverage_service.core.limit_terms import METHODS as OF_A_FAMILY
from coverage_service.core.limit_terms import Key, method_open, terms_of
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET
from coverage_service.core.plan import Supplement as SupplementFacts
from coverage_service.core.priced import Facts, Priced
from coverage_service.core.request import OtherPlan
from coverage_service.core.schedule import in_force
from coverage_service.core.second_prices import prices_of, turned_prices
from coverage_service.core.terms import (
    MAINTENANCE,
    NON_DUPLICATION,
    STANDARD,
    Guarded,
    LimitTerms,
    Line,
    Slot,
    Supplement,
    Terms,
)
from coverage_service.core.unknowns import HIGH, LOW, Variable, World
from coverage_service.core.wordings import Share, shares_of

METHODS = {"standard": STANDARD, "non_duplication": NON_DUPLICATION, "maintenance_of_benefits": MAINTENANCE}
OF_A_LINE = ("medigap_visit", "coordination", "second_plan", "second_plan:share")


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
        accounts = accounts_of(
            (self.plan,),
            facts.request,
            second.used,
            facts.reference,
            first.course.used_as_of,
            facts.findings,
        )
        self.accounts = accounts
        self.keys = tuple(accounts)
        self.base = len(first.limits.keys)
        self.made: dict[tuple[object, ...], Line] = {}
        self.network = first.offer.network
        self.shares = {cpt: self._shares(cpt) for _, cpt in first.priced}
        self.pays = {cpt: self._pays(cpt) for _, cpt in first.priced}
        facts.findings.because("second_plan", self.plan.origin, plan=self.plan.id)

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
            planning = not any(account.unknown_limit or account.person.planning is None for account in opened)
            found.append(Variable("second_plan:deductible", 2, planning, 1, labels=("met", "not met")))
        if any(method_open(limit, self.facts.request) for limit in self.plan.limits):
            found.append(Variable("second_plan:family", len(OF_A_FAMILY), True, labels=OF_A_FAMILY))
        worded = max(self.shares.values(), key=len, default=())
        if len(worded) > 1:
            labels = tuple(share.text for share in worded)
            bottomless = any(share.bottomless for share in worded)
            found.append(Variable("second_plan:share", len(worded), bottomless=bottomless, labels=labels))
        return tuple(found)

    def _pays(self, cpt: str) -> str:
        """Whether the second plan pays for a code: yes, no or unknown."""
        facts, rows = self.facts, self._rows(cpt)
        gate = gate_over_candidates(
            self.plan, facts.therapist, facts.request.care, cpt, self.network, facts.reference
        )
        if not self.shares[cpt]:
            return "no"
        open = any(row.cost_sharing in (UNKNOWN, NOT_COVERED) for row in rows)
        return "unknown" if open and gate.verdict == "yes" else gate.verdict

    def terms(self, world: World, scenario: str) -> Terms:
        """The first plan's Terms with the second plan's limits and payments added."""
        below = self.first.terms(world, scenario)
        left = LOW if world.get("second_plan:deductible", 1) == 0 else HIGH
        places = len(self.course.positions)
        slots = tuple(
            self._slot(slot, index, world) if index < places else slot
            for index, slot in enumerate(below.slots)
        )
        method = OF_A_FAMILY[world.get("second_plan:family", 0)]
        limits = tuple(self._limit(key, left, method) for key in self.keys)
        accounts = self.accounts.values()
        return replace(
            below,
            slots=slots,
            eras=tuple((*era, *limits) for era in below.eras),
            used=(*below.used, *(account.at(left) for account in accounts)),
            members_met=(*below.members_met, *(account.members_at(left) for account in accounts)),
            secondary_from=self.base,
        )

    def _limit(self, key: Key, left: int, method: str) -> LimitTerms:
        """A limit of the second plan, named so that it is not taken for one of the first."""
        request, reference = self.facts.request, self.facts.reference
        found = terms_of(self.plan, key, request, reference, self.course.first, left, method=method)
        return found._replace(name=f"second_plan.{found.name}")

    def _slot(self, slot: Slot, index: int, world: World) -> Slot:
        return tuple(Guarded(guards, self._line(line, index, world)) for guards, line in slot)

    def _line(self, line: Line, index: int, world: World) -> Line:
        if not line.covered or self.pays[line.cpt] == "no":
            return line
        names = (*OF_A_LINE, *prices_of(self._priced(index, world)))
        key = (line, *(world.get(name) for name in names))
        if key not in self.made:
            self.made[key] = self._with_second(line, index, world)
        return self.made[key]

    def _with_second(self, line: Line, index: int, world: World) -> Line:
        if self.plan.supplements is not None:
            return replace(line, supplement=self._supplement(self.plan.supplements, world))
        if world.get("second_plan", 0) == 1:
            return line
        method = self.plan.coordination
        name = tuple(METHODS)[world.get("coordination", 0)] if isinstance(method, Unknown) else method
        return replace(line, secondary=self._second(line, index, world), coordination=METHODS[name])

    def _supplement(self, pays: SupplementFacts, world: World) -> Supplement:
        answer = self.facts.request.answers.get("medigap_visit")
        counts = answer.value is not False if answer else world.get("medigap_visit", 0) == 0
        return Supplement(
            deductible=int("deductible" in pays.pays),
            copay=int("copay" in pays.pays),
            coinsurance=int("coinsurance" in pays.pays),
            excess=int(pays.pays_excess),
            member_keeps=pays.member_keeps_copay if counts else 0,
        )

    def _rows(self, cpt: str) -> tuple[Row, ...]:
        """Its rows for a code: those for first visits, then the one for all others."""
        setting = replace(self.first.settings[0], tier=None)
        return rows_for(self.plan, services_of(cpt, self.facts.reference), setting)

    def _shares(self, cpt: str) -> tuple[Share, ...]:
        """What it may ask for a visit: nobody counts its first visits, so any of them may be one."""
        found = [share for row in reversed(self._rows(cpt)) for share in shares_of(row.cost_sharing)]
        return tuple(dict.fromkeys(found))

    def _second(self, line: Line, index: int, world: World) -> Line:
        """The line as the second plan sees it, alone."""
        shares = self.shares[line.cpt]
        allowed = self._other_end(line, index, world)
        share = shares[min(world.get("second_plan:share", 0), len(shares) - 1)]
        bucket = "in_network" if self.network == "in" else "out_of_network"
        deductible = self._place(
            (named_limit(share.reading) or bucket, DEDUCTIBLE), ("any_network", DEDUCTIBLE)
        )
        caps = [self._place((name, OUT_OF_POCKET)) for name in (bucket, "any_network")]
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
