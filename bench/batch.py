"""One client and 1,000 therapists, twelve sessions each, against as many single calls.

Both are whole requests in process, as WSGI: decoded, checked, estimated and written as bytes.
A single call asks for a summary, which is what an item of a batch holds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import orjson
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.facts import HERE, body, rules_folder
from bench.measure import MILLISECONDS, ROUNDS, SECONDS, Action, Aim, against, alternate, figure, ratios, size
from bench.stages import REST, Stages, shares
from coverage_service import create_app
from coverage_service.config import Config

THERAPISTS = 1_000
AIM_SECONDS, RATE_AIM = 0.5, Aim(4, at_least=True)
ROUNDS_HERE = min(3, ROUNDS)
TEST = """tests:
  - case: Above the scale it is the fee
    household: {{size: 1, area: "48", income: "$90,000"}}
    session: {{cpt: "90834"}}
    expect: {{fee: "{fee}"}}
"""
STAGES: Stages = {
    "pathways": ("pathways:ways_of",),
    "low, planning and high runs": ("estimate:_priced",),
    "swings": ("ranges:Runner._swings", "open_questions:open_questions"),
    "ledgers": ("ledger:ledger_of",),
    "windows and parts": ("scenarios:pathway_of",),
    "estimates, what is left of them": ("estimate:estimate",),
}


def add_therapists(rules: Path, number: int) -> list[str]:
    """Practices like the example, each with fees, a band and a standing with the plan of its own."""
    text = (HERE.parent / "rules" / "therapists" / "example-therapist.yaml").read_text()
    names = [f"practice-{each:04}" for each in range(number)]
    for name in names:
        (rules / "therapists" / f"{name}.yaml").write_text(vary(text, name))
    return names


def vary(text: str, name: str) -> str:
    """The example with amounts of its own, and a test of them: no rules are served without."""
    chance = random.Random(name)
    standing = f"plan: bench-both, status: {chance.choice(('in', 'out', 'unknown'))}"
    text = (
        text.partition("tests:\n")[0]
        .replace("example-therapist", name)
        .replace("plan: example-ppo, status: unknown", standing)
    )
    text = re.sub(r'"\$(\d+)"', lambda found: f'"${int(found[1]) + chance.randrange(30)}"', text)
    return text + TEST.format(fee=re.search(r'"90834", fee: "(\$\d+)"', text)[1])


def run() -> str:
    with rules_folder() as rules:
        names = add_therapists(rules, size(THERAPISTS, 5))
        app = create_app(Config(rules))
        many = {key: value for key, value in body().items() if key != "therapist"} | {"therapists": names}
        some = names[: size(100, 2)]
        singles = [body() | {"therapist": name, "detail": "summary"} for name in some]
        batch = post(app.wsgi_app, "/v1/estimates/batch", [many])
        single = post(app.wsgi_app, "/v1/estimates", singles)
        taken = alternate({"batch": batch, "single": single}, calls=1, rounds=ROUNDS_HERE)
        stages, _ = shares(batch, STAGES, 1)
    each = {
        "batch": [x / len(names) for x in taken["batch"]],
        "single": [x / len(some) for x in taken["single"]],
    }
    aim = Aim(AIM_SECONDS * len(names) / THERAPISTS)
    return "\n".join(
        [
            against(f"{len(names):,} therapists, one core", taken["batch"], aim, SECONDS),
            figure("  for each therapist", each["batch"], MILLISECONDS),
            figure("  a single call, summary", each["single"], MILLISECONDS),
            against("throughput, batch / single calls", ratios(each["single"], each["batch"]), RATE_AIM),
            *[f"    {name:<44}{stages.get(name, 0):>10.0%}" for name in (*STAGES, REST)],
        ]
    )


def post(application: Callable[..., object], path: str, bodies: list[dict[str, object]]) -> Action:
    """Every body sent once; an answer other than 200 ends the benchmark."""
    sent = [orjson.dumps(each) for each in bodies]

    def ask() -> None:
        for data in sent:
            environ = EnvironBuilder(
                path, method="POST", data=data, content_type="application/json"
            ).get_environ()
            chunks, status, _ = run_wsgi_app(application, environ)  # type: ignore[arg-type]
            answer = b"".join(chunks)
            assert status.startswith("200"), answer[:500]

    return ask
