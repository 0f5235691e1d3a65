"""`rules schemas …`: what helps to write rule files, from a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from coverage_service.authoring import schema_files
from coverage_service.cli.rules import rules


@rules.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def schemas(folder: Path) -> None:
    """Write the JSON Schemas by which editors complete and check rule files."""
    for path in schema_files.write(folder):
        click.echo(path)
