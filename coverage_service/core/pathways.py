"""The ways to pay, each possible, not possible or not known, with the route that prices it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coverage_service.core.answer import Note
from coverage_service.core.benefits import rows_for, services_of
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.facts import UNKNOWN, Between, Origin, Unknown
from coverage_service.core.insured import Insured
from coverage_service.core.plan import Plan
from coverage_service.core.priced import REFUSED, Facts, Offer, settings_of
from coverage_service.core.pricing import billed
from coverage_service.core.schedule import in_force
from coverage_service.core.secondary import WithSecondary
from coverage_service.core.selfpay import EapFirst, Fees, Route, SelfPay
from coverage_service.core.sliding_scale import ScaleFee, may_reduce_insured_share, scale_fee
from coverage_service.core.staleness import stale_reason
from coverage_service.core.terms import UNLIMITED
from coverage_service.core.therapist import OPTED_OUT, OUT, Sliding
from coverage_service.core.unknowns import ANYTHING, Figure, exactly

YES, NO, MAYBE = "yes", "no", "unknown"
IN_NETWORK, OUT_OF_NETWORK, FULL_FEE = "in_network", "out_of_network", "full_fee"
SLIDING_FEE, EAP_FIRST, GAP_EXCEPTION = "sliding_fee", "eap_first", "gap_exception"
FOLLOWS_EAP = (IN_NETWORK, OUT_OF_NETWORK, SLIDING_FEE, FULL_FEE)


@dataclass(frozen=True, slots=True)
class Way:
    """One pathway before it is priced.

    ``ceiling_only``: nothing is known but that the bill is never exceeded, so only the high
    end is given.  ``unplanned``: an input without a default is open (the network), or the
    rule behind it is stale, so there is no planning figure.
    """

    id: str
    possible: str
    reasons: tuple[Note, ...] = ()
    route: Route | None = None
    then: str | None = None
    fee: str | None = None
    ceiling_only: bool = False
    unplanned: bool = False


def network_status(facts: Facts) -> str | None:
    """In | out | opted_out | gap_exception as said or as the practice's file states.

    One that changes while the course runs is none for all of it, and has to be asked.
    """
    said = facts.request.network.status
    if said is not None:
        return said
    stated = {entry.status if entry is not None else UNKNOWN for entry in facts.course.standings}
    status = stated.pop()
    return None if stated or isinstance(status, Unknown) else status


def ways_of(facts: Facts) -> tuple[Way, ...]:
    """Every pathway, in the order of ``definitions`` 6; a gap exception only when asked."""
    status = network_status(facts)
    full = SelfPay(facts.course, _fees(facts), "fee")
    in_network = _in_network(facts, status, full)
    out = _out_of_network(facts, status, full)
    payer = insured_route(in_network) or insured_route(out)
    full_fee = _full_fee(facts, status, payer)
    sliding = _sliding_fee(facts, full_fee, payer)
    ways = [in_network, out, full_fee, sliding]
    if status == GAP_EXCEPTION:
        ways.append(_gap_exception(facts))
    ways.append(_eap_first(facts, ways))
    return tuple(ways)


def insured_route(way: Way) -> Insured | None:
    """The plan's own route behind a pathway, a second plan aside."""
    route = way.route.first if isinstance(way.route, WithSecondary) else way.route
    return route if isinstance(route, Insured) else None


def _fees(facts: Facts) -> Fees:
    def fee(era: int, cpt: str) -> tuple[Figure, tuple[int, ...]]:
        figure, origin = billed(facts.request, facts.at(era).therapist, cpt, facts.findings)
        return figure, (facts.findings.because("fee", origin, cpt=cpt),)

    return fee


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
    route = Insured(facts, Offer("in", share_caps=_share_caps(facts)))
    return Way(IN_NETWORK, possible, reasons, _coordinated(facts, route), unplanned=_unplanned(facts, status))


def _coordinated(facts: Facts, route: Insured) -> Route:
    """With a second plan after the first, when the person has one."""
    second = facts.request.secondary
    return route if second is None else WithSecondary(facts, route, second)


