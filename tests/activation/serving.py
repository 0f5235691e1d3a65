"""The service under its real server, on rules and a state folder of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.started import PATIENCE, ROOT, Started, started


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Service(Started):
    """A running service, asked over HTTP and by the command line."""

    def get(self, path: str, **headers: str) -> Reply:
        return ask(urllib.request.Request(self.address + path, headers=headers))

    def post(self, path: str, body: Any) -> Reply:
        data = json.dumps(body).encode()
        return ask(urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}))

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line, set up like the service."""
        return subprocess.run(
            [sys.executable, "-m", "coverage_service", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip

    def metric(self, name: str) -> float:
        text = self.get("/metrics").body.decode()
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


def ask(request: urllib.request.Request) -> Reply:
    """The reply, whatever its status."""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return Reply(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


@contextlib.contextmanager
def service(rules: Path, state: Path | str, workers: int = 1, **variables: str) -> Iterator[Service]:
    """Started as an operator starts it, and ended again."""
    settings = {"COVERAGE_RULES": str(rules), "COVERAGE_STATE": str(state), **variables}
    folder = Path(tempfile.mkdtemp(dir=rules.parent, prefix="log-"))
    with started(folder / "log", f"--workers={workers}", **settings) as found:
        yield Service(found.port, found.process, found.environment, found.log)
