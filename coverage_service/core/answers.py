"""Answers fed back in: each one becomes the fact it fills (``definitions`` 8).

A document that was verified beats an answer: the contradiction is told, never silent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coverage_service.core import care_answers, plan_answers, used_answers
from coverage_service.core.answer import Note
from coverage_service.core.facts import Confidence, Origin, Unknown
from coverage_service.core.limit_questions import in_bucket, out_bucket
from coverage_service.core.limit_terms import FAMILY
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, limit_of
from coverage_service.core.request import Request

FILLS = {**plan_answers.FILLS, **used_answers.FILLS, **care_answers.FILLS}
"""Unknown id → how its answer changes the request; ids without a row are kept for the script."""


def apply(request: Request) -> tuple[Request, tuple[Note, ...]]:
    """The request with its answers as facts, and a notice for each that could not be taken."""
    notes: list[Note] = []
    request = _with_its_family(request)
    for id, answer in request.answers.items():
        if answer.value is None:
            continue
        against = _verified_against(request, id, answer.value)
        if against is not None:
            notes.append(Note("answer_contradicts_document", {"id": id}, against))
        elif id in FILLS:
            request = FILLS[id](request, answer.value)
    return _with_its_family(request), tuple(notes)


def _with_its_family(request: Request) -> Request:
    """Who says what the family has used has one on the plan."""
    said = request.used.limits.values()
    if request.coverage is None and any(
        (each.family_deductible, each.family_out_of_pocket, each.family_members_met) != (None,) * 3
        for each in said
    ):
        return replace(request, coverage=FAMILY)
    return request


def _verified_against(request: Request, id: str, value: Any) -> Origin | None:
    """The verified figure an answer contradicts, or None."""
    if not request.plan:
        return None
    plan = request.plan[0]
    if id in _SIZES:
        bucket_of, kind = _SIZES[id]
        found = limit_of(plan, bucket_of(plan, kind), kind)
        if found and isinstance(found.person, int) and found.person != value:
            return found.origin if found.origin.confidence is Confidence.VERIFIED else None
    if id in _YES_NO_OF_COVERAGE:
        stated = getattr(plan.coverage, _YES_NO_OF_COVERAGE[id])
        if stated is not None and not isinstance(stated, Unknown) and stated is not value:
            origin = plan.coverage.origin
            return origin if origin.confidence is Confidence.VERIFIED else None
    return None


_SIZES = {
    "deductible_amount": (in_bucket, DEDUCTIBLE),
    "oon_deductible_amount": (out_bucket, DEDUCTIBLE),
    "oop_amount": (in_bucket, OUT_OF_POCKET),
}
_YES_NO_OF_COVERAGE = {
    "auth": "prior_authorization",
    "referral": "referral",
    "telehealth": "telehealth",
    "associates": "associates",
}
