"""Commands in a process of their own say what they say to the tests that run them inside theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.rule_files import SHIPPED, only, written
from tests.cli.terminal import RANGE, ask, ask_apart

PPO = "payers/example-ppo.yaml"
COMMANDS = [
    ("estimate", "-"),
    ("script", RANGE, "--language", "es"),
    ("rules", "coverage"),
    ("rules", "diff", "serving", "--grid", "20"),
    ("rules", "explain", RANGE),
    ("rules", "history"),
    ("rules", "mutate", "example-ppo", "--every", "40"),
    ("rules", "suggest-tests"),
    ("rules", "test", "copay"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A rule book that is quick to read."""
    return written(tmp_path_factory.mktemp("small"), only(SHIPPED, PPO))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_process_of_its_own_says_the_same(folder, words):
    stdin = '{"care": {"minutes": 50, "concern": "é"}}' if "-" in words else ""
    apart = ask_apart(*words, stdin=stdin, COVERAGE_RULES=str(folder))
    here = ask(*words, stdin=stdin, COVERAGE_RULES=str(folder))

    assert apart.stdout + apart.stderr
    assert (here.returncode, here.stdout, here.stderr) == (apart.returncode, apart.stdout, apart.stderr)
