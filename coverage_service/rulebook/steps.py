"""A step of cost sharing, as the arithmetic takes it, in the words of the rule files."""

from __future__ import annotations

from typing import Final

from coverage_service.core.money import dollars, percent
from coverage_service.core.terms import MET, UNLIMITED, UNMET, Op, Step

WHEN: Final = {MET: "once deductible is met", UNMET: "until deductible is met"}


def step_text(step: Step) -> str:
    """``coinsurance 20% up to $75``: the phrase that a plan with this step would write."""
    if step.op == Op.DEDUCTIBLE:
        return "deductible"
    if step.op == Op.PLAN_PAYS:
        return f"plan pays up to {dollars(step.value)}"
    copay = step.op == Op.COPAY
    words = [f"copay {dollars(step.value)}" if copay else f"coinsurance {percent(step.value)}"]
    words += [f"up to {dollars(step.cap)}"] if step.cap < UNLIMITED else []
    words += ["toward deductible"] if step.toward else []
    words += ["ignoring copay"] if step.op == Op.COINSURANCE_IGNORING_COPAY else []
    words += [WHEN.get(step.when, "")]
    return " ".join(filter(None, words))
