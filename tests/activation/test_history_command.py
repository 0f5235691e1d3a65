"""`rules activate`, `rules history`, `rules rollback` as a person runs them."""

from __future__ import annotations

import json

import pytest

from tests.activation.support import PLAN, files_of, make_dearer
from tests.cli import terminal


@pytest.fixture
def run(rules, tmp_path):
    """Runs a command on the small rules and their archive."""
    settings = {"COVERAGE_RULES": str(rules), "COVERAGE_STATE": str(tmp_path / "state"), "COLUMNS": "160"}
    return lambda *words, **variables: terminal.run("rules", *words, **{**settings, **variables})


def test_a_change_is_activated_told_and_rolled_back(run, rules):
    assert run("activate", "--by", "Kim", "--why", "first").returncode == 0
    before = files_of(rules)
    make_dearer(rules)

    said = run("activate", "--by", "Lee", "--why", "letter of 3 March").stdout

    assert "copay for in-network office visits $30 → $40 (rules/payers/example-ppo.yaml:" in said
    assert "The reason was not kept" in run("activate", "--why", "another reason").stdout
    assert "The reason was not kept" not in run("activate").stdout
    newest, first = json.loads(run("history", "--json").stdout)["activations"]
    assert (newest["by"], newest["why"], first["by"]) == ("Lee", "letter of 3 March", "Kim")
    assert newest["impact"]["changed"] > 0
    assert first["impact"] is None
    assert "holds them now" in run("rollback", first["version"], "--why", "the letter was wrong").stdout
    assert files_of(rules) == before
    lines = run("history").stdout.splitlines()
    assert [line.split("|")[2].strip() for line in lines[2:5]] == [
        first["version"], newest["version"], first["version"],
    ]  # fmt: skip
    assert lines[2].startswith("*")
    assert "the letter was wrong" in lines[2]


def test_a_mistake_is_shown_in_its_line_and_nothing_changes(run, rules):
    run("activate")
    (rules / PLAN).write_bytes((rules / PLAN).read_bytes().replace(b"limits:", b"limit:", 1))

    refused = run("activate")

    assert refused.returncode == 1
    assert "example-ppo.yaml:" in refused.stdout
    assert "limit:\n" in refused.stdout
    assert "^^^^^" in refused.stdout
    assert refused.stdout.endswith("Nothing was changed; the rules in force stay as they are.\n")
    assert len(json.loads(run("history", "--json").stdout)["activations"]) == 1


def test_every_command_takes_an_older_version(run, rules):
    run("activate")
    make_dearer(rules)
    run("activate")
    _, first = json.loads(run("history", "--json").stdout)["activations"]

    assert "copay $30" in run("show", "example-ppo", "--rules", first["version"]).stdout
    assert "copay $40" in run("show", "example-ppo").stdout
    assert run("check", "no-such-version").returncode == 1


ANSWERS = ["--name=Kim", "--year=2026", "--licence=LMFT", "--state=OR", "--document=Fees", "--page=1"]


@pytest.mark.parametrize(
    "command",
    [
        ["format"],
        ["copy-year", PLAN, "--year", "2026"],
        ["new", "therapist", *ANSWERS],
        ["suggest-tests", "--write", PLAN],
        ["import", "--xlsx", "rules.xlsx"],
    ],
    ids=lambda x: x[0],
)
def test_no_command_writes_to_a_version_that_is_kept(run, command):
    run("activate")
    [kept] = json.loads(run("history", "--json").stdout)["activations"]

    refused = run(*command, "--rules", kept["version"])

    assert refused.returncode == 2
    assert "is a version of the history, and stays as it is" in refused.stderr
    assert run("check", "--rules", kept["version"]).returncode == 0


def test_a_rollback_wants_a_reason_and_a_version_that_is_kept(run):
    run("activate")

    assert "--why" in run("rollback", "000000000000").stderr
    assert "write the reason" in run("rollback", "000000000000", "--why", " ").stderr
    found = run("rollback", "000000000000", "--why", "a try")
    assert found.returncode == 1
    assert "no rules of version '000000000000' are kept" in found.stdout


def test_without_a_state_folder_there_is_no_history_and_it_is_said(run):
    found = run("history", COVERAGE_STATE="off")

    assert found.returncode == 1
    assert "no history is kept: no state folder is set up (COVERAGE_STATE)" in found.stderr
