"""The rows of a second plan: which visits they are for, and what they may ask for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coverage_service.core.benefits import Row, per_day
from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.insured import ALL_USED, pools_of
from coverage_service.core.lines import NEVER
from coverage_service.core.plan import Plan, VisitLimit
from coverage_service.core.unknowns import Variable, World
from coverage_service.core.wordings import Share, shares_of, texts_of

Guards = tuple[tuple[int, int], ...]
"""(counter, visits): fewer of them are used."""


class SecondRows:
    """A second plan's rows for the codes of a course, and the counters that choose among them.

    ``rows`` and ``services`` are those of each code, ``visits`` what is said of visits used, and
    ``base`` the number of its first counter.  A wording means the same wherever it stands.
    """

    def __init__(
        self,
        plan: Plan,
        rows: Mapping[str, tuple[Row, ...]],
        services: Mapping[str, Sequence[str]],
        visits: Mapping[str, int],
        base: int,
    ) -> None:
        self.rows = rows
        self.services = services
        self.visits = visits
        self.base = base
        self.pools = pools_of((plan,))
        self.limits = plan.visit_limits
        sharings = dict.fromkeys(row.cost_sharing for each in rows.values() for row in each)
        self.shares = {sharing: _may_ask(sharing) for sharing in sharings}
        self._ids = {sharing: f"second_plan:share:{place}" for place, sharing in enumerate(sharings)}

    def variables(self) -> Iterator[Variable]:
        """What its wordings mean, and how many visits are used."""
        for sharing, shares in self.shares.items():
            if len(shares) > 1:
                labels = tuple([share.text if share else "does not pay" for share in shares])
                bottomless = sharing is UNKNOWN or any(share.bottomless for share in shares if share)
                yield Variable(self._ids[sharing], len(shares), bottomless=bottomless, labels=labels)
        for place, (pool, most) in enumerate(self._first_visits().items()):
            if pool not in self.visits:
                labels = tuple([f"{most - used} first visits left" for used in range(most + 1)])
                yield Variable(f"second_plan:first_n:{place}", most + 1, True, most, labels=labels)
        for place, limit in self._counting(*self.services):
            if isinstance(limit.visits, Unknown) or self._used(limit) is None:
                labels = ("visits left", "no visits left")
                yield Variable(f"second_plan:visit_limit:{place}", 2, labels=labels)

    def candidates(self, cpt: str) -> tuple[tuple[Guards, CostSharing | None], ...]:
        """The wordings of a code while their visits last; None where a visit limit is reached."""
        first = self.base + len(self.pools)
        caps = tuple([(first + place, _most(limit)) for place, limit in self._counting(cpt)])
        found: list[tuple[Guards, CostSharing | None]] = [
            ((*caps, *self._first(row)), row.cost_sharing) for row in self.rows[cpt]
        ]
        return (*found, ((), None)) if caps else tuple(found)

    def daily(self) -> bool:
        """Whether a copay of it may be one per day."""
        return any(per_day(share.reading) for each in self.shares.values() for share in each if share)

    def told(self, cpt: str, findings: Findings) -> tuple[int, ...]:
        """Every row that may hold for a code as its document words it, by its place in ``Estimate.why``."""
        return tuple(
            [
                findings.because(
                    "second_cost_sharing", row.origin, cpt=cpt, phrases=texts_of(row.cost_sharing)
                )
                for row in self.rows[cpt]
            ]
        )

    def share(self, sharing: CostSharing, world: World) -> Share | None:
        """What a wording asks in a world; None where the plan does not pay."""
        return self.shares[sharing][world.get(self._ids[sharing], 0)]

    def advances(self, cpt: str) -> tuple[int, ...]:
        """The counters that a visit of a code advances."""
        services = set(self.services[cpt])
        pools = [place for place, pool in enumerate(self.pools.values()) if services & set(pool)]
        limits = [len(self.pools) + place for place, _ in self._counting(cpt)]
        return tuple([self.base + place for place in (*pools, *limits)])

    def used(self, world: World) -> tuple[int, ...]:
        """The visits used of each counter at the start."""
        places = {pool: place for place, pool in enumerate(self._first_visits())}
        pools = [
            self.visits.get(pool, world.get(f"second_plan:first_n:{places.get(pool)}", ALL_USED))
            for pool in self.pools
        ]
        return (*pools, *[self._used_at(place, limit, world) for place, limit in enumerate(self.limits)])

    def calendar(self) -> frozenset[int]:
        """The counters that start again with the calendar year, not with the plan's."""
        each = enumerate(self.limits, self.base + len(self.pools))
        return frozenset([counter for counter, limit in each if limit.per == "calendar_year"])

    def _first(self, row: Row) -> Guards:
        if row.visits is None:
            return ()
        return ((self.base + list(self.pools).index(row.visits.pool), row.visits.visits),)

    def _first_visits(self) -> dict[str, int]:
        """Each pool of first visits that the course reads, and the most visits of it."""
        found: dict[str, int] = {}
        for row in [row for each in self.rows.values() for row in each]:
            if row.visits is not None:
                found[row.visits.pool] = max(found.get(row.visits.pool, 0), row.visits.visits)
        return found

    def _counting(self, *codes: str) -> list[tuple[int, VisitLimit]]:
        """The visit limits that count one of some codes, each with its place."""
        services = {service for cpt in codes for service in self.services[cpt]}
        return [x for x in enumerate(self.limits) if services & set(x[1].services)]

    def _used(self, limit: VisitLimit) -> int | None:
        said = [self.visits[service] for service in limit.services if service in self.visits]
        return sum(said) if said else None

    def _used_at(self, place: int, limit: VisitLimit, world: World) -> int:
        used, open = self._used(limit), world.get(f"second_plan:visit_limit:{place}")
        if used is not None and not isinstance(limit.visits, Unknown):
            return used
        return 0 if open == 0 else ALL_USED


def _most(limit: VisitLimit) -> int:
    return NEVER if isinstance(limit.visits, Unknown) else limit.visits


def _may_ask(sharing: CostSharing) -> tuple[Share | None, ...]:
    """What a wording may ask; None for nothing paid, which one that nobody knows may mean as well."""
    shares = shares_of(sharing)
    return (*shares, None) if sharing is UNKNOWN or not shares else shares
