"""A bar for each session, stacked by what the patient pays for, with the turns of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from coverage_service.core.answer import Event, Row
from coverage_service.core.terms import BOUNDLESS
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import ngettext
from coverage_service.web.charts.layout import (
    LINE,
    WIDTH,
    Bar,
    Label,
    apart,
    centred,
    fitting,
    scaled,
    slug,
)
from coverage_service.web.charts.session_table import session_table
from coverage_service.web.charts.tables import Table
from coverage_service.web.charts.turns import Turn, turns_of
from coverage_service.web.charts.visits import Visit, added, by_month, visits_of
from coverage_service.web.charts.waterfall import SHARES, fill_of
from coverage_service.web.charts.words import NO_PART, about, day, full_day, money, month, part_name

MOST_BARS = 26
WIDEST = 56
"""The most room for one bar, so that a short course is not drawn as blocks."""
TOP, PLOT = 26, 132
BASE = TOP + PLOT
DATES = BASE + 22
LANES = DATES + 36
NOTHING = "nothing"


class Stack(NamedTuple):
    """One session or month: its boxes from the baseline up; none where nothing is paid."""

    x: int
    width: int
    patient: int
    bars: tuple[Bar, ...]

    @property
    def top(self) -> int:
        """Where its highest box begins."""
        return self.bars[-1].y if self.bars else BASE - 10


@dataclass(frozen=True, slots=True)
class Sessions:
    """The bars of a course.  ``key`` names the fills in use; ``most`` is the highest bar in cents."""

    id: str
    title: str
    unit: str
    stacks: tuple[Stack, ...]
    amounts: tuple[Label, ...]
    dates: tuple[Label, ...]
    turns: tuple[Turn, ...]
    key: tuple[tuple[str, str], ...]
    patterns: tuple[str, ...]
    table: Table
    most: int
    monthly: bool
    height: int
    base: int = BASE
    width: int = WIDTH


def session_bars(
    rows: Iterable[Row],
    events: Iterable[Event] = (),
    *,
    at_most: bool = False,
    insured: bool = True,
    id: str = "sessions",
) -> Sessions | None:
    """The drawing of a ledger; None without sessions or with one that has no bound.

    ``at_most`` is true when the ledger is that of the high end (``Scenario.run``); ``insured``
    False words and fills the fee of a person who asks no plan.
    """
    visits = visits_of(rows)
    if not visits or max([each.billed for each in visits]) >= BOUNDLESS:
        return None
    monthly = len(visits) > MOST_BARS
    groups = by_month(visits) if monthly else tuple((each,) for each in visits)
    drawn = tuple([added(group) for group in groups])
    most = max([each.patient for each in drawn])
    edges = _edges(len(drawn))
    rooms = zip(drawn, edges[:-1], edges[1:], strict=True)
    stacks = tuple([_stack(each, left, right, most, insured) for each, left, right in rooms])
    events = tuple(sorted(events, key=lambda event: event.on))
    turns = turns_of(events, drawn, edges, LANES, monthly)
    paid = zip(*[each.shares for each in drawn], strict=True)
    names = [name for name, shares in zip(SHARES, paid, strict=True) if any(shares)]
    nothing = [(NOTHING, str(NO_PART))] if 0 in [each.patient for each in drawn] else []
    return Sessions(
        id=slug(id),
        title=_title(visits, drawn, monthly, at_most),
        unit=_("Each bar is one month.") if monthly else _("Each bar is one session."),
        stacks=stacks,
        amounts=_amounts(stacks),
        dates=_dates(drawn, stacks, monthly),
        turns=turns,
        key=(*((fill_of(name, insured), part_name(name, insured)) for name in names), *nothing),
        patterns=tuple(fill_of(name, insured) for name in names),
        table=session_table(groups, events, monthly, insured),
        most=most,
        monthly=monthly,
        height=max([DATES + 8, *(turn.foot + 6 for turn in turns)]),
    )


def _title(visits: Sequence[Visit], drawn: Sequence[Visit], monthly: bool, at_most: bool) -> str:
    whole = added(visits)
    words = {
        "first": full_day(whole.first),
        "last": full_day(whole.last),
        "total": money(whole.patient),
        "most": money(max([each.patient for each in drawn])),
    }
    if len(visits) == 1:
        return _("One session, %(first)s: you pay %(total)s.", **words)
    count = ngettext("%(num)d session", "%(num)d sessions", len(visits))
    if monthly:
        text = _(
            "%(count)s, %(first)s to %(last)s: you pay %(total)s in all, at most %(most)s in a month.",
            count=count,
            **words,
        )
    else:
        text = _(
            "%(count)s, %(first)s to %(last)s: you pay %(total)s in all, at most %(most)s for one.",
            count=count,
            **words,
        )
    highest = _("These are the highest figures we expect.")
    return f"{text} {highest}" if at_most else text


def _edges(count: int) -> tuple[int, ...]:
    """Where the room of each bar begins, and where the last one ends."""
    span = min(WIDTH, WIDEST * count)
    return tuple([span * at // count for at in range(count + 1)])


def _stack(visit: Visit, left: int, right: int, most: int, insured: bool) -> Stack:
    gap = max(1, (right - left) // 4)
    x, width = left + gap // 2, max(1, right - left - gap)
    bars, paid, foot = [], 0, BASE
    for name, cents in zip(SHARES, visit.shares, strict=True):
        if not cents:
            continue
        paid += cents
        top = BASE - scaled(paid, PLOT, most)
        if top < foot:
            bars.append(Bar(fill_of(name, insured), x, top, width, foot - top))
        foot = top
    return Stack(x, width, visit.patient, tuple(bars))


def _amounts(stacks: Sequence[Stack]) -> tuple[Label, ...]:
    """An amount over every run of equal bars where there is room, the highest one first."""
    runs = [tuple(run) for _cents, run in groupby(stacks, key=lambda each: each.patient)]
    runs = sorted((run for run in runs if run[0].bars), key=lambda run: -run[0].patient)
    kept: list[Label] = []
    for run in runs:
        label = centred((run[0].x + run[-1].x + run[-1].width) // 2, run[0].top - 7, about(run[0].patient))
        left, right = label.span
        under = [each for each in stacks if left < each.x + each.width and each.x < right]
        if all(each.top > label.y for each in under) and all(_clear(label, each) for each in kept):
            kept.append(label)
    return tuple(sorted(kept, key=lambda each: each.x))


def _clear(one: Label, other: Label) -> bool:
    return apart(one, other, 6) or abs(one.y - other.y) > LINE


def _dates(drawn: Sequence[Visit], stacks: Sequence[Stack], monthly: bool) -> tuple[Label, ...]:
    """The first and the last date, and those between that have room."""
    text = month if monthly else day
    shown = list(zip(drawn, stacks, strict=True))
    between = shown[1:-1] if len(shown) <= WIDTH // 60 else []
    return fitting(
        centred(stack.x + stack.width // 2, DATES, text(visit.first))
        for visit, stack in [*dict.fromkeys((shown[0], shown[-1])), *between]
    )
