"""Next year's plans out of this year's: drafts, dates moved, every figure marked to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from coverage_service.authoring.arranging import last_line
from coverage_service.rulebook.parse import Loader

_FIGURE: Final = re.compile(r"\$[0-9]|[0-9]%|^[0-9]+$|^first [0-9]| of [a-z].*-20[0-9]{2}$")
_DATES: Final = ("date", "as_of", "first_session", "skip")
MARK: Final = "confirm for"


@dataclass(frozen=True, slots=True)
class Copied:
    """A new file's text and the plans in it."""

    text: str
    plans: tuple[str, ...]


def figures(text: str) -> tuple[tuple[int, str, str], ...]:
    """What has to be confirmed in a file of next year: line (from 1), field and value."""
    plans = _entry(yaml.compose(text, Loader=Loader), "plans").value
    return tuple((line + 1, name, value) for plan in plans for line, name, value in _figures(plan))


def next_year(text: str, year: int) -> Copied | None:
    """The plans of a payer file that hold at the end of ``year``, for the year after.

    None when there is none.  ``text`` must be a payer file without mistakes.
    """
    root: Any = yaml.compose(text, Loader=Loader)
    plans = _entry(root, "plans")
    kept = [plan for plan in plans.value if _holds(plan, year)]
    if not kept:
        return None
    lines = text.split("\n")
    marked = {line for plan in kept for line, _, _ in _figures(plan)}
    for plan in kept:
        _renew(lines, plan, year)
    for line in marked:
        lines[line] = _remark(lines[line], year + 1)
    gone = {line for plan in plans.value if plan not in kept for line in _lines(plan)}
    gone |= {key.start_mark.line for plan in kept for key, _ in plan.value if key.value == "reviewed"}
    out = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    return Copied(out, tuple(_text(plan, "plan") for plan in kept))


def _entry(node: Any, name: str) -> Any:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _text(node: Any, *path: str) -> str:
    for name in path:
        node = _entry(node, name)
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _holds(plan: Any, year: int) -> bool:
    """Whether a served entry is in force on the last day of the year, and has an end."""
    starts, ends = _text(plan, "effective", "from"), _text(plan, "effective", "to")
    served = _text(plan, "status") not in ("draft", "retired")
    return served and starts <= f"{year}-12-31" <= ends < f"{year + 1}-12-31"


def _lines(plan: Any) -> range:
    return range(plan.start_mark.line, last_line(plan) + 1)


def _figures(plan: Any) -> Iterator[tuple[int, str, str]]:
    """Amounts, percentages and counts outside the tests."""
    for key, value in plan.value:
        if key.value not in ("tests", "effective", "reviewed", "plan", "name"):
            yield from _below(value, key.value)


def _below(node: Any, name: str) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value not in ("wording", "source", "codes"):
                yield from _below(value, f"{name} {key.value}")
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _below(item, name)
    elif _FIGURE.search(node.value):
        yield node.start_mark.line, name.replace("_", " "), str(node.value)


def _renew(lines: list[str], plan: Any, year: int) -> None:
    """Move the dates of an entry and make it a draft, in place, from its end to its beginning."""
    changes = sorted(_changes(plan, year), key=lambda x: (x[0].start_mark.line, x[0].start_mark.column))
    for node, new in reversed(changes):
        start, end = node.start_mark, node.end_mark
        line = lines[start.line]
        lines[start.line] = line[: start.column] + new + line[end.column :]


def _changes(plan: Any, year: int) -> Iterator[tuple[Any, str]]:
    effective = _entry(plan, "effective")
    begins = date.fromisoformat(_text(effective, "to")) + timedelta(1)
    yield _entry(effective, "from"), begins.isoformat()
    yield _entry(effective, "to"), (_later(begins) - timedelta(1)).isoformat()
    yield _entry(plan, "status"), "draft"
    name = _entry(plan, "name")
    if str(year) in name.value and name.start_mark.line == name.end_mark.line:
        yield name, '"' + name.value.replace(str(year), str(year + 1)).replace('"', '\\"') + '"'
    yield from _dates(_entry(plan, "tests"), "")


def _dates(node: Any, name: str) -> Iterator[tuple[Any, str]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _dates(value, key.value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _dates(item, name)
    elif node is not None and name in _DATES:
        yield node, _later(date.fromisoformat(node.value)).isoformat()


def _later(day: date) -> date:
    """The same day a year later; the 29th of February becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _remark(line: str, year: int) -> str:
    """The line with a remark at its end; a comment that stands there stays."""
    return f"{line.rstrip()}{';' if _commented(line) else '  #'} {MARK} {year}"


def _commented(line: str) -> bool:
    """Whether a line ends in a comment: a # after a space and outside quotes."""
    return bool(re.search(r"\s#", re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', "", line)))
