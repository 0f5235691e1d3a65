"""The documentation page: Swagger UI from our own files, with no outside request."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from coverage_service.serving import CSP

bp = Blueprint("docs", __name__)
FOLDER: Final = Path(__file__).parent / "static"
FILES: Final = {
    "swagger-ui.css": ("swagger-ui/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("swagger-ui/swagger-ui-bundle.js", "text/javascript"),
    "favicon-32x32.png": ("swagger-ui/favicon-32x32.png", "image/png"),
    "start.js": ("start.js", "text/javascript"),
}
# Swagger UI draws its arrows from data: addresses and sets style attributes.
DOCS_CSP: Final = f"{CSP}; img-src 'self' data:; style-src 'self' 'unsafe-inline'"


@bp.get("/docs")
def show() -> Response:
    """The page."""
    answer = _file("docs.html", "text/html")
    answer.headers["Content-Security-Policy"] = DOCS_CSP
    return answer


@bp.get("/docs/<name>")
def file(name: str) -> Response:
    """One of the files of the page."""
    if name not in FILES:
        raise NotFound
    return _file(*FILES[name])


def _file(path: str, mimetype: str) -> Response:
    answer = Response((FOLDER / path).read_bytes(), mimetype=mimetype)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
