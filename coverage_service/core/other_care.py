"""Other expected care: priced by the plan, never part of a therapy figure."""

from __future__ import annotations

from coverage_service.core.benefits import Row, Setting, per_day, readings_of, rows_for, steps_of
from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.facts import Network
from coverage_service.core.lines import LineMaker
from coverage_service.core.plan import Plan
from coverage_service.core.request import OtherCare
from coverage_service.core.terms import Guarded, Line, Slot
from coverage_service.core.unknowns import World

FAMILY = "family"
"""A visit of somebody else in the family."""


def other_slot(makes: LineMaker, other: OtherCare, world: World) -> Slot:
    """The candidates of one claim line of other care: first-visit rows while they last, then the rest.

    How many first visits another member of the family has left nobody says.
    """
    course = makes.facts.course
    plan = course.entries[course.era(other.date)]
    network: Network = "out" if other.network == "out" else "in"
    name = other.service or ""
    services = (name, *makes.facts.reference.ancestors.get(name, ()))
    rows = rows_for(plan, services, Setting(network))
    if other.cost_sharing is not None:
        rows = (Row(None, other.cost_sharing, plan.origin),)
    elif other.member == FAMILY:
        rows = rows[-1:]
    where = (plan, network, services)
    return tuple(
        Guarded(makes.first_visits(row), other_line(makes, other, *where, row.cost_sharing, world))
        for row in rows
    )


def other_line(
    makes: LineMaker,
    other: OtherCare,
    plan: Plan,
    network: Network,
    services: tuple[str, ...],
    sharing: CostSharing,
    world: World,
) -> Line:
    """One claim line of other care; one whose cost sharing nobody stated is named and free here."""
    name = services[0]
    readings = readings_of(sharing)
    if not readings:
        makes.facts.findings.notice("other_care_not_priced", service=name, date=other.date)
        return Line(cpt=name, billed=0)
    return Line(
        cpt=name,
        billed=other.allowed,
        allowed=other.allowed,
        steps=steps_of(readings[0], {}),
        **makes.limits.met_by(readings[0], plan, network, world),
        advances=tuple(i for i, pool in enumerate(makes.pools.values()) if set(services) & set(pool)),
        per_day=per_day(readings[0]),
        clinician=other.clinician or "",
        family_member=other.member == FAMILY,
    )
