"""The workbench under its production server, with rules of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.started import started
from tests.workbench.staffing import rules_folder, staff_file


@dataclass(frozen=True)
class Bench:
    """A running service: its address, the folder of its rules, and the file of all it prints."""

    address: str
    folder: Path
    log: Path

    @property
    def rules(self) -> Path:
        return self.folder / "rules"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Bench]:
    """Start the service as an operator does, and end it."""
    rules_folder(folder)
    settings = {
        "COVERAGE_RULES": str(folder / "rules"), "COVERAGE_STATE": str(folder / "state"),
        "COVERAGE_STAFF": str(staff_file(folder)),
    }  # fmt: skip
    with started(folder / "log", **settings) as found:
        yield Bench(found.address, folder, found.log)
