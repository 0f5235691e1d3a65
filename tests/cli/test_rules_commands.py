"""`rules test` and `rules explain` as billing staff meet them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.activation.support import asked_rules
from tests.cli.terminal import RANGE, ask
from tests.rulebook.support import folder_of, payer_text, plan_text

HDHP = [
    "--plan",
    "example-hdhp",
    "--therapist",
    "example-therapist",
    "--diagnosis",
    "F52.21",
    "--minutes",
    "55",
    "--no-intake",
    "--network",
    "in",
]
SHARES = ("deductible", "copay", "coinsurance", "over_maximum", "balance", "noncovered")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A part of the shipped rules, quick to read, that a test may spoil."""
    return asked_rules(tmp_path / "rules")


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_tests_pass():
    result = ask("rules", "test")

    assert result.returncode == 0, result.stdout
    assert re.fullmatch(r"(\d+) tests run, \1 passed, 0 failed\n", result.stdout)


@pytest.mark.parametrize("command", [["check"], ["format", "--check"], ["freshness"]], ids=lambda x: x[0])
def test_the_folder_stands_alone_or_behind_its_name(tmp_path, command):
    """And it is read in place of the folder that is set up, which holds another plan."""
    folder = folder_of(tmp_path / "named", a=payer_text(plan_text("market: {kind: PPO}")))
    other = folder_of(tmp_path / "set-up", b=payer_text(plan_text("market: {kind: HMO}")))

    def run(*words: str):
        return ask("rules", *command, *words, COVERAGE_RULES=str(other))

    alone, behind = run(str(folder)), run("--rules", str(folder))

    assert (alone.returncode, alone.stdout) == (behind.returncode, behind.stdout)
    assert alone.stdout != run().stdout
    assert "two folders are named" in run(str(folder), "--rules", str(other)).stderr


def test_a_workbook_of_a_folder_that_stands_alone(rules, tmp_path):
    workbook = str(tmp_path / "rules.xlsx")

    assert ask("rules", "export", str(rules), "--xlsx", workbook).returncode == 0
    spoil(rules, "payers/example-hdhp.yaml", "plan: example-hdhp\n", "plan: another-hdhp\n")
    assert "example-hdhp" in ask("rules", "import", str(rules), "--xlsx", workbook).stdout


def test_an_unconfirmed_test_runs_and_is_told_to_be_so(rules):
    name = "The deductible ends inside this session"
    spoil(rules, "payers/example-hdhp.yaml", f"case: {name}\n", f"case: {name}\n        confirmed: no\n")

    result = ask("rules", "test", "example-hdhp", "--rules", str(rules))

    assert result.returncode == 0, result.stdout
    assert f"example-hdhp: {name} [not confirmed]" in result.stdout
    assert re.search(r"\n(\d+) of \d+ tests run, \1 passed, 0 failed, 1 not confirmed\n$", result.stdout)


def test_unconfirmed_tests_alone_show_nothing(rules):
    name = "The deductible ends inside this session"
    spoil(rules, "payers/example-hdhp.yaml", f"case: {name}\n", f"case: {name}\n        confirmed: no\n")

    result = ask("rules", "test", "inside this", "example-hdhp", "deductible", "--rules", str(rules))

    assert result.returncode == 1
    assert "1 passed, 0 failed; none of them is confirmed" in result.stdout


def test_a_wrong_expectation_fails_and_shows_its_working(rules):
    spoil(rules, "payers/example-hdhp.yaml", 'patient: "$68"', 'patient: "$67"')

    result = ask("rules", "test", "--rules", str(rules))

    assert result.returncode == 1
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith(f"{rules}/payers/example-hdhp.yaml:")
    assert lines[0].endswith("example-hdhp: The deductible ends inside this session")
    for line in (
        "patient: expected $67, found $68",
        "billed $210",
        "deductible $50 $0 of the deductible left, $4,000 to the out-of-pocket maximum",
        "coinsurance 20% $18 of $90, $3,982 to the out-of-pocket maximum",
        "the plan pays the rest $72",
        "> the patient pays $68 <- expected $67",
    ):
        assert line in lines
    assert lines[-1].endswith("1 failed")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-plan",), "no test ran: none of"),
        (("rules/payers/no-such-file.yaml",), "no test ran: none of"),
        (("example-ppo", "no such case"), "no test ran: none of"),
    ],
)
def test_a_filter_that_matches_nothing_fails(words, told):
    result = ask("rules", "test", *words)

    assert result.returncode == 1
    assert told in result.stdout


def test_no_folder_and_no_tests_fail(tmp_path, rules):
    assert ask("rules", "test", "--rules", str(tmp_path / "nothing")).returncode == 1
    (tmp_path / "empty").mkdir()
    assert ask("rules", "test", "--rules", str(tmp_path / "empty")).returncode == 1
    for part in ("payers", "therapists"):
        shutil.rmtree(rules / part)
    result = ask("rules", "test", "--rules", str(rules))
    assert result.returncode == 1
    assert "no test ran" in result.stdout + result.stderr


def test_rules_with_a_mistake_run_no_test(rules):
    spoil(rules, "payers/example-ppo.yaml", "copay $30", "copayment $30")

    result = ask("rules", "test", "--rules", str(rules))

    assert result.returncode == 1
    assert "example-ppo.yaml:" in result.stderr
    assert "no test was run" in result.stderr


def test_words_choose_tests():
    result = ask("rules", "test", "example-ppo", "copay")

    assert result.returncode == 0
    assert re.match(r"\d+ of \d+ tests run, \d+ passed, 0 failed", result.stdout)


def test_json_tells_every_test(rules):
    spoil(rules, "payers/example-ppo.yaml", 'patient: "$30", copay', 'patient: "$31", copay')

    result = ask("rules", "test", "example-ppo", "--json", "--rules", str(rules))
    told = json.loads(result.stdout)

    assert result.returncode == 1
    assert (told["ran"], told["failed"]) == (len(told["tests"]), 1)
    (failed,) = [each for each in told["tests"] if not each["passed"]]
    assert failed["differences"] == [{"name": "patient", "expected": 3100, "found": 3000}]


def test_explain_tells_every_amount_with_its_rule():
    known = ("--allowed", "90837=$140", "--as-of", "2026-03-02", "--used-deductible", "$1,950")
    result = ask("rules", "explain", *HDHP, "--sessions", "3", *known)

    assert result.returncode == 0, result.stderr
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "In network: as planned" in lines
    assert "deductible $50 $0 of the deductible left, $4,000 to the out-of-pocket maximum" in lines
    assert "coinsurance 20% $18 of $90, $3,982 to the out-of-pocket maximum" in lines
    assert "2026-03-09 90837, and 1 more like it to 2026-03-16" in lines
    where = [line for line in lines if line.startswith("rules/payers/example-hdhp.yaml:")]
    assert all(
        line.endswith("Summary Plan Description (fictional), page section 5.2 (verified)") for line in where
    )
    assert "together $124 for 3 claim lines" in lines


def test_what_nobody_said_is_not_told_as_said():
    text = ask("rules", "explain", *HDHP, "--sessions", "1").stdout

    assert "nobody said it" in text


def test_explain_as_json_adds_up():
    told = json.loads(ask("rules", "explain", RANGE, "--json").stdout)

    assert told[0]["pathway"] == "in_network"
    for each in (line for way in told for line in way["lines"]):
        shares = [row["cents"] for row in each["rows"] if row["part"] in SHARES]
        assert sum(shares) == each["patient_cents"]
