"""Other expected care: priced by the plan, never part of a therapy figure."""

from __future__ import annotations

from functools import cached_property

from coverage_service.core.benefits import Row, Setting, per_day, readings_of, rows_for, steps_of
from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.facts import Network
from coverage_service.core.lines import LineMaker
from coverage_service.core.plan import Plan
from coverage_service.core.request import OtherCare
from coverage_service.core.terms import Guarded, Line, Slot
from coverage_service.core.unknowns import Variable, World
from coverage_service.core.wordings import Share, shares_of

FAMILY = "family"
"""A visit of somebody else in the family."""
SHARE = "other_cost_share"
"""The question on what is due for other care by words that may ask for one thing or another."""
OF_A_VISIT = (
    "cross:choice",
    "cost_share",
    "cost_share:choice",
    "cost_share:reading",
    "ded_applies:reading",
    "coinsurance_base:reading",
)
"""The unknowns of the therapy that its price may depend on."""


class OtherVisits:
    """The other care of a request as the plan prices it beside one pathway.

    ``of_therapy``: the wordings of the therapy's rows, which mean the same here as there.
    ``open``: those others by which more than one thing may be due, with each of them; ``unknowns``:
    where no answer says which.
    """

    def __init__(self, makes: LineMaker, of_therapy: frozenset[CostSharing]) -> None:
        self.makes = makes
        self.of_therapy = of_therapy
        self.visits = [(other, self._rows(other)) for other in makes.facts.request.other_care]
        self.open = self._open()
        self.unknowns = {
            sharing: _unknown(place, shares)
            for place, (sharing, shares) in enumerate(self.open.items())
            if len(shares) > 1
        }
        self._ids = (*OF_A_VISIT, *[variable.id for variable in self.unknowns.values()])
        self._made: dict[tuple[int | None, ...], tuple[Slot, ...]] = {}

    def slots(self, world: World) -> tuple[Slot, ...]:
        """The candidates of each visit: first-visit rows while they last, then the rest."""
        if not self.visits:
            return ()
        key = tuple(map(world.get, self._ids))
        if key not in self._made:
            self._made[key] = tuple([self._slot(other, rows, world) for other, rows in self.visits])
        return self._made[key]

    @cached_property
    def possible(self) -> list[tuple[CostSharing, Line]]:
        """Each wording that may price a visit with its lines, which count wherever they may."""
        return [
            (row.cost_sharing, self._line(other, share, {"cross:choice": 1}))
            for other, rows in self.visits
            for row in rows
            for share in self.open.get(row.cost_sharing) or shares_of(row.cost_sharing)
        ]

    def _rows(self, other: OtherCare) -> tuple[Row, ...]:
        """The rows that may price a visit.

        How many first visits another member of the family has left nobody says.
        """
        plan = self._plan(other)
        if other.cost_sharing is not None:
            return (Row(None, other.cost_sharing, plan.origin),)
        rows = rows_for(plan, self._services(other), Setting(_network(other)))
        return rows[-1:] if other.member == FAMILY else rows

    def _open(self) -> dict[CostSharing, tuple[Share, ...]]:
        """The wordings with several readings or amounts that no answer settles."""
        sharings = dict.fromkeys([row.cost_sharing for _, rows in self.visits for row in rows])
        found = {each: shares_of(each) for each in sharings if each not in self.of_therapy}
        several = {each: shares for each, shares in found.items() if len(shares) > 1}
        return {each: self._told(shares, len(several) == 1) for each, shares in several.items()}

    def _told(self, shares: tuple[Share, ...], alone: bool) -> tuple[Share, ...]:
        """What is left open after an answer: of several wordings it is on the one whose reading it is."""
        answer = self.makes.facts.request.answers.get(SHARE)
        said = shares_of(answer.value) if answer is not None and isinstance(answer.value, tuple) else ()
        if len(said) != 1:
            return shares
        same = tuple([share for share in shares if share.steps == said[0].steps])
        return same[:1] or (said if alone else shares)

    def _slot(self, other: OtherCare, rows: tuple[Row, ...], world: World) -> Slot:
        return tuple(
            [
                Guarded(self.makes.first_visits(row), self._line(other, self._share(row, world), world))
                for row in rows
            ]
        )

    def _share(self, row: Row, world: World) -> Share | None:
        """What is due in a world; None where nobody stated it."""
        sharing = row.cost_sharing
        if sharing in self.open:
            unknown = self.unknowns.get(sharing)
            return self.open[sharing][world.get(unknown.id, 0) if unknown else 0]
        if sharing in self.of_therapy and (reading := self.makes.reading(row, world)) is not None:
            return Share(reading, steps_of(reading, world))
        return shares_of(sharing)[0] if readings_of(sharing) else None

    def _line(self, other: OtherCare, share: Share | None, world: World) -> Line:
        """The line of a visit; one whose share nobody stated is named and free here."""
        services, plan, makes = self._services(other), self._plan(other), self.makes
        if share is None:
            makes.facts.findings.notice("other_care_not_priced", service=services[0], date=other.date)
            return Line(cpt=services[0], billed=0)
        return Line(
            cpt=services[0],
            billed=other.allowed,
            allowed=other.allowed,
            steps=share.steps,
            **makes.limits.met_by(share.reading, plan, _network(other), world),
            advances=tuple(i for i, pool in enumerate(makes.pools.values()) if set(services) & set(pool)),
            per_day=per_day(share.reading),
            clinician=other.clinician or "",
            family_member=other.member == FAMILY,
        )

    def _plan(self, other: OtherCare) -> Plan:
        """The entry in force on the day of a visit."""
        course = self.makes.facts.course
        return course.entries[course.era(other.date)]

    def _services(self, other: OtherCare) -> tuple[str, ...]:
        """Its service, and the wider ones after."""
        name = other.service or ""
        return (name, *self.makes.facts.reference.ancestors.get(name, ()))


def _network(other: OtherCare) -> Network:
    return "out" if other.network == "out" else "in"


def _unknown(place: int, shares: tuple[Share, ...]) -> Variable:
    bottomless = any(share.bottomless for share in shares)
    labels = tuple([share.text for share in shares])
    return Variable(f"{SHARE}:{place}", len(shares), bottomless=bottomless, labels=labels)
