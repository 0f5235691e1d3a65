"""`rules …`: check the rule files, show a plan."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.activation.archive import Archive, Damaged, NotKept
from coverage_service.cli.on_demand import OnDemand
from coverage_service.cli.places import opened
from coverage_service.config import Config, ConfigError
from coverage_service.core.schedule import in_force
from coverage_service.rulebook.book import Rulebook, load
from coverage_service.rulebook.describe import describe
from coverage_service.rulebook.excerpts import excerpt
from coverage_service.rulebook.files import PREFIX, Files, read_folder
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.rulebook.reading import nearest
from coverage_service.therapists.store import load_therapists

RULES = click.option(
    "--rules", "folder", type=click.Path(path_type=Path), help="The folder of the rule files."
)


def in_folder(command: Callable[..., None]) -> Callable[..., None]:
    """For a command that is told nothing but the folder: it stands alone, or behind --rules as everywhere."""

    @click.argument("folder", required=False, type=click.Path(path_type=Path))
    @click.option("--rules", "also", type=click.Path(path_type=Path), help="The same as FOLDER.")
    @wraps(command)
    def run(folder: Path | None, also: Path | None, **options: Any) -> None:
        if folder is not None and also is not None and folder != also:
            raise click.UsageError("two folders are named; leave FOLDER or --rules out")
        command(folder=folder if folder is not None else also, **options)

    return run


PLACES = {
    "activate": "rules_history:activate_",
    "copy-year": "starting:copy_year",
    "coverage": "rules_coverage:show",
    "diff": "rules_diff:diff",
    "explain": "explain:explain",
    "export": "spreadsheets:export_rules",
    "format": "authoring:format_rules",
    "freshness": "rules_freshness:show",
    "history": "rules_history:history",
    "import": "spreadsheets:import_rules",
    "mutate": "rules_mutate:show",
    "new": "starting:new",
    "rollback": "rules_history:rollback_",
    "schemas": "authoring:schemas",
    "suggest-tests": "rules_suggest:show",
    "test": "rules_test:test",
}


@click.group(cls=OnDemand, places={name: f"coverage_service.cli.{at}" for name, at in PLACES.items()})
def rules() -> None:
    """Work on the rule files."""


def rules_folder(folder: Path | None) -> Path:
    """The folder that was named, or the kept files of that version, or the folder that is set up."""
    if folder is not None and folder.exists():
        return folder
    try:
        config = Config.from_environment()
        return config.rules if folder is None else kept_folder(config, folder)
    except (ConfigError, Damaged) as error:
        raise click.ClickException(str(error)) from error


def own_folder(folder: Path | None) -> Path:
    """The folder of the rules, for a command that writes: what the history keeps is never changed."""
    where = rules_folder(folder)
    if folder is not None and where != folder:
        raise click.UsageError(f"'{folder}' is a version of the history, and stays as it is; name a folder")
    return where


def kept_folder(config: Config, named: Path) -> Path:
    """Where the files of a version of `rules history` are kept; the name itself when there is none."""
    if config.state is None:
        return named
    archive = Archive(config.state, config.rules)
    try:
        archive.files_of(archive.find(str(named)))
        return archive.folder_of(str(named))
    except NotKept:
        return named


def all_problems(folder: Path | Files) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """The rule book and everything wrong with a folder, its therapists included, in file order."""
    loaded = load(folder)
    therapists = load_therapists(folder, loaded.book)
    found = sorted(
        {*loaded.problems, *therapists.problems}, key=lambda x: (x.path, x.line, x.column, x.message)
    )
    return loaded.book, tuple(found)


@rules.command()
@in_folder
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(folder: Path | None, as_json: bool) -> None:
    """Report every mistake in the rule files; exit 1 when there is one.

    Each is one line, file:line:column: what is wrong; what to write.  Below it stand the line
    of the file and a caret.  Warnings are shown too, first, but do not keep the rules from being used.
    """
    where = rules_folder(folder)
    files, unread = read_folder(where)
    book, found = all_problems(files)
    problems = (*unread, *found)
    wrong = errors(problems)
    if as_json:
        click.echo(orjson.dumps([as_data(x, where) for x in problems], option=orjson.OPT_INDENT_2))
    else:
        # What must be mended stands last, beside the count, where many warnings cannot hide it.
        for problem in sorted(problems, key=lambda each: each in wrong):
            click.echo(f"{shown(problem, where)}{'' if problem in wrong else ' [warning]'}")
            for line in excerpt(problem, files.get(problem.path.removeprefix(f"{PREFIX}/"), b"")):
                click.echo(line)
        click.echo(summary(len(files), len(wrong), len(problems) - len(wrong), book))
    sys.exit(1 if wrong or not files else 0)


def shown(problem: Problem, folder: Path) -> str:
    """The problem with the path as the caller would open it."""
    return opened(str(problem), folder)


def as_data(problem: Problem, folder: Path) -> dict[str, Any]:
    """A problem for other programs: file, line, column, message, remedy, severity."""
    found = asdict(problem)
    return {"file": opened(found.pop("path"), folder), **found}


def summary(files: int, wrong: int, warnings: int, book: Rulebook | None) -> str:
    """One line about all of it."""
    said = f"{files} rule files read: {counted(wrong, 'error')}, {counted(warnings, 'warning')}"
    if not files:
        return "no rule files found"
    if book is None or wrong:
        return f"{said}. The rules are not used."
    return f"{said}. {counted(len(book.plans), 'plan')}, version {book.version}."


def counted(number: int, what: str) -> str:
    """'1 error', '2 errors'."""
    return f"{number} {what}{'' if number == 1 else 's'}"


@rules.command()
@click.argument("plan")
@RULES
def show(plan: str, folder: Path | None) -> None:
    """Show a plan in words, as the service read it."""
    where = rules_folder(folder)
    loaded = load(where)
    if loaded.book is None:
        raise click.ClickException("the rules have errors; see `rules check`")
    if plan not in loaded.book.plans:
        raise click.ClickException(f"there is no plan '{plan}'; {nearest(plan, tuple(loaded.book.plans))}")
    entries = loaded.book.plans[plan]
    now = in_force(entries, datetime.now(UTC).date())
    for entry in sorted(entries, key=lambda entry: entry is not now):
        click.echo("\n".join(describe(entry)))
        click.echo(f"  written in {entry.origin.place}")
        if entry is now and len(entries) > 1:
            click.echo("  today's entry; the others follow\n")
