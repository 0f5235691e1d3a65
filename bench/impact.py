"""What a change of the rules changes: 10,000 generated requests and all tests, both rules counted.

One plan differs, as on most days; then every plan, so that nothing can be proven equal.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

from bench.facts import TODAY, sources
from bench.measure import SECONDS, TINY, Aim, against, size
from coverage_service.changes.impact import SIZE, impact
from coverage_service.sources import Sources

AIM = Aim(10.0)
ROUNDS_HERE = 1 if TINY else 3


def changed(old: Sources, ids: list[str]) -> Sources:
    """The rules with one more percent of the law's cut in some plans."""
    plans = {
        id: tuple(replace(entry, sequestration=entry.sequestration + 100) for entry in entries)
        for id, entries in old.plans.items()
        if id in ids
    }
    book = replace(old.book, plans={**old.book.plans, **plans})
    return replace(old, book=book, plans={**old.plans, **plans})


def run() -> str:
    old, lines = sources(), []
    count = size(SIZE, 40)
    for what, ids in (("one plan differs", ["example-ppo"]), ("every plan differs", list(old.plans))):
        new, taken = changed(old, ids), []
        for _ in range(ROUNDS_HERE):
            start = time.perf_counter()
            found = impact(old, new, TODAY, size=count, processes=os.cpu_count() or 1)
            taken.append(time.perf_counter() - start)
        lines.append(against(f"{count:,} requests, {what}, wall", taken, AIM, SECONDS))
        lines.append(
            f"    {found.twice:,} estimated twice, {found.once:,} once, {found.equal:,} proven equal"
        )
    return "\n".join(lines)
