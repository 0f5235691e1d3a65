"""`rules activate`, `rules history`, `rules rollback`: put rules in force, see who did, and go back."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
import orjson

from coverage_service.activation.archive import Archive
from coverage_service.activation.change import ASIDE, DIFFERS, WRITTEN, Activated, Refused, activate, rollback
from coverage_service.activation.opening import open_archive
from coverage_service.activation.records import Activation
from coverage_service.activation.status import REFUSED, UNSEEN, WAITING, Status, problem_json, status
from coverage_service.activation.weighing import weigh
from coverage_service.cli.rules import shown
from coverage_service.cli.tables import a_table, console
from coverage_service.config import Config, ConfigError
from coverage_service.core.money import dollars
from coverage_service.rulebook.excerpts import excerpt
from coverage_service.rulebook.files import PREFIX, read_folder
from coverage_service.rulebook.problems import Problem, errors

BY = click.option("--by", default=None, help="Who decides it; your user name unless you say another.")
WHY = click.option("--why", default="", help="The reason, for those who read the history.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
FOLDER_SAYS: Final = {
    WRITTEN: "The folder of the rules holds them now.",
    ASIDE: "The folder of the rules holds something else; it is set aside until somebody changes it.",
    DIFFERS: "The folder of the rules holds other changes beside them, which are not in force.",
}
ALREADY: Final = (
    "The reason was not kept: `rules history` has that of the first time. Where a change should wait\n"
    "for a reason, the service is started with COVERAGE_ACTIVATION=manual."
)
STATE_SAYS: Final = {
    WAITING: "The folder of the rules holds a change that waits for `rules activate`.",
    REFUSED: "The folder of the rules has mistakes, so its last change is not in force; see `rules check`.",
    UNSEEN: "The folder of the rules holds a change that nobody has read yet.",
    ASIDE: FOLDER_SAYS[ASIDE],
}


def archive() -> Archive:
    """The archive that is set up; ends with the reason when there is none."""
    try:
        opened = open_archive(Config.from_environment())
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if opened.archive is None:
        raise click.ClickException(f"no history is kept: {opened.reason}")
    return opened.archive


@click.command("activate")
@BY
@WHY
@JSON
def activate_(by: str | None, why: str, as_json: bool) -> None:
    """Put the rule files in force if they have no mistake; exit 1 when they have one.

    Every running service that shares the state folder follows within a second.
    """
    where = archive()
    _tell(where, activate(where, by=by or getpass.getuser(), why=why), why, as_json)


@click.command("rollback")
@click.argument("version")
@BY
@click.option("--why", required=True, help="The reason, for those who read the history.")
@JSON
def rollback_(version: str, by: str | None, why: str, as_json: bool) -> None:
    """Put the rules of an older VERSION in force again; see `rules history` for those kept."""
    if not why.strip():
        raise click.UsageError("write the reason behind --why, for those who read the history")
    where = archive()
    _tell(where, rollback(where, version, by or getpass.getuser(), why), why, as_json)


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Lines to show.")
@JSON
def history(limit: int, as_json: bool) -> None:
    """Show which rules were put in force when, by whom and why, the newest first."""
    where = archive()
    found = [each for each, _ in zip(where.activated(), range(limit), strict=False)]
    state = status(where)
    if as_json:
        said = {"folder": state.folder, "activations": [asdict(each) for each in found]}
        click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    if not found:
        click.echo("nothing was put in force yet")
        return
    console().print(_table(found))
    for line in _folder(state):
        click.echo(line)


def _table(found: Sequence[Activation]) -> Any:
    table = a_table("", "When (UTC)", "Version", "By", "How", "Estimates changed", "Why")
    for place, each in enumerate(found):
        mark = "*" if place == 0 else ""
        moved = _moved(each.impact)
        when = each.at[:16].replace("T", " ")
        table.add_row(mark, when, each.version, each.by or "–", each.how, moved, each.why or "–")
    table.columns[-1].no_wrap = False
    table.caption = "* in force"
    return table


def _moved(impact: Mapping[str, Any] | None) -> str:
    return f"{impact['changed']:,} of {impact['compared']:,}" if impact else "–"


def _folder(state: Status) -> Iterator[str]:
    if state.folder in STATE_SAYS:
        yield STATE_SAYS[state.folder]


def _tell(where: Archive, found: Activated | Refused, why: str, as_json: bool) -> None:
    if isinstance(found, Refused):
        _tell_refusal(where, found.problems, as_json)
        sys.exit(1)
    impact = weigh(where, found.activation) if found.new else found.activation.impact
    if as_json:
        said = {**asdict(found.activation), "impact": impact, "folder": found.folder, "new": found.new}
        click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    version = found.activation.version
    click.echo(f"Rules {version} {'are in force now' if found.new else 'were in force already'}.")
    if not found.new and why and found.activation.why != why:
        click.echo(ALREADY)
    for line in _impact(impact if found.new else None):
        click.echo(line)
    if found.folder in FOLDER_SAYS:
        click.echo(FOLDER_SAYS[found.folder])


def _impact(impact: Mapping[str, Any] | None) -> Iterator[str]:
    if impact is None:
        return
    yield from (f"  {sentence}" for sentence in impact["changes"])
    if impact["more_changes"]:
        yield f"  and {impact['more_changes']} more; see `rules diff`"
    largest = impact["largest_course_cents"]
    most = f"; the largest by {dollars(abs(largest))} a course" if largest else ""
    yield f"{_moved(impact)} estimates tried change{most}."


def _tell_refusal(where: Archive, problems: Sequence[Problem], as_json: bool) -> None:
    if as_json:
        said = {"refused": [problem_json(each) for each in problems]}
        click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    files = read_folder(Path(where.rules))[0]
    for problem in errors(problems):
        click.echo(shown(problem, where.rules))
        for line in excerpt(problem, files.get(problem.path.removeprefix(f"{PREFIX}/"), b"")):
            click.echo(line)
    click.echo("Nothing was changed; the rules in force stay as they are.")
