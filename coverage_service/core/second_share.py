"""What the wording of a second plan's row may ask of the patient, were it the only plan."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from coverage_service.core.benefits import alternatives_in, named_limit, readings_of, steps_of
from coverage_service.core.cost_sharing import CostSharing
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.terms import Step
from coverage_service.core.unknowns import HIGH, LOW


class Share(NamedTuple):
    """One thing that a second plan's wording may ask of the patient, alone."""

    steps: tuple[Step, ...] = ()
    limit: str | None = None
    text: str = ""
    bottomless: bool = False


def shares_of(sharing: CostSharing) -> tuple[Share, ...]:
    """Every reading of a wording, with each alternative and both ends of what is open in it.

    A wording that nobody knows may ask for nothing; a plan that does not cover asks for no share.
    """
    if sharing is UNKNOWN:
        return (Share(text="unknown"),)
    found: dict[tuple[Step, ...], Share] = {}
    for reading in readings_of(sharing):
        text = ", ".join(phrase.text or phrase.kind.value for phrase in reading)
        choices = alternatives_in(reading) or (text,)
        open = any(isinstance(phrase.amount, Unknown) for phrase in reading)
        for choice, end in product(range(len(choices)), (LOW, HIGH)):
            steps = steps_of(reading, {"cost_share:choice": choice, "cost_share": end})
            found.setdefault(steps, Share(steps, named_limit(reading), choices[choice], open))
    return tuple(found.values())
