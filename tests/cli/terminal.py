"""The command line as a person runs it: in a process of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent / "conversations"
RANGE = str(HERE / "range.json")
WITHOUT = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "COVERAGE_RULES", "TTY_COMPATIBLE", "TTY_INTERACTIVE")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in WITHOUT}
    return {**kept, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}


@cache
def ask(*words: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """One command, its output not on a terminal; asked again it is not run again."""
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
