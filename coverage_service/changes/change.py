"""One change of a fact, as plain data and as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
RENAMED: Final = "renamed"
MOVED: Final = "moved"
PLAN, THERAPIST, SCHEDULE, REFERENCE, QUESTIONS, TEST = (
    "plan",
    "therapist",
    "fee_schedule",
    "reference",
    "questions",
    "test",
)
PARTS: Final = (PLAN, THERAPIST, SCHEDULE, REFERENCE, QUESTIONS, TEST)
FIGURES: Final = (PLAN, THERAPIST, SCHEDULE, REFERENCE)
"""The parts of the rules that amounts are computed from."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not the same in two versions of the rules.

    ``kind``: added | removed | changed | renamed | moved.  ``part``: what the fact belongs to,
    one of ``PARTS``; ``id`` and ``name`` tell which one.  ``what`` names the fact, ``old`` and
    ``new`` are its values as a biller would print them (None: there is none).  ``starts`` and
    ``until`` are set where the change does not hold at all times.  ``place`` is ``file:line``
    in the new rules, or in the old ones for what was removed.  ``amounts`` is false for what no
    amount is computed from: sources, wordings, tests.  ``units`` are the units it is made of.
    """

    kind: str
    part: str
    id: str
    name: str
    what: str
    old: str | None = None
    new: str | None = None
    starts: date | None = None
    until: date | None = None
    place: str = ""
    amounts: bool = True
    units: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    @property
    def text(self) -> str:
        """``copay for in-network visits $30 → $40 from 2027-01-01``."""
        said = f"{self.what}{_values(self)}".strip()
        if self.starts is not None:
            said += f" from {self.starts}"
        if self.until is not None:
            said += f" to {self.until}"
        return said

    def where(self, old: Callable[[str], str] = str, new: Callable[[str], str] = str) -> str:
        """The place, as either side's rules are opened; what was removed stood there ``before``."""
        if not self.place:
            return ""
        return f"before: {old(self.place)}" if self.kind == REMOVED else new(self.place)

    @property
    def sentence(self) -> str:
        """The whole of it: ``Example PPO: copay … $30 → $40 (rules/payers/example-ppo.yaml:31)``."""
        place = f" ({self.where()})" if self.place else ""
        return f"{self.name or self.id}: {self.text}{place}"

    def as_json(self) -> dict[str, Any]:
        """The change with the keys that ``rules diff --json`` promises."""
        names = ("kind", "part", "id", "name", "what", "old", "new")
        said: dict[str, Any] = {name: getattr(self, name) for name in names}
        said |= {"from": self.starts, "until": self.until, "place": self.place or None}
        return said | {"amounts": self.amounts, "text": self.text}


def _values(change: Change) -> str:
    if change.kind in (ADDED, REMOVED):
        value = change.new if change.kind == ADDED else change.old
        return f" {change.kind}: {value}" if value else f" {change.kind}"
    if change.old is None and change.new is None:
        return {MOVED: " in another order", RENAMED: " renamed"}.get(change.kind, " changed")
    return f" {change.old or 'nothing'} → {change.new or 'nothing'}"
