"""How an answer changes what is used of a plan's limits, and of its visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.limit_questions import BucketOf, behavioral, in_bucket, out_bucket
from coverage_service.core.limit_terms import shared
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Members, Plan, ShareOfIncome, limit_of
from coverage_service.core.plan_answers import Fill
from coverage_service.core.request import LimitUsed, Request
from coverage_service.core.schedule import in_force
from coverage_service.core.terms import UNLIMITED

NO_PLAN = Plan(id="")
FIELDS = {DEDUCTIBLE: "deductible", OUT_OF_POCKET: "out_of_pocket"}
"""The kind of a limit → the field that says what is used of it."""


def _used(kind: str, field: str, bucket_of: BucketOf, request: Request, value: Any) -> Request:
    """A fact of what is used of a kind of limit, as told."""
    bucket = bucket_of(_plan_asked(request), kind)
    old = request.used.limits.get(bucket, LimitUsed())
    limits = {**request.used.limits, bucket: replace(old, **{field: value})}
    return replace(request, used=replace(request.used, limits=limits))


def _left(bucket_of: BucketOf, kind: str, request: Request, left: int) -> Request:
    """What is left of a person's limit; of one that the family shares it is what is left for all.

    Of a maximum of unknown size it caps this plan year alone; of a deductible of unknown size it
    stands as it was told until the size is.
    """
    plan = _plan_asked(request)
    limit = limit_of(plan, bucket_of(plan, kind), kind)
    figure = limit.person if limit else None
    if limit and (figure is None or shared(limit, request)):
        of_income = isinstance(limit.family, ShareOfIncome)
        return request if of_income else _family_left(kind, bucket_of, request, left)
    if kind == OUT_OF_POCKET and limit and figure is UNKNOWN and not isinstance(limit.family, int):
        figure = UNLIMITED
    if kind == DEDUCTIBLE and figure is UNKNOWN:
        return _used(kind, "deductible_left", bucket_of, request, left)
    if not isinstance(figure, int):
        return request
    return _used(kind, FIELDS[kind], bucket_of, request, max(0, figure - left))


def _family_left(kind: str, bucket_of: BucketOf, request: Request, left: int) -> Request:
    """What is left of a family's limit; of one of unknown size it caps this plan year alone."""
    plan = _plan_asked(request)
    limit = limit_of(plan, bucket_of(plan, kind), kind)
    figure = limit.family if limit else None
    if figure is UNKNOWN:
        figure = UNLIMITED
    spent = max(0, figure - left) if isinstance(figure, int) else 0
    return _used(kind, f"family_{FIELDS[kind]}", bucket_of, request, spent)


def _here(
    kind: str, fill: Callable[[BucketOf, Request, Any], Request], request: Request, value: Any
) -> Request:
    """An answer about the family's limit of the network that is asked about.

    It is that outside where the clinician is; where a family has none of this kind there, the one it has.
    """
    plan = _plan_asked(request)
    sides = (out_bucket, in_bucket) if request.network.status == "out" else (in_bucket, out_bucket)
    of_family = (side for side in (*sides, behavioral) if _of_family(plan, side, kind))
    return fill(next(of_family, sides[0]), request, value)


def _of_family(plan: Plan, bucket_of: BucketOf, kind: str) -> bool:
    limit = limit_of(plan, bucket_of(plan, kind), kind)
    return limit is not None and (limit.family is not None or isinstance(limit.method, Members))


def _plan_asked(request: Request) -> Plan:
    """The entry in force on the day the amounts are of."""
    return in_force(request.plan, request.used.as_of or request.as_of) or NO_PLAN


def _visits_used(request: Request, names: tuple[str, ...], visits: int) -> Request:
    counted = {**request.used.visits, **dict.fromkeys(names, visits)}
    return replace(request, used=replace(request.used, visits=counted))


def _first_visits(request: Request, visits: int) -> Request:
    pools = {row.visits.pool for plan in request.plan for row in plan.benefits if row.visits}
    return _visits_used(request, tuple(sorted(pools)), visits)


def _limited_visits(request: Request, visits: int) -> Request:
    services = [limit.services[0] for plan in request.plan for limit in plan.visit_limits]
    return _visits_used(request, tuple(services), visits)


FILLS: Mapping[str, Fill] = {
    "ded_remaining": partial(_left, in_bucket, DEDUCTIBLE),
    "family_ded_remaining": partial(_here, DEDUCTIBLE, partial(_family_left, DEDUCTIBLE)),
    "family_members_met": partial(_here, DEDUCTIBLE, partial(_used, DEDUCTIBLE, "family_members_met")),
    "oop_remaining": partial(_left, in_bucket, OUT_OF_POCKET),
    "family_oop_remaining": partial(_here, OUT_OF_POCKET, partial(_family_left, OUT_OF_POCKET)),
    "bh_ded_remaining": partial(_left, behavioral, DEDUCTIBLE),
    "bh_family_ded_remaining": partial(_family_left, DEDUCTIBLE, behavioral),
    "oon_ded_remaining": partial(_left, out_bucket, DEDUCTIBLE),
    "oon_oop_remaining": partial(_left, out_bucket, OUT_OF_POCKET),
    "first_n": _first_visits,
    "visit_limit": _limited_visits,
}
"""Unknown id → how its answer changes what is used."""
