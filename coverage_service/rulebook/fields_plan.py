"""The fields that only plans have: cost sharing, allowed amounts, first visits, …"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from coverage_service.core.cost_sharing import FirstVisits
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import AllowedAmount, Members, Method, ShareOfIncome, UpTo
from coverage_service.rulebook.amounts import Mistake, basis_points, cents
from coverage_service.rulebook.fields import YES_NO_UNKNOWN, Dollars, Leaf, Name, Word
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.nodes import Node, Number, Text
from coverage_service.rulebook.reading import Reading, nearest, short

STATES: Final = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL",
    "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD",
    "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "GU", "VI", "AS", "MP",
)  # fmt: skip


def cpt(**options: Any) -> Code:
    """A procedure code."""
    shape = "[0-9A-Z][0-9]{3}[0-9A-Z]"
    return Code(shape, '"90837"', "procedure code", shelf="procedures", closed=True, **options)


def diagnosis(**options: Any) -> Code:
    """An ICD-10-CM code."""
    return Code(
        r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", "F43.10", "diagnosis code", shelf="diagnoses", **options
    )


def diagnosis_match(**options: Any) -> Code:
    """A diagnosis code, or the beginning of codes with ``*``."""
    shape = r"[A-Z]([0-9]([0-9A-Z](\.[0-9A-Z]{0,4})?)?)?\*|[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?|\*"
    return Code(shape, '"F52.*"', "diagnosis code or beginning of one", **options)


class Known(Name):
    """A name that another rule file defines; ``shelf`` says where in ``Reading.known``."""

    def __init__(self, shelf: str, what: str, **options: Any) -> None:
        super().__init__(**options)
        self.shelf, self.what = shelf, what

    def read(self, node: Node, reading: Reading) -> Any:
        name = super().read(node, reading)
        known = getattr(reading.known, self.shelf)
        if known and isinstance(name, str) and name not in known and isinstance(node, Text):
            reading.unknown_name(node, self.what, known)
        return name


class Licence(Known):
    """A licence type as payers list them, e.g. LMFT."""

    expected = "a licence like LMFT"
    _shape = re.compile(r"[A-Z][A-Z0-9-]{0,15}")

    def __init__(self, **options: Any) -> None:
        super().__init__("licences", "licence", **options)

    def parse(self, text: str) -> Any:
        if not self._shape.fullmatch(text):
            raise Mistake(f"'{short(text)}' is not a licence type", "write it in capitals, like LMFT or LCSW")
        return text

    def remedy(self, mistake: Mistake, text: str, reading: Reading) -> str:
        """The nearest licence of the reference data."""
        return nearest(text, reading.known.licences) if reading.known.licences else mistake.remedy


def service(**options: Any) -> Known:
    """A service of rules/reference/services.yaml."""
    return Known("services", "service", **options)


class Tier(Leaf):
    """A network tier as the plan calls it: ``1``, ``preferred``."""

    expected = "a tier like 1"

    def parse(self, text: str) -> Any:
        if not re.fullmatch(r"[\w -]{1,40}", text):
            raise Mistake(
                f"'{short(text)}' is not a tier", "write it as the plan calls it, like 1 or preferred"
            )
        return text

    def other(self, node: Node, reading: Reading) -> Any:
        return node.value if isinstance(node, Number) else super().other(node, reading)


class Visits(Leaf):
    """``first 3 of first-visits``."""

    expected = "first 3 of a pool"

    def parse(self, text: str) -> Any:
        found = re.fullmatch(r"first ([0-9]{1,3}) of ([a-z0-9][a-z0-9_.-]{0,99})", text)
        if not found or int(found[1]) == 0:
            raise Mistake(
                f"'{short(text)}' does not say which visits", "write it like: first 3 of first-visits"
            )
        return FirstVisits(int(found[1]), found[2])


class FamilyMethod(Word):
    """embedded, aggregate, ``2 members`` or unknown."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"embedded": "embedded", "aggregate": "aggregate", "unknown": UNKNOWN}, **options)
        self.expected = "embedded, aggregate, 2 members or unknown"

    def parse(self, text: str) -> Any:
        if found := re.fullmatch(r"([2-9]) members", text):
            return Members(int(found[1]))
        if "members" in text:
            raise Mistake(f"'{short(text)}' is not a family method", "write it like: 2 members")
        return super().parse(text)


class FamilyLimit(Dollars):
    """Cents, or ``5% of income``."""

    expected = 'an amount like "$2,000", or 5% of income'

    def parse(self, text: str) -> Any:
        if text.endswith("% of income"):
            return ShareOfIncome(basis_points(text.removesuffix(" of income")))
        return super().parse(text)


class UpToAllowed(Word):
    """yes, no, unknown, or ``up to 15%`` of the allowed amount."""

    def __init__(self, **options: Any) -> None:
        super().__init__(YES_NO_UNKNOWN, **options)
        self.expected = "yes, no, unknown or up to 15%"

    def parse(self, text: str) -> Any:
        if text.startswith("up to "):
            return UpTo(basis_points(text.removeprefix("up to ")))
        return super().parse(text)


class KeptCopay(Dollars):
    """``copay up to $20`` that a member keeps under a supplement."""

    expected = "copay up to $20"

    def parse(self, text: str) -> Any:
        if not text.startswith("copay up to "):
            raise Mistake(f"'{short(text)}' is not what a member keeps", "write it like: copay up to $20")
        return cents(text.removeprefix("copay up to "))


class Allowed(Leaf):
    """How an allowed amount is found; an AllowedAmount with its origin, or unknown."""

    expected = 'contract, a fee schedule, 140% of a fee schedule, 60% of billed, "$90" or unknown'

    def __init__(self, **options: Any) -> None:
        super().__init__({"unknown": UNKNOWN}, **options)

    def parse(self, text: str) -> Any:
        if text == "contract":
            return (Method.CONTRACT, 10_000, None)
        if text.startswith("$"):
            return (Method.FIXED, cents(text), None)
        if found := re.fullmatch(
            r"([0-9]{1,2})(?:st|nd|rd|th) percentile of ([a-z0-9][a-z0-9_.-]{0,99})", text
        ):
            return (Method.PERCENTILE, int(found[1]), found[2])
        if found := re.fullmatch(r"(\S+%) of ([a-z0-9][a-z0-9_.-]{0,99})", text):
            if found[2] == "billed":
                return (Method.BILLED, basis_points(found[1]), None)
            return (Method.SCHEDULE, basis_points(found[1], 100_000), found[2])
        if re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,99}", text) and text not in ("billed", "yes", "no", "none"):
            return (Method.SCHEDULE, 10_000, text)
        raise Mistake(f"'{short(text)}' does not say how the amount is found", f"write {self.expected}")

    def read(self, node: Node, reading: Reading) -> Any:
        found = super().read(node, reading)
        if not isinstance(found, tuple):
            return found
        method, amount, schedule = found
        if schedule and reading.known.schedules and schedule not in reading.known.schedules:
            known = (*reading.known.schedules, "contract", "unknown")
            reading.error(
                node.at, f"'{short(schedule)}' is not a known fee schedule", nearest(schedule, known)
            )
        return AllowedAmount(method=method, amount=amount, schedule=schedule, origin=reading.origin(node.at))


class YearDay(Leaf):
    """Month and day on which a plan year starts."""

    expected = "month-day, like 01-01"

    def parse(self, text: str) -> Any:
        found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
        try:
            day = date(2027, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise Mistake(
                f"'{short(text)}' is not a day of every year", "write month-day, like 01-01 or 07-01"
            )
        return (day.month, day.day)
