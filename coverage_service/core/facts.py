"""What a rule file or a person can say about a value, and where it was said.

A value is known, or an interval, or a choice between stated alternatives, or unknown.
Nothing is ever defaulted silently: a default is applied in ``unknowns`` and named there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from typing import Final, Literal, TypeVar


class Unknown(Enum):
    """The word ``unknown`` of the rule files: somebody has to be asked."""

    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # There is one, and most keys of facts hold it: an Enum hashes slowly.

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


class NoLimit(Enum):
    """The word ``none`` where a limit or method could stand: there is none."""

    NONE = "none"

    def __repr__(self) -> str:
        return "NONE"


NONE: Final = NoLimit.NONE

YesNo = bool | Unknown


@dataclass(frozen=True, slots=True)
class Between:
    """An interval of cents or basis points, both ends possible (``copay $0 to $25``)."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Stated alternatives (``copay $0 or $18``), in the document's order."""

    values: tuple[int, ...]


Amount = int | Between | OneOf | Unknown
"""Integer cents or basis points, or what is said instead of one."""


class Confidence(IntEnum):
    """How well a figure is supported; the confidence of an estimate is the lowest used.

    ``VERIFIED``: a page of the plan document.  ``STATED``: a representative, a practice or
    the person said so.  ``ASSUMED``: a default or a benchmark.
    """

    UNKNOWN = 0
    ASSUMED = 1
    STATED = 2
    VERIFIED = 3


@dataclass(frozen=True, slots=True)
class Source:
    """The document or call behind a figure."""

    title: str
    page: str | None = None
    url: str | None = None
    read: date | None = None
    attribution: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value stands: ``file:line`` of a rule file, or a JSON pointer of a request."""

    place: str = ""
    source: Source | None = None
    confidence: Confidence = Confidence.STATED


NOWHERE: Final = Origin()

Network = Literal["in", "out"]
T = TypeVar("T")