def _share_caps(facts: Facts) -> Mapping[tuple[int, str], Figure]:
    """A health centre's sliding charge per era and code, which caps an insured share (FQHC_CAP)."""
    found = {}
    for position in facts.course.positions:
        its = facts.at(position.era)
        sliding = its.therapist.sliding if its.therapist else None
        if isinstance(sliding, Sliding) and may_reduce_insured_share(sliding):
            for cpt in position.codes:
                found[position.era, cpt] = _figure(_scale(its, sliding, cpt))
    return found


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
    scales = [_claimable_scale(facts.at(era)) for era in range(len(facts.course.therapists))]
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


def _claimable_scale(facts: Facts) -> tuple[Mapping[str, Figure], tuple[str, ...]]:
    """The scale's fee per code where it may be used with out-of-network claims, and what is open.

    Where the practice did not say whether it may, someone who names an income is told from
    the scale's fee to the full one.
    """
    sliding = facts.therapist.sliding if facts.therapist else None
    if not isinstance(sliding, Sliding) or sliding.slots is False:
        return {}, ()
    claimable = sliding.with_out_of_network_claims
    if claimable is False or (claimable is UNKNOWN and facts.request.household.income is None):
        return {}, ()
    codes = dict.fromkeys(code for position in facts.course.positions for code in position.codes)
    scales = {cpt: _scale(facts, sliding, cpt) for cpt in codes}
    fees = {cpt: _figure(scale) for cpt, scale in scales.items()}
    if any(figure.unbounded for figure in fees.values()):
        return {}, ()
    asks = tuple(dict.fromkeys(id for scale in scales.values() for id in scale.unknown_ids))
    if claimable is True:
        return fees, asks
    full = {cpt: billed(facts.request, facts.therapist, cpt, facts.findings)[0] for cpt in codes}
    either = {cpt: Figure(fee.low, None, max(fee.high, full[cpt].high)) for cpt, fee in fees.items()}
    return either, (*asks, "sliding_claims")


def _scale(facts: Facts, sliding: Sliding, cpt: str) -> ScaleFee:
    full, _ = billed(facts.request, facts.therapist, cpt, facts.findings)
    stated = full.low if full.known else None if full.unbounded else Between(full.low, full.high)
    return scale_fee(sliding, stated, facts.request.household, facts.reference, cpt, facts.course.first)


def _figure(fee: ScaleFee) -> Figure:
    """A scale's fee as a figure; an end without a bound comes from a missing fact."""
    high = UNLIMITED if fee.high is None else fee.high
    return Figure(fee.low or 0, fee.planning, high, None, fee.low is None)


def _barred(facts: Facts, status: str | None, payer: Insured | None) -> tuple[str, tuple[Note, ...]]:
    """Whether a member of this plan may pay this clinician a price of their own."""
    if not facts.course.entries or status == OPTED_OUT:
        return YES, ()
    plan = facts.course.entries[0]
    kind = plan.market.kind.lower()
    if kind == "medicaid":
        return NO, (Note("medicaid_bars_self_pay", {}, plan.origin),)
    if kind == "medicare":
        never = payer is not None and payer.scenarios == (REFUSED,)
        return (YES, ()) if never else (NO, (Note("medicare_claim_must_be_filed", {}, plan.origin),))
    if status == OUT:
        return YES, ()
    return MAYBE, (Note("contract_may_bar_self_pay", {}, plan.origin),)


def _full_fee(facts: Facts, status: str | None, payer: Insured | None) -> Way:
    possible, reasons = _barred(facts, status, payer)
    if possible == NO:
        return Way(FULL_FEE, NO, reasons)
    return Way(FULL_FEE, possible, reasons, SelfPay(facts.course, _fees(facts), "fee", payer))


