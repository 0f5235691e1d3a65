"""The words of the page in its language: Flask-Babel's translations, looked up once for a page.

Flask-Babel finds its context, locale and catalogue anew for every message; a page has
hundreds, and that took longer than the estimate.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from flask import g
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup

MEDIUM: Final = "yMMMd"


def gettext(message: str, **values: Any) -> str:
    """The message in the language of the page, with its values."""
    text: str = _catalogue().ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The message for so many, as the language counts."""
    text: str = _catalogue().ungettext(one, many, num)
    return text % {"num": num, **values}


def lazy_gettext(message: str) -> LazyString:
    """A message that is read in the language of the page when it is shown."""
    return LazyString(gettext, message)


def spoken(message: str, **values: Any) -> Markup:
    """As ``gettext``, for templates: the values are escaped, the message is ours."""
    text = Markup(_catalogue().ugettext(message))
    return text % values if values else text


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """As ``ngettext``, for templates."""
    return Markup(_catalogue().ungettext(one, many, num)) % {"num": num, **values}


def dated(on: date, fields: str = MEDIUM) -> str:
    """These fields of a date in the order of the locale: "Nov 30, 2026", "30 nov 2026"."""
    locale = _locale()
    return str(format_date(on, locale.datetime_skeletons[fields].pattern, locale=locale))


def _catalogue() -> Any:
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def _locale() -> Locale:
    found: Locale | None = g.get("locale")
    if found is None:
        found = g.locale = get_locale()
    assert found is not None
    return found
