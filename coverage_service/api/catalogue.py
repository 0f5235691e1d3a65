"""What the rule book holds: plans, therapists, questions, concerns and its version."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from coverage_service import __version__
from coverage_service.api.documented import LANGUAGE, NAME_TOPIC, PAGE, gives
from coverage_service.api.plan_json import plan_json, plan_line
from coverage_service.api.queries import Query, page, paged
from coverage_service.api.replies import kept
from coverage_service.api.therapist_json import therapist_json, therapist_line
from coverage_service.core.question_table import QUESTIONS, YES_NO, Question
from coverage_service.core.reference import Concern
from coverage_service.core.wording import Wording
from coverage_service.serving import sources

bp = Blueprint("catalogue", __name__, url_prefix="/v1", description="What the rule book holds.")


@bp.route("/plans")
@gives("listPlans", "PlanPage", *PAGE)
def list_plans() -> Response:
    """List the plans that an estimate may name"""
    found = sources()
    query, shown, cursor, limit = _page(sorted(found.plans))
    lines = [plan_line(id, found.plans[id]) for id in shown]
    return kept(*paged(query, lines, cursor, limit))


@bp.route("/plans/<plan>")
@gives("getPlan", "Plan", missing=True)
def get_plan(plan: str) -> Response:
    """Show a plan as its rule file says it"""
    Query(request).done()
    entries = sources().plans.get(plan)
    if entries is None:
        raise NotFound
    return kept(plan_json(plan, entries))


@bp.route("/therapists")
@gives("listTherapists", "TherapistPage", *PAGE)
def list_therapists() -> Response:
    """List the therapists that an estimate may name"""
    found = sources()
    query, shown, cursor, limit = _page(sorted(found.therapists))
    versions = found.store.versions
    lines = [therapist_line(id, found.therapists[id], versions.get(id, "")) for id in shown]
    return kept(*paged(query, lines, cursor, limit))


@bp.route("/therapists/<therapist>")
@gives("getTherapist", "Therapist", missing=True)
def get_therapist(therapist: str) -> Response:
    """Show a therapist's licence, networks, fees and scale"""
    Query(request).done()
    found = sources()
    entries = found.therapists.get(therapist)
    if entries is None:
        raise NotFound
    return kept(therapist_json(therapist, entries, found.store.versions.get(therapist, "")))


@bp.route("/questions")
@gives("listQuestions", "Questions", LANGUAGE, NAME_TOPIC)
def list_questions() -> Response:
    """List the questions that settle what is not known, in the order to ask"""
    query = Query(request, "language", "name_topic")
    found = sources()
    wording, topic = found.wordings.get(query.language(found)), query.flag("name_topic")
    query.done()
    assert wording is not None
    return kept({"language": wording.language, "items": [_question(x, wording, topic) for x in QUESTIONS]})


@bp.route("/concerns")
@gives("listConcerns", "Concerns", LANGUAGE, NAME_TOPIC)
def list_concerns() -> Response:
    """List what a client may name instead of a diagnosis"""
    query = Query(request, "language", "name_topic")
    found = sources()
    language, topic = query.language(found), query.flag("name_topic")
    query.done()
    concerns = found.book.reference.concerns.values()
    return kept({"language": language, "items": [_concern(each, language, topic) for each in concerns]})


@bp.route("/rules/version")
@gives("getRulesVersion", "RulesVersion")
def get_version() -> Response:
    """Show the version of the rules and of the engine"""
    Query(request).done()
    found = sources()
    return kept(
        {
            "rulebook_version": found.version,
            "engine_version": __version__,
            "plans": len(found.plans),
            "therapists": len(found.therapists),
            "languages": sorted(found.wordings),
        }
    )


def _page(ids: list[str]) -> tuple[Query, Any, str | None, int]:
    query = Query(request, "cursor", "limit")
    limit, after = query.limit(), query.cursor()
    query.done()
    shown, cursor = page(ids, after, limit)
    return query, shown, cursor, limit


def _question(row: Question, wording: Wording, topic: bool) -> dict[str, Any]:
    text = wording.questions[row.id]
    values = row.choices or (("yes", "no") if row.type == YES_NO else ())
    return {
        "id": row.id,
        "ask": row.ask,
        "short": text.short,
        "text": (topic and text.topic) or text.neutral,
        "why": text.why,
        "fills": row.fills or None,
        "script_only": row.script_only,
        "per_code": row.per_code,
        "answer": {
            "type": row.type,
            "unit": row.unit or None,
            "choices": [{"value": each, "label": wording.choices.get(each, each)} for each in values],
            "hint": text.hint or None,
        },
    }


def _concern(concern: Concern, language: str, topic: bool) -> dict[str, Any]:
    labels = concern.labels if topic else concern.neutral_labels
    return {
        "id": concern.id,
        "label": labels.get(language) or labels.get("en") or concern.id,
        "formats": concern.formats,
    }
