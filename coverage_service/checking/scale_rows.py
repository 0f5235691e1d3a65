"""Which fees and bands of a practice decided what a test compares."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_service.checking.figures import Found
from coverage_service.checking.rows import Key
from coverage_service.core import income_scale
from coverage_service.core.answer import Note
from coverage_service.core.guideline_scale import AREAS, guideline_cents
from coverage_service.core.income_scale import Incomes, Span, incomes
from coverage_service.core.money import WHOLE
from coverage_service.core.priced import Facts
from coverage_service.core.pricing import fee_of
from coverage_service.core.therapist import Sliding, Therapist
from coverage_service.core.way import SLIDING_FEE
from coverage_service.rulebook.cases import Case

ANY_FEE = Span(None, None)
TO_FULL = frozenset({"not_on_scale", "slot_unknown", "no_open_slot"})
"""Notes of a scale whose answer is, or may be, the full fee."""


def scale_rows(facts: Facts, case: Case, found: Found) -> Iterator[Key]:
    """The fee of each code where it was asked, the bands that hold the income."""
    practice = facts.therapist
    if practice is None:
        return
    place, scale = practice.origin.place, practice.sliding
    codes = dict.fromkeys(code for position in facts.course.positions for code in position.codes)
    on_scale = found.pathway == SLIDING_FEE and isinstance(scale, Sliding)
    notes = _notes(found) if on_scale else {}
    for code in codes:
        bands = [] if "not_on_scale" in notes or not on_scale else list(_bands(facts))
        yield from ((place, path) for path in bands)
        asked = not on_scale or case.expect.full_fee is not None
        if asked or TO_FULL & notes.keys() or _takes_full(practice, bands):
            fee = fee_of(practice, code, facts.request.care.minutes)
            yield from ((place, f"fees.{index}") for index, each in enumerate(practice.fees) if each is fee)


def _notes(found: Found) -> dict[str, Note]:
    [way] = [way for way in found.answer.pathways if way.id == found.pathway]
    return {note.code: note for note in way.reasons}


def _takes_full(practice: Therapist, bands: list[str]) -> bool:
    """Whether a band's fee is, or is reckoned from, the full fee."""
    scale = practice.sliding
    assert isinstance(scale, Sliding)
    full = [f"sliding.bands.{i}" for i, band in enumerate(scale.bands) if band.fee is None]
    if scale.above is None:
        full.append("sliding.above")
    return bool(set(full) & set(bands)) or (not scale.bands and scale.maximum is None and scale.fee is None)


def _bands(facts: Facts) -> Iterator[str]:
    """The paths of the bands that hold the household's income."""
    practice, household = facts.therapist, facts.request.household
    scale = practice.sliding if practice else None
    assert isinstance(scale, Sliding)
    if not scale.bands:
        yield "sliding"
        return
    possible: Incomes = incomes(household.income)
    for guideline in _guidelines(facts, scale):
        reaches = income_scale.of_bands(scale.bands, scale.above, ANY_FEE, guideline)
        for index in income_scale.reached(reaches, possible):
            yield f"sliding.bands.{index}" if index < len(scale.bands) else "sliding.above"


def _guidelines(facts: Facts, scale: Sliding) -> list[int]:
    """Cents of each guideline that may hold; of income bands, which need none, a whole."""
    if scale.guideline_year is None:
        return [WHOLE]
    household = facts.request.household
    areas = (household.area,) if household.area else AREAS
    known = [facts.reference.guidelines.get((scale.guideline_year, area)) for area in areas]
    return [guideline_cents(each, household.size or 1) for each in known if each]
