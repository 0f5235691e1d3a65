"""Sentences for the codes of an estimate, with dates, amounts and phrases in the reader's way of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from coverage_service.core.answer import FactUsed, Note, Why
from coverage_service.core.money import dollars
from coverage_service.core.wording import Wording
from coverage_service.html.speech import dated, lazy_gettext
from coverage_service.html.speech import gettext as _
from coverage_service.json_values import text_of
from coverage_service.web.amounts import ends_said
from coverage_service.web.codes import licence_said, visit_said

FACTS: Final = {"fee": "fee.{cpt}", "allowed_amount": "allowed_amount.{cpt}"}
"""Which fact a reason tells the figure of."""
OUT_OF_NETWORK: Final = "oon_allowed.{cpt}"
PHRASES: Final[Mapping[str, Any]] = {
    "no deductible": lazy_gettext("no deductible"),
    "once deductible is met": lazy_gettext("once the deductible is met"),
    "until deductible is met": lazy_gettext("until the deductible is met"),
    "toward deductible": lazy_gettext("counted toward the deductible"),
    "deductible": lazy_gettext("the deductible first"),
    "no charge": lazy_gettext("nothing to pay"),
    "not covered": lazy_gettext("not covered"),
    "plan pays up to": lazy_gettext("the plan pays up to"),
    "ignoring copay": lazy_gettext("of the whole, whatever the copay"),
    "per day per clinician": lazy_gettext("a day for each therapist"),
    "per day": lazy_gettext("a day"),
    "copay": lazy_gettext("a copay of"),
    "coinsurance": lazy_gettext("your percent:"),
    "up to": lazy_gettext("up to"),
    " or ": lazy_gettext(" or "),
    " to ": lazy_gettext(" to "),
}
"""The words of the rule files' phrases, longer ones first."""
INCOMES: Final[Mapping[str, Any]] = {
    "net_household": lazy_gettext("of the household, after taxes"),
    "gross_person": lazy_gettext("of one person, before taxes"),
    "net_person": lazy_gettext("of one person, after taxes"),
    "one": lazy_gettext("both of you"),
    "two": lazy_gettext("each of you alone"),
}
"""Whose income a practice counts (``basis``), and of a couple whose (``counted``)."""
SAID: Final[Mapping[str, Callable[[str], str]]] = {"cpt": visit_said, "licence": licence_said}
"""Codes and letters that a sentence tells with what they mean."""
_WORDS = re.compile("|".join(re.escape(each) for each in PHRASES))
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def sentences(notes: Iterable[Note], wording: Wording) -> tuple[str, ...]:
    """The sentences of some notes, each once."""
    texts = [told(note.code, note.params, wording) for note in notes]
    return tuple(dict.fromkeys([text for text in texts if text]))


def told(code: str, params: Mapping[str, Any], wording: Wording) -> str:
    """The sentence for a code, or nothing where the rule book has none."""
    spoken = {name: _spoken(name, value, wording) for name, value in params.items()}
    return text_of(code, spoken, wording) or ""


def written(text: str) -> str:
    """The text with each date as people write it: "Nov 30, 2026" for "2026-11-30"."""
    return _ISO.sub(lambda found: dated(date.fromisoformat(found[0])), text)


def reason(why: Why, facts: Mapping[str, FactUsed], wording: Wording) -> str:
    """Why a figure is what it is, with the figure where one is known."""
    text = told(why.code, why.params, wording)
    if not text or why.code not in FACTS:
        return text
    return f"{text.rstrip('.')}: {_figure(fact_of(why, facts))}."


def fact_of(why: Why, facts: Mapping[str, FactUsed]) -> FactUsed | None:
    """The fact that a reason is about, or None for a rule."""
    outside = why.code == "allowed_amount" and why.params.get("network") == "out"
    name = OUT_OF_NETWORK if outside else FACTS.get(why.code)
    return facts.get(name.format_map(why.params)) if name else None


def _figure(fact: FactUsed | None) -> str:
    value = fact.value if fact else None
    if isinstance(value, int):
        return dollars(value)
    low, high = getattr(value, "low", None), getattr(value, "high", None)
    return (ends_said(low, high, False) if high is not None else "") or _("not known yet")


def _spoken(name: str, value: Any, wording: Wording) -> Any:
    if isinstance(value, date):
        return dated(value)
    if isinstance(value, str) and _ISO.fullmatch(value):
        return dated(date.fromisoformat(value))
    if name == "phrases":
        return readings(value) or _("not known yet")
    if name in SAID:
        return SAID[name](value)
    if name in ("basis", "counted"):
        return str(INCOMES.get(value, value))
    if name == "id" and value in wording.questions:
        return f"“{wording.questions[value].short}”"
    return value


def readings(phrases: Iterable[Iterable[str]]) -> str:
    """The readings of a share in words; nothing where it is not known."""
    return _(", or: ").join(", ".join(phrase(each) for each in reading) for reading in phrases)


def phrase(text: str) -> str:
    """A phrase of a rule file in the words of the page: "a copay of $30"."""
    return _WORDS.sub(lambda found: str(PHRASES[found[0]]), text)
