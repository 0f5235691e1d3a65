"""The workbench under its production server, with rules of its own."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.started import PATIENCE, started
from tests.workbench.staffing import rules_folder, staff_file, visits, windows


@dataclass(frozen=True)
class Bench:
    """A running service: its address, the folder of its rules, and the file of all it prints."""

    address: str
    folder: Path
    log: Path

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    def estimate(self, sessions: int, **care: Any) -> list[dict[str, Any]]:
        """What the API says that visits in network under the example plan cost, by spans of time."""
        body = json.dumps(visits(sessions, **care)).encode()
        request = urllib.request.Request(
            f"{self.address}/v1/estimates", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return windows(json.load(reply))


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
