"""Export and import: what is not changed stays to the byte, what is changed changes alone."""

from __future__ import annotations

import io
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from coverage_service.cli import main
from coverage_service.rulebook.book import load
from coverage_service.rulebook.files import Files, read_folder
from coverage_service.spreadsheets import export, read
from tests.rulebook.support import folder_of, payer_text, plan_text
from tests.spreadsheets.workbooks import SHIPPED, WHOLE, Book, lines_changed, texts, told

PPO = ("payers/example-ppo.yaml", "example-ppo", "2026-01-01")
FEP = ("payers/fep-blue.yaml", "fep-blue-basic", "2026-01-01")
LEAF = ("payers/healthfirst-bronze-leaf.yaml", "healthfirst-bronze-leaf", "2025-01-01")
LAW = ("fee_schedules/medicare-2026.yaml", "national", "90837")
RATES = ("fee_schedules/negotiated-uhc-2026-06.yaml", "national", "90837")
PRACTICE = ("therapists/example-therapist.yaml", "example-therapist", "2026-01-01")


def test_export_then_import_changes_nothing():
    found = read(export(WHOLE), WHOLE)

    assert (found.problems, found.changes, dict(found.files)) == ((), (), {})
    assert load(SHIPPED).book is not None


def test_a_workbook_saved_by_a_spreadsheet_changes_nothing():
    found = Book().read()

    assert (found.problems, found.changes) == ((), ())


