"""A whole estimate of twelve sessions in process: five pathways, two scenarios, all swings."""

from __future__ import annotations

import cProfile
import statistics
from collections.abc import Callable

import orjson

from bench.facts import TODAY, body, sources
from bench.measure import MICROSECONDS, Aim, against, alternate, figure, ratios, size
from bench.stages import REST, Stages, shares
from coverage_service.answer_json import estimate_json
from coverage_service.core.answer import Estimate
from coverage_service.core.estimate import estimate
from coverage_service.estimates import read_request

AIM = Aim(400e-6)
STAGES: Stages = {
    "answers and facts": ("answers:apply", "estimate:facts_of"),
    "pathways": ("pathways:ways_of",),
    "low, planning and high runs": ("estimate:_priced",),
    "swings": ("ranges:Runner._swings", "open_questions:open_questions"),
    "ledgers": ("ledger:ledger_of",),
    "windows and parts": ("scenarios:pathway_of",),
    "comparison and thresholds": ("pathway_comparison:comparison_of", "break_even:thresholds_of"),
    "notices": ("notices:conformance", "notices:standing", "notices:excluded", "notices:situations"),
}
INSIDE: Stages = {
    "terms of a world": ("insured:Insured.terms", "selfpay:SelfPay.terms", "selfpay:EapFirst.terms"),
    "courses folded": ("course:folded", "course:run"),
    "lines adjudicated": ("adjudicate:adjudicate",),
    "timetables": ("care:Course.timetable", "schedule:segments"),
    "coverage gates": ("coverage:gate_over_candidates",),
}


def run() -> str:
    sent = body()
    asked = read_request(sent, sources(), TODAY)
    reference, wording = sources().book.reference, sources().wordings[asked.language]
    found = estimate(asked, reference)
    plain = estimate_json(found, wording, sources().version)

    def whole() -> object:
        return estimate(asked, reference)

    taken = alternate(
        {
            "whole": whole,
            "reading": lambda: read_request(sent, sources(), TODAY),
            "json": lambda: estimate_json(found, wording, sources().version),
            "bytes": lambda: orjson.dumps(plain),
            "loop": yardstick,
        },
        size(40),
    )
    middle = statistics.median(taken["whole"])
    return "\n".join(
        [
            f"  {shape(found)}",
            against("one estimate, CPU", taken["whole"], AIM, MICROSECONDS),
            *told(whole, STAGES, middle),
            "  of all stages:",
            *told(whole, INSIDE, middle),
            f"    {'Python calls':<44}{python_calls(whole):>10,}",
            "  apart:",
            figure("the request read and checked", taken["reading"], MICROSECONDS),
            figure("the answer as plain values", taken["json"], MICROSECONDS),
            figure(f"its {len(orjson.dumps(plain)):,} bytes", taken["bytes"], MICROSECONDS),
            figure("yardstick: 1,000 look-ups and sums", taken["loop"], MICROSECONDS),
            figure("one estimate in yardsticks", ratios(taken["whole"], taken["loop"]), ("x", 1.0)),
        ]
    )


LOOKED_UP = {number: number for number in range(1_000)}


def yardstick() -> int:
    """A fixed piece of Python: tells a slow or busy machine from slow code."""
    total = 0
    for number in range(1_000):
        total += LOOKED_UP[number]
    return total


def shape(found: Estimate) -> str:
    """What was estimated, so that nobody takes a smaller question for this one."""
    priced = [each for each in found.pathways if each.scenarios]
    scenarios = {case.name for each in priced for case in each.scenarios}
    swinging = [each for each in found.unknowns if each.swing]
    rows = sum(len(case.ledger) for each in priced for case in each.scenarios)
    assert (len(priced), len(scenarios)) == (5, 2), "the request should have five pathways, two scenarios"
    assert len(swinging) >= 6, "the request should have six unknowns with a swing"
    return (
        f"12 sessions, {len(priced)} pathways, {len(scenarios)} scenarios, {len(swinging)} unknowns"
        f" with swings of {len(found.unknowns)}, {rows} ledger rows"
    )


def told(action: Callable[[], object], stages: Stages, whole: float) -> list[str]:
    """The stages, each with its share of the median and how often it ran."""
    found, calls = shares(action, stages, size(60))
    lines = []
    for stage in (*stages, REST):
        times = f"{calls[stage]:,.0f} times" if calls.get(stage, 0) > 1 else ""
        if stage not in found:
            times = "no such function now"
        share = found.get(stage, 0.0)
        lines.append(f"    {stage:<44}{share * whole * 1e6:>10,.0f} µs  {share:>4.0%}  {times}".rstrip())
    return lines


def python_calls(action: Callable[[], object]) -> int:
    """Calls of functions in one run: the same on every machine, whatever else it does."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return sum(entry.callcount for entry in profile.getstats())
