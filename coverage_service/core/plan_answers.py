"""How an answer changes the facts of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from coverage_service.core import liability as grounds
from coverage_service.core.codes import RELATIONAL
from coverage_service.core.cost_sharing import NOT_COVERED, Benefit
from coverage_service.core.facts import UNKNOWN, Network, Origin, Unknown
from coverage_service.core.gate_steps import rule_of_code
from coverage_service.core.limit_questions import BucketOf, behavioral, in_bucket, out_bucket
from coverage_service.core.limit_terms import FAMILY, METHODS, SELF_ONLY, method_open
from coverage_service.core.plan import (
    AGGREGATE,
    DEDUCTIBLE,
    EMBEDDED,
    OUT_OF_POCKET,
    Claims,
    DiagnosisRule,
    Exclusion,
    Limit,
    Plan,
    limit_of,
)
from coverage_service.core.request import Care, Request

ANY_DIAGNOSIS = "*"
THERAPY = "outpatient_mental_health"
ANOTHER = "(another licence)"
"""Stands for the licences that a plan pays when it does not pay the therapist's."""
Fill = Callable[[Request, Any], Request]
"""An answer's value (cents, count, bool, word, date) into the request it changes."""
PlanFill = Callable[[Plan, Any], Plan]
"""An answer's value into each entry of the plan it changes."""


def _plans(change: PlanFill, request: Request, value: Any) -> Request:
    return replace(request, plan=tuple(change(plan, value) for plan in request.plan))


def _coverage(field: str, make: Callable[[Plan, Any], Any], plan: Plan, value: Any) -> Plan:
    return replace(plan, coverage=replace(plan.coverage, **{field: make(plan, value)}))


def _as_said(_: Plan, value: Any) -> Any:
    return value


def _every_diagnosis(origin: Origin, _: Plan, covered: bool) -> tuple[DiagnosisRule, ...]:
    return (DiagnosisRule(match=ANY_DIAGNOSIS, covered=covered, origin=origin),)


def _open_exclusions(plan: Plan, excluded: bool) -> Plan:
    """Those that the document leaves open, named or not; of the others it settles what is unclear."""
    told = plan.coverage
    named = tuple(
        replace(each, told=excluded, excluded=excluded if each.excluded is UNKNOWN else each.excluded)
        for each in told.exclusions
    )
    others = Exclusion(name="", excluded=excluded, told=excluded, origin=Origin("/answers/exclusions"))
    return replace(plan, coverage=replace(told, exclusions=named, unmentioned=others))


def _licences(plan: Plan, payable: bool) -> Any:
    return None if payable else (ANOTHER,)


def _liability(plan: Plan, value: str) -> Mapping[str, str | Unknown]:
    names = (grounds.EXCLUSION, grounds.DIAGNOSIS, grounds.CREDENTIAL, grounds.CODE, grounds.MODALITY,
             grounds.AUTHORIZATION, grounds.REFERRAL, grounds.NECESSITY)  # fmt: skip
    more = [  # the others are no denial that was asked of
        each
        for each in (grounds.NO_BENEFIT, grounds.VISIT_LIMIT)
        if grounds.liability(plan, Care(), "in", each) in grounds.OPEN
    ]
    return {**plan.coverage.liability, **dict.fromkeys((*names, *more), value)}


def _who_bears_a_denial(request: Request, who: str) -> Request:
    """Told who bears it, nothing is left open by a waiver nobody spoke of."""
    told = _plans(partial(_coverage, "liability", _liability), request, who)
    return replace(told, care=replace(told.care, waiver_signed=bool(told.care.waiver_signed)))


def _long_session(plan: Plan, payable: bool) -> Mapping[str, Any]:
    return {**plan.coverage.codes, "90837": payable}


def _codes_of_couples(plan: Plan, payable: bool) -> Mapping[str, Any]:
    """What is said of a couple's session holds for its codes that the plan leaves open."""
    opened = [cpt for cpt in sorted(RELATIONAL) if rule_of_code(plan.coverage, cpt) is UNKNOWN]
    return {**plan.coverage.codes, **dict.fromkeys(opened, payable)}


def _couples(request: Request, payable: bool) -> Request:
    """Paid with one of them as the patient, or not at all."""
    told = _plans(partial(_coverage, "codes", _codes_of_couples), request, payable)
    return replace(told, care=replace(told.care, identified_patient=payable))


def _limit(bucket_of: BucketOf, kind: str, plan: Plan, cents: int) -> Plan:
    bucket = bucket_of(plan, kind)
    others = tuple(x for x in plan.limits if (x.bucket, x.kind) != (bucket, kind))
    old = limit_of(plan, bucket, kind) or Limit(bucket=bucket, kind=kind)
    return replace(plan, limits=(*others, replace(old, person=cents)))


