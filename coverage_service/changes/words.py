"""What each unit of a plan, a practice or the reference data is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from coverage_service.changes.units import ORDER, Path
from coverage_service.changes.values import text
from coverage_service.core.cost_sharing import Benefit, Kind, Phrase
from coverage_service.core.facts import Unknown

SIDES: Final = {"in": "in network", "out": "out of network"}
BEFORE: Final = {"in": "in-network ", "out": "out-of-network ", None: ""}
VISITS: Final = {
    "outpatient_mental_health": "visits",
    "psychotherapy": "therapy visits",
    "intake": "first assessments",
    "group": "group sessions",
    "family_counselling": "couple and family sessions",
    "crisis": "crisis sessions",
}
MODALITIES: Final = {"in_person": "office ", "telehealth": "video "}
NAMES: Final = {
    "ends": "last day",
    "starts": "first day",
    "reviewed": "day of the last review",
    "plan_year_starts": "start of the plan year",
    "lesser_of": "the lesser of billed and allowed",
    "sequestration": "the law's cut of the plan's payment",
    "supplements": "what it supplements",
    "administrator": "who runs mental health benefits",
    "person": "for one person",
    "family": "for a family",
    "method": "how the family's counts",
    "person_cap": "what protects one person",
    "period": "period",
    "counts": "what counts toward it",
    "excluded": "",
    "covered": "",
    "cost_sharing": "",
    "visits": "",
    "fee": "",
    "status": "status",
    "networks": "networks",
    "eap_programmes": "programmes whose panel it is on",
    "above": "above the last band",
    "slots": "a place is open",
    "unmentioned": "exclusions that are not named",
}
"""Fields whose own name would not say it to a biller."""
REFERENCES: Final = {
    "guidelines": "poverty guideline",
    "legal_limits": "legal limits of",
    "procedures": "procedure code",
    "diagnoses": "diagnosis",
    "exclusion_triggers": "what is excluded as",
    "places_of_service": "place of service",
    "licences": "licence",
    "concerns": "concern",
    "services": "codes of the service",
}
"""The tables of the reference data."""
TABLES: Final = {
    "benefits": "benefit rows",
    "limits": "limits",
    "diagnoses": "diagnosis rows",
    "exclusions": "exclusions",
    "fees": "fees",
    "networks": "networks",
    "visit_limits": "visit limits",
}


def spaced(name: Any) -> str:
    """A name of the rule files in words."""
    return str(name).replace("_", " ")


def named(name: str) -> str:
    """What a field is called."""
    return NAMES.get(name, spaced(name))


def unit_name(path: Path, rows: Sequence[Benefit] = ()) -> str:
    """What a unit is called; ``rows`` are the benefit rows beside it."""
    head, key = path[0], path[-1]
    if key == ORDER:
        return f"the {TABLES.get(str(path[-2]), spaced(path[-2]))}"
    if head in _UNITS and len(path) > 1:
        return str(_UNITS[head](key, rows))
    if head == "coverage" and path[1] in _COVERAGE and len(path) > 2:
        return str(_COVERAGE[path[1]](key))
    if head == "sliding":
        return f"sliding scale{_scale(path[1:])}"
    if head == "rates":
        return f"rate of {path[2]}, {path[1]}"
    if head in REFERENCES:
        label = ", ".join(key) if isinstance(key, tuple) else key
        return f"{REFERENCES[head]} {label}"
    said = [each for each in path if each != "coverage"]
    return ", ".join((*map(spaced, said[:-1]), named(key)))


def _scale(path: Path) -> str:
    if not path:
        return ""
    return f", band {path[1]}" if path[0] == "bands" and len(path) > 1 else f", {named(path[0])}"


def row_name(key: Any, rows: Sequence[Benefit] = ()) -> str:
    """Whom a benefit row is for: ``in-network office visits``."""
    service, network, tier, modality, licences, visits = key if len(key) == 6 else key[0]
    said = MODALITIES.get(modality, "")
    if modality is None and _has_modality(rows, service, network, "telehealth"):
        said = "office "
    name = f"{BEFORE[network]}{said}{VISITS.get(service, f'{spaced(service)} visits')}"
    more = [f"tier {tier}" if tier else "", "/".join(licences)]
    more += [f"the first {visits.visits} of {visits.pool}" if visits else ""]
    return ", ".join((name, *filter(None, more)))


def _has_modality(rows: Sequence[Benefit], service: str, network: str | None, modality: str) -> bool:
    return any((row.service, row.network, row.modality) == (service, network, modality) for row in rows)


def _limit(key: Any, rows: Any) -> str:
    bucket, kind = key[0] if isinstance(key[0], tuple) else key
    side = {"in_network": "in-network ", "out_of_network": "out-of-network ", "any_network": ""}
    return f"{side.get(bucket, spaced(bucket) + ' ')}{spaced(kind)}"


def _fee(key: Any, rows: Any) -> str:
    cpt, minutes = key[0] if isinstance(key[0], tuple) else key
    return f"fee for {cpt}" + (f" from {minutes} minutes" if minutes else "")


def _diagnosis(key: Any) -> str:
    match, codes = key[0] if isinstance(key[0], tuple) else key
    return f"coverage of diagnosis {match}" + (f" for {', '.join(codes)}" if codes else "")


def _exclusion(key: Any) -> str:
    name, codes = key[0] if isinstance(key[0], tuple) else key
    return f"exclusion of {spaced(name)}" + (f" for {', '.join(codes)}" if codes else "")


def _visit_limit(key: Any, rows: Any) -> str:
    services, per = key if isinstance(key[0], tuple) and isinstance(key[1], str) else key[0]
    return f"visits of {', '.join(map(spaced, services))} each {spaced(per)}"


def _standing(key: Any, rows: Any) -> str:
    plan, starts, _ = key[0] if isinstance(key[0], tuple) else key
    return f"standing with {plan}" + (f" from {starts}" if starts else "")


_UNITS: Final[dict[str, Any]] = {
    "benefits": lambda key, rows: f"cost sharing for {row_name(key, rows)}",
    "limits": _limit,
    "fees": _fee,
    "networks": _standing,
    "visit_limits": _visit_limit,
    "allowed": lambda key, _: f"allowed amount {SIDES[key]}",
    "balance_billing": lambda key, _: f"balance bill {SIDES[key]}",
    "not_covered_rate": lambda key, _: f"what a refused session costs {SIDES[key]}",
    "claims": lambda key, _: f"claims {SIDES[key]}",
    "cross": lambda key, _: f"whether the {spaced(key)} counts across networks",
    "pools": lambda key, _: f"visits counted by {key}",
    "policies": lambda key, _: f"fee for {spaced(key)}",
    "licence_percent": lambda key, _: f"share of the rate for {key}",
}
_COVERAGE: Final[dict[str, Any]] = {
    "exclusions": _exclusion,
    "diagnoses": _diagnosis,
    "codes": lambda key: f"coverage of {key}",
    "liability": lambda key: f"who bears a denial by {spaced(key)}",
}


def phrase_change(old: Any, new: Any) -> tuple[str, str, str] | None:
    """``("copay", "$30", "$40")`` where two lists differ in the amount of one phrase alone."""
    if not (_list(old) and _list(new)) or [x.kind for x in old] != [x.kind for x in new]:
        return None
    differing = [(a, b) for a, b in zip(old, new, strict=True) if _said(a) != _said(b)]
    if len(differing) != 1 or _rest(differing[0][0]) != _rest(differing[0][1]):
        return None
    one, other = differing[0]
    unit = "percent" if one.kind is Kind.COINSURANCE else ""
    return str(one.kind.value), text(one.amount, unit), text(other.amount, unit)


def _list(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Phrase) for each in value)


def _said(phrase: Phrase) -> tuple[Any, ...]:
    return (phrase.amount, *_rest(phrase))


def _rest(phrase: Phrase) -> tuple[Any, ...]:
    unknown = isinstance(phrase.amount, Unknown)
    more = (phrase.toward_deductible, phrase.ignoring_copay, phrase.per_day, phrase.per_clinician)
    return (phrase.kind, phrase.up_to, phrase.when, phrase.limit, *more, unknown)
