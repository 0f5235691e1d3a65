"""Alternating rounds of CPU time, and the one shape in which every figure is printed.

Nothing here fails on time: a figure is "met" or "not met", and that is all.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

ROUNDS = max(1, int(os.environ.get("BENCH_ROUNDS", "9")))
"""Rounds of every figure; 1 also makes every round small, to see that all of it runs."""
TINY = ROUNDS == 1
MICROSECONDS, MILLISECONDS, SECONDS = ("µs", 1e6), ("ms", 1e3), ("s", 1.0)

Action = Callable[[], object]
Taken = dict[str, list[float]]
"""What → seconds of each round."""


def size(usual: int, tiny: int = 1) -> int:
    """How many, or few where only the running is tried."""
    return tiny if TINY else usual


def alternate(actions: Mapping[str, Action], calls: int, rounds: int = ROUNDS) -> Taken:
    """CPU seconds of one call of each action, one value a round; each round takes all in turn."""
    taken: Taken = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            taken[name].append(cpu_seconds(action, calls))
    return taken


def cpu_seconds(action: Action, calls: int) -> float:
    """CPU seconds of one of many calls in this process."""
    gc.collect()
    start = time.process_time()
    for _ in range(calls):
        action()
    return (time.process_time() - start) / calls


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """One against the other within each round."""
    return [a / b if b else float("inf") for a, b in zip(above, below, strict=True)]


class Aim(NamedTuple):
    """What a median should reach: ``at least`` or ``at most`` a value."""

    value: float
    at_least: bool = False

    def verdict(self, median: float) -> str:
        met = median >= self.value if self.at_least else median <= self.value
        return "met" if met else "not met"


def figure(what: str, values: Sequence[float], unit: tuple[str, float], note: str = "") -> str:
    """One line: what, the median, the least and the most."""
    name, factor = unit
    low, middle, high = (x * factor for x in (min(values), statistics.median(values), max(values)))
    spread = f"({number(low)}–{number(high)})"
    return f"  {what:<46}{number(middle):>10} {name:<3} {spread:<18}{note}".rstrip()


def against(what: str, values: Sequence[float], aim: Aim, unit: tuple[str, float] = ("x", 1.0)) -> str:
    """One line that is held to an aim."""
    told = f"aim {'at least' if aim.at_least else 'at most'} {number(aim.value * unit[1])} {unit[0]}"
    return figure(what, values, unit, f"{told}: {aim.verdict(statistics.median(values))}")


def number(value: float) -> str:
    """Three figures that count, never an exponent."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 4
    return f"{value:,.{digits}f}"
