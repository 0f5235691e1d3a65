"""The client's page as it is met: in process, over a socket, and in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.conftest import app, client
from tests.web.browsing import Visit
from tests.web.serving import Elsewhere, Served, serving

__all__ = ["app", "client"]


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """One server for all tests of a process."""
    elsewhere = Elsewhere()
    with serving(tmp_path_factory.mktemp("served") / "log", elsewhere) as found:
        yield found
    elsewhere.shutdown()
    elsewhere.server_close()


@pytest.fixture
def visit(browser, served) -> Iterator[Callable[..., Visit]]:
    """Starts visits, and holds them all to what every page promises: no complaint, nobody else asked."""
    visits: list[Visit] = []
    met = served.elsewhere.met

    def start(**options) -> Visit:
        visits.append(Visit(browser, options.pop("address", served.address), **options))
        return visits[-1]

    yield start
    for each in visits:
        each.close()
    assert [told for each in visits for told in each.told] == []
    assert [url for each in visits for url in each.elsewhere] == []
    assert served.elsewhere.met == met, "somebody was met beforehand"
