"""Where the time of an estimate goes: named functions of the core, watched while it runs.

A stage is told without the stages inside it.  A function that no longer exists is left out,
and its time falls to the stage around it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from importlib import import_module
from typing import Any

Stages = Mapping[str, Sequence[str]]
"""Stage → its functions, as ``module:name`` or ``module:Class.name`` below the core."""
REST = "the rest"
CORE = "coverage_service.core"


class Watch:
    """Nanoseconds and calls by stage, each without what runs inside it in another stage."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {REST: 0}
        self.calls: dict[str, int] = {}
        self._open: list[str] = [REST]
        self._since = 0

    def _turn(self) -> None:
        now = time.perf_counter_ns()
        self.taken[self._open[-1]] += now - self._since
        self._since = now

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        self.taken.setdefault(stage, 0)

        @wraps(function)
        def watched(*args: Any, **named: Any) -> Any:
            self._turn()
            self._open.append(stage)
            self.calls[stage] = self.calls.get(stage, 0) + 1
            try:
                return function(*args, **named)
            finally:
                self._turn()
                self._open.pop()

        return watched

    def run(self, action: Callable[[], object], times: int) -> None:
        self._since = time.perf_counter_ns()
        for _ in range(times):
            action()
        self._turn()


def shares(
    action: Callable[[], object], stages: Stages, times: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Each stage's share of the time of an action, and its calls in one."""
    watch = Watch()
    with watched(stages, watch):
        watch.run(action, times)
    whole = sum(watch.taken.values())
    return (
        {stage: taken / whole for stage, taken in watch.taken.items()},
        {stage: count / times for stage, count in watch.calls.items()},
    )


@contextmanager
def watched(stages: Stages, watch: Watch) -> Iterator[None]:
    """Put a watch around functions wherever they are bound, and take it off again."""
    undo: list[tuple[Any, str, Any]] = []
    try:
        for stage, names in stages.items():
            for name in names:
                undo += _bind(name, partial(watch.around, stage))
        yield
    finally:
        for owner, name, original in reversed(undo):
            setattr(owner, name, original)


def _bind(path: str, around: Callable[[Any], Any]) -> list[tuple[Any, str, Any]]:
    module, _, name = path.partition(":")
    owner: Any = import_module(f"{CORE}.{module}")
    *outer, name = name.split(".")
    for each in outer:
        owner = getattr(owner, each, None)
    original = getattr(owner, name, None)
    if original is None:
        return []
    new = around(original)
    ours = [found for key, found in sys.modules.items() if key.startswith("coverage_service")]
    owners: list[Any] = [owner] if outer else list(ours)
    bound = [(each, key, original) for each in owners for key, x in list(vars(each).items()) if x is original]
    for each, key, _ in bound:
        setattr(each, key, new)
    return bound
