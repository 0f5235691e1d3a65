"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("COVERAGE_STATE", "off")
"""Services that the tests start keep no history in the home of whoever runs them."""

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""A busy machine is no mistake of the code."""

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
