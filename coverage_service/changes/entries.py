"""What differs between two entries of a plan or practice, unit by unit and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from coverage_service.changes.change import ADDED, CHANGED, MOVED, REMOVED, RENAMED
from coverage_service.changes.units import KEYS, ORDER, Path, Unit, names_of, plain, units
from coverage_service.changes.values import band_text, source_text, text
from coverage_service.changes.words import named, phrase_change, row_name, unit_name
from coverage_service.core.cost_sharing import Benefit
from coverage_service.core.facts import Origin
from coverage_service.core.plan import DiagnosisRule, Exclusion, Limit, Supplement, VisitLimit
from coverage_service.core.reference import LegalLimits, PovertyGuideline, Procedure
from coverage_service.core.therapist import Band, Fee, NetworkEntry

MAIN: Final[Mapping[type, str]] = {
    Benefit: "cost_sharing",
    DiagnosisRule: "covered",
    Exclusion: "excluded",
    VisitLimit: "visits",
    Fee: "fee",
    NetworkEntry: "status",
}
"""What a row says, beside what tells it apart."""
BY_FIELD: Final = (*MAIN, Limit, Supplement, LegalLimits, PovertyGuideline, Procedure)
"""Rows whose fields are told one by one."""
NO_AMOUNT: Final = frozenset({"id", "name", "payer", "wording", "attribution", "label", "labels"})
"""Fields from which nothing is computed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of two entries; ``origin`` is that of what it became, or was."""

    kind: str
    what: str
    old: str | None
    new: str | None
    origin: Origin
    units: tuple[Path, ...]
    amounts: bool = True


def differences(old: Any, new: Any, skipped: frozenset[str] = frozenset()) -> Iterator[Difference]:
    """Every fact that differs, in the order of the fields; ``skipped`` are fields told elsewhere."""
    before, after = units(old), units(new)
    gone = [x for path, x in before.items() if path not in after and path[0] not in skipped]
    came = [x for path, x in after.items() if path not in before and path[0] not in skipped]
    for path, unit in before.items():
        if path in after and path[0] not in skipped:
            yield from _unit(unit, after[path], old, new)
    yield from _rows(_told(gone), _told(came), old, new)
    yield from _sources(before, after)


def _told(found: list[Unit]) -> list[Unit]:
    """Without what only says that a table was or is empty."""
    return [x for x in found if x.path[-1] != ORDER and x.value != ()]


def _unit(old: Unit, new: Unit, before: Any, after: Any) -> Iterator[Difference]:
    if old.path[-1] == ORDER:
        common = [key for key in old.value if key in set(new.value)]
        if common != [key for key in new.value if key in set(old.value)]:
            yield Difference(
                MOVED, unit_name(old.path), None, None, getattr(after, "origin", new.origin), (old.path,)
            )
        return
    if plain(old.value) == plain(new.value):
        return
    for what, one, other, amounts in _said(old, new, before, after):
        yield Difference(CHANGED, what, one, other, new.origin, (old.path,), amounts)


def _said(old: Unit, new: Unit, before: Any, after: Any) -> Iterator[tuple[str, str, str, bool]]:
    rows, name = getattr(after, "benefits", ()), str(old.path[-1])
    what, one, other = unit_name(old.path, rows), old.value, new.value
    if isinstance(one, Benefit) and isinstance(other, Benefit):
        phrase = phrase_change(one.cost_sharing, other.cost_sharing)
        if phrase:
            yield f"{phrase[0]} for {row_name(old.path[-1], rows)}", phrase[1], phrase[2], True
            return
    if isinstance(one, Band) and isinstance(other, Band):
        yield what, band_text(one, before.sliding), band_text(other, after.sliding), True
    elif isinstance(one, BY_FIELD) and type(one) is type(other):
        for field in names_of(type(one)):
            was, is_ = getattr(one, field), getattr(other, field)
            if field != "origin" and plain(was) != plain(is_):
                label = f"{what}{_joined(one, field)}"
                yield label, text(was, field), text(is_, field), field not in NO_AMOUNT
    else:
        field = str(old.path[0]) if old.path[0] in ("licence_percent",) else name
        yield what, text(one, field), text(other, field), name not in NO_AMOUNT


def _joined(row: Any, field: str) -> str:
    if MAIN.get(type(row)) == field:
        return ""
    return f" {named(field)}" if isinstance(row, Limit) else f", {named(field)}"


def _rows(gone: list[Unit], came: list[Unit], old: Any, new: Any) -> Iterator[Difference]:
    """Rows that went, came, or only got another name."""
    left = list(came)
    for unit in gone:
        other = next((x for x in left if _renamed(unit, x)), None)
        if other is None:
            what, said = unit_name(unit.path, getattr(old, "benefits", ())), _row_text(unit, old)
            yield Difference(REMOVED, what, said, None, unit.origin, (unit.path,))
            continue
        left.remove(other)
        one, two = _title(unit, old), _title(other, new)
        yield Difference(RENAMED, "row for", one, two, other.origin, (unit.path, other.path))
    for unit in left:
        what, said = unit_name(unit.path, getattr(new, "benefits", ())), _row_text(unit, new)
        yield Difference(ADDED, what, None, said, unit.origin, (unit.path,))


def _title(unit: Unit, entry: Any) -> str:
    name = unit_name(unit.path, getattr(entry, "benefits", ()))
    return name.removeprefix("cost sharing for ")


def _row_text(unit: Unit, entry: Any) -> str:
    value = unit.value
    if isinstance(value, Band):
        return band_text(value, entry.sliding)
    main = MAIN.get(type(value))
    if main is not None:
        return text(getattr(value, main), main)
    if isinstance(value, Limit):
        shown = [(n, getattr(value, n)) for n in ("person", "family", "method", "period")]
        return ", ".join(f"{text(x, n)} {named(n)}" for n, x in shown[:2] if x is not None) or "none"
    return text(value, str(unit.path[-1]))


def _renamed(old: Unit, new: Unit) -> bool:
    kind = type(old.value)
    main = MAIN.get(kind)
    if main is None or kind is not type(new.value) or kind not in KEYS or old.path[:-1] != new.path[:-1]:
        return False
    if kind is not Benefit and old.origin.place.rpartition(":")[2] != new.origin.place.rpartition(":")[2]:
        return False
    return bool(plain(getattr(old.value, main)) == plain(getattr(new.value, main)))


def _sources(before: Mapping[Path, Unit], after: Mapping[Path, Unit]) -> Iterator[Difference]:
    """What stands behind the figures, told once for all that went from one to another."""
    found: dict[tuple[str, str], list[Unit]] = {}
    for path, unit in before.items():
        other = after.get(path)
        if other is not None and path[-1] != ORDER:
            pair = (backing(unit.origin), backing(other.origin))
            if pair[0] != pair[1]:
                found.setdefault(pair, []).append(other)
    for (one, two), changed in found.items():
        first = changed[0]
        count = len({unit.path for unit in changed})
        of = unit_name(first.path) if count == 1 else f"{count} facts"
        yield Difference(CHANGED, f"source of {of}", one, two, first.origin, (), amounts=False)


def backing(origin: Origin) -> str:
    """The document behind a figure, and how well it supports it."""
    if origin.source is None and not origin.place:
        return "none"
    return f"{source_text(origin.source)} ({origin.confidence.name.lower()})"
