"""What to ask, in the order of what it moves; questions that belong together stand under one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from coverage_service.core.answer import OpenQuestion
from coverage_service.core.question_table import CLIENT
from coverage_service.core.questions import question_of
from coverage_service.core.wording import Wording
from coverage_service.html.speech import gettext as _
from coverage_service.web import labels
from coverage_service.web.amounts import moved

MOST_QUESTIONS: Final = 4
REDUCED: Final = frozenset(
    {"sliding", "sliding_slots", "household_income", "household_size", "household_area"}
)
"""The questions that a reduced fee hangs on: those that follow each other are told as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An open question: its label, whom to ask, and what it moves."""

    id: str
    number: int
    short: str
    why: str
    whom: str
    moves: str
    own: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """What to ask, under one number; ``name`` is empty for a single question."""

    name: str
    asks: tuple[Ask, ...]


def topics_of(open: Sequence[OpenQuestion], wording: Wording) -> tuple[tuple[Topic, ...], tuple[Ask, ...]]:
    """The topics that move most, numbered, and the questions beyond them, each with its own number."""
    found = [
        list(each)
        for _topic, each in groupby(open, key=lambda each: "" if each.question in REDUCED else each.id)
    ]
    first, beyond = found[:MOST_QUESTIONS], [each for topic in found[MOST_QUESTIONS:] for each in topic]
    topics = [_topic(number, each, wording) for number, each in enumerate(first, 1)]
    rest = [_ask(number, each, wording) for number, each in enumerate(beyond, len(first) + 1)]
    return tuple(topics), tuple(rest)


def asked(topics: Sequence[Topic]) -> tuple[Ask, ...]:
    """The questions of some topics."""
    return tuple([ask for topic in topics for ask in topic.asks])


def _topic(number: int, open: Sequence[OpenQuestion], wording: Wording) -> Topic:
    name = _("About the reduced fee") if len(open) > 1 else ""
    return Topic(name, tuple([_ask(number, each, wording) for each in open]))


def _ask(number: int, unknown: OpenQuestion, wording: Wording) -> Ask:
    row = question_of(unknown)
    text = wording.questions.get(row.id) if row else None
    whom = row.ask if row else ()
    return Ask(
        id=row.id if row else unknown.id,
        number=number,
        short=text.short if text else unknown.id,
        why=text.why if text else "",
        whom=str(labels.named(labels.LISTENERS, whom[0])) if whom else "",
        moves=moved(unknown.swing),
        own=CLIENT in whom,
    )
