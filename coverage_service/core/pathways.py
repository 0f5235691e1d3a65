"""The ways to pay, each possible, not possible or not known, with the route that prices it."""

from __future__ import annotations

from coverage_service.core.answer import Note
from coverage_service.core.benefits import rows_for, services_of
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.eap_pathway import eap_first_way
from coverage_service.core.facts import UNKNOWN, Origin
from coverage_service.core.insured import Insured
from coverage_service.core.priced import Facts, Offer, settings_of
from coverage_service.core.scale_fees import claimable_scale, share_caps
from coverage_service.core.secondary import WithSecondary
from coverage_service.core.self_pay_pathways import fees_of, full_fee_way, sliding_fee_way
from coverage_service.core.selfpay import Route, SelfPay
from coverage_service.core.staleness import stale_reason
from coverage_service.core.therapist import OPTED_OUT, OUT
from coverage_service.core.way import (
    GAP_EXCEPTION,
    IN_NETWORK,
    MAYBE,
    NO,
    OUT_OF_NETWORK,
    YES,
    Way,
    insured_route,
    network_status,
)


def ways_of(facts: Facts) -> tuple[Way, ...]:
    """Every pathway, in the order of ``definitions`` 6; a gap exception only when asked."""
    status = network_status(facts)
    fees = fees_of(facts)
    full = SelfPay(facts.course, fees, "fee")
    in_network = _in_network(facts, status, full)
    out = _out_of_network(facts, status, full)
    payer = insured_route(in_network) or insured_route(out)
    full_fee = full_fee_way(facts, status, payer, fees)
    sliding = sliding_fee_way(facts, full_fee, payer, fees)
    ways = [in_network, out, full_fee, sliding]
    if status == GAP_EXCEPTION:
        ways.append(_gap_exception(facts))
    ways.append(eap_first_way(facts, ways))
    return tuple(ways)


def _without_plan(id: str, facts: Facts, full: SelfPay) -> Way:
    if facts.request.uninsured:
        return Way(id, NO, (Note("no_insurance"),))
    return Way(id, MAYBE, (Note("plan_unknown"),), full, ceiling_only=True, unplanned=True)


def _in_network(facts: Facts, status: str | None, full: SelfPay) -> Way:
    if not facts.course.entries:
        return _without_plan(IN_NETWORK, facts, full)
    if status in (OUT, OPTED_OUT, GAP_EXCEPTION):
        return Way(
            IN_NETWORK,
            NO,
            (Note("clinician_opted_out" if status == OPTED_OUT else "clinician_out_of_network"),),
        )
    possible, reasons = (YES, ()) if status else (MAYBE, (Note("network_unknown"),))
    route = Insured(facts, Offer("in", share_caps=share_caps(facts)))
    return Way(IN_NETWORK, possible, reasons, _coordinated(facts, route), unplanned=_unplanned(facts, status))


def _coordinated(facts: Facts, route: Insured) -> Route:
    """With a second plan after the first, when the person has one."""
    second = facts.request.secondary
    return route if second is None else WithSecondary(facts, route, second)


def _out_of_network(facts: Facts, status: str | None, full: SelfPay) -> Way:
    if not facts.course.entries:
        return _without_plan(OUT_OF_NETWORK, facts, full)
    if status == OPTED_OUT:
        return Way(OUT_OF_NETWORK, NO, (Note("clinician_opted_out"),))
    if status == "in":
        return Way(OUT_OF_NETWORK, NO, (Note("clinician_in_network"),))
    refused = _no_benefit_outside(facts)
    if refused is not None:
        return Way(OUT_OF_NETWORK, NO, (Note("no_out_of_network_benefit", {}, refused),))
    therapist = facts.therapist
    if therapist is not None and therapist.superbill is False:
        return Way(OUT_OF_NETWORK, NO, (Note("superbill_refused", {}, therapist.origin),))
    reasons = [Note("network_unknown")] if status is None else []
    if therapist is None or therapist.superbill is UNKNOWN:
        reasons.append(Note("superbill_unknown"))
    scales = [claimable_scale(facts.at(era)) for era in range(len(facts.course.therapists))]
    scale = {(era, cpt): fee for era, (fees, _) in enumerate(scales) for cpt, fee in fees.items()}
    asks = tuple(dict.fromkeys(id for _, ids in scales for id in ids))
    route = Insured(facts, Offer("out", fees=scale, asks=asks))
    possible = YES if status else MAYBE
    return Way(
        OUT_OF_NETWORK,
        possible,
        tuple(reasons),
        _coordinated(facts, route),
        fee="sliding" if scale else None,
        unplanned=_unplanned(facts, status),
    )


def _unplanned(facts: Facts, status: str | None) -> bool:
    """Whether no figure of an insured pathway may be planned with (``definitions`` 5)."""
    return status is None or stale_reason(facts.request.plan, facts.request.as_of) is not None


def _no_benefit_outside(facts: Facts) -> Origin | None:
    """Where the plan says that nothing is paid out of network, or None."""
    plan = facts.course.entries[0]
    for position in facts.course.positions:
        for cpt in position.codes:
            services = services_of(cpt, facts.reference)
            for setting in settings_of(facts, "out"):
                rows = rows_for(plan, services, setting)
                if rows[-1].cost_sharing is not NOT_COVERED:
                    return None
    return rows[-1].origin


def _gap_exception(facts: Facts) -> Way:
    agreed = facts.request.network.agreed
    if not facts.course.entries:
        return Way(GAP_EXCEPTION, MAYBE, (Note("plan_unknown"),))
    route = _coordinated(facts, Insured(facts, Offer("in", agreed=agreed)))
    return Way(GAP_EXCEPTION, YES, (), route, unplanned=_unplanned(facts, GAP_EXCEPTION))
