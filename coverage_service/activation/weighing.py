"""What an activation changed for the estimates: a summary that is kept beside its record.

Made after the rules are in force, since nobody should wait for it to undo a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from coverage_service.activation.archive import Archive, Damaged
from coverage_service.activation.records import Activation
from coverage_service.changes.impact import impact
from coverage_service.changes.result import Impact
from coverage_service.sources import Sources, current

SIZE: Final = 500
"""Generated requests, besides the tests of the rule files; `rules diff` asks more."""
MOST_CHANGES: Final = 20


def weigh(archive: Archive, activation: Activation) -> Mapping[str, Any] | None:
    """The summary of an activation, made and kept if it is not there; None for the first of all."""
    if activation.impact is not None:
        return activation.impact
    before = archive.activation(activation.number - 1)
    old = _sources(archive, before) if before else None
    new = _sources(archive, activation) if old else None
    if old is None or new is None:
        return None
    today = datetime.now(UTC).date()
    found = summary(impact(old, new, today, files=archive.files_of(activation), size=SIZE))
    archive.set_impact(activation.number, found)
    return found


def summary(found: Impact) -> Mapping[str, Any]:
    """An impact in a few figures and sentences; amounts are cents with their sign."""
    told = [each for each in found.changes if each.amounts] or list(found.changes)
    return {
        "as_of": found.as_of.isoformat(),
        "compared": found.compared,
        "changed": found.changed,
        "median_course_cents": found.median_course,
        "largest_course_cents": found.largest.moved.by if found.largest else None,
        "changes": [each.sentence for each in told[:MOST_CHANGES]],
        "more_changes": len(found.changes) - len(told[:MOST_CHANGES]),
    }


def _sources(archive: Archive, activation: Activation) -> Sources | None:
    try:
        return current(archive.files_of(activation)).sources
    except Damaged:
        return None
