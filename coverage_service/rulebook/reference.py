"""The reference files and fee schedules as one Reference value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from coverage_service.core.reference import FeeSchedule, Reference
from coverage_service.rulebook.files import FileFacts

Found = Iterable[tuple[str, FileFacts]]


def build_reference(files: Found, schedules: Found) -> Reference:
    """All reference data; when two files say the same thing the later name wins."""
    said: dict[str, Any] = {}
    for _, found in files:
        for values in found.facts:
            said.update(values)
    services = {x["service"]: x for x in said.get("services", ())}
    by_id: dict[str, FeeSchedule] = {fact.id: fact for _, found in schedules for fact in found.facts}
    above = {name: _above(name, services) for name in services}
    return Reference(
        schedules=MappingProxyType(by_id),
        services=MappingProxyType({name: frozenset(_codes(name, services, ())) for name in services}),
        ancestors=MappingProxyType(above),
        service_of=MappingProxyType(_service_of(services, above)),
        procedures=MappingProxyType({x.code: x for x in said.get("procedures", ())}),
        diagnoses=MappingProxyType({x["code"]: x["label"] for x in said.get("diagnoses", ())}),
        exclusion_triggers=MappingProxyType(dict(said.get("exclusion_triggers", {}))),
        places_of_service=MappingProxyType(
            {x["code"]: x["label"] for x in said.get("places_of_service", ())}
        ),
        licences=MappingProxyType({x["licence"]: x["label"] for x in said.get("licences", ())}),
        guidelines=MappingProxyType({(x.year, x.area): x for x in said.get("guidelines", ())}),
        legal_limits=MappingProxyType({x.year: x for x in said.get("limits", ())}),
        concerns=MappingProxyType({x.id: x for x in said.get("concerns", ())}),
    )


Services = Mapping[str, Mapping[str, Any]]


def _codes(name: str, services: Services, seen: tuple[str, ...]) -> Iterable[str]:
    row = services.get(name, {})
    yield from row.get("codes", ())
    for below in row.get("includes", ()):
        if below not in seen:
            yield from _codes(below, services, (*seen, name))


def _above(name: str, services: Services) -> tuple[str, ...]:
    """The services that hold this one, nearest first."""
    found: list[str] = []
    level = [name]
    while level:
        level = [
            x for x, row in services.items() if set(row.get("includes", ())) & set(level) and x not in found
        ]
        found.extend(level)
    return tuple(found)


def _service_of(services: Services, above: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, row in services.items():
        for code in row.get("codes", ()):
            found[code] = tuple(dict.fromkeys((*found.get(code, ()), name, *above[name])))
    return found
