"""The command line: estimate, script, work on the rule files, serve the API."""

from __future__ import annotations

import click

from coverage_service.cli.on_demand import OnDemand
from coverage_service.config import ConfigError

PLACES = {name: f"{__name__}.{name}:{name}" for name in ("estimate", "script", "rules", "staff")}


@click.group(cls=OnDemand, places=PLACES)
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
