"""Procedure, diagnosis, taxonomy and clinician codes: their shape and their time rules.

Codes are text.  A pattern is an exact code, or a prefix that ends in ``*``; there is no
other wildcard.  Nothing here says what a plan covers, and no code is ever recommended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

INTAKE: Final = "90791"
WITHOUT_PATIENT, WITH_PATIENT, MANY_FAMILIES, GROUP = "90846", "90847", "90849", "90853"
RELATIONAL: Final = frozenset({WITHOUT_PATIENT, WITH_PATIENT, MANY_FAMILIES})
"""Codes of a session with a partner or a family: billed for one identified patient."""

_BY_MINUTES: Final = ((53, "90837"), (38, "90834"), (16, "90832"))
_MINUTES_UNKNOWN: Final = ("90834", "90837")
LEAST_MINUTES: Final[Mapping[str, int]] = MappingProxyType(
    {"90832": 16, "90834": 38, "90837": 53, WITHOUT_PATIENT: 26, WITH_PATIENT: 26}
)
"""The fewest minutes for which a procedure code may be billed."""

TELEHEALTH_PLACES: Final = frozenset({"02", "10"})
"""Places of service of a session by video or phone, elsewhere and at home."""

_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?", re.ASCII)
_PATTERN = re.compile(r"\*|[A-Z][0-9A-Z]{0,2}\*|[A-Z][0-9][0-9A-Z]\.[0-9A-Z]{0,4}\*", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_NPI = re.compile(r"[12][0-9]{9}", re.ASCII)
_NPI_PREFIX_SUM: Final = 24
"""What the prefix 80840 of a card number adds to the Luhn sum of an NPI."""

Overlap = Literal["all", "some", "none"]


def matches(pattern: str, code: str) -> bool:
    """Whether ``code`` is the pattern, or begins with it where it ends in ``*``."""
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def overlap(pattern: str, codes: str) -> Overlap:
    """How many of the codes that ``codes`` (a code or a pattern) stands for fit ``pattern``."""
    prefix = codes.removesuffix("*")
    if pattern.endswith("*") and prefix.startswith(pattern[:-1]):
        return "all"
    if codes == prefix:
        return "all" if pattern == codes else "none"
    return "some" if pattern.removesuffix("*").startswith(prefix) else "none"


def procedure_codes(minutes: int | None, format: str | None, patient_present: bool | None) -> tuple[str, ...]:
    """The procedure codes a session may be billed as; empty when it is too short for any.

    ``format``: individual | couple | family | group, None read as individual.  More than
    one code means that the length was not said.
    """
    if format == "group":
        return (GROUP,)
    if format in ("couple", "family") or (format is None and patient_present is False):
        code = WITHOUT_PATIENT if patient_present is False else WITH_PATIENT
        return () if too_short(code, minutes) else (code,)
    if minutes is None:
        return _MINUTES_UNKNOWN
    return tuple(code for least, code in _BY_MINUTES if minutes >= least)[:1]


def too_short(cpt: str, minutes: int | None) -> bool:
    """Whether a session of so many minutes may not be billed as ``cpt``."""
    return minutes is not None and minutes < LEAST_MINUTES.get(cpt, 0)


def is_diagnosis(code: str) -> bool:
    """Whether the text has the shape of an ICD-10-CM code, e.g. ``F52.31``."""
    return _DIAGNOSIS.fullmatch(code) is not None


def is_diagnosis_pattern(pattern: str) -> bool:
    """Whether the text is a diagnosis code or a prefix of one that ends in ``*``."""
    return is_diagnosis(pattern) or _PATTERN.fullmatch(pattern) is not None


def is_taxonomy(code: str) -> bool:
    """Whether the text has the shape of a NUCC taxonomy code, e.g. ``106H00000X``."""
    return _TAXONOMY.fullmatch(code) is not None


def is_npi(number: str) -> bool:
    """Whether the text is a national provider number with a right check digit."""
    return _NPI.fullmatch(number) is not None and _npi_sum(number) % 10 == 0


def _npi_sum(number: str) -> int:
    """The Luhn sum of ten digits behind the prefix 80840."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return _NPI_PREFIX_SUM + doubled + sum(int(digit) for digit in number[::-2])
