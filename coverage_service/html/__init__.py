"""What every face that shows pages has in common: templates, languages, and what a page may do."""

from __future__ import annotations

from collections.abc import MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.templating import Environment
from flask_compress import Compress
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from coverage_service.html import language
from coverage_service.html.speech import dated

PAGE: Final = "text/html"


class Templates(Environment):
    """The templates; their globals do not change once the page is set up, so they are one plain table."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Every import in a template goes through all of them, which a chain of tables makes slow."""
        return {**self.globals, **(d or {})}


def register(app: Flask) -> None:
    """Set the application up to make pages; the faces add their own."""
    app.jinja_environment = Templates
    language.register_language(app)
    app.config.setdefault("COMPRESS_MIMETYPES", [PAGE, "text/css", "text/javascript", "image/svg+xml"])
    app.config.setdefault("COMPRESS_ALGORITHM", ["gzip"])
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["longdate"] = dated
    app.jinja_loader = _loader(app)
    app.context_processor(_words)


def _loader(app: Flask) -> Any:
    """Our templates, and the macros of the design system under the name they expect."""
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return ChoiceLoader([macros, *([app.jinja_loader] if app.jinja_loader else [])])


def _words() -> dict[str, Any]:
    return {
        "language": language.language(),
        "other_language": language.other_language(),
        "language_names": language.NAMES,
    }


def version_of(static: Path) -> str:
    """Changes whenever one of the static files does, so that a browser may keep them for good."""
    return sha256(b"".join(path.read_bytes() for path in sorted(static.iterdir()))).hexdigest()[:12]
