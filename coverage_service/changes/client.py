"""One client of the generated requests, who asks the same of several practices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from coverage_service.changes.sample import Asked
from coverage_service.changes.states import used_in
from coverage_service.core.plan import Plan
from coverage_service.core.request import Care, NetworkFact, OtherPlan, Request
from coverage_service.sources import Sources

AGREED: Final = 15_000
"""Cents agreed for a gap exception."""


class Client:
    """One client of the grid, who asks the same of several practices."""

    def __init__(
        self, row: Mapping[str, Any], plan: str, plans: Sequence[Plan], codes: Sequence[str], number: int
    ) -> None:
        self.row, self.plan, self.plans, self.codes, self.number = row, plan, plans, codes, number
        self._made: dict[int, tuple[Sources, Request | None]] = {}

    def ask(self, therapist: str, sources: Sources) -> Asked | None:
        """The request to one practice under some rules; None where they do not know plan or practice."""
        if therapist and therapist not in sources.therapists:
            return None
        if id(sources) not in self._made:
            self._made[id(sources)] = sources, self._request(sources)
        request = self._made[id(sources)][1]
        if request is None:
            return None
        found = replace(request, therapist=sources.therapists.get(therapist, ()))
        return Asked(found, sources.book.reference)

    def _request(self, sources: Sources) -> Request | None:
        if self.plan and self.plan not in sources.plans:
            return None
        row, (as_of, first) = self.row, self.row["days"]
        status = row["network"]
        request = Request(
            as_of=as_of,
            uninsured=not self.plan and bool(self.number % 2),
            care=Care(
                first_session=first, **row["session"], **row["diagnosis"], **row["course"], **row["setting"]
            ),
            used=used_in(row["state"], self.plans, as_of),
            household=row["household"],
            coverage=row["coverage"],
            network=NetworkFact(
                status=status, tier=row["tier"], agreed=AGREED if status == "gap_exception" else None
            ),
            prices=dict.fromkeys(self.codes, row["price"]) if row["price"] else {},
        )
        return _with_plan(request, self.plan, sources, self.number)


def _with_plan(request: Request, id: str, sources: Sources, number: int) -> Request | None:
    """A supplement stands beside the plan it supplements; a programme also beside no plan at all."""
    entries = sources.plans.get(id, ())
    if not entries:
        return request
    supplement = entries[-1].supplements
    if supplement:
        base = sources.plans.get(supplement.plan)
        return replace(request, plan=base, secondary=OtherPlan(entries=entries)) if base else None
    if entries[-1].market.kind == "EAP" and number % 2:
        return replace(request, uninsured=True, eap=OtherPlan(entries=entries))
    return replace(request, plan=entries)
