"""What a benefit row or a diagnosis row fits, as sets: which rows meet, cover, or leave something out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, NamedTuple

from coverage_service.core.codes import overlap
from coverage_service.core.cost_sharing import Benefit
from coverage_service.core.plan import DiagnosisRule
from coverage_service.core.reference import Reference

OTHER: Final = ""
"""A tier or licence that no row of the plan names."""
NETWORKS: Final = ("in", "out")
MODALITIES: Final = ("in_person", "telehealth")


class Cell(NamedTuple):
    """One kind of session as far as rows can tell it apart."""

    code: str
    network: str
    modality: str
    tier: str
    licence: str


class Space:
    """All the sessions that the benefit rows of one plan can tell apart."""

    def __init__(self, rows: Sequence[Benefit], reference: Reference) -> None:
        self.reference = reference
        self.tiers = (*sorted({row.tier for row in rows if row.tier}), OTHER)
        self.licences = (*sorted({name for row in rows for name in row.licences}), OTHER)

    def cells(self, row: Benefit) -> frozenset[Cell]:
        """The sessions that a row fits, visits aside."""
        return frozenset(
            Cell(*each)
            for each in product(
                self.codes(row.service),
                (row.network,) if row.network else NETWORKS,
                (row.modality,) if row.modality else MODALITIES,
                (row.tier,) if row.tier else self.tiers,
                row.licences or self.licences,
            )
        )

    def codes(self, service: str) -> Iterable[str]:
        """The procedure codes of a service; a service without codes stands for itself."""
        below = [name for name, above in self.reference.ancestors.items() if service in above]
        bare = [name for name in (service, *below) if not self.reference.services.get(name)]
        return (*sorted(self.reference.services.get(service, ())), *bare)


def differ(one: Benefit, other: Benefit) -> bool:
    """Whether it matters which of two rows is used."""
    return (one.cost_sharing, one.visits) != (other.cost_sharing, other.visits)


def rows_meet(one: Benefit, other: Benefit, reference: Reference) -> bool:
    """Whether some session fits both rows."""
    space = Space((one, other), reference)
    return bool(space.cells(one) & space.cells(other))


def diagnosis_covers(one: DiagnosisRule, other: DiagnosisRule) -> bool:
    """Whether every line that fits the other row fits this one."""
    codes = not one.codes or bool(other.codes and set(other.codes) <= set(one.codes))
    return codes and overlap(one.match, other.match) == "all"


def diagnoses_meet(one: DiagnosisRule, other: DiagnosisRule) -> bool:
    """Whether some line fits both rows."""
    codes = not one.codes or not other.codes or bool(set(one.codes) & set(other.codes))
    return codes and overlap(one.match, other.match) != "none"
