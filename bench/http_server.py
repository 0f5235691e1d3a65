"""The server of the HTTP benchmark: granian as the service starts it, on a free port of loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench.facts import rules_folder
from bench.http_app import CPU
from bench.http_client import HOST

START_SECONDS = 60.0
GRANIAN = ("--interface", "wsgi", "--factory", "--workers", "1", "--blocking-threads", "1", "--no-ws")


@contextmanager
def server() -> Iterator[int]:
    """The port of a running server, which is ended by its own id."""
    port = free_port()
    with rules_folder() as folder:
        environment = {**os.environ, "COVERAGE_RULES": str(folder), "TMPDIR": str(folder.parent)}
        started = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                *GRANIAN,
                "--host",
                HOST,
                "--port",
                str(port),
                "bench.http_app:make",
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait(started, port)
            yield port
        finally:
            started.terminate()
            try:
                started.wait(20)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def wait(started: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers; a server that ended, or that takes too long, ends the benchmark."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if started.poll() is not None:
            raise SystemExit(f"The server of the benchmark ended with {started.returncode}.")
        try:
            cpu(port)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server of the benchmark did not answer in time.")


def cpu(port: int) -> float:
    """CPU seconds of the worker, all its threads; the supervisor beside it sleeps."""
    with urllib.request.urlopen(f"http://{HOST}:{port}{CPU}", timeout=10) as response:
        return float(json.load(response)["seconds"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
