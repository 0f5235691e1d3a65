"""How an answer changes the care, the prices, the practice or the other coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from coverage_service.core.codes import procedure_codes
from coverage_service.core.facts import Origin
from coverage_service.core.plan import Plan
from coverage_service.core.plan_answers import Fill
from coverage_service.core.pricing import fee_of, stated_for
from coverage_service.core.request import OtherPlan, Price, Request
from coverage_service.core.schedule import in_force
from coverage_service.core.therapist import Sliding, Therapist

ELSEWHERE = "(another state)"
"""Stands for the states of a licence that is not valid where the client is."""
OFFERED = Origin("/answers/sliding")


def _care(field: str, request: Request, value: Any) -> Request:
    return replace(request, care=replace(request.care, **{field: value}))


def _diagnosis(request: Request, code: str) -> Request:
    return _care("diagnoses", request, (code,))


def _price(field: str, request: Request, value: Any) -> Request:
    by_code = value if isinstance(value, Mapping) else dict.fromkeys(_codes_asked(field, request), value)
    prices = dict(request.prices)
    for code, cents in by_code.items():
        told = replace(prices.get(code, Price()), **{field: cents})
        if field == "allowed":
            told = replace(told, allowed_low=None, allowed_high=None)
        prices[code] = told
    return replace(request, prices=prices)


def _codes_asked(field: str, request: Request) -> tuple[str, ...]:
    """The codes of a session that one amount for all of them is for: those whose price is open, if any."""
    care = request.care
    codes = care.codes or procedure_codes(care.minutes, care.format, care.patient_present)
    return tuple(code for code in codes if not _said(field, code, request)) or codes


def _said(field: str, code: str, request: Request) -> bool:
    """Whether a price of a code stands exactly in the request or in the practice's file."""
    price = request.prices.get(code, Price())
    if field == "billed":
        entry = in_force(request.therapist, request.care.first_session or request.as_of)
        fee = fee_of(entry, code, request.care.minutes)
        return price.billed is not None or (fee is not None and isinstance(fee.fee, int))
    if field == "oon_allowed":
        return price.oon_allowed is not None or (price.allowed is not None and stated_for(request, "out"))
    return price.allowed is not None and stated_for(request, "in")


def _therapists(change: Callable[[Therapist, Any], Therapist], request: Request, value: Any) -> Request:
    entries = request.therapist or (Therapist(id="inline"),)
    return replace(request, therapist=tuple(change(each, value) for each in entries))


def _clinician(field: str, therapist: Therapist, value: Any) -> Therapist:
    return replace(therapist, clinician=replace(therapist.clinician, **{field: value}))


def _licensed_where_client_is(request: Request, valid: bool) -> Request:
    state = request.care.client_state
    if state is None:
        return request
    states = (state,) if valid else (ELSEWHERE,)
    return _therapists(partial(_clinician, "licensed_in"), request, states)


def _sliding(field: str, therapist: Therapist, value: Any) -> Therapist:
    old = therapist.sliding
    return replace(therapist, sliding=replace(old, **{field: value}) if isinstance(old, Sliding) else old)


def _offered_fee(therapist: Therapist, cents: int) -> Therapist:
    """The scale with the fee that it offers this person; what else is printed of it stays."""
    old = therapist.sliding if isinstance(therapist.sliding, Sliding) else Sliding(model="flat_range")
    offered = replace(old, model="flat_range", fee=cents, slots=True, origin=OFFERED)
    return replace(therapist, sliding=offered)


def _household(field: str, request: Request, value: Any) -> Request:
    return replace(request, household=replace(request.household, **{field: value}))


def _network(field: str, request: Request, value: Any) -> Request:
    return replace(request, network=replace(request.network, **{field: value}))


def _accepts(request: Request, is_in: bool) -> Request:
    return _network("status", request, "in" if is_in else "out")


def _programme(eap: OtherPlan, request: Request) -> Plan:
    """The programme's entry in force on the first session."""
    return in_force(eap.entries, request.care.first_session or request.as_of) or eap.entries[0]


def _eap_left(request: Request, left: int) -> Request:
    if request.eap is None:
        return request
    rows = [b.visits for b in _programme(request.eap, request).benefits if b.visits]
    used = {v.pool: max(0, v.visits - left) for v in rows}
    return replace(
        request, eap=OtherPlan(entries=request.eap.entries, used=replace(request.eap.used, visits=used))
    )


def _on_panel(request: Request, on_it: bool) -> Request:
    programmes = (_programme(request.eap, request).id,) if on_it and request.eap else ()
    return _therapists(lambda t, ids: replace(t, eap_programmes=ids), request, programmes)


def _coordination(request: Request, method: str) -> Request:
    if request.secondary is None:
        return request
    entries = tuple(replace(plan, coordination=method) for plan in request.secondary.entries)
    return replace(request, secondary=replace(request.secondary, entries=entries))


def _second_plan(request: Request, which: str) -> Request:
    return replace(request, secondary=None) if which == "none" else request


def _settled(request: Request, value: Any) -> Request:
    """Read where the wording's readings are chosen (``insured``), nothing to change here."""
    return request


def _agreed(request: Request, cents: int) -> Request:
    return replace(request, network=replace(request.network, status="gap_exception", agreed=cents))


OF_THE_THERAPIST: Mapping[str, Callable[[Therapist, Any], Therapist]] = {
    "superbill": lambda therapist, gives: replace(therapist, superbill=gives),
    "licence": partial(_clinician, "licence"),
    "supervised": partial(_clinician, "supervised"),
    "sliding": _offered_fee,
    "sliding_slots": partial(_sliding, "slots"),
    "sliding_claims": partial(_sliding, "with_out_of_network_claims"),
}
"""Unknown id → how its answer changes each entry of the therapist."""

FILLS: Mapping[str, Fill] = {
    **{id: partial(_therapists, change) for id, change in OF_THE_THERAPIST.items()},
    "agreed_rate": _agreed,
    "network_status": partial(_network, "status"),
    "medicare_status": partial(_network, "status"),
    "accepts_plan": _accepts,
    "medicaid_enrolled": _accepts,
    "tier": partial(_network, "tier"),
    "ded_applies": _settled,
    "coinsurance_base": _settled,
    "medigap_visit": _settled,
    "other_cost_share": _settled,
    "used_as_of": lambda request, day: replace(request, used=replace(request.used, as_of=day)),
    "allowed_amount": partial(_price, "allowed"),
    "oon_method": partial(_price, "oon_allowed"),
    "fee": partial(_price, "billed"),
    "gfe": partial(_price, "billed"),
    "auth_obtained": partial(_care, "authorization"),
    "referral_obtained": partial(_care, "referral"),
    "waiver_signed": partial(_care, "waiver_signed"),
    "modality": partial(_care, "modality"),
    "client_state": partial(_care, "client_state"),
    "intake": partial(_care, "intake"),
    "session_length": partial(_care, "minutes"),
    "freq_length": partial(_care, "sessions"),
    "every_days": partial(_care, "every_days"),
    "first_session": partial(_care, "first_session"),
    "care_format": partial(_care, "format"),
    "dx_billing": _diagnosis,
    "licensed_in": _licensed_where_client_is,
    "household_income": partial(_household, "income"),
    "household_size": partial(_household, "size"),
    "household_area": partial(_household, "area"),
    "eap": _eap_left,
    "eap_panel": _on_panel,
    "coordination": _coordination,
    "second_plan": _second_plan,
}
"""Unknown id → how its answer changes anything but the plan."""
