"""What every face that shows pages has in common: templates, languages, and what a page may do."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app
from flask_compress import Compress
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from coverage_service.html import language, speech
from coverage_service.html.templates import Templates, Written

PAGE: Final = "text/html"
SPOKEN: Final = "coverage_templates"
"""The templates of each language, by its name."""


def register(app: Flask) -> None:
    """Set the application up to make pages; the faces add their own."""
    app.jinja_environment = Templates
    language.register_language(app)
    app.config.setdefault("COMPRESS_MIMETYPES", [PAGE, "text/css", "text/javascript", "image/svg+xml"])
    app.config.setdefault("COMPRESS_ALGORITHM", ["gzip"])
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Written)
    app.jinja_env.filters["longdate"] = speech.dated
    app.jinja_loader = _loader(app)
    app.context_processor(_words)


def _loader(app: Flask) -> Any:
    """Our templates, and the macros of the design system under the name they expect."""
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return ChoiceLoader([macros, *([app.jinja_loader] if app.jinja_loader else [])])


def render(template: str, **values: Any) -> str:
    """A page: as Flask's ``render_template``, from the templates of the page's language."""
    spoken: dict[str, Templates] = current_app.extensions.setdefault(SPOKEN, {})
    chosen = language.language()
    if chosen not in spoken:
        every: Any = current_app.jinja_env
        spoken[chosen] = every.speaking(speech.message(), **_words())
    return spoken[chosen].get_template(template).render(values)


def _words() -> dict[str, Any]:
    return {
        "language": language.language(),
        "other_language": language.other_language(),
        "language_names": language.NAMES,
    }


def version_of(static: Path) -> str:
    """Changes whenever one of the static files does, so that a browser may keep them for good."""
    return sha256(b"".join(path.read_bytes() for path in sorted(static.iterdir()))).hexdigest()[:12]
