"""Who bears a line that the plan refuses: the patient, the provider, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from coverage_service.core.facts import Unknown
from coverage_service.core.plan import Plan
from coverage_service.core.request import Care

Liability = Literal["patient", "provider", "unknown"]

EXCLUSION, DIAGNOSIS, CREDENTIAL, CODE = "exclusion", "diagnosis", "credential", "code"
MODALITY, AUTHORIZATION, REFERRAL = "telehealth", "authorization", "referral"
NO_BENEFIT, VISIT_LIMIT, NECESSITY, LATE = "no_benefit", "visit_limit", "necessity", "late_claim"

IN_NETWORK: Final = frozenset({"in", "gap_exception"})
NOT_CONTRACTED: Final = frozenset({"out", "opted_out"})
FORESEEN: Final = frozenset({EXCLUSION, DIAGNOSIS, CREDENTIAL, CODE, NO_BENEFIT})
"""Grounds a clinician knows before the session, and so may ask for a signed waiver."""
PROTECTING_PROGRAMMES: Final = ("MEDICAID", "TRICARE")
"""Their network clinicians may bill a refused line only with a waiver signed before."""

_DEFAULT: Final[Mapping[str, Liability]] = MappingProxyType(
    {
        EXCLUSION: "patient",
        NO_BENEFIT: "patient",
        VISIT_LIMIT: "patient",
        AUTHORIZATION: "provider",
        REFERRAL: "provider",
        NECESSITY: "provider",
        LATE: "provider",
    }
)


def liability(plan: Plan, care: Care, network: str | None, ground: str) -> Liability:
    """Who bears a line refused on this ground; a clinician without contract bills the patient.

    ``network``: in | out | opted_out | gap_exception, None = not known.  Where the clinician
    would bear a refusal that could be foreseen, a waiver nobody spoke of leaves it unknown:
    free is never assumed.
    """
    if network in NOT_CONTRACTED or care.waiver_signed:
        return "patient"
    contracted = _contracted(plan, ground)
    if contracted == "provider" and care.waiver_signed is None and ground in FORESEEN:
        return "unknown"
    return contracted if network in IN_NETWORK or contracted == "patient" else "unknown"


def _contracted(plan: Plan, ground: str) -> Liability:
    """Who bears it in network without a waiver: as the plan says, else as is usual."""
    stated = plan.coverage.liability.get(ground)
    if isinstance(stated, Unknown):
        return "unknown"
    if stated is not None:
        return "patient" if stated == "patient" else "provider"
    if plan.market.kind.upper().startswith(PROTECTING_PROGRAMMES):
        return "provider"
    return _DEFAULT.get(ground, "unknown")
