"""One session adjudicated, against the same decision through zen-engine's ``engine.evaluate``."""

from __future__ import annotations

import random
from typing import NamedTuple

from bench import zen_split
from bench.measure import MICROSECONDS, Action, Aim, Taken, against, alternate, figure, ratios, size
from coverage_service.core.adjudicate import adjudicate, split
from coverage_service.core.terms import Line, Op, Step
from coverage_service.core.working import explain

INPUTS = 500
AMOUNTS_AIM, TRACED_AIM = Aim(20, at_least=True), Aim(5, at_least=True)


class Session(NamedTuple):
    """One input, as both engines take it: the plan's line or a flat object, and what is left."""

    line: Line
    left: int
    room: int
    context: dict[str, int]


def session(chance: random.Random) -> Session:
    """A session at any place of a year: deductible and maximum open, near their end or met."""
    billed = chance.randrange(5_000, 40_000)
    allowed = chance.randrange(4_000, billed + 1)
    left = chance.choice((0, chance.randrange(1, 20_000), chance.randrange(20_000, 500_000)))
    room = left + chance.choice((0, chance.randrange(1, 10_000), chance.randrange(10_000, 900_000)))
    copay, percent = chance.choice((0, 2_000, 4_550)), chance.choice((0, 1_000, 2_000, 3_350, 5_000))
    steps = (Step(Op.DEDUCTIBLE), Step(Op.COPAY, copay), Step(Op.COINSURANCE, percent))
    line = Line(
        cpt="90837",
        billed=billed,
        allowed=allowed,
        write_off=billed - allowed,
        steps=steps,
        deductible=0,
        caps=(1,),
    )
    context = {"billed": billed, "allowed": allowed, "left": left, "room": room}
    return Session(line, left, room, {**context, "copay": copay, "percent": percent})


def same_cents(sessions: list[Session]) -> None:
    """Every amount equal in both, and in the working, before anything is timed."""
    engine = zen_split.compiled_once()
    for line, left, room, context in sessions:
        parts, working = adjudicate(line, left, room).parts, explain(line, left, room)
        theirs = engine.evaluate(zen_split.KEY, context)["result"]
        for name in zen_split.AMOUNTS:
            told = working.patient if name == "patient" else working.part(name)
            assert getattr(parts, name) == theirs[name] == told, (name, context, parts, theirs)


def run() -> str:
    chance = random.Random(20261123)
    sessions = [session(chance) for _ in range(INPUTS)]
    same_cents(sessions)
    timed = sessions[: size(INPUTS, 20)]
    contexts = [each.context for each in timed]
    taken = alternate(
        {
            **ours(timed),
            "zen": zen_split.over(zen_split.compiled_once(), contexts, False),
            "zen traced": zen_split.over(zen_split.compiled_once(), contexts, True),
            "zen read": zen_split.over(zen_split.read_each_time(), contexts, False),
            "zen read, traced": zen_split.over(zen_split.read_each_time(), contexts, True),
        },
        calls=size(4),
    )
    each = {name: [value / len(timed) for value in values] for name, values in taken.items()}
    return "\n".join([f"  equal cents on {INPUTS} random sessions", *amounts(each), *traced(each)])


def ours(sessions: list[Session]) -> dict[str, Action]:
    """The core's own ways over the same sessions."""
    rows = [(line, left, room) for line, left, room, _ in sessions]

    def amounts() -> None:
        for line, left, room in rows:
            adjudicate(line, left, room)

    def alone() -> None:
        for line, left, room in rows:
            split(line.steps, line.allowed, left, room)

    def traced() -> None:
        for line, left, room in rows:
            adjudicate(line, left, room)
            explain(line, left, room)

    return {"amounts": amounts, "split": alone, "traced": traced}


def amounts(each: Taken) -> list[str]:
    return [
        "  amounts only",
        figure("one session, ours", each["amounts"], MICROSECONDS),
        figure("  of it the split alone", each["split"], MICROSECONDS),
        figure("zen-engine, graph compiled once", each["zen"], MICROSECONDS),
        figure("zen-engine, graph read each time", each["zen read"], MICROSECONDS),
        against("zen, compiled once / ours", ratios(each["zen"], each["amounts"]), AMOUNTS_AIM),
        against("zen, read each time / ours", ratios(each["zen read"], each["amounts"]), AMOUNTS_AIM),
    ]


def traced(each: Taken) -> list[str]:
    return [
        "  traced",
        figure("one session, ours: amounts and working", each["traced"], MICROSECONDS),
        figure("zen-engine, graph compiled once", each["zen traced"], MICROSECONDS),
        figure("zen-engine, graph read each time", each["zen read, traced"], MICROSECONDS),
        against("zen, compiled once / ours", ratios(each["zen traced"], each["traced"]), TRACED_AIM),
        against("zen, read each time / ours", ratios(each["zen read, traced"], each["traced"]), TRACED_AIM),
    ]
