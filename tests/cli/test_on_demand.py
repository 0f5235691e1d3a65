"""Each command is found by its name, and starts without what only the others need."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from coverage_service.cli import main
from coverage_service.cli import rules as of_rules
from coverage_service.cli.on_demand import OnDemand
from tests.cli.terminal import ROOT, ask

GROUPS = {"main": main, "rules": of_rules.rules}
NEEDED_BY_OTHERS = ("openpyxl", "ruamel", "rich", "flask", "granian", "coverage_service.core.estimate")
WHAT_IS_READ = f"""
import atexit, sys
from coverage_service.cli import main
atexit.register(lambda: print([name for name in {NEEDED_BY_OTHERS} if name in sys.modules]))
main(["rules", "check"])
"""


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_every_place_holds_the_command_of_that_name(group: click.Group) -> None:
    assert isinstance(group, OnDemand)
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    assert {name: command.name for name, command in found.items() if command} == {n: n for n in found}
    assert set(group.places) < set(found)


def test_a_name_that_is_no_command_is_told_apart() -> None:
    asked = ask("rules", "chekc")
    assert asked.returncode == 2
    assert "No such command 'chekc'" in asked.stderr


def test_a_check_reads_no_library_of_another_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHAT_IS_READ], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
