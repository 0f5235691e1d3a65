"""How fresh the rules are: what ends soon, what nobody has checked for a year, how sure each figure is.

One list for the command line, `/v1/rules/status` and the workbench.  Retired entries are left out:
no estimate of today rests on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

from coverage_service.core.cost_sharing import Benefit
from coverage_service.core.facts import UNKNOWN, Confidence, Origin
from coverage_service.core.plan import AllowedAmount, DiagnosisRule, Exclusion, Limit, Plan, VisitLimit
from coverage_service.core.reference import FeeSchedule, LegalLimits, PovertyGuideline, Reference
from coverage_service.core.staleness import RETIRED, years_before
from coverage_service.core.therapist import Fee, NetworkEntry, Sliding, Therapist
from coverage_service.sources import DRAFT, Sources

WITHIN: Final = 90
"""Days ahead that are looked at, unless somebody asks for others."""
YEARS_UNCHECKED: Final = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """A dated entry after which nothing is served.  ``days_left`` is negative when it has ended."""

    kind: str
    id: str
    place: str
    ends: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An entry that nobody has compared with its source for a year; ``checked`` None = no day is stated."""

    kind: str
    id: str
    place: str
    checked: date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure or row, and how well it is supported; ``unknown`` where the file says so."""

    place: str
    what: str
    confidence: Confidence
    source: str | None
    read: date | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of the rules on a day; every tuple in the order in which it deserves a look."""

    as_of: date
    within: int
    ending: tuple[Ending, ...]
    unchecked: tuple[Unchecked, ...]
    figures: tuple[Figure, ...]

    @property
    def counts(self) -> Mapping[str, Mapping[Confidence, int]]:
        """Figures of each confidence by rule file."""
        found: dict[str, dict[Confidence, int]] = {}
        for each in self.figures:
            of_file = found.setdefault(each.place.rsplit(":", 1)[0], dict.fromkeys(Confidence, 0))
            of_file[each.confidence] += 1
        return found


Dated = Plan | Therapist | FeeSchedule | PovertyGuideline | LegalLimits


def freshness(sources: Sources, today: date, within: int = WITHIN) -> Freshness:
    """What the rules in ``sources`` need on a day; ``within`` is the number of days to look ahead."""
    entries = list(_entries(sources))
    return Freshness(
        as_of=today,
        within=within,
        ending=tuple(_ending(entries, today, within)),
        unchecked=tuple(_unchecked(entries, today)),
        figures=tuple(sorted(_figures(entries), key=lambda x: (x.place.rsplit(":", 1)[0], _line(x.place)))),
    )


def _entries(sources: Sources) -> Iterator[tuple[str, str, Sequence[Dated]]]:
    """Kind, id and dated entries in order of time of everything that an estimate rests on."""
    for kind, by_id in (("plan", sources.book.plans), ("therapist", sources.store.entries)):
        for id, dated in by_id.items():
            if any(each.status != RETIRED for each in dated):
                yield kind, id, dated
    reference: Reference = sources.book.reference
    for id, schedule in reference.schedules.items():
        yield "fee schedule", id, (schedule,)
    for area in dict.fromkeys(area for _, area in reference.guidelines):
        years = sorted((x for x in reference.guidelines.values() if x.area == area), key=lambda x: x.year)
        yield "poverty guideline", area, years
    if reference.legal_limits:
        yield "legal limits", "year", [reference.legal_limits[x] for x in sorted(reference.legal_limits)]


def _served(dated: Sequence[Dated]) -> Sequence[Dated]:
    """The entries of an id that estimates rest on: a draft follows nothing.  All of them if there is none."""
    return [x for x in dated if getattr(x, "status", None) not in (DRAFT, RETIRED)] or dated


def _ends(entry: Dated) -> date | None:
    """The last day of an entry; a figure of a year holds to its end."""
    if isinstance(entry, (PovertyGuideline, LegalLimits)):
        return date(int(entry.year), 12, 31)
    return entry.ends


def _ending(
    entries: Sequence[tuple[str, str, Sequence[Dated]]], today: date, within: int
) -> Iterator[Ending]:
    found = []
    for kind, id, dated in entries:
        last = _served(dated)[-1]
        ends = _ends(last)
        if ends is not None and (ends - today).days <= within:
            found.append(Ending(kind, id, last.origin.place, ends, (ends - today).days))
    yield from sorted(found, key=lambda x: (x.ends, x.kind, x.id))


