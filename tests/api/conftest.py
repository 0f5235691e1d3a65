"""The service as its clients meet it: in process, and as a process of its own."""

from __future__ import annotations

import contextlib
import copy
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from coverage_service import create_app, serving
from coverage_service.api import examples
from coverage_service.config import Config

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def app():
    return create_app(Config(ROOT / "rules"))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def broken_client(tmp_path):
    """A service whose rule files have a mistake."""
    (tmp_path / "payers").mkdir()
    (tmp_path / "payers" / "bad.yaml").write_text("payer: [\n")
    return create_app(Config(tmp_path)).test_client()


@pytest.fixture
def sources(app):
    return app.extensions[serving.KEY].sources


@pytest.fixture
def body():
    """The usual request, to change at will."""
    return copy.deepcopy(examples.ESTIMATE)


@pytest.fixture
def batch():
    return copy.deepcopy(examples.BATCH)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The service under its production server: its address, and the file of all it prints."""
    port, log = free_port(), tmp_path_factory.mktemp("running") / "log"
    command = [sys.executable, "-m", "coverage_service", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=5):
                break
            time.sleep(0.1)
        yield address, log
    finally:
        process.terminate()
        process.wait(timeout=20)
