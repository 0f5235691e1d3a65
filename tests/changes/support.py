"""The shipped rules and copies of them with one thing changed."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

from coverage_service.sources import Sources, current

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules"
TODAY = date(2026, 11, 23)
PPO = "payers/example-ppo.yaml"


@cache
def shipped() -> Sources:
    """The rules as they are shipped."""
    found = current(RULES).sources
    assert found is not None
    return found


def copy_of_rules(folder: Path) -> Path:
    """A copy that a test may change."""
    rules = folder / "rules"
    shutil.copytree(RULES, rules)
    return rules


def change(rules: Path, name: str, *pairs: tuple[str, str]) -> None:
    """Replace texts in a file, each of which must be there."""
    path = rules / name
    said = path.read_text("utf-8")
    for old, new in pairs:
        assert old in said, (name, old)
        said = said.replace(old, new, 1)
    path.write_text(said, "utf-8")


def changed(folder: Path, name: str, *pairs: tuple[str, str]) -> Sources:
    """The shipped rules with texts of one file replaced."""
    rules = copy_of_rules(folder)
    change(rules, name, *pairs)
    return read(rules)


def read(rules: Path) -> Sources:
    """The rules of a folder, which must be right."""
    found = current(rules)
    assert found.sources is not None, found.problems
    return found.sources


def add_next_year(rules: Path, *pairs: tuple[str, str]) -> None:
    """Example PPO's entry of 2026 copied to 2027, with texts replaced in the copy."""
    path = rules / PPO
    said = path.read_text("utf-8")
    entry = said[said.index("  - plan: example-ppo") :]
    for old, new in (("from: 2026-01-01, to: 2026-12-31", "from: 2027-01-01, to: 2027-12-31"), *pairs):
        assert old in entry, old
        entry = entry.replace(old, new, 1)
    path.write_text(said.rstrip() + "\n" + entry, "utf-8")


def line_of(rules: Path, name: str, text: str, last: bool = False) -> str:
    """``rules/<file>:<line>`` of the first (or last) line that holds a text."""
    lines = (rules / name).read_text("utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    return f"rules/{name}:{found[-1 if last else 0]}"
