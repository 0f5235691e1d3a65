"""Answers fed back in: each one becomes the fact it fills (``definitions`` 8).

A document that was verified beats an answer: the contradiction is told, never silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coverage_service.core.answer import Note
from coverage_service.core.codes import procedure_codes
from coverage_service.core.facts import UNKNOWN, Confidence, Network, Origin, Unknown
from coverage_service.core.plan import (
    DEDUCTIBLE,
    NOT_COVERED,
    OUT_OF_POCKET,
    Benefit,
    Claims,
    DiagnosisRule,
    Limit,
    Plan,
    limit_of,
)
from coverage_service.core.request import LimitUsed, OtherPlan, Price, Request
from coverage_service.core.therapist import Sliding, Therapist

ANY_DIAGNOSIS = "*"
THERAPY = "outpatient_mental_health"
Fill = Callable[[Request, Any], Request]


def apply(request: Request) -> tuple[Request, tuple[Note, ...]]:
    """The request with its answers as facts, and a notice for each that could not be taken."""
    notes: list[Note] = []
    for id, answer in request.answers.items():
        if answer.value is None:
            continue
        against = _verified_against(request, id, answer.value)
        if against is not None:
            notes.append(Note("answer_contradicts_document", {"id": id}, against))
        elif id in FILLS:
            request = FILLS[id](request, answer.value)
    return request, tuple(notes)


def said(request: Request, id: str) -> Origin:
    """Where an answer stands, with the confidence of something a representative said."""
    return Origin(f"/answers/{id}", None, Confidence.STATED)


# -- plan


def _plans(change: Callable[[Plan, Any], Plan]) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        return replace(request, plan=tuple(change(plan, value) for plan in request.plan))

    return fill


def _coverage(**fields: Callable[[Plan, Any], Any]) -> Fill:
    def change(plan: Plan, value: Any) -> Plan:
        made = {name: make(plan, value) for name, make in fields.items()}
        return replace(plan, coverage=replace(plan.coverage, **made))

    return _plans(change)


def _as_said(_: Plan, value: Any) -> Any:
    return value


def _every_diagnosis(plan: Plan, covered: bool) -> tuple[DiagnosisRule, ...]:
    return (DiagnosisRule(match=ANY_DIAGNOSIS, covered=covered, origin=Origin("/answers/dx_coverage")),)


def _open_exclusions(plan: Plan, excluded: bool) -> Any:
    return tuple(
        replace(each, excluded=excluded) if each.excluded is UNKNOWN else each
        for each in plan.coverage.exclusions
    )


def _licences(plan: Plan, payable: bool) -> Any:
    return None if payable else ("(another licence)",)


def _liability(plan: Plan, value: str) -> Mapping[str, str | Unknown]:
    from coverage_service.core import liability as grounds

    names = (grounds.EXCLUSION, grounds.DIAGNOSIS, grounds.CREDENTIAL, grounds.CODE, grounds.MODALITY,
             grounds.AUTHORIZATION, grounds.REFERRAL, grounds.NO_BENEFIT, grounds.NECESSITY)  # fmt: skip
    return {**plan.coverage.liability, **dict.fromkeys(names, value)}


def _long_session(plan: Plan, payable: bool) -> Mapping[str, Any]:
    return {**plan.coverage.codes, "90837": payable}


def _limit(bucket_of: Callable[[Plan], str], kind: str) -> Fill:
    def change(plan: Plan, cents: int) -> Plan:
        bucket = bucket_of(plan)
        others = tuple(x for x in plan.limits if (x.bucket, x.kind) != (bucket, kind))
        old = limit_of(plan, bucket, kind) or Limit(bucket=bucket, kind=kind)
        return replace(plan, limits=(*others, replace(old, person=cents)))

    return _plans(change)


def _cost_sharing(network: Network) -> Fill:
    """Cost sharing read to the caller; the face parses the phrases, text alone changes nothing."""

    def change(plan: Plan, value: Any) -> Plan:
        if isinstance(value, str):
            return plan
        row = Benefit(
            service=THERAPY, network=network, cost_sharing=value, origin=Origin("/answers/cost_share")
        )
        return replace(plan, benefits=(row, *plan.benefits))

    return _plans(change)


def _no_outside_benefit(plan: Plan, there_is: bool) -> Plan:
    if there_is:
        return plan
    row = Benefit(
        service=THERAPY, network="out", cost_sharing=NOT_COVERED, origin=Origin("/answers/oon_benefit")
    )
    return replace(plan, benefits=(row, *plan.benefits))


def _claims(plan: Plan, paid_to: str) -> Plan:
    old = plan.claims.get("out", Claims())
    return replace(plan, claims={**plan.claims, "out": replace(old, paid_to=paid_to)})


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])


def _visits(plan: Plan, visits: int) -> Plan:
    return replace(plan, visit_limits=tuple(replace(x, visits=visits) for x in plan.visit_limits))


# -- what was used


def _in_bucket(plan: Plan) -> str:
    return "in_network" if any(x.bucket == "in_network" for x in plan.limits) else "any_network"


def _out_bucket(plan: Plan) -> str:
    return "out_of_network" if any(x.bucket == "out_of_network" for x in plan.limits) else "any_network"


def _behavioral(plan: Plan) -> str:
    return "behavioral_health"


def _used(bucket_of: Callable[[Plan], str], field: str) -> Fill:
    """A fact of what is used, as told."""

    def fill(request: Request, value: Any) -> Request:
        bucket = bucket_of(request.plan[0] if request.plan else Plan(id=""))
        old = request.used.limits.get(bucket, LimitUsed())
        limits = {**request.used.limits, bucket: replace(old, **{field: value})}
        return replace(request, used=replace(request.used, limits=limits))

    return fill


def _left(bucket_of: Callable[[Plan], str], kind: str, field: str) -> Fill:
    """What is left of a limit; one whose figure is not known becomes exactly that much."""
    family = field.startswith("family")

    def fill(request: Request, left: int) -> Request:
        plan = request.plan[0] if request.plan else Plan(id="")
        limit = limit_of(plan, bucket_of(plan), kind)
        figure = (limit.family if family else limit.person) if limit else None
        if not isinstance(figure, int):
            figure = left
            if not family:
                request = _limit(bucket_of, kind)(request, left)
        return _used(bucket_of, field)(request, max(0, figure - left))

    return fill


def _visits_used(request: Request, names: tuple[str, ...], visits: int) -> Request:
    counted = {**request.used.visits, **dict.fromkeys(names, visits)}
    return replace(request, used=replace(request.used, visits=counted))


def _first_visits(request: Request, visits: int) -> Request:
    pools = {row.visits.pool for plan in request.plan for row in plan.benefits if row.visits}
    return _visits_used(request, tuple(sorted(pools)), visits)


def _limited_visits(request: Request, visits: int) -> Request:
    services = [limit.services[0] for plan in request.plan for limit in plan.visit_limits]
    return _visits_used(request, tuple(services), visits)


# -- care, prices, practice


def _care(field: str, make: Callable[[Any], Any] = lambda value: value) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        return replace(request, care=replace(request.care, **{field: make(value)}))

    return fill


def _price(field: str) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        care = request.care
        by_code = value if isinstance(value, Mapping) else dict.fromkeys(
            care.codes or procedure_codes(care.minutes, care.format, care.patient_present), value
        )  # fmt: skip
        prices = dict(request.prices)
        for code, cents in by_code.items():
            prices[code] = replace(prices.get(code, Price()), **{field: cents})
        return replace(request, prices=prices)

    return fill


def _therapists(change: Callable[[Therapist, Any], Therapist]) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        entries = request.therapist or (Therapist(id="inline"),)
        return replace(request, therapist=tuple(change(each, value) for each in entries))

    return fill


def _clinician(field: str) -> Fill:
    return _therapists(lambda t, value: replace(t, clinician=replace(t.clinician, **{field: value})))


def _licensed_where_client_is(request: Request, valid: bool) -> Request:
    state = request.care.client_state
    if state is None:
        return request
    return _clinician("licensed_in")(request, (state,) if valid else ("(another state)",))


def _sliding(field: str) -> Fill:
    def change(therapist: Therapist, value: Any) -> Therapist:
        old = therapist.sliding
        return replace(therapist, sliding=replace(old, **{field: value}) if isinstance(old, Sliding) else old)

    return _therapists(change)


def _offered_fee(therapist: Therapist, cents: int) -> Therapist:
    old = therapist.sliding
    uses = old.with_out_of_network_claims if isinstance(old, Sliding) else UNKNOWN
    offered = Sliding(
        model="flat_range",
        fee=cents,
        slots=True,
        with_out_of_network_claims=uses,
        origin=Origin("/answers/sliding"),
    )
    return replace(therapist, sliding=offered)


def _household(field: str) -> Fill:
    return lambda request, value: replace(request, household=replace(request.household, **{field: value}))


def _network(make: Callable[[Any], str]) -> Fill:
    return lambda request, value: replace(request, network=replace(request.network, status=make(value)))


# -- other coverage


def _eap_left(request: Request, left: int) -> Request:
    if request.eap is None:
        return request
    rows = [b.visits for b in request.eap.entries[0].benefits if b.visits]
    used = {v.pool: max(0, v.visits - left) for v in rows}
    return replace(
        request, eap=OtherPlan(entries=request.eap.entries, used=replace(request.eap.used, visits=used))
    )


def _on_panel(request: Request, on_it: bool) -> Request:
    programmes = (request.eap.entries[0].id,) if on_it and request.eap else ()
    return _therapists(lambda t, _: replace(t, eap_programmes=programmes))(request, on_it)


def _coordination(request: Request, method: str) -> Request:
    if request.secondary is None:
        return request
    entries = tuple(replace(plan, coordination=method) for plan in request.secondary.entries)
    return replace(request, secondary=replace(request.secondary, entries=entries))


def _second_plan(request: Request, which: str) -> Request:
    return replace(request, secondary=None) if which == "none" else request


def _status(is_in: bool) -> str:
    return "in" if is_in else "out"


def _word(value: Any) -> Any:
    return value


def _settled(request: Request, value: Any) -> Request:
    """Read where the wording's readings are chosen (``insured``), nothing to change here."""
    return request


