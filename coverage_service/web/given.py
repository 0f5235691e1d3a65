"""The answers given so far, as they are told back for checking: neutral where a topic is sensitive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from coverage_service.core.money import dollars, percent
from coverage_service.html.speech import dated
from coverage_service.html.speech import gettext as _
from coverage_service.web.answers import TOLD, told
from coverage_service.web.asked import ASK, question_page
from coverage_service.web.check import Place
from coverage_service.web.fields import UNSURE, Control, Unreadable, about
from coverage_service.web.pages import Asking, Page, page

MORE: Final = ("modality", "client_state", "eap")
"""Questions beside the question pages that a person may answer without a call."""
INSURED: Final = ("dx_billing",)
"""As above, where there is a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer in words, and the page to change it on; ``answered``: something was said.

    ``control``: which of the page's it is, empty where the row stands for all of them.
    """

    target: str
    question: str
    answer: str
    answered: bool
    control: str = ""

    @property
    def place(self) -> str:
        """Where it stands in the list, for a link."""
        return f"given-{self.target}-{self.control}" if self.control else f"given-{self.target}"


@dataclass(frozen=True, slots=True)
class Given:
    """All answers; ``more``: facts that can be added, each with its page and its name."""

    rows: tuple[Row, ...]
    more: tuple[tuple[str, str], ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def at_odds(self, places: Collection[Place]) -> tuple[Row, ...]:
        """The rows of answers that do not go with the others: all of a page where no control is named."""
        return tuple(row for row in self.rows if any(_is_at(row, *place) for place in places))


def _is_at(row: Row, target: str, control: str) -> bool:
    return row.target == target and (row.control == control or not (row.control and control))


def told_at_odds(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """What to tell at the top of a page of such rows: where each stands, and its question."""
    text = _("This does not go together with the other answers. Please check it.")
    return [(row.place, about(row.question, text)) for row in rows] or [("", text)]


def given(asking: Asking) -> Given:
    """Every page that applies, then every question answered beside them, then what may be added."""
    rows = [row for id in asking.pages for row in _rows(page(id, asking), asking)]
    rows += [_row(question_page(id, asking), asking) for id in told(asking.answers)]
    more = MORE + (INSURED if asking.offer.insured else ())
    names = asking.wording.questions
    left = tuple((f"{ASK}{id}", names[id].short) for id in more if f"{TOLD}{id}" not in asking.answers)
    return Given(tuple(rows), left)


def _rows(found: Page, asking: Asking) -> list[Row]:
    """A row for each control of a page."""
    if len(found.controls) == 1:
        return [_row(found, asking)]
    return [
        _told(found.id, each.label, _parts(each, asking, each.label), each.name) for each in found.controls
    ]


def _row(found: Page, asking: Asking) -> Row:
    """A page in one row."""
    parts = [text for control in found.controls for text in _parts(control, asking, found.title)]
    return _told(found.id, found.title, parts)


def _told(target: str, question: str, parts: list[str], control: str = "") -> Row:
    answer = "; ".join(parts) or _("Not answered")
    return Row(target=target, question=question, answer=answer, answered=bool(parts), control=control)


def _parts(control: Control, asking: Asking, question: str) -> list[str]:
    """The answer of a control in words, then those of the controls it opens."""
    text = asking.answers.get(control.name)
    if not text:
        return []
    chosen = next((option for option in control.options if option.value == text), None)
    if chosen is None:
        return [_value(control, text, question)]
    opened = [part for each in chosen.opens for part in _parts(each, asking, question)]
    if control.name == "concern" and text != UNSURE:
        return [_neutral(text, asking)]
    return opened if chosen.opens and opened else [chosen.label]


def _value(control: Control, text: str, question: str) -> str:
    try:
        shown = SHOWN.get(control.kind, str)(control.value(text))
    except Unreadable:
        return text
    return shown if control.label in ("", question) else f"{control.label}: {shown}"


def _day(value: str) -> str:
    return dated(date.fromisoformat(value))


SHOWN: Final[dict[str, Any]] = {"money": dollars, "percent": percent, "day": _day}
"""How the value of a control is written, by its kind."""


def _neutral(id: str, asking: Asking) -> str:
    """A concern by its neutral name: this page may be seen, printed or saved."""
    concern = asking.sources.book.reference.concerns.get(id)
    labels = concern.neutral_labels if concern else {}
    return labels.get(asking.wording.language) or labels.get("en") or id
