"""The turns of a plan along the session bars: hairlines, each with its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coverage_service.core.answer import Event
from coverage_service.html.speech import gettext as _
from coverage_service.web.charts.layout import LINE, WIDTH, Label, text_width, wrapped
from coverage_service.web.charts.visits import Visit, boundary
from coverage_service.web.charts.words import EVENTS, day, full_day


@dataclass(frozen=True, slots=True)
class Turn:
    """A hairline where the plan turns, and what happens there."""

    x: int
    foot: int
    labels: tuple[Label, ...]


def turns_of(
    events: Sequence[Event], drawn: Sequence[Visit], edges: Sequence[int], y: int, monthly: bool
) -> tuple[Turn, ...]:
    """Each event in a lane of its own, the rightmost on top, so that no hairline cuts a label."""
    placed = [
        (min(max(edges[boundary(event, drawn)], 1), WIDTH - 1), event)
        for event in events
        if event.code in EVENTS
    ]
    placed.sort(key=lambda found: (-found[0], found[1].on))
    turns = []
    for x, event in placed:
        on = full_day(event.on) if monthly else day(event.on)
        text = _("%(day)s: %(event)s", day=on, event=EVENTS[event.code])
        turn = _turn(x, y, text)
        turns.append(turn)
        y = turn.foot + LINE + 12
    return tuple(turns)


def _turn(x: int, y: int, text: str) -> Turn:
    """The label at the side that has more room for it."""
    right, left = WIDTH - x - 6, x - 6
    after = text_width(text) <= right or right >= left
    lines = wrapped(text, right if after else left)
    at, anchor = (x + 6, "start") if after else (x - 6, "end")
    labels = tuple(Label(at, y + LINE * n, line, anchor) for n, line in enumerate(lines))
    return Turn(x, labels[-1].y, labels)
