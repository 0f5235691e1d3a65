"""What estimates for one client have in common, whoever treats."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from coverage_service.core.findings import Findings

T = TypeVar("T")


class Shared:
    """What follows from the client and the plan alone, made once for every therapist asked about.

    It belongs to one answer and goes with it: nothing about a client outlives that.  A key
    names all that differs between therapists and is read by what is made.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[Any, Findings]] = {}

    def once(self, key: Hashable, findings: Findings, make: Callable[[Findings], T]) -> T:
        """What ``make`` finds; each estimate is told the facts it found out on the way."""
        found = self._made.get(key)
        if found is None:
            told = Findings()
            found = self._made[key] = make(told), told
        findings.add(found[1])
        value: T = found[0]
        return value
