"""`rules check` and `rules show` on the command line."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
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
    assert [x.split(": ")[0] for x in lines[:9:3]] == [
        f"{folder}/payers/a.yaml:12:5",
        f"{folder}/payers/b.yaml:12:16",
        f"{folder}/payers/b.yaml:13:20",
    ]
    assert lines[9:] == ["2 rule files read: 3 errors, 0 warnings. The rules are not used."]


def test_a_caret_stands_under_each_mistake(tmp_path: Path):
    text = payer_text(plan_text("benfits: []\nlesser_of: NO")).replace("A plan", "A plän")
    lines = run("check", str(folder_of(tmp_path, a=text))).output.splitlines()

    assert lines[1:3] == ["    12 |     benfits: []", "       |     ^^^^^^^"]
    assert lines[4:6] == ["    13 |     lesser_of: NO", "       |                ^^"]


def test_a_long_line_is_cut_around_its_mistake(tmp_path: Path):
    row = f"benefits: [{{service: x, licences: [MD], tier: {'y' * 90}, modality: video}}]"
    folder = folder_of(tmp_path, a=payer_text(plan_text(row)))
    output = run("check", str(folder)).output.splitlines()
    at = next(i for i, line in enumerate(output) if "'video' is not known here" in line)
    source, caret = output[at + 1 : at + 3]

    assert source[caret.index("^") : caret.rindex("^") + 1] == "video"
    assert len(source) < 110


def test_nothing_of_a_file_steers_the_terminal(tmp_path: Path):
    text = payer_text(plan_text('lesser_of: "\\e[2J"  # \x9b2J\n')).replace("\\e", "\N{ZERO WIDTH SPACE}")
    output = run("check", str(folder_of(tmp_path, a=text))).output

    assert "\x9b" not in output
    assert "\N{REPLACEMENT CHARACTER}" in output


def shipped_with(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "proposed"),
    [
        ("payers/example-ppo.yaml", "limits:", "limit:", "write 'limits'"),
        ("payers/example-ppo.yaml", "copay $20", "copya $20", "write 'copay $20'"),
        ("payers/example-ppo.yaml", "F52.21", "F52.2l", "write F52.21"),
        ("payers/example-ppo.yaml", "LMFT, LPC", "LMTF, LPC", "write 'LMFT'"),
        ("payers/example-ppo.yaml", "LMFT, LPC", "lmft, LPC", "write 'LMFT'"),
        (
            "payers/example-ppo.yaml",
            "service: outpatient",
            "service: outpatent",
            "write 'outpatient_mental_health'",
        ),
        ("payers/example-ppo.yaml", 'cpt: "90837"', 'cpt: "9O837"', 'write "90837"'),
        ("payers/example-ppo.yaml", 'cpt: "90837"', 'cpt: "90873"', 'write "90837" or "90853", or add it'),
        (
            "therapists/example-therapist.yaml",
            "plan: example-ppo",
            "plan: example-pp0",
            "write 'example-ppo'",
        ),
        ("therapists/example-therapist.yaml", "model: fpl_bands", "model: fpl_band", "write 'fpl_bands'"),
    ],
)
def test_the_nearest_known_thing_is_proposed(tmp_path: Path, name: str, old: str, new: str, proposed: str):
    assert proposed in run("check", str(shipped_with(tmp_path, name, old, new))).output


def test_a_code_that_only_looks_right_is_a_warning(tmp_path: Path):
    """Codes come and go every year, so an unknown one is not an error."""
    result = run("check", str(shipped_with(tmp_path, "payers/example-ppo.yaml", '"90837"', '"90873"')))

    assert result.exit_code == 0
    assert "'90873' is no procedure code of rules/reference/codes.yaml" in result.output


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


def test_warnings_do_not_hide_an_error(tmp_path: Path):
    warned = payer_text(plan_text("coverage: {prior_authorization: yes}", plan="other"))
    folder = folder_of(tmp_path, a=payer_text(plan_text("benfits: []")), b=warned)
    places = [x for x in run("check", str(folder)).output.splitlines() if x.startswith(str(folder))]

    assert [x.startswith(f"{folder}/payers/a.yaml") for x in places] == [False, True]


def test_an_empty_folder_is_not_a_pass(tmp_path: Path):
    assert run("check", str(tmp_path)).exit_code == 1
    assert run("check", str(tmp_path / "nowhere")).exit_code == 1


def test_problems_as_json(tmp_path: Path):
    result = run("check", "--json", str(folder_of(tmp_path, a=payer_text(plan_text("lesser_of: NO")))))
    (problem,) = json.loads(result.output)

    assert result.exit_code == 1
    assert problem == {
        "file": f"{tmp_path}/rules/payers/a.yaml",
        "line": 12,
        "column": 16,
        "message": "'NO' is not a word of the rule files",
        "remedy": "write no, in lower case and without quotes",
        "severity": "error",
    }


def test_a_plan_is_shown_in_words():
    result = run("show", "example-ppo", "--rules", str(RULES))

    assert result.exit_code == 0
    assert "outpatient mental health, in network, telehealth: copay $20" in result.output
    assert "in network deductible: $1,000 a person, $2,000 a family (embedded)" in result.output


def test_the_entry_of_today_is_shown_first_and_marked():
    shown = run("show", "medicare-part-b", "--rules", str(RULES)).output
    starts = [date.fromisoformat(text) for text in re.findall(r", from (\S+)", shown)]
    first, _, others = shown.partition("today's entry; the others follow")

    assert starts[0] == max(on for on in starts if on <= datetime.now(UTC).date())
    assert first.count(", from ") == 1
    assert others.count(", from ") == len(starts) - 1 > 0


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
