"""The client's page as it is met: in process, and served over a socket."""

from __future__ import annotations

from tests.api.conftest import app, client, running

__all__ = ["app", "client", "running"]
