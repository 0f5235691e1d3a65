"""A total from low to high as a thin track; the figure to plan for as a solid mark on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coverage_service.core.money import Display, outward
from coverage_service.html.speech import gettext as _
from coverage_service.json_values import known
from coverage_service.web.charts.layout import WIDTH, Label, apart, centred, scaled, slug
from coverage_service.web.charts.tables import Table, TableRow
from coverage_service.web.charts.words import money, whole_dollars

INSET = 6
"""Left free at both ends, so that a mark on an end is not cut."""
SPAN = WIDTH - 2 * INSET
ABOVE, TRACK, BELOW = 17, 34, 28
"""Where the figure to plan for stands, the track under it, and the ends under the track."""


@dataclass(frozen=True, slots=True)
class Range:
    """Where a range lies on a scale that begins at nothing.

    ``low`` None: open at the left.  ``mark`` None: no figure to plan for.
    """

    id: str
    title: str
    name: str
    text: str
    low: int | None
    mark: int | None
    high: int
    labels: tuple[Label, ...]
    planning: Label | None
    track: int
    height: int
    begin: int = INSET
    end: int = WIDTH - INSET
    width: int = WIDTH


def range_bar(
    low: int | None,
    planning: int | None,
    high: int | None,
    *,
    maximum: int | None = None,
    name: str = "",
    id: str = "range",
) -> Range | None:
    """The drawing of a range in cents; ``maximum`` is the end of a scale shared with others."""
    low, planning, high = known(low), known(planning), known(high)
    if high is None:
        return None
    most = max(high, known(maximum) or 0)
    shown = outward(low, planning, high)
    places = tuple(None if each is None else _place(each, most) for each in (low, planning, high))
    point = low == high
    text = range_text(low, planning, high)
    plan = None
    title = _("%(name)s: %(range)s", name=name, range=text) if name else f"{text[:1].upper()}{text[1:]}"
    if planning is not None and not point:
        amount = whole_dollars(shown.planning or 0)
        plan = centred(places[1] or 0, ABOVE, _("plan for %(amount)s", amount=amount))
        told = _("We would plan for %(amount)s.", amount=amount)
        title = f"{title}. {told}"
    track = TRACK if plan else TRACK - ABOVE
    return Range(
        id=slug(id),
        title=title,
        name=name,
        text=text,
        low=places[0],
        mark=places[2] if point else places[1],
        high=places[2] or 0,
        labels=_ends(shown, places[0], places[2] or 0, text, track + BELOW),
        planning=plan,
        track=track,
        height=track + BELOW + 8,
    )


def range_text(low: int | None, planning: int | None, high: int) -> str:
    """The range in words: "$340 to $1,680", "up to $2,400", "about $141", or an exact amount."""
    shown = outward(low, planning, high)
    if shown.exact_cents is not None:
        return money(shown.exact_cents)
    if low is None:
        return _("up to %(high)s", high=whole_dollars(shown.high or 0))
    if low == high:
        return _("about %(amount)s", amount=whole_dollars((low + 50) // 100))
    return _("%(low)s to %(high)s", low=whole_dollars(shown.low or 0), high=whole_dollars(shown.high or 0))


def _place(cents: int, most: int) -> int:
    return INSET + scaled(cents, SPAN, most)


def _ends(shown: Display, low: int | None, high: int, text: str, y: int) -> tuple[Label, ...]:
    """A label at each end that has a bound; one in the middle where two would touch."""
    if low is None:
        return (centred(high, y, whole_dollars(shown.high or 0)),)
    if low == high:
        return (centred(high, y, text),)
    ends = (
        centred(low, y, whole_dollars(shown.low or 0)),
        centred(high, y, whole_dollars(shown.high or 0)),
    )
    return ends if apart(*ends) else (centred((low + high) // 2, y, text),)


def _cells(shown: Display) -> tuple[str, ...]:
    if shown.exact_cents is not None:
        return (money(shown.exact_cents),) * 3
    return tuple("–" if each is None else whole_dollars(each) for each in shown[:3])


def range_table(ranges: Sequence[tuple[str, int | None, int | None, int | None]]) -> Table:
    """One table for ranges that are compared: the name, low, planning and high (cents) of each."""
    heads = (_("Way to pay"), _("At least"), _("We would plan for"), _("At most"))
    rows = tuple(
        TableRow((name, *_cells(outward(known(low), known(planning), known(high)))))
        for name, low, planning, high in ranges
    )
    return Table(_("The ranges in figures"), heads, rows)
