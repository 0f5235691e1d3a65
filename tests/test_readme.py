"""The README opens with a real estimate: the command is run and its lines must be there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """(command, lines of its output that the README shows) of every console block."""
    blocks = CONSOLE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    parted = [block.split("\n", 1) for block in blocks]
    return [(command.removeprefix("$ "), shown.splitlines()) for command, shown in parted]


def test_the_readme_shows_an_estimate():
    assert examples()


@pytest.mark.parametrize(("command", "shown"), examples(), ids=lambda value: str(value)[:40])
def test_the_output_in_the_readme_is_the_real_one(command, shown):
    program, *arguments = shlex.split(command)
    assert program == "coverage-service"
    ran = subprocess.run(
        [sys.executable, "-m", "coverage_service", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60, encoding="utf-8",
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip
    left = [line.rstrip() for line in ran.stdout.splitlines()]

    for line in shown:
        if line.strip() == "...":
            continue
        assert line.rstrip() in left, line
        left = left[left.index(line.rstrip()) + 1 :]
