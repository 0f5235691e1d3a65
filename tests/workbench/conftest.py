"""The workbench as it is met: in process, over HTTP, and in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from coverage_service import create_app
from coverage_service.config import Config
from tests.workbench.staffing import PEOPLE, ROOT, Person, rules_folder, staff_file

__all__ = ["ROOT"]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A folder of the shipped rules, with a state folder and two members of staff."""
    return Config(rules_folder(tmp_path), state=tmp_path / "state", staff=staff_file(tmp_path))


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