def _cost_sharing(network: Network, origin: Origin, plan: Plan, value: Any) -> Plan:
    """Cost sharing read to the caller; the face parses the phrases, text alone changes nothing."""
    if isinstance(value, str):
        return plan
    row = Benefit(service=THERAPY, network=network, cost_sharing=value, origin=origin)
    return replace(plan, benefits=(row, *plan.benefits))


def _no_outside_benefit(plan: Plan, there_is: bool) -> Plan:
    return plan if there_is else replace(plan, benefits=(NO_BENEFIT_OUTSIDE, *plan.benefits))


NO_BENEFIT_OUTSIDE = Benefit(
    service=THERAPY, network="out", cost_sharing=NOT_COVERED, origin=Origin("/answers/oon_benefit")
)


def _claims(plan: Plan, paid_to: str) -> Plan:
    old = plan.claims.get("out", Claims())
    return replace(plan, claims={**plan.claims, "out": replace(old, paid_to=paid_to)})


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])


def _visits(plan: Plan, visits: int) -> Plan:
    return replace(plan, visit_limits=tuple(replace(x, visits=visits) for x in plan.visit_limits))


def _refused_rate(plan: Plan, rate: str) -> Plan:
    return replace(plan, not_covered_rate={**plan.not_covered_rate, "in": rate})


def _family_method(request: Request, word: str) -> Request:
    """How the limits of a family go together; who has none but their own is covered alone.

    Met by a number of members, a person still has an own one inside it.
    """
    if word == SELF_ONLY:
        return replace(request, coverage=SELF_ONLY)

    open = any(method_open(limit, request) for plan in request.plan for limit in plan.limits)

    def told(limit: Limit) -> Limit:
        if method_open(limit, request):
            return replace(limit, method=AGGREGATE if word == AGGREGATE else EMBEDDED)
        settled = open or limit.kind != DEDUCTIBLE or word not in METHODS
        return limit if settled else replace(limit, method=word)

    plans = tuple(replace(plan, limits=tuple(map(told, plan.limits))) for plan in request.plan)
    return replace(request, plan=plans, coverage=request.coverage or FAMILY)


OF_THE_PLAN: Mapping[str, PlanFill] = {
    "not_covered_rate": _refused_rate,
    "cost_share": partial(_cost_sharing, "in", Origin("/answers/cost_share")),
    "oon_cost_share": partial(_cost_sharing, "out", Origin("/answers/oon_cost_share")),
    "deductible_amount": partial(_limit, in_bucket, DEDUCTIBLE),
    "oon_deductible_amount": partial(_limit, out_bucket, DEDUCTIBLE),
    "oop_amount": partial(_limit, in_bucket, OUT_OF_POCKET),
    "bh_separate": partial(_limit, behavioral, DEDUCTIBLE),
    "visit_cap": _visits,
    "coverage": partial(_coverage, "diagnoses", partial(_every_diagnosis, Origin("/answers/coverage"))),
    "dx_coverage": partial(_coverage, "diagnoses", partial(_every_diagnosis, Origin("/answers/dx_coverage"))),
    "exclusions": _open_exclusions,
    "credential": partial(_coverage, "licences", _licences),
    "associates": partial(_coverage, "associates", _as_said),
    "auth": partial(_coverage, "prior_authorization", _as_said),
    "referral": partial(_coverage, "referral", _as_said),
    "telehealth": partial(_coverage, "telehealth", _as_said),
    "long_session": partial(_coverage, "codes", _long_session),
    "oon_benefit": _no_outside_benefit,
    "cross": lambda plan, way: replace(plan, cross={DEDUCTIBLE: way, OUT_OF_POCKET: way}),
    "balance_billing": lambda plan, may: replace(plan, balance_billing={**plan.balance_billing, "out": may}),
    "oon_claims": _claims,
    "plan_year": lambda plan, text: replace(plan, plan_year_starts=(_month_day(text),)),
    "funding": lambda plan, word: replace(plan, market=replace(plan.market, funding=word)),
    "plan_state": lambda plan, word: replace(plan, market=replace(plan.market, state=word)),
    "bh_admin": lambda plan, name: replace(plan, administrator=name),
}
"""Unknown id → how its answer changes each entry of the plan."""

FILLS: Mapping[str, Fill] = {
    **{id: partial(_plans, change) for id, change in OF_THE_PLAN.items()},
    "family_method": _family_method,
    "denial_liability": _who_bears_a_denial,
    "couple_code": _couples,
}
"""Unknown id → how its answer changes the plan."""
