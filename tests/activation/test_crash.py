"""Killed at any moment, on a full disk, against each other: the next start serves a whole version."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.activation.support import ROOT


@pytest.mark.parametrize(
    "what",
    [("kill", "0", "19", "40"), ("full", "0", "150", "2000", "44000"), ("rivals", "5")],
    ids=lambda what: what[0],
)
def test_the_next_start_serves_a_whole_version(tmp_path, what):
    command = [sys.executable, "-m", "tests.activation.crash", str(tmp_path), *what]

    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_200)

    assert found.returncode == 0, found.stdout[-5_000:] + found.stderr[-5_000:]
