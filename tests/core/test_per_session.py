"""One ordinary session now, once the deductible is met, and once the maximum is reached."""

from __future__ import annotations

from coverage_service.core.estimate import estimate
from coverage_service.core.request import LimitUsed, Used
from tests.core.builders import a_plan, a_reference, a_request, a_visit_limit


def per_session(request, id="in_network"):
    found = estimate(request, a_reference())
    return next(p for p in found.pathways if p.id == id).scenarios[0].per_session


def test_the_deductible_is_paid_now_and_a_fifth_of_the_price_later():
    """$140 is owed until $1,000 are met, 20 % of it after that, nothing after the maximum."""
    found = per_session(a_request(a_plan(deductible=100_000, out_of_pocket=500_000), allowed=14_000))

    assert found.now == (14_000, 14_000)
    assert found.after_deductible == (2_800, 2_800)
    assert found.after_out_of_pocket_maximum == (0, 0)


def test_a_deductible_nearly_met_ends_inside_the_session():
    """$50 is left: $50 + 20 % of the other $90."""
    used = Used(limits={"in_network": LimitUsed(deductible=95_000, out_of_pocket=95_000)})
    found = per_session(a_request(a_plan(deductible=100_000), allowed=14_000, used=used))

    assert found.now == (6_800, 6_800)


def test_a_price_nobody_knows_gives_no_session_for_nothing():
    """The allowed amount may be anything up to the fee of $200, but $0 is nobody's promise."""
    found = per_session(a_request(a_plan(deductible=100_000), billed=20_000, allowed=None))

    assert found.now == (None, 20_000)
    assert found.after_deductible == (None, 4_000)
    assert found.after_out_of_pocket_maximum == (0, 0)


def test_a_visit_limit_does_not_make_a_session_within_it_a_refused_one():
    """A copay of $30, 20 visits a year, none of them used; a refused one costs the fee of $200."""
    found = per_session(a_request(a_plan("copay $30", visit_limits=(a_visit_limit(20),)), sessions=4))

    assert found.now == (3_000, 3_000)
    assert found.after_deductible == (3_000, 3_000)
