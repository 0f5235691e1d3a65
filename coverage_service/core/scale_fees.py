"""What a practice's sliding scale asks: on its own, of a claim, as a cap on a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.core.priced import Facts
from coverage_service.core.pricing import billed, fee_of
from coverage_service.core.sliding_scale import ScaleFee, may_reduce_insured_share, scale_fee
from coverage_service.core.terms import UNLIMITED
from coverage_service.core.therapist import Sliding
from coverage_service.core.unknowns import Figure


def share_caps(facts: Facts) -> Mapping[tuple[int, str], Figure]:
    """A health centre's sliding charge per era and code, which caps an insured share (FQHC_CAP)."""
    found = {}
    for position in facts.course.positions:
        its = facts.at(position.era)
        sliding = its.therapist.sliding if its.therapist else None
        if isinstance(sliding, Sliding) and may_reduce_insured_share(sliding):
            for cpt in filter(sliding.holds, position.codes):
                found[position.era, cpt] = figure_of(scale_of(its, sliding, cpt))
    return found


def claimable_scale(facts: Facts) -> tuple[Mapping[str, Figure], tuple[str, ...]]:
    """The scale's fee per code on it where it may be used with out-of-network claims, and what is open.

    Where the practice did not say whether it may, the charge is the scale's fee or the full one.
    """
    sliding = facts.therapist.sliding if facts.therapist else None
    if not isinstance(sliding, Sliding) or sliding.slots is False:
        return {}, ()
    claimable = sliding.with_out_of_network_claims
    if claimable is False:
        return {}, ()
    places = facts.course.positions
    codes = dict.fromkeys(code for place in places for code in place.codes if sliding.holds(code))
    scales = {cpt: scale_of(facts, sliding, cpt) for cpt in codes}
    fees = {cpt: figure_of(scale) for cpt, scale in scales.items()}
    asks = tuple(dict.fromkeys(id for scale in scales.values() for id in scale.unknown_ids))
    if claimable is True:
        return fees, asks
    full = {cpt: billed(facts.request, facts.therapist, cpt, facts.findings)[0] for cpt in codes}
    if all(full[cpt] == fee for cpt, fee in fees.items()):
        return {}, ()
    wanted = () if all(figure.known for figure in full.values()) else ("fee",)
    either = {cpt: _either(fee, full[cpt]) for cpt, fee in fees.items()}
    return either, tuple(dict.fromkeys((*asks, "sliding_claims", *wanted)))


def _either(fee: Figure, full: Figure) -> Figure:
    """The scale's fee or the full one, as a figure nobody can plan with unless they are the same."""
    if fee == full:
        return fee
    bottomless = fee.bottomless or full.bottomless
    return Figure(min(fee.low, full.low), None, max(fee.high, full.high), None, bottomless)


def scale_of(facts: Facts, sliding: Sliding, cpt: str) -> ScaleFee:
    """What the scale of the facts' therapist asks for a code, worked out once."""
    key = (id(facts.therapist), cpt)
    found = facts.scales.get(key)
    if found is None:
        found = facts.scales[key] = _scale_of(facts, sliding, cpt)
    return found


def _scale_of(facts: Facts, sliding: Sliding, cpt: str) -> ScaleFee:
    full, _ = billed(facts.request, facts.therapist, cpt, facts.findings)
    stated = full.low if full.known else None if full.unbounded else Between(full.low, full.high)
    fee = partial(scale_fee, sliding, household=facts.request.household, reference=facts.reference,
                  cpt=cpt, on=facts.course.first)  # fmt: skip
    found = fee(full_fee=stated)
    printed = fee_of(facts.therapist, cpt, facts.request.care.minutes)
    if stated is None or (printed is not None and printed.fee is not UNKNOWN):
        return found
    return _no_lower(found, fee(full_fee=None))


def _no_lower(told: ScaleFee, printed: ScaleFee) -> ScaleFee:
    """A scale printed without a full fee stands as printed: one told later does not go below it."""
    least = printed.low or 0
    low, high, planning = (None if x is None else max(x, least) for x in (told.low, told.high, told.planning))
    return replace(told, low=low, high=high, planning=planning)


def figure_of(fee: ScaleFee) -> Figure:
    """A scale's fee as a figure; an end without a bound comes from a missing fact."""
    high = UNLIMITED if fee.high is None else fee.high
    return Figure(fee.low or 0, fee.planning, high, None, fee.low is None)
