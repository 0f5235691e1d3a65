"""A benefit row that says ``not covered``: who pays the visits it stands for, and at which rate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import Market
from coverage_service.core.request import Answer, Used
from tests.core.builders import (
    a_coverage,
    a_plan,
    a_reference,
    a_request,
    a_row,
    pathway,
    scenario,
    span,
    unknown_ids,
)

NOBODY_SAID_WHO = {"coverage": a_coverage(liability={"no_benefit": UNKNOWN})}


def programme(**fields):
    """Six free sessions of an issue, then nothing; neither the rate nor what is used is known."""
    free = a_row("no charge", network="in", first=(6, "issue"))
    plan = a_plan("not covered", rows=[free], **({"not_covered_rate": {}} | fields))
    return replace(a_request(plan, sessions=12, billed=20_000, allowed=14_000), used=Used())


def never(**fields):
    """A plan that pays nothing for therapy in its network."""
    return a_request(a_plan("not covered", **({"not_covered_rate": {}} | fields)), sessions=2)


def found(request, **answers):
    given = {id: Answer(value=value) for id, value in answers.items()}
    return estimate(replace(request, answers=given), a_reference())


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        pytest.param({}, (6 * 14_000, 12 * 20_000), id="six free and six contracted, to twelve billed"),
        pytest.param({"not_covered_rate": "contracted"}, (6 * 14_000, 12 * 14_000), id="contracted"),
        pytest.param({"not_covered_rate": "billed"}, (6 * 20_000, 12 * 20_000), id="billed"),
        pytest.param({"first_n": 6}, (12 * 14_000, 12 * 20_000), id="no free session is left"),
        pytest.param({"first_n": 4, "not_covered_rate": "billed"}, (10 * 20_000, 10 * 20_000), id="two are"),
    ],
)
def test_visits_after_the_free_ones_cost_what_their_rate_may_be(answers, ends):
    low, planning, high = span(found(programme(), **answers))

    assert (low, high) == ends
    assert planning == (high if "not_covered_rate" in answers else None)  # planned with none left


def test_the_rate_is_asked_and_who_bears_it_is_not():
    """Where a plan has no benefit the visit is the patient's (``domain`` 2.4)."""
    asked = unknown_ids(found(programme()))

    assert {"not_covered_rate", "first_n"} <= asked
    assert not {"denial_liability", "waiver_signed"} & asked
    assert "not_covered_rate" not in unknown_ids(found(programme(), not_covered_rate="billed"))


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        pytest.param({}, (None, 12 * 20_000), id="free is not shown"),
        pytest.param({"denial_liability": "provider"}, (0, 0), id="the clinician's loss"),
        pytest.param({"denial_liability": "patient"}, (6 * 14_000, 12 * 20_000), id="the patient's"),
    ],
)
def test_who_bears_it_is_asked_where_the_plan_leaves_it_open(answers, ends):
    estimated = found(programme(**NOBODY_SAID_WHO), **answers)

    assert span(estimated)[::2] == ends
    assert ("denial_liability" in unknown_ids(estimated)) is (not answers)


def test_who_bears_a_denial_moves_no_visit_of_a_plan_without_benefit():
    """It is asked for the case that the diagnosis is denied; the visits after the free ones stay."""
    request = programme(coverage=a_coverage("F*: unknown"))

    assert "denial_liability" in unknown_ids(found(request))
    assert span(found(request), case="covered")[::2] == (6 * 14_000, 12 * 20_000)
    told = found(request, denial_liability="provider")
    assert span(told, case="covered")[::2] == (6 * 14_000, 12 * 20_000)
    assert span(told, case="not_covered")[::2] == (0, 0)


def test_a_programmes_clinician_may_ask_for_it_with_a_waiver():
    request = programme(market=Market(kind="TRICARE"))
    request = replace(request, care=replace(request.care, waiver_signed=None))

    assert span(found(request))[::2] == (0, 12 * 20_000)
    assert "waiver_signed" in unknown_ids(found(request))


@pytest.mark.parametrize("verdict", ["yes", "unknown"])
def test_a_plan_that_never_pays_is_no_covered_case(verdict):
    estimated = found(never(coverage=a_coverage(f"F*: {verdict}")))

    assert scenario(estimated).name == "not_covered"
    assert scenario(estimated).liability == "patient"
    assert span(estimated) == (2 * 14_000, None, 2 * 20_000)
    assert not {"coverage", "dx_coverage", "allowed_amount"} & unknown_ids(estimated)


def test_a_refusal_of_the_gate_comes_before_that_of_the_row():
    estimated = found(never(coverage=a_coverage("F*: no", liability={"diagnosis": "provider"})))

    assert (scenario(estimated).liability, span(estimated)) == ("provider", (0, 0, 0))


def test_of_a_rate_known_to_be_billed_no_allowed_amount_is_asked():
    request = replace(never(not_covered_rate={"in": "billed"}), prices={})
    request = a_request(*request.plan, sessions=2, allowed=None)

    assert span(found(request)) == (40_000, 40_000, 40_000)
    assert "allowed_amount" not in unknown_ids(found(request))


def test_a_code_without_benefit_beside_one_that_is_covered_is_refused_in_the_covered_case():
    """The intake is not covered: its charge of 20000; the second visit costs the copay."""
    plan = a_plan("copay $30", rows=[a_row("not covered", network="in", service="intake")])
    request = a_request(plan, sessions=2, intake=True)

    assert scenario(found(request)).name == "covered"
    assert span(found(request)) == (23_000, 23_000, 23_000)
    assert pathway(found(request)).possible == "yes"
