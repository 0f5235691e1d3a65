"""The client's page: what will it cost, what is not known, whom to ask what.

Made on the server from the same use cases as the API; it works without JavaScript, sets no
cookie and asks no other host for anything.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from flask.templating import Environment
from flask_compress import Compress
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from coverage_service.web import charts, language, views
from coverage_service.web.amounts import inside, moved, sentence
from coverage_service.web.safety import keep_nothing
from coverage_service.web.speech import dated

STATIC: Final = Path(__file__).parent / "static"
PAGE: Final = "text/html"


class Templates(Environment):
    """The templates; their globals do not change once the page is set up, so they are one plain table."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Every import in a template goes through all of them, which a chain of tables makes slow."""
        return {**self.globals, **(d or {})}


def register(app: Flask, otherwise: Callable[[HTTPException], Any]) -> None:
    """Add the page to the application; ``otherwise`` answers errors of those who are no browser."""
    app.jinja_environment = Templates
    language.register_language(app)
    app.config.setdefault("COMPRESS_MIMETYPES", [PAGE, "text/css", "text/javascript", "image/svg+xml"])
    app.config.setdefault("COMPRESS_ALGORITHM", ["gzip"])
    Compress(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        asset_version=_version(),
        stylesheet=Markup(f"<style>{(STATIC / 'main.css').read_text('utf-8')}</style>"),
        fixed=_fixed(environment),
        leave_to=app.config["COVERAGE"].leave_to,
    )
    environment.filters.update(
        inside=inside, sentence=sentence, moved=moved, longdate=dated, **charts.FILTERS
    )
    app.jinja_loader = _loader(app)
    app.context_processor(_words)
    app.register_blueprint(views.bp)
    app.register_error_handler(404, lambda error: _not_found(error, otherwise))


def _loader(app: Flask) -> Any:
    """Our templates, and the macros of the design system under the name they expect."""
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return ChoiceLoader([macros, *([app.jinja_loader] if app.jinja_loader else [])])


def _fixed(environment: Environment) -> Callable[[str], Markup]:
    """Writes a part of a page that is the same for everybody, made once for each language."""

    @cache
    def made(name: str, _language: str) -> Markup:
        return Markup(environment.get_template(f"fixed/{name}.html").render())

    return lambda name: made(name, language.language())


def _words() -> dict[str, Any]:
    return {
        "language": language.language(),
        "other_language": language.other_language(),
        "language_names": language.NAMES,
    }


def _version() -> str:
    """Changes whenever one of the static files does, so that a browser may keep them for good."""
    return sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:12]


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
