"""The facts of the service as one value, and the cache they are read from."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from coverage_service import sources
from coverage_service.rulebook.files import read_folder, version_of_book
from coverage_service.rulebook.problems import errors
from coverage_service.sources import cache_folder, current

ROOT = Path(__file__).resolve().parent.parent
DRAFT = """
payer: Draft Mutual
sources:
  sbc: {title: "A draft", page: "1", read: 2026-11-20}
plans:
  - plan: draft-plan
    name: Draft
    status: draft
    reviewed: 2026-11-20
    effective: {from: 2026-01-01, to: 2026-12-31}
    source: sbc
    market: {kind: PPO, group: large, funding: insured, state: OH, hsa_eligible: no, grandfathered: no}
    limits: {in_network: {deductible: {person: "$0"}, out_of_pocket_maximum: {person: "$5,000"}}}
    benefits: [{service: outpatient_mental_health, network: in, cost_sharing: [copay $30]}]
    allowed_amounts: {in: contract}
    coverage: {diagnoses: [{match: "F*", covered: yes}]}
    tests:
      - case: A copay
        session: {cpt: "90837", diagnosis: F43.10, network: in, billed: "$200", allowed: "$140"}
        expect: {patient: "$30"}
"""


@pytest.fixture
def rules(tmp_path) -> Path:
    """A copy of the shipped rules, to change at will."""
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


def test_a_second_start_from_the_cache_says_the_same(tmp_path):
    first, second = (current(ROOT / "rules", tmp_path) for _ in range(2))

    assert len(list(tmp_path.iterdir())) == 2
    assert first == second


def test_a_draft_is_never_served(rules, tmp_path):
    (rules / "payers" / "draft.yaml").write_text(DRAFT)

    found = current(rules, tmp_path).sources

    assert found is not None
    assert "draft-plan" in found.book.plans
    assert "draft-plan" not in found.plans


@pytest.mark.parametrize("part", ["payers", "therapists"])
def test_one_bad_file_leaves_no_sources_and_says_why(rules, tmp_path, part):
    (rules / part / "bad.yaml").write_text("a: [\n")

    found = current(rules, tmp_path)

    assert found.sources is None
    assert any(problem.path.endswith("bad.yaml") for problem in found.problems)


def test_the_sources_cannot_be_changed():
    found = current(ROOT / "rules").sources
    assert found is not None

    with pytest.raises(dataclasses.FrozenInstanceError):
        found.book = None
    with pytest.raises(TypeError):
        found.plans["example-ppo"] = ()


def test_the_cache_is_kept_where_nobody_else_can_write(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = cache_folder()
    assert folder is not None
    assert folder.stat().st_mode & 0o077 == 0

    folder.chmod(0o777)

    assert cache_folder() is None


def test_a_link_in_place_of_the_cache_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = cache_folder()
    assert folder is not None
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")

    assert cache_folder() is None


def test_files_read_once_say_the_same_as_their_folder(rules, tmp_path):
    files, problems = read_folder(rules)
    shutil.rmtree(rules / "payers")

    found, there = current(files, tmp_path).sources, current(ROOT / "rules", tmp_path).sources

    assert problems == ()
    assert found is not None
    assert found == there
    assert found.version == version_of_book(files)


def test_a_therapist_changes_the_hash_of_all_files_and_not_the_version(rules, tmp_path):
    before = current(rules, tmp_path).sources
    with (rules / "therapists" / "example-therapist.yaml").open("a") as file:
        file.write("# a note\n")

    after = current(rules, tmp_path).sources

    assert before is not None
    assert after is not None
    assert before.version == after.version
    assert before.files != after.files


def test_mistakes_of_payers_and_therapists_are_told_together(rules, tmp_path):
    for part in ("payers", "therapists"):
        (rules / part / "bad.yaml").write_text("a: [\n")

    assert {problem.path for problem in errors(current(rules, tmp_path).problems)} == {
        "rules/payers/bad.yaml",
        "rules/therapists/bad.yaml",
    }


def test_a_wrongly_named_file_is_refused_from_memory_too(tmp_path):
    found = current({"payers/x.yml": b"payer: X\n"}, tmp_path)

    assert found.sources is None
    assert [problem.path for problem in found.problems] == ["rules/payers/x.yml"]
