"""The JSON face of the service."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the API's addresses to the application."""

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}
