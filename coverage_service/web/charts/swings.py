"""What would change the total: one bar for each open question, the biggest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coverage_service.core.answer import OpenQuestion
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import ngettext
from coverage_service.json_values import known
from coverage_service.web.charts.layout import BAR, LINE, WIDTH, Bar, Label, scaled, slug, text_width, wrapped
from coverage_service.web.charts.tables import Table, TableRow
from coverage_service.web.charts.words import whole_dollars

MOST = 6
TOP, GAP = 14, 18


@dataclass(frozen=True, slots=True)
class SwingRow:
    """One cause; ``bar`` None where no bound of it is known."""

    lines: tuple[Label, ...]
    amount: Label
    bar: Bar | None
    y: int


@dataclass(frozen=True, slots=True)
class Swings:
    """The bars of the biggest causes; ``more`` tells of those that only the table names."""

    id: str
    title: str
    rows: tuple[SwingRow, ...]
    more: str
    patterns: tuple[str, ...]
    table: Table
    height: int
    width: int = WIDTH


def in_words(unknown: OpenQuestion) -> str:
    """The id of a question as words, where nobody gives better ones."""
    return unknown.id.replace("_", " ")


def swing_bars(
    unknowns: Iterable[OpenQuestion],
    named: Callable[[OpenQuestion], str] = in_words,
    *,
    id: str = "swings",
) -> Swings | None:
    """The drawing of what the open questions move, in dollars; None when nothing moves it.

    ``named`` gives the short words of a question in the person's language.
    """
    causes = [(named(each), known(each.swing)) for each in unknowns if each.swing != 0]
    # A swing without a bound may be the biggest of all: the table names it first, the bars compare the rest.
    causes.sort(key=lambda cause: (cause[1] is not None, -(cause[1] or 0)))
    if not causes:
        return None
    sized = [cause for cause in causes if cause[1] is not None]
    shown = sized[:MOST] or causes[:MOST]
    rows, y = [], TOP
    most = max((swing or 0) for _name, swing in causes)
    for name, swing in shown:
        row = _row(name, swing, most, y)
        rows.append(row)
        y = row.y + BAR + GAP + LINE - 5
    return Swings(
        id=slug(id),
        title=_title(*shown[0], alone=len(sized) == len(causes)),
        rows=tuple(rows),
        more=_more(len(causes) - len(sized) if sized else 0, len(sized or causes) - len(shown)),
        patterns=("swing",),
        table=_table(causes),
        height=rows[-1].y + BAR + 2,
    )


def _more(boundless: int, smaller: int) -> str:
    """How many causes only the table names."""
    told = []
    if boundless:
        told.append(
            ngettext(
                "%(num)d of unknown size, in the table", "%(num)d of unknown size, in the table", boundless
            )
        )
    if smaller > 0:
        told.append(ngettext("and %(num)d more, in the table", "and %(num)d more, in the table", smaller))
    return ", ".join(told)


def _title(name: str, swing: int | None, alone: bool) -> str:
    """``alone``: no cause is of unknown size."""
    if swing is None:
        return _("Not known, and of unknown size: %(cause)s.", cause=name)
    if not alone:
        return _(
            "What moves the total most of those with a known size, by up to %(amount)s: %(cause)s.",
            cause=name,
            amount=_most(swing),
        )
    return _("What moves the total most, by up to %(amount)s: %(cause)s.", cause=name, amount=_most(swing))


def _most(swing: int) -> str:
    """At most so many whole dollars."""
    return whole_dollars(-(-swing // 100))


def _row(name: str, swing: int | None, most: int, y: int) -> SwingRow:
    amount = _("unknown size") if swing is None else _most(swing)
    lines = wrapped(name, WIDTH - text_width(amount) - 12)
    top = y + LINE * (len(lines) - 1) + 8
    return SwingRow(
        tuple(Label(0, y + LINE * n, line) for n, line in enumerate(lines)),
        Label(WIDTH, y, amount, "end"),
        None if swing is None else Bar("swing", 0, top, max(1, scaled(swing, WIDTH, most))),
        top,
    )


def _table(causes: list[tuple[str, int | None]]) -> Table:
    rows = tuple(
        TableRow((name, _("unknown size") if swing is None else _most(swing))) for name, swing in causes
    )
    return Table(_("What would change the total"), (_("Not known yet"), _("Moves it by up to")), rows)
