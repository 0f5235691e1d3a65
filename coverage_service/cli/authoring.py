"""`rules schemas`, `rules format`: what helps to write rule files, from a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from coverage_service.authoring import schema_files
from coverage_service.authoring.formatting import format_files, write
from coverage_service.cli.places import opened
from coverage_service.cli.rules import in_folder, own_folder, rules_folder, shown
from coverage_service.rulebook.files import PREFIX, read_folder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def schemas(folder: Path) -> None:
    """Write the JSON Schemas by which editors complete and check rule files."""
    for path in schema_files.write(folder):
        click.echo(path)


@click.command("format")
@in_folder
@click.option("--check", is_flag=True, help="Change nothing; show what would change, exit 1 if anything.")
def format_rules(folder: Path | None, check: bool) -> None:
    """Bring every rule file into one layout: spaces, quotes and order of fields.

    Comments stay with what they stand beside, and no value changes.
    """
    where = rules_folder(folder) if check else own_folder(folder)
    files, unread = read_folder(where)
    found = format_files(files)
    for problem in (*unread, *found.problems):
        click.echo(shown(problem, where), err=True)
    for name, text in found.changed.items():
        if check:
            click.echo("".join(_difference(files[name], text, opened(f"{PREFIX}/{name}", where))), nl=False)
        else:
            write(where / name, text)
            click.echo(f"formatted {opened(f'{PREFIX}/{name}', where)}")
    wrong = bool(unread or found.problems or not files)
    verb = "would change" if check else "changed"
    click.echo(f"{len(files)} rule files read, {len(found.changed)} {verb}.")
    sys.exit(1 if wrong or (check and found.changed) else 0)


def _difference(before: bytes, after: str, name: str) -> Iterator[str]:
    old = before.decode("utf-8").splitlines(keepends=True)
    lines = unified_diff(old, after.splitlines(keepends=True), name, f"{name} (formatted)")
    return (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
