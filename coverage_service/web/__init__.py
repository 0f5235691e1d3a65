"""The client's page: what will it cost, what is not known, whom to ask what.

Made on the server from the same use cases as the API; it works without JavaScript, sets no
cookie and asks no other host for anything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from flask.templating import Environment
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from coverage_service.html import PAGE, language, version_of
from coverage_service.html.safety import keep_nothing
from coverage_service.web import charts, views
from coverage_service.web.amounts import inside, moved, sentence
from coverage_service.web.fields import LONGEST
from coverage_service.web.sentences import written

STATIC: Final = Path(__file__).parent / "static"


def register(app: Flask, otherwise: Callable[[HTTPException], Any]) -> None:
    """Add the page to the application; ``otherwise`` answers errors of those who are no browser."""
    environment = app.jinja_env
    environment.globals.update(
        asset_version=version_of(STATIC),
        stylesheet=Markup(f"<style>{(STATIC / 'main.css').read_text('utf-8')}</style>"),
        fixed=_fixed(environment),
        longest=LONGEST,
        leave_to=app.config["COVERAGE"].leave_to,
    )
    environment.filters.update(
        inside=inside, sentence=sentence, written=written, moved=moved, **charts.FILTERS
    )
    app.register_blueprint(views.bp)
    app.register_error_handler(404, lambda error: _not_found(error, otherwise))


def _fixed(environment: Environment) -> Callable[[str], Markup]:
    """Writes a part of a page that is the same for everybody, made once for each language."""

    @cache
    def made(name: str, _language: str) -> Markup:
        template = environment.get_template(f"fixed/{name}.html")
        return Markup(template.render(other_language=language.other_language()))

    return lambda name: made(name, language.language())


def _not_found(error: HTTPException, otherwise: Callable[[HTTPException], Any]) -> Any:
    """A page for a browser at an address outside the API; a problem document for a program."""
    if (
        request.path.startswith("/v1/")
        or request.accept_mimetypes.best_match(["application/json", PAGE]) != PAGE
    ):
        return otherwise(error)
    language.speak("es" if request.path.startswith("/es/") else language.DEFAULT)
    found: Response = views.tell_error(error)
    return keep_nothing(found)
