"""The figures of an estimate, and how they differ from those of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from coverage_service.core.estimate import windows_of
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.schedule import COURSE, NEXT_SESSION
from coverage_service.core.shared import Shared

IMPOSSIBLE: Final = "no"
Ends = tuple[int | None, int | None, int | None]
"""Low, planning and high cents of a window; None: it cannot be given."""


class Way(NamedTuple):
    """One way to pay: its id, whether it is possible, and the ends of its windows in order."""

    id: str
    possible: str
    windows: tuple[Ends, ...]


Figures = tuple[Way, ...]
"""Every figure that an estimate shows of a course, way by way."""


def figures_of(request: Request, reference: Reference, shared: Shared | None = None) -> Figures:
    """The figures of one request; ``shared`` is that of the same client with other practices."""
    return tuple(
        Way(each.id, each.possible, tuple((x.low, x.planning, x.high) for x in each.windows))
        for each in windows_of(request, reference, shared)
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """How an estimate changed, on the way to pay on which its course changed most.

    ``old``/``new``: cents of the whole course, what to plan for, else the high end, else the
    low end; None where neither side, or only one, can be given.  ``session`` is the change of
    the next session in cents.  ``became`` tells in one word what is no matter of cents:
    known, unknown, possible, impossible; empty otherwise.
    """

    way: str
    old: int | None
    new: int | None
    session: int | None
    became: tuple[str, ...] = ()

    @property
    def by(self) -> int | None:
        """Cents by which the course changed."""
        return None if self.old is None or self.new is None else self.new - self.old


def moved(old: Figures, new: Figures) -> Moved | None:
    """The difference of two estimates of one request, or None when every figure is the same."""
    if old == new:
        return None
    before, after = {way.id: way for way in old}, {way.id: way for way in new}
    ids = [id for id in dict.fromkeys((*before, *after)) if before.get(id) != after.get(id)]
    pairs = [(before.get(id, _absent(id)), after.get(id, _absent(id))) for id in ids]
    one, two = max(pairs, key=_weight)
    was, is_ = _pair(one, two, COURSE)
    session = _pair(one, two, NEXT_SESSION)
    became = tuple(dict.fromkeys(word for pair in pairs if (word := _became(*pair))))
    return Moved(two.id, was, is_, _less(*session), became)


def _absent(id: str) -> Way:
    return Way(id, IMPOSSIBLE, ())


def _weight(pair: tuple[Way, Way]) -> tuple[int, int]:
    course, session = (_less(*_pair(*pair, window)) for window in (COURSE, NEXT_SESSION))
    return abs(course or 0), abs(session or 0)


def _less(old: int | None, new: int | None) -> int | None:
    return None if old is None or new is None else new - old


def _pair(old: Way, new: Way, window: int) -> tuple[int | None, int | None]:
    """The figures to compare: both to plan with, else both high ends, else both low ends."""
    if not old.windows or not new.windows:
        return (_best(old, window), _best(new, window))
    one, two = old.windows[window], new.windows[window]
    for end in (1, 2, 0):
        if one[end] is not None and two[end] is not None and one[end] != two[end]:
            return one[end], two[end]
    return next(((one[end], two[end]) for end in (1, 2, 0) if None not in (one[end], two[end])), (None, None))


def _best(way: Way, window: int) -> int | None:
    if not way.windows:
        return None
    low, planning, high = way.windows[window]
    return planning if planning is not None else high if high is not None else low


def _became(old: Way, new: Way) -> str:
    if IMPOSSIBLE in (old.possible, new.possible) and old.possible != new.possible:
        return "impossible" if new.possible == IMPOSSIBLE else "possible"
    lost = gained = False
    for one, two in zip(old.windows, new.windows, strict=False):
        for before, after in zip(one, two, strict=True):
            lost |= before is not None and after is None
            gained |= before is None and after is not None
    return "unknown" if lost else "known" if gained else ""
