"""A step of the arithmetic is told in the phrase of the rule files that it comes from."""

from __future__ import annotations

import pytest

from coverage_service.core.terms import MET, UNMET, Op, Step
from coverage_service.rulebook.phrases import parse_phrase, phrase_text
from coverage_service.rulebook.steps import step_text


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step(Op.DEDUCTIBLE), "deductible"),
        (Step(Op.COPAY, 3_000), "copay $30"),
        (Step(Op.COPAY, 3_050, toward=1), "copay $30.50 toward deductible"),
        (Step(Op.COPAY, 3_000, when=MET), "copay $30 once deductible is met"),
        (Step(Op.COPAY, 3_000, when=UNMET), "copay $30 until deductible is met"),
        (Step(Op.COINSURANCE, 2_000), "coinsurance 20%"),
        (Step(Op.COINSURANCE, 1_250, when=UNMET), "coinsurance 12.5% until deductible is met"),
        (Step(Op.COINSURANCE, 5_000, cap=7_500), "coinsurance 50% up to $75"),
        (Step(Op.COINSURANCE_IGNORING_COPAY, 2_000), "coinsurance 20% ignoring copay"),
        (Step(Op.PLAN_PAYS, 9_000), "plan pays up to $90"),
    ],
)
def test_a_step_is_told_as_a_rule_file_would_write_it(step: Step, text: str):
    assert step_text(step) == text
    assert phrase_text(parse_phrase(text)) == text