def _unchecked(entries: Sequence[tuple[str, str, Sequence[Dated]]], today: date) -> Iterator[Unchecked]:
    oldest = years_before(today, YEARS_UNCHECKED)
    found = []
    for kind, id, dated in entries:
        served = _served(dated)
        for entry in served:
            checked, ends = _checked(entry), _ends(entry)
            past = ends is not None and ends < today and entry is not served[-1]
            if not past and (checked is None or checked < oldest):
                found.append(Unchecked(kind, id, entry.origin.place, checked))
    yield from sorted(found, key=lambda x: (x.checked or date.min, x.kind, x.id))


def _checked(entry: Dated) -> date | None:
    """The day of the last comparison: ``reviewed``, else the day on which its source was read."""
    reviewed = entry.reviewed if isinstance(entry, (Plan, Therapist)) else None
    read = entry.origin.source.read if entry.origin.source else None
    return reviewed or read


def _figures(entries: Sequence[tuple[str, str, Sequence[Dated]]]) -> Iterator[Figure]:
    for _, id, dated in entries:
        for entry in dated:
            for value in _rows(entry):
                yield _figure(id, value)


def _rows(value: Any) -> Iterator[Any]:
    """Everything inside a value that stands at a place of its own; what is understood stands nowhere."""
    if is_dataclass(value) and not isinstance(value, (type, Origin)):
        if type(value) in _NAMES and _place(value):
            yield value
        for each in fields(value):
            yield from _rows(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _rows(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _rows(each)


def _place(value: Any) -> str:
    place: str = value.origin.place
    return place


def _figure(id: str, value: Any) -> Figure:
    name, figure = _NAMES[type(value)](value)
    origin: Origin = value.origin
    return Figure(
        place=origin.place,
        what=f"{id}: {name}",
        confidence=Confidence.UNKNOWN if figure is UNKNOWN else origin.confidence,
        source=origin.source.title if origin.source else None,
        read=origin.source.read if origin.source else None,
    )


def _benefit(row: Benefit) -> tuple[str, Any]:
    where = (row.service, row.network, row.modality, row.tier, *row.licences)
    return "benefit " + ", ".join(str(x) for x in where if x), row.cost_sharing


_NAMES: Final[Mapping[type[Any], Any]] = {
    Limit: lambda x: (f"{x.kind} {x.bucket}", UNKNOWN if UNKNOWN in (x.person, x.family) else x.person),
    Benefit: _benefit,
    AllowedAmount: lambda x: ("allowed amount", x.amount),
    Exclusion: lambda x: (f"exclusion {x.name}", x.excluded),
    DiagnosisRule: lambda x: (f"diagnosis {x.match}", x.covered),
    VisitLimit: lambda x: (f"visit limit {', '.join(x.services)}", x.visits),
    Fee: lambda x: (f"fee {x.cpt}", x.fee),
    NetworkEntry: lambda x: (f"network {x.plan}", x.status),
    Sliding: lambda x: (f"scale {x.model}", x.model),
    FeeSchedule: lambda x: ("rates", x.rates),
    PovertyGuideline: lambda x: (f"guideline {x.year}", x.first_person),
    LegalLimits: lambda x: (f"limits {x.year}", x.medicare_part_b_deductible or UNKNOWN),
}


def _line(place: str) -> int:
    line = place.rpartition(":")[2]
    return int(line) if line.isdigit() else 0


def freshness_json(found: Freshness) -> dict[str, Any]:
    """The same as plain JSON: days as text, confidences as the words of the rule files."""
    return {
        "as_of": found.as_of.isoformat(),
        "within_days": found.within,
        "ending": [_plain(each) for each in found.ending],
        "unchecked": [_plain(each) for each in found.unchecked],
        "confidence": {
            file: {level.name.lower(): count for level, count in counts.items()}
            for file, counts in found.counts.items()
        },
        "figures": [_plain(each) for each in found.figures],
    }


def _plain(value: Any) -> dict[str, Any]:
    return {each.name: _word(getattr(value, each.name)) for each in fields(value)}


def _word(value: Any) -> Any:
    if isinstance(value, Confidence):
        return value.name.lower()
    return value.isoformat() if isinstance(value, date) else value
