"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.web.browsing import FLAGS, NAMES, program

os.environ.setdefault("COVERAGE_STATE", "off")
"""Services that the tests start keep no history in the home of whoever runs them."""

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""A busy machine is no mistake of the code."""

REQUIRED = "BROWSER_REQUIRED"
"""Set where the tests must not go without a browser."""

ROOT = Path(__file__).resolve().parent.parent
# The mutation run works on a copy of the checkout in a folder of that name inside it.
CHECKOUT = ROOT.parent if ROOT.name == "mutants" else ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data beside the checkout; it is not part of the project."""
    path = CHECKOUT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the real public data is not here; put it at ../shared/data beside the checkout")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process, which can hold no second one."""
    path = program()
    if path is None:
        missing = f"no browser is installed: none of {', '.join(NAMES)} is on the path"
        pytest.fail(missing) if os.environ.get(REQUIRED) else pytest.skip(missing)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()
