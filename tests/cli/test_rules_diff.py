"""`rules diff` as billing staff and a pipeline meet it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from coverage_service.activation.archive import Archive
from coverage_service.activation.change import activate
from coverage_service.rulebook.files import read_folder
from tests.activation.support import small_rules
from tests.changes.support import PPO, change, copy_of_rules, line_of
from tests.cli.terminal import ROOT, ask

FEW = ("--grid", "300", "--as-of", "2026-11-23")
RAISE = ("[copay $30]", "[copay $40]")
BODY = {
    "plan": "example-ppo",
    "network": {"status": "in"},
    "care": {"diagnosis": "F43.10", "minutes": 55, "modality": "in_person", "sessions": 4, "intake": False},
    "prices": {"90837": {"billed_cents": 20000, "allowed_cents": 14000}},
}


def diff(old: Path | str, new: Path | str, *words: str, **variables: str):
    return ask("rules", "diff", str(old), str(new), *FEW, *words, **variables)


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> Path:
    """A part of the shipped rules, quick to compare."""
    return small_rules(tmp_path_factory.mktemp("old") / "rules")


@pytest.fixture
def raised(tmp_path: Path) -> Path:
    """The same with one copay raised."""
    new = small_rules(tmp_path / "rules")
    change(new, PPO, RAISE)
    return new


def test_a_biller_reads_what_changed_whom_it_meets_and_why(tmp_path):
    """Words, count, size, cause and what was proven, and that looking is no failure."""
    raised = copy_of_rules(tmp_path)
    change(raised, PPO, RAISE)
    result = diff("rules", raised)
    said = " ".join(result.stdout.split())
    place = line_of(raised, PPO, "[copay $40]").replace("rules/", f"{raised}/", 1)

    assert result.returncode == 0, result.stderr
    assert f"Example PPO copay for in-network office visits $30 → $40 ({place})" in said
    assert "In the middle (median): +$10 for the next session" in said
    assert "because of Example PPO: copay for in-network office visits $30 → $40" in said
    assert "tests in the rule files" in said
    assert "not at all, since every fact in them is the same in both" in said


def test_exit_codes_are_what_a_pipeline_asks_for(rules, raised):
    """0 compared, 1 only where it was asked for: any change, or one over an amount."""
    largest = json.loads(diff(rules, raised, "--json").stdout)["largest"]["by_cents"]

    assert diff(rules, raised, "--exit-code").returncode == 1
    assert diff(rules, raised, "--fail-over", f"${largest // 100 - 1}").returncode == 1
    assert diff(rules, raised, "--fail-over", f"${largest // 100}").returncode == 0
    assert diff(rules, rules, "--exit-code", "--fail-over", "$0").returncode == 0
    assert diff(rules, raised, "--fail-over", "20").returncode == 2


def test_a_figure_that_is_lost_is_over_any_amount(rules, tmp_path):
    new = small_rules(tmp_path / "rules")
    change(new, PPO, ("cost_sharing: [copay $30]", "cost_sharing: unknown"))

    assert diff(rules, new, "--fail-over", "$100,000").returncode == 1


def test_what_was_removed_is_shown_where_it_stood(rules, tmp_path):
    """The new rules have another line there, or no such file."""
    new, page = small_rules(tmp_path / "rules"), tmp_path / "page.html"
    row = "{service: outpatient_mental_health, network: in, modality: telehealth, cost_sharing: [copay $20]}"
    change(
        new, PPO, (f"      - {row}\n", ""), ('patient: "$20", plan: "$120"', 'patient: "$30", plan: "$110"')
    )
    place = line_of(rules, PPO, row)
    said = " ".join(diff(rules, new, "--html", str(page)).stdout.split())

    assert f"removed: copay $20 (before: {place.replace('rules/', f'{rules}/', 1)})" in said
    assert f'<span class="place">before: {place}</span>' in page.read_text("utf-8")


def test_comments_alone_change_nothing(rules, tmp_path):
    new = small_rules(tmp_path / "rules")
    path = new / PPO
    path.write_text(f"# another comment\n\n{path.read_text('utf-8')}", "utf-8")
    result = diff(rules, new, "--exit-code")

    assert result.returncode == 0
    assert "Nothing that counts changed." in result.stdout


def test_every_mistake_of_a_broken_version_is_shown(rules, raised):
    """Nothing is compared with rules that nobody could serve."""
    change(raised, PPO, ("covered: unknown", "covered: perhaps"), ('person: "$1,000"', "person: 1000"))
    result = diff(rules, raised)

    assert result.returncode == 2
    assert result.stdout == ""
    assert f"{raised}/payers/example-ppo.yaml" in result.stderr
    assert "'perhaps'" in result.stderr
    assert "'1000'" in result.stderr
    assert "^^^" in result.stderr
    assert "2 mistakes, so nothing was compared" in result.stderr


def test_a_git_revision_is_read_without_touching_the_work_tree(tmp_path):
    """The revision is compared with files that nobody has committed."""
    rules = small_rules(tmp_path / "rules")

    def git(*words: str) -> str:
        names = ("GIT_AUTHOR", "GIT_COMMITTER")
        who = {f"{name}_{what}": "x@example.org" for name in names for what in ("NAME", "EMAIL")}
        return subprocess.run(
            ["git", "-C", str(tmp_path), *words], check=True, capture_output=True, text=True,
            env={**os.environ, **who},
        ).stdout  # fmt: skip

    git("init", "-q", "-b", "main")
    git("add", "rules")
    git("commit", "-q", "-m", "rules")
    change(rules, PPO, RAISE)
    before = git("status", "--porcelain"), (rules / PPO).read_bytes()
    result = ask("rules", "diff", "main", *FEW, COVERAGE_RULES=str(rules))

    assert result.returncode == 0, result.stderr
    assert "copay for in-network office visits $30 → $40" in result.stdout
    assert (git("status", "--porcelain"), (rules / PPO).read_bytes()) == before

    git("mv", "rules", "elsewhere")
    git("commit", "-q", "-m", "moved")
    shutil.copytree(tmp_path / "elsewhere", rules)
    gone = ask("rules", "diff", "HEAD", *FEW, COVERAGE_RULES=str(rules))
    assert gone.returncode == 2
    assert "revision 'HEAD' has no folder 'rules'" in gone.stderr


def test_a_name_that_is_nothing_says_what_to_write(rules):
    for name in ("no-such-thing", "--output=x"):
        result = diff(name, rules)
        assert result.returncode == 2
    assert "is no folder, no kept version and no git revision" in diff("no-such-thing", rules).stderr


def test_before_anything_was_put_in_force_nothing_is_serving(rules, tmp_path):
    fresh = diff("serving", rules, COVERAGE_STATE=str(tmp_path / "state"))
    unkept = diff("serving", rules, COVERAGE_STATE="off")

    assert (fresh.returncode, unkept.returncode) == (2, 2)
    assert "nothing was put in force yet, so nothing is 'serving'; write a folder of rules" in fresh.stderr
    assert "no history is kept (COVERAGE_STATE), so nothing is 'serving'; write a folder" in unkept.stderr


def test_a_kept_version_is_found_by_its_name(rules, tmp_path, raised):
    """By the version of the history, and by `serving`."""
    archive = Archive(tmp_path / "state", raised)
    archive.prepare()
    kept = activate(archive, read_folder(rules)[0], by="Kim", why="First")
    settings = {"COVERAGE_STATE": str(tmp_path / "state"), "COVERAGE_RULES": str(raised)}

    for name in (kept.activation.version, "serving"):
        result = ask("rules", "diff", name, *FEW, **settings)
        assert "$30 → $40" in result.stdout, result.stderr


def test_requests_of_a_folder_are_estimated_too(rules, tmp_path, raised):
    folder = tmp_path / "requests"
    folder.mkdir()
    (folder / "weekly.json").write_text(json.dumps(BODY), "utf-8")
    result = diff(rules, raised, "--requests", str(folder), "--json")
    (mine,) = [each for each in json.loads(result.stdout)["examples"] if each["kind"] == "requests"]

    assert (mine["name"], mine["old_cents"], mine["new_cents"]) == ("weekly.json", 12000, 16000)

    (folder / "wrong.json").write_text(json.dumps({**BODY, "plan": "nobody"}), "utf-8")
    refused = diff(rules, raised, "--requests", str(folder))
    assert refused.returncode == 2
    assert "wrong.json: /plan" in refused.stderr


def test_the_json_has_the_documented_keys(rules, raised):
    """The shape that README promises, no key more and none less."""
    found = json.loads(diff(rules, raised, "--json").stdout)
    readme = (ROOT / "rules" / "README.md").read_text("utf-8")
    part = readme[readme.index("### What a change changes") :]
    documented = set()
    for line in part[: part.index("\n## ")].splitlines():
        if line.startswith("| `"):
            documented |= set(line.split("|")[1].split("`")[1::2])

    assert set(found) == documented
    assert found["format"] == 1
    assert found["changes"][0]["text"] == "copay for in-network office visits $30 → $40"
