"""The shipped plans and practices under random questions: answers narrow, settle and invent nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.estimate import estimate
from coverage_service.sources import current
from tests.core.builders import RANDOM
from tests.core.narrowing import OUTSIDE_THE_RANGE, an_answer, asked, complaints, disorder

RULES = Path(__file__).resolve().parents[2] / "rules"
ANSWERS = 4
"""How many of the questions of an estimate are answered, one at a time."""


@pytest.fixture(scope="module")
def shipped():
    return current(RULES).sources


@settings(RANDOM)
@given(seed=st.integers(0, 2**48))
def test_an_answer_narrows_settles_and_invents_nothing(shipped, seed):
    random = Random(seed)
    request, reference = asked(random, shipped), shipped.book.reference
    before = estimate(request, reference)

    assert list(disorder(before)) == []
    open_questions = [each for each in before.unknowns if each.id not in OUTSIDE_THE_RANGE]
    for question in random.sample(open_questions, min(ANSWERS, len(open_questions))):
        value = an_answer(random, question, before)
        if value is not None:
            assert list(complaints(request, before, question.id, value, reference)) == []
