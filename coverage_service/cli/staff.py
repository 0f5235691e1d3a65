"""`staff …`: who may sign in to the workbench."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from coverage_service.staff import StaffError, added, read_staff, write_staff

FILE = click.option(
    "--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="The file; else COVERAGE_STAFF."
)


@click.group()
def staff() -> None:
    """Say who may sign in to the workbench."""


@staff.command()
@click.argument("name")
@FILE
@click.password_option(help="Asked for when it is not given; better not given.")
def add(name: str, path: Path | None, password: str) -> None:
    """Let NAME sign in, or give NAME another password, which ends every session of theirs."""
    place = _place(path)
    try:
        write_staff(place, added(_entries(place), name, password))
    except (StaffError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} may sign in. Start the service with COVERAGE_STAFF={place}")


@staff.command()
@click.argument("name")
@FILE
def remove(name: str, path: Path | None) -> None:
    """Let NAME sign in no more; their sessions end at once."""
    place = _place(path)
    entries = _entries(place)
    if name not in entries:
        raise click.ClickException(f"there is no {name!r} in {place}")
    write_staff(place, {who: hash for who, hash in entries.items() if who != name})
    click.echo(f"{name} may not sign in any more.")


@staff.command("list")
@FILE
def list_names(path: Path | None) -> None:
    """Show who may sign in."""
    for name in _entries(_place(path)):
        click.echo(name)


def _place(path: Path | None) -> Path:
    said = os.environ.get("COVERAGE_STAFF", "").strip()
    if path is None and not said:
        raise click.UsageError("name the file in --file or in COVERAGE_STAFF, such as staff.yaml")
    return path or Path(said)


def _entries(place: Path) -> Mapping[str, str]:
    try:
        return read_staff(place) if place.exists() else {}
    except StaffError as error:
        raise click.ClickException(str(error)) from error
