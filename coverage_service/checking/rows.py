"""Every row of the rules that a test can touch: what it is, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from coverage_service.checking.asked import Library
from coverage_service.checking.places import entry_nodes, line_of
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.liability import (
    AUTHORIZATION,
    CODE,
    CREDENTIAL,
    DIAGNOSIS,
    EXCLUSION,
    MODALITY,
    REFERRAL,
)
from coverage_service.core.plan import AllowedAmount, Coverage, Plan
from coverage_service.core.reference import NATIONAL, FeeSchedule
from coverage_service.core.therapist import Sliding, Therapist
from coverage_service.rulebook.files import Files
from coverage_service.rulebook.nodes import Fields

Key = tuple[str, str]
"""The place of an entry, and the path of a row inside it."""
FIELDS: Final = (
    "associates", "prior_authorization", "referral", "telehealth", "licensed_where_patient_is",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a rule file.  ``place``: file and line."""

    key: Key
    entry: str
    what: str
    place: str

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.place.rpartition(":")[0]


def rows_of(library: Library, files: Files) -> tuple[Row, ...]:
    """Every row of every plan and practice, and of the fee schedules that one of them names."""
    nodes = entry_nodes(files)
    found: list[Row] = []
    for dated in library.plans.values():
        for plan in dated:
            found += _rows(plan.id, plan.origin.place, _of_plan(plan), nodes)
    for practices in library.therapists.values():
        for practice in practices:
            found += _rows(practice.id, practice.origin.place, _of_practice(practice), nodes)
    for schedule in _named_schedules(library):
        found += _rows(schedule.id, schedule.origin.place, _of_schedule(schedule), nodes)
    return tuple(sorted(found, key=lambda row: (row.file, int(row.place.rpartition(":")[2]), row.what)))


def _rows(
    entry: str, place: str, named: Iterator[tuple[str, str]], nodes: Mapping[str, Fields]
) -> Iterator[Row]:
    file, _, first = place.rpartition(":")
    for path, what in named:
        line = line_of(nodes.get(place), path)
        yield Row((place, path), entry, what, f"{file}:{line if line is not None else first}")


def _of_plan(plan: Plan) -> Iterator[tuple[str, str]]:
    for index, row in enumerate(plan.benefits):
        where = (row.service, row.network, row.modality, row.tier, *row.licences)
        first = f"first {row.visits.visits} of {row.visits.pool}" if row.visits else None
        yield f"benefits.{index}", f"benefit {', '.join(str(x) for x in (*where, first) if x)}"
    for index, limit in enumerate(plan.visit_limits):
        yield f"visit_limits.{index}", f"visit limit of {', '.join(limit.services)}"
    for path, what in of_coverage(plan.coverage):
        yield f"coverage.{path}", what


def of_coverage(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """The rows of ``coverage`` that some session may meet: path inside it, and what it is."""
    for each in coverage.exclusions:
        yield f"exclusions.{each.name}", f"exclusion {each.name}"
    for index, row in enumerate(coverage.diagnoses):
        codes = f" with {', '.join(row.codes)}" if row.codes else ""
        yield f"diagnoses.{index}", f"diagnosis {row.match}{codes}"
    if coverage.licences is not None:
        yield "licences", "licences that are paid"
    for name in FIELDS:
        if getattr(coverage, name) is not None:
            yield name, name.replace("_", " ")
    for code in coverage.codes:
        yield f"codes.{code}", f"code {code}"
    for ground in coverage.liability:
        if may_refuse(coverage, ground):
            yield f"liability.{ground}", f"liability for a denial by {ground.replace('_', ' ')}"


def may_refuse(coverage: Coverage, ground: str) -> bool:
    """Whether the plan can refuse a session on this ground, or leave open that it does."""
    needed = {AUTHORIZATION: coverage.prior_authorization, REFERRAL: coverage.referral}
    if ground in needed:
        return needed[ground] in (True, UNKNOWN)
    if ground == MODALITY:
        return coverage.telehealth in (False, UNKNOWN)
    if ground == CREDENTIAL:
        return coverage.licences is not None or coverage.associates is not True
    return ground in (EXCLUSION, DIAGNOSIS, CODE)


def _of_practice(practice: Therapist) -> Iterator[tuple[str, str]]:
    for index, fee in enumerate(practice.fees):
        longer = f" from {fee.from_minutes} minutes" if fee.from_minutes else ""
        yield f"fees.{index}", f"fee {fee.cpt}{longer}"
    scale = practice.sliding
    if not isinstance(scale, Sliding):
        return
    for index in range(len(scale.bands)):
        yield f"sliding.bands.{index}", f"band {index + 1} of the scale"
    if scale.bands:
        yield "sliding.above", "above the last band of the scale"
    else:
        yield "sliding", f"scale {scale.model}"


def _named_schedules(library: Library) -> Iterator[FeeSchedule]:
    plans = (plan for dated in library.plans.values() for plan in dated)
    named = {
        way.schedule for plan in plans for way in plan.allowed.values() if isinstance(way, AllowedAmount)
    }
    for practices in library.therapists.values():
        named |= {x.contract for one in practices for x in one.networks if isinstance(x.contract, str)}
    schedules = library.reference.schedules
    yield from (
        schedules[name] for name in sorted(x for x in named if isinstance(x, str)) if name in schedules
    )


def _of_schedule(schedule: FeeSchedule) -> Iterator[tuple[str, str]]:
    """Each code's national rate, each further locality, each share of a licence."""
    for locality, rates in schedule.rates.items():
        if locality == NATIONAL:
            yield from ((f"rates.{NATIONAL}.{code}", f"rate {code}") for code in rates)
        else:
            yield f"rates.{locality}", f"rates in {locality}"
    for licence in schedule.licence_percent:
        yield f"licence_percent.{licence}", f"share of {licence}"