CHANGES = [
    ("Limits", (*PPO, "in_network"), "deductible person", 1200, 'deductible: {person: "$1,000"', "$1,200"),
    ("Limits", (*PPO, "in_network"), "deductible person", "unknown", 'person: "$1,000"', 'person: "unknown"'),
    ("Limits", (*FEP, "in_network"), "deductible person", 500, "ductible: none", '{person: "$500"}'),
    ("Limits", (*FEP, "in_network"), "deductible person", "unknown", "ductible: none", "e: unknown"),
    ("Benefits", (*PPO, "2"), "cost sharing", "copay $40", "[copay $30]", "[copay $40]"),
    ("Benefits", (*PPO, "2"), "cost sharing", "unknown", "[copay $30]", "cost_sharing: unknown"),
    ("Benefits", (*PPO, "2"), "cost sharing", "copay $1,500", "[copay $30]", '["copay $1,500"]'),
    ("Benefits", (*FEP, "1"), "cost sharing", "copay $35 | copay $35; deductible", "[copay $35]",
     "{either: [[copay $35], [copay $35, deductible]]}"),
    ("Benefits", (*LEAF, "1"), "visits", "first 4 of first-visits", "first 3 of", "first 4 of"),
    ("Pools", (*LEAF, "first-visits"), "services", "primary_care; outpatient_mental_health",
     "[primary_care, specialist, outpatient_mental_health]", "[primary_care, outpatient_mental_health]"),
    ("Exclusions", (*PPO, "sex_therapy"), "excluded", "yes", "sex_therapy: no", "sex_therapy: yes"),
    ("Exclusions", (*PPO, "sex_therapy"), "wording", "No sex therapy: none", "sex_therapy: no",
     '{excluded: no, wording: "No sex therapy: none"}'),
    ("Benefits", (*PPO, "2"), "source", "sbc", "[copay $30]}", "[copay $30], source: sbc}"),
    ("Benefits", (*PPO, "2"), "confidence", "assumed", "[copay $30]}", "confidence: assumed}"),
    ("Diagnoses", (*PPO, "2"), "covered", "no", '"F52.*", covered: unknown', '"F52.*", covered: no'),
    ("Plans", PPO, "reviewed", "2026-11-22", "reviewed: 2026-11-20", "reviewed: 2026-11-22"),
    ("Plans", PPO, "coverage prior authorization", "yes", "authorization: no", "authorization: yes"),
    ("Plans", PPO, "coverage licences", "MD; LMFT", "[MD, PHD, PSYD, LCSW, LMFT, LPC]", "[MD, LMFT]"),
    ("Rates", LAW, "amount", 168.5, '"90837": "$167.00"', '"90837": "$168.50"'),
    ("Rates", RATES, "p50", 131, 'p50: "$130.03"', 'p50: "$131"'),
    ("Licence shares", ("fee_schedules/medicare-2026.yaml", "1"), "percent", 0.625, "percent: ", "62.5%"),
    ("Fees", (*PRACTICE, "3"), "fee", 210, '"90837", fee: "$200"', '"90837", fee: "$210"'),
    ("Fees", (*PRACTICE, "3"), "fee", "$180 to $220", '"90837", fee: "$200"', 'fee: "$180 to $220"'),
    ("Fees", (*PRACTICE, "4"), "from minutes", 80, "from_minutes: 75", "from_minutes: 80"),
    ("Scales", PRACTICE, "review months", 12, "review_months: 6", "review_months: 12"),
    ("Bands", (*PRACTICE, "2"), "up to", 1.6, 'up_to: 150%, fee: "$90"', "up_to: 160%"),
    ("Bands", (*PRACTICE, "2"), "fee", 95, 'up_to: 150%, fee: "$90"', 'fee: "$95"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "key", "heading", "value", "old", "new"),
    CHANGES,
    ids=[f"{x[0]} {x[2]} {x[3]}" for x in CHANGES],
)
def test_a_changed_cell_changes_its_value_alone(sheet, key, heading, value, old, new):
    book = Book()
    cell = book.set(sheet, key, heading, value)
    found = book.read()

    assert told(found) == []
    assert list(found.files) == [key[0]]
    ((before, after),) = lines_changed(SHIPPED[key[0]], found.files[key[0]])
    assert old in before
    assert new in after
    assert [(x.cell, x.file) for x in found.changes] == [(cell, key[0])]
    assert shared(before, after) >= 0.4


def shared(one: str, two: str) -> float:
    """How much of a line is left at its two ends."""
    start = alike(one, two)
    return (start + alike(one[start:][::-1], two[start:][::-1])) / len(one)


def alike(one: str, two: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def test_many_cells_of_many_files_at_once():
    book = Book()
    book.set("Benefits", (*PPO, "1"), "cost sharing", "copay $25")
    book.set("Benefits", (*PPO, "2"), "cost sharing", "copay $40")
    book.set("Rates", LAW, "amount", 168)
    found = book.read()

    assert told(found) == []
    assert {name: len(lines_changed(SHIPPED[name], data)) for name, data in found.files.items()} == {
        PPO[0]: 2,
        LAW[0]: 1,
    }
    assert load({**SHIPPED, **found.files}).book is not None


def test_a_new_row_stands_below_the_last_one():
    book = Book()
    book.add("Fees", File=PRACTICE[0], Therapist=PRACTICE[1], From=PRACTICE[2], cpt="90853", fee=70)
    book.add("Rates", File=LAW[0], Locality="national", Code="90849", amount=35.5)
    found = book.read()
    fees, rates = found.files[PRACTICE[0]].decode(), found.files[LAW[0]].decode()

    assert told(found) == []
    assert '  - {cpt: "90847", fee: "$220"}\n  - {cpt: "90853", fee: "$70"}\n' in fees
    assert '    "90785": "$14.70"\n    "90849": "$35.50"\n' in rates
    assert len(fees.split("\n")) == len(SHIPPED[PRACTICE[0]].decode().split("\n")) + 1


def test_a_visit_limit_is_added():
    book = Book()
    row = {"Plan": PPO[1], "From": PPO[2], "visits": 20, "services": "family_counselling"}
    book.add("Visit limits", File=PPO[0], **row)
    found = book.read()

    assert told(found) == []
    line = "    visit_limits: [{visits: 20, services: [family_counselling]}]\n"
    assert line in found.files[PPO[0]].decode()


def test_a_pool_is_added_with_the_row_that_counts_on_it():
    book = Book()
    row = {"Plan": PPO[1], "From": PPO[2], "Pool": "first-visits", "services": "psychotherapy; intake"}
    book.add("Pools", File=PPO[0], **row)
    book.set("Benefits", (*PPO, "1"), "visits", "first 3 of first-visits")
    book.add("Pools", File=LEAF[0], Plan=LEAF[1], From=LEAF[2], Pool="urgent", services="urgent_care")
    found = book.read()

    assert told(found) == []
    assert "    pools: {first-visits: [psychotherapy, intake]}\n" in found.files[PPO[0]].decode()
    assert ", outpatient_mental_health], urgent: [urgent_care]}\n" in found.files[LEAF[0]].decode()
    plans = load({**SHIPPED, **found.files}).book.plans
    assert plans[PPO[1]][0].pools == {"first-visits": ("psychotherapy", "intake")}
    assert plans[PPO[1]][0].benefits[0].visits.pool == "first-visits"


def test_a_figure_that_keeps_its_source_says_so():
    """A new figure under last year's document would claim what nobody read there."""
    book = Book()
    book.set("Benefits", (*PPO, "2"), "cost sharing", "copay $40")
    (kept,) = book.read().changes
    book.set("Benefits", (*FEP, "1"), "cost sharing", "copay $45")
    book.set("Benefits", (*FEP, "1"), "source", "standard_chart")
    moved = [x for x in book.read().changes if x.file == FEP[0]]

    assert kept.source == "sbc"
    assert [x.source for x in moved] == ["", ""]


def test_a_field_that_was_not_there_takes_its_place_in_the_order():
    book = Book()
    book.set("Plans", PPO, "lesser of", "yes")
    book.set("Plans", PPO, "market metal", "gold")
    found = book.read()
    text = found.files[PPO[0]].decode()

    assert told(found) == []
    assert "    allowed_amounts: {in: contract}\n    lesser_of: yes\n    not_covered_rate" in text
    assert "metal: gold" in text


def test_the_notes_the_lists_and_the_formats():
    book = load_workbook(io.BytesIO(export(SHIPPED)))
    page = book["Limits"]
    headings = [cell.value for cell in page[1]]
    money = page.cell(2, headings.index("out of pocket maximum person") + 1)

    heads = [cell for name in book.sheetnames[1:] for cell in book[name][1]]
    assert all(cell.comment is not None and cell.comment.text for cell in heads)
    assert page.freeze_panes == "E2"
    assert '"embedded,aggregate,unknown"' in [x.formula1 for x in page.data_validations.dataValidation]
    assert money.number_format in ('"$"#,##0.00', "@")
    assert Book().cell("Bands", (*PRACTICE, "1"), "up to").number_format == "0.##%"
    assert Book().cell("Bands", (*PRACTICE, "1"), "up to").value == 1


def folder(tmp_path: Path, body: str) -> Files:
    return read_folder(folder_of(tmp_path, a=payer_text(plan_text(body))))[0]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "=cmd|' /C calc'!A0"])
