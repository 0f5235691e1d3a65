"""The answers given so far, as they are told back for checking: neutral where a topic is sensitive."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_service.core.money import dollars, percent
from coverage_service.html.speech import gettext as _
from coverage_service.web.answers import told
from coverage_service.web.asked import question_page
from coverage_service.web.fields import UNSURE, Control, Unreadable
from coverage_service.web.pages import Asking, Page, page, pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One page's answer in words, and where to change it; ``open``: not answered, or not sure."""

    target: str
    question: str
    answer: str
    open: bool


def given(asking: Asking) -> tuple[Given, ...]:
    """Every page that applies, then every question answered beside them."""
    found = [_given(page(id, asking), asking) for id in pages(asking)]
    found += [_given(question_page(id, asking), asking) for id in told(asking.answers)]
    return tuple(found)


def _given(found: Page, asking: Asking) -> Given:
    parts = [text for control in found.controls for text in _parts(control, asking)]
    return Given(
        target=found.id,
        question=found.title,
        answer="; ".join(parts) or _("Not answered"),
        open=not parts or any(asking.answers.get(each.name) == UNSURE for each in found.controls),
    )


def _parts(control: Control, asking: Asking) -> list[str]:
    """The answer of a control in words, then those of the controls it opens."""
    text = asking.answers.get(control.name)
    if not text:
        return []
    chosen = next((option for option in control.options if option.value == text), None)
    if chosen is None:
        return [_value(control, text)]
    opened = [part for each in chosen.opens for part in _parts(each, asking)]
    if control.name == "concern" and text != UNSURE:
        return [_neutral(text, asking)]
    return opened if chosen.opens and opened else [chosen.label]


def _value(control: Control, text: str) -> str:
    try:
        value = control.value(text)
    except Unreadable:
        return text
    shown = {"money": dollars, "percent": percent}.get(control.kind, str)(value)
    return f"{control.label}: {shown}" if control.label else shown


def _neutral(id: str, asking: Asking) -> str:
    """A concern by its neutral name: this page may be seen, printed or saved."""
    concern = asking.sources.book.reference.concerns.get(id)
    labels = concern.neutral_labels if concern else {}
    return labels.get(asking.wording.language) or labels.get("en") or id
