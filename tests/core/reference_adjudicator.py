"""A second, slow adjudicator written from ``domain`` 2 alone: it imports nothing of the service.

One line at a time, exact fractions, people by name.  What it and the core agree on was worked out
twice.  Cents and basis points are plain integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

ME = "me"


@dataclass(frozen=True)
class Sharing:
    """Cost sharing by name (``domain`` 2.4), not as a list of steps.

    ``order``: "deductible first", "copay first" or "waived".  ``only``: when a copay or coinsurance
    applies by the deductible left before the line: "always", "met" or "unmet".  ``base``: "net of
    copay" or "before copay".  ``day``: "", "per day" or "per day per clinician".
    """

    order: str = "waived"
    copay: int = 0
    copay_only: str = "always"
    counts_to_deductible: bool = False
    coinsurance: int = 0
    coinsurance_only: str = "always"
    base: str = "net of copay"
    most_coinsurance: int | None = None
    plan_pays_at_most: int | None = None
    day: str = ""

    @property
    def text(self) -> str:
        """The same in the words of a rule file."""
        moment = {"always": "", "met": " once deductible is met", "unmet": " until deductible is met"}
        words = []
        if self.order == "deductible first":
            words.append("deductible")
        if self.copay:
            toward = " toward deductible" if self.counts_to_deductible else ""
            day = f" {self.day}" if self.day else ""
            words.append(f"copay {_dollars(self.copay)}{toward}{day}{moment[self.copay_only]}")
        if self.order == "copay first":
            words.append("deductible")
        if self.coinsurance:
            most = f" up to {_dollars(self.most_coinsurance)}" if self.most_coinsurance else ""
            base = " ignoring copay" if self.base == "before copay" and self.copay else ""
            percent = f"{self.coinsurance // 100}.{self.coinsurance % 100:02d}%"
            words.append(f"coinsurance {percent}{most}{base}{moment[self.coinsurance_only]}")
        if self.plan_pays_at_most:
            words.append(f"plan pays up to {_dollars(self.plan_pays_at_most)}")
        return ", ".join(words) or "no charge"


def _dollars(cents: int) -> str:
    return f"${cents // 100}.{cents % 100:02d}"


@dataclass
class Split:
    """What a line comes to: deductible, copay, coinsurance, above the plan's maximum, credits."""

    deductible: int
    copay: int
    coinsurance: int
    excess: int = 0
    credit: int = 0
    counting: int = 0

    @property
    def patient(self) -> int:
        return self.deductible + self.copay + self.coinsurance + self.excess


def half_up(exact: Fraction) -> int:
    """The nearest cent, a half away from zero (``domain`` 2.2)."""
    whole = exact.numerator // exact.denominator
    return whole + (exact - whole >= Fraction(1, 2))


def one_line(
    sharing: Sharing,
    allowed: int,
    remaining: int,
    room: int | None,
    counts: Iterable[str] = ("deductible", "copay", "coinsurance"),
    taken_today: int = 0,
) -> Split:
    """``domain`` 2.1 steps 8 to 10 for one covered line; ``room`` None = no out-of-pocket limit."""
    applies = {"always": True, "met": remaining == 0, "unmet": remaining > 0}
    due = max(0, sharing.copay - taken_today) if applies[sharing.copay_only] else 0
    rate = Fraction(sharing.coinsurance, 10_000) if applies[sharing.coinsurance_only] else Fraction(0)
    deductible = 0
    if sharing.order == "deductible first":
        deductible = min(allowed, remaining)
        before_copay = allowed - deductible
        copay = min(due, before_copay)
    else:
        before_copay = allowed
        copay = min(due, allowed)
        if sharing.order == "copay first":
            still = remaining - min(copay, remaining) if sharing.counts_to_deductible else remaining
            deductible = min(allowed - copay, still)
    rest = allowed - deductible - copay
    base = before_copay if sharing.base == "before copay" and sharing.copay else rest
    coinsurance = half_up(base * rate)
    if sharing.most_coinsurance:
        coinsurance = min(coinsurance, sharing.most_coinsurance)
    found = Split(deductible, copay, min(coinsurance, rest))
    _cap(found, room, tuple(counts))
    found.credit = found.deductible
    if sharing.counts_to_deductible:
        found.credit += min(found.copay, remaining - found.deductible)
    if sharing.plan_pays_at_most:
        unpaid = allowed - found.deductible - found.copay - found.coinsurance
        found.excess = unpaid - min(sharing.plan_pays_at_most, unpaid)
    return found


def _cap(found: Split, room: int | None, counts: tuple[str, ...]) -> None:
    """Step 9: what is over the room goes from coinsurance, then copay, then deductible."""
    found.counting = sum(getattr(found, part) for part in counts)
    if room is None:
        return
    over = max(0, found.counting - room)
    for part in ("coinsurance", "copay", "deductible"):
        if part in counts:
            taken = min(over, getattr(found, part))
            setattr(found, part, getattr(found, part) - taken)
            over -= taken
    found.counting = min(found.counting, room)


