"""The shape of what the rule book holds, as JSON Schema."""

from __future__ import annotations

from typing import Any, Final

from coverage_service.api.answer_schema import ORIGIN
from coverage_service.api.shapes import (
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

WORD: Final[Spec] = {"type": ["string", "null"], "description": "yes, no, unknown, or the word used."}
LIST_OR_WORD: Final[Spec] = {"oneOf": [many(TEXT), TEXT, {"type": "null"}]}
NEXT: Final[Spec] = {"type": ["string", "null"], "description": "The cursor of the next page."}

PLAN_LINE: Final[dict[str, Spec]] = {
    "id": TEXT,
    "name": TEXT,
    "payer": TEXT,
    "status": TEXT,
    "kind": maybe(TEXT),
    "state": maybe(TEXT),
    "from": maybe(DAY),
    "to": maybe(DAY),
}
LIMIT: Final[dict[str, Spec]] = {
    "limit": TEXT,
    "kind": TEXT,
    "person": maybe(ref("LimitAmount")),
    "family": maybe(ref("LimitAmount")),
    "family_method": maybe(TEXT),
    "period": TEXT,
    **ORIGIN,
}
BENEFIT: Final[dict[str, Spec]] = {
    "service": TEXT,
    "network": maybe(TEXT),
    "tier": maybe(TEXT),
    "modality": maybe(TEXT),
    "licences": many(TEXT),
    "visits": maybe(TEXT),
    "cost_sharing": {
        "oneOf": [TEXT, many(many(TEXT))],
        "description": "Each reading as its phrases in the order the plan takes them, or a word.",
    },
    **ORIGIN,
}
COVERAGE: Final[dict[str, Spec]] = {
    "exclusions": many(record(name=TEXT, excluded=WORD, wording=maybe(TEXT))),
    "diagnoses": many(record(match=TEXT, covered=WORD)),
    "licences": LIST_OR_WORD,
    "prior_authorization": WORD,
    "referral": WORD,
    "telehealth": WORD,
    "liability": mapping(WORD),
}
PLAN_ENTRY: Final[dict[str, Spec]] = {
    "from": maybe(DAY),
    "to": maybe(DAY),
    "status": TEXT,
    "reviewed": maybe(DAY),
    "plan_year_starts": LIST_OR_WORD,
    "administrator": maybe(TEXT),
    "market": mapping(WORD),
    "limits": many(record(**LIMIT)),
    "benefits": many(record(**BENEFIT)),
    "allowed_amounts": mapping(TEXT),
    "visit_limits": many(record(visits={"type": ["integer", "string"]}, services=many(TEXT), per=TEXT)),
    "coverage": record(**COVERAGE),
    **ORIGIN,
}
THERAPIST_LINE: Final[dict[str, Spec]] = {
    "id": TEXT,
    "name": TEXT,
    "status": TEXT,
    "licence": TEXT,
    "licensed_in": LIST_OR_WORD,
    "plans": many(TEXT),
    "sliding": maybe(TEXT),
    "version": TEXT,
}
THERAPIST_ENTRY: Final[dict[str, Spec]] = {
    "from": maybe(DAY),
    "to": maybe(DAY),
    "reviewed": maybe(DAY),
    "clinician": record(
        licence=TEXT,
        supervised=WORD,
        licensed_in=LIST_OR_WORD,
        npi=TEXT,
        certifications=many(TEXT),
        approaches=many(TEXT),
    ),
    "networks": many(
        record(
            **{"from": maybe(DAY), "to": maybe(DAY)},
            plan=TEXT,
            status=TEXT,
            tier=maybe(TEXT),
            contract=maybe(TEXT),
            contract_cents=maybe(mapping(CENTS)),
        )
    ),
    "fees": many(record(cpt=TEXT, from_minutes=NUMBER, low_cents=maybe(CENTS), high_cents=maybe(CENTS))),
    "sliding": maybe(
        record(
            model=TEXT,
            cpts=many(TEXT),
            slots=WORD,
            review_months=maybe(NUMBER),
            proof=maybe(TEXT),
            with_out_of_network_claims=WORD,
            **ORIGIN,
        )
    ),
    "superbill": WORD,
    "intake": WORD,
    "telehealth": WORD,
    "in_person": WORD,
    "eap_programmes": LIST_OR_WORD,
    "policies": mapping(CENTS),
    **ORIGIN,
}
QUESTION: Final[dict[str, Spec]] = {
    "id": TEXT,
    "ask": many(TEXT),
    "short": TEXT,
    "text": TEXT,
    "why": TEXT,
    "fills": maybe(TEXT),
    "script_only": FLAG,
    "per_code": FLAG,
    "answer": ref("AnswerBox"),
}


def _listed(items: Spec, **more: Spec) -> dict[str, Any]:
    return record(**more, items=many(items))


SCHEMAS: Final[dict[str, Spec]] = {
    "LimitAmount": record(cents=maybe(CENTS), word=maybe(TEXT)),
    "PlanLine": record(**PLAN_LINE),
    "PlanPage": _listed(ref("PlanLine"), next=NEXT),
    "Plan": record(**PLAN_LINE, entries=many(record(**PLAN_ENTRY))),
    "TherapistLine": record(**THERAPIST_LINE),
    "TherapistPage": _listed(ref("TherapistLine"), next=NEXT),
    "Therapist": record(**THERAPIST_LINE, entries=many(record(**THERAPIST_ENTRY))),
    "Question": record(**QUESTION),
    "Questions": _listed(ref("Question"), language=TEXT),
    "Concerns": _listed(record(id=TEXT, label=TEXT, formats=many(TEXT)), language=TEXT),
    "RulesVersion": record(
        rulebook_version=TEXT, engine_version=TEXT, plans=NUMBER, therapists=NUMBER, languages=many(TEXT)
    ),
    "Health": record(status=one_of("ok")),
    "Readiness": record(status=one_of("ready"), rulebook_version=TEXT, engine_version=TEXT, warnings=NUMBER),
}
