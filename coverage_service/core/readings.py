"""The readings of a benefit row's phrases: what they turn on, and which an answer settles."""

from __future__ import annotations

from coverage_service.core.benefits import Reading, question_of
from coverage_service.core.cost_sharing import Kind, When
from coverage_service.core.priced import Facts


def takes_deductible(reading: Reading) -> bool:
    """Whether therapy itself uses the deductible up."""
    return any(p.kind is Kind.DEDUCTIBLE for p in reading)


def conditional(reading: Reading) -> bool:
    """Whether a list means one thing before the deductible is met and another after.

    Where therapy uses the deductible up itself, what is due once it is met differs only on
    the visit where it ends (``ranges`` bounds that).
    """
    if takes_deductible(reading):
        return any(p.when is When.UNMET for p in reading)
    return any(p.when is not When.ALWAYS for p in reading)


def settled_reading(facts: Facts, readings: tuple[Reading, ...]) -> int | None:
    """The reading that an answer settles, or None."""
    question = question_of(readings) if len(readings) > 1 else ""
    answer = facts.request.answers.get(question)
    if answer is None or answer.value is None:
        return None
    found = [i for i, reading in enumerate(readings) if _is_answer(reading, str(answer.value))]
    if not found and (question, answer.value) == ("ded_applies", "whole_amount"):
        found = [i for i, reading in enumerate(readings) if reading[0].kind is Kind.DEDUCTIBLE]
        return found[0] if len(found) == 1 else None
    return found[0] if found else None


def _is_answer(reading: Reading, answer: str) -> bool:
    """Whether a phrase list is what an answer to ``ded_applies`` or to the base describes."""
    kinds = [phrase.kind for phrase in reading]
    ignoring = any(phrase.ignoring_copay for phrase in reading)
    if answer == "copay_only":
        return Kind.DEDUCTIBLE not in kinds
    if answer == "copay_and_rest":
        return Kind.DEDUCTIBLE in kinds and kinds[0] is Kind.COPAY
    if answer == "after_copay":
        return not ignoring
    return ignoring or (kinds[0] is Kind.DEDUCTIBLE and Kind.COINSURANCE not in kinds)
