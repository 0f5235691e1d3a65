"""Requests that work as they stand: shown in the documentation, and tried by the tests."""

from __future__ import annotations

from typing import Any, Final

CARE: Final[dict[str, Any]] = {
    "concern": "painful-sex",
    "format": "individual",
    "minutes": 50,
    "modality": "in_person",
    "intake": True,
    "sessions": 12,
    "every_days": 7,
    "first_session": "2026-11-30",
    "skip": ["2026-12-28"],
}
CLIENT: Final[dict[str, Any]] = {
    "as_of": "2026-11-23",
    "plan": "example-ppo",
    "care": CARE,
    "used": {
        "as_of": "2026-11-15",
        "limits": {"in_network": {"deductible_cents": 85000, "out_of_pocket_cents": 85000}},
    },
    "household": {"size": 2, "area": "48", "income_cents": 3800000},
}
ESTIMATE: Final = {**CLIENT, "therapist": "example-therapist"}
SMALLEST: Final[dict[str, Any]] = {"care": {}}
INLINE: Final[dict[str, Any]] = {
    "as_of": "2026-11-23",
    "plan": {
        "name": "A plan that stands in no rule file",
        "limits": {
            "in_network": {"deductible": {"person": "$1,500"}, "out_of_pocket_maximum": {"person": "$6,000"}}
        },
        "benefits": [
            {
                "service": "outpatient_mental_health",
                "network": "in",
                "cost_sharing": ["deductible", "coinsurance 20%"],
            }
        ],
        "allowed_amounts": {"in": "contract"},
    },
    "therapist": {"clinician": {"licence": "LMFT"}, "fees": [{"cpt": "90837", "fee": "$200"}]},
    "network": {"status": "in"},
    "prices": {"90837": {"allowed_cents": 14000}},
    "care": {"minutes": 55, "sessions": 10, "intake": False, "diagnosis": "F43.10"},
}
BATCH: Final = {**CLIENT, "therapists": ["example-therapist", "linear-practice", "slots-practice"]}
SCRIPT: Final = {**ESTIMATE, "listener": "insurer"}
SLIDING_FEE: Final[dict[str, Any]] = {
    "as_of": "2026-11-23",
    "therapist": "example-therapist",
    "cpt": "90837",
    "household": {"size": 2, "area": "48", "income_cents": 3800000},
}
