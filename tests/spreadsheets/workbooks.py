"""Workbooks as a person changes them: cells found by their row's grey columns and by their heading."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from openpyxl import load_workbook

from coverage_service.rulebook.files import Files, read_folder
from coverage_service.spreadsheets import Imported, export, read
from tests.rulebook.support import RULES

WHOLE: Files = read_folder(RULES)[0]
USED = ("reference/", "medicare-", "fep-blue", "example-ppo", "example-therapist", "negotiated-uhc",
        "healthfirst")  # fmt: skip
SHIPPED: Files = {name: data for name, data in WHOLE.items() if any(part in name for part in USED)}
"""As much of the shipped rules as the tests change: they load without a mistake of their own."""
SHIPPED = {name: data for name, data in SHIPPED.items() if "supplements" not in name}


@cache
def _exported() -> bytes:
    return export(SHIPPED)


class Book:
    """An exported workbook, open for changes."""

    def __init__(self, files: Files = SHIPPED) -> None:
        self.files = files
        self.book = load_workbook(io.BytesIO(_exported() if files is SHIPPED else export(files)))

    def cell(self, sheet: str, key: tuple[str, ...], heading: str) -> Any:
        page = self.book[sheet]
        for row in page.iter_rows(min_row=2):
            if tuple(str(cell.value) for cell in row[: len(key)]) == key:
                return row[self.headings(sheet).index(heading)]
        raise AssertionError(f"{sheet} has no row {key}")

    def headings(self, sheet: str) -> list[Any]:
        return [cell.value for cell in self.book[sheet][1]]

    def set(self, sheet: str, key: tuple[str, ...], heading: str, value: Any) -> str:
        cell = self.cell(sheet, key, heading)
        cell.value = value
        return f"{sheet}!{cell.coordinate}"

    def add(self, sheet: str, **values: Any) -> int:
        headings = self.headings(sheet)
        row = [values.get(str(name).replace(" ", "_")) for name in headings]
        self.book[sheet].append(row)
        return int(self.book[sheet].max_row)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def read(self, files: Files | None = None) -> Imported:
        return read(self.bytes(), self.files if files is None else files)


def lines_changed(before: bytes, after: bytes) -> list[tuple[str, str]]:
    old, new = before.decode().split("\n"), after.decode().split("\n")
    assert len(old) == len(new)
    return [(a, b) for a, b in zip(old, new, strict=True) if a != b]


def told(found: Imported) -> list[str]:
    return [str(problem) for problem in found.problems]


def texts(book: Any) -> Iterator[Any]:
    for page in book.worksheets:
        for row in page.iter_rows():
            yield from row
