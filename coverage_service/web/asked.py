"""A page for any one question of the question table: what somebody told the person, or they know.

The words are those of the rule book, which billing staff own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from coverage_service.core.codes import INTAKE, procedure_codes
from coverage_service.core.question_table import (
    BY_ID,
    CENTS,
    CHOICE,
    CLIENT,
    CODE,
    COUNT,
    DATE,
    PERCENT,
    YES_NO,
    Question,
)
from coverage_service.core.wording import QuestionText, Wording
from coverage_service.html.speech import gettext as _
from coverage_service.web.answers import PARTS, TOLD, Answers
from coverage_service.web.codes import visit_named
from coverage_service.web.fields import UNSURE, Control, Option
from coverage_service.web.pages import Asking, Page

ASK: Final = "ask:"
KINDS: Final = {CENTS: "money", PERCENT: "percent", COUNT: "count", DATE: "day", CODE: "code"}
SAMPLES: Final = {"plan_year": "07-01", "dx_billing": "F41.1", "licence": "LMFT", "tier": "1"}
STATE: Final = "CA"
SHARES: Final = frozenset({"cost_share", "oon_cost_share"})
"""Questions whose answer is a share: a copay, a percent, and whether the deductible comes first."""
FIRST: Final = {"yes": True, "no": False}
"""Whether the deductible comes first; anything else shows both."""
ON_PAGES: Final = {
    "plan": "plan",
    "care_format": "people",
    "freq_length": "course",
    "every_days": "course",
    "session_length": "course",
    "first_session": "course",
}
"""Questions that a question page asks already."""
MINUTES: Final = frozenset({"45", "50", "60", "90"})
EXPLAINED: Final[Mapping[str, tuple[str, ...]]] = {
    "allowed_amount": ("allowed_amount", "cpt"),
    "oon_method": ("allowed_amount", "cpt"),
    "fee": ("cpt",),
    "coverage": ("cpt",),
    "couple_code": ("cpt",),
    "long_session": ("cpt",),
    "licence": ("licence",),
    "credential": ("licence",),
}
"""The terms of the glossary that the page of a question explains."""
_BLANK = re.compile(r"\{[a-z_]+\}")


def question_page(id: str, asking: Asking) -> Page:
    """The page that takes the answer to a question; KeyError for another id."""
    row, text = BY_ID[id], asking.wording.questions[id]
    return Page(
        id=f"{ASK}{id}",
        title=text.short,
        why=text.why,
        controls=controls_of(row, asking),
        terms=EXPLAINED.get(id, ()),
    )


def answer_controls(id: str, asking: Asking) -> tuple[Control, ...]:
    """The controls for an answer right beneath its question, which is not told once more."""
    found = controls_of(BY_ID[id], asking)
    return tuple(replace(each, hint="") if each.options else each for each in found)


def controls_of(row: Question, asking: Asking) -> tuple[Control, ...]:
    """The controls for one answer: a share takes three, a price one for each code of the visits."""
    if row.id in SHARES:
        return tuple(share_control(row.id, part) for part in PARTS)
    if row.per_code:
        return tuple(price_control(row.id, code) for code in codes_of(asking.answers))
    return (control_of(row, asking.wording),)


def codes_of(answers: Answers) -> tuple[str, ...]:
    """The procedure codes of the visits asked about, the first visit's among them."""
    minutes, people = answers.get("minutes", ""), answers.get("people")
    codes = procedure_codes(int(minutes) if minutes in MINUTES else None, people, None)
    alike = answers.get("who") == "fee" and "first_fee" not in answers
    return codes if alike else (INTAKE, *codes)


def price_control(id: str, code: str) -> Control:
    """The price of one kind of visit."""
    return Control(name=f"{TOLD}{id}.{code}", kind="money", label=visit_named(code))


def control_of(row: Question, wording: Wording | None = None) -> Control:
    """The control for one answer; without a wording it still reads the text."""
    text = wording.questions[row.id] if wording else None
    words = wording.choices if wording else {}
    values = row.choices or (("yes", "no") if row.type == YES_NO else ())
    options = tuple(Option(value=value, label=words.get(value, value)) for value in values)
    if options:
        options = (
            *options,
            Option(value=UNSURE, label=_("I’m not sure") if CLIENT in row.ask else _("They could not say")),
        )
    return Control(
        name=f"{TOLD}{row.id}",
        kind="radios" if row.type in (CHOICE, YES_NO) else KINDS.get(row.type, "text"),
        label=text.short if text else "",
        hint=_hint(row, text, bool(options)) if text else "",
        options=options,
        most=row.highest or 1_000,
        pattern=row.pattern,
        sample=SAMPLES.get(row.id, STATE),
        ahead=row.id == "first_session",
    )


def _hint(row: Question, text: QuestionText, chosen: bool) -> str:
    """What an answer looks like; a choice needs the whole question, and so does what no call settles."""
    if CLIENT in row.ask:
        return text.neutral if chosen or not text.hint else f"{text.neutral} ({text.hint})"
    asked = _BLANK.sub("…", text.neutral)
    return _("On a call you would ask: “%(question)s”", question=asked) if chosen else text.hint


def without_amount(page_id: str, answers: Answers) -> dict[str, str]:
    """What is wrong, by control, with a share that was told without its copay or percent."""
    id = page_id.removeprefix(ASK)
    if id not in SHARES:
        return {}
    copay, part, first = (f"{TOLD}{id}.{each}" for each in PARTS)
    if answers.get(first) not in FIRST or copay in answers or part in answers:
        return {}
    return {
        first: _("This alone changes nothing. Write the copay or the percent too, or choose “I’m not sure”.")
    }


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
