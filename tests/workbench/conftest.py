"""The workbench as it is met: in process, over HTTP, and in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from coverage_service import create_app
from coverage_service.config import Config
from tests.web.conftest import browser
from tests.workbench.staffing import PEOPLE, Person, staff_file

__all__ = ["browser"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A folder of the shipped rules, with a state folder and two members of staff."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return Config(tmp_path / "rules", state=tmp_path / "state", staff=staff_file(tmp_path))


@pytest.fixture
def app(config: Config) -> Flask:
    return create_app(config)


@pytest.fixture
def person(app) -> Callable[..., Person]:
    """Signs somebody in, in a browser of their own."""

    def start(name: str = PEOPLE[0], **options) -> Person:
        return Person(app, name, **options)

    return start


@pytest.fixture
def kim(person) -> Person:
    return person("kim")


@pytest.fixture
def lee(person) -> Person:
    return person("lee")
