"""The workbench: billing staff change rule files in a browser, and see what a change does before it counts.

A face like the client's page, made on the server; behind a sign-in, and not there unless it is set up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask

from coverage_service import staff
from coverage_service.html import version_of
from coverage_service.workbench import draft_pages as _draft_pages  # noqa: F401  (each adds its pages)
from coverage_service.workbench import file_pages as _file_pages  # noqa: F401
from coverage_service.workbench import history_pages as _history_pages  # noqa: F401
from coverage_service.workbench import rule_pages as _rule_pages  # noqa: F401
from coverage_service.workbench import sheet_pages as _sheet_pages  # noqa: F401
from coverage_service.workbench import signing as _signing  # noqa: F401
from coverage_service.workbench import store
from coverage_service.workbench.access import FILE
from coverage_service.workbench.pages import bp

STATIC: Final = Path(__file__).parent / "static"


def register(app: Flask) -> None:
    """Add the workbench to an application whose settings name its staff; nothing otherwise."""
    config = app.config["COVERAGE"]
    if config.staff is None or config.state is None:
        return
    staff.read_staff(config.staff)
    staff.prepare()
    store.prepare(config.state / FILE)
    bench_version = version_of(STATIC)
    app.context_processor(lambda: {"bench_version": bench_version})
    app.register_blueprint(bp)
