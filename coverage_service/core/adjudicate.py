"""The one place where a cent is split: a claim line into shares and payments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from coverage_service.core.answer import Parts
from coverage_service.core.money import WHOLE, share
from coverage_service.core.terms import (
    COUNTS_ALL,
    IN_NETWORK,
    MAINTENANCE,
    MET,
    NON_DUPLICATION,
    SELF_PAY,
    TO_CLINICIAN,
    UNLIMITED,
    Line,
    Op,
    Step,
    Supplement,
)

DEDUCTIBLE = int(Op.DEDUCTIBLE)
COPAY = int(Op.COPAY)
PLAN_PAYS = int(Op.PLAN_PAYS)
IGNORING_COPAY = int(Op.COINSURANCE_IGNORING_COPAY)


def split(
    steps: Sequence[Step],
    allowed: int,
    deductible_left: int,
    room: int,
    counted: int = COUNTS_ALL,
    least: Callable[[Any, Any], Any] = min,
) -> tuple[int, int, int, int, int, int]:
    """Split an allowed amount: deductible, copay, coinsurance, over_maximum, and credits.

    A fold over what is still unpaid, in the order of the plan document, then the cap: the
    room of the out-of-pocket limit trims coinsurance first, then copay, then deductible,
    only parts it counts.  The last two values are what accumulates: toward the deductible
    and toward the out-of-pocket limit.  Cents; only ``+ - * //`` and ``least`` touch an
    amount, so arrays may stand for integers.
    """
    unpaid = before_copay = allowed
    left = deductible_left
    deductible = copay = coinsurance = over_maximum = toward_deductible = 0
    maximum = UNLIMITED
    for op, value, cap, when, toward in steps:
        if when:
            value = value * ((deductible_left == 0) if when == MET else (deductible_left != 0))
        if op == DEDUCTIBLE:
            deductible = least(unpaid, left)
            left = left - deductible
            unpaid = unpaid - deductible
        elif op == COPAY:
            before_copay = unpaid
            copay = least(value, unpaid)
            unpaid = unpaid - copay
            if toward:
                toward_deductible = 1
                left = left - least(copay, left)
        elif op == PLAN_PAYS:
            maximum = value
        else:
            base = before_copay if op == IGNORING_COPAY else unpaid
            coinsurance = least(least((base * value * 2 + WHOLE) // (2 * WHOLE), cap), unpaid)
            unpaid = unpaid - coinsurance
    counting = 0
    if counted & 1:
        deductible = least(deductible, room)
        counting = deductible
    if counted & 2:
        copay = least(copay, room - counting)
        counting = counting + copay
    if counted & 4:
        coinsurance = least(coinsurance, room - counting)
        counting = counting + coinsurance
    credit = deductible
    if toward_deductible:
        credit = deductible + least(copay, deductible_left - deductible)
    if maximum != UNLIMITED:
        unpaid = allowed - deductible - copay - coinsurance
        over_maximum = unpaid - least(maximum, unpaid)
    return deductible, copay, coinsurance, over_maximum, credit, counting


class Outcome(NamedTuple):
    """One adjudicated line: the patient's cents, all parts, and what accumulates.

    ``credit`` goes toward the deductible, ``counting`` toward the out-of-pocket limit.
    """

    patient: int
    credit: int
    counting: int
    parts: Parts
    covered: bool
    reasons: tuple[str, ...] = ()


def _refused(line: Line) -> Outcome:
    owed = line.noncovered
    at_visit = owed if line.paying else 0
    parts = Parts(
        line.billed, line.write_off, 0, 0, 0, 0, 0, owed,
        0, 0, 0, line.allowed, owed, at_visit, owed - at_visit,
    )  # fmt: skip
    return Outcome(owed, 0, 0, parts, False, line.reasons)


def _supplemented(terms: Supplement, deductible: int, copay: int, coinsurance: int) -> int:
    """What a supplement pays of the patient's cost sharing (Medigap, QMB; ``domain`` 2.4).

    A cap on what the patient is charged comes after it: it takes off what nobody else pays.
    """
    kept = min(terms.member_keeps, coinsurance)
    return terms.deductible * deductible + terms.copay * copay + terms.coinsurance * (coinsurance - kept)


def coordinate(method: int, primary_pays: int, patient_share: int, allowed: int, alone: int) -> int:
    """What a secondary plan pays after the first (``domain`` 2.4 COB), in cents.

    ``alone`` is what it would pay as the only plan.  Standard: up to its own benefit.
    Non-duplication: its benefit less the first plan's payment.  Maintenance of benefits:
    its share applied to what the first plan left.
    """
    if method == NON_DUPLICATION:
        pays = max(0, alone - primary_pays)
    elif method == MAINTENANCE:
        rest = allowed - primary_pays
        pays = (rest * alone * 2 + allowed) // (2 * allowed) if allowed else 0
    else:
        pays = alone
    return min(pays, patient_share)


def adjudicate(line: Line, deductible_left: int, room: int, alone: int = 0) -> Outcome:
    """Adjudicate one line with what is left of its deductible and out-of-pocket room.

    ``alone`` is the payment of a secondary plan as if it were the only one, 0 without one.
    The parts of the outcome always add up to the billed charge (invariant I1).
    """
    if not line.covered:
        return _refused(line)
    allowed = line.allowed
    deductible, copay, coinsurance, over, credit, counting = split(
        line.steps, allowed, deductible_left, room, line.counted
    )
    cost_share = deductible + copay + coinsurance + over
    plan_pays = allowed - cost_share
    balance, write_off = line.balance, line.write_off
    if line.sequestration:
        cut = share(plan_pays, line.sequestration)
        plan_pays -= cut
        balance, write_off = (balance + cut, write_off) if line.paying else (balance, write_off + cut)
    secondary = excess = 0
    forgiven = max(0, cost_share - line.share_cap)
    if line.secondary is not None:
        secondary = coordinate(line.coordination, plan_pays, cost_share - forgiven, allowed, alone)
    elif line.supplement is not None:
        secondary = _supplemented(line.supplement, deductible, copay, coinsurance)
        excess = line.supplement.excess * balance
        forgiven = max(0, cost_share - secondary - line.share_cap)
    secondary += excess
    patient = cost_share + balance - forgiven - secondary
    at_visit, later_bill, later_refund = _timing(line, patient, copay, plan_pays + secondary)
    parts = Parts(
        line.billed, write_off, deductible, copay, coinsurance, over, balance, 0, plan_pays,
        secondary, forgiven, allowed, patient, at_visit, later_bill, later_refund,
    )  # fmt: skip
    return Outcome(patient, credit, counting, parts, True, line.reasons)


def _timing(line: Line, patient: int, copay: int, paid_by_plans: int) -> tuple[int, int, int]:
    """Cents at the visit, billed later, refunded later (``definitions`` 6)."""
    if line.paying == IN_NETWORK:
        at_visit = min(copay, patient)
        return at_visit, patient - at_visit, 0
    if line.paying == SELF_PAY:
        return patient, 0, 0
    if line.paying == TO_CLINICIAN:
        return 0, patient, 0
    return patient + paid_by_plans, 0, paid_by_plans