def test_formula_like_text_stays_text(tmp_path: Path, text: str):
    inside = text.replace('"', '\\"')
    files = folder(
        tmp_path, f'coverage: {{exclusions: {{sex_therapy: {{excluded: yes, wording: "{inside}"}}}}}}'
    )
    book = load_workbook(io.BytesIO(export(files)))
    found = [cell for cell in texts(book) if cell.value == text]

    assert [(cell.data_type, cell.quotePrefix) for cell in found] == [("s", True)]
    assert read(export(files), files) == type(read(export(files), files))()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
        lambda x: x.strip() and x.isprintable()
    )
)
@settings(max_examples=25, deadline=None)
def test_any_text_survives(tmp_path_factory: Any, text: str):
    """Whatever a wording says, importing it changes nothing, and writing it gives it back."""
    files = folder(
        tmp_path_factory.mktemp("any"), "coverage: {exclusions: {sex_therapy: {excluded: yes, wording: a}}}"
    )
    key = ("payers/a.yaml", "a-plan", "2026-01-01", "sex_therapy")
    book = Book(files)
    cell = book.cell("Exclusions", key, "wording")
    cell.value = text
    cell.data_type = "s"
    found = book.read()
    assert told(found) == []
    if text.strip() != "a":
        plan = load({**files, **found.files}).book.plans["a-plan"][0]
        assert plan.coverage.exclusions[0].wording == text.strip()
        again = read(export({**files, **found.files}), {**files, **found.files})
        assert (again.problems, again.changes) == ((), ())


def test_a_change_is_told_in_the_words_of_the_rule_files():
    book = Book()
    book.set("Limits", (*PPO, "in_network"), "deductible person", 1250.5)
    book.set("Plans", PPO, "reviewed", datetime(2026, 11, 22))
    book.add("Fees", File=PRACTICE[0], Therapist=PRACTICE[1], From=PRACTICE[2], cpt="90832", fee=80.0)

    assert [(each.before, each.after.rpartition(", ")[2]) for each in book.read().changes] == [
        ("2026-11-20", "2026-11-22"), ("$1,000", "$1,250.50"), ("", "$80"),
    ]  # fmt: skip


def test_no_column_is_named_that_a_sheet_does_not_have(tmp_path: Path):
    """Exclusions have no column for a source: theirs is named in the file."""
    rules = folder_of(tmp_path, a=payer_text(plan_text("coverage: {exclusions: {sex_therapy: no}}")))
    book = Book(read_folder(rules)[0])
    book.set("Exclusions", ("payers/a.yaml", "a-plan", "2026-01-01", "sex_therapy"), "excluded", "yes")
    (tmp_path / "rules.xlsx").write_bytes(book.bytes())
    result = CliRunner().invoke(main, ["rules", "import", str(rules), "--xlsx", str(tmp_path / "rules.xlsx")])

    assert "source" not in book.headings("Exclusions")
    assert "what changed still names its source 'sbc'" in result.output
    assert "name it in the file\n" in result.output


def test_from_a_terminal(tmp_path: Path):
    rules = folder_of(
        tmp_path, a=payer_text(plan_text("benefits: [{network: in, cost_sharing: [copay $30]}]  # p. 4"))
    )
    workbook, run = tmp_path / "rules.xlsx", CliRunner().invoke
    assert run(main, ["rules", "export", "--xlsx", str(workbook), "--rules", str(rules)]).exit_code == 0
    assert (
        "is there already"
        in run(main, ["rules", "export", "--xlsx", str(workbook), "--rules", str(rules)]).output
    )
    book = load_workbook(workbook)
    headings = [cell.value for cell in book["Benefits"][1]]
    book["Benefits"].cell(2, headings.index("cost sharing") + 1).value = "copay $40"
    book.save(workbook)
    words = ["rules", "import", "--xlsx", str(workbook), "--rules", str(rules)]
    tried = run(main, [*words, "--check"])

    assert "example" not in tried.output
    assert "a-plan, 2026-01-01, 1: cost sharing: copay $30 -> copay $40" in tried.output
    assert "a.yaml: what changed still names its source 'sbc'; if another document says it" in tried.output
    assert "name it in the column 'source'\n" in tried.output
    assert "[copay $30]" in (rules / "payers" / "a.yaml").read_text()
    assert run(main, words).output.endswith("1 cell, 1 file changed.\n")
    assert "cost_sharing: [copay $40]}]  # p. 4" in (rules / "payers" / "a.yaml").read_text()
