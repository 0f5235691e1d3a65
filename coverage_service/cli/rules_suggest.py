"""`rules suggest-tests`: ready tests for untouched rows and boundaries, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from coverage_service.checking.coverage import coverage
from coverage_service.checking.drafts import Draft
from coverage_service.checking.suggest import suggestions
from coverage_service.checking.writing import NoPlace, inserted, lines_of
from coverage_service.cli.choosing import Opened, chosen, opened_rules
from coverage_service.cli.places import opened
from coverage_service.cli.rules import RULES, own_folder
from coverage_service.rulebook.files import PREFIX
from coverage_service.sources import current

WITH_ROWS = ("payers/", "therapists/", "fee_schedules/")


@click.command("suggest-tests")
@click.argument("files", nargs=-1)
@click.option("--write", is_flag=True, help="Put them into the files, behind the tests that are there.")
@RULES
def show(files: tuple[str, ...], write: bool, folder: Path | None) -> None:
    """Draft tests for rows that no test touches and for every boundary, with the answer computed today.

    FILES are rule files or folders of them; all without one.  Each draft says `confirmed: no`: compare its
    figures with the plan's document, correct them or the rule, then take that line out.
    """
    read = opened_rules(own_folder(folder) if write else folder)
    places = [
        name for name in sorted(read.files) if name.startswith(("payers/", "therapists/", "fee_schedules/"))
    ]
    wanted = [f"{PREFIX}/{name}" for name in chosen(files, places)]
    found = suggestions(coverage(read.cases, read.library, read.files), read.cases, read.library, wanted)
    if write:
        _write(found, read)
    for line in _summary(found, write) if write else told(found, read.folder):
        click.echo(line)


def told(found: Sequence[Draft], folder: Path) -> Iterator[str]:
    """The drafts under the entry that each belongs to."""
    for place in dict.fromkeys(draft.place for draft in found):
        own = [draft for draft in found if draft.place == place]
        yield f"# {opened(place, folder)}: {own[0].entry}: put under its tests:"
        for draft in own:
            yield from lines_of(draft, 6 if "/payers/" in place else 2)
    yield from _summary(found, written=False)


def _summary(found: Sequence[Draft], written: bool) -> Iterator[str]:
    if not found:
        yield "# nothing to suggest: every row is touched and every boundary has its tests"
    elif written:
        yield f"{len(found)} tests written, none of them confirmed: compare each with the plan's document"
    else:
        yield f"# {len(found)} tests, none of them confirmed; --write puts them into the files"


def _write(found: Sequence[Draft], read: Opened) -> None:
    """Write the files when all of them can be read with the new tests in; nothing otherwise."""
    try:
        changed = inserted(read.files, found)
    except NoPlace as error:
        place = opened(str(error), read.folder)
        raise click.ClickException(f"{place}: write its tests as a list, one below the other") from error
    problems = current({**read.files, **changed})
    if problems.sources is None:
        raise click.ClickException("the drafted tests cannot be read; nothing was written")
    for name, data in changed.items():
        (read.folder / name).write_bytes(data)
