"""The service as its clients meet it: in process, and as a process of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from coverage_service import create_app, serving
from coverage_service.api import examples
from coverage_service.config import Config
from tests.started import ROOT, started


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


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The service under its production server: its address, and the file of all it prints."""
    with started(tmp_path_factory.mktemp("running") / "log") as found:
        yield found.address, found.log
