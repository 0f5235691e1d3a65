"""Controls of a form, and the values that the texts typed into them stand for.

A text that cannot be read raises ``Unreadable`` with what to write instead, in the reader's
language.  Nothing is guessed: "about 30" is not 30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from coverage_service.core.money import LARGEST, dollars, parse_dollars, parse_percent
from coverage_service.html.speech import dated, ngettext
from coverage_service.html.speech import gettext as _
from coverage_service.serving import today

UNSURE: Final = "unsure"
"""The value of "I'm not sure" in every choice."""
LONGEST: Final = 200
FIRST_YEAR, LAST_YEAR = 2000, 2099
_AMOUNT = re.compile(r"\$? ?((?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.\d+)?)", re.ASCII)
"""Commas and blanks part thousands and nothing else: "12,50" is no amount here, and not 1,250 dollars."""
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)


class Unreadable(ValueError):
    """A typed text that is no value of its control; the message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose, and the control that opens beneath it."""

    value: str
    label: str
    hint: str = ""
    opens: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control: ``kind`` is radios | select | money | percent | count | day | code | text.

    ``least`` and ``most`` bound a count; ``pattern`` and ``sample`` are those of a code.
    ``needed``: the page cannot be left while it is empty.  ``ahead``: a day that has not passed.
    """

    name: str
    kind: str
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 1_000
    pattern: str = ""
    sample: str = ""
    needed: bool = False
    ahead: bool = False

    def value(self, text: str) -> Any:
        """Cents, basis points, a whole number, a date, or the text; raises Unreadable."""
        if len(text) > LONGEST:
            raise Unreadable(_("This is too long. Write at most %(most)s letters.", most=LONGEST))
        return READERS[self.kind](self, text)


def every(controls: tuple[Control, ...]) -> tuple[Control, ...]:
    """The controls and those that open beneath their options."""
    return tuple(
        found
        for control in controls
        for found in (control, *every(tuple(c for option in control.options for c in option.opens)))
    )


def _money(_control: Control, text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    plain = found[1].replace(",", "").replace(" ", "") if found else ""
    try:
        cents = parse_dollars(f"${plain}")
    except ValueError:
        raise Unreadable(_("This is not an amount. Write it in dollars, such as 150 or 1,250.50.")) from None
    if cents > LARGEST:
        raise Unreadable(_("This is too much. Write at most %(most)s.", most=dollars(LARGEST)))
    return cents


def _percent(_control: Control, text: str) -> int:
    try:
        found = parse_percent(f"{text.removesuffix('%').rstrip()}%")
    except ValueError:
        found = -1
    if not 0 <= found <= 10_000:
        raise Unreadable(_("This is not a percent. Write a number from 0 to 100, such as 20."))
    return found


def _count(control: Control, text: str) -> int:
    if _DIGITS.fullmatch(text) and control.least <= int(text) <= control.most:
        return int(text)
    raise Unreadable(
        _("Write a whole number from %(least)s to %(most)s.", least=control.least, most=control.most)
    )


def _day(control: Control, text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("There is no such day. Write it as year-month-day, such as 2027-01-31.")) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(_("Write a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    if control.ahead and found < today():
        raise Unreadable(_("This day has passed. Write %(today)s or a later day.", today=dated(today())))
    return found.isoformat()


def _code(control: Control, text: str) -> str:
    found = text.upper()
    if not re.fullmatch(control.pattern, found, re.ASCII):
        raise Unreadable(_("This does not look right. Write it like %(sample)s.", sample=control.sample))
    return found


def _chosen(control: Control, text: str) -> str:
    if text in [option.value for option in control.options]:
        return text
    raise Unreadable(_("Choose one of the answers."))


READERS: Final[Mapping[str, Any]] = {
    "radios": _chosen,
    "select": _chosen,
    "money": _money,
    "percent": _percent,
    "count": _count,
    "day": _day,
    "code": _code,
    "text": lambda _control, text: text,
}


def mistakes(controls: tuple[Control, ...], said: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the controls of a page, by control; one that is not open is not read."""
    found: dict[str, str] = {}
    for control in controls:
        text = said.get(control.name, "")
        try:
            if text:
                control.value(text)
            elif control.needed:
                found[control.name] = missing(control)
        except Unreadable as error:
            found[control.name] = str(error)
        for option in control.options:
            if option.value == text:
                found |= mistakes(option.opens, said)
    return found


def named(controls: tuple[Control, ...], wrong: Mapping[str, str]) -> list[tuple[str, str]]:
    """The mistakes of a page as they are told away from their controls: the name, and what is wrong where."""
    labels = {control.name: control.label for control in every(controls)}
    return [(name, about(labels.get(name, ""), text)) for name, text in wrong.items()]


def about(label: str, text: str) -> str:
    """What is to be told, with the label of the control or question that it is about."""
    if not label:
        return text
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"


def missing(control: Control) -> str:
    """What to do about a control that was left empty."""
    if any(option.value == UNSURE for option in control.options):
        return _("Choose an answer. “I’m not sure” is fine too.")
    if control.kind in ("radios", "select"):
        return _("Choose an answer.")
    return _("Write an answer here, or go back and choose “I’m not sure”.")


def counted(sessions: int) -> str:
    """Say "1 session" or "12 sessions"."""
    return ngettext("%(num)d session", "%(num)d sessions", sessions)
