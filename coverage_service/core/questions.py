"""Which question settles an unknown, which comes first, and whether an answer can be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.money import LARGEST
from coverage_service.core.question_table import (
    BY_ID,
    CENTS,
    CHOICE,
    CODE,
    COUNT,
    DATE,
    PERCENT,
    PLACE,
    TEXT,
    YES_NO,
    Question,
)

LONGEST_TEXT = 500


def question_of(unknown: OpenQuestion) -> Question | None:
    """The row that settles an unknown: that of its question, else that of its own id."""
    return BY_ID.get(unknown.question) or BY_ID.get(unknown.id)


def rank(unknowns: Iterable[OpenQuestion]) -> tuple[OpenQuestion, ...]:
    """Unknowns in the order to ask: boundless, then by swing, script-only, asked in vain."""
    return tuple(sorted(unknowns, key=_urgency))


def _urgency(unknown: OpenQuestion) -> tuple[bool, bool, bool, int, int, str]:
    row = question_of(unknown)
    return (
        unknown.asked,
        row is not None and row.script_only,
        unknown.swing is not None,
        -(unknown.swing or 0),
        PLACE[row.id] if row else len(PLACE),
        unknown.id,
    )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A value in the core's own form: cents, basis points, bool, date or text; None = could not say."""

    value: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a value cannot be taken: a code and its parameters, worded by the faces."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


Checked = Accepted | Refused


def check_answer(id: str, value: object, alternatives: Sequence[str] = ()) -> Checked:
    """The answer in the core's form, or why not.  ``alternatives`` replace the row's choices."""
    row = BY_ID.get(id)
    if row is None:
        return Refused("answer_unknown_id", {"id": id})
    if value is None:
        return Accepted(None)
    if row.per_code and isinstance(value, Mapping):
        return _check_each(row, value)
    return _CHECKS[row.type](row, value, tuple(alternatives) or row.choices)


def _check_each(row: Question, values: Mapping[object, object]) -> Checked:
    checked = {str(code): _CHECKS[row.type](row, value, ()) for code, value in values.items()}
    refused = next((x for x in checked.values() if isinstance(x, Refused)), None)
    if refused or not checked:
        return refused or Refused("answer_empty", {"id": row.id})
    return Accepted({code: x.value for code, x in checked.items() if isinstance(x, Accepted)})


def _whole(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    """An integer from 0 up: never a float, a bool or text."""
    highest = row.highest or LARGEST
    if not isinstance(value, int) or isinstance(value, bool):
        return Refused(f"answer_not_{row.type}", {"id": row.id})
    if not 0 <= value <= highest:
        return Refused("answer_out_of_range", {"id": row.id, "lowest": 0, "highest": highest})
    return Accepted(value)


def _yes_no(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    """The words yes and no; JSON's true and false are refused as everywhere."""
    if isinstance(value, str) and value in ("yes", "no"):
        return Accepted(value == "yes")
    return Refused("answer_not_yes_no", {"id": row.id})


def _choice(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    if isinstance(value, str) and value in choices:
        return Accepted(value)
    return Refused("answer_not_a_choice", {"id": row.id, "choices": choices})


def _date(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return Accepted(date.fromisoformat(value))
        except ValueError:
            pass
    return Refused("answer_not_date", {"id": row.id})


def _code(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    text = value.strip().upper() if isinstance(value, str) else ""
    if text and re.fullmatch(row.pattern, text, re.ASCII):
        return Accepted(text)
    return Refused("answer_not_code", {"id": row.id})


def _text(row: Question, value: object, choices: tuple[str, ...]) -> Checked:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if 0 < len(text) <= LONGEST_TEXT:
        return Accepted(text)
    return Refused("answer_not_text", {"id": row.id, "highest": LONGEST_TEXT})


_CHECKS: Final[Mapping[str, Callable[[Question, object, tuple[str, ...]], Checked]]] = {
    CENTS: _whole, PERCENT: _whole, COUNT: _whole, YES_NO: _yes_no,
    CHOICE: _choice, DATE: _date, CODE: _code, TEXT: _text,
}  # fmt: skip
