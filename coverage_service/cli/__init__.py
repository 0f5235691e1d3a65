"""The command line: estimate, script, work on the rule files, serve the API."""

from __future__ import annotations

import click

from coverage_service.cli import authoring as _authoring  # noqa: F401  (adds `rules schemas`)
from coverage_service.cli import explain as _explain  # noqa: F401  (adds `rules explain`)
from coverage_service.cli import rules_coverage as _rules_coverage  # noqa: F401  (adds `rules coverage`)
from coverage_service.cli import rules_diff as _rules_diff  # noqa: F401  (adds `rules diff`)
from coverage_service.cli import rules_freshness as _rules_freshness  # noqa: F401  (adds `rules freshness`)
from coverage_service.cli import rules_history as _rules_history  # noqa: F401  (adds `rules activate` …)
from coverage_service.cli import rules_mutate as _rules_mutate  # noqa: F401  (adds `rules mutate`)
from coverage_service.cli import rules_suggest as _rules_suggest  # noqa: F401  (adds `rules suggest-tests`)
from coverage_service.cli import rules_test as _rules_test  # noqa: F401  (adds `rules test`)
from coverage_service.cli import spreadsheets as _spreadsheets  # noqa: F401  (adds `rules export`, `import`)
from coverage_service.cli import starting as _starting  # noqa: F401  (adds `rules new`, `copy-year`)
from coverage_service.cli.estimate import estimate
from coverage_service.cli.rules import rules
from coverage_service.cli.script import script
from coverage_service.cli.staff import staff
from coverage_service.config import ConfigError


@click.group()
def main() -> None:
    """Estimate what a client pays out of pocket."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the API until interrupted."""
    from coverage_service.server import CannotServe
    from coverage_service.server import serve as run

    try:
        run(host, port, workers)
    except (CannotServe, ConfigError) as error:
        raise click.ClickException(str(error)) from error


for command in (estimate, script, rules, staff):
    main.add_command(command)
