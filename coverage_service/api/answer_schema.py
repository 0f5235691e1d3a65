"""The shape of every answer as JSON Schema: for the documentation, and for the tests.

Answers are built as plain dicts and never dumped through a schema (see CONTRIBUTING).
"""

from __future__ import annotations

from typing import Final

from coverage_service.answer_json import PARTS
from coverage_service.api.shapes import (
    ANY,
    CENTS,
    DAY,
    FLAG,
    NUMBER,
    TEXT,
    Spec,
    many,
    mapping,
    maybe,
    one_of,
    record,
    ref,
)
from coverage_service.core.schedule import WINDOWS

CONFIDENCE: Final = one_of("verified", "stated", "assumed", "unknown")
ORIGIN: Final[dict[str, Spec]] = {
    "place": maybe(TEXT | {"description": "file:line of a rule file, or a JSON pointer into the request."}),
    "source": maybe(ref("Source")),
    "confidence": CONFIDENCE,
}
TOLD: Final[dict[str, Spec]] = {"code": TEXT, "params": mapping(ANY), "text": maybe(TEXT), **ORIGIN}
RANGE: Final[dict[str, Spec]] = {
    "low_cents": maybe(CENTS),
    "planning_cents": maybe(CENTS),
    "high_cents": maybe(CENTS),
}
VERSIONS: Final[dict[str, Spec]] = {
    "as_of": DAY,
    "rulebook_version": TEXT,
    "engine_version": TEXT,
    "language": TEXT,
}
LEDGER: Final = ("run", "waterfall", "events", "ledger")

PATHWAY: Final[dict[str, Spec]] = {
    "id": TEXT,
    "possible": one_of("yes", "no", "unknown"),
    "reasons": many(ref("Note")),
    "then": maybe(TEXT),
    "fee": maybe(TEXT),
    "envelope": one_of("exact", "outer"),
    "low_reason": maybe(TEXT),
    "windows": many(ref("Window")),
    "scenarios": many(ref("Scenario")),
}
SCENARIO: Final[dict[str, Spec]] = {
    "name": one_of("covered", "not_covered"),
    "low_reason": maybe(TEXT),
    "liability": maybe(TEXT),
    "reasons": many(ref("Note")),
    "windows": many(ref("Window")),
    "per_session": maybe(ref("PerSession")),
    "run": one_of("planning", "high"),
    "waterfall": record(next_session=maybe(ref("Amounts")), course=maybe(ref("Amounts"))),
    "events": many(record(code=TEXT, date=DAY, limit=maybe(TEXT))),
    "ledger": many(ref("LedgerRow")),
}
ROW: Final[dict[str, Spec]] = {
    "date": DAY,
    "session": NUMBER,
    "cpt": TEXT,
    "amounts": ref("Amounts"),
    "accumulators": mapping(maybe(CENTS)),
    "reasons": many(TEXT),
    "why": many(NUMBER | {"description": "Indices into `why`."}),
}
UNKNOWN: Final[dict[str, Spec]] = {
    "id": TEXT,
    "question": TEXT,
    "text": maybe(TEXT),
    "ask": many(TEXT),
    "swing_cents": maybe(CENTS | {"description": "Null when no bound is known: such unknowns come first."}),
    "swings": many(record(pathway=TEXT, swing_cents=maybe(CENTS))),
    "low_cents": maybe(CENTS),
    "high_cents": maybe(CENTS),
    "low": maybe(NUMBER),
    "high": maybe(NUMBER),
    "unit": TEXT,
    "alternatives": many(TEXT),
    "asked": FLAG,
    "note": maybe(ref("Note")),
}
ELEMENT: Final[dict[str, Spec]] = {
    "element": TEXT,
    "present": FLAG,
    "reason": maybe(TEXT),
    "text": maybe(TEXT),
    "reason_text": maybe(TEXT),
}
COMPARISON: Final[dict[str, Spec]] = {
    "when": record(scenario=TEXT, run=one_of("low", "planning", "high")),
    "cheapest": many(TEXT),
    "by_cents": maybe(CENTS),
    "totals": many(record(pathway=TEXT, total_cents=maybe(CENTS))),
}
FACT: Final[dict[str, Spec]] = {
    "id": TEXT,
    "value": ANY,
    "basis": one_of("said", "document", "default", "unknown"),
    "question": maybe(TEXT),
    **ORIGIN,
}
ESTIMATE: Final[dict[str, Spec]] = {
    **VERSIONS,
    "confidence": CONFIDENCE,
    "cheapest": maybe(TEXT),
    "decided_by": maybe(TEXT),
    "pathways": many(ref("Pathway")),
    "comparison": many(ref("Comparison")),
    "thresholds": many(record(insured=TEXT, self_pay=TEXT, other_care_cents=maybe(CENTS))),
    "unknowns": many(ref("Unknown")),
    "assumptions": many(ref("Note")),
    "excluded": many(ref("Note")),
    "notices": many(ref("Note")),
    "conformance": many(ref("ConformanceElement")),
    "situations": many(TEXT),
    "why": many(ref("Note")),
    "facts": many(ref("Fact")),
}
FIGURES: Final = record(id=one_of(*WINDOWS), sessions=NUMBER, **RANGE)
BRIEF_PATHWAY: Final[dict[str, Spec]] = {
    "id": TEXT,
    "possible": one_of("yes", "no", "unknown"),
    "reasons": many(TEXT),
    "then": maybe(TEXT),
    "fee": maybe(TEXT),
    "windows": many(FIGURES),
    "scenarios": many(record(name=one_of("covered", "not_covered"), course=FIGURES)),
}
BATCH_ITEM: Final[dict[str, Spec]] = {
    "index": NUMBER | {"description": "The place of the therapist in the request."},
    "therapist": maybe(TEXT),
    "pathway": maybe(TEXT | {"description": "The way to pay whose course figures stand here."}),
    **RANGE,
    "display": maybe(ref("Display")),
    "estimate": maybe(
        record(
            confidence=CONFIDENCE,
            cheapest=maybe(TEXT),
            decided_by=maybe(TEXT),
            pathways=many(ref("BriefPathway")),
            unknowns=many(record(id=TEXT, swing_cents=maybe(CENTS))),
            notices=many(TEXT),
        )
    ),
    "problems": many(ref("ProblemItem")),
}
BOX: Final = record(
    type=one_of("cents", "percent", "count", "yes_no", "choice", "date", "code", "text"),
    unit=maybe(TEXT),
    choices=many(record(value=TEXT, label=TEXT)),
    hint=maybe(TEXT),
)
SCRIPT: Final[dict[str, Spec]] = {
    "listener": TEXT,
    "language": TEXT,
    "title": TEXT,
    "opening": many(TEXT),
    "items": many(
        record(id=TEXT, text=TEXT, why=TEXT, swing_cents=maybe(CENTS), asked=FLAG, answer=ref("AnswerBox"))
    ),
    "closing": many(TEXT),
    "call_notes": many(TEXT),
}
SCALE_FEE: Final[dict[str, Spec]] = {
    **RANGE,
    "display": ref("Display"),
    "membership_cents": CENTS,
    "notes": many(ref("Note")),
    "unknowns": many(TEXT),
}
ENDS: Final = record(low_cents=maybe(CENTS), high_cents=maybe(CENTS))
WINDOW: Final[dict[str, Spec]] = {
    "id": one_of(*WINDOWS),
    "sessions": NUMBER,
    **RANGE,
    "typical_cents": maybe(CENTS | {"description": "With each benchmark at its median; not a price."}),
    "display": ref("Display"),
    "parts": record(**dict.fromkeys(("low", "planning", "high"), maybe(ref("Amounts")))),
}

