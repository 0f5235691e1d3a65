"""The workbench as it is met: in process, over HTTP, and in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from coverage_service import create_app
from coverage_service.activation import working_copy
from coverage_service.config import Config
from tests.workbench.staffing import PEOPLE, ROOT, Person, rules_folder, staff_file

__all__ = ["ROOT"]

MANY = (
    "ma-*.yaml", "marketplace-*.yaml", "medicare-[ps]*.yaml", "fep-*.yaml", "healthfirst-*.yaml",
    "tricare.yaml", "negotiated-*.yaml", "example-therapist.yaml", "health-centre.yaml", "income-*.yaml",
    "per-mille-*.yaml", "slots-*.yaml", "flat-*.yaml",
)  # fmt: skip
"""What most tests can do without: every start reads the rules and every draft tries their tests."""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A folder of a part of the shipped rules, with a state folder and two members of staff."""
    monkeypatch.setattr(working_copy, "REST", 0.0)  # Nobody else writes there meanwhile.
    rules = rules_folder(tmp_path, *MANY)
    return Config(rules, state=tmp_path / "state", staff=staff_file(tmp_path))


@pytest.fixture
def whole(tmp_path: Path) -> Config:
    """All of the shipped rules."""
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
