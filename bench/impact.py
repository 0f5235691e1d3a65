"""What a change of the rules changes: 10,000 generated requests and all tests, both rules counted.

One plan differs, as on most days; then every plan, so that nothing can be proven equal; then what
the government publishes each year, which estimates of many plans read.
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


def published(old: Sources) -> Sources:
    """The rules with the poverty guidelines and the legal maximums a dollar higher."""
    known = old.book.reference
    guidelines = {
        key: replace(each, first_person=each.first_person + 100) for key, each in known.guidelines.items()
    }
    limits = {
        year: replace(each, aca_out_of_pocket=tuple(x and x + 100 for x in each.aca_out_of_pocket))
        for year, each in known.legal_limits.items()
    }
    reference = replace(known, guidelines=guidelines, legal_limits=limits)
    return replace(old, book=replace(old.book, reference=reference))


def run() -> str:
    old, lines = sources(), []
    count = size(SIZE, 40)
    cases = {
        "one plan differs": changed(old, ["example-ppo"]),
        "every plan differs": changed(old, list(old.plans)),
        "public figures differ": published(old),
    }
    for what, new in cases.items():
        taken = []
        for _ in range(ROUNDS_HERE):
            start = time.perf_counter()
            found = impact(old, new, TODAY, size=count, processes=os.cpu_count() or 1)
            taken.append(time.perf_counter() - start)
        lines.append(against(f"{count:,} requests, {what}, wall", taken, AIM, SECONDS))
        lines.append(
            f"    {found.twice:,} estimated twice, {found.once:,} once, {found.equal:,} proven equal"
        )
    return "\n".join(lines)
