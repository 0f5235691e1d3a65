"""`rules new` and `rules copy-year`: drafts that pass the check at once, over nothing that is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coverage_service.authoring.formatting import format_file
from coverage_service.authoring.next_year import next_year
from coverage_service.authoring.starts import id_of
from coverage_service.cli import main
from coverage_service.rulebook.book import load
from coverage_service.therapists.store import load_therapists
from tests.rulebook.support import HEAD, RULES, plan_text

EXAMPLES = ("example-ppo", "example-hdhp", "fep-blue", "medicare-part-b")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with the reference data and some plans."""
    folder = tmp_path / "rules"
    shutil.copytree(RULES / "reference", folder / "reference")
    for name in EXAMPLES:
        (folder / "payers").mkdir(exist_ok=True)
        shutil.copy(RULES / "payers" / f"{name}.yaml", folder / "payers")
    return folder


def run(folder: Path, *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["rules", *words, "--rules", str(folder)], input=answers)


def passes(folder: Path) -> bool:
    return CliRunner().invoke(main, ["rules", "check", str(folder)]).exit_code == 0


def test_a_payer_is_begun_from_a_few_answers(rules: Path):
    result = run(rules, "new", "payer", answers="Acme\nAcme: PPO\n2027\nPPO\nOH\nSBC 2027\n3\n")
    text = (rules / "payers" / "acme-ppo.yaml").read_text()
    book = load(rules).book

    assert result.exit_code == 0, result.output
    assert passes(rules)
    assert book is not None
    (plan,) = book.plans["acme-ppo"]
    assert (plan.name, plan.status, str(plan.starts), plan.market.kind) == (
        "Acme: PPO",
        "draft",
        "2027-01-01",
        "PPO",
    )
    assert {str(row.cost_sharing) for row in plan.benefits} == {"Unknown.UNKNOWN"}
    assert format_file("payers/acme-ppo.yaml", text.encode()) == text
    assert text.count("#") >= 6


@pytest.mark.parametrize(
    "name", ['"quoted"', "a: b", "# x", "Größe & Söhne", "- dash", "12", "yes", "x" * 150]
)
def test_any_name_makes_a_file_that_passes(rules: Path, name: str):
    words = (
        "--id",
        "t",
        "--year",
        "2026",
        "--licence",
        "",
        "--state",
        "CA",
        "--document",
        name,
        "--page",
        "3",
    )
    result = run(rules, "new", "therapist", "--name", name, *words)

    assert result.exit_code == 0, result.output
    store = load_therapists(rules, load(rules).book).store
    assert store is not None
    assert (store.entries["t"][0].name, store.entries["t"][0].status) == (name, "draft")


def test_an_accent_leaves_its_letter_in_the_id():
    assert id_of("Clínica Zoë Núñez, LMFT") == "clinica-zoe-nunez-lmft"


def test_a_plan_is_added_to_its_payers_file(rules: Path):
    before = (rules / "payers" / "example-ppo.yaml").read_text()
    words = ("--name", "Acme HMO", "--year", "2027", "--kind", "hmo", "--state", "oh")
    result = run(rules, "new", "plan", "--to", "example-ppo.yaml", *words, "--source", "sbc")

    assert result.exit_code == 0, result.output
    assert (rules / "payers" / "example-ppo.yaml").read_text().startswith(before)
    assert passes(rules)


def test_nothing_is_overwritten_and_wrong_answers_write_nothing(rules: Path):
    path = rules / "payers" / "example-ppo.yaml"
    before = path.read_bytes()
    words = ("--payer", "x", "--name", "x", "--year", "2027", "--document", "", "--page", "", "--id")
    taken = run(rules, "new", "payer", *words, "example-ppo", "--kind", "", "--state", "")
    kind = run(rules, "new", "payer", *words, "y", "--kind", "PPPO", "--state", "")
    named = run(rules, "new", "payer", *words, "../y", "--kind", "", "--state", "")

    assert "is there already; choose another --id" in taken.output
    assert "'PPPO' is no kind" in kind.output
    assert "'../y' is no id" in named.output
    assert [x.exit_code for x in (taken, kind, named)] == [1, 1, 1]
    assert path.read_bytes() == before
    assert len(list(rules.rglob("*.yaml"))) == len(EXAMPLES) + 5


def test_next_years_plans_begin_as_drafts(rules: Path):
    before = {path: path.read_bytes() for path in rules.rglob("*.yaml")}
    result = run(rules, "copy-year", "example-ppo.yaml", "fep-blue.yaml", "--year", "2026")
    book = load(rules).book

    assert result.exit_code == 0, result.output
    assert passes(rules)
    assert book is not None
    this, following = book.plans["fep-blue-basic"]
    assert (str(following.starts), str(following.ends)) == ("2027-01-01", "2027-12-31")
    assert (following.status, following.reviewed, following.name) == ("draft", None, "FEP Blue Basic 2027")
    assert [row.cost_sharing for row in following.benefits] == [row.cost_sharing for row in this.benefits]
    assert {path: path.read_bytes() for path in before} == before


def test_every_figure_to_confirm_is_listed_and_marked(rules: Path):
    result = run(rules, "copy-year", "example-ppo.yaml", "--year", "2026")
    path = rules / "payers" / "example-ppo-2027.yaml"
    lines = path.read_text().split("\n")
    marked = {n for n, line in enumerate(lines, 1) if line.endswith("confirm for 2027")}
    listed = {
        int(x.split(":")[1]) for x in result.output.splitlines() if x.startswith("  ") and ".yaml:" in x
    }

    for figure in ("$1,000", "$2,000", "$5,000", "$10,000", "copay $20", "copay $30"):
        assert any(line.endswith(f": {figure}") for line in result.output.splitlines()), figure
    assert listed == marked
    assert "6 figures to confirm in example-ppo" in result.output


def test_a_second_time_changes_nothing(rules: Path):
    run(rules, "copy-year", "--year", "2026")
    path = rules / "payers" / "example-ppo-2027.yaml"
    path.write_text(path.read_text().replace("copay $30", "copay $35"))
    result = run(rules, "copy-year", "--year", "2026")

    assert "example-ppo-2027.yaml is there already, and stays as it is" in result.output
    assert "copay $35" in path.read_text()
    assert "0 files begun for 2027" in result.output


def test_a_leap_day_and_a_comment_survive():
    text = HEAD + plan_text(
        'limits: {in_network: {deductible: {person: "$9"}}}  # page 4',
        dates="{from: 2024-01-01, to: 2024-12-31}",
    )
    text = text.replace("network: in}, expect", "network: in, date: 2024-02-29}, expect")
    found = next_year(text, 2024)

    assert found is not None
    assert 'person: "$9"}}}  # page 4; confirm for 2025' in found.text
    assert "date: 2025-02-28" in found.text
    assert "{from: 2025-01-01, to: 2025-12-31}" in found.text
    assert next_year(text, 2025) is None
