"""The ways to pay without the plan: the full fee and the sliding scale."""

from __future__ import annotations

from functools import cache

from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.insured import Insured
from coverage_service.core.priced import REFUSED, Facts
from coverage_service.core.pricing import billed
from coverage_service.core.scale_fees import figure_of, scale_of
from coverage_service.core.selfpay import Fees, SelfPay
from coverage_service.core.therapist import OPTED_OUT, OUT, Sliding
from coverage_service.core.unknowns import ANYTHING, Figure
from coverage_service.core.way import FULL_FEE, MAYBE, NO, SLIDING_FEE, YES, Way


def fees_of(facts: Facts) -> Fees:
    """The full fee of a code in an era, looked up once."""

    @cache
    def fee(era: int, cpt: str) -> tuple[Figure, tuple[int, ...]]:
        figure, origin = billed(facts.request, facts.at(era).therapist, cpt, facts.findings)
        return figure, (facts.findings.because("fee", origin, cpt=cpt),)

    return fee


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


def full_fee_way(facts: Facts, status: str | None, payer: Insured | None, fees: Fees) -> Way:
    possible, reasons = _barred(facts, status, payer)
    if possible == NO:
        return Way(FULL_FEE, NO, reasons)
    return Way(FULL_FEE, possible, reasons, SelfPay(facts.course, fees, "fee", payer))


def sliding_fee_way(facts: Facts, full_fee: Way, payer: Insured | None, fees: Fees) -> Way:
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
            return fees(era, cpt)
        if isinstance(scale, Unknown):
            return ANYTHING, ()
        found = scale_of(its, scale, cpt)
        membership = max(membership, found.membership)
        notes.extend(note for note in found.notes if note not in notes)
        asks.extend(id for id in found.unknown_ids if id not in asks)
        return figure_of(found), (
            facts.findings.because("sliding_fee", scale.origin, cpt=cpt, model=scale.model),
        )

    route = SelfPay(facts.course, fee, "sliding", payer)
    route.membership = membership
    route.asks = tuple(asks)
    possible = MAYBE if sliding.slots is UNKNOWN else full_fee.possible
    return Way(SLIDING_FEE, possible, (*full_fee.reasons, *notes), route, fee="sliding")
