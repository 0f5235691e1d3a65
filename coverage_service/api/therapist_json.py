"""Therapists as JSON: licence, networks, fees and sliding scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coverage_service.answer_json import origin_json, plain
from coverage_service.api.plan_json import word
from coverage_service.core.facts import Amount, Between, OneOf, Unknown
from coverage_service.core.therapist import NetworkEntry, Sliding, Therapist

Json = dict[str, Any]


def therapist_line(id: str, entries: Sequence[Therapist], version: str) -> Json:
    """One line of the list of therapists, from the latest entry."""
    last = entries[-1]
    return {
        "id": id,
        "name": last.name,
        "status": last.status,
        "licence": plain(last.clinician.licence),
        "licensed_in": _list_or_word(last.clinician.licensed_in),
        "plans": sorted({each.plan for each in last.networks}),
        "sliding": None if last.sliding is None else _model(last.sliding),
        "version": version,
    }


def therapist_json(id: str, entries: Sequence[Therapist], version: str) -> Json:
    """A therapist with all dated entries."""
    return {**therapist_line(id, entries, version), "entries": [_entry(entry) for entry in entries]}


def _entry(found: Therapist) -> Json:
    clinician = found.clinician
    return {
        "from": found.starts,
        "to": found.ends,
        "reviewed": found.reviewed,
        "clinician": {
            "licence": plain(clinician.licence),
            "supervised": word(clinician.supervised),
            "licensed_in": _list_or_word(clinician.licensed_in),
            "npi": plain(clinician.npi),
            "certifications": clinician.certifications,
            "approaches": clinician.approaches,
        },
        "networks": [_network(each) for each in found.networks],
        "fees": [
            {"cpt": each.cpt, "from_minutes": each.from_minutes, **amount(each.fee)} for each in found.fees
        ],
        "sliding": _sliding(found.sliding),
        "superbill": word(found.superbill),
        "intake": word(found.intake),
        "telehealth": word(found.telehealth),
        "in_person": word(found.in_person),
        "eap_programmes": _list_or_word(found.eap_programmes),
        "policies": {f"{name}_cents": cents for name, cents in found.policies.items()},
        **origin_json(found.origin),
    }


def amount(value: Amount) -> Json:
    """An amount as its two ends, null when it is not known."""
    if isinstance(value, Between):
        return {"low_cents": value.low, "high_cents": value.high}
    if isinstance(value, OneOf):
        return {"low_cents": min(value.values), "high_cents": max(value.values)}
    known = value if isinstance(value, int) else None
    return {"low_cents": known, "high_cents": known}


def _network(entry: NetworkEntry) -> Json:
    contract = entry.contract
    by_code = isinstance(contract, Mapping)
    return {
        "plan": entry.plan,
        "status": plain(entry.status),
        "tier": plain(entry.tier),
        "contract": None if by_code else plain(contract),
        "contract_cents": dict(contract) if isinstance(contract, Mapping) else None,
        "from": entry.starts,
        "to": entry.ends,
    }


def _sliding(found: Sliding | Unknown | None) -> Json | None:
    if found is None or isinstance(found, Unknown):
        return None
    return {
        "model": found.model,
        "cpts": found.cpts,
        "slots": word(found.slots),
        "review_months": found.review_months,
        "proof": found.proof,
        "with_out_of_network_claims": word(found.with_out_of_network_claims),
        **origin_json(found.origin),
    }


def _model(found: Sliding | Unknown) -> str:
    return "unknown" if isinstance(found, Unknown) else found.model


def _list_or_word(value: tuple[str, ...] | Unknown) -> Any:
    return "unknown" if isinstance(value, Unknown) else value