def _sliding_fee(facts: Facts, full_fee: Way, payer: Insured | None) -> Way:
    therapist = facts.therapist
    if full_fee.possible == NO:
        return Way(SLIDING_FEE, NO, full_fee.reasons)
    if therapist is not None and therapist.sliding is None:
        return Way(SLIDING_FEE, NO, (Note("no_sliding_scale", {}, therapist.origin),))
    if therapist is None or not isinstance(therapist.sliding, Sliding):
        return Way(SLIDING_FEE, MAYBE, (*full_fee.reasons, Note("sliding_scale_unknown")))
    sliding = therapist.sliding
    if sliding.slots is False:
        return Way(SLIDING_FEE, NO, (Note("no_open_slot", {}, sliding.origin),))
    notes: list[Note] = []
    asks: list[str] = []
    membership = 0

    def fee(era: int, cpt: str) -> tuple[Figure, tuple[int, ...]]:
        nonlocal membership
        its = facts.at(era)
        scale = its.therapist.sliding if its.therapist else UNKNOWN
        if scale is None:
            return _fees(facts)(era, cpt)
        if isinstance(scale, Unknown):
            return ANYTHING, ()
        found = _scale(its, scale, cpt)
        membership = max(membership, found.membership)
        notes.extend(note for note in found.notes if note not in notes)
        asks.extend(id for id in found.unknown_ids if id not in asks)
        return _figure(found), (
            facts.findings.because("sliding_fee", scale.origin, cpt=cpt, model=scale.model),
        )

    route = SelfPay(facts.course, fee, "sliding", payer)
    route.membership = membership
    route.asks = tuple(asks)
    possible = MAYBE if sliding.slots is UNKNOWN else full_fee.possible
    return Way(SLIDING_FEE, possible, (*full_fee.reasons, *notes), route, fee="sliding")


def _gap_exception(facts: Facts) -> Way:
    agreed = facts.request.network.agreed
    if not facts.course.entries:
        return Way(GAP_EXCEPTION, MAYBE, (Note("plan_unknown"),))
    route = _coordinated(facts, Insured(facts, Offer("in", agreed=agreed)))
    return Way(GAP_EXCEPTION, YES, (), route, unplanned=_unplanned(facts, GAP_EXCEPTION))


def _eap_first(facts: Facts, ways: list[Way]) -> Way:
    """Free sessions, then the first pathway that is not impossible."""
    eap = facts.request.eap
    if eap is None:
        return Way(EAP_FIRST, MAYBE, (Note("eap_not_described"),))
    by_id = {way.id: way for way in ways}
    then = next((by_id[id] for id in FOLLOWS_EAP if by_id[id].possible != NO and by_id[id].route), None)
    if then is None or then.route is None:
        return Way(EAP_FIRST, NO, (Note("nothing_follows_eap"),))
    plan = in_force(eap.entries, facts.course.first) or eap.entries[0]
    panel = on_panel(facts, plan)
    if panel is False:
        return Way(EAP_FIRST, NO, (Note("not_on_eap_panel", {}, plan.origin),))
    left = sessions_left(plan, eap.used.visits, panel is True)
    asks = eap_asks(plan, eap.used.visits, panel)
    possible = YES if panel is True else MAYBE
    reasons = () if panel is True else (Note("eap_panel_unknown", {}, plan.origin),)
    why = facts.findings.because("eap_session", plan.origin, plan=plan.id)
    return Way(
        EAP_FIRST, possible, reasons, EapFirst(then.route, left, why, asks), then.id,
        ceiling_only=then.ceiling_only, unplanned=then.unplanned,
    )  # fmt: skip


def on_panel(facts: Facts, plan: Plan) -> bool | None:
    """Whether the clinician works for the programme; None = not known."""
    programmes = facts.therapist.eap_programmes if facts.therapist else UNKNOWN
    return None if isinstance(programmes, Unknown) else plan.id in programmes


def eap_asks(plan: Plan, used: Mapping[str, int], panel: bool | None) -> tuple[str, ...]:
    """Which facts of a programme are open: the sessions left, the clinician's panel."""
    counted = any(row.visits is not None and row.visits.pool in used for row in plan.benefits)
    return (*(() if counted else ("eap",)), *(("eap_panel",) if panel is None else ()))


def sessions_left(plan: Plan, used: Mapping[str, int], panel: bool) -> Figure:
    """Free sessions left as a count: the programme's number less those used."""
    row = next((b for b in plan.benefits if b.visits is not None), None)
    if row is None or row.visits is None:
        return Figure(0, None, 0)
    taken = used.get(row.visits.pool)
    number = row.visits.visits
    if taken is not None and panel:
        return exactly(max(0, number - taken))
    return Figure(0, None, number if taken is None else max(0, number - taken))
