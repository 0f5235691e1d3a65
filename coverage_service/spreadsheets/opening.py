"""A workbook that somebody sent, opened with care: bounded, without macros, formulas as mistakes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from coverage_service.rulebook.problems import Problem

LARGEST_BYTES: Final = 10_000_000
LARGEST_UNPACKED: Final = 80_000_000
MOST_PARTS: Final = 300
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
_REFUSED: Final = {
    "vbaproject": "macros",
    "macrosheets": "macros",
    "activex": "controls",
    "embeddings": "embedded files",
    "externallinks": "links to other workbooks",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``at`` is its place, such as ``Benefits!G4``; ``value`` None is empty."""

    at: str
    value: Any
    number_format: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The cells of each sheet, row by row, and everything that is wrong with the workbook itself."""

    sheets: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def problem(at: str, message: str, remedy: str) -> Problem:
    """A mistake at a cell or a sheet."""
    return Problem(at, 0, 0, message, remedy)


def opened(data: bytes) -> Opened:
    """The cells of a workbook; nothing of it is run or fetched."""
    if fault := _unsafe(data):
        return Opened(problems=(problem("workbook", *fault),))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = {page.title: tuple(_rows(page)) for page in book.worksheets}
    except Exception:  # A broken workbook fails in as many ways as it can be broken.
        return Opened(
            problems=(problem("workbook", "this workbook cannot be read", "save it again as .xlsx"),)
        )
    return Opened(sheets, tuple(_faults(sheets)))


def _unsafe(data: bytes) -> tuple[str, str] | None:
    """What keeps a workbook from being opened at all."""
    if len(data) > LARGEST_BYTES:
        return f"this workbook is larger than {LARGEST_BYTES:,} bytes", "export the rules anew"
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "this is not a workbook", "save it as .xlsx (Excel workbook)"
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return "this workbook unpacks to far more than rules need", "export the rules anew"
    for part in parts:
        for sign, what in _REFUSED.items():
            if sign in part.filename.lower():
                return f"this workbook has {what}", "save it as .xlsx without them"
    return None


def _rows(page: Any) -> Iterator[Row]:
    """Rows up to one more than is taken, so that more of them is seen; without the empty ends."""
    for number, row in enumerate(page.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1), 1):
        used = max((i for i, cell in enumerate(row, 1) if cell.value is not None), default=0)
        places = (f"{page.title}!{get_column_letter(i)}{number}" for i in range(1, used + 1))
        yield tuple(Cell(at, *_value(cell)) for at, cell in zip(places, row[:used], strict=True))


def _value(cell: Any) -> tuple[Any, str]:
    """The value and its format; what is no plain value is marked by its type."""
    if cell.data_type == "f":
        return Formula, ""
    if cell.data_type == "e":
        return Broken, ""
    return cell.value, cell.number_format or ""


class Formula:
    """Stands for a formula in a cell."""


class Broken:
    """Stands for an error of the spreadsheet in a cell, such as #REF!."""


def _faults(sheets: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
    for name, rows in sheets.items():
        if len(rows) > MOST_ROWS:
            yield problem(name, f"more than {MOST_ROWS:,} rows", "delete the empty rows below the last one")
        for row in rows[:MOST_ROWS]:
            if len(row) > MOST_COLUMNS and row[MOST_COLUMNS].value is not None:
                yield problem(row[MOST_COLUMNS].at, "a value far to the right", "delete it")
            for cell in row:
                if cell.value is Formula:
                    yield problem(cell.at, "a formula stands here", "write the value itself")
                elif cell.value is Broken:
                    yield problem(cell.at, "an error of the spreadsheet stands here", "write the value")
