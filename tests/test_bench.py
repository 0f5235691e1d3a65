"""Every benchmark runs and prints its lines; how fast they are is for ``make bench`` to say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, main
from bench.measure import Aim, against, alternate, number, ratios
from bench.stages import REST, shares
from coverage_service.core.money import dollars

ROOT = Path(__file__).resolve().parent.parent
LINES = {
    "session": (
        "equal cents on 500 random sessions", "one session, ours ", "of it the split alone",
        "zen-engine, graph compiled once",
        "zen, compiled once / ours", "one session, ours: amounts and working",
    ),
    "estimate": (
        "one estimate, CPU", "5 pathways, 2 scenarios", "pathways", "low, planning and high runs", "swings",
        "ledgers", "comparison and thresholds", "Python calls", "the answer as plain values", "yardstick",
    ),
    "http": (
        "POST /v1/estimates, server CPU", "a view of the same bytes, server CPU", "a bare view, server CPU",
        "answers for the same CPU, ours / same bytes", "throughput, ours / same bytes",
        "Flask, server and socket",
    ),
    "batch": ("therapists, one core", "a single call, summary", "throughput, batch / single calls", "swings"),
    "load": ("bare yaml.compose", "cold load", "load from the cache"),
    "page": ("much is open", "sessions drawn", "POST /check", "POST /v1/estimates", "page / API"),
    "impact": ("40 requests, one plan differs, wall", "40 requests, every plan differs, wall",
               "40 requests, public figures differ, wall"),
    "bare_view": ("GET /healthz",),
}  # fmt: skip
AIMS = {"session": 4, "estimate": 1, "http": 2, "batch": 2, "load": 2, "page": 2, "impact": 3, "bare_view": 0}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT, env={**os.environ, "BENCH_ROUNDS": "1"}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


def test_every_benchmark_is_tried_here():
    assert BENCHMARKS.keys() == LINES.keys() == AIMS.keys()


@pytest.mark.parametrize("name", LINES)
def test_a_benchmark_prints_its_lines(name: str):
    done = bench(name)
    assert done.returncode == 0, done.stderr
    for line in LINES[name]:
        assert f" {line}" in done.stdout, (line, done.stdout)
    assert len(re.findall(r"aim at (?:least|most) [\d.,]+ \S+: (?:not )?met", done.stdout)) == AIMS[name]


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["sesion"]) == 2
    assert "No benchmark sesion; there are session, " in capsys.readouterr().err


def test_an_aim_is_met_by_the_median_alone():
    assert against("x", [1.0, 2.0, 90.0], Aim(2.0)).endswith("aim at most 2.00 x: met")
    assert against("x", [1.0, 2.1, 90.0], Aim(2.0)).endswith("aim at most 2.00 x: not met")
    assert against("x", [1.0, 20.0, 90.0], Aim(20, at_least=True)).endswith("aim at least 20.0 x: met")
    assert Aim(20, at_least=True).verdict(19.9) == "not met"


def test_figures_have_no_exponents():
    assert [number(x) for x in (12_345.6, 99.96, 9.994, 0.1, 0.00251)] == [
        "12,346",
        "100.0",
        "9.99",
        "0.10",
        "0.0025",
    ]


def test_rounds_alternate():
    order: list[str] = []
    taken = alternate({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, calls=2, rounds=2)
    assert "".join(order) == "ab" + "aabb" * 2
    assert [len(values) for values in taken.values()] == [2, 2]
    assert ratios([1.0, 4.0], [2.0, 2.0]) == [0.5, 2.0]


def test_stages_are_told_apart_and_the_watch_comes_off():
    import coverage_service.core.money as money

    def action() -> None:
        for cents in range(50):
            money.dollars(cents)

    found, calls = shares(action, {"dollars": ("money:dollars",), "gone": ("money:no_such_name",)}, times=3)
    assert calls == {"dollars": 50}
    assert found.keys() == {"dollars", REST}
    assert abs(sum(found.values()) - 1) < 1e-9
    assert min(found.values()) > 0
    assert money.dollars is dollars
