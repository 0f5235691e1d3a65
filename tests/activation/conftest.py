"""A rule book of few files and the archive of what was put in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_service.activation.archive import Archive
from tests.activation.support import small_rules


@pytest.fixture
def rules(tmp_path) -> Path:
    """A folder of rules to change at will."""
    return small_rules(tmp_path / "rules")


@pytest.fixture
def archive(tmp_path, rules) -> Archive:
    """An empty archive of these rules."""
    found = Archive(tmp_path / "state", rules)
    found.prepare()
    return found
