"""What every command opens first: the rules, and the request as a JSON body."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from coverage_service.cli.rules import rules_folder, shown
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.sources import Sources, current
from coverage_service.strict_json import NotJson, decode

LARGEST = 4_000_000
"""Bytes of a request file; more is a mistake."""


def sources(folder: Path | None) -> Sources:
    """The rules in use; with mistakes in them nothing is estimated."""
    where = rules_folder(folder)
    found = current(where)
    if found.sources is None:
        for problem in errors(found.problems):
            click.echo(shown(problem, where), err=True)
        raise click.ClickException("the rules have mistakes; see `rules check`")
    return found.sources


def refuse(problems: Sequence[Problem]) -> NoReturn:
    """Tell everything that is wrong with a request; exit 2."""
    for problem in problems:
        click.echo(f"{problem.path or '/'}: {problem.message}; {problem.remedy}", err=True)
    sys.exit(2)


def request_file(name: str | None) -> dict[str, Any]:
    """The JSON object of a file, of the standard input for ``-``, or an empty one."""
    if name is None:
        return {}
    data = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _bytes(Path(name))
    if len(data) > LARGEST:
        raise click.UsageError(f"{name} is larger than {LARGEST:,} bytes; send one request at a time.")
    try:
        body = decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"{name}: byte {error.start + 1} is not UTF-8; save the file as UTF-8."
        ) from None
    except NotJson as error:
        place = f"{name}:{error.line}:{error.column}" if error.line else name
        raise click.UsageError(f"{place}: {error}") from None
    if not isinstance(body, dict):
        raise click.UsageError(f"{name}: this is not a JSON object; write {{…}}.")
    return body


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise click.UsageError(
            f"{path}: {error.strerror}; give the path of a request, or - for standard input."
        ) from None
