"""What a person has answered so far: texts by control, carried in the forms and nowhere else.

The service keeps nothing between two pages.  Every page carries the earlier answers along in
hidden fields, so they travel in request bodies only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from coverage_service.core.question_table import BY_ID, LISTENERS
from coverage_service.web.fields import LONGEST

TOLD: Final = "a-"
"""Before the id of a question whose answer somebody gave: ``a-ded_remaining``."""
REFERENCE: Final = "reference-"
"""Before a listener: the reference number of that call."""
CORE: Final = (
    "cover", "plan", "own_share", "own_copay", "own_percent", "own_both_copay", "own_both_percent",
    "own_first", "own_deductible", "own_used", "own_maximum", "who", "therapist", "fee", "first_fee",
    "network", "concern", "people", "sessions", "sessions_other", "minutes", "every", "first", "used",
    "used_amount", "size", "income", "area", "topic",
)  # fmt: skip
"""The controls of the question pages, and ``topic``: may scripts name the topic?"""
PARTS: Final = ("copay", "percent", "first")
"""The parts of an answer about a cost share: ``a-cost_share.copay`` and so on."""
CODES: Final = ("90791", "90832", "90834", "90837", "90846", "90847", "90853")
"""The procedure codes that a price may be told for."""
NAMES: Final = frozenset(
    (
        *CORE,
        *(f"{TOLD}{id}" for id in BY_ID),
        *(f"{TOLD}{row.id}.{code}" for row in BY_ID.values() if row.per_code for code in CODES),
        *(f"{REFERENCE}{listener}" for listener in LISTENERS),
        *(f"{TOLD}{id}.{part}" for id in ("cost_share", "oon_cost_share") for part in PARTS),
    )
)

Answers = Mapping[str, str]
"""Texts by the name of their control; only known names, none empty."""


def answers_in(form: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The answers among the fields of a form, cut just above the longest text that is read.

    A reference number, which nothing reads, is cut to its longest: no page would tell that it is too long.
    """
    return {
        name: text.strip()[: LONGEST + (not name.startswith(REFERENCE))]
        for name, text in form
        if name in NAMES and text and text.strip()
    }


def told(answers: Answers) -> tuple[str, ...]:
    """The ids of the questions that were answered beside the question pages."""
    names = (name.removeprefix(TOLD).partition(".")[0] for name in answers if name.startswith(TOLD))
    return tuple(dict.fromkeys(names))
