"""The working of one claim line: what ``adjudicate`` does to it, movement by movement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from coverage_service.core.money import share
from coverage_service.core.terms import MET, UNLIMITED, Line, Op, Step

TRIMMED: Final = ("coinsurance", "copay", "deductible")
"""The parts that a full out-of-pocket limit takes back, in that order."""
COUNT_BIT: Final = {"deductible": 1, "copay": 2, "coinsurance": 4}
SHARES: Final = ("deductible", "copay", "coinsurance", "over_maximum", "balance", "noncovered")


class Move(NamedTuple):
    """One movement of cents into a part of the line.

    ``cause`` says why; ``step`` is an index into ``Line.steps``, -1 for what no phrase says;
    ``base`` what it was taken of.  ``unpaid``, ``left`` (of the deductible), ``room``: after it.
    """

    part: str
    cause: str
    step: int
    base: int
    taken: int
    unpaid: int
    left: int
    room: int


class Working(NamedTuple):
    """The movements of one line, and with what it started."""

    line: Line
    left: int
    room: int
    moves: tuple[Move, ...]

    def part(self, name: str) -> int:
        """The cents that ended in a part."""
        return sum(move.taken for move in self.moves if move.part == name)

    @property
    def patient(self) -> int:
        """What the patient pays: the shares, less what others take over."""
        owed = sum(self.part(name) for name in SHARES)
        return owed - self.part("secondary_pays") - self.part("forgiven")


def explain(line: Line, deductible_left: int, room: int, secondary_pays: int = 0) -> Working:
    """The working of a line with what was left of its deductible and its out-of-pocket room.

    ``secondary_pays`` is what a second plan or a supplement took over.
    """
    trail = _Trail(line, deductible_left, room)
    trail.take("write_off", "write_off", line.write_off)
    if not line.covered:
        trail.take("noncovered", line.reasons[0] if line.reasons else "not_covered", line.noncovered)
        return Working(line, deductible_left, room, tuple(trail.moves))
    trail.take("balance", "above_allowed", line.balance)
    trail.unpaid = line.allowed
    _shares(line, trail)
    plan_pays = trail.unpaid
    trail.take("plan_pays", "plan_pays", plan_pays)
    _afterwards(line, trail, plan_pays, secondary_pays)
    return Working(line, deductible_left, room, tuple(trail.moves))


class _Trail:
    """The movements so far and what is left by them.

    The room may fall below nothing until the limit takes back what exceeds it.
    """

    def __init__(self, line: Line, left: int, room: int) -> None:
        self.unpaid, self.left, self.room = line.billed, left, room
        self.counted = line.counted if line.covered else 0
        self.moves: list[Move] = []

    def take(
        self, part: str, cause: str, cents: int, step: int = -1, base: int | None = None, credit: int = 0
    ) -> None:
        """Move unpaid cents into a part; nothing is told of nothing, unless a phrase took it."""
        if not cents and step < 0:
            return
        before = self.unpaid
        self.unpaid -= cents
        self.left -= credit
        self.room -= cents if self.counted & COUNT_BIT.get(part, 0) else 0
        self._tell(part, cause, cents, step, before if base is None else base)

    def take_over(self, part: str, cause: str, cents: int, base: int) -> None:
        """Note cents that change hands after everything is paid."""
        if cents:
            self._tell(part, cause, cents, -1, base)

    def _tell(self, part: str, cause: str, cents: int, step: int, base: int) -> None:
        self.moves.append(Move(part, cause, step, base, cents, self.unpaid, self.left, self.room))


def _shares(line: Line, trail: _Trail) -> None:
    """Each phrase in its order, then what a full limit takes back, then a plan's maximum."""
    start, before_copay, maximum = trail.left, trail.unpaid, (-1, UNLIMITED)
    for index, step in enumerate(line.steps):
        value, op = _value(step, start), Op(step.op)
        if op == Op.PLAN_PAYS:
            maximum = (index, value)
        elif op == Op.DEDUCTIBLE:
            taken = min(trail.unpaid, trail.left)
            trail.take("deductible", "deductible", taken, index, credit=taken)
        elif op == Op.COPAY:
            before_copay, taken = trail.unpaid, min(value, trail.unpaid)
            trail.take("copay", "copay", taken, index, credit=min(taken, trail.left) if step.toward else 0)
        else:
            base = before_copay if op == Op.COINSURANCE_IGNORING_COPAY else trail.unpaid
            trail.take(
                "coinsurance", "coinsurance", min(share(base, value), step.cap, trail.unpaid), index, base
            )
    _take_back(line, trail, start)
    if maximum[1] != UNLIMITED:
        trail.take("over_maximum", "plan_maximum", max(0, trail.unpaid - maximum[1]), maximum[0])


def _value(step: Step, left: int) -> int:
    """A step's cents or basis points; nothing where its condition does not hold."""
    if not step.when:
        return step.value
    return step.value if (left == 0) == (step.when == MET) else 0


def _take_back(line: Line, trail: _Trail, start: int) -> None:
    """A full out-of-pocket limit takes back what exceeds its room, of the parts it counts.

    What it takes back is not credited toward the deductible either.
    """
    parts = {part: sum(m.taken for m in trail.moves if m.part == part) for part in TRIMMED}
    for part in TRIMMED:
        if trail.room < 0 and line.counted & COUNT_BIT[part]:
            back = min(-trail.room, parts[part])
            parts[part] -= back
            trail.take(
                part, "out_of_pocket_limit", -back, credit=trail.left - start + _credit(line, parts, start)
            )


def _credit(line: Line, parts: Mapping[str, int], start: int) -> int:
    """Cents credited toward the deductible: its part, and a copay that counts toward it."""
    toward = any(step.toward for step in line.steps if step.op == Op.COPAY)
    return parts["deductible"] + (min(parts["copay"], start - parts["deductible"]) if toward else 0)


def _afterwards(line: Line, trail: _Trail, plan_pays: int, secondary_pays: int) -> None:
    """The law's cut of the plan's payment, a second plan, a health centre's cap (after a supplement)."""
    balance = line.balance
    if line.sequestration:
        cut = share(plan_pays, line.sequestration)
        trail.take_over("plan_pays", "sequestration", -cut, plan_pays)
        trail.take_over("balance" if line.paying else "write_off", "sequestration", cut, plan_pays)
        balance += cut if line.paying else 0
    cost_share = line.allowed - plan_pays
    if line.supplement is None:
        trail.take_over("forgiven", "sliding_cap", max(0, cost_share - line.share_cap), cost_share)
    trail.take_over("secondary_pays", "second_plan", secondary_pays, cost_share)
    if line.supplement is not None:
        kept = cost_share - (secondary_pays - line.supplement.excess * balance)
        trail.take_over("forgiven", "sliding_cap", max(0, kept - line.share_cap), kept)
