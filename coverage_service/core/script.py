"""What to say on one call or in one message: the unresolved questions, the dearest first.

Neutral wording unless the person asks to name the topic.  Every text comes in as a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.question_table import (
    CENTS,
    COUNT,
    HR,
    HR_EAP,
    MEDICARE,
    MEDIGAP,
    PERCENT,
    PLACE,
    QUESTIONS,
    YES_NO,
    Question,
)
from coverage_service.core.questions import question_of, rank
from coverage_service.core.request import Request
from coverage_service.core.wording import QuestionText, ScriptText, Wording

MOST_ITEMS = 12
BLANK: Final = "________"
NUMBERS: Final = (CENTS, PERCENT, COUNT)
OWN_SITUATION: Final = {HR: HR_EAP, MEDIGAP: MEDICARE}
"""Listeners whom nobody calls in any other situation."""
ASKED_OTHERWISE: Final = ("second_plan",)
"""Questions whose alternatives are what may hold, not what can be answered."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBox:
    """Where an answer is written: its type, unit and the (value, label) pairs of a choice."""

    type: str
    unit: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question as it is read out.  ``swing`` is cents, None when nothing bounds it."""

    id: str
    text: str
    why: str
    swing: int | None
    box: AnswerBox
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One listener's script, ready to read out, print or send."""

    listener: str
    language: str
    title: str
    opening: tuple[str, ...]
    items: tuple[Item, ...]
    closing: tuple[str, ...]
    call_notes: tuple[str, ...]


def script(
    listener: str,
    unknowns: Iterable[OpenQuestion],
    situations: Collection[str],
    wording: Wording,
    name_topic: bool,
    facts: Mapping[str, str],
    *,
    whole: bool = False,
    answered: Collection[str] = (),
) -> Script:
    """The script for one listener.

    ``facts`` fill the blanks (npi, cpts, date, plan, …).  ``whole``: no plan is known, so
    the situation's whole list is asked, in table order.  ``answered``: ids not to repeat.
    """
    here = {*situations, OWN_SITUATION.get(listener, "")}
    listed = [x for x in QUESTIONS if _belongs(x, listener, here, whole) and x.id not in answered]
    chosen = _choose([x for x in unknowns if _can_answer(listener, question_of(x))], listed, whole)
    spoken = _Speaker(listener, wording, name_topic, facts)
    frame = wording.scripts[listener]
    return Script(
        listener=listener,
        language=wording.language,
        title=spoken.fill(frame.title),
        opening=tuple(map(spoken.fill, _opening(frame, name_topic))),
        items=tuple(spoken.item(x) for x in chosen),
        closing=tuple(map(spoken.fill, frame.closing)),
        call_notes=frame.call_notes,
    )


def scope_of(request: Request) -> dict[str, Any]:
    """``whole`` and ``answered`` of a request's scripts."""
    return {
        "whole": not request.plan and not request.uninsured,
        "answered": tuple(id for id, answer in request.answers.items() if answer.value is not None),
    }


def has_items(
    listener: str,
    unknowns: Iterable[OpenQuestion],
    situations: Collection[str],
    *,
    whole: bool = False,
    answered: Collection[str] = (),
) -> bool:
    """Whether the listener's ``script`` would hold any question."""
    here = {*situations, OWN_SITUATION.get(listener, "")}
    return any(_can_answer(listener, question_of(x)) for x in unknowns) or any(
        _belongs(x, listener, here, whole) and x.id not in answered for x in QUESTIONS
    )


def _can_answer(listener: str, row: Question | None) -> bool:
    return row is not None and listener in row.ask


def _belongs(row: Question, listener: str, situations: Collection[str], whole: bool) -> bool:
    """Is the row asked here even though no unknown of the estimate names it?"""
    fits = not set(row.situations).isdisjoint(situations)
    return fits and listener in row.ask and (whole or row.script_only)


def _choose(asking: list[OpenQuestion], listed: list[Question], whole: bool) -> list[OpenQuestion]:
    """Each question once: by the cents it moves, twelve at most; a whole list in table order."""
    by_question = {row.id: _unmoving(row) for row in listed}
    by_question |= {_row(x).id: x for x in reversed(rank(asking))}
    if whole:
        return sorted(by_question.values(), key=lambda x: PLACE[_row(x).id])
    return list(rank(by_question.values()))[:MOST_ITEMS]


def _unmoving(row: Question) -> OpenQuestion:
    return OpenQuestion(id=row.id, question=row.id, swing=0)


def _row(unknown: OpenQuestion) -> Question:
    row = question_of(unknown)
    assert row is not None, unknown.id
    return row


def _opening(frame: ScriptText, name_topic: bool) -> tuple[str, ...]:
    return frame.opening_topic if name_topic and frame.opening_topic else frame.opening


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Words for one listener: wording, placeholders and answer boxes."""

    listener: str
    wording: Wording
    name_topic: bool
    facts: Mapping[str, str]

    def fill(self, text: str) -> str:
        """The text with what is known in its places and a line to write on elsewhere."""
        return _PLACEHOLDER.sub(lambda found: self.facts.get(found[1]) or BLANK, text)

    def item(self, unknown: OpenQuestion) -> Item:
        row = _row(unknown)
        text = self.wording.questions[row.id]
        return Item(
            id=row.id,
            text=self.fill(self.spoken(text)),
            why=self.fill(text.why),
            swing=unknown.swing,
            box=self.box(row, unknown, text),
            asked=unknown.asked,
        )

    def spoken(self, text: QuestionText) -> str:
        """The topic is named only on request; a listener's own wording beats the common one."""
        named = text.topic if self.name_topic else None
        return named or text.to.get(self.listener) or text.neutral

    def box(self, row: Question, unknown: OpenQuestion, text: QuestionText) -> AnswerBox:
        offered = row.choices or (("yes", "no") if row.type == YES_NO else ())
        own = row.type == YES_NO or row.id in ASKED_OTHERWISE
        values = () if row.type in NUMBERS else offered if own else unknown.alternatives or offered
        labels = tuple((value, self.wording.choices.get(value, value)) for value in values)
        return AnswerBox(type=row.type, unit=row.unit, choices=labels, hint=self.fill(text.hint))
