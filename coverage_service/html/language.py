"""The languages of the pages: each has its own addresses, so no cookie remembers one."""

from __future__ import annotations

from typing import Final

from flask import Flask, g
from flask_babel import Babel

from coverage_service.html import speech

DEFAULT: Final = "en"
LOCALES: Final = {"en": "en_US", "es": "es_US"}
"""The locale of a language: Spanish as in the United States ("$1,260", not "1.260 US$")."""
NAMES: Final = {"en": "English", "es": "Español"}


def register_language(app: Flask) -> None:
    """Translate by the language of the address."""
    Babel(
        app,
        locale_selector=lambda: LOCALES[language()],
        default_translation_directories="web/translations;workbench/translations",
    )
    app.jinja_env.globals.update(_=speech.spoken, gettext=speech.spoken, ngettext=speech.counted)
    app.teardown_request(speech.end)


def speak(chosen: str) -> None:
    """Make the page in this language."""
    g.language = chosen
    speech.begin(chosen)


def language() -> str:
    """The language of the page that is being made."""
    found: str = g.get("language", DEFAULT)
    return found


def other_language() -> str:
    """The one that the page can be switched to."""
    return next(each for each in LOCALES if each != language())
