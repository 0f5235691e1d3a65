"""The words of the page in its language: Flask-Babel's translations, looked up once for a page.

Flask-Babel finds its context, locale and catalogue anew for every message; a page has
hundreds, and that took longer than the estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from babel import Locale
from babel.dates import get_month_names, parse_pattern
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup

MEDIUM: Final = "yMMMd"


def gettext(message: str, **values: Any) -> str:
    """The message in the language of the page, with its values."""
    text: str = _speech().catalogue.ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The message for so many, as the language counts."""
    text: str = _speech().catalogue.ungettext(one, many, num)
    return text % {"num": num, **values}


def lazy_gettext(message: str) -> LazyString:
    """A message that is read in the language of the page when it is shown."""
    return LazyString(gettext, message)


def spoken(message: str, **values: Any) -> Markup:
    """As ``gettext``, for templates: the values are escaped, the message is ours."""
    text = Markup(_speech().catalogue.ugettext(message))
    return text % values if values else text


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """As ``ngettext``, for templates."""
    return Markup(_speech().catalogue.ungettext(one, many, num)) % {"num": num, **values}


def dated(on: date, fields: str = MEDIUM) -> str:
    """These fields of a date in the order of the locale: "Nov 30, 2026", "30 nov 2026"."""
    pattern, months = _writing(_speech().locale, fields)
    return pattern % {"d": on.day, "MMM": months[on.month], "y": on.year}


@cache
def _writing(locale: Locale, fields: str) -> tuple[str, Mapping[int, str]]:
    """How the locale orders these fields, and its months: Babel works both out anew for every date."""
    order: Any = parse_pattern(locale.datetime_skeletons[fields]).format
    return order, {month: get_month_names("abbreviated", locale=locale)[month] for month in range(1, 13)}


@dataclass(frozen=True, slots=True)
class Speech:
    """The translations and the locale of a page."""

    catalogue: Any
    locale: Locale


_PAGE: Final[ContextVar[Speech | None]] = ContextVar("speech", default=None)


def begin() -> None:
    """Look up the words of the page that is made next, once its language is known."""
    _PAGE.set(_found())


def end(_error: BaseException | None = None) -> None:
    """Forget the page."""
    _PAGE.set(None)


def _speech() -> Speech:
    return _PAGE.get() or _found()


def _found() -> Speech:
    locale = get_locale()
    assert locale is not None
    return Speech(get_translations(), locale)
