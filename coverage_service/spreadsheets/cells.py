"""What stands in a cell for what stands in a rule file, and back.

Exact amounts and percentages are numbers with a format, dates are dates, lists are texts with
semicolons; two readings of cost sharing are parted by a bar.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from coverage_service.core.money import dollars, parse_dollars, parse_percent, percent
from coverage_service.rulebook import fields as leaf
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.containers import ListOf
from coverage_service.rulebook.cost_sharing import CostSharing
from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.schema_sliding import BandEnd

Value = str | int | float | date | None
MONEY_FORMAT: Final = '"$"#,##0.00'
PERCENT_FORMAT: Final = "0.##%"
DATE_FORMAT: Final = "yyyy-mm-dd"
TEXT_FORMAT: Final = "@"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TEXTS: Final = (leaf.Prose, leaf.Name)


def shown(node: Any, field: Any) -> tuple[Value, str]:
    """The value of a cell and its number format."""
    if node is None:
        return None, _usual(field)
    if isinstance(node, MappingNode):
        readings = [x for key, value in node.value if key.value == "either" for x in value.value]
        return " | ".join(_listed(x) for x in readings), TEXT_FORMAT
    if isinstance(node, SequenceNode):
        return _listed(node), TEXT_FORMAT
    text = str(node.value)
    if isinstance(field, leaf.Day):
        try:
            return date.fromisoformat(text), DATE_FORMAT
        except ValueError:
            return text, TEXT_FORMAT
    if isinstance(field, leaf.Count) and text.isascii() and text.isdigit() and str(int(text)) == text:
        return int(text), "0"
    return _figure(text, field) if not isinstance(field, TEXTS) else (_clean(text), TEXT_FORMAT)


def _figure(text: str, field: Any) -> tuple[Value, str]:
    """An exact amount or share as a number; anything else as it is."""
    try:
        if text.startswith("$"):
            return float(Decimal(parse_dollars(text)) / 100), MONEY_FORMAT
        if text.endswith("%"):
            return float(Decimal(parse_percent(text)) / 10_000), PERCENT_FORMAT
    except ValueError:
        pass
    return _clean(text), TEXT_FORMAT


def _usual(field: Any) -> str:
    if isinstance(field, leaf.Percent):
        return PERCENT_FORMAT
    if isinstance(field, (leaf.Dollars, leaf.DollarAmount)):
        return MONEY_FORMAT
    return (
        DATE_FORMAT
        if isinstance(field, leaf.Day)
        else "General"
        if isinstance(field, leaf.Count)
        else TEXT_FORMAT
    )


def _listed(node: Any) -> str:
    return "; ".join(_clean(str(item.value)) for item in node.value if isinstance(item, ScalarNode))


def _clean(text: str) -> str:
    """Without the characters that a workbook cannot hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def same(cell: Any, value: Value) -> bool:
    """Whether a cell still holds what was written into it."""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell
    if isinstance(cell, str):
        cell = cell.strip() or None
    if isinstance(value, str):
        value = value.strip() or None
    if isinstance(cell, (int, float)) and isinstance(value, (int, float)) and not isinstance(cell, bool):
        return abs(cell - value) < 1e-9
    return type(cell) is type(value) and bool(cell == value)


def text_of(cell: Any, number_format: str, field: Any) -> str:
    """The words of a rule file for a cell.  Raises Mistake saying what to write."""
    if isinstance(cell, bool):
        raise Mistake("TRUE and FALSE are not used here", "write yes or no")
    if isinstance(cell, (datetime, date)):
        if not isinstance(field, leaf.Day):
            raise Mistake("a date stands here", f"write {getattr(field, 'expected', 'a text')}")
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    if isinstance(cell, (int, float)):
        return _number(cell, number_format, field)
    text = str(cell).strip()
    if "\n" in text or _CONTROL.search(text):
        raise Mistake("this text has more than one line", "write it in one line")
    return text


def told(cell: Any, number_format: str, field: Any) -> str:
    """A cell in the words of a rule file, for a message."""
    try:
        return "" if cell is None else text_of(cell, number_format, field)
    except Mistake:
        return str(cell)


def _number(cell: int | float, number_format: str, field: Any) -> str:
    try:
        exact = Decimal(repr(cell))
    except InvalidOperation:
        raise Mistake(f"{cell!r} is not a figure", "write an amount") from None
    exact_money = isinstance(field, leaf.Dollars | leaf.DollarAmount)
    formatted = "%" in number_format and not exact_money and not isinstance(field, leaf.Count)
    if isinstance(field, leaf.Percent) or formatted:
        return percent(_whole(exact * 10_000, cell, "percentages have at most two digits after the point"))
    if exact_money or isinstance(field, BandEnd) or "$" in number_format:
        return dollars(_whole(exact * 100, cell, "amounts have whole cents"))
    return str(_whole(exact, cell, "write a whole number"))


def _whole(exact: Decimal, cell: int | float, remedy: str) -> int:
    if not exact.is_finite() or abs(exact) > 10**13:
        raise Mistake(f"{cell!r} is no figure that can be meant", "check it")
    if exact < 0:
        raise Mistake(f"{cell!r} is below zero", "an amount is never negative")
    if exact != exact.to_integral_value():
        raise Mistake(f"{cell!r} cannot be written exactly", remedy)
    return int(exact)


def node_of(text: str, field: Any, at: str) -> Node:
    """The plain tree that the field reads; ``at`` is the cell, such as ``Benefits!G4``."""
    if isinstance(field, CostSharing) and text != "unknown":
        readings = [_many(part, at) for part in text.split("|")]
        if len(readings) == 1:
            return readings[0]
        return Fields({"either": (Text("either", at), Many([*readings], at))}, at)
    if isinstance(field, ListOf) and text not in field.words:
        return _many(text, at)
    return Text(text, at, quoted=not isinstance(field, leaf.Count))


def _many(text: str, at: str) -> Many:
    return Many([Text(part.strip(), at) for part in text.split(";") if part.strip()], at)
