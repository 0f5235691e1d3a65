"""The estimate over HTTP, against a view that parses, checks and returns the same bytes.

CPU of the server is the main figure: the client shares the machine, so its throughput says
as much about the client.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import orjson

from bench.facts import TODAY, body, sources
from bench.http_app import BARE, ESTIMATES, SAME
from bench.http_server import cpu, server
from bench.measure import MICROSECONDS, ROUNDS, Aim, against, alternate, figure, ratios, size
from coverage_service.answer_json import estimate_json
from coverage_service.core.estimate import estimate
from coverage_service.estimates import read_request
from coverage_service.strict_json import decode

AIM = Aim(0.5, at_least=True)
PATHS = {"ours": ESTIMATES, "same": SAME, "bare": BARE}
CONNECTIONS = 4
PER_SECOND = ("/s", 1.0)


class Load(NamedTuple):
    """One bounded load: CPU seconds of the server for an answer, answers a second, the p99 in seconds."""

    cpu: float
    rate: float
    slowest: float


def run() -> str:
    loads: dict[str, list[Load]] = {name: [] for name in PATHS}
    count = size(400, 8)
    with server() as port:
        for path in PATHS.values():
            load(port, path, size(40, 4))
        for _ in range(ROUNDS):
            for name, path in PATHS.items():
                loads[name].append(load(port, path, count))
    return "\n".join([*told(loads), *where([x.cpu for x in loads["bare"]])])


def load(port: int, path: str, count: int) -> Load:
    """Ask from another process, and see what the server's CPU clock took for it."""
    before = cpu(port)
    asked = [sys.executable, "-m", "bench.http_client", str(port), path, str(count), str(CONNECTIONS)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        raise SystemExit(f"The client of the benchmark failed: {done.stderr[-500:]}")
    found = json.loads(done.stdout)
    answers, latencies = found["answers"], found["latencies"]
    slowest = latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))]
    return Load((cpu(port) - before) / answers, answers / found["seconds"], slowest)


def told(loads: dict[str, list[Load]]) -> list[str]:
    def column(name: str, value: Callable[[Load], float]) -> list[float]:
        return [value(each) for each in loads[name]]

    busy = {name: column(name, lambda x: x.cpu) for name in loads}
    rate = {name: column(name, lambda x: x.rate) for name in loads}
    return [
        f"  {CONNECTIONS} connections kept alive, 1 worker with 1 thread, on loopback",
        figure("POST /v1/estimates, server CPU", busy["ours"], MICROSECONDS),
        figure("a view of the same bytes, server CPU", busy["same"], MICROSECONDS),
        figure("a bare view, server CPU", busy["bare"], MICROSECONDS),
        against("answers for the same CPU, ours / same bytes", ratios(busy["same"], busy["ours"]), AIM),
        figure("POST /v1/estimates", rate["ours"], PER_SECOND),
        figure("a view of the same bytes", rate["same"], PER_SECOND),
        figure("a bare view", rate["bare"], PER_SECOND),
        against("throughput, ours / same bytes", ratios(rate["ours"], rate["same"]), AIM),
        figure("99 of 100 answered within", column("ours", lambda x: x.slowest), ("ms", 1e3)),
    ]


def where(bare: list[float]) -> list[str]:
    """The parts of our own answer in process; the bare view stands for Flask, server and socket."""
    decoded = body()
    sent = json.dumps(decoded)
    asked = read_request(decoded, sources(), TODAY)
    reference, wording, version = sources().book.reference, sources().wordings["en"], sources().version
    found = estimate(asked, reference)
    plain = estimate_json(found, wording, version)
    taken = alternate(
        {
            "  decoded": lambda: decode(sent),
            "  read and checked": lambda: read_request(decoded, sources(), TODAY),
            "  estimated": lambda: estimate(asked, reference),
            "  as plain values": lambda: estimate_json(found, wording, version),
            "  as bytes": lambda: orjson.dumps(plain),
        },
        size(20),
    )
    lines = [figure(name, values, MICROSECONDS) for name, values in taken.items()]
    return [
        "  of POST /v1/estimates, in process:",
        *lines,
        figure("  Flask, server and socket", bare, MICROSECONDS),
    ]
