"""The rules and the requests of the benchmark: the shipped rules and one fictional plan more."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from coverage_service.sources import Sources, current

HERE = Path(__file__).resolve().parent
TODAY = date(2026, 11, 23)


def body(name: str = "estimate") -> dict[str, Any]:
    """A request as it is sent."""
    found: dict[str, Any] = json.loads((HERE / "requests" / f"{name}.json").read_text())
    return found


@contextmanager
def rules_folder() -> Iterator[Path]:
    """A folder that a service can be started on, gone afterwards with everything kept beside it."""
    usual = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="coverage-bench-") as made:
        folder = Path(made) / "rules"
        shutil.copytree(HERE.parent / "rules", folder)
        for plan in (HERE / "rules").glob("*.yaml"):
            shutil.copy(plan, folder / "payers")
        tempfile.tempdir = made  # The service keeps what it read from rules among the temporary files.
        try:
            yield folder
        finally:
            tempfile.tempdir = usual


@cache
def sources() -> Sources:
    """What that folder says, read once."""
    with rules_folder() as folder:
        found = current(folder, folder.parent)
    if found.sources is None:
        raise SystemExit("\n".join(str(problem) for problem in found.problems))
    return found.sources