SCHEMAS: Final[dict[str, Spec]] = {
    "Problem": record(
        "An error (RFC 9457).",
        ("errors",),
        type=TEXT,
        title=TEXT,
        status=NUMBER,
        detail=TEXT,
        errors=many(ref("ProblemItem")),
    ),
    "ProblemItem": record(
        "One mistake: where, what, and what to write.",
        ("pointer", "parameter"),
        pointer=TEXT | {"description": "JSON pointer into the body."},
        parameter=TEXT | {"description": "Name of a query parameter."},
        detail=TEXT,
        remedy=TEXT,
    ),
    "Source": record(title=TEXT, page=maybe(TEXT), url=maybe(TEXT), read=maybe(DAY)),
    "Note": record("A code with its parameters, its sentence and where it comes from.", **TOLD),
    "Amounts": record("Where the charges go.", **dict.fromkeys(PARTS, maybe(CENTS))),
    "Display": record(
        "Whole dollars for people, rounded outward; exact cents when nothing is open.",
        low=maybe(NUMBER),
        planning=maybe(NUMBER),
        high=maybe(NUMBER),
        exact_cents=maybe(CENTS),
    ),
    "Window": record("Totals of one span of time.", ("parts",), **WINDOW),
    "PerSession": record(now=ENDS, after_deductible=ENDS, after_out_of_pocket_maximum=ENDS),
    "LedgerRow": record("One dated claim line.", **ROW),
    "Scenario": record("One world of a way to pay; never averaged.", LEDGER, **SCENARIO),
    "Pathway": record("One way to pay.", **PATHWAY),
    "Comparison": record("What is cheapest under one condition, over twelve months.", **COMPARISON),
    "Unknown": record("What is not known, and what it swings.", **UNKNOWN),
    "Fact": record("An input as it was used.", **FACT),
    "ConformanceElement": record("An element of the federal rules.", **ELEMENT),
    "Estimate": record(
        "The whole answer; a summary leaves out why, facts and ledgers.", ("why", "facts"), **ESTIMATE
    ),
    "BriefPathway": record("One way to pay, in figures and codes.", **BRIEF_PATHWAY),
    "BatchItem": record(**BATCH_ITEM),
    "Batch": record(**VERSIONS, disclaimers=many(record(code=TEXT, text=TEXT)), items=many(ref("BatchItem"))),
    "AnswerBox": BOX,
    "Script": record(**SCRIPT),
    "Scripts": record(as_of=DAY, rulebook_version=TEXT, language=TEXT, scripts=many(ref("Script"))),
    "ScaleFee": record(**SCALE_FEE),
    "SlidingFee": record(
        therapist=maybe(TEXT),
        cpt=TEXT,
        date=DAY,
        rulebook_version=TEXT,
        full_fee_cents=maybe(CENTS),
        fee=maybe(ref("ScaleFee")),
    ),
}
