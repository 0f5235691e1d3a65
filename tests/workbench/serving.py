"""The workbench under its production server, with rules of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.api.conftest import free_port
from tests.workbench.staffing import ROOT, rules_folder, staff_file


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
    port, log = free_port(), folder / "log"
    environment = {
        **os.environ, "COVERAGE_RULES": str(folder / "rules"), "COVERAGE_STATE": str(folder / "state"),
        "COVERAGE_STAFF": str(staff_file(folder)),
    }  # fmt: skip
    command = [sys.executable, "-m", "coverage_service", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    found = Bench(f"http://127.0.0.1:{port}", folder, log)
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{found.address}/healthz", timeout=5):
                break
            time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)
