"""The cells of a workbook beside the rule files: what changed, and every cell that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl.utils import get_column_letter

from coverage_service.authoring.order import order_of
from coverage_service.core.reference import Reference
from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.reading import Reading, nearest
from coverage_service.spreadsheets.applying import Edit
from coverage_service.spreadsheets.cells import node_of, same, shown, text_of, told
from coverage_service.spreadsheets.exporting import FILE
from coverage_service.spreadsheets.opening import Cell, Opened, Row, problem
from coverage_service.spreadsheets.places import Path
from coverage_service.spreadsheets.sheets import SHEETS, Column, Sheet, held

Key = tuple[str, ...]


def compared(
    book: Opened, found: Mapping[str, Any], reference: Reference
) -> tuple[list[Edit], list[Problem]]:
    """The edits that a workbook asks for, and the problems of its cells, both in its order."""
    edits: list[Edit] = []
    problems: list[Problem] = []
    for sheet in SHEETS:
        if sheet.name in book.sheets:
            page = _Page(sheet, found, reference)
            page.read(book.sheets[sheet.name])
            edits.extend(page.edits)
            problems.extend(page.problems)
    return edits, problems


class _Page:
    """One sheet while it is compared."""

    def __init__(self, sheet: Sheet, found: Mapping[str, Any], reference: Reference) -> None:
        self.sheet = sheet
        self.roots = {name: root for name, root in found.items() if name.startswith(f"{sheet.part}/")}
        self.reading = Reading(reference=reference)
        self.edits: list[Edit] = []
        self._other: list[Problem] = []
        self.rows: dict[Key, Path] = {
            (name, *key): path for name, root in self.roots.items() for key, path in sheet.rows(root)
        }
        self.owners: dict[Key, Path] = {
            (name, *key): (*path, *sheet.inside)
            for name, root in self.roots.items()
            for key, path in sheet.owners(root)
        }

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the sheet's rows."""
        return [*self._other, *self.reading.problems]

    def _wrong(self, at: str, message: str, remedy: str) -> None:
        self._other.append(problem(at, message, remedy))

    def read(self, rows: Sequence[Row]) -> None:
        """Compare every row; rows that are gone are told, since nothing is ever deleted."""
        headings = self._headings(rows[0] if rows else ())
        if headings is None:
            return
        seen: set[Key] = set()
        for row in rows[1:]:
            if any(not _empty(cell) for cell in row):
                self._row(row, headings, seen)
        for key in self.rows:
            if key not in seen:
                place = ", ".join(key)
                self._wrong(
                    self.sheet.name, f"the row of {place} is gone", "put it back; remove it in the file"
                )

    def _headings(self, row: Row) -> dict[str, int] | None:
        known = (FILE, *self.sheet.keys, *(column.heading for column in self.sheet.columns))
        found: dict[str, int] = {}
        before = len(self._other)
        for index, cell in enumerate(row):
            if _empty(cell):
                continue
            name = str(cell.value).strip()
            if name not in known:
                self._wrong(cell.at, f"'{name[:40]}' is not a column here", nearest(name, known))
            elif name in found:
                self._wrong(cell.at, f"a second column '{name}'", "delete one of the two")
            found[name] = index
        for name in (FILE, *self.sheet.keys):
            if name not in found:
                self._wrong(self.sheet.name, f"the column '{name}' is missing", "export the rules anew")
        return found if len(self._other) == before else None

    def _row(self, row: Row, headings: Mapping[str, int], seen: set[Key]) -> None:
        cells = {name: _at(row, index) for name, index in headings.items()}
        key = tuple(_key(cells.get(name)) for name in (FILE, *self.sheet.keys))
        if key in seen:
            self._wrong(row[0].at, "this row stands here twice", "delete one of the two")
        elif key in self.rows:
            seen.add(key)
            for column in self.sheet.columns:
                if column.heading in cells:
                    self._cell(cells[column.heading], column, key)
        elif self.sheet.each and key[:-1] in self.owners and (self._named() or not key[-1]):
            seen.add(key if self._named() else ())
            self._new_row(row[0], cells, key)
        else:
            last = "" if not self.sheet.each or self._named() else "; a new row has no number"
            known = sorted({one[0] for one in self.rows} | set(self.roots))
            near = nearest(key[0], tuple(known)) if key[0] not in known else "check the grey columns"
            self._wrong(row[0].at, f"the rules have no row {', '.join(x or '–' for x in key)}", near + last)
        seen.discard(())

    def _named(self) -> bool:
        """Whether rows are known by names (limits, exclusions, codes) rather than by numbers."""
        return self.sheet.keys[-1] != "Row"

    def _cell(self, cell: Cell, column: Column, key: Key) -> None:
        root, row = self.roots[key[0]], self.rows[key]
        node, path = held(self.sheet, root, row, column)
        value, form = shown(node, column.field)
        if same(cell.value, value):
            return
        if _empty(cell):
            self._wrong(cell.at, "this cell is empty now", "write unknown, or remove the field in the file")
            return
        new = self._value(cell, column)
        if new is None:
            return
        if not column.path and node is None:
            self._wrong(cell.at, "this rate has percentiles", "leave the amount empty")
            return
        whole = column.path in self.sheet.whole and path != (*row, *column.path)
        if whole and not (isinstance(new, Text) and new.value in ("none", "unknown", "yes", "no")):
            new = Fields({column.path[-1]: (Text(column.path[-1], ""), new)}, "")
        primary = next((one[-1] for one in self.sheet.whole if one[:-1] == column.path[:-1]), "")
        what = f"{', '.join(key[1:])}: {column.heading}"
        before, after = told(value, form, column.field), told(cell.value, cell.number_format, column.field)
        order = order_of(self.sheet.schema) if self.sheet.schema and len(column.path) == 1 else ()
        self.edits.append(Edit(cell.at, key[0], path, new, what, before, after, order, primary))

    def _value(self, cell: Cell, column: Column) -> Node | None:
        """The value of a cell as the field reads it; None when it is wrong, which is reported."""
        try:
            text = text_of(cell.value, cell.number_format, column.field)
        except Mistake as mistake:
            self._wrong(cell.at, mistake.what, mistake.remedy)
            return None
        node = node_of(text, column.field, cell.at)
        before = self.reading.errors
        column.field.read(node, self.reading)
        return node if self.reading.errors == before else None

    def _new_row(self, first: Cell, cells: Mapping[str, Cell], key: Key) -> None:
        values: dict[str, tuple[Text, Node]] = {}
        wrong = False
        bare: Node | None = None
        for column in self.sheet.columns:
            cell = cells.get(column.heading)
            if cell is None or _empty(cell):
                continue
            value = self._value(cell, column)
            if value is None:
                wrong = True
            elif not column.path:
                bare = value
            else:
                _put(values, column.path, value)
        if wrong:
            return
        if (bare is None) == (not values):
            self._wrong(first.at, "this new row has no figures, or two kinds of them", "fill one of them in")
            return
        order = order_of(self.sheet.schema) if self.sheet.schema else tuple(values)
        rank = {name: index for index, name in enumerate(order)}
        ordered = {name: values[name] for name in sorted(values, key=lambda x: rank.get(x, len(rank)))}
        row = bare if bare is not None else Fields(ordered, first.at)
        path = self.owners[key[:-1]]
        what = f"{', '.join(x for x in key[1:] if x)}: a new row"
        fields = {column.heading: column.field for column in self.sheet.columns}
        after = ", ".join(
            told(cell.value, cell.number_format, fields[name]) if name in fields else _key(cell)
            for name, cell in cells.items()
            if not _empty(cell)
        )
        if self._named():
            self.edits.append(Edit(first.at, key[0], (*path, key[-1]), row, what, "", after))
        else:
            self.edits.append(Edit(first.at, key[0], path, row, what, "", after, row=True))


def _put(values: dict[str, tuple[Text, Node]], path: tuple[str, ...], value: Node) -> None:
    name, *rest = path
    if not rest:
        values[name] = (Text(name, ""), value)
        return
    held = values.setdefault(name, (Text(name, ""), Fields({}, "")))[1]
    assert isinstance(held, Fields)
    _put(held.entries, tuple(rest), value)


def _at(row: Row, index: int) -> Cell:
    """The cell of a column; the empty ones behind the last value of a row were not read."""
    if index < len(row):
        return row[index]
    sheet, _, first = row[0].at.partition("!A")
    return Cell(f"{sheet}!{get_column_letter(index + 1)}{first}", None)


def _empty(cell: Cell) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def _key(cell: Cell | None) -> str:
    """What a grey cell says; a spreadsheet may have made a number or a date of it."""
    value = None if cell is None else cell.value
    if isinstance(value, (datetime, date)):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
