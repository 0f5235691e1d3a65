"""Facts cut into units: the smallest pieces that one line of a rule file can change.

A unit has a path, such as ``("benefits", "psychotherapy, in")``.  Two entries are compared
unit by unit, and an entry between them is made by taking some units from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from coverage_service.core.cost_sharing import Benefit, Phrase
from coverage_service.core.facts import NOWHERE, Origin
from coverage_service.core.plan import Coverage, DiagnosisRule, Exclusion, Limit, Market, VisitLimit
from coverage_service.core.therapist import Clinician, Fee, NetworkEntry, Sliding

Path = tuple[Any, ...]
ORDER: Final = "(the order of the rows)"
OPENED: Final = (Coverage, Market, Clinician, Sliding)
"""Groups of fields that are compared field by field."""
KEYS: Final[dict[type, Callable[[Any], Any]]] = {
    Limit: lambda x: (x.bucket, x.kind),
    Benefit: lambda x: (x.service, x.network, x.tier, x.modality, x.licences, x.visits),
    DiagnosisRule: lambda x: (x.match, x.codes),
    Exclusion: lambda x: (x.name, x.codes),
    VisitLimit: lambda x: (x.services, x.per),
    NetworkEntry: lambda x: (x.plan, x.starts, x.ends),
    Fee: lambda x: (x.cpt, x.from_minutes),
}
"""What tells the rows of a table apart; rows of other tables are told apart by their number."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One fact with what stands behind it: ``value`` as it stands in the core, ``origin`` the nearest."""

    path: Path
    value: Any
    origin: Origin


def plain(value: Any) -> Any:
    """A fact without its places, sources and the spelling of its phrases: what decides an amount."""
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Origin):
            return None
        return (type(value).__name__, *(plain(each) for each in _values(value)))
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple([plain(each) for each in value])
    return value


def _values(value: Any) -> Iterator[Any]:
    spelling = isinstance(value, Phrase)
    for name in names_of(type(value)):
        if not (spelling and name == "text"):
            yield getattr(value, name)


def names_of(kind: type) -> tuple[str, ...]:
    """The fields of a class of facts."""
    if kind not in _names:
        _names[kind] = tuple(field.name for field in fields(kind))
    return _names[kind]


_names: dict[type, tuple[str, ...]] = {}


def units(entry: Any) -> dict[Path, Unit]:
    """Every unit of an entry, in the order of its fields."""
    return {unit.path: unit for unit in _units(entry, (), NOWHERE)}


def _units(group: Any, path: Path, origin: Origin) -> Iterator[Unit]:
    origin = getattr(group, "origin", origin)
    for name in names_of(type(group)):
        if name != "origin":
            yield from _field(getattr(group, name), (*path, name), origin)


def _field(value: Any, path: Path, origin: Origin) -> Iterator[Unit]:
    if isinstance(value, OPENED):
        yield from _units(value, path, origin)
    elif _is_table(value):
        rows = keyed(value)
        for key, row in rows.items():
            yield Unit((*path, key), row, getattr(row, "origin", origin))
        yield Unit((*path, ORDER), tuple(rows), origin)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(each, Mapping):
                yield from _field(each, (*path, key), origin)
            else:
                yield Unit((*path, key), each, getattr(each, "origin", origin))
    else:
        yield Unit(path, value, getattr(value, "origin", origin))


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def keyed(rows: tuple[Any, ...]) -> dict[Any, Any]:
    """Rows by what tells them apart; a row that occurs again gets its number too."""
    found: dict[Any, Any] = {}
    for number, row in enumerate(rows, 1):
        key = KEYS[type(row)](row) if type(row) in KEYS else number
        found[key if key not in found else (key, number)] = row
    return found


def mixed(old: Any, new: Any, chosen: Collection[Path], path: Path = ()) -> Any:
    """The old entry with the chosen units of the new one."""
    taken = {
        name: _mixed(getattr(old, name), getattr(new, name), chosen, (*path, name))
        for name in names_of(type(old))
        if name != "origin"
    }
    return replace(old, **taken)


def _mixed(old: Any, new: Any, chosen: Collection[Path], path: Path) -> Any:
    if isinstance(old, OPENED) and type(old) is type(new):
        return mixed(old, new, chosen, path)
    if _is_table(old) or _is_table(new):
        return _mixed_rows(old, new, chosen, path)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _mixed_map(old, new, chosen, path)
    return new if path in chosen or any(each[: len(path)] == path for each in chosen) else old


def _mixed_map(old: Mapping[Any, Any], new: Mapping[Any, Any], chosen: Collection[Path], path: Path) -> Any:
    found = {}
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if isinstance(one, Mapping) or isinstance(other, Mapping):
            found[key] = _mixed_map(one or {}, other or {}, chosen, (*path, key))
            continue
        source = new if (*path, key) in chosen else old
        if key in source:
            found[key] = source[key]
    return found


def _mixed_rows(old: Any, new: Any, chosen: Collection[Path], path: Path) -> tuple[Any, ...]:
    before = keyed(old if isinstance(old, tuple) else ())
    after = keyed(new if isinstance(new, tuple) else ())
    order = list(after if (*path, ORDER) in chosen else before)
    for number, key in enumerate(after):
        if key not in before and (*path, key) in chosen and key not in order:
            follows = [order.index(each) for each in list(after)[:number] if each in order]
            order.insert(max(follows, default=-1) + 1, key)
    kept = {key: (after if (*path, key) in chosen else before).get(key) for key in order}
    if (*path, ORDER) in chosen:
        kept |= {key: before[key] for key in before if key not in after and (*path, key) not in chosen}
    return tuple(row for row in kept.values() if row is not None)
