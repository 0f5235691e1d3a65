"""What the wording of a row may ask of the patient, where no run has to agree with the therapy's own."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from coverage_service.core.benefits import (
    Reading,
    alternatives_in,
    named_limit,
    per_day,
    readings_of,
    steps_of,
)
from coverage_service.core.cost_sharing import CostSharing, NotCovered
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.terms import Step
from coverage_service.core.unknowns import HIGH, LOW


class Share(NamedTuple):
    """One thing that a wording may ask of the patient: a reading, and its steps at one of its amounts."""

    reading: Reading = ()
    steps: tuple[Step, ...] = ()
    text: str = ""
    bottomless: bool = False


def shares_of(sharing: CostSharing) -> tuple[Share, ...]:
    """Every reading of a wording, with each alternative and both ends of what is open in it.

    A wording that nobody knows may ask for nothing; a plan that does not cover asks for no share.
    """
    if sharing is UNKNOWN:
        return (Share(text="unknown"),)
    found: dict[tuple[object, ...], Share] = {}
    for reading in readings_of(sharing):
        text = ", ".join(phrase.text or phrase.kind.value for phrase in reading)
        choices = alternatives_in(reading) or (text,)
        open = any(isinstance(phrase.amount, Unknown) for phrase in reading)
        for choice, end in product(range(len(choices)), (LOW, HIGH)):
            steps = steps_of(reading, {"cost_share:choice": choice, "cost_share": end})
            key = (steps, named_limit(reading), per_day(reading))
            found.setdefault(key, Share(reading, steps, choices[choice], open))
    return tuple(found.values())


def texts_of(cost_sharing: CostSharing) -> list[list[str]]:
    """The phrases of each reading as a document words them; none for one that nobody knows."""
    if isinstance(cost_sharing, NotCovered):
        return [[cost_sharing.value]]
    return [[p.text or p.kind.value for p in reading] for reading in readings_of(cost_sharing)]
