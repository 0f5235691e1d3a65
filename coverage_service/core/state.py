"""What is used while a course runs: accumulators, counters, copays of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coverage_service.core.schedule import CALENDAR_YEAR, MONTH, PLAN_YEAR, SECONDARY_YEAR
from coverage_service.core.terms import LimitTerms, Line, Terms

FIRST, SECOND = 0, 1
"""Whose copay of a day it is: the plan's, or that of a second one."""


class State:
    """Accumulators and counters while a course runs; cents used per limit slot."""

    __slots__ = ("counters", "family", "member", "met", "own", "taken", "taken_on")

    def __init__(self, terms: Terms) -> None:
        self.own = [used[0] for used in terms.used]
        self.family = [used[1] for used in terms.used]
        self.member = [used[2] for used in terms.used]
        self.met = list(terms.members_met)
        self.counters = list(terms.counters)
        self.taken_on: date | None = None
        self.taken: dict[tuple[int, bool, str | None], int] = {}

    def left(self, limit: LimitTerms, slot: int, family_member: bool = False) -> int:
        """Cents left of a limit for the person (or another family member), never below 0."""
        person = self.member[slot] if family_member else self.own[slot]
        if limit.members and self.met[slot] >= limit.members:
            return 0
        left = limit.person - person
        ours = limit.family - self.family[slot]
        if ours < left:
            left = ours
        return left if left > 0 else 0

    def taken_on_that_day(self, on: date) -> dict[tuple[int, bool, str | None], int]:
        """Copays taken on a date, by plan, person and clinician (None = all of them together)."""
        if self.taken_on != on:
            self.taken_on, self.taken = on, {}
        return self.taken

    def take(self, line: Line, copay: int, on: date, plan: int) -> None:
        """Note a copay that a plan takes on a date, for those that are taken once a day."""
        taken = self.taken_on_that_day(on)
        for clinician in (line.clinician, None):
            key = (plan, line.family_member, clinician)
            taken[key] = taken.get(key, 0) + copay

    def credit(self, limit: LimitTerms, slot: int, cents: int, family_member: bool) -> None:
        """Add to a limit's used amounts, clamped at the limit for person and family."""
        used = self.member if family_member else self.own
        added = min(cents, max(0, limit.person - used[slot]))
        used[slot] += added
        if limit.members and added and used[slot] >= limit.person:
            self.met[slot] += 1
        self.family[slot] = min(limit.family, self.family[slot] + added)

    def reset(self, terms: Terms, limits: Sequence[LimitTerms], bits: int) -> None:
        """Start again what a bit set of resets names (plan year, calendar year, month)."""
        for slot, limit in enumerate(limits):
            year = SECONDARY_YEAR if slot >= terms.secondary_from else PLAN_YEAR
            if bits & (MONTH if limit.monthly else year):
                self.own[slot] = self.family[slot] = self.member[slot] = self.met[slot] = 0
        for index in range(len(self.counters)):
            if index in terms.lasting_counters:
                continue
            year = SECONDARY_YEAR if index in terms.secondary_counters else PLAN_YEAR
            if bits & (CALENDAR_YEAR if index in terms.calendar_counters else year):
                self.counters[index] = 0
