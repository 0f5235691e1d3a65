"""Who bears a line that the plan refuses: the patient, the provider, or not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, Literal

from coverage_service.core.facts import Unknown
from coverage_service.core.plan import Plan
from coverage_service.core.request import Care

Liability = Literal["patient", "provider", "provider_unless_waiver", "unknown"]

UNLESS_WAIVER: Final = "provider_unless_waiver"
"""By rule the clinician's loss, but nobody said whether a waiver was signed before the session."""

EXCLUSION, DIAGNOSIS, CREDENTIAL, CODE = "exclusion", "diagnosis", "credential", "code"
MODALITY, AUTHORIZATION, REFERRAL = "telehealth", "authorization", "referral"
NO_BENEFIT, VISIT_LIMIT, NECESSITY, LATE = "no_benefit", "visit_limit", "necessity", "late_claim"

OPEN: Final[Mapping[str, str]] = MappingProxyType(
    {"unknown": "denial_liability", UNLESS_WAIVER: "waiver_signed"}
)
"""The question that settles a liability which is open."""

IN_NETWORK: Final = frozenset({"in", "gap_exception"})
NOT_CONTRACTED: Final = frozenset({"out", "opted_out"})
FORESEEN: Final = frozenset({EXCLUSION, DIAGNOSIS, CREDENTIAL, CODE, NO_BENEFIT, VISIT_LIMIT})
"""Grounds that can be known before the session, so that the clinician may ask for a signed waiver."""
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
    would bear a refusal that could be foreseen, it turns on a waiver that nobody spoke of.
    """
    if network in NOT_CONTRACTED or care.waiver_signed:
        return "patient"
    contracted = _contracted(plan, ground)
    if contracted == "provider" and care.waiver_signed is None and ground in FORESEEN:
        contracted = UNLESS_WAIVER
    return contracted if network in IN_NETWORK or contracted == "patient" else "unknown"


def in_common(possible: Collection[Liability]) -> Liability:
    """What all possible refusals of a line have in common; a signed waiver changes each of them."""
    left = set(possible)
    if UNLESS_WAIVER in left:
        left.discard("provider")
    return left.pop() if len(left) == 1 else "unknown"


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
