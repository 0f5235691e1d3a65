"""The field ``cost_sharing``: a list of phrases, or what stands instead of one."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields

from coverage_service.core.cost_sharing import NOT_COVERED, Either
from coverage_service.core.facts import UNKNOWN
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.fields import BAD
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.phrases import fault_of, parse_phrase
from coverage_service.rulebook.reading import Reading, short


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
