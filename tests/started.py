"""The service in a process of its own, started as an operator starts it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOOPBACK: Final = "127.0.0.1"
SERVICE: Final = ("coverage_service", "serve", "--port")
"""What is run as a module, up to the number of its port."""
PATIENCE: Final = 240.0
"""Seconds: a busy machine is no failure; whoever waits that long waits in vain."""


@dataclass(frozen=True)
class Started:
    """A process that serves: where, what it was set up with, and the file of all it prints."""

    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    log: Path

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def answers(self) -> bool:
        """Whether it serves now; a process that ended by itself is a failure."""
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=20):
            return True
        return False


@contextlib.contextmanager
def started(
    log: Path, *words: str, program: tuple[str, ...] = SERVICE, **variables: str
) -> Iterator[Started]:
    """The service on a port of its own from when it answers; it is ended afterwards."""
    port, environment = free_port(), {**os.environ, **variables}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *program, str(port), *words],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    found = Started(port, process, environment, log)
    try:
        until(found.answers, log)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def until(true: Callable[[], object], what: object = "", seconds: float = PATIENCE) -> None:
    """Wait for something that comes to be; ``what`` is told where it does not, a file by its text."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what.read_text() if isinstance(what, Path) else what
        time.sleep(0.05)
