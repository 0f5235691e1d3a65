"""Other expected care beside a second plan: what it may use of that plan's limits, at the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coverage_service.core.limit_terms import Key
from coverage_service.core.plan import DEDUCTIBLE
from coverage_service.core.request import OtherCare
from coverage_service.core.terms import Guarded, Line, Op, Slot, Step
from coverage_service.core.unknowns import Variable

COUNTED = Variable("second_plan:other_care", 2, labels=("other care uncounted", "other care counted"))
"""Nobody says by which rows a second plan prices other care, or whether it sees it."""


def counting(
    slots: Sequence[Slot], others: Sequence[OtherCare], keys: Sequence[Key], base: int, deductible: int
) -> tuple[Slot, ...]:
    """Visits of other care of which a second plan counts every cent, and takes as a copay of the day.

    ``keys`` are its limits, the first of them at ``base``; ``deductible`` is the place of the one that
    the therapy uses, -1 for none.  What a visit costs stays as it is.
    """
    deductibles = tuple([base + place for place, key in enumerate(keys) if key[1] == DEDUCTIBLE])
    maxima = tuple([base + place for place, key in enumerate(keys) if key[1] != DEDUCTIBLE])

    def seen(line: Line, other: OtherCare) -> Line:
        return Line(
            cpt=line.cpt,
            billed=other.allowed,
            allowed=other.allowed,
            steps=(Step(int(Op.COPAY), other.allowed, toward=1),),
            deductible=base + deductible if deductible >= 0 else -1,
            deductible_credits=deductibles,
            out_of_pocket_credits=maxima,
            clinician=line.clinician,
            family_member=line.family_member,
        )

    return tuple(
        [
            tuple([Guarded(guards, _with(line, seen(line, other))) for guards, line in slot])
            for slot, other in zip(slots, others, strict=True)
        ]
    )


def _with(line: Line, second: Line) -> Line:
    return replace(line, secondary=second) if line.covered else line
