"""Batch items, comparisons and scripts as plain JSON values."""

from __future__ import annotations

from coverage_service.core.answer import Comparison, Estimate, Pathway, PerSession, Threshold, Window
from coverage_service.core.script import AnswerBox, Item, Script
from coverage_service.core.terms import BOUNDLESS
from coverage_service.json_values import CONFIDENCE, Json, known


def per_session(found: PerSession | None) -> Json | None:
    """One ordinary session at three moments, as low and high cents."""
    if found is None:
        return None
    return {
        name: {"low_cents": known(low), "high_cents": known(high)}
        for name, (low, high) in (
            ("now", found.now),
            ("after_deductible", found.after_deductible),
            ("after_out_of_pocket_maximum", found.after_out_of_pocket_maximum),
        )
    }


def comparison(row: Comparison) -> Json:
    """One condition and the pathways that are cheapest under it."""
    return {
        "when": {"scenario": row.scenario, "run": row.run},
        "cheapest": row.cheapest,
        "by_cents": known(row.by),
        "totals": [{"pathway": id, "total_cents": known(cents)} for id, cents in row.totals.items()],
    }


def threshold(found: Threshold) -> Json:
    """From how much other care on the insured pathway is cheaper."""
    return {
        "insured": found.insured,
        "self_pay": found.self_pay,
        "other_care_cents": known(found.other_care),
    }


def item_json(found: Estimate) -> Json:
    """One therapist's part of a batch: figures and codes; ask for the estimate to read the rest."""
    return {
        "confidence": CONFIDENCE[found.confidence],
        "cheapest": found.cheapest,
        "decided_by": found.decided_by,
        "pathways": [_brief(each) for each in found.pathways],
        "unknowns": [{"id": each.id, "swing_cents": known(each.swing)} for each in found.unknowns],
        "notices": [note.code for note in found.notices],
    }


def _brief(pathway: Pathway) -> Json:
    return {
        "id": pathway.id,
        "possible": pathway.possible,
        "reasons": [note.code for note in pathway.reasons],
        "then": pathway.then,
        "fee": pathway.fee,
        "windows": [_figures(window) for window in pathway.windows],
        "scenarios": [
            {"name": scenario.name, "course": _figures(scenario.windows[-1])}
            for scenario in pathway.scenarios
        ],
    }


def _figures(window: Window) -> Json:
    low, planning, high = window.low, window.planning, window.high
    return {
        "id": window.id,
        "sessions": window.sessions,
        "low_cents": low if low is None or low < BOUNDLESS else None,
        "planning_cents": planning,
        "high_cents": high if high is None or high < BOUNDLESS else None,
    }


def script_json(script: Script) -> Json:
    """One listener's script."""
    return {
        "listener": script.listener,
        "language": script.language,
        "title": script.title,
        "opening": script.opening,
        "items": [_item(each) for each in script.items],
        "closing": script.closing,
        "call_notes": script.call_notes,
    }


def _item(item: Item) -> Json:
    return {
        "id": item.id,
        "text": item.text,
        "why": item.why,
        "swing_cents": known(item.swing),
        "asked": item.asked,
        "answer": box_json(item.box),
    }


def box_json(box: AnswerBox) -> Json:
    """Where an answer is written."""
    return {
        "type": box.type,
        "unit": box.unit or None,
        "choices": [{"value": value, "label": label} for value, label in box.choices],
        "hint": box.hint or None,
    }
