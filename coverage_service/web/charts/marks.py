"""What a drawing has many of, labels, boxes and the lines of its table: a macro for each took longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from coverage_service.html.templates import html
from coverage_service.web.charts.layout import Bar, Label
from coverage_service.web.charts.sessions import Sessions
from coverage_service.web.charts.tables import TableRow

CELL, ROW = "\x1f", "\x1e"
"""Stand between cells and between lines while a whole table is escaped: no text holds them."""
NEXT: Final = '</td><td role="cell">'


def texts(labels: Iterable[Label], kind: str = "label") -> Markup:
    """Lines of text; ``kind`` is label or strong."""
    return Markup("".join([_text(label, kind) for label in labels]))


def _text(label: Label, kind: str) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    return f'<text class="chart-{kind}" x="{label.x}" y="{label.y}"{anchor}>{html(label.text)}</text>'


def boxes(bars: Iterable[Bar], id: str) -> Markup:
    """Filled boxes; ``id`` is that of the drawing, whose fills they refer to."""
    return Markup(_boxes(bars, id))


def stacks(view: Sessions) -> Markup:
    """The bars of the sessions; a dot for one that costs nothing."""
    dot = f'<circle class="chart-nothing" cx="%d" cy="{view.base - 7}" r="3"/>'
    drawn = [
        _boxes(each.bars, view.id) if each.patient else dot % (each.x + each.width // 2)
        for each in view.stacks
    ]
    return Markup("".join(drawn))


def lines(rows: Sequence[TableRow]) -> Markup:
    """The lines of a table: the first cell of each names it."""
    texts = str(escape(ROW.join([CELL.join(row.cells) for row in rows]))).split(ROW)
    return Markup("".join([_line(row.kind, text) for row, text in zip(rows, texts, strict=True)]))


def _line(kind: str, text: str) -> str:
    name, _, cells = text.partition(CELL)
    of = f' class="chart-row--{kind}"' if kind else ""
    head = f'<th scope="row" role="rowheader">{name}</th>'
    return f'<tr role="row"{of}>{head}<td role="cell">{cells.replace(CELL, NEXT)}</td></tr>\n'


def _boxes(bars: Iterable[Bar], id: str) -> str:
    return "".join(
        [
            f'<rect class="chart-bar chart-bar--{bar.name}" x="{bar.x}" y="{bar.y}"'
            f' width="{bar.width}" height="{bar.height}" fill="url(#{id}-{bar.name})"/>'
            for bar in bars
        ]
    )


FILTERS: Final = {"texts": texts, "boxes": boxes, "stacks": stacks, "lines": lines}
"""What the macros in ``templates/charts`` write them with."""