@dataclass(frozen=True)
class Bound:
    """A limit: ``method`` "single", "embedded", "aggregate" (``person`` is then a cap) or "members"."""

    person: int | None = None
    family: int | None = None
    method: str = "single"
    members: int = 0


@dataclass
class Account:
    """What each person and the family have used of a limit."""

    bound: Bound
    people: dict[str, int] = field(default_factory=dict)
    family: int = 0
    others_met: int = 0

    def remaining(self, who: str) -> int | None:
        """``domain`` 2.3; None = without end."""
        bound, used = self.bound, self.people.get(who, 0)
        ends = []
        if bound.person is not None:
            ends.append(bound.person - used)
        if bound.family is not None and bound.method != "single":
            ends.append(bound.family - self.family)
        if bound.method == "members" and self._met() >= bound.members:
            return 0
        return max(0, min(ends)) if ends else None

    def _met(self) -> int:
        assert self.bound.person is not None
        return self.others_met + sum(used >= self.bound.person for used in self.people.values())

    def post(self, who: str, cents: int) -> None:
        """Step 10: clamped at each limit."""
        used, bound = self.people.get(who, 0), self.bound
        added = cents if bound.person is None else min(cents, max(0, bound.person - used))
        self.people[who] = used + added
        self.family += added
        if bound.family is not None and bound.method != "single":
            self.family = min(self.family, bound.family)

    def empty(self) -> None:
        self.people, self.family, self.others_met = {}, 0, 0


@dataclass(frozen=True)
class Kind:
    """One kind of visit.  ``first``: another sharing for the first visits of the pool."""

    network: str
    sharing: Sharing
    allowed: int
    balance: int = 0
    who: str = ME
    clinician: str = "a"
    first: tuple[int, Sharing] | None = None
    limited: bool = False


@dataclass
class World:
    """A plan's limits and rules, and the state while lines are adjudicated by date."""

    accounts: Mapping[tuple[str, str], Account]
    counts: Mapping[str, tuple[str, ...]]
    crosses: Mapping[tuple[str, str], bool]
    plan_year: tuple[int, int]
    visit_limit: int | None = None
    per_calendar_year: bool = False
    pool_used: int = 0
    limit_used: int = 0
    today: date | None = None
    copays_today: list[tuple[str, str, int]] = field(default_factory=list)

    def year_of(self, day: date) -> int:
        """The calendar year in which the plan year that holds the day began."""
        month, first = self.plan_year
        if (month, first) == (2, 29) and not _leap(day.year):
            month, first = 3, 1
        return day.year if (day.month, day.day) >= (month, first) else day.year - 1

    def run(self, as_of: date, lines: Iterable[tuple[date, Kind]]) -> list[int | Split]:
        """Each line in the order given: its split, or the patient's cents of a refused one."""
        before, found = as_of, []
        for on, kind in lines:
            self._reset(before, on)
            found.append(self._adjudicate(on, kind))
            before = on
        return found

    def _reset(self, before: date, on: date) -> None:
        new_year = self.year_of(before) != self.year_of(on)
        if new_year:
            self.pool_used = 0
            for account in self.accounts.values():
                account.empty()
        if before.year != on.year if self.per_calendar_year else new_year:
            self.limit_used = 0

    def _adjudicate(self, on: date, kind: Kind) -> int | Split:
        if kind.limited and self.visit_limit is not None and self.limit_used >= self.visit_limit:
            return kind.allowed + kind.balance
        sharing = kind.sharing
        if kind.first and self.pool_used < kind.first[0]:
            sharing = kind.first[1]
        deductible = self.accounts[kind.network, "deductible"]
        maximum = self.accounts[kind.network, "maximum"]
        left = deductible.remaining(kind.who)
        assert left is not None
        split = one_line(
            sharing,
            kind.allowed,
            left,
            maximum.remaining(kind.who),
            self.counts[kind.network],
            self._taken(on, kind, sharing),
        )
        self.copays_today.append((kind.who, kind.clinician, split.copay))
        other = {"in": "out", "out": "in"}[kind.network]
        for what, cents in (("deductible", split.credit), ("maximum", split.counting)):
            self.accounts[kind.network, what].post(kind.who, cents)
            if self.crosses[kind.network, what]:
                self.accounts[other, what].post(kind.who, cents)
        if kind.first:
            self.pool_used += 1
        if kind.limited:
            self.limit_used += 1
        return split

    def _taken(self, on: date, kind: Kind, sharing: Sharing) -> int:
        if self.today != on:
            self.today, self.copays_today = on, []
        if not sharing.day:
            return 0
        return sum(
            cents
            for who, clinician, cents in self.copays_today
            if who == kind.who and (sharing.day == "per day" or clinician == kind.clinician)
        )


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
