"""Small changes of a rule file's values, one at a time: what a slip of the hand would write.

Amounts by a cent and a dollar, percents by a point, days by one, counts by one, yes/no/unknown,
two rows exchanged, a phrase left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from coverage_service.core.money import dollars, parse_dollars
from coverage_service.rulebook.parse import Loader

UNSEEN: Final = frozenset(
    (
        *("tests", "sources", "source", "confidence", "reviewed", "status", "market", "claims"),
        *("clinician", "networks", "policies", "superbill", "intake", "in_person"),
        *("eap_programmes", "review_months", "with_out_of_network_claims", "caps_insured_share"),
        *(
            "coordination",
            "wording",
            "name",
            "payer",
            "behavioral_health_administrator",
            "note",
            "attribution",
            "proof",
            "couple_households",
        ),
    )
)
"""Fields that no test of a rule file can see, or that say where a figure comes from."""
ROWS: Final = ("benefits", "diagnoses")
"""Lists in which the first row that fits is used."""
_MONEY: Final = re.compile(r"\$[0-9][0-9,]*(?:\.[0-9]{2})?")
_PERCENT: Final = re.compile(r"([0-9]+)((?:\.[0-9]+)?)%")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_OF_YEAR: Final = re.compile(r"([0-9]{2})-([0-9]{2})")
_COUNT: Final = re.compile(r"(?:first )?([0-9]+)(?: of [a-z-]+| members)?")
STEPS: Final = (-100, -1, 1, 100)
"""Cents by which an amount is changed."""
_ANSWERS: Final = ("yes", "no", "unknown")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: each piece is (start, end, text), in characters; the line counts from 1.

    ``rows``: the two rows of a list that were exchanged, counted from 0.
    """

    file: str
    line: int
    path: str
    says: str
    pieces: tuple[tuple[int, int, str], ...]
    rows: tuple[int, int] | None = None

    def applied(self, text: str) -> str:
        """The file with the change made."""
        for start, end, new in sorted(self.pieces, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def mutants(name: str, data: bytes) -> Iterator[Mutant]:
    """Every change of a file that can be read, in the order of the file."""
    text = data.decode()
    yield from _of(yaml.compose(text, Loader=Loader), (), name, text)


def _of(node: Any, path: Path, name: str, text: str) -> Iterator[Mutant]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if _is_seen(key.value, path):
                yield from _of(value, (*path, key.value), name, text)
    elif isinstance(node, SequenceNode):
        yield from _of_list(node, path, name, text)
    elif isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        for says, new in _others(text[start:end], path):
            yield _mutant(name, node, path, f"{text[start:end]} -> {says}", ((start, end, new),))


def _is_seen(key: str, path: Path) -> bool:
    """A practice's own ``telehealth`` is not that of a plan's coverage; no contract lets bill the rest."""
    in_network_bill = key == "in" and path[-1:] == ("balance_billing",)
    return key not in UNSEEN and not (key == "telehealth" and not path) and not in_network_bill


def _of_list(node: SequenceNode, path: Path, name: str, text: str) -> Iterator[Mutant]:
    items: list[Any] = node.value
    for index, item in enumerate(items):
        yield from _of(item, (*path, index), name, text)
    if path and path[-1] in ROWS:
        for index, later in enumerate(items):
            for before in range(index):
                yield _exchanged(items[before], later, path, before, index, name, text)
    if "cost_sharing" in path and all(isinstance(item, ScalarNode) for item in items) and len(items) > 1:
        for index, item in enumerate(items):
            yield _mutant(name, item, path, f"without {item.value}", (_left_out(items, index),))


def _exchanged(one: Any, other: Any, path: Path, first: int, second: int, name: str, text: str) -> Mutant:
    spans = [_span(node, text) for node in (one, other)]
    pieces = tuple((*spans[i], text[slice(*spans[1 - i])]) for i in (0, 1))
    says = f"rows {first + 1} and {second + 1} exchanged"
    return replace(_mutant(name, other, path, says, pieces), rows=(first, second))


def _span(node: Any, text: str) -> tuple[int, int]:
    start, end = node.start_mark.index, node.end_mark.index
    return start, start + len(text[start:end].rstrip())


def _left_out(items: list[Any], index: int) -> tuple[int, int, str]:
    """An item of a list with the comma behind it, of the last one the comma before it."""
    if index + 1 < len(items):
        return items[index].start_mark.index, items[index + 1].start_mark.index, ""
    return items[index - 1].end_mark.index, items[index].end_mark.index, ""


def _mutant(name: str, node: Any, path: Path, says: str, pieces: tuple[tuple[int, int, str], ...]) -> Mutant:
    return Mutant(name, node.start_mark.line + 1, ".".join(map(str, path)), says, pieces)


def _others(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """What else could stand in a scalar's place: as it is told, and as it is written."""
    quote = text[0] if text[:1] in ("'", '"') else ""
    said = text.strip("'\"") if quote else text
    for other in _values(said, str(path[-1]) if path else ""):
        yield (other, f"{quote}{other}{quote}") if quote else (other, _quoted(other))


def _quoted(text: str) -> str:
    """A larger amount may need quotes that the smaller one did not."""
    return f'"{text}"' if "," in text and not text.startswith(('"', "'")) else text


def _values(said: str, key: str) -> Iterator[str]:
    if said in _ANSWERS:
        yield from (other for other in _ANSWERS if other != said)
    elif _DAY.fullmatch(said):
        yield from _days(said)
    elif match := _DAY_OF_YEAR.fullmatch(said):
        yield from (x[5:] for x in _days(f"2027-{match[1]}-{match[2]}"))
    elif match := _COUNT.fullmatch(said):
        if key in ("visits", "from_minutes", "family_method"):
            yield from _each(said, [(match.start(1), match.end(1), _plus(match[1]))])
    else:
        yield from _each(said, [(m.start(), m.end(), _amounts(m[0])) for m in _MONEY.finditer(said)])
        yield from _each(said, [(m.start(), m.end(), _percents(m)) for m in _PERCENT.finditer(said)])


def _each(said: str, places: list[tuple[int, int, list[str]]]) -> Iterator[str]:
    for start, end, others in places:
        yield from (said[:start] + other + said[end:] for other in others)


def _days(said: str) -> list[str]:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return []
    return [(day + timedelta(step)).isoformat() for step in (-1, 1)]


def _plus(count: str) -> list[str]:
    return [str(int(count) + step) for step in (-1, 1) if int(count) + step >= 0]


def _amounts(said: str) -> list[str]:
    return [dollars(cents) for cents in (parse_dollars(said) + step for step in STEPS) if cents >= 0]


def _percents(match: re.Match[str]) -> list[str]:
    return [f"{int(match[1]) + step}{match[2]}%" for step in (-1, 1) if int(match[1]) + step >= 0]
