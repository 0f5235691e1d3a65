"""The documentation page: Swagger UI from our own files, with no outside request."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

from coverage_service.api.replies import CSP

bp = Blueprint("docs", __name__)
FOLDER: Final = Path(__file__).parent / "static"
FILES: Final = {
    "swagger-ui.css": "swagger-ui",
    "swagger-ui-bundle.js": "swagger-ui",
    "favicon-32x32.png": "swagger-ui",
    "start.js": "",
}
# Swagger UI draws its arrows from data: addresses and sets style attributes.
DOCS_CSP: Final = f"{CSP}; img-src 'self' data:; style-src 'self' 'unsafe-inline'"


@bp.get("/docs")
def show() -> Response:
    """The page."""
    answer = send_from_directory(FOLDER, "docs.html", mimetype="text/html")
    answer.headers["Content-Security-Policy"] = DOCS_CSP
    return answer


@bp.get("/docs/<name>")
def file(name: str) -> Response:
    """One of the files of the page."""
    if name not in FILES:
        raise NotFound
    answer = send_from_directory(FOLDER / FILES[name], name)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
