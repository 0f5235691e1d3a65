"""What `rules diff` prints on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import fill

from rich.console import Console

from coverage_service.changes.change import Change
from coverage_service.changes.result import Group, Impact
from coverage_service.changes.saying import (
    KINDS,
    because,
    counted,
    headline,
    moved_text,
    proof,
    sections,
    signed,
    summary,
)
from coverage_service.cli.tables import a_table, console, say

MOST_ROWS = 12
MOST_EXAMPLES = 8
Place = Callable[[str], str]
Places = tuple[Place, Place]
"""A place as the old and the new rules are opened."""


def show(impact: Impact, titles: tuple[str, str], places: Places, seconds: float) -> None:
    """Everything, the most important first."""
    out = console()
    out.print(f"{titles[0]} → {titles[1]}\n", soft_wrap=True)
    for heading, groups in sections(impact.changes):
        out.print(heading)
        for name, changes, more in groups:
            out.print(f"  {name}", soft_wrap=True)
            for change in changes:
                _change(out, change, places)
            if more > 0:
                out.print(f"    … and {more:,} more (--json tells all of them)")
    out.print(headline(impact), soft_wrap=True)
    for line in summary(impact):
        say(out, line)
    if impact.changed:
        _tables(out, impact, places)
    if impact.changes:
        out.print()
        say(out, f"{proof(impact)} It took {seconds:.1f} s.")


def _change(out: Console, change: Change, places: Places) -> None:
    where = f"  ({change.where(*places)})" if change.place else ""
    out.print(f"    {change.text}{where}", soft_wrap=True)


def _tables(out: Console, impact: Impact, places: Places) -> None:
    out.print("\nWhich change moves how many")
    for each in impact.causes[:MOST_ROWS]:
        change = impact.changes[each.change]
        alone = counted(each.alone, "estimate")
        others = f", {each.together:,} more together with others" if each.together else ""
        sizes = f"median {signed(each.median)}, largest {signed(each.largest)}"
        say(out, f"{alone}{others}: {sizes if each.largest is not None else 'no amount moves'}")
        _text(out, f"{change.name}: {change.text}" + (f" ({change.where(*places)})" if change.place else ""))
    _groups(
        out, "Where it was looked for", "Requests", [_named(each) for each in impact.by_kind if each.asked]
    )
    _groups(out, "Plans", "Plan", impact.by_plan)
    out.print("\nEstimates that change, the largest of each plan first")
    for example in impact.examples[:MOST_EXAMPLES]:
        say(out, moved_text(example))
        _text(out, example.name)
        _text(out, f"because of {because(example, impact.changes)}")


def _text(out: Console, text: str) -> None:
    """A long text under what it belongs to, wrapped but never cut."""
    out.print(fill(text, out.width, initial_indent="      ", subsequent_indent="      ",
                   break_long_words=False, break_on_hyphens=False), soft_wrap=True)  # fmt: skip


def _groups(out: Console, heading: str, first: str, groups: Sequence[Group]) -> None:
    out.print(f"\n{heading}")
    table = a_table(first, "$Asked", "$Changed", "$Median", "$Largest")
    for each in groups[:MOST_ROWS]:
        name = each.name or "(none)"
        table.add_row(name, f"{each.asked:,}", f"{each.changed:,}", signed(each.median), signed(each.largest))
    out.print(table)


def _named(group: Group) -> Group:
    return Group(KINDS[group.name], group.asked, group.changed, group.median, group.largest)
