"""Marshmallow fields that read the plain tree: one definition for YAML and inline JSON.

Each leaf turns one text into a fact (``parse``) and raises Mistake with what to write.
``read`` is the way in for every field: it reports into the Reading and answers BAD where
nothing usable stands; what encloses it then makes no fact.  The fields are ordinary
marshmallow fields (they document themselves in OpenAPI and load JSON); they bring their own
``read`` because marshmallow's machinery costs about 20 microseconds a field and knows no places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

from marshmallow import fields

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.money import WHOLE
from coverage_service.rulebook.amounts import Mistake, amount, basis_points, cents
from coverage_service.rulebook.nodes import Many, Node, Number, Text
from coverage_service.rulebook.reading import Reading, nearest, one_of, short


class Bad(Enum):
    """Nothing usable stands here; it has been reported."""

    BAD = "bad"


BAD: Final = Bad.BAD
YES_NO: Final[Mapping[str, Any]] = {"yes": True, "no": False}
YES_NO_UNKNOWN: Final[Mapping[str, Any]] = {**YES_NO, "unknown": UNKNOWN}
OR_UNKNOWN: Final[Mapping[str, Any]] = {"unknown": UNKNOWN}


class Leaf(fields.String):
    """One scalar.  ``words`` are texts with a meaning of their own, e.g. ``unknown``."""

    expected = "a text"

    def __init__(self, words: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.words: Mapping[str, Any] = words or {}

    def parse(self, text: str) -> Any:
        """The fact a text stands for; raises Mistake."""
        return text

    def read(self, node: Node, reading: Reading) -> Any:
        """The fact at a node, or BAD."""
        if type(node) is not Text:
            return self.other(node, reading)
        text = node.value
        memo = reading.memo.get(self)
        if memo is None:
            memo = reading.memo[self] = dict(self.words)
        try:
            return memo[text]
        except KeyError:
            pass
        try:
            fact = self.parse(text)
        except Mistake as mistake:
            reading.error(node.at, mistake.what, self.remedy(mistake, text, reading))
            return BAD
        memo[text] = fact
        return fact

    def remedy(self, mistake: Mistake, text: str, reading: Reading) -> str:
        """What to write instead; a field whose values stand in other files may know a near one."""
        return mistake.remedy

    def other(self, node: Node, reading: Reading) -> Any:
        """A node that is no text: refused."""
        if isinstance(node, Number):
            reading.error(
                node.at, f"{node.value} is a bare number", f"write {self.expected} as text, in quotes"
            )
        else:
            what = "a list" if isinstance(node, Many) else "a group of fields"
            reading.error(
                node.at, f"{what} stands where {self.expected} is expected", f"write {self.expected}"
            )
        return BAD


class Word(Leaf):
    """One of a closed set of words, each with the fact it stands for."""

    def __init__(self, words: Mapping[str, Any] | tuple[str, ...], **options: Any) -> None:
        super().__init__(words if isinstance(words, Mapping) else {x: x for x in words}, **options)
        self.expected = one_of(self.words)

    def parse(self, text: str) -> Any:
        if text == "":
            raise Mistake("nothing is written here", f"write {one_of(self.words)}")
        lower = text.strip().lower()
        said = {
            "true": "yes",
            "false": "no",
            "null": "unknown",
            "~": "unknown",
            "y": "yes",
            "n": "no",
            "on": "yes",
            "off": "no",
        }
        meant = lower if lower in self.words else said.get(lower, "")
        if meant in self.words:
            raise Mistake(
                f"'{short(text)}' is not a word of the rule files",
                f"write {meant}, in lower case and without quotes",
            )
        raise Mistake(f"'{short(text)}' is not known here", nearest(text, tuple(self.words)))


class Dollars(Leaf):
    """Cents."""

    expected = 'an amount like "$30"'

    def parse(self, text: str) -> Any:
        return cents(text)


class Percent(Leaf):
    """Basis points, at most ``most``."""

    expected = "a percentage like 20%"

    def __init__(self, most: int = WHOLE, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def parse(self, text: str) -> Any:
        return basis_points(text, self.most)


class DollarAmount(Leaf):
    """Cents, an interval, a choice or unknown."""

    expected = 'an amount like "$30" or "$80 to $120"'

    def parse(self, text: str) -> Any:
        return amount(text)


class Count(Leaf):
    """A whole number; a JSON integer is welcome."""

    expected = "a whole number"

    def __init__(self, least: int = 0, most: int = 9999, unit: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.unit = least, most, unit
        self.expected = f"a whole number, like {max(least, 6)}{unit}"

    def parse(self, text: str) -> Any:
        bare = text.removesuffix(self.unit) if self.unit else text
        if not re.fullmatch(r"[0-9]{1,9}", bare) or (self.unit and bare == text):
            raise Mistake(f"'{short(text)}' is not a whole number", f"write {self.expected}")
        number = int(bare)
        if not self.least <= number <= self.most:
            raise Mistake(f"{number} is out of bounds", f"write a number from {self.least} to {self.most:,}")
        return number

    def other(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Number):
            return self.read(Text(f"{node.value}{self.unit}", node.at), reading)
        return super().other(node, reading)


class Day(Leaf):
    """A date of the calendar."""

    expected = "a date like 2026-01-31"

    def parse(self, text: str) -> Any:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise Mistake(f"'{short(text)}' is not a date", "write year-month-day, like 2026-01-31")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Mistake(f"{text} does not exist in the calendar", "write a date that does") from None
        if not 1990 <= day.year <= 2100:
            raise Mistake(f"the year of {text} cannot be meant", "write a year from 1990 to 2100")
        return day


class Prose(Leaf):
    """Free text, not empty."""

    def __init__(self, longest: int = 2000, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def parse(self, text: str) -> Any:
        if not text.strip():
            raise Mistake("nothing is written here", "write a text, or leave the field out")
        if len(text) > self.longest:
            raise Mistake(f"this text has {len(text):,} characters", f"shorten it to {self.longest:,}")
        return text


class Name(Leaf):
    """An id of our own: small letters, digits, ``-``, ``_`` and ``.``."""

    expected = "a name like example-ppo"
    _shape = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")

    def parse(self, text: str) -> Any:
        if not self._shape.fullmatch(text):
            raise Mistake(
                f"'{short(text)}' is not a name", "write small letters, digits and hyphens, like example-ppo"
            )
        return text
