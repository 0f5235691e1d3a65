"""A folder of rules: dated entries, versions, the store of therapists, the cache."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coverage_service.rulebook.book import load
from coverage_service.rulebook.cache import Cache
from coverage_service.rulebook.files import Shelf
from coverage_service.therapists.store import load_therapists
from tests.rulebook.support import RULES, folder_of, load_shipped, payer_text, plan_text


def entry(start: str, end: str, plan: str = "a-plan") -> str:
    return payer_text(plan_text(plan=plan, dates=f"{{from: {start}, to: {end}}}"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def test_the_shipped_rules_load_without_an_error():
    loaded = load_shipped()

    assert loaded.book is not None
    assert {"example-ppo", "example-hdhp", "example-oon", "example-eap"} <= loaded.book.plans.keys()
    assert loaded.book.reference.service_of["90837"] == ("psychotherapy", "outpatient_mental_health")
    assert loaded.book.reference.ancestors["psychotherapy"] == ("outpatient_mental_health",)
    assert {"90791", "90847"} <= loaded.book.reference.services["outpatient_mental_health"]
    assert loaded.book.reference.guidelines["2026", "48"].first_person == 1_596_000
    assert loaded.book.reference.legal_limits["2026"].aca_out_of_pocket == (1_060_000, 2_120_000)
    assert loaded.book.reference.schedules["medicare-2026"].licence_percent["LMFT"] == 7500


def test_two_entries_of_one_id_are_kept_in_the_order_of_time(tmp_path: Path):
    folder = folder_of(tmp_path, b=entry("2026-01-01", "2026-12-31"), a=entry("2027-01-01", "open"))
    loaded = load(folder)

    assert loaded.problems == ()
    assert [x.starts.year for x in loaded.book.plans["a-plan"]] == [2026, 2027]


@pytest.mark.parametrize(
    ("one", "two", "severity", "says"),
    [
        (("2026-01-01", "2026-12-31"), ("2026-12-31", "open"), "error", "runs until 2026-12-31"),
        (
            ("2026-01-01", "open"),
            ("2027-01-01", "open"),
            "error",
            "runs without an end; end that one on 2026-12-31",
        ),
        (("2026-01-01", "2026-12-31"), ("2026-01-01", "2026-12-31"), "error", "overlaps the entry at"),
        (
            ("2026-01-01", "2026-06-30"),
            ("2026-08-01", "open"),
            "warning",
            "gap from 2026-07-01 to 2026-07-31",
        ),
    ],
)
def test_overlaps_and_gaps_are_told_with_both_places(tmp_path, one, two, severity, says):
    loaded = load(folder_of(tmp_path, one=entry(*one), two=entry(*two)))
    (problem,) = loaded.problems

    assert (problem.severity, problem.path, problem.line, problem.column) == (
        severity,
        "rules/payers/two.yaml",
        6,
        5,
    )
    assert "rules/payers/one.yaml:6:5" in problem.message
    assert says in str(problem)
    assert (loaded.book is None) == (severity == "error")


def test_all_files_are_read_before_anything_is_refused(tmp_path: Path):
    folder = folder_of(
        tmp_path, a="a: [", b=entry("2026-01-01", "2026-02-30"), c=entry("2026-01-01", "open", "c")
    )
    loaded = load(folder)

    assert loaded.book is None
    assert [x.path for x in loaded.problems] == ["rules/payers/a.yaml", "rules/payers/b.yaml"]


def test_a_supplement_of_a_plan_that_is_not_there(tmp_path: Path):
    text = payer_text(plan_text("supplements: b-plan\npays: [coinsurance]"))

    assert "'b-plan' is not a known plan; write 'a-plan'" in str(
        load(folder_of(tmp_path, a=text)).problems[0]
    )


def test_a_schedule_id_in_two_files_is_refused(rules: Path):
    """Neither may win silently: a rate of the wrong year is a wrong figure."""
    first = rules / "fee_schedules" / "medicare-2026.yaml"
    (rules / "fee_schedules" / "other.yaml").write_text(first.read_text().replace("$173.35", "$174.35"))
    loaded = load(rules)

    assert loaded.book is None
    assert [
        (problem.path, problem.message) for problem in loaded.problems if problem.severity == "error"
    ] == [
        (
            "rules/fee_schedules/other.yaml",
            "the fee schedule 'medicare-2026' stands in rules/fee_schedules/medicare-2026.yaml:10 too",
        )
    ]


def test_a_missing_folder_and_a_wrong_ending_are_problems(tmp_path: Path):
    assert "no such folder" in str(load(tmp_path / "nowhere").problems[0])
    folder = folder_of(tmp_path, a=entry("2026-01-01", "open"))
    (folder / "payers" / "b.yml").write_text("")
    assert "ends in .yaml" in str(load(folder).problems[0])


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path):
    """A link that leads nowhere: unlike a file without rights, not even root can read it."""
    folder = folder_of(tmp_path, a=entry("2026-01-01", "open"))
    (folder / "payers" / "b.yaml").symlink_to("nowhere")

    assert "b.yaml:1:1: cannot be read: No such file" in str(load(folder).problems[0])


def test_a_rule_book_cannot_be_changed():
    book = load_shipped().book
    assert book is not None
    with pytest.raises(TypeError):
        book.plans["x"] = ()  # type: ignore[index]
    with pytest.raises(AttributeError):
        book.version = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("payers/example-ppo.yaml", True),
        ("questions/en.yaml", True),
        ("reference/codes.yaml", True),
        ("fee_schedules/medicare-2026.yaml", True),
        ("therapists/example-therapist.yaml", False),
        ("README.md", False),
    ],
)
def test_the_version_follows_the_rules_and_not_the_therapists(rules: Path, name: str, changes: bool):
    before = load(rules).book
    path = rules / name
    path.write_text((path.read_text() if path.exists() else "") + "\n# one more line\n")
    after = load(rules).book

    assert before is not None
    assert after is not None
    assert (before.version != after.version) == changes


def test_the_version_does_not_depend_on_where_the_folder_lies(rules: Path):
    assert load(rules) == load_shipped()


def test_therapists_have_a_hash_of_their_own(rules: Path):
    book = load(rules).book
    before = load_therapists(rules, book).store
    path = rules / "therapists" / "example-therapist.yaml"
    path.write_text(path.read_text() + "# one more line\n")
    after = load_therapists(rules, book).store

    assert before is not None
    assert after is not None
    changed = {x for x in before.versions if before.versions[x] != after.versions[x]}
    assert changed == {"example-therapist"}
    assert before.entries == after.entries


def test_a_therapist_of_a_plan_that_is_not_there(rules: Path):
    path = rules / "therapists" / "example-therapist.yaml"
    path.write_text(path.read_text().replace("plan: example-ppo", "plan: example-pp0"))
    loaded = load_therapists(rules, load(rules).book)

    assert loaded.store is None
    assert "'example-pp0' is not a known plan; write 'example-ppo'" in str(loaded.problems[0])


def test_the_cache_says_what_a_cold_load_says(rules: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    cold = load(rules)
    assert load(rules, cache) == cold
    written = cache.read_bytes()
    assert load(rules, cache) == cold
    assert cache.read_bytes() == written
    book = cold.book
    kept = tmp_path / "therapists"
    assert (
        load_therapists(rules, book, kept)
        == load_therapists(rules, book, kept)
        == load_therapists(rules, book)
    )


def test_the_cache_is_really_used(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cache = tmp_path / "cache"
    cold = load(rules, cache)
    path = rules / "payers" / "example-ppo.yaml"
    path.write_text(path.read_text().replace("copay $30", "copay $35"))
    read: list[str] = []

    def spy(file, schema, shelf):
        read.append(file.name)
        return real(file, schema, shelf)

    import coverage_service.rulebook.cache as module

    real = module.read_file
    monkeypatch.setattr(module, "read_file", spy)
    changed = load(rules, cache)

    assert read == ["payers/example-ppo.yaml"]
    assert changed.book is not None
    assert cold.book is not None
    assert changed.book.plans["example-ppo"] != cold.book.plans["example-ppo"]
    assert changed.book.plans["example-oon"] == cold.book.plans["example-oon"]


def test_a_change_of_reference_data_makes_the_cache_void(rules: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    assert load(rules, cache).book is not None
    path = rules / "reference" / "services.yaml"
    path.write_text(path.read_text().replace("service: psychotherapy,", "service: talk_therapy,"))

    assert load(rules, cache).book is None


def test_files_with_errors_are_read_again(rules: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    path = rules / "payers" / "example-ppo.yaml"
    path.write_text(path.read_text().replace("copay $30", "copay 30"))

    assert load(rules, cache).problems == load(rules, cache).problems != ()


@pytest.mark.parametrize(
    "damage", ["empty", "cut", "flipped", "other figure", "not ours", "forged", "folder"]
)
def test_a_damaged_cache_is_harmless(rules: Path, tmp_path: Path, damage: str):
    cache = tmp_path / "cache"
    cold = load(rules, cache)
    data = cache.read_bytes()
    if damage == "folder":
        cache.unlink()
        cache.mkdir()
    else:
        import hashlib

        forged = data[32:].replace(b'"payers/example-ppo.yaml":[', b'"payers/example-ppo.yaml":[[', 1)
        cache.write_bytes(
            {
                "empty": b"",
                "cut": data[: len(data) // 2],
                "flipped": data[:500] + bytes([data[500] ^ 1]) + data[501:],
                "other figure": data.replace(b"copay $30", b"copay $31").replace(b",3000,", b",3100,"),
                "not ours": b"\x80\x04\x95os.system",
                "forged": hashlib.sha256(forged).digest() + forged,
            }[damage]
        )

    assert load(rules, cache) == cold
    assert load(rules, cache) == cold


@pytest.mark.parametrize("entry", [None, [], [0], [99], [4, 1], [-1], [1.0], "x", [3, 99, 1], {"a": 1}])
def test_an_entry_that_no_encoder_wrote_is_not_used(tmp_path: Path, entry: object):
    cache = Cache(tmp_path / "cache", Shelf())
    cache.found = {"x": ["digest", entry]}
    from coverage_service.rulebook.files import RuleFile

    assert cache._kept(RuleFile("x", b"", "digest")) is None
