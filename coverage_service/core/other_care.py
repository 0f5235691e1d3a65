"""Other expected care: priced by the plan, never part of a therapy figure."""

from __future__ import annotations

from coverage_service.core.benefits import Setting, per_day, readings_of, rows_for, steps_of
from coverage_service.core.facts import Network
from coverage_service.core.lines import LineMaker
from coverage_service.core.request import OtherCare
from coverage_service.core.terms import Line


def other_line(makes: LineMaker, other: OtherCare) -> Line:
    """One claim line of other care; one whose cost sharing nobody stated is named and free here."""
    course = makes.facts.course
    plan = course.entries[course.era(other.date)]
    network: Network = "out" if other.network == "out" else "in"
    name = other.service or ""
    services = (name, *makes.facts.reference.ancestors.get(name, ()))
    sharing = other.cost_sharing
    if sharing is None:
        sharing = rows_for(plan, services, Setting(network))[-1].cost_sharing
    readings = readings_of(sharing)
    if not readings:
        makes.facts.findings.notice("other_care_not_priced", service=name, date=other.date)
        return Line(cpt=name, billed=0)
    return Line(
        cpt=name,
        billed=other.allowed,
        allowed=other.allowed,
        steps=steps_of(readings[0], {}),
        **makes.limits.met_by(readings[0], plan, network, {}),
        advances=tuple(i for i, pool in enumerate(makes.pools.values()) if set(services) & set(pool)),
        per_day=per_day(readings[0]),
        clinician=other.clinician or "",
        family_member=other.member == "family",
    )
