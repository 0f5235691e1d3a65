"""The command line: serve the API, check the rule files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import yaml

from coverage_service.config import Config, ConfigError


@click.group()
def main() -> None:
    """Estimate what a client pays out of pocket."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the API until interrupted."""
    from coverage_service.server import CannotServe
    from coverage_service.server import serve as run

    try:
        run(host, port)
    except (CannotServe, ConfigError) as error:
        raise click.ClickException(str(error)) from error


@main.group()
def rules() -> None:
    """Work on the rule files."""


@rules.command()
def check() -> None:
    """Read every rule file; exit 1 when one is not YAML."""
    try:
        folder = Config.from_environment().rules
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    files = sorted(folder.rglob("*.yaml"))
    problems = [problem for path in files if (problem := syntax_problem(path))]
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(files)} rule files read, {len(problems)} with a mistake.")
    sys.exit(1 if problems or not files else 0)


def syntax_problem(path: Path) -> str | None:
    """What keeps a file from being YAML, as file:line:column, or None."""
    try:
        yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return f"{path}:{mark.line + 1}:{mark.column + 1}: {error.problem}" if mark else f"{path}: {error}"
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return f"{path}: {error}"
    return None
