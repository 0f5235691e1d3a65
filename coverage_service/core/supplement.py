"""What a supplement pays of a plan's cost sharing, as numbers (``domain`` 2.4 MEDIGAP)."""

from __future__ import annotations

from coverage_service.core.plan import Supplement as Facts
from coverage_service.core.request import Answer
from coverage_service.core.terms import Supplement
from coverage_service.core.unknowns import World


def supplement_terms(pays: Facts, answer: Answer | None, world: World) -> Supplement:
    """The parts that it pays; ``answer``: whether a session counts as an office visit, as told."""
    counts = answer.value is not False if answer else world.get("medigap_visit", 0) == 0
    return Supplement(
        deductible=int("deductible" in pays.pays),
        copay=int("copay" in pays.pays),
        coinsurance=int("coinsurance" in pays.pays),
        excess=int(pays.pays_excess),
        member_keeps=pays.member_keeps_copay if counts else 0,
    )
