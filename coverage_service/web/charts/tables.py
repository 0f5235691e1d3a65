"""The table beside a drawing: the same figures as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class TableRow(NamedTuple):
    """A line of a table; its first cell names it.  ``kind`` is empty, ``group`` or ``total``."""

    cells: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text.  ``note`` is true when the last column holds words instead of figures."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[TableRow, ...]
    note: bool = False
