"""A test of a rule file as the request that a person in that case would send.

A test says only what it is about.  What it leaves out is ordinary: the visit is in person,
the clinician is one the plan pays, nothing of the plan year is used yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from coverage_service.core.codes import GROUP, INTAKE, LEAST_MINUTES, RELATIONAL, procedure_codes
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.plan import DEDUCTIBLE, AllowedAmount, Limit, Method, Plan
from coverage_service.core.reference import NATIONAL, Rate, Reference
from coverage_service.core.request import (
    IN_PERSON,
    Care,
    LimitUsed,
    NetworkFact,
    OtherPlan,
    Price,
    Request,
    Used,
)
from coverage_service.core.therapist import Clinician, Sliding, Therapist
from coverage_service.rulebook.cases import PLAN, Case, Course, Session

FIRST_DAY = date(2026, 1, 1)
"""The day of a test whose plan names no first day."""
FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Library:
    """Where the entries that tests name are looked up."""

    reference: Reference = field(default_factory=Reference)
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    therapists: Mapping[str, tuple[Therapist, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the reference data it is answered with."""

    request: Request
    reference: Reference


def asked(case: Case, library: Library) -> Asked:
    """The request of a test."""
    session, course = _session(case), case.course
    day = session.date or (course.first_session if course else None) or case.starts or FIRST_DAY
    care = _care(session, course, day)
    if case.kind != PLAN:
        request = Request(
            as_of=day, uninsured=True, therapist=library.therapists[case.entry], care=care,
            household=case.household, prices=_prices(case, session, care),
        )  # fmt: skip
        return Asked(request, library.reference)
    entries = library.plans[case.entry]
    supplement = entries[0].supplements
    base = library.plans[supplement.plan] if supplement else entries
    plans = tuple(_with_stated_price(plan, session) for plan in base)
    here = next((p for p in plans if p.starts == (case.starts if not supplement else None)), plans[-1])
    request = Request(
        as_of=day,
        plan=plans,
        therapist=(_therapist(session, here),),
        care=care,
        used=_used(case, here),
        household=case.household,
        coverage=case.coverage,
        network=NetworkFact(status=session.network or "in", tier=session.tier, agreed=session.agreed),
        prices=_prices(case, session, care),
        other_care=case.other_care,
        secondary=OtherPlan(entries=entries) if supplement else None,
    )
    return Asked(request, _reference(library.reference, plans, session))


def _session(case: Case) -> Session:
    return case.session or (case.course.each if case.course else Session())


def _care(session: Session, course: Course | None, day: date) -> Care:
    return Care(
        diagnoses=session.diagnoses,
        format=session.format or _format(session, course),
        minutes=_minutes(session, course),
        modality=session.modality or (None if session.place_of_service else IN_PERSON),
        place_of_service=session.place_of_service,
        client_state=session.client_state,
        intake=bool(course and course.intake),
        sessions=course.sessions if course else 1,
        every_days=(course.every_days if course else None) or 7,
        first_session=(course.first_session if course else None) or day,
        skip=course.skip if course else (),
        codes=_codes(session, course),
        identified_patient=session.identified_patient,
        patient_present=session.patient_present,
        described_as=session.described_as,
        authorization=session.authorization,
        referral=session.referral,
        waiver_signed=session.waiver_signed,
    )


def _codes(session: Session, course: Course | None) -> tuple[str, ...]:
    """The stated code; beside an intake, which has its own, length and format say it."""
    return () if session.cpt is None or (course and course.intake) else (session.cpt,)


def _minutes(session: Session, course: Course | None) -> int | None:
    if session.minutes is None and course and course.intake:
        return LEAST_MINUTES.get(session.cpt or "")
    return session.minutes


def _format(session: Session, course: Course | None) -> str | None:
    if not (course and course.intake):
        return None
    return "group" if session.cpt == GROUP else "couple" if session.cpt in RELATIONAL else None


def _prices(case: Case, session: Session, care: Care) -> Mapping[str, Price]:
    if session.billed is None and session.allowed is None:
        return {}
    codes = care.codes or procedure_codes(care.minutes, care.format, care.patient_present)
    found = {code: Price(billed=session.billed, allowed=session.allowed) for code in codes}
    course = case.course
    if course and course.intake:
        found[INTAKE] = Price(
            billed=session.billed if course.intake_billed is None else course.intake_billed,
            allowed=session.allowed if course.intake_allowed is None else course.intake_allowed,
        )
    return found


def _therapist(session: Session, plan: Plan) -> Therapist:
    """A clinician who is as the test says, and else one that the plan pays."""
    paid = plan.coverage.licences
    usual: str | Unknown = paid[0] if isinstance(paid, tuple) and paid else UNKNOWN
    return Therapist(
        id="(the test's clinician)",
        clinician=Clinician(
            licence=session.licence or usual,
            supervised=bool(session.supervised),
            licensed_in=session.licensed_in or UNKNOWN,
            locality=session.locality or NATIONAL,
        ),
        sliding=None,
        superbill=True,
        eap_programmes=(plan.id,),
    )


def _used(case: Case, plan: Plan) -> Used:
    """What the test says is used; of everything else nothing is."""
    limits = dict(case.used.limits)
    for limit in plan.limits:
        limits[limit.bucket] = _nothing_more(limits.get(limit.bucket, LimitUsed()), limit, case.coverage)
    visits = {row.visits.pool: 0 for row in plan.benefits if row.visits}
    visits |= dict.fromkeys(plan.pools, 0)
    for rule in plan.visit_limits:
        if not any(service in case.used.visits for service in rule.services):
            visits[rule.services[0]] = 0
    return replace(case.used, limits=limits, visits={**visits, **case.used.visits})


def _nothing_more(used: LimitUsed, limit: Limit, coverage: str | None) -> LimitUsed:
    if limit.kind != DEDUCTIBLE:
        if coverage == FAMILY and used.family_out_of_pocket is None:
            return replace(used, family_out_of_pocket=used.out_of_pocket)
        return used
    own = 0 if used.deductible is None else used.deductible
    ours = own if used.family_deductible is None else used.family_deductible
    return replace(used, deductible=own, family_deductible=ours if coverage == FAMILY else None)


def _with_stated_price(plan: Plan, session: Session) -> Plan:
    """A stated allowed amount stands in for the plan's own way to one."""
    network = "out" if session.network == "out" else "in"
    if session.allowed is None or network == "in":
        return plan
    stated = AllowedAmount(method=Method.FIXED, amount=session.allowed, origin=plan.origin)
    return replace(plan, allowed={**plan.allowed, network: stated})


def _reference(reference: Reference, plans: tuple[Plan, ...], session: Session) -> Reference:
    """``schedule_rate`` stands in for the figure of the schedule that the plan reads."""
    if session.schedule_rate is None or session.cpt is None:
        return reference
    schedules = dict(reference.schedules)
    for plan in plans:
        for way in plan.allowed.values():
            name = way.schedule if isinstance(way, AllowedAmount) else None
            if name in schedules:
                rates = {NATIONAL: {session.cpt: Rate(exact=session.schedule_rate)}}
                schedules[name] = replace(schedules[name], rates=rates, licence_percent={})
    return replace(reference, schedules=schedules)


def with_open_place(request: Request) -> Request:
    """The same request where the practice's scale has a place: what the scale asks."""
    entries = tuple(
        replace(t, sliding=replace(t.sliding, slots=True)) if isinstance(t.sliding, Sliding) else t
        for t in request.therapist
    )
    return replace(request, therapist=entries)
