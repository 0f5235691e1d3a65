"""The words of a page in its language: Flask-Babel's translations, looked up once for a page.

Flask-Babel finds its context, locale and catalogue anew for every message; a page has
hundreds, and that took longer than the estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeVar

from babel import Locale
from babel.dates import get_month_names, parse_pattern
from flask import current_app
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup

MEDIUM: Final = "yMMMd"
HELD: Final = "coverage_speech"
"""The words of each language, by its name."""
MOST: Final = 4
"""How many languages are held ready: twice those of the page."""
Made = TypeVar("Made")


def gettext(message: str, **values: Any) -> str:
    """The message in the language of the page, with its values."""
    text = (_PAGE.get() or _found()).plain[message]
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The message for so many, as the language counts."""
    text: str = _speech().catalogue.ungettext(one, many, num)
    return text % {"num": num, **values}


def message() -> Callable[[str], str]:
    """What gives a message in the language of the page that is made now."""
    return _speech().plain.__getitem__


def lazy_gettext(message: str) -> LazyString:
    """A message that is read in the language of the page when it is shown."""
    return LazyString(gettext, message)


def spoken(message: str, **values: Any) -> Markup:
    """As ``gettext``, for templates: the values are escaped, the message is ours."""
    text = (_PAGE.get() or _found()).safe[message]
    return text % values if values else text


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """As ``ngettext``, for templates."""
    return Markup(_speech().catalogue.ungettext(one, many, num)) % {"num": num, **values}


def dated(on: date, fields: str = MEDIUM) -> str:
    """These fields of a date in the order of the locale: "Nov 30, 2026", "30 nov 2026"."""
    pattern, months = (_PAGE.get() or _found()).dates[fields]
    return pattern % {"d": on.day, "MMM": months[on.month], "y": on.year}


class Once(dict[str, Made]):
    """What is made of a text of ours, when it is first needed."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make

    def __missing__(self, text: str) -> Made:
        found = self[text] = self._make(text)
        return found


@dataclass(frozen=True, slots=True)
class Speech:
    """A language: its messages, as text and as HTML, and how it writes the fields of a date."""

    catalogue: Any
    plain: Once[str]
    safe: Once[Markup]
    dates: Once[tuple[str, Mapping[int, str]]]


_PAGE: Final[ContextVar[Speech | None]] = ContextVar("speech", default=None)


def begin(language: str) -> None:
    """Have the words of the page at hand that is made next, in this language."""
    held: dict[str, Speech] = current_app.extensions.setdefault(HELD, {})
    if language not in held:
        held[language] = _found()
    _PAGE.set(held[language])


def end(_error: BaseException | None = None) -> None:
    """Forget the page."""
    _PAGE.set(None)


def _speech() -> Speech:
    return _PAGE.get() or _found()


def _found() -> Speech:
    locale = get_locale()
    assert locale is not None
    return _speech_of(get_translations(), locale)


@lru_cache(MOST)
def _speech_of(catalogue: Any, locale: Locale) -> Speech:
    plain = Once[str](catalogue.ugettext)
    safe = Once(lambda message: Markup(plain[message]))
    return Speech(catalogue, plain, safe, Once(lambda fields: _writing(fields, locale)))


def _writing(fields: str, locale: Locale) -> tuple[str, Mapping[int, str]]:
    """The order of the fields and the months: Babel works both out anew for every date."""
    order: Any = parse_pattern(locale.datetime_skeletons[fields]).format
    return order, {month: get_month_names("abbreviated", locale=locale)[month] for month in range(1, 13)}
