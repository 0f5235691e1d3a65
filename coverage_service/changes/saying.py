"""An impact in sentences, the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from coverage_service.changes.change import PARTS, Change
from coverage_service.changes.result import Example, Impact
from coverage_service.changes.words import spaced
from coverage_service.core.money import dollars

KINDS: Final[Mapping[str, str]] = {
    "tests": "tests in the rule files",
    "requests": "requests you gave",
    "grid": "generated requests",
}
BECAME: Final[Mapping[str, str]] = {
    "unknown": "lose a figure: it is unknown from now on",
    "known": "gain a figure that was unknown",
    "impossible": "lose a way to pay",
    "possible": "gain a way to pay",
}
SECTIONS: Final[Mapping[str, str]] = {
    "plan": "Plans",
    "therapist": "Practices",
    "fee_schedule": "Fee schedules",
    "reference": "Reference data",
    "questions": "Words of questions and scripts",
    "test": "Tests",
}
NOTHING: Final = "Nothing that counts changed."
MOST_SHOWN: Final = 12
"""Changes of one plan, practice or schedule that are told one by one."""


def signed(cents: int | None) -> str:
    """``+$10``, ``−$7.50``; a dash where no amount moved."""
    if cents is None:
        return "–"
    return f"{'−' if cents < 0 else '+'}{dollars(abs(cents))}" if cents else "$0"


def amount(cents: int | None) -> str:
    """Cents in dollars; unknown in words, never as $0."""
    return "not known" if cents is None else dollars(cents)


def counted(number: int, one: str) -> str:
    """``1 estimate``, ``1,250 estimates``."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def headline(impact: Impact) -> str:
    """The one sentence to read."""
    if not impact.changes:
        return NOTHING
    if not impact.figures_change:
        return f"No estimate changes: {counted(impact.compared, 'request')} tried, every figure is the same."
    verb = "changes" if impact.changed == 1 else "change"
    return f"{impact.changed:,} of {impact.compared:,} estimates {verb}."


def summary(impact: Impact) -> Iterator[str]:
    """By how much, and what is no matter of dollars."""
    if impact.median_course is not None or impact.median_session is not None:
        yield (
            f"In the middle (median): {signed(impact.median_session)} for the next session,"
            f" {signed(impact.median_course)} for the whole course, where the amount moves."
        )
    if impact.largest is not None and impact.largest_cents:
        yield f"The largest: {moved_text(impact.largest)} for {impact.largest.name}."
    for word, said in BECAME.items():
        if impact.became.get(word):
            verb, _, rest = said.partition(" ")
            yield f"{impact.became[word]:,} {verb}{'s' if impact.became[word] == 1 else ''} {rest}."
    if impact.only_old:
        yield f"Can no longer be estimated: {', '.join(impact.only_old)}."
    if impact.only_new:
        yield f"Can be estimated for the first time: {', '.join(impact.only_new)}."


def moved_text(example: Example) -> str:
    """``$780 → $1,040 (+$260), in network``."""
    went = example.moved
    by = f" ({signed(went.by)})" if went.by is not None else ""
    return f"{amount(went.old)} → {amount(went.new)}{by}, {spaced(went.way)}"


def because(example: Example, changes: Sequence[Change]) -> str:
    """The changes that move an estimate, or that it was not looked into."""
    if not example.causes:
        return "a cause that was not looked into"
    return "; ".join(f"{changes[each].name}: {changes[each].text}" for each in example.causes)


def proof(impact: Impact) -> str:
    """How many were computed and how many did not have to be."""
    parts = [f"{impact.twice:,} estimated under both rules"]
    if impact.once:
        parts.append(f"{impact.once:,} under the old ones alone, since they read nothing that differs")
    parts.append(f"{impact.equal:,} not at all, since every fact in them is the same in both")
    left = (
        f" Of the changed ones {impact.unexplained:,} were not traced to a line."
        if impact.unexplained
        else ""
    )
    return f"{counted(impact.compared, 'request')} as of {impact.as_of}: {', '.join(parts)}.{left}"


def sections(changes: Sequence[Change]) -> Iterator[tuple[str, list[tuple[str, list[Change], int]]]]:
    """Changes by part and by name: (heading, [(name, the first changes, how many more)])."""
    for part in PARTS:
        by_name: dict[tuple[str, str], list[Change]] = {}
        for change in changes:
            if change.part == part:
                by_name.setdefault((change.id, change.name), []).append(change)
        if by_name:
            yield (
                SECTIONS[part],
                [(name, each[:MOST_SHOWN], len(each) - MOST_SHOWN) for (_, name), each in by_name.items()],
            )
