"""The wordings of questions and scripts in one language, as a value handed to the core.

``rules/questions/<language>.yaml`` holds them; whoever reads the file passes the document
to ``read``.  The core itself holds no sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """The texts of one question.

    ``topic`` names sexual health and is used only when the person asks for it; ``to`` holds
    another wording for a listener (``practice``), ``hint`` what an answer looks like.
    """

    id: str
    short: str
    neutral: str
    why: str
    topic: str | None = None
    hint: str = ""
    to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptText:
    """What is said before and after the questions; ``*_topic`` where the topic is named."""

    title: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    opening_topic: tuple[str, ...] | None = None
    call_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Every text of one language.

    ``choices`` label the allowed values of an answer, ``notes`` word the codes of the core
    and the elements of the federal rules (``tic_1_cost_sharing``).
    """

    language: str
    questions: Mapping[str, QuestionText]
    scripts: Mapping[str, ScriptText]
    choices: Mapping[str, str]
    glossary: Mapping[str, str]
    disclaimers: Mapping[str, str]
    notes: Mapping[str, str]


def read(document: Mapping[str, Any]) -> Wording:
    """The wording that a loaded document holds; its shape has been checked before."""
    notes = tuple(document["call_notes"])
    return Wording(
        language=document["language"],
        questions={row["id"]: _question(row) for row in document["questions"]},
        scripts={name: _script(row, notes) for name, row in document["scripts"].items()},
        choices=document["choices"],
        glossary=document["glossary"],
        disclaimers=document["disclaimers"],
        notes=document["notes"],
    )


def _question(row: Mapping[str, Any]) -> QuestionText:
    return QuestionText(
        id=row["id"],
        short=row["short"],
        neutral=row["neutral"],
        why=row["why"],
        topic=row.get("topic"),
        hint=row.get("answer_hint", ""),
        to=row.get("to", {}),
    )


def _script(row: Mapping[str, Any], call_notes: tuple[str, ...]) -> ScriptText:
    named = row.get("opening_topic")
    return ScriptText(
        title=row["title"],
        opening=tuple(row["opening"]),
        closing=tuple(row["closing"]),
        opening_topic=None if named is None else tuple(named),
        call_notes=call_notes,
    )
