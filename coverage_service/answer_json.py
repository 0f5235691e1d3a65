"""Answers as plain JSON values, the same for every face that writes JSON.

Money is whole cents under keys that end in ``_cents``, null where no figure can be given;
dates are ISO 8601 (orjson writes them).  Equal parts of an answer are built once and shared.
"""

from __future__ import annotations

from typing import Final

from coverage_service import __version__
from coverage_service.brief_json import box_json, comparison, item_json, per_session, script_json, threshold
from coverage_service.core.answer import (
    Estimate,
    OpenQuestion,
    Parts,
    Pathway,
    Row,
    Scenario,
    Window,
)
from coverage_service.core.money import outward
from coverage_service.core.questions import question_of
from coverage_service.core.sliding_scale import ScaleFee
from coverage_service.core.terms import BOUNDLESS
from coverage_service.core.wording import Wording
from coverage_service.json_values import CONFIDENCE, Json, known, origin_json, plain, text_of
from coverage_service.note_json import NoteWriter

__all__ = [
    "box_json",
    "estimate_json",
    "item_json",
    "known",
    "origin_json",
    "plain",
    "scale_json",
    "script_json",
    "text_of",
]

PARTS: Final = tuple(f"{name}_cents" for name in Parts._fields)
SUMMARY: Final = "summary"


def estimate_json(found: Estimate, wording: Wording, rulebook_version: str, detail: str = "full") -> Json:
    """The whole answer; a summary leaves out ledgers, ``why`` and ``facts``."""
    return {
        "as_of": found.as_of,
        "rulebook_version": rulebook_version,
        "engine_version": __version__,
        "language": wording.language,
        **_Writer(wording, detail != SUMMARY).estimate(found),
    }


class _Writer(NoteWriter):
    """One answer being written; remembers what it has already built."""

    def __init__(self, wording: Wording, full: bool) -> None:
        super().__init__(wording)
        self.full = full

    def estimate(self, found: Estimate) -> Json:
        answer: Json = {
            "confidence": CONFIDENCE[found.confidence],
            "cheapest": found.cheapest,
            "decided_by": found.decided_by,
            "pathways": [self.pathway(each) for each in found.pathways],
            "comparison": [comparison(each) for each in found.comparison],
            "thresholds": [threshold(each) for each in found.thresholds],
            "unknowns": [self.unknown(each) for each in found.unknowns],
            "assumptions": self.notes(found.assumptions),
            "excluded": self.notes(found.excluded),
            "notices": self.notes(found.notices),
            "conformance": [self.element(each) for each in found.conformance],
            "situations": found.situations,
        }
        if self.full:
            answer["why"] = [self.why(each) for each in found.why]
            answer["facts"] = [self.fact(each) for each in found.facts]
        return answer

    def parts(self, parts: Parts | None) -> Json | None:
        """Where the charges go; equal lines share one object."""
        if parts is None:
            return None
        found = self.seen.get(parts)
        if found is None:
            values = parts if max(parts) < BOUNDLESS else map(known, parts)
            found = self.seen[parts] = dict(zip(PARTS, values, strict=False))
        return found

    def window(self, window: Window) -> Json:
        key = id(window)
        found = self.seen.get(key)
        if found is None:
            low, planning, high = known(window.low), known(window.planning), known(window.high)
            shown = outward(low, planning, high)
            found = self.seen[key] = {
                "id": window.id,
                "sessions": window.sessions,
                "low_cents": low,
                "planning_cents": planning,
                "high_cents": high,
                "typical_cents": known(window.typical),
                "display": dict(zip(shown._fields, shown, strict=True)),
            }
            if self.full:
                found["parts"] = {
                    "low": self.parts(window.parts_low),
                    "planning": self.parts(window.parts_planning),
                    "high": self.parts(window.parts_high),
                }
        return found

    def pathway(self, pathway: Pathway) -> Json:
        return {
            "id": pathway.id,
            "possible": pathway.possible,
            "reasons": self.notes(pathway.reasons),
            "then": pathway.then,
            "fee": pathway.fee,
            "envelope": pathway.envelope,
            "low_reason": pathway.low_reason,
            "windows": [self.window(each) for each in pathway.windows],
            "scenarios": [self.scenario(each) for each in pathway.scenarios],
        }

    def scenario(self, scenario: Scenario) -> Json:
        answer: Json = {
            "name": scenario.name,
            "low_reason": scenario.low_reason,
            "liability": scenario.liability,
            "reasons": self.notes(scenario.reasons),
            "windows": [self.window(each) for each in scenario.windows],
            "per_session": per_session(scenario.per_session),
        }
        if self.full:
            answer["run"] = scenario.run
            answer["waterfall"] = {
                "next_session": self.parts(scenario.next_session),
                "course": self.parts(scenario.course),
            }
            answer["events"] = [
                {"code": each.code, "date": each.on, "limit": each.limit or None} for each in scenario.events
            ]
            answer["ledger"] = [self.row(each) for each in scenario.ledger]
        return answer

    def row(self, row: Row) -> Json:
        return {
            "date": row.on,
            "session": row.number,
            "cpt": row.cpt,
            "amounts": self.parts(row.parts),
            "accumulators": self.accumulators(row.accumulators),
            "reasons": row.reasons,
            "why": row.why,
        }

    def accumulators(self, used: tuple[tuple[str, int], ...]) -> Json:
        found = self.seen.get(used)
        if found is None:
            found = self.seen[used] = {f"{name}_cents": known(cents) for name, cents in used}
        return found

    def unknown(self, open: OpenQuestion) -> Json:
        row = question_of(open)
        text = self.wording.questions.get(row.id) if row else None
        money = open.unit == "cents"
        return {
            "id": open.id,
            "question": open.question,
            "text": text.short if text else None,
            "ask": row.ask if row else (),
            "swing_cents": known(open.swing),
            "swings": [{"pathway": id, "swing_cents": known(cents)} for id, cents in open.swings.items()],
            "low_cents": known(open.low) if money else None,
            "high_cents": known(open.high) if money else None,
            "low": None if money else open.low,
            "high": None if money else open.high,
            "unit": open.unit,
            "alternatives": open.alternatives,
            "asked": open.asked,
            "note": self.note(open.note) if open.note else None,
        }


def scale_json(fee: ScaleFee, wording: Wording) -> Json:
    """What a sliding scale asks for one session."""
    low, planning, high = known(fee.low), known(fee.planning), known(fee.high)
    return {
        "low_cents": low,
        "planning_cents": planning,
        "high_cents": high,
        "display": outward(low, planning, high)._asdict(),
        "membership_cents": fee.membership,
        "notes": NoteWriter(wording).notes(fee.notes),
        "unknowns": fee.unknown_ids,
    }
