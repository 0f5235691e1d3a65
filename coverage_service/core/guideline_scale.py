"""Sliding scales whose bands end at shares of the federal poverty guideline.

The year is the one that the practice states; a year that is not in the reference data is
said to be missing, and the whole scale stays possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from coverage_service.core import income_scale as scales
from coverage_service.core.answer import Note
from coverage_service.core.income_scale import Asked, Found, by_income
from coverage_service.core.reference import PovertyGuideline
from coverage_service.core.request import Household
from coverage_service.core.therapist import Band

AREAS: Final = ("48", "AK", "HI")
ALL_OF_THE_GUIDELINE: Final = 10_000
"""100 % in basis points: up to here a health centre asks at most its nominal charge."""


def guideline_cents(guideline: PovertyGuideline, size: int) -> int:
    """The poverty guideline of a household of any size, also above 8."""
    return guideline.first_person + (size - 1) * guideline.each_more


def fpl_bands(asked: Asked) -> Found:
    """Bands that end at a share of the poverty guideline of the year that the practice uses."""
    return _on_guideline(asked, asked.scale.bands)


def health_centre(asked: Asked) -> Found:
    """A health centre's bands, with its nominal charge up to 100 % of the guideline."""
    bands, nominal = asked.scale.bands, asked.scale.fee
    if nominal is not None and not (bands and bands[0].up_to <= ALL_OF_THE_GUIDELINE):
        bands = (Band(ALL_OF_THE_GUIDELINE, fee=nominal), *bands)
    return _on_guideline(asked, bands)


def _on_guideline(asked: Asked, bands: tuple[Band, ...]) -> Found:
    """The fee by household size and area; an area nobody named is any of the three."""
    size, year = asked.household.size, asked.scale.guideline_year
    known = [asked.reference.guidelines.get((year or "", area)) for area in _areas(asked.household)]
    guidelines = [each for each in known if each]
    if size is None or len(guidelines) < len(known):
        anyone = scales.in_reach(scales.of_bands(bands, asked.scale.above, asked.full), scales.ANY_INCOME)
        found = by_income(asked, anyone)
        missing = [] if len(guidelines) == len(known) else [_no_guideline(asked)]
        ids = [*found.ids, *(["household_size"] if size is None else []), *(["sliding"] if missing else [])]
        return Found(anyone, (*found.notes, *missing), tuple(ids))
    return _sized(asked, bands, guidelines, size)


def _sized(asked: Asked, bands: tuple[Band, ...], guidelines: list[PovertyGuideline], size: int) -> Found:
    possible = scales.incomes(asked.household.income)
    fees = [
        scales.in_reach(
            scales.of_bands(bands, asked.scale.above, asked.full, guideline_cents(each, size)),
            possible,
        )
        for each in guidelines
    ]
    found = by_income(asked, scales.join(fees))
    area = ("household_area",) if len(set(fees)) > 1 else ()
    notes = [_guideline_used(each, size) for each in guidelines] + list(_older(asked))
    return Found(found.fee, (*found.notes, *notes), (*found.ids, *area))


def _areas(household: Household) -> tuple[str, ...]:
    return (household.area,) if household.area else AREAS


def _no_guideline(asked: Asked) -> Note:
    params = {"year": asked.scale.guideline_year, "area": asked.household.area}
    return Note("guideline_missing", params, asked.scale.origin)


def _guideline_used(guideline: PovertyGuideline, size: int) -> Note:
    cents = guideline_cents(guideline, size)
    params = {"year": guideline.year, "area": guideline.area, "size": size, "cents": cents}
    return Note("guideline_used", params, guideline.origin)


def _older(asked: Asked) -> Iterator[Note]:
    """A scale may use last year's guideline for months; that it does is said."""
    year = asked.scale.guideline_year or ""
    if year < str(asked.on.year):
        yield Note("older_guideline", {"year": year, "now": str(asked.on.year)}, asked.scale.origin)
