"""Who compares many estimates sees the figures of the whole answer, and nothing else of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coverage_service.core.estimate import estimate, windows_of
from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.core.request import FIGURES, FULL, SUMMARY, Answer
from tests.core.builders import (
    REFERENCE,
    a_coverage,
    a_limit,
    a_plan,
    a_request,
    a_scale,
    a_therapist,
    an_eap,
    pathway,
    used,
)

OPEN = a_plan(
    "deductible, coinsurance 20%",
    out="deductible, coinsurance 40%",
    limits=(a_limit("deductible", "$1,000"),),
    coverage=a_coverage("F*: unknown"),
)
ASKED = {
    "an open plan": a_request(OPEN, network=None, used=used(deductible=Between(0, 100_000)), allowed=None),
    "an answer": a_request(OPEN, fields={"answers": {"dx_coverage": Answer(value=True)}}),
    "a scale, no plan": a_request(
        therapist=a_therapist(fee="$200", sliding=a_scale("$90")), household=2, fields={"uninsured": True}
    ),
    "an employee programme first": a_request(
        a_plan("copay $30"), sessions=5, fields={"eap": an_eap(3, used=1)}
    ),
    "nothing known": a_request(billed=None, therapist=a_therapist(sliding=UNKNOWN)),
}


@pytest.mark.parametrize("name", ASKED)
def test_its_windows_are_those_of_the_answer(name: str):
    found = windows_of(ASKED[name], REFERENCE)

    assert found == estimate(replace(ASKED[name], detail=FIGURES), REFERENCE).pathways
    whole = {each.id: each.windows for each in estimate(ASKED[name], REFERENCE).pathways}
    shown = [(w.id, w.low, w.planning, w.high) for each in found for w in each.windows]
    assert shown == [(w.id, w.low, w.planning, w.high) for each in found for w in whole[each.id]]
    assert any(high is not None for _, _, _, high in shown) == (name != "nothing known")


def test_one_session_at_a_copay_is_the_copay():
    """$30 of $140 in network; the detail that is asked for makes no difference."""
    for detail in (FULL, SUMMARY, FIGURES):
        request = replace(a_request(a_plan("copay $30")), detail=detail)
        (course,) = (w for each in windows_of(request, REFERENCE) if each.id == "in_network"
                     for w in each.windows if w.id == "course")  # fmt: skip

        assert (course.low, course.planning, course.high) == (3_000, 3_000, 3_000)
    assert pathway(estimate(request, REFERENCE)).windows[-1].high == 3_000
