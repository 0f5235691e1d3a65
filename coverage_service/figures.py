"""Which figures of an estimate hang on which open question; the faces that tell it in words share this."""

from __future__ import annotations

from collections.abc import Collection

from coverage_service.core.answer import Estimate, OpenQuestion, Pathway
from coverage_service.core.priced import REFUSED

COVERAGE = frozenset(
    {
        "coverage", "dx_coverage", "dx_billing", "exclusions", "couple_code", "credential", "licence",
        "associates", "supervised", "licensed_in", "client_state", "modality", "long_session", "telehealth",
        "auth", "auth_obtained", "referral", "referral_obtained",
    }
)  # fmt: skip
"""The questions of the coverage gate."""
OUTSIDE = frozenset({"oop_remaining", "oon_oop_remaining", "network_status"})
"""Questions that move no end of one pathway's range: they are told beside it."""
MAXIMUMS = frozenset({"oop_remaining", "oon_oop_remaining"})
"""The questions on what is left of an out-of-pocket maximum."""
OF_REFUSALS = frozenset({"not_covered_rate", "denial_liability"})
"""Questions about what is owed for a session that the plan refuses."""
AS_CASES = COVERAGE | OF_REFUSALS
"""Questions whose answers a text tells apart as covered and not covered: each case is exact by itself."""
WIDE = 10_000
"""From this many cents between the ends on, the text says why a range is wide."""


def touches(unknown: OpenQuestion, pathway: str) -> bool:
    """Whether an open question may move a pathway's figures."""
    return unknown.swings.get(pathway, 0) != 0


def moving_of(found: Estimate, pathway: Pathway) -> list[OpenQuestion]:
    """The open questions that may move a pathway's figures: those that touch it."""
    return [each for each in found.unknowns if each.swings.get(pathway.id, 0) != 0]


def is_open(found: Estimate, pathway: Pathway, aside: Collection[str] = ()) -> bool:
    """Whether an open question, but for those told ``aside``, moves a pathway's figures."""
    return any(touches(each, pathway.id) and each.id not in aside for each in found.unknowns)


def beside_range(found: Estimate) -> frozenset[str]:
    """The questions on a maximum that may be reached already: what that saves is in no range.

    Every run takes as used of it what is used of the deductible, since nobody said more.
    """
    assumed = any(note.code == "oop_from_deductible" for note in found.assumptions)
    return MAXIMUMS if assumed else frozenset()


def left_of(limit: object, used: object) -> int | None:
    """Cents left of a limit; None where the limit or what is used of it is not known."""
    return max(limit - used, 0) if isinstance(limit, int) and isinstance(used, int) else None


def settles(unknown: OpenQuestion, pathway: Pathway) -> bool:
    """Whether a question is about coverage on this pathway."""
    return unknown.id in COVERAGE and pathway.id in unknown.swings


def settling(found: Estimate, pathway: Pathway) -> list[OpenQuestion]:
    """The open questions about coverage on this pathway: one alone settles it, several only together."""
    return [each for each in found.unknowns if settles(each, pathway)]


def widest(found: Estimate, pathway: Pathway) -> OpenQuestion | None:
    """The question that mostly makes a pathway's first range wide; None where it is not wide."""
    window = pathway.scenarios[0].windows[-1] if pathway.scenarios else None
    if window is None or window.low is None or window.high is None or window.high - window.low < WIDE:
        return None
    aside = OUTSIDE | (OF_REFUSALS if pathway.scenarios[0].name != REFUSED else frozenset())
    moving = [u for u in found.unknowns if touches(u, pathway.id) and u.id not in aside]
    return next((u for u in moving if not settles(u, pathway)), None)
