"""How an answer changes the care, the prices, the practice or the other coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coverage_service.core.codes import procedure_codes
from coverage_service.core.facts import UNKNOWN, Origin
from coverage_service.core.plan import Plan
from coverage_service.core.plan_answers import Fill
from coverage_service.core.request import OtherPlan, Price, Request
from coverage_service.core.schedule import in_force
from coverage_service.core.therapist import Sliding, Therapist


def _care(field: str, make: Callable[[Any], Any] = lambda value: value) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        return replace(request, care=replace(request.care, **{field: make(value)}))

    return fill


def _price(field: str) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        care = request.care
        by_code = value if isinstance(value, Mapping) else dict.fromkeys(
            care.codes or procedure_codes(care.minutes, care.format, care.patient_present), value
        )  # fmt: skip
        prices = dict(request.prices)
        for code, cents in by_code.items():
            told = replace(prices.get(code, Price()), **{field: cents})
            if field == "allowed":
                told = replace(told, allowed_low=None, allowed_high=None)
            prices[code] = told
        return replace(request, prices=prices)

    return fill


def _therapists(change: Callable[[Therapist, Any], Therapist]) -> Fill:
    def fill(request: Request, value: Any) -> Request:
        entries = request.therapist or (Therapist(id="inline"),)
        return replace(request, therapist=tuple(change(each, value) for each in entries))

    return fill


def _clinician(field: str) -> Fill:
    return _therapists(lambda t, value: replace(t, clinician=replace(t.clinician, **{field: value})))


def _licensed_where_client_is(request: Request, valid: bool) -> Request:
    state = request.care.client_state
    if state is None:
        return request
    return _clinician("licensed_in")(request, (state,) if valid else ("(another state)",))


def _sliding(field: str) -> Fill:
    def change(therapist: Therapist, value: Any) -> Therapist:
        old = therapist.sliding
        return replace(therapist, sliding=replace(old, **{field: value}) if isinstance(old, Sliding) else old)

    return _therapists(change)


def _offered_fee(therapist: Therapist, cents: int) -> Therapist:
    old = therapist.sliding
    uses = old.with_out_of_network_claims if isinstance(old, Sliding) else UNKNOWN
    offered = Sliding(
        model="flat_range",
        fee=cents,
        slots=True,
        with_out_of_network_claims=uses,
        origin=Origin("/answers/sliding"),
    )
    return replace(therapist, sliding=offered)


def _household(field: str) -> Fill:
    return lambda request, value: replace(request, household=replace(request.household, **{field: value}))


def _network(make: Callable[[Any], str]) -> Fill:
    return lambda request, value: replace(request, network=replace(request.network, status=make(value)))


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
    return _therapists(lambda t, _: replace(t, eap_programmes=programmes))(request, on_it)


def _coordination(request: Request, method: str) -> Request:
    if request.secondary is None:
        return request
    entries = tuple(replace(plan, coordination=method) for plan in request.secondary.entries)
    return replace(request, secondary=replace(request.secondary, entries=entries))


def _second_plan(request: Request, which: str) -> Request:
    return replace(request, secondary=None) if which == "none" else request


def _status(is_in: bool) -> str:
    return "in" if is_in else "out"


def _word(value: Any) -> Any:
    return value


def _settled(request: Request, value: Any) -> Request:
    """Read where the wording's readings are chosen (``insured``), nothing to change here."""
    return request


def _agreed(request: Request, cents: int) -> Request:
    return replace(request, network=replace(request.network, status="gap_exception", agreed=cents))


FILLS: Mapping[str, Fill] = {
    "agreed_rate": _agreed,
    "network_status": _network(_word),
    "medicare_status": _network(_word),
    "accepts_plan": _network(_status),
    "medicaid_enrolled": _network(_status),
    "tier": lambda request, value: replace(request, network=replace(request.network, tier=value)),
    "ded_applies": _settled,
    "coinsurance_base": _settled,
    "medigap_visit": _settled,
    "used_as_of": lambda request, day: replace(request, used=replace(request.used, as_of=day)),
    "allowed_amount": _price("allowed"),
    "oon_method": _price("oon_allowed"),
    "fee": _price("billed"),
    "gfe": _price("billed"),
    "auth_obtained": _care("authorization"),
    "referral_obtained": _care("referral"),
    "couple_code": _care("identified_patient"),
    "waiver_signed": _care("waiver_signed"),
    "modality": _care("modality"),
    "client_state": _care("client_state"),
    "intake": _care("intake"),
    "session_length": _care("minutes"),
    "freq_length": _care("sessions"),
    "every_days": _care("every_days"),
    "first_session": _care("first_session"),
    "care_format": _care("format"),
    "dx_billing": _care("diagnoses", lambda code: (code,)),
    "superbill": _therapists(lambda t, gives: replace(t, superbill=gives)),
    "licence": _clinician("licence"),
    "supervised": _clinician("supervised"),
    "licensed_in": _licensed_where_client_is,
    "sliding": _therapists(_offered_fee),
    "sliding_slots": _sliding("slots"),
    "sliding_claims": _sliding("with_out_of_network_claims"),
    "household_income": _household("income"),
    "household_size": _household("size"),
    "household_area": _household("area"),
    "eap": _eap_left,
    "eap_panel": _on_panel,
    "coordination": _coordination,
    "second_plan": _second_plan,
}
"""Unknown id → how its answer changes anything but the plan."""
