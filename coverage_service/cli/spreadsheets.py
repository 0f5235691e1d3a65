"""`rules export` and `rules import`: the rules as a spreadsheet, and its changes back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coverage_service.authoring.formatting import write
from coverage_service.cli.places import opened
from coverage_service.cli.rules import counted, in_folder, own_folder, rules_folder, shown
from coverage_service.rulebook.files import PREFIX
from coverage_service.spreadsheets import export, read
from coverage_service.spreadsheets.opening import LARGEST_BYTES
from coverage_service.spreadsheets.sheets import SHEETS

XLSX = click.option(
    "--xlsx", "workbook", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The workbook."
)


NEWER = "if another document says it, write that under sources: and name it"
BY_COLUMN = {sheet.name for sheet in SHEETS if any(each.heading == "source" for each in sheet.columns)}
"""Sheets that have a column for the source; in the others it is named in the file."""


@click.command("export")
@in_folder
@XLSX
@click.option("--force", is_flag=True, help="Replace a workbook that is there already.")
def export_rules(workbook: Path, folder: Path | None, force: bool) -> None:
    """Write plans, fee schedules, fees and scales into a workbook (.xlsx)."""
    if workbook.exists() and not force:
        raise click.ClickException(f"{workbook} is there already; name another file, or add --force")
    where = rules_folder(folder)
    data = export(where)
    try:
        workbook.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{workbook}: {error.strerror}") from error
    click.echo(f"{workbook} holds the rules of {where}.")
    click.echo(f"Change cells, save it, then: rules import --xlsx {workbook}")


@click.command("import")
@in_folder
@XLSX
@click.option("--check", is_flag=True, help="Change nothing; only tell what would change.")
def import_rules(workbook: Path, folder: Path | None, check: bool) -> None:
    """Take the changed cells of a workbook over into the rule files.

    Every wrong cell is told as sheet!B14: what is wrong; what to write, and then no file changes.
    """
    where = rules_folder(folder) if check else own_folder(folder)
    try:
        with workbook.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{workbook}: {error.strerror}") from error
    found = read(data, where)
    for problem in found.problems:
        click.echo(shown(problem, where))
    if found.problems:
        click.echo(f"{len(found.problems)} to put right. Nothing was changed.")
        sys.exit(1)
    for change in found.changes:
        place = opened(f"{PREFIX}/{change.file}", where)
        click.echo(f"{place}: {change.what}: {change.before or 'nothing'} -> {change.after}")
    kept = {(x.file, x.source, x.cell.split("!")[0] in BY_COLUMN) for x in found.changes if x.source}
    for file, source, column in sorted(kept):
        place, by = opened(f"{PREFIX}/{file}", where), "in the column 'source'" if column else "in the file"
        click.echo(f"{place}: what changed still names its source '{source}'; {NEWER} {by}")
    if not check:
        for name, text in found.files.items():
            write(where / name, text.decode("utf-8"))
    said = "would change" if check else "changed"
    click.echo(f"{counted(len(found.changes), 'cell')}, {counted(len(found.files), 'file')} {said}.")
