"""`rules check` and `rules show` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from coverage_service.cli import main
from tests.rulebook.support import RULES, folder_of, payer_text, plan_text


def run(*words: str):
    return CliRunner().invoke(main, ["rules", *words])


def test_the_shipped_rules_pass():
    result = run("check", str(RULES))

    assert result.exit_code == 0
    assert result.output.splitlines()[-1].split(":")[1].strip().startswith("0 errors")


def test_every_mistake_is_shown_at_once_and_the_exit_code_is_1(tmp_path: Path):
    folder = folder_of(
        tmp_path,
        b=payer_text(plan_text("lesser_of: NO\nsequestration: 2")),
        a=payer_text(plan_text("benfits: []", plan="other")),
    )
    result = run("check", str(folder))
    lines = result.output.splitlines()

    assert result.exit_code == 1
    assert [x.split(": ")[0] for x in lines[:3]] == [
        f"{folder}/payers/a.yaml:12:5",
        f"{folder}/payers/b.yaml:12:16",
        f"{folder}/payers/b.yaml:13:20",
    ]
    assert lines[3] == "2 rule files read: 3 errors, 0 warnings. The rules are not used."


def test_mistakes_of_therapists_are_shown_too(tmp_path: Path):
    folder = folder_of(tmp_path, a=payer_text(plan_text()))
    (folder / "therapists").mkdir()
    (folder / "therapists" / "t.yaml").write_text("therapist: t\nfees: [{cpt: 90837, fee: $200}]\n")
    result = run("check", str(folder))

    assert result.exit_code == 1
    assert 'put it in quotes: "90837"' in result.output


def test_warnings_are_shown_and_the_exit_code_is_0(tmp_path: Path):
    result = run(
        "check", str(folder_of(tmp_path, a=payer_text(plan_text("coverage: {prior_authorization: yes}"))))
    )

    assert result.exit_code == 0
    assert "PARITY_PREAUTH" in result.output
    assert "[warning]" in result.output


def test_an_empty_folder_is_not_a_pass(tmp_path: Path):
    assert run("check", str(tmp_path)).exit_code == 1
    assert run("check", str(tmp_path / "nowhere")).exit_code == 1


def test_problems_as_json(tmp_path: Path):
    result = run("check", "--json", str(folder_of(tmp_path, a=payer_text(plan_text("lesser_of: NO")))))
    (problem,) = json.loads(result.output)

    assert result.exit_code == 1
    assert (problem["path"], problem["line"], problem["column"], problem["severity"]) == (
        "rules/payers/a.yaml",
        12,
        16,
        "error",
    )


def test_a_plan_is_shown_in_words():
    result = run("show", "example-ppo", "--rules", str(RULES))

    assert result.exit_code == 0
    assert "outpatient mental health, in network, telehealth: copay $20" in result.output
    assert "in network deductible: $1,000 a person, $2,000 a family (embedded)" in result.output


def test_every_shipped_plan_can_be_shown():
    from coverage_service.rulebook.describe import describe
    from tests.rulebook.support import load_shipped

    book = load_shipped().book
    assert book is not None
    for entries in book.plans.values():
        for entry in entries:
            assert not any("object at" in line or "UNKNOWN" in line for line in describe(entry))


def test_a_plan_that_is_not_there():
    result = run("show", "example-pp0", "--rules", str(RULES))

    assert result.exit_code == 1
    assert "write 'example-ppo'" in result.output
