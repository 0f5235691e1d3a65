"""The fields that only plans have: cost sharing, allowed amounts, first visits, …"""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import fields

from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import (
    NOT_COVERED,
    AllowedAmount,
    Either,
    FirstVisits,
    Members,
    Method,
    ShareOfIncome,
    UpTo,
)
from coverage_service.rulebook.amounts import Mistake, basis_points, cents
from coverage_service.rulebook.fields import BAD, YES_NO_UNKNOWN, Code, Dollars, Leaf, Name, Word
from coverage_service.rulebook.nodes import Fields, Many, Node, Number, Text
from coverage_service.rulebook.phrases import fault_of, parse_phrase
from coverage_service.rulebook.reading import Reading, nearest, short

STATES: Final = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL",
    "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD",
    "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "GU", "VI", "AS", "MP",
)  # fmt: skip


def cpt(**options: Any) -> Code:
    """A procedure code."""
    return Code("[0-9A-Z][0-9]{3}[0-9A-Z]", '"90837"', "procedure code", **options)


def diagnosis(**options: Any) -> Code:
    """An ICD-10-CM code."""
    return Code(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", "F43.10", "diagnosis code", **options)


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


class CostSharing(fields.Raw):
    """A list of phrases, ``{either: [[…], […]]}``, ``[not covered]`` or ``unknown``."""

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is Many:
            return self._list(node, reading)
        if type(node) is Fields:
            return self._either(node, reading)
        if isinstance(node, Text) and node.value == "unknown":
            return UNKNOWN
        text = node.value if isinstance(node, Text) else ""
        hint = (
            f"write [{text}]"
            if "," not in text and text
            else "write a list like [copay $30] or [deductible, coinsurance 20%]"
        )
        reading.error(node.at, f"'{short(text)}' is not a list of phrases", hint)
        return BAD

    def _list(self, node: Many, reading: Reading) -> Any:
        memo = reading.memo.setdefault(self, {})
        texts = tuple([x.value if type(x) is Text else None for x in node.items])
        found = memo.get(texts)
        if found is None:
            found = self._phrases(node, reading)
            if found is not BAD:
                memo[texts] = found
        return found

    def _phrases(self, node: Many, reading: Reading) -> Any:
        if not node.items:
            reading.error(
                node.at, "an empty list says nothing", "write [no charge], [not covered] or unknown"
            )
            return BAD
        before = reading.errors
        phrases: list[Any] = []
        for index, item in enumerate(node.items):
            if type(item) is not Text:
                reading.error(
                    item.at,
                    "a phrase is a text",
                    "write it like copay $30; two readings: {either: [[…], […]]}",
                )
            elif index and _cut_amount(node.items[index - 1], item.value):
                whole = f"{getattr(node.items[index - 1], 'value', '')},{item.value}"
                reading.error(
                    item.at,
                    f"'{short(item.value)}' is not cost sharing: a comma inside […] separates",
                    f'write "{short(whole)}" in quotes',
                )
            else:
                self._phrase(item, phrases, reading)
        if reading.errors > before:
            return BAD
        if fault := fault_of(phrases):
            reading.error(node.items[fault[0]].at, fault[1], fault[2])
            return BAD
        return NOT_COVERED if phrases == [NOT_COVERED] else tuple(phrases)

    def _phrase(self, item: Text, phrases: list[Any], reading: Reading) -> None:
        try:
            phrases.append(parse_phrase(item.value))
        except Mistake as mistake:
            reading.error(item.at, mistake.what, mistake.remedy)

    def _either(self, node: Fields, reading: Reading) -> Any:
        for name, (key, _) in node.entries.items():
            if name != "either":
                reading.error(key.at, f"'{short(name)}' is not a field here", "write {either: [[…], […]]}")
        readings = node.get("either")
        if type(readings) is not Many or len(readings.items) < 2:
            reading.error(
                node.at,
                "two or more readings are expected",
                "write {either: [[copay $40], [copay $40, deductible]]}",
            )
            return BAD
        lists = [self._reading(item, reading) for item in readings.items]
        return Either(tuple(lists))

    def _reading(self, item: Node, reading: Reading) -> Any:
        if type(item) is not Many:
            reading.error(
                item.at,
                "each reading is a list of phrases",
                "write {either: [[copay $40], [copay $40, deductible]]}",
            )
            return BAD
        found = self._list(item, reading)
        if found is NOT_COVERED:
            reading.error(
                item.at, "'not covered' is no reading of a cost-sharing phrase", "write cost_sharing: unknown"
            )
        return found


def _cut_amount(before: Node, text: str) -> bool:
    """Whether a text is the tail of an amount that a comma cut in two."""
    return isinstance(before, Text) and bool(
        re.search(r"\$[0-9]{1,3}$", before.value) and re.match(r"[0-9]{3}(?![0-9])", text)
    )
