"""Estimates what a client pays out of pocket for sex therapy, and what is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from coverage_service.config import Config

__version__ = "0.1.0"


def create_app(config: Config | None = None) -> Flask:
    """The service, wired to its settings: those given, or those of the environment."""
    # Imported here, since this module also loads for the core, which knows no Flask.
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from coverage_service import api, html, web, workbench
    from coverage_service.api.problems import http_error
    from coverage_service.config import Config
    from coverage_service.serving import register_headers, register_sources

    config = config or Config.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        COVERAGE=config,
        MAX_CONTENT_LENGTH=config.max_body_bytes,
        TRUSTED_HOSTS=trusted_hosts(config),
    )
    allow_other_origins(app, config)
    if config.proxies:
        # Of all that proxies say, only whose address it is; the host and scheme stay those that were asked.
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxies, 0, 0)  # type: ignore[method-assign]
    register_sources(app)
    register_headers(app)
    api.register(app)
    html.register(app)
    web.register(app, http_error)
    workbench.register(app)
    return app


def trusted_hosts(config: Config) -> list[str] | None:
    """The host names answered to; loopback always, for the health check; None answers to all."""
    return [*config.trusted_hosts, "localhost", "127.0.0.1"] if config.trusted_hosts else None


def allow_other_origins(app: Flask, config: Config) -> None:
    """Let pages of the configured origins call the API, without credentials."""
    if not config.cors_origins:
        return
    from flask_cors import CORS

    CORS(app, resources={r"/v1/*": {"origins": list(config.cors_origins)}})
