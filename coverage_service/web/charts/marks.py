"""Labels and boxes of the drawings as SVG: a page has some sixty, and a macro for each took longer."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from coverage_service.web.charts.layout import Bar, Label


def texts(labels: Iterable[Label], kind: str = "label") -> Markup:
    """Lines of text; ``kind`` is label or strong."""
    return Markup("".join([_text(label, kind) for label in labels]))


def _text(label: Label, kind: str) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    return f'<text class="chart-{kind}" x="{label.x}" y="{label.y}"{anchor}>{escape(label.text)}</text>'


def boxes(bars: Iterable[Bar], id: str) -> Markup:
    """Filled boxes; ``id`` is that of the drawing, whose fills they refer to."""
    return Markup(
        "".join(
            [
                f'<rect class="chart-bar chart-bar--{bar.name}" x="{bar.x}" y="{bar.y}"'
                f' width="{bar.width}" height="{bar.height}" fill="url(#{id}-{bar.name})"/>'
                for bar in bars
            ]
        )
    )


FILTERS = {"texts": texts, "boxes": boxes}
"""What the macros in ``templates/charts`` write labels and boxes with."""
