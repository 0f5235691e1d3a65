"""Which limits a line meets: its deductible, what caps it, what it counts toward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coverage_service.core.accumulators import Account, accounts_of
from coverage_service.core.benefits import Reading, named_limit
from coverage_service.core.buckets import ANY, OF_NETWORK, OTHER
from coverage_service.core.care import Course
from coverage_service.core.facts import Network, Unknown
from coverage_service.core.feasible import spent_on_deductibles
from coverage_service.core.findings import Findings
from coverage_service.core.limit_terms import Key, limit_for, open_figure, size_unknown, terms_of
from coverage_service.core.plan import DEDUCTIBLE, EMBEDDED, OUT_OF_POCKET, Plan
from coverage_service.core.priced import Facts
from coverage_service.core.schedule import plan_year_of
from coverage_service.core.terms import COUNTS_COINSURANCE, COUNTS_COPAY, COUNTS_DEDUCTIBLE, LimitTerms
from coverage_service.core.unknowns import HIGH, LOW, World, exactly

COUNTS = {"deductible": COUNTS_DEDUCTIBLE, "copay": COUNTS_COPAY, "coinsurance": COUNTS_COINSURANCE}
CROSSES = ("none", "both")


class LimitSlots:
    """The limits of a plan as numbered slots, shared by every line of a pathway."""

    def __init__(self, facts: Facts, findings: Findings) -> None:
        self.request, self.reference = facts.request, facts.reference
        self.course = facts.course
        self.accounts: dict[Key, Account] = dict(
            accounts_of(
                self.course.entries, self.request, self.request.used, self.reference,
                self.course.used_as_of, findings,
            )
        )  # fmt: skip
        for key, account in self.accounts.items():
            if key[1] == DEDUCTIBLE:
                self.accounts[key] = replace(account, unknown_limit=size_matters(account, self.course))
        self.keys = tuple(self.accounts)
        self._places = {key: place for place, key in enumerate(self.keys)}
        self._open = any(open_figure(limit) for plan in self.course.entries for limit in plan.limits)
        self._counted: dict[tuple[int, Network], int] = {}
        self._met: dict[tuple[object, ...], Mapping[str, Any]] = {}
        self._members: dict[int, tuple[int, ...]] = {}
        self._used: dict[int, tuple[tuple[int, int, int], ...]] = {}
        self._eras: dict[tuple[int, int, str], tuple[tuple[LimitTerms, ...], ...]] = {}

    def slot(self, *keys: Key) -> int:
        """The slot of the first of these limits that the plan has, -1 for none."""
        for key in keys:
            if key in self._places:
                return self._places[key]
        return -1

    def account(self, slot: int) -> Account:
        """The limit of a slot, with what is used of it."""
        return self.accounts[self.keys[slot]]

    def deductible(self, reading: Reading, network: Network) -> int:
        """The limit that the word ``deductible`` means on a line of this network."""
        named = named_limit(reading)
        if named is not None:
            return self.slot((named, DEDUCTIBLE))
        return self.slot((OF_NETWORK[network], DEDUCTIBLE), (ANY, DEDUCTIBLE))

    def caps(self, network: Network) -> tuple[int, ...]:
        """The out-of-pocket limits that cap a line of this network."""
        found = (self.slot((bucket, OUT_OF_POCKET)) for bucket in (OF_NETWORK[network], ANY))
        return tuple(slot for slot in found if slot >= 0)

    def counted(self, plan: Plan, network: Network) -> int:
        """The parts that the network's out-of-pocket limit adds up, as a bit set."""
        key = (id(plan), network)
        if key not in self._counted:
            self._counted[key] = counted_parts(plan, network)
        return self._counted[key]

    def met_by(
        self, reading: Reading | None, plan: Plan, network: Network, world: World
    ) -> Mapping[str, Any]:
        """The limits that a line of this cost sharing meets, by the names of ``Line``."""
        key = (id(reading), id(plan), network, world.get("cross:choice"))
        if key not in self._met:
            slot, caps = -1 if reading is None else self.deductible(reading, network), self.caps(network)
            self._met[key] = {
                "counted": self.counted(plan, network),
                "deductible": slot,
                "caps": caps,
                "deductible_credits": self.deductible_credits(slot, plan, network, world),
                "out_of_pocket_credits": self.maximum_credits(caps, plan, network, world),
            }
        return self._met[key]

    def deductible_credits(self, slot: int, plan: Plan, network: Network, world: World) -> tuple[int, ...]:
        """The deductibles a line's credit goes to: its own and those it crosses into."""
        return self._credits(slot, DEDUCTIBLE, plan, network, world)

    def maximum_credits(
        self, caps: tuple[int, ...], plan: Plan, network: Network, world: World
    ) -> tuple[int, ...]:
        """The out-of-pocket limits a line's counted parts go to."""
        found = [slot for cap in caps for slot in self._credits(cap, OUT_OF_POCKET, plan, network, world)]
        return tuple(dict.fromkeys(found))

    def _credits(self, slot: int, kind: str, plan: Plan, network: Network, world: World) -> tuple[int, ...]:
        if slot < 0:
            return ()
        bucket = self.keys[slot][0]
        found = [slot]
        if bucket in OTHER and _crosses(plan, kind, network, world):
            found.append(self.slot((OTHER[bucket], kind)))
        if kind == DEDUCTIBLE and bucket != ANY:
            found.append(self.slot((ANY, kind)))
        return tuple(dict.fromkeys(each for each in found if each >= 0))

    def eras(
        self, left_end: int, income_end: int = HIGH, method: str = EMBEDDED
    ) -> tuple[tuple[LimitTerms, ...], ...]:
        """The limits of each era, with unknown figures at an end of what is left.

        ``income_end``: that of the household's income, for limits that are a share of it;
        ``method``: how those of a family go together, where that is open.
        """
        ends = (left_end if self._open else HIGH, income_end, method)
        if ends not in self._eras:
            self._eras[ends] = tuple(
                tuple(self._terms(plan, era, key, *ends) for key in self.keys)
                for era, plan in enumerate(self.course.entries)
            )
        return self._eras[ends]

    def _terms(
        self, plan: Plan, era: int, key: Key, left_end: int, income_end: int, method: str
    ) -> LimitTerms:
        begins = self.course.calendar.era_starts[era] if era else plan.starts
        on = max(begins or self.course.first, self.course.used_as_of)
        found = terms_of(plan, key, self.request, self.reference, on, left_end, income_end, method)
        left = self.accounts[key].left
        if left is not None and left_end == LOW and plan is self.course.entries[0]:
            return found._replace(person=left)  # it is at least as large as what is left of it
        return found

    def members(self, left_end: int) -> tuple[int, ...]:
        """Persons of the family that met each limit, at an end of what is left."""
        if left_end not in self._members:
            self._members[left_end] = tuple([each.members_at(left_end) for each in self.accounts.values()])
        return self._members[left_end]

    def used(self, left_end: int) -> tuple[tuple[int, int, int], ...]:
        """Cents used of each limit at an end of what is left."""
        if left_end not in self._used:
            self._used[left_end] = tuple([account.at(left_end) for account in self.accounts.values()])
        return self._used[left_end]

    def used_apart(self, left_end: int, apart: Mapping[int, int]) -> tuple[tuple[int, int, int], ...]:
        """Likewise with some deductibles at ends of their own; a maximum that follows them is as they are."""
        ends = [apart.get(slot, left_end) for slot in range(len(self.keys))]
        found = [account.at(end) for account, end in zip(self.accounts.values(), ends, strict=True)]
        spent = {
            bucket: (exactly(person), exactly(family))
            for (bucket, kind), (person, family, _) in zip(self.keys, found, strict=True)
            if kind == DEDUCTIBLE
        }
        for slot, account in enumerate(self.accounts.values()):
            counted = spent_on_deductibles(account.key[0], self.course.entries[0], spent)
            if account.follows and counted is not None:
                found[slot] = counted[0].high, counted[1].high, 0
        return tuple(found)


