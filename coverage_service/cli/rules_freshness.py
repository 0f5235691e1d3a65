"""`rules freshness`: what ends soon, what nobody has checked for a year, how sure each figure is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import orjson

from coverage_service.cli.opening import sources
from coverage_service.cli.options import today
from coverage_service.cli.places import opened
from coverage_service.cli.rules import in_folder, rules_folder
from coverage_service.core.facts import Confidence
from coverage_service.freshness import WITHIN, Ending, Freshness, Unchecked, freshness, freshness_json

UNSURE = (Confidence.UNKNOWN, Confidence.ASSUMED)
"""Confidences of which every figure is listed: they are the next calls to make."""


@click.command("freshness")
@in_folder
@click.option("--within", default=WITHIN, show_default=True, type=click.IntRange(0, 3660), help="Days ahead.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def show(within: int, as_of: datetime | None, folder: Path | None, as_json: bool) -> None:
    """Show what ends soon, what nobody has checked for a year, and how sure each figure is."""
    found = freshness(sources(folder), as_of.date() if as_of else today(), within)
    if as_json:
        click.echo(orjson.dumps(freshness_json(found), option=orjson.OPT_INDENT_2))
        return
    for line in told(found, rules_folder(folder)):
        click.echo(line)


def told(found: Freshness, folder: Path) -> Iterator[str]:
    """The lists as lines, each with the place to open."""
    yield f"Ends within {found.within} days of {found.as_of}, and nothing follows: {len(found.ending)}"
    yield from (f"  {_ending(each, folder)}" for each in found.ending)
    yield f"Not checked for a year: {len(found.unchecked)}"
    yield from (f"  {_unchecked(each, folder)}" for each in found.unchecked)
    yield "How sure the figures are:"
    for file, counts in found.counts.items():
        said = ", ".join(f"{counts[x]} {x.name.lower()}" for x in reversed(Confidence) if counts[x])
        yield f"  {opened(file, folder)}: {said}"
    unsure = [each for each in found.figures if each.confidence in UNSURE]
    yield f"Unknown or assumed, the next to ask about: {len(unsure)}"
    for each in unsure:
        yield f"  {opened(each.place, folder)}: {each.what}: {each.confidence.name.lower()}"


def _ending(each: Ending, folder: Path) -> str:
    when = f"in {each.days_left} days" if each.days_left >= 0 else f"{-each.days_left} days ago"
    return f"{opened(each.place, folder)}: {each.kind} {each.id}: {each.ends} ({when})"


def _unchecked(each: Unchecked, folder: Path) -> str:
    last = f"last checked {each.checked}" if each.checked else "no day of a check is written"
    return f"{opened(each.place, folder)}: {each.kind} {each.id}: {last}"
