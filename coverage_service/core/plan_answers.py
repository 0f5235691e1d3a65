"""How an answer changes the facts of a plan, and what is used of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coverage_service.core import liability as grounds
from coverage_service.core.cost_sharing import NOT_COVERED, Benefit
from coverage_service.core.facts import UNKNOWN, Network, Origin, Unknown
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Claims, DiagnosisRule, Limit, Plan, limit_of
from coverage_service.core.request import LimitUsed, Request

ANY_DIAGNOSIS = "*"
THERAPY = "outpatient_mental_health"
Fill = Callable[[Request, Any], Request]
"""An answer's value (cents, count, bool, word, date) into the request it changes."""


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
    names = (grounds.EXCLUSION, grounds.DIAGNOSIS, grounds.CREDENTIAL, grounds.CODE, grounds.MODALITY,
             grounds.AUTHORIZATION, grounds.REFERRAL, grounds.NO_BENEFIT, grounds.NECESSITY)  # fmt: skip
    return {**plan.coverage.liability, **dict.fromkeys(names, value)}


def _who_bears_a_denial(request: Request, who: str) -> Request:
    """Told who bears it, nothing is left open by a waiver nobody spoke of."""
    told = _coverage(liability=_liability)(request, who)
    return replace(told, care=replace(told.care, waiver_signed=bool(told.care.waiver_signed)))


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


def in_bucket(plan: Plan) -> str:
    """The bucket of the plan's in-network limits."""
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


def _refused_rate(plan: Plan, rate: str) -> Plan:
    return replace(plan, not_covered_rate={**plan.not_covered_rate, "in": rate})


def _family_method(plan: Plan, word: str) -> Plan:
    if word == "members":
        return plan
    return replace(plan, limits=tuple(replace(limit, method=word) for limit in plan.limits))


FILLS: Mapping[str, Fill] = {
    "not_covered_rate": _plans(_refused_rate),
    "family_method": _plans(_family_method),
    "cost_share": _cost_sharing("in"),
    "oon_cost_share": _cost_sharing("out"),
    "deductible_amount": _limit(in_bucket, DEDUCTIBLE),
    "oop_amount": _limit(in_bucket, OUT_OF_POCKET),
    "bh_separate": _limit(_behavioral, DEDUCTIBLE),
    "ded_remaining": _left(in_bucket, DEDUCTIBLE, "deductible"),
    "family_ded_remaining": _left(in_bucket, DEDUCTIBLE, "family_deductible"),
    "family_members_met": _used(in_bucket, "family_members_met"),
    "oop_remaining": _left(in_bucket, OUT_OF_POCKET, "out_of_pocket"),
    "family_oop_remaining": _left(in_bucket, OUT_OF_POCKET, "family_out_of_pocket"),
    "bh_ded_remaining": _left(_behavioral, DEDUCTIBLE, "deductible"),
    "oon_ded_remaining": _left(_out_bucket, DEDUCTIBLE, "deductible"),
    "oon_oop_remaining": _left(_out_bucket, OUT_OF_POCKET, "out_of_pocket"),
    "first_n": _first_visits,
    "visit_limit": _limited_visits,
    "visit_cap": _plans(_visits),
    "coverage": _coverage(diagnoses=_every_diagnosis),
    "dx_coverage": _coverage(diagnoses=_every_diagnosis),
    "exclusions": _coverage(exclusions=_open_exclusions),
    "credential": _coverage(licences=_licences),
    "associates": _coverage(associates=_as_said),
    "auth": _coverage(prior_authorization=_as_said),
    "referral": _coverage(referral=_as_said),
    "telehealth": _coverage(telehealth=_as_said),
    "long_session": _coverage(codes=_long_session),
    "denial_liability": _who_bears_a_denial,
    "oon_benefit": _plans(_no_outside_benefit),
    "cross": _plans(lambda p, way: replace(p, cross={DEDUCTIBLE: way, OUT_OF_POCKET: way})),
    "balance_billing": _plans(lambda p, may: replace(p, balance_billing={**p.balance_billing, "out": may})),
    "oon_claims": _plans(_claims),
    "plan_year": _plans(lambda p, text: replace(p, plan_year_starts=(_month_day(text),))),
    "funding": _plans(lambda p, word: replace(p, market=replace(p.market, funding=word))),
    "plan_state": _plans(lambda p, word: replace(p, market=replace(p.market, state=word))),
    "bh_admin": _plans(lambda p, name: replace(p, administrator=name)),
}
"""Unknown id → how its answer changes the plan or what is used of it."""
