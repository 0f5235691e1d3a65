"""The command line as a person runs it."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from coverage_service.cli import main

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent / "conversations"
RANGE = str(HERE / "range.json")
WITHOUT = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "COVERAGE_RULES", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
USUAL = {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}

Asked = subprocess.CompletedProcess[str]


def run(*words: str, stdin: str = "", **variables: str) -> Asked:
    """One command in this process, its output not on a terminal.

    `test_process.py` holds a process of its own to say the same.
    """
    settings = {**dict.fromkeys(WITHOUT), **USUAL, **variables}
    with contextlib.chdir(ROOT):
        found = CliRunner().invoke(
            main, words, input=stdin, env=settings, prog_name="coverage_service", catch_exceptions=False
        )
    return Asked(words, found.exit_code, found.stdout, found.stderr)


ask = cache(run)
"""The same for what no test changes; asked again it is not run again."""


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in WITHOUT}
    return {**kept, **USUAL, **more}


def ask_apart(*words: str, stdin: str = "", **variables: str) -> Asked:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "coverage_service", *words],
        cwd=ROOT, env=environment(**variables), input=stdin, capture_output=True, text=True, timeout=120,
        encoding="utf-8",
    )  # fmt: skip


def ask_on_a_terminal(*words: str, **variables: str) -> str:
    """What a command writes on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coverage_service", *words],
        cwd=ROOT, env=environment(COLUMNS="100", **variables), stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    found = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:
            break
        if not part:
            break
        found += part
    os.close(ours)
    process.wait(timeout=60)
    return found.decode("utf-8")
