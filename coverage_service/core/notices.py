"""What stands beside the figures: staleness, disclaimers, what is left out, conformance."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_service.core.answer import Note, Pathway
from coverage_service.core.care import Course
from coverage_service.core.request import Request
from coverage_service.core.staleness import stale_reason
from coverage_service.core.therapist import Therapist
from coverage_service.core.way import FULL_FEE, IN_NETWORK, NO, OUT_OF_NETWORK, SLIDING_FEE, Way

EXAMPLE = "example"
DISCLAIMERS = (
    "estimate_only", "not_advice", "plan_document_governs", "accumulators_as_of", "rules_and_sources",
    "assumptions_listed", "exclusions_listed", "ask_for_good_faith_estimate", "examples_are_fictional",
    "crisis_line",
)  # fmt: skip
LEFT_OUT = ("late_cancellation_fees", "reports_and_letters", "extended_time", "medication", "lab_tests")
FEDERAL = ("medicare", "medicaid", "tricare", "va", "chip")
"""Coverage whose members have no right to dispute a good-faith estimate (``domain`` 5)."""


def standing(request: Request, course: Course) -> tuple[Note, ...]:
    """Notices of every estimate: the disclaimers, and what the plan's status calls for."""
    as_of = {"date": request.used.as_of or request.as_of}
    found = [
        Note(code, as_of if code == "accumulators_as_of" else {})
        for code in DISCLAIMERS
        if code != "ask_for_good_faith_estimate" or may_dispute(request)
    ]
    plan = course.entries[0] if course.entries else None
    reason = stale_reason(request.plan, request.as_of)
    if plan is not None and reason is not None:
        found.insert(0, Note(reason, {"plan": plan.id, "until": plan.ends}, plan.origin))
    if plan is not None and plan.status == EXAMPLE:
        found.insert(0, Note("example_plan", {"plan": plan.id}, plan.origin))
    return tuple(found)


def may_dispute(request: Request) -> bool:
    """Whether a good-faith estimate is owed to someone paying themselves (``domain`` 5)."""
    kinds = {entry.market.kind.lower() for entry in request.plan}
    return not any(kind.startswith(FEDERAL) for kind in kinds)


def excluded(therapist: Therapist | None) -> tuple[Note, ...]:
    """What no figure contains; a late-cancellation fee is named when the practice states it."""
    fee = therapist.policies.get("late_cancel") if therapist else None
    first = Note(LEFT_OUT[0], {"cents": fee}) if fee is not None else Note(LEFT_OUT[0])
    return (first, *(Note(code) for code in LEFT_OUT[1:]))


def situations(request: Request, ways: Sequence[Way]) -> tuple[str, ...]:
    """The situations whose questions apply, in the words of the question table."""
    possible = {way.id for way in ways if way.possible != NO}
    kinds = {entry.market.kind.lower() for entry in request.plan}
    found = [id for id in (IN_NETWORK, OUT_OF_NETWORK) if id in possible]
    if request.uninsured:
        found.append("uninsured")
    if any(kind.startswith("medicaid") for kind in kinds):
        found.append("medicaid")
    if any(kind.startswith("medicare") for kind in kinds):
        found.append("medicare")
    group = any(entry.market.group for entry in request.plan)
    if group or request.eap is not None:
        found.append("hr_eap")
    return tuple(found)


def conformance(request: Request, pathways: Sequence[Pathway]) -> tuple[Note, ...]:
    """Which elements of the federal transparency rule and of a good-faith estimate are here.

    Elements after ``lessons`` 2.1 (45 CFR 147.211(b)) and 2.2 (45 CFR 149.610); ``reason``
    says why one is missing.
    """
    by_id = {p.id: p for p in pathways}
    insured = [by_id[id] for id in (IN_NETWORK, OUT_OF_NETWORK) if by_id[id].scenarios]
    has_plan = bool(request.plan)
    ends = {
        "tic_1_cost_sharing": _present(bool(insured) and has_plan, "plan_unknown"),
        "tic_2_accumulated_amounts": _present(bool(request.used.limits), "used_amounts_not_given"),
        "tic_3_in_network_rate": _present(_planned(by_id[IN_NETWORK]), "rate_unknown"),
        "tic_4_out_of_network_allowed_amount": _present(_planned(by_id[OUT_OF_NETWORK]), "rate_unknown"),
        "tic_5_items_and_services": None,
        "tic_6_prerequisites": _present(has_plan, "plan_unknown"),
        "tic_7_disclosure_notice": None,
        "tic_8_search_tool": "not_a_plans_own_tool",
        "tic_9_paper_copy": "print_instead",
        "gfe_1_name_and_birth_date": "never_asked",
        "gfe_2_service_and_date": None,
        "gfe_3_itemised_services": None,
        "gfe_4_codes_and_expected_charges": _present(
            _planned(by_id[FULL_FEE]) or _planned(by_id[SLIDING_FEE]), "fee_unknown"
        ),
        "gfe_5_provider_numbers": "never_asked",
        "gfe_6_separate_services": "practice_must_state",
        "gfe_7_more_services_disclaimer": None,
        "gfe_8_only_an_estimate_disclaimer": None,
        "gfe_9_dispute_right": _present(may_dispute(request), "no_dispute_right"),
        "gfe_10_not_a_contract": None,
        "gfe_11_recurring_care": None,
        "gfe_12_timing": "practice_must_issue",
        "gfe_13_written_and_kept": "practice_must_issue",
        "gfe_14_dispute_facts": "practice_must_state",
        "gfe_15_never_issued_here": "practice_must_issue",
    }
    return tuple(
        Note("conformance", {"element": element, "present": reason is None, "reason": reason})
        for element, reason in ends.items()
    )


def _present(here: bool, otherwise: str) -> str | None:
    return None if here else otherwise


def _planned(pathway: Pathway) -> bool:
    return any(s.windows[0].planning is not None for s in pathway.scenarios)
