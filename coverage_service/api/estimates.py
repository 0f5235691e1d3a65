"""Estimates, batches, scripts and sliding fees: a body in, an answer that nobody keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Response, request
from flask_smorest import Blueprint

from coverage_service import __version__
from coverage_service.answer_json import estimate_json, item_json, scale_json, script_json
from coverage_service.api import examples
from coverage_service.api.body import json_body
from coverage_service.api.documented import takes
from coverage_service.api.problems import listed
from coverage_service.api.queries import Query
from coverage_service.api.replies import unkept
from coverage_service.core.money import outward
from coverage_service.estimates import (
    Batch,
    Item,
    make_batch,
    make_estimate,
    make_scripts,
    make_sliding_fee,
)
from coverage_service.json_values import text_of
from coverage_service.request_schema import BATCH, ESTIMATE, SCRIPT, SLIDING_FEE
from coverage_service.serving import sources, sources_named, today
from coverage_service.sources import Sources

bp = Blueprint(
    "estimates", __name__, url_prefix="/v1", description="What a client pays, and what is not known."
)
Made = TypeVar("Made")


def answered(make: Callable[[Any, Sources, date], Made]) -> Made:
    """What the body of this request asks for; a query has no place beside a body."""
    Query(request).done()
    body = json_body(request)
    version = body.get("rulebook_version") if isinstance(body, dict) else None
    return make(body, sources_named(version), today())


@bp.route("/estimates", methods=["POST"])
@takes("createEstimate", ESTIMATE, "Estimate", usual=examples.ESTIMATE, inline=examples.INLINE,
       smallest=examples.SMALLEST)  # fmt: skip
def create_estimate() -> Response:
    """Estimate a course of sessions

    Every way to pay with its range, what is not known yet with what it swings, and why.
    Nothing of the request is kept.
    """
    found = answered(make_estimate)
    return unkept(estimate_json(found.estimate, found.wording, sources().version, found.request.detail))


@bp.route("/estimates/batch", methods=["POST"])
@takes("createBatch", BATCH, "Batch", usual=examples.BATCH)
def create_batch() -> Response:
    """Estimate one client's course with many therapists

    The cheapest first: by the planning figure, else the high end, those without a figure last.
    A mistake in one therapist is told with that item; the others are answered.  An item holds
    figures and codes; ask for that therapist's estimate to read sentences and sources.
    """
    return unkept(batch_json(answered(make_batch)))


def batch_json(found: Batch) -> dict[str, Any]:
    """The items in their order, and once what they share."""
    as_of = {"date": found.request.used.as_of or found.request.as_of}
    return {
        "as_of": found.request.as_of,
        "rulebook_version": sources().version,
        "engine_version": __version__,
        "language": found.wording.language,
        "disclaimers": [
            {"code": code, "text": text_of(code, as_of, found.wording)} for code in found.wording.disclaimers
        ],
        "items": [_item(item) for item in found.items],
    }


def _item(item: Item) -> dict[str, Any]:
    course = next((each for each in item.best.windows if each.id == "course"), None) if item.best else None
    return {
        "index": item.index,
        "therapist": item.therapist or None,
        "pathway": item.best.id if item.best else None,
        "low_cents": course.low if course else None,
        "planning_cents": course.planning if course else None,
        "high_cents": course.high if course else None,
        "display": outward(course.low, course.planning, course.high)._asdict() if course else None,
        "estimate": item_json(item.estimate) if item.estimate else None,
        "problems": listed(item.problems),
    }


@bp.route("/scripts", methods=["POST"])
@takes("createScripts", SCRIPT, "Scripts", usual=examples.SCRIPT)
def create_scripts() -> Response:
    """Turn what is not known into questions to read out

    One script for each listener who can answer something, or for the ``listener`` asked for;
    the question that moves the most dollars first.
    """
    found = answered(make_scripts)
    return unkept(
        {
            "as_of": found.request.as_of,
            "rulebook_version": sources().version,
            "language": found.wording.language,
            "scripts": [script_json(each) for each in found.scripts],
        }
    )


@bp.route("/sliding-fee", methods=["POST"])
@takes("createSlidingFee", SLIDING_FEE, "SlidingFee", usual=examples.SLIDING_FEE)
def create_sliding_fee() -> Response:
    """Look a household up on a practice's sliding scale

    The fee of one session; ``fee`` is null when the practice has no scale or does not say.
    """
    found = answered(make_sliding_fee)
    return unkept(
        {
            "therapist": found.therapist or None,
            "cpt": found.cpt,
            "date": found.on,
            "rulebook_version": sources().version,
            "full_fee_cents": found.full_fee,
            "fee": scale_json(found.fee, found.wording) if found.fee else None,
        }
    )
