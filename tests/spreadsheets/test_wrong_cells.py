"""What is wrong with a workbook is told at its cells, all at once, and then nothing changes."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from coverage_service.spreadsheets import export, opening, read
from tests.spreadsheets.test_round_trip import FEP, LAW, LEAF, PPO, PRACTICE, RATES
from tests.spreadsheets.workbooks import SHIPPED, Book, told

DAY = datetime.date(2025, 1, 1)
WRONG = [
    ("Limits", (*PPO, "in_network"), "deductible person", "1200", "'1200' is not an amount; write it"),
    ("Limits", (*PPO, "in_network"), "deductible person", 12.345, "12.345 cannot be written exactly"),
    ("Limits", (*PPO, "in_network"), "deductible person", -5, "-5 is below zero"),
    ("Limits", (*PPO, "in_network"), "deductible person", True, "TRUE and FALSE are not used here"),
    ("Limits", (*PPO, "in_network"), "deductible person", None, "this cell is empty now; write unknown"),
    ("Limits", (*PPO, "in_network"), "deductible person", DAY, "a date stands here"),
    ("Limits", (*PPO, "in_network"), "deductible family method", "embeded", "write 'embedded'"),
    ("Limits", (*PPO, "in_network"), "deductible person", 5000, "the family figure is below the person's"),
    ("Benefits", (*PPO, "2"), "cost sharing", "copya $40", "write 'copay $40'"),
    ("Benefits", (*PPO, "2"), "cost sharing", 40, "'40' is not cost sharing"),
    ("Benefits", (*PPO, "2"), "network", "inside", "'inside' is not known here; write in or out"),
    ("Benefits", (*PPO, "2"), "source", "sbc2", "'sbc2' is not a known source; write 'sbc'"),
    ("Benefits", (*PPO, "2"), "confidence", "sure", "'sure' is not known here"),
    ("Benefits", (*PPO, "1"), "modality", "by video", "'by video' is not known here"),
    ("Benefits", (*FEP, "1"), "cost sharing", "deductible; deductible", "a list has one deductible"),
    ("Benefits", (*PPO, "2"), "service", "psychotherpy", "write 'psychotherapy'"),
    ("Benefits", (*LEAF, "1"), "visits", "3 of first-visits", "write it like: first 3 of first-visits"),
    ("Benefits", (*LEAF, "1"), "visits", "first 3 of first-visit", "write 'first-visits'"),
    ("Pools", (*LEAF, "first-visits"), "services", "primary_cara; specialist", "write 'primary_care'"),
    ("Pools", (*LEAF, "first-visits"), "services", None, "this cell is empty now"),
    ("Pools", (*LEAF, "first-visits"), "services", ";", "this list is empty"),
    ("Pools", (*LEAF, "first-visits"), "services", 3, "'3' is not"),
    ("Plans", PPO, "effective to", DAY, "2025-01-01 comes before 2026-01-01"),
    ("Plans", PPO, "reviewed", "20.11.2026", "'20.11.2026' is not a date; write year-month-day"),
    ("Rates", LAW, "amount", 1670, "this rate cannot be meant for the code"),
    ("Rates", RATES, "amount", 130, "this rate has percentiles; leave the amount empty"),
    ("Rates", RATES, "p50", 1, "percentiles rise with their number"),
    ("Bands", (*PRACTICE, "2"), "up to", 0.5, "this band does not end above the one before"),
    ("Fees", (*PRACTICE, "3"), "cpt", "9O837", "'9O837' is not a procedure code"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "key", "heading", "value", "says"), WRONG, ids=[f"{x[2]} {x[3]}" for x in WRONG]
)
def test_a_wrong_cell_is_named(sheet: str, key: tuple[str, ...], heading: str, value: Any, says: str):
    book = Book()
    cell = book.set(sheet, key, heading, value)
    found = book.read()

    assert found.files == {}
    assert any(line.startswith(f"{cell}: ") and says in line for line in told(found)), (cell, told(found))


def test_all_wrong_cells_are_told_at_once():
    book = Book()
    cells = [
        book.set("Limits", (*PPO, "in_network"), "deductible person", "much"),
        book.set("Benefits", (*PPO, "2"), "cost sharing", "copay"),
        book.set("Fees", (*PRACTICE, "3"), "fee", "=1+1"),
    ]

    assert [line.split(": ")[0] for line in told(book.read())] == [cells[2]]
    book.set("Fees", (*PRACTICE, "3"), "fee", "cheap")
    assert [line.split(": ")[0] for line in told(book.read())] == cells


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("x","$40")', ArrayFormula("H3", "=A1:A2")])
def test_a_formula_is_a_mistake(formula: Any):
    book = Book()
    cell = book.set("Benefits", (*PPO, "2"), "cost sharing", formula)

    assert told(book.read()) == [f"{cell}: a formula stands here; write the value itself"]


def test_a_row_that_is_gone_is_told():
    """A sheet that was filtered or cut must not delete rules."""
    book = Book()
    book.book["Benefits"].delete_rows(2)

    assert "is gone; put it back; remove it in the file" in told(book.read())[0]


def test_a_sheet_that_is_gone_changes_nothing():
    book = Book()
    del book.book["Benefits"]

    assert book.read() == type(book.read())()


def test_sorted_rows_and_moved_columns_change_nothing():
    book = Book()
    page = book.book["Rates"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    for number, row in enumerate([rows[0], *reversed(rows[1:])], 1):
        for column, value in enumerate([row[-1], *row[:-1]], 1):
            page.cell(number, column).value = value

    assert book.read() == type(book.read())()


def test_rows_and_columns_that_nothing_knows():
    book = Book()
    book.book["Fees"].cell(1, 5).value = "cptt"
    book.add("Benefits", File=PPO[0], Plan="example-pp0", From=PPO[2], Row="1", network="in")
    book.book.create_sheet("Benefitz")
    lines = told(book.read())

    assert "Benefitz: this is not a sheet of the rules; write 'Benefits', or delete the sheet" in lines
    assert "Fees!E1: 'cptt' is not a column here; write 'cpt'" in lines
    assert any("the rules have no row payers/example-ppo.yaml, example-pp0" in line for line in lines)


def test_a_pool_of_a_wrong_name_is_named():
    book = Book()
    where = {"File": LEAF[0], "Plan": LEAF[1], "From": LEAF[2], "services": "specialist"}
    row = book.add("Pools", **where, Pool="First Visits")

    assert [line for line in told(book.read()) if line.startswith(f"Pools!A{row}: ")], told(book.read())


def test_a_workbook_older_than_its_file_is_refused():
    """It would silently undo what somebody changed in between."""
    book = Book()
    cell = book.set("Benefits", (*PPO, "2"), "cost sharing", "copay $40")
    newer = {**SHIPPED, PPO[0]: SHIPPED[PPO[0]].replace(b"copay $20", b"copay $25")}
    lines = told(book.read(newer))

    assert lines[-1].endswith(f"{PPO[0]} changed after this workbook was exported; export the rules anew")
    assert cell.startswith("Benefits!")
    del book.book["About"]
    assert "the list of fingerprints is gone" in told(book.read())[-1]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a workbook", export(SHIPPED)[:20_000]])
def test_what_is_no_workbook(data: bytes):
    assert told(read(data, SHIPPED))[0].startswith("workbook: this is not a workbook; save it as .xlsx")


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(name: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(export(SHIPPED))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("xl/vbaProject.bin", "has macros"),
        ("xl/macrosheets/sheet1.xml", "has macros"),
        ("xl/embeddings/oleObject1.bin", "has embedded files"),
        ("xl/externalLinks/externalLink1.xml", "has links to other workbooks"),
    ],
)
def test_macros_and_other_cargo_are_refused(name: str, says: str):
    assert says in told(read(with_part(name, b"x"), SHIPPED))[0]


def test_a_zip_bomb_is_not_unpacked():
    bomb = packed(**{"xl/worksheets/sheet1.xml": b"\0" * (opening.LARGEST_UNPACKED + 1)})

    assert len(bomb) < 1_000_000
    assert "unpacks to far more" in told(read(bomb, SHIPPED))[0]
    assert "unpacks to far more" in told(read(packed(**{f"a{i}": b"" for i in range(400)}), SHIPPED))[0]
    assert "is larger than" in told(read(b"x" * (opening.LARGEST_BYTES + 1), SHIPPED))[0]


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    assert "cannot be read" in told(read(with_part("xl/worksheets/sheet2.xml", bomb), SHIPPED))[0]


def test_a_huge_sheet_is_read_only_so_far():
    book = Workbook(write_only=True)
    page = book.create_sheet("Fees")
    for _ in range(opening.MOST_ROWS + 50):
        page.append(["x"])
    out = io.BytesIO()
    book.save(out)

    assert told(read(out.getvalue(), SHIPPED))[0].startswith("Fees: more than 20,000 rows")


def test_a_cell_far_away_is_told():
    book = Book()
    book.book["Fees"].cell(1, 16_000).value = "x"
    book.book["Fees"].cell(1_000_000, 1).value = "x"
    lines = told(book.read())

    assert lines[0].startswith("Fees: more than 20,000 rows")
    assert len(lines) <= 3
