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


MOST_KINDS: Final = 500
"""Tiers times licences that rows may name before the sessions are too many to go through."""


class Space:
    """All the sessions that the benefit rows of one plan can tell apart; ``cells``: those of each row."""

    def __init__(self, rows: Sequence[Benefit], reference: Reference) -> None:
        self.reference = reference
        self.tiers = (*sorted({row.tier for row in rows if row.tier}), OTHER)
        self.licences = (*sorted({name for row in rows for name in row.licences}), OTHER)
        known = len(self.tiers) * len(self.licences) <= MOST_KINDS
        self.cells = [self._cells(row) for row in rows] if known else []

    def _cells(self, row: Benefit) -> frozenset[Cell]:
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
    return bool(space.cells[0] & space.cells[1])


def covers(one: Benefit, other: Benefit, reference: Reference) -> bool:
    """Whether an earlier row alone fits whatever a later one fits."""
    if one.network not in (None, other.network) or one.modality not in (None, other.modality):
        return False
    if one.tier not in (None, other.tier):
        return False
    if one.licences and not (other.licences and set(other.licences) <= set(one.licences)):
        return False
    if one.visits is not None and not outlasts(one, other):
        return False
    return one.service == other.service or one.service in reference.ancestors.get(other.service, ())


def outlasts(one: Benefit, other: Benefit) -> bool:
    """Whether a row of first visits still holds whenever another one does."""
    if one.visits is None or other.visits is None:
        return False
    return other.visits.pool == one.visits.pool and other.visits.visits <= one.visits.visits


def diagnosis_covers(one: DiagnosisRule, other: DiagnosisRule) -> bool:
    """Whether every line that fits the other row fits this one."""
    codes = not one.codes or bool(other.codes and set(other.codes) <= set(one.codes))
    return codes and overlap(one.match, other.match) == "all"


def diagnoses_meet(one: DiagnosisRule, other: DiagnosisRule) -> bool:
    """Whether some line fits both rows."""
    codes = not one.codes or not other.codes or bool(set(one.codes) & set(other.codes))
    return codes and overlap(one.match, other.match) != "none"
