"""Which question asks about a limit, and which limit its answer is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from coverage_service.core.buckets import ANY, BEHAVIORAL, IN, OUT
from coverage_service.core.facts import NoLimit
from coverage_service.core.limit_terms import Key
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Plan

BucketOf = Callable[[Plan, str], str]
"""A plan and a kind of limit into the bucket of its limit of that kind."""

SIZE: Mapping[Key, str] = {
    (IN, DEDUCTIBLE): "deductible_amount",
    (OUT, DEDUCTIBLE): "oon_deductible_amount",
    (BEHAVIORAL, DEDUCTIBLE): "bh_separate",
    (IN, OUT_OF_POCKET): "oop_amount",
}
LEFT: Mapping[Key, str] = {
    (IN, DEDUCTIBLE): "ded_remaining",
    (OUT, DEDUCTIBLE): "oon_ded_remaining",
    (BEHAVIORAL, DEDUCTIBLE): "bh_ded_remaining",
    (IN, OUT_OF_POCKET): "oop_remaining",
    (OUT, OUT_OF_POCKET): "oon_oop_remaining",
}
FAMILY_LEFT: Mapping[Key, str] = {
    (BEHAVIORAL, DEDUCTIBLE): "bh_family_ded_remaining",
    **dict.fromkeys([(IN, DEDUCTIBLE), (OUT, DEDUCTIBLE)], "family_ded_remaining"),
    **dict.fromkeys([(IN, OUT_OF_POCKET), (OUT, OUT_OF_POCKET)], "family_oop_remaining"),
}
"""The questions on how large a limit is, on what is left of it, and on what is left of a family's."""


def asked(questions: Mapping[Key, str], plan: Plan, key: Key) -> str | None:
    """The one of some questions whose answer lands at a limit of a plan; None where none does.

    A limit of both networks is asked for by the network that has none of its own.
    """
    bucket, kind = key
    sides = {IN: in_bucket, OUT: out_bucket} if bucket == ANY else {}
    names = [side for side, bucket_of in sides.items() if bucket_of(plan, kind) == ANY]
    return next((questions[name, kind] for name in names or [bucket] if (name, kind) in questions), None)


def _bucket(network: str, plan: Plan, kind: str) -> str:
    """The bucket that limits a network: its own, else the one of both networks together."""
    limited = {x.bucket for x in plan.limits if x.kind == kind and not isinstance(x.person, NoLimit)}
    buckets = limited if limited & {network, ANY} else {x.bucket for x in plan.limits}
    return network if network in buckets else ANY


in_bucket: BucketOf = partial(_bucket, IN)
out_bucket: BucketOf = partial(_bucket, OUT)


def behavioral(plan: Plan, kind: str) -> str:
    """The bucket of mental health alone."""
    return BEHAVIORAL
