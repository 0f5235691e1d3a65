"""`rules diff`: what changed between two versions of the rules, and which estimates it moves."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.changes.impact import SIZE, impact
from coverage_service.changes.page import page
from coverage_service.changes.result import FORMAT, Impact
from coverage_service.changes.sample import mistakes
from coverage_service.cli.diff_tables import show
from coverage_service.cli.opening import request_file
from coverage_service.cli.options import today
from coverage_service.cli.rules import rules_folder
from coverage_service.cli.versions import Named, kept_version, named, sources_or_problems
from coverage_service.core.money import parse_dollars
from coverage_service.sources import Sources

DIFFERENT, TROUBLE = 1, 2


class Amount(click.ParamType):
    """Dollars as a plan document prints them."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Cents."""
        try:
            return value if isinstance(value, int) else parse_dollars(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--requests",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of requests (*.json) in the shape of the API, to be estimated too.",
)
@click.option(
    "--grid",
    "size",
    default=SIZE,
    show_default=True,
    type=click.IntRange(0, 200_000),
    help="How many requests are generated.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option(
    "--html",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one page for a pull request or an e-mail as well.",
)
@click.option(
    "--fail-over",
    "most",
    type=Amount(),
    metavar="AMOUNT",
    help='Exit 1 when a course changes by more than this, such as "$20", or a figure is lost.',
)
@click.option("--exit-code", is_flag=True, help="Exit 1 when any figure changes.")
def diff(
    old: str, new: str | None, folder: Path | None, size: int, as_of: datetime | None, as_json: bool,
    file: Path | None, most: int | None, exit_code: bool,
) -> None:  # fmt: skip
    """Tell what changed from OLD to NEW, in words, and which estimates move.

    Each is a folder of rules, a version of `rules history` (or `serving`, the one in force), or a
    git revision of the repository that holds the rules.  NEW is the folder of the rules unless it
    is named.  The exit code is 0 when both could be compared, 2 when one has mistakes; see
    --exit-code and --fail-over.
    """
    sides = named(old, kept_version), named(new or str(rules_folder(None)), kept_version)
    found = [sources_or_problems(each) for each in sides]
    if found[0] is None or found[1] is None:
        sys.exit(TROUBLE)
    began = time.monotonic()
    day = as_of.date() if as_of else today()
    bodies = list(_requests(folder, found[0], found[1], day)) if folder else []
    result = impact(
        found[0], found[1], day, files=sides[1].files, requests=bodies, size=size,
        processes=os.cpu_count() or 1,
    )  # fmt: skip
    titles = _title(sides[0], found[0]), _title(sides[1], found[1])
    if file is not None:  # first, since whoever reads the rest may stop: `| head`
        _write(file, page(result, titles))
    if as_json:
        click.echo(orjson.dumps(_as_json(result, sides, (found[0], found[1])), option=orjson.OPT_INDENT_2))
    else:
        show(result, titles, (sides[0].place, sides[1].place), time.monotonic() - began)
    sys.exit(_exit_code(result, most, exit_code))


def _requests(folder: Path, old: Sources, new: Sources, day: Any) -> Iterator[tuple[str, Any]]:
    """Every request file of a folder; one that neither version can answer is a mistake."""
    wrong = False
    names = sorted(folder.rglob("*.json"))
    if not names:
        raise click.UsageError(f"{folder} holds no *.json; write one request to a file.")
    for path in names:
        body = request_file(str(path))
        told = mistakes(body, new, day)
        if told and mistakes(body, old, day):
            wrong = True
            for each in told:
                click.echo(f"{path}: {each}", err=True)
        yield str(path.relative_to(folder)), body
    if wrong:
        click.echo("neither version can answer these requests, so nothing was compared", err=True)
        sys.exit(TROUBLE)


def _title(side: Named, sources: Sources) -> str:
    return f"{side.name} (version {sources.version})"


def _as_json(result: Impact, sides: tuple[Named, Named], found: tuple[Sources, Sources]) -> dict[str, Any]:
    """The documented shape: both versions first, then the impact."""
    said: dict[str, Any] = {"format": FORMAT}
    for key, side, sources in zip(("old", "new"), sides, found, strict=True):
        said[key] = {"name": side.name, "version": sources.version, "files": sources.files}
    return said | result.as_json()


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}; give the path of a file to write.") from None


def _exit_code(result: Impact, most: int | None, exit_code: bool) -> int:
    lost = bool(result.only_old or result.became.get("unknown") or result.became.get("impossible"))
    over = most is not None and (lost or result.largest_cents > most)
    return DIFFERENT if over or (exit_code and result.figures_change) else 0
