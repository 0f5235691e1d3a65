"""What the commands on tests open first: the rules with their tests, and the files that were named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from coverage_service.checking.asked import Library
from coverage_service.cli.rules import rules_folder, shown
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.files import PREFIX, Files, read_folder
from coverage_service.rulebook.problems import errors
from coverage_service.sources import Sources, current


@dataclass(frozen=True, slots=True)
class Opened:
    """The rules of a folder, with their tests and the bytes they were read from."""

    folder: Path
    files: Files
    sources: Sources
    library: Library
    cases: tuple[Case, ...]


def opened_rules(folder: Path | None) -> Opened:
    """The rules in use; a command ends here when they have mistakes or no tests."""
    where = rules_folder(folder)
    files, unread = read_folder(where)
    read = current(files)
    found = read.sources
    if found is None or errors(unread):
        for problem in errors((*unread, *read.problems)):
            click.echo(shown(problem, where), err=True)
        raise click.ClickException("the rules have mistakes; see `rules check`")
    library = Library(found.book.reference, found.book.plans, found.store.entries)
    cases = (*found.book.cases, *found.store.cases)
    if not cases:
        raise click.ClickException("there are no tests in these rule files")
    return Opened(where, files, found, library, cases)


def chosen(names: Sequence[str], files: Iterable[str]) -> list[str]:
    """The files, as ``payers/x.yaml``, whose path ends as one of the names does; all without names.

    A name that no file has is a mistake, never an empty choice.
    """
    every = list(files)
    found: list[str] = []
    for name in names:
        wanted = name.replace("\\", "/").removeprefix("./").rstrip("/")
        fitting = [file for file in every if _fits(wanted, file)]
        if not fitting:
            raise click.BadParameter(
                f"no rule file with rows or tests is called {name!r}", param_hint="FILES"
            )
        found += [file for file in fitting if file not in found]
    return found if names else every


def _fits(wanted: str, file: str) -> bool:
    """``x``, ``x.yaml``, ``payers``, ``payers/x.yaml`` or any longer path to it."""
    whole = f"{PREFIX}/{file}"
    names = (whole, file, Path(file).name, Path(file).stem)
    return wanted in names or f"/{wanted}/" in f"/{whole}" or wanted.endswith((f"/{whole}", f"/{file}"))
