"""Which rules are in force since when, what became of the last change, and how fresh the rules are.

Versions, times and places only: who changed what and why is for staff, on the command line and the workbench.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from flask import Response
from flask_smorest import Blueprint

from coverage_service import __version__
from coverage_service.activation.status import Status, problem_json
from coverage_service.api.documented import gives
from coverage_service.api.replies import unkept
from coverage_service.api.shapes import DAY, FLAG, NUMBER, TEXT, Spec, many, maybe, one_of, record, ref
from coverage_service.core.facts import Confidence
from coverage_service.freshness import Freshness, freshness
from coverage_service.serving import held, today
from coverage_service.sources import Sources

bp = Blueprint("rules_status", __name__, description="For whoever keeps the rules.")
DATED: Final[dict[str, Spec]] = {"kind": TEXT, "id": TEXT, "place": TEXT}
SCHEMAS: Final[dict[str, Spec]] = {
    "RuleProblem": record(
        "A mistake in a rule file: where it is, what is wrong, what to write. `line` 0: in no file.",
        file=TEXT,
        line=NUMBER,
        column=NUMBER,
        message=TEXT,
        remedy=TEXT,
        severity=one_of("error", "warning"),
    ),
    "RulesCandidate": record(
        "Rule files that were changed and are not in force.",
        files=TEXT,
        rulebook_version=TEXT,
        read=TEXT,
        problems=many(ref("RuleProblem")),
    ),
    "Freshness": record(
        "What ends within some days, what nobody has checked for a year, figures by how sure they are.",
        as_of=DAY,
        within_days=NUMBER,
        ending=many(record(**DATED, ends=DAY, days_left=NUMBER)),
        unchecked=many(record(**DATED, checked=maybe(DAY))),
        figures=record(**{each.name.lower(): NUMBER for each in Confidence}),
    ),
    "RulesStatus": record(
        "`files` is a hash of all rule files, therapists included. `since` and `last_success` are UTC. "
        "`stale`: staff have written rules that are not in force, because of a mistake in them.",
        rulebook_version=maybe(TEXT),
        files=maybe(TEXT),
        engine_version=TEXT,
        since=maybe(TEXT),
        last_success=maybe(TEXT),
        stale=FLAG,
        folder=one_of("in_force", "refused", "waiting", "set_aside", "not_yet_read"),
        activation=one_of("automatic", "manual", "at_start"),
        candidate=maybe(ref("RulesCandidate")),
        failed_candidates=NUMBER,
        history=record(kept=FLAG, reason=maybe(TEXT)),
        older_versions=many(TEXT),
        freshness=maybe(ref("Freshness")),
    ),
}


@bp.route("/v1/rules/status")
@gives("getRulesStatus", "RulesStatus")
def get_status() -> Response:
    """Show which rules are in force, and what keeps newer ones from it

    A candidate with any mistake never replaces the rules in force: the service is stale, never down.
    """
    running = held()
    now, found = running.now, running.status()
    sources, serving = now.sources, now.activation
    since = serving.at if serving else None
    return unkept(
        {
            "rulebook_version": sources.version if sources else None,
            "files": sources.files if sources else None,
            "engine_version": __version__,
            "since": since,
            "last_success": since,
            "stale": found.stale,
            "folder": found.folder,
            "activation": running.mode,
            "candidate": _candidate(found),
            "failed_candidates": found.failures,
            "history": {"kept": not running.no_history, "reason": running.no_history or None},
            "older_versions": sources.older if sources else (),
            "freshness": _freshness(sources) if sources else None,
        }
    )


def _candidate(found: Status) -> dict[str, Any] | None:
    verdict = found.verdict
    if verdict is None:
        return None
    return {
        "files": verdict.files,
        "rulebook_version": verdict.version,
        "read": verdict.at,
        "problems": [problem_json(each) for each in verdict.problems],
    }


def _freshness(sources: Sources) -> dict[str, Any]:
    """Made once a day for each rule book."""
    day = today()
    if sources.made.get("freshness", (None,))[0] != day:
        sources.made["freshness"] = day, _freshness_json(freshness(sources, day), sources)
    found: dict[str, Any] = sources.made["freshness"][1]
    return found


def _freshness_json(found: Freshness, sources: Sources) -> dict[str, Any]:
    def public(kind: str, id: str) -> bool:
        """Drafts are nobody's business yet."""
        return id in {"plan": sources.plans, "therapist": sources.therapists}.get(kind, {id: None})

    counts = Counter(each.confidence for each in found.figures)
    return {
        "as_of": found.as_of,
        "within_days": found.within,
        "ending": [
            {"kind": x.kind, "id": x.id, "place": x.place, "ends": x.ends, "days_left": x.days_left}
            for x in found.ending
            if public(x.kind, x.id)
        ],
        "unchecked": [
            {"kind": x.kind, "id": x.id, "place": x.place, "checked": x.checked}
            for x in found.unchecked
            if public(x.kind, x.id)
        ],
        "figures": {each.name.lower(): counts[each] for each in Confidence},
    }
