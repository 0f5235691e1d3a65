"""What a practice's sliding scale asks of a household for one session.

A scale replaces the full fee; it is no discount on an insured share, unless it says so.
What is not known widens the fee and is named: no guideline, income or open place is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from coverage_service.core import guideline_scale
from coverage_service.core import income_scale as scales
from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Amount
from coverage_service.core.income_scale import Asked, Found, Span, by_income
from coverage_service.core.reference import Reference
from coverage_service.core.request import Household
from coverage_service.core.therapist import Sliding

FQHC: Final = "fqhc"
"""Health centres take everybody who comes, so an open place is no question there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFee:
    """The fee of one session in cents; ``planning`` None while anything is open.

    ``membership``: cents paid once, where the scale belongs to a network of members.
    ``unknown_ids``: the questions whose answers would narrow the fee.
    """

    low: int | None
    planning: int | None
    high: int | None
    membership: int = 0
    notes: tuple[Note, ...] = ()
    unknown_ids: tuple[str, ...] = ()


def scale_fee(
    sliding: Sliding,
    full_fee: Amount | None,
    household: Household,
    reference: Reference,
    cpt: str,
    on: date,
) -> ScaleFee:
    """The fee of a session of this code for this household: the full fee where the scale ends."""
    full = scales.span_of(full_fee)
    if not sliding.holds(cpt):
        return _answer(Found(full, (Note("not_on_scale", {"cpt": cpt}, sliding.origin),)), full)
    if sliding.slots is False and sliding.model != FQHC:
        return _answer(Found(full, (Note("no_open_slot", {}, sliding.origin),)), full)
    found = _MODELS[sliding.model](Asked(sliding, full, household, reference, on))
    if sliding.slots is UNKNOWN and sliding.model != FQHC:
        found = _perhaps_full(found, full, sliding)
    fee = _answer(found, full)
    return replace(fee, membership=sliding.membership, notes=(*fee.notes, *_conditions(sliding)))


def may_reduce_insured_share(sliding: Sliding) -> bool:
    """Whether the scale may lower an in-network share: only where it says that it does."""
    return sliding.caps_insured_share is True


def insured_share_cap(sliding: Sliding, fee: ScaleFee) -> ScaleFee | None:
    """The most that an insured patient of a health centre pays of a share; None = no cap."""
    return fee if may_reduce_insured_share(sliding) else None


def forgiven(cost_share: int, cap: int) -> int:
    """Cents that a cap takes off a cost share: of 6000, capped at 4000, it takes 2000."""
    return max(0, cost_share - cap)


def _answer(found: Found, full: Span) -> ScaleFee:
    """A fee to plan with only when nothing is open."""
    low, high = found.fee
    ids = (*found.ids, "fee") if _wants_full_fee(found.fee, full) else found.ids
    return ScaleFee(
        low=low,
        planning=None if ids or low != high else low,
        high=high,
        notes=found.notes,
        unknown_ids=tuple(dict.fromkeys(ids)),
    )


def _wants_full_fee(fee: Span, full: Span) -> bool:
    """Whether the full fee, not known or not exactly, leaves the scale's fee open."""
    return None in fee if full.high is None else full.low != full.high and fee.low != fee.high


def _perhaps_full(found: Found, full: Span, scale: Sliding) -> Found:
    """Nobody said whether a place is open: the scale's fee, or the full fee."""
    note = Note("slot_unknown", {}, scale.origin)
    return Found(scales.join((found.fee, full)), (*found.notes, note), (*found.ids, "sliding_slots"))


def _conditions(scale: Sliding) -> Iterator[Note]:
    """What the practice attaches to the scale, as far as it said so."""
    if scale.membership:
        yield Note("membership_once", {"cents": scale.membership}, scale.origin)
    if scale.review_months:
        yield Note("reviewed_every", {"months": scale.review_months}, scale.origin)
    if scale.proof:
        yield Note("proof_asked", {"proof": scale.proof}, scale.origin)
    if scale.couple_households:
        yield Note("couple_households", {"counted": scale.couple_households}, scale.origin)


def _stated(asked: Asked) -> Found:
    """A flat fee, or the range between two; a range is settled with the practice."""
    scale, full = asked.scale, asked.full
    if scale.fee is not None:
        return Found(scales.at_most(scale.fee, full))
    low = None if scale.minimum is None else scales.at_most(scale.minimum, full).low
    high = full.high if scale.maximum is None else scales.at_most(scale.maximum, full).high
    return Found(Span(low, high), (Note("negotiated", {}, scale.origin),), ("sliding",))


def _trainee_clinic(asked: Asked) -> Found:
    found = _stated(asked)
    return found._replace(notes=(*found.notes, Note("supervised_associate", {}, asked.scale.origin)))


def _pay_what_you_can(asked: Asked) -> Found:
    """From the minimum to what is suggested; the person decides."""
    scale = asked.scale
    least = None if scale.minimum is None else scales.at_most(scale.minimum, asked.full).low
    most = asked.full.high if scale.suggested is None else scales.at_most(scale.suggested, asked.full).high
    params = {"minimum_cents": scale.minimum, "suggested_cents": scale.suggested}
    return Found(Span(least, most), (Note("pay_what_you_can", params, scale.origin),), ("sliding",))


def _income_bands(asked: Asked) -> Found:
    reaches = scales.of_bands(asked.scale.bands, asked.scale.above, asked.full)
    return by_income(asked, scales.in_reach(reaches, scales.incomes(asked.household.income)))


def _linear(asked: Asked) -> Found:
    scale = asked.scale
    if None in (scale.minimum, scale.maximum, scale.income_from, scale.income_to):
        return _stated(asked)
    return by_income(asked, scales.linear(scale, asked.full, scales.incomes(asked.household.income)))


def _per_mille(asked: Asked) -> Found:
    scale = asked.scale
    if scale.per_thousand is None:
        return _stated(asked)
    return by_income(asked, scales.per_mille(scale, asked.full, scales.incomes(asked.household.income)))


_MODELS: Final[Mapping[str, Callable[[Asked], Found]]] = {
    "flat_range": _stated,
    "income_bands": _income_bands,
    "linear": _linear,
    "fpl_bands": guideline_scale.fpl_bands,
    "per_mille": _per_mille,
    "slots": _stated,
    "pwyc": _pay_what_you_can,
    "membership": _stated,
    "trainee_clinic": _trainee_clinic,
    FQHC: guideline_scale.health_centre,
}
MODELS: Final = frozenset(_MODELS)
OF_INCOME: Final = frozenset({"income_bands", "linear", "fpl_bands", "per_mille", FQHC})
"""The models whose fee goes by what a household lives on."""
