"""The rule files as a workbook: one sheet for each kind of row, with notes, lists and formats."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from coverage_service.rulebook.fields import Word
from coverage_service.rulebook.fields_plan import FamilyMethod, UpToAllowed
from coverage_service.rulebook.files import Files, read_folder
from coverage_service.spreadsheets.cells import TEXT_FORMAT, Value, shown
from coverage_service.spreadsheets.places import compose
from coverage_service.spreadsheets.sheets import SHEETS, Column, Sheet, held

ABOUT: Final = "About"
FILE: Final = "File"
_HEAD: Final = PatternFill("solid", fgColor="FF1D70B8")
_KEYS: Final = PatternFill("solid", fgColor="FFEEEFEF")
_LONGEST_LIST: Final = 255
"""Characters of a drop-down list; a spreadsheet refuses more."""
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_HELP: Final = (
    "Change cells, save as .xlsx, and import the workbook. Grey columns say which row it is: leave them.",
    "Amounts and percentages are numbers; a range is a text such as $80 to $120; unknown is a word.",
    "A list has semicolons: copay $30; coinsurance 20%. Two readings have a bar between them.",
    "A new row names its plan in the grey columns and has no row number. Formulas are not accepted.",
    "The fingerprints below tell whether a file changed since the export.",
)


def fingerprint(data: bytes) -> str:
    """A short hash of a file."""
    return hashlib.sha256(data).hexdigest()[:16]


def loaded(rules: Path | Files) -> Files:
    """The rule files of a folder, or those that were read already."""
    return read_folder(rules)[0] if isinstance(rules, Path) else rules


def roots(files: Files) -> Mapping[str, Any]:
    """The composed files that a workbook shows.  Raises yaml's error for one that is no YAML."""
    parts = {sheet.part for sheet in SHEETS}
    return {
        name: compose(data.decode("utf-8"))
        for name, data in sorted(files.items())
        if name.split("/", 1)[0] in parts
    }


def export(rules: Path | Files) -> bytes:
    """A workbook (.xlsx) of the plans, fee schedules, fees and scales of a folder of rules."""
    files = loaded(rules)
    found = roots(files)
    book = Workbook()
    about = book.active
    assert about is not None
    about.title = ABOUT
    for line in _HELP:
        about.append([line])
    about.append([FILE, "Fingerprint"])
    for name in found:
        about.append([name, fingerprint(files[name])])
    about.column_dimensions["A"].width = 48
    about.column_dimensions["B"].width = 20
    for sheet in SHEETS:
        _sheet(book.create_sheet(sheet.name), sheet, found)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(page: Any, sheet: Sheet, found: Mapping[str, Any]) -> None:
    keys = (FILE, *sheet.keys)
    for number, name in enumerate(keys, 1):
        _head(page.cell(1, number), name, "Says which row of the rules this is.")
    for number, column in enumerate(sheet.columns, len(keys) + 1):
        _head(page.cell(1, number), column.heading, column.note)
    row = 1
    for name, root in found.items():
        if not name.startswith(f"{sheet.part}/"):
            continue
        for key, path in sheet.rows(root):
            row += 1
            for number, text in enumerate((name, *key), 1):
                cell = page.cell(row, number)
                put(cell, text, TEXT_FORMAT)
                cell.fill = _KEYS
            for number, column in enumerate(sheet.columns, len(keys) + 1):
                put(page.cell(row, number), *shown(held(sheet, root, path, column)[0], column.field))
    page.freeze_panes = page.cell(2, len(keys) + 1)
    page.auto_filter.ref = page.dimensions
    for number in range(1, len(keys) + len(sheet.columns) + 1):
        wide = number == 1 or page.cell(1, number).value in ("cost sharing", "wording", "name", "licences")
        page.column_dimensions[get_column_letter(number)].width = 34 if wide else 16
    for number, column in enumerate(sheet.columns, len(keys) + 1):
        _choices(page, get_column_letter(number), column, row)


def _head(cell: Any, text: str, note: str) -> None:
    cell.value = text
    cell.font = Font(bold=True, color="FFFFFFFF")
    cell.fill = _HEAD
    cell.comment = Comment(note, "rules")


def put(cell: Any, value: Value, number_format: str) -> None:
    """Write a value; a text stays a text, whatever it looks like."""
    cell.number_format = number_format
    if value is None:
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_RISKY)


def _choices(page: Any, letter: str, column: Column, last: int) -> None:
    """A drop-down of the words; where others may be written, it only proposes them."""
    field = column.field
    words = list(getattr(field, "words", ()))
    listed = ",".join(words)
    if not words or len(listed) > _LONGEST_LIST or any("," in word for word in words):
        return
    closed = isinstance(field, Word) and not isinstance(field, (FamilyMethod, UpToAllowed))
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=closed)
    rule.error = "Choose one of the words of the list."
    rule.add(f"{letter}2:{letter}{last + 200}")
    page.add_data_validation(rule)