FILLS: Mapping[str, Fill] = {
    "network_status": _network(_word),
    "medicare_status": _network(_word),
    "accepts_plan": _network(_status),
    "medicaid_enrolled": _network(_status),
    "tier": lambda request, value: replace(request, network=replace(request.network, tier=value)),
    "agreed_rate": lambda r, cents: replace(
        r, network=replace(r.network, status="gap_exception", agreed=cents)
    ),
    "cost_share": _cost_sharing("in"),
    "oon_cost_share": _cost_sharing("out"),
    "ded_applies": _settled,
    "coinsurance_base": _settled,
    "medigap_visit": _settled,
    "deductible_amount": _limit(_in_bucket, DEDUCTIBLE),
    "oop_amount": _limit(_in_bucket, OUT_OF_POCKET),
    "bh_separate": _limit(_behavioral, DEDUCTIBLE),
    "ded_remaining": _left(_in_bucket, DEDUCTIBLE, "deductible"),
    "family_ded_remaining": _left(_in_bucket, DEDUCTIBLE, "family_deductible"),
    "family_members_met": _used(_in_bucket, "family_members_met"),
    "oop_remaining": _left(_in_bucket, OUT_OF_POCKET, "out_of_pocket"),
    "family_oop_remaining": _left(_in_bucket, OUT_OF_POCKET, "family_out_of_pocket"),
    "bh_ded_remaining": _left(_behavioral, DEDUCTIBLE, "deductible"),
    "oon_ded_remaining": _left(_out_bucket, DEDUCTIBLE, "deductible"),
    "oon_oop_remaining": _left(_out_bucket, OUT_OF_POCKET, "out_of_pocket"),
    "used_as_of": lambda request, day: replace(request, used=replace(request.used, as_of=day)),
    "first_n": _first_visits,
    "visit_limit": _limited_visits,
    "visit_cap": _plans(_visits),
    "allowed_amount": _price("allowed"),
    "oon_method": _price("allowed"),
    "fee": _price("billed"),
    "gfe": _price("billed"),
    "coverage": _coverage(diagnoses=_every_diagnosis),
    "dx_coverage": _coverage(diagnoses=_every_diagnosis),
    "exclusions": _coverage(exclusions=_open_exclusions),
    "credential": _coverage(licences=_licences),
    "associates": _coverage(associates=_as_said),
    "auth": _coverage(prior_authorization=_as_said),
    "referral": _coverage(referral=_as_said),
    "telehealth": _coverage(telehealth=_as_said),
    "long_session": _coverage(codes=_long_session),
    "denial_liability": _coverage(liability=_liability),
    "auth_obtained": _care("authorization"),
    "referral_obtained": _care("referral"),
    "couple_code": _care("identified_patient"),
    "waiver_signed": _care("waiver_signed"),
    "not_covered_rate": _plans(
        lambda p, rate: replace(p, not_covered_rate={**p.not_covered_rate, "in": rate})
    ),
    "oon_benefit": _plans(_no_outside_benefit),
    "cross": _plans(lambda p, way: replace(p, cross={DEDUCTIBLE: way, OUT_OF_POCKET: way})),
    "balance_billing": _plans(lambda p, may: replace(p, balance_billing={**p.balance_billing, "out": may})),
    "oon_claims": _plans(_claims),
    "plan_year": _plans(lambda p, text: replace(p, plan_year_starts=(_month_day(text),))),
    "funding": _plans(lambda p, word: replace(p, market=replace(p.market, funding=word))),
    "plan_state": _plans(lambda p, word: replace(p, market=replace(p.market, state=word))),
    "bh_admin": _plans(lambda p, name: replace(p, administrator=name)),
    "modality": _care("modality"),
    "client_state": _care("client_state"),
    "intake": _care("intake"),
    "session_length": _care("minutes"),
    "freq_length": _care("sessions"),
    "every_days": _care("every_days"),
    "first_session": _care("first_session"),
    "care_format": _care("format"),
    "dx_billing": _care("diagnoses", lambda code: (code,)),
    "superbill": _therapists(lambda t, gives: replace(t, superbill=gives)),
    "licence": _clinician("licence"),
    "supervised": _clinician("supervised"),
    "licensed_in": _licensed_where_client_is,
    "sliding": _therapists(_offered_fee),
    "sliding_slots": _sliding("slots"),
    "sliding_claims": _sliding("with_out_of_network_claims"),
    "household_income": _household("income"),
    "household_size": _household("size"),
    "household_area": _household("area"),
    "eap": _eap_left,
    "eap_panel": _on_panel,
    "coordination": _coordination,
    "second_plan": _second_plan,
}
"""Unknown id → how its answer changes the request; ids without a row are kept for the script."""


def _verified_against(request: Request, id: str, value: Any) -> Origin | None:
    """The verified figure an answer contradicts, or None."""
    if not request.plan:
        return None
    plan = request.plan[0]
    limit = {"deductible_amount": DEDUCTIBLE, "oop_amount": OUT_OF_POCKET}.get(id)
    if limit is not None:
        found = limit_of(plan, _in_bucket(plan), limit)
        if found and isinstance(found.person, int) and found.person != value:
            return found.origin if found.origin.confidence is Confidence.VERIFIED else None
    if id in _YES_NO_OF_COVERAGE:
        stated = getattr(plan.coverage, _YES_NO_OF_COVERAGE[id])
        if stated is not None and not isinstance(stated, Unknown) and stated is not value:
            origin = plan.coverage.origin
            return origin if origin.confidence is Confidence.VERIFIED else None
    return None


_YES_NO_OF_COVERAGE = {
    "auth": "prior_authorization",
    "referral": "referral",
    "telehealth": "telehealth",
    "associates": "associates",
}
