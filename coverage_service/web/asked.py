"""A page for any one question of the question table: what somebody told the person, or they know.

The words are those of the rule book, which billing staff own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from coverage_service.core.question_table import (
    BY_ID,
    CENTS,
    CHOICE,
    CODE,
    COUNT,
    DATE,
    PERCENT,
    YES_NO,
    Question,
)
from coverage_service.core.wording import Wording
from coverage_service.web.answers import PARTS, TOLD
from coverage_service.web.fields import UNSURE, Control, Option
from coverage_service.web.pages import Page
from coverage_service.web.speech import gettext as _

ASK: Final = "ask:"
KINDS: Final = {CENTS: "money", PERCENT: "percent", COUNT: "count", DATE: "day", CODE: "code"}
SAMPLES: Final = {"plan_year": "07-01", "dx_billing": "F41.1", "licence": "LMFT", "tier": "1"}
STATE: Final = "CA"
SHARES: Final = frozenset({"cost_share", "oon_cost_share"})
"""Questions whose answer is a share: a copay, a percent, and whether the deductible comes first."""
ON_PAGES: Final = {
    "plan": "plan",
    "care_format": "people",
    "freq_length": "course",
    "every_days": "course",
    "session_length": "course",
}
"""Questions that a question page asks already."""
_BLANK = re.compile(r"\{[a-z_]+\}")


def question_page(id: str, wording: Wording) -> Page:
    """The page that takes the answer to a question; KeyError for another id."""
    row, text = BY_ID[id], wording.questions[id]
    return Page(id=f"{ASK}{id}", title=text.short, why=text.why, controls=controls_of(row, wording))


def answer_controls(id: str, wording: Wording) -> tuple[Control, ...]:
    """The controls for an answer right beneath its question, so with the short name alone."""
    short = wording.questions[id].short
    found = controls_of(BY_ID[id], wording)
    return (replace(found[0], label=short), *found[1:]) if len(found) == 1 else found


def controls_of(row: Question, wording: Wording) -> tuple[Control, ...]:
    """The controls for one answer; a share of cost takes three."""
    if row.id in SHARES:
        return tuple(share_control(row.id, part) for part in PARTS)
    return (control_of(row, wording),)


def control_of(row: Question, wording: Wording | None = None) -> Control:
    """The control for one answer; without a wording it still reads the text."""
    text = wording.questions[row.id] if wording else None
    words = wording.choices if wording else {}
    values = row.choices or (("yes", "no") if row.type == YES_NO else ())
    options = tuple(Option(value=value, label=words.get(value, value)) for value in values)
    if options:
        options = (
            *options,
            Option(value=UNSURE, label=_("They could not say") if row.ask else _("I’m not sure")),
        )
    return Control(
        name=f"{TOLD}{row.id}",
        kind="radios" if row.type in (CHOICE, YES_NO) else KINDS.get(row.type, "text"),
        label=_BLANK.sub("…", text.neutral) if text else "",
        hint=text.hint if text and not options else "",
        options=options,
        most=row.highest or 1_000,
        pattern=row.pattern,
        sample=SAMPLES.get(row.id, STATE),
    )


def share_control(id: str, part: str) -> Control:
    """One of the three parts of an answer about a share."""
    name = f"{TOLD}{id}.{part}"
    if part == "copay":
        return Control(name=name, kind="money", label=_("Copay for a visit, if there is one"))
    if part == "percent":
        return Control(name=name, kind="percent", label=_("Your percent, if there is one"))
    return Control(
        name=name,
        kind="radios",
        label=_("Does the deductible come first?"),
        options=(
            Option(value="yes", label=_("Yes")),
            Option(value="no", label=_("No")),
            Option(value=UNSURE, label=_("I’m not sure: show both")),
        ),
    )
