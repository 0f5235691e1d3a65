"""`rules coverage`: the rows of the rules that no test touches."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.checking.coverage import FileCoverage, coverage
from coverage_service.cli.choosing import chosen, opened_rules
from coverage_service.cli.places import opened
from coverage_service.cli.rules import RULES
from coverage_service.rulebook.files import PREFIX


@click.command("coverage")
@click.argument("files", nargs=-1)
@click.option(
    "--fail-under", default=100.0, show_default=True, type=click.FloatRange(0, 100), help="Percent."
)
@RULES
@click.option("--json", "as_json", is_flag=True, help="Print every file and its untouched rows as JSON.")
def show(files: tuple[str, ...], fail_under: float, folder: Path | None, as_json: bool) -> None:
    """Show the benefit, coverage, schedule and scale rows that no confirmed test touches.

    FILES are rule files or folders of them; all without one.  Exit 1 below --fail-under percent.
    """
    rules_read = opened_rules(folder)
    every = coverage(rules_read.cases, rules_read.library, rules_read.files)
    wanted = chosen(files, [each.file.removeprefix(f"{PREFIX}/") for each in every])
    found = [each for each in every if each.file.removeprefix(f"{PREFIX}/") in wanted]
    total = FileCoverage("", *(tuple(r for f in found for r in part(f)) for part in (_rows, _untouched)))
    if as_json:
        click.echo(orjson.dumps(_plain(found, total), option=orjson.OPT_INDENT_2))
    else:
        for line in told(found, total, rules_read.folder):
            click.echo(line)
    sys.exit(1 if not total.rows or total.percent < fail_under else 0)


def _rows(each: FileCoverage) -> Sequence[Any]:
    return each.rows


def _untouched(each: FileCoverage) -> Sequence[Any]:
    return each.untouched


def told(found: Sequence[FileCoverage], total: FileCoverage, folder: Path) -> Iterator[str]:
    """The untouched rows by file, then one line about all of it."""
    for each in found:
        for row in each.untouched:
            yield f"{opened(row.place, folder)}: {row.entry}: {row.what}: no test touches it"
    short = [each for each in found if each.untouched]
    for each in short:
        yield f"{opened(each.file, folder)}: {_share(each)}"
    yield f"{_share(total)} in {len(found)} files"
    if short:
        yield "draft tests for them: rules suggest-tests"


def _share(each: FileCoverage) -> str:
    return f"{len(each.rows) - len(each.untouched)} of {len(each.rows)} rows touched, {_percent(each)} %"


def _percent(each: FileCoverage) -> str:
    """One decimal, rounded down: 100 % is only said of all."""
    return f"{int(each.percent * 10) / 10:g}"


def _plain(found: Sequence[FileCoverage], total: FileCoverage) -> dict[str, Any]:
    return {
        "rows": len(total.rows),
        "touched": len(total.rows) - len(total.untouched),
        "files": [
            {
                "file": each.file,
                "rows": len(each.rows),
                "touched": len(each.rows) - len(each.untouched),
                "untouched": [asdict(row) for row in each.untouched],
            }
            for each in found
        ],
    }
