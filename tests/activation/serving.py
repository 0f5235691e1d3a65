"""The service under its real server, on rules and a state folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address, its main process and what it is set up with."""

    address: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    log: Path

    def get(self, path: str, **headers: str) -> Reply:
        return ask(urllib.request.Request(self.address + path, headers=headers))

    def post(self, path: str, body: Any) -> Reply:
        data = json.dumps(body).encode()
        return ask(urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}))

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line, set up like the service."""
        return subprocess.run(
            [sys.executable, "-m", "coverage_service", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def metric(self, name: str) -> float:
        text = self.get("/metrics").body.decode()
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


def ask(request: urllib.request.Request) -> Reply:
    """The reply, whatever its status."""
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return Reply(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def service(rules: Path, state: Path | str, workers: int = 1, **variables: str) -> Iterator[Service]:
    """Started as an operator starts it, and ended again."""
    port = free_port()
    environment = {**os.environ, "COVERAGE_RULES": str(rules), "COVERAGE_STATE": str(state), **variables}
    log = Path(rules).parent / f"log-{port}"
    command = [sys.executable, "-m", "coverage_service", "serve", f"--port={port}", f"--workers={workers}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    running = Service(f"http://127.0.0.1:{port}", process, environment, log)
    try:
        until(lambda: answers(running), log)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(running: Service) -> bool:
    assert running.process.poll() is None, running.log.read_text()
    try:
        return running.get("/healthz").status == 200
    except OSError:
        return False


def until(true: Any, what: object = "", seconds: float = 30) -> None:
    """Wait for something that comes to be."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what.read_text() if isinstance(what, Path) else what
        time.sleep(0.05)
