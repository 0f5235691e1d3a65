"""Rules by name: a folder, a version that was in force, or a git revision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from coverage_service.activation.archive import Archive, Damaged, NotKept
from coverage_service.changes.revisions import NoRevision, files_of_revision
from coverage_service.cli.places import opened
from coverage_service.cli.rules import rules_folder
from coverage_service.config import Config, ConfigError
from coverage_service.rulebook.excerpts import excerpt
from coverage_service.rulebook.files import PREFIX, Files, read_folder
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.sources import Sources, current

SERVING = "serving"
OTHERWISE = "write a folder of rules, or a git revision such as HEAD or main."
Resolve = Callable[[str], Files | None]
"""Finds the files of a kept version by its name; None when there is none of this name."""


@dataclass(frozen=True, slots=True)
class Named:
    """Rules as somebody named them.  ``folder`` is set where the files can be opened."""

    name: str
    files: Files
    folder: Path | None = None
    problems: tuple[Problem, ...] = ()

    def place(self, place: str) -> str:
        """A place as the caller would open it."""
        return opened(place, self.folder) if self.folder else place


def named(name: str, resolve: Resolve) -> Named:
    """The rules of this name; a folder first, then a kept version, then a git revision."""
    folder = Path(name)
    if folder.is_dir():
        files, problems = read_folder(folder)
        return Named(name, files, folder, problems)
    kept = resolve(name)
    if kept is not None:
        return Named(name, kept)
    try:
        return Named(name, files_of_revision(name, rules_folder(None)))
    except NoRevision as error:
        raise click.UsageError(
            f"'{name}' is no folder, no kept version and no git revision ({error});"
            " write a folder of rules, a version of `rules history`, or a revision such as HEAD or main."
        ) from None


def kept_version(name: str) -> Files | None:
    """The files of a version of the history, or of the one in force (``serving``)."""
    try:
        config = Config.from_environment()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if config.state is None:
        if name == SERVING:
            raise click.UsageError(
                f"no history is kept (COVERAGE_STATE), so nothing is '{SERVING}'; {OTHERWISE}"
            )
        return None
    archive = Archive(config.state, config.rules)
    try:
        found = archive.serving() if name == SERVING else archive.find(name)
        if found is None:
            raise click.UsageError(f"nothing was put in force yet, so nothing is '{SERVING}'; {OTHERWISE}")
        return archive.files_of(found)
    except NotKept:
        return None
    except Damaged as error:
        raise click.ClickException(str(error)) from error


def sources_or_problems(rules: Named) -> Sources | None:
    """The facts of rules; with mistakes in them all of these are shown, and there are none."""
    found = current(rules.files)
    wrong = errors((*rules.problems, *found.problems))
    if not rules.files and not wrong:
        click.echo(f"{rules.name}: no rule files found", err=True)
        return None
    for problem in wrong:
        click.echo(rules.place(str(problem)), err=True)
        for line in excerpt(problem, rules.files.get(problem.path.removeprefix(f"{PREFIX}/"), b"")):
            click.echo(line, err=True)
    if wrong:
        count = f"{len(wrong)} mistake{'' if len(wrong) == 1 else 's'}"
        click.echo(f"{rules.name}: {count}, so nothing was compared; see `rules check`", err=True)
        return None
    return found.sources
