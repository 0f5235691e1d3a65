"""The drawings of an estimate's page: which figures of it are drawn, and on which scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coverage_service.core.answer import Window
from coverage_service.core.wording import Wording
from coverage_service.json_values import known
from coverage_service.web.basis import SELF_PAY
from coverage_service.web.charts import (
    Range,
    Sessions,
    Swings,
    Table,
    Waterfall,
    range_bar,
    range_table,
    session_bars,
    swing_bars,
    waterfall,
)
from coverage_service.web.result import Result
from coverage_service.web.ways import COURSE, Case, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """What is drawn; None where there is nothing to draw.

    ``ways``: by way to pay, on one scale, and ``compared`` the same as a table; ``cases``: covered
    and not covered, on one scale.
    """

    course: Range | None
    fee: Waterfall | None
    sessions: Sessions | None
    swings: Swings | None
    ways: Mapping[str, Range | None]
    compared: Table | None
    cases: Sequence[Range | None]


def drawings_of(result: Result, wording: Wording) -> Drawings:
    """The drawings of the page."""
    main = result.main
    case = main.cases[0] if main and main.cases else None
    return Drawings(
        course=_bar(_course(case), "course") if case else None,
        fee=None if result.missing else _fee(main, case),
        sessions=None if result.missing else _sessions(main, case),
        swings=_swings(result, wording),
        ways=_ways(result),
        compared=_compared(result.priced),
        cases=_cases(main),
    )


def _swings(result: Result, wording: Wording) -> Swings | None:
    """What the open questions move; nothing is drawn where no size is known."""
    if not any(each.swing for each in result.swings):
        return None
    return swing_bars(result.swings, lambda each: _short(each.question, wording))


def _short(question: str, wording: Wording) -> str:
    text = wording.questions.get(question)
    return text.short if text else question


def _course(case: Case) -> Window | None:
    return next((window for window in case.scenario.windows if window.id == COURSE), None)


def _bar(window: Window | None, id: str, most: int | None = None, name: str = "") -> Range | None:
    """A range as a bar; one exact figure needs none."""
    if window is None or window.low == window.high:
        return None
    return range_bar(window.low, window.planning, window.high, maximum=most, name=name, id=id)


def _sessions(main: Way | None, case: Case | None) -> Sessions | None:
    if main is None or case is None or len({row.number for row in case.rows}) < 2:
        return None
    insured = main.id not in SELF_PAY
    return session_bars(case.rows, case.scenario.events, at_most=not case.planned, insured=insured)


def _fee(main: Way | None, case: Case | None) -> Waterfall | None:
    """Where the fee goes, as long as every part of it has a basis."""
    if main is None or case is None or case.next_session is None:
        return None
    return waterfall(case.next_session, insured=main.id not in SELF_PAY)


def _ways(result: Result) -> dict[str, Range | None]:
    most = _most([way.year_window for way in result.priced])
    return {way.id: _bar(way.year_window, f"year-{way.id}", most, str(way.name)) for way in result.priced}


def _compared(ways: Sequence[Way]) -> Table | None:
    """The figures of several ways side by side."""
    windows = [(str(way.name), way.year_window) for way in ways]
    rows = [(name, each.low, each.planning, each.high) for name, each in windows if each]
    return range_table(rows) if len(rows) > 1 else None


def _cases(main: Way | None) -> list[Range | None]:
    if main is None or len(main.cases) < 2:
        return []
    windows = [_course(case) for case in main.cases]
    most = _most(windows)
    return [
        _bar(window, f"case-{case.scenario.name}", most, str(case.label))
        for window, case in zip(windows, main.cases, strict=True)
    ]


def _most(windows: Sequence[Window | None]) -> int | None:
    return max((known(window.high) or 0 for window in windows if window), default=None)