def size_matters(account: Account, course: Course) -> bool:
    """Whether a course turns on how large a deductible is, and that is not known.

    Of one with so much left it turns on the size where it starts again, and where another entry
    of the plan says in the middle of a year how large it is.
    """
    limits = [limit_for(entry, account.key) for entry in course.entries]
    unsized = [limit is not None and size_unknown(limit, course.request) for limit in limits]
    if not any(unsized):
        return False
    for start in course.plan_years:
        since = plan_year_of(course.used_as_of, start)
        for on in (*course.dates, *[other.date for other in course.request.other_care]):
            era = course.era(on)
            again = account.left is None or plan_year_of(max(on, course.used_as_of), start) != since
            if again and unsized[era]:
                return True
            if not again and course.entries[era] is not course.entries[0]:
                return True
    return False


def counted_parts(plan: Plan, network: Network) -> int:
    """The parts that a network's out-of-pocket limit adds up, as a bit set; all where it says nothing."""
    for bucket in (OF_NETWORK[network], ANY):
        for limit in plan.limits:
            if (limit.bucket, limit.kind) == (bucket, OUT_OF_POCKET):
                return sum(COUNTS[part] for part in limit.counts)
    return sum(COUNTS.values())


def _crosses(plan: Plan, kind: str, network: Network, world: World) -> bool:
    """Whether amounts of this network also count toward the other one's limit."""
    rule = plan.cross.get(kind, "none")
    if isinstance(rule, Unknown):
        rule = CROSSES[world.get("cross:choice", 0)]
    return rule in ("both", "in_to_out" if network == "in" else "out_to_in")


def limit_slots(facts: Facts) -> LimitSlots:
    """The limits of the plan, which pathways share, and therapists where the same entries hold."""
    key = ("limits", facts.course.calendar.era_starts)
    return facts.shared.once(key, facts.findings, lambda told: LimitSlots(facts, told))
