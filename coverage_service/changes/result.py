"""The impact of a change of the rules, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from coverage_service.changes.change import Change
from coverage_service.changes.moved import Moved

FORMAT: Final = 1
"""The version of the JSON shape; keys are only ever added within one."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One estimate that changed: what was asked, how it moved, and what moved it.

    ``causes`` are indexes into the changes; empty when this estimate was not looked into.
    """

    kind: str
    name: str
    plan: str
    therapist: str
    moved: Moved
    causes: tuple[int, ...] = ()

    def as_json(self) -> Json:
        """Cents of the whole course on the way to pay on which it changed most."""
        went = self.moved
        said: Json = {"kind": self.kind, "name": self.name, "plan": self.plan or None}
        said |= {"therapist": self.therapist or None, "way": went.way, "old_cents": went.old}
        said |= {"new_cents": went.new, "by_cents": went.by, "session_by_cents": went.session}
        return said | {"became": list(went.became), "causes": list(self.causes)}


@dataclass(frozen=True, slots=True)
class Group:
    """Estimates that have something in common: how many were asked for, how many changed.

    ``median`` and ``largest``: cents of the whole course with their sign, None when no amount
    moved.
    """

    name: str
    asked: int
    changed: int
    median: int | None = None
    largest: int | None = None

    def as_json(self) -> Json:
        """The group with money in cents."""
        return {
            "name": self.name,
            "asked": self.asked,
            "changed": self.changed,
            "median_cents": self.median,
            "largest_cents": self.largest,
        }


@dataclass(frozen=True, slots=True)
class Moving:
    """What one change moves.  ``change``: its index; ``alone``: estimates it moves by itself;
    ``together``: those it moves only with others.  ``median`` and ``largest`` are of ``alone``.
    """

    change: int
    alone: int
    together: int
    median: int | None
    largest: int | None

    def as_json(self) -> Json:
        """The counts with money in cents."""
        said: Json = {"change": self.change, "alone": self.alone, "together": self.together}
        return said | {"median_cents": self.median, "largest_cents": self.largest}


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change of the rules does to estimates asked for on ``as_of``.

    ``asked``: requests tried; ``compared``: those that both versions answer.  Of these ``twice``
    were estimated under both, ``once`` under the old rules alone since they read nothing that
    differs, ``equal`` not at all since every fact in them is the same.  ``changed``: estimates
    in which any figure differs; ``became``: how many turned known, unknown, possible,
    impossible.  ``median_session`` (next session) and ``median_course`` (whole course) are
    cents with their sign over estimates whose amount moved.  ``only_old`` and ``only_new``:
    requests that one side alone answers.  ``causes``: what each change moves; ``unexplained``:
    changed estimates that were not looked into.  ``by_kind``: tests, requests, grid.
    """

    as_of: date
    changes: tuple[Change, ...] = ()
    asked: int = 0
    compared: int = 0
    equal: int = 0
    once: int = 0
    twice: int = 0
    changed: int = 0
    became: Mapping[str, int] = field(default_factory=dict)
    median_session: int | None = None
    median_course: int | None = None
    largest: Example | None = None
    by_kind: tuple[Group, ...] = ()
    by_plan: tuple[Group, ...] = ()
    by_therapist: tuple[Group, ...] = ()
    causes: tuple[Moving, ...] = ()
    unexplained: int = 0
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def largest_cents(self) -> int:
        """The largest change of a course in cents, without its sign; 0 when none moved."""
        return abs(self.largest.moved.by or 0) if self.largest else 0

    @property
    def figures_change(self) -> bool:
        """Whether any estimate differs, or can no longer or only now be given."""
        return bool(self.changed or self.only_old or self.only_new)

    def as_json(self) -> Json:
        """The whole of it under the keys that ``rules diff --json`` promises."""
        names = ("as_of", "asked", "compared", "equal", "once", "twice", "changed", "unexplained")
        said: Json = {"format": FORMAT, "changes": [each.as_json() for each in self.changes]}
        said |= {name: getattr(self, name) for name in names}
        said |= {"became": dict(self.became), "median_session_cents": self.median_session}
        said |= {"median_course_cents": self.median_course}
        said |= {"largest": self.largest.as_json() if self.largest else None}
        said |= {"only_old": list(self.only_old), "only_new": list(self.only_new)}
        lists = ("by_kind", "by_plan", "by_therapist", "causes", "examples")
        return said | {name: [each.as_json() for each in getattr(self, name)] for name in lists}
