"""Runs every benchmark: `make bench`, or `make bench ARGS="bare_view"` for some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import bare_view, batch, estimate, http, load, session

BENCHMARKS: dict[str, Callable[[], str]] = {
    "session": session.run,
    "estimate": estimate.run,
    "http": http.run,
    "batch": batch.run,
    "load": load.run,
    "bare_view": bare_view.run,
}
"""Each benchmark returns the lines it found, with its unit in each."""


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in wanted or BENCHMARKS:
        print(f"{name}\n{BENCHMARKS[name]()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
