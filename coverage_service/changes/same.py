"""Which estimates need not be computed twice: equal facts give equal figures.

Two requests are the same when every fact in them is.  The reference data is shared by all,
so it is watched: an estimate that never looks at what differs in it cannot change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from coverage_service.changes.units import plain
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request

SAID: Final = tuple(
    field.name for field in fields(Request) if field.name not in ("plan", "therapist", "eap", "secondary")
)
"""What a request says itself."""


class Facts:
    """Compares facts without their places; what was compared is remembered, so it must live on."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._tables: dict[tuple[int, int], Differing] = {}
        self._kept: list[Any] = []

    def same(self, old: Any, new: Any) -> bool:
        """Whether two entries, or tuples of entries, say the same."""
        if old is new:
            return True
        key = (id(old), id(new))
        if key not in self._known:
            self._kept.append((old, new))
            self._known[key] = old == new or plain(old) == plain(new)
        return self._known[key]

    def differing(self, old: Reference, new: Reference) -> Differing:
        """In what two states of the reference data differ; nothing when they say the same."""
        key = (id(old), id(new))
        if key not in self._tables:
            self._kept.append((old, new))
            self._tables[key] = _differing(old, new) if old is not new else {}
        return self._tables[key]

    def same_request(self, old: Request, new: Request) -> bool:
        """Whether two requests say the same, the plans and practices in them included."""
        if not (self.same(old.plan, new.plan) and self.same(old.therapist, new.therapist)):
            return False
        for one, two in ((old.eap, new.eap), (old.secondary, new.secondary)):
            if (one is None) != (two is None):
                return False
            if one and two and not (self.same(one.entries, two.entries) and one.used == two.used):
                return False
        return all(getattr(old, name) == getattr(new, name) for name in SAID)


class Watched(Mapping[Any, Any]):
    """A table of the reference data that tells when something that differs in it is looked at."""

    def __init__(self, table: Mapping[Any, Any], differing: frozenset[Any], seen: list[Any]) -> None:
        self._table, self._differing, self._seen = table, differing, seen

    def __getitem__(self, key: Any) -> Any:
        if key in self._differing:
            self._seen.append(key)
        return self._table[key]

    def __iter__(self) -> Iterator[Any]:
        self._seen.append(None)
        return iter(self._table)

    def __len__(self) -> int:
        self._seen.append(None)
        return len(self._table)


Differing = Mapping[str, frozenset[Any]]
"""The tables of the reference data that are not the same, with the keys in which they differ."""


def watched(old: Reference, differing: Differing, seen: list[Any]) -> Reference:
    """The old reference data; ``seen`` grows whenever something that differs is read."""
    tables = {name: Watched(getattr(old, name), keys, seen) for name, keys in differing.items()}
    return replace(old, **tables) if tables else old


def _differing(old: Reference, new: Reference) -> Differing:
    found = {}
    for field in fields(old):
        one, two = getattr(old, field.name), getattr(new, field.name)
        if one is two or one == two:
            continue
        keys = frozenset(
            k for k in {*one, *two} if k not in one or k not in two or plain(one[k]) != plain(two[k])
        )
        order = [k for k in one if k in two] != [k for k in two if k in one]
        if keys or order:
            found[field.name] = keys
    return found
