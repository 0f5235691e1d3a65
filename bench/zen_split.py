"""The same split as a decision graph of zen-engine: deductible, copay, coinsurance, then the cap.

One expression node, since that is what zen evaluates fastest; the figures of a session are its
input, as they are that of ``adjudicate``.  Zen counts in decimals, so cents are exact in both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import zen

KEY: Final = "split"
EXPRESSIONS: Final = {
    "deductible_first": "min([allowed, left])",
    "copay_first": "min([copay, allowed - $.deductible_first])",
    "unpaid": "allowed - $.deductible_first - $.copay_first",
    "coinsurance_first": "min([floor(($.unpaid * percent * 2 + 10000) / 20000), $.unpaid])",
    "deductible": "min([$.deductible_first, room])",
    "copay": "min([$.copay_first, room - $.deductible])",
    "coinsurance": "min([$.coinsurance_first, room - $.deductible - $.copay])",
    "patient": "$.deductible + $.copay + $.coinsurance",
    "plan_pays": "allowed - $.patient",
    "write_off": "billed - allowed",
}
AMOUNTS: Final = ("deductible", "copay", "coinsurance", "patient", "plan_pays", "write_off")


def graph() -> dict[str, Any]:
    """The decision in the JSON decision model."""
    rows = [{"id": key, "key": key, "value": value} for key, value in EXPRESSIONS.items()]
    nodes = [
        ("in", "inputNode", {}),
        ("split", "expressionNode", {"expressions": rows}),
        ("out", "outputNode", {}),
    ]
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": id, "name": id, "type": kind, "position": place, "content": content}
            for id, kind, content in nodes
        ],
        "edges": [
            {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
            for source, target in (("in", "split"), ("split", "out"))
        ],
    }


def compiled_once() -> zen.ZenEngine:
    """Its fastest way: a static loader, which compiles the graph when the engine is made."""
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: graph()}}})


def read_each_time() -> zen.ZenEngine:
    """The way of its first example: a loader that returns the text of the graph for every decision."""
    text = json.dumps(graph())
    return zen.ZenEngine({"loader": lambda _: text})


def over(engine: zen.ZenEngine, contexts: list[dict[str, int]], trace: bool) -> Callable[[], object]:
    """Every input through ``engine.evaluate``."""
    evaluate = engine.evaluate
    options: zen.DecisionEvaluateOptions = {"trace": trace}

    def run() -> None:
        for context in contexts:
            evaluate(KEY, context, options)

    return run
