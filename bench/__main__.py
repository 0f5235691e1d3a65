"""Runs every benchmark: `make bench`, or `make bench ARGS="estimate"` for some of them.

`BENCH_ROUNDS=1` only tries whether all of them run.  No figure ever fails the command.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from bench import bare_view, batch, estimate, http, impact, load, page, session
from bench.measure import ROUNDS, TINY, Aim, number, size


def loaded() -> str:
    """Loading many plans, each of its aims judged."""
    found = load.run(size(load.FILES, 20))
    return re.sub(r"([\d.]+)x +\(aim: at most ([\d.]+)x\)", judged, found)


def judged(found: re.Match[str]) -> str:
    value, aim = float(found[1]), float(found[2])
    return f"{value:.2f} x   aim at most {number(aim)} x: {Aim(aim).verdict(value)}"


BENCHMARKS: dict[str, Callable[[], str]] = {
    "session": session.run,
    "estimate": estimate.run,
    "http": http.run,
    "batch": batch.run,
    "page": page.run,
    "load": loaded,
    "impact": impact.run,
    "bare_view": bare_view.run,
}
"""Each benchmark returns the lines it found, with its unit in each."""


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    small = ", each a few calls, only to see that it runs" if TINY else ""
    print(f"Medians of {ROUNDS} alternating rounds, least–most in brackets{small}.", flush=True)
    for name in wanted or BENCHMARKS:
        print(f"{name}\n{BENCHMARKS[name]()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
