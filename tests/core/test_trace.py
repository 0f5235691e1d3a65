"""The working of a line adds up to what was adjudicated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.adjudicate import adjudicate
from coverage_service.core.schedule import Calendar, Visit, segments
from coverage_service.core.terms import (
    ALWAYS,
    COUNTS_ALL,
    IN_NETWORK,
    MET,
    NON_DUPLICATION,
    TO_MEMBER,
    UNLIMITED,
    UNMET,
    Guarded,
    LimitTerms,
    Line,
    Op,
    Step,
    Supplement,
    Terms,
)
from coverage_service.core.trace import traced
from coverage_service.core.working import explain

CENTS = st.integers(0, 40_000)
LEFT = st.one_of(st.just(0), CENTS, st.just(UNLIMITED))
WHEN = st.sampled_from([ALWAYS, MET, UNMET])
CAP = st.one_of(st.just(UNLIMITED), CENTS)
PARTS = ("write_off", "deductible", "copay", "coinsurance", "over_maximum", "balance", "noncovered",
         "plan_pays", "secondary_pays", "forgiven")  # fmt: skip


@st.composite
def step_lists(draw: st.DrawFn) -> tuple[Step, ...]:
    """Lists as rule files may write them: one phrase of each kind, in any order."""
    percents = st.integers(0, 10_000)
    coinsurance = st.sampled_from([int(Op.COINSURANCE), int(Op.COINSURANCE_IGNORING_COPAY)])
    kinds = [
        st.just(Step(int(Op.DEDUCTIBLE))),
        st.builds(Step, st.just(int(Op.COPAY)), CENTS, st.just(UNLIMITED), WHEN, st.integers(0, 1)),
        st.builds(Step, coinsurance, percents, CAP, WHEN),
        st.builds(Step, st.just(int(Op.PLAN_PAYS)), CENTS),
    ]
    return tuple(draw(kind) for kind in draw(st.permutations(kinds))[: draw(st.integers(0, 4))])


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Lines as the pathways make them: billed = allowed + write-off + balance."""
    allowed, above, paying = draw(CENTS), draw(CENTS), draw(st.sampled_from([IN_NETWORK, TO_MEMBER]))
    if draw(st.integers(0, 9)) == 0:
        return Line(cpt="90837", billed=allowed + above, noncovered=allowed, write_off=above, covered=False,
                    paying=paying)  # fmt: skip
    balance = draw(st.integers(0, above)) if paying else 0
    return Line(
        cpt="90837", billed=allowed + above, allowed=allowed, write_off=above - balance, balance=balance,
        steps=draw(step_lists()), counted=draw(st.integers(0, COUNTS_ALL)), paying=paying,
        sequestration=draw(st.sampled_from([0, 200])), share_cap=draw(CAP),
        supplement=draw(st.one_of(st.none(), st.builds(Supplement, *[st.integers(0, 1)] * 4, CENTS))),
    )  # fmt: skip


@given(lines(), LEFT, LEFT)
def test_the_working_of_any_line_adds_up_to_its_parts(line, left, room):
    outcome = adjudicate(line, left, room)

    working = explain(line, left, room, outcome.parts.secondary_pays)

    assert {name: working.part(name) for name in PARTS} == {
        name: getattr(outcome.parts, name) for name in PARTS
    }
    assert working.patient == outcome.patient


@given(lines(), LEFT, LEFT)
def test_the_last_movement_leaves_what_the_run_leaves(line, left, room):
    outcome = adjudicate(line, left, room)

    moves = explain(line, left, room, outcome.parts.secondary_pays).moves

    if moves:
        assert (moves[-1].left, moves[-1].room) == (left - outcome.credit, room - outcome.counting)
        assert moves[-1].unpaid == 0


def test_a_deductible_that_ends_inside_a_session_step_by_step():
    """HDHP of the examples: $50 of the deductible are left, then a fifth of the rest."""
    line = Line(cpt="90837", billed=21000, allowed=14000, write_off=7000,
                steps=(Step(int(Op.DEDUCTIBLE)), Step(int(Op.COINSURANCE), 2000)))  # fmt: skip

    working = explain(line, 5000, 405_000)

    assert [tuple(move) for move in working.moves] == [
        ("write_off", "write_off", -1, 21000, 7000, 14000, 5000, 405_000),
        ("deductible", "deductible", 0, 14000, 5000, 9000, 0, 400_000),
        ("coinsurance", "coinsurance", 1, 9000, 1800, 7200, 0, 398_200),
        ("plan_pays", "plan_pays", -1, 7200, 7200, 0, 0, 398_200),
    ]
    assert working.patient == 6800


def test_a_full_out_of_pocket_limit_takes_back_coinsurance_first():
    line = Line(cpt="90837", billed=14000, allowed=14000,
                steps=(Step(int(Op.DEDUCTIBLE)), Step(int(Op.COINSURANCE), 2000)))  # fmt: skip

    working = explain(line, 9000, 6000)

    assert [(m.part, m.cause, m.taken, m.left, m.room) for m in working.moves] == [
        ("deductible", "deductible", 9000, 0, -3000),
        ("coinsurance", "coinsurance", 1000, 0, -4000),
        ("coinsurance", "out_of_pocket_limit", -1000, 0, -3000),
        ("deductible", "out_of_pocket_limit", -3000, 3000, 0),
        ("plan_pays", "plan_pays", 8000, 3000, 0),
    ]


def test_a_full_limit_takes_back_a_copay_that_counted_toward_the_deductible():
    """D 5000 and k 1000 fit into the room of 6000: 6000 of the 9000 left are credited."""
    line = Line(cpt="90837", billed=14000, allowed=14000,
                steps=(Step(int(Op.COPAY), 4000, toward=1), Step(int(Op.DEDUCTIBLE)),
                       Step(int(Op.COINSURANCE), 2000)))  # fmt: skip

    working = explain(line, 9000, 6000)

    assert [(m.part, m.cause, m.taken, m.left, m.room) for m in working.moves] == [
        ("copay", "copay", 4000, 5000, 2000),
        ("deductible", "deductible", 5000, 0, -3000),
        ("coinsurance", "coinsurance", 1000, 0, -4000),
        ("coinsurance", "out_of_pocket_limit", -1000, 0, -3000),
        ("copay", "out_of_pocket_limit", -3000, 3000, 0),
        ("plan_pays", "plan_pays", 8000, 3000, 0),
    ]


def test_a_copay_that_does_not_count_is_taken_back_without_a_credit():
    """D 5000 fits into the room of 6000, k 1000 of 4000: the deductible stays used up."""
    line = Line(cpt="90837", billed=14000, allowed=14000,
                steps=(Step(int(Op.COPAY), 4000), Step(int(Op.DEDUCTIBLE))))  # fmt: skip

    working = explain(line, 5000, 6000)

    assert [(m.part, m.taken, m.left) for m in working.moves] == [
        ("copay", 4000, 5000),
        ("deductible", 5000, 0),
        ("copay", -3000, 0),
        ("plan_pays", 8000, 0),
    ]


def test_medicares_cut_of_an_unassigned_cheque_is_the_patients():
    """16388 billed, 14250 allowed: 2138 above it, 2850 of it, and 2 % of the cheque of 11400."""
    line = Line(cpt="90837", billed=16388, allowed=14250, balance=2138, paying=TO_MEMBER, sequestration=200,
                steps=(Step(int(Op.DEDUCTIBLE)), Step(int(Op.COINSURANCE), 2000)))  # fmt: skip

    working = explain(line, 0, 50000)

    assert [tuple(move) for move in working.moves] == [
        ("balance", "above_allowed", -1, 16388, 2138, 14250, 0, 50000),
        ("deductible", "deductible", 0, 14250, 0, 14250, 0, 50000),
        ("coinsurance", "coinsurance", 1, 14250, 2850, 11400, 0, 47150),
        ("plan_pays", "plan_pays", -1, 11400, 11400, 0, 0, 47150),
        ("plan_pays", "sequestration", -1, 11400, -228, 0, 0, 47150),
        ("balance", "sequestration", -1, 11400, 228, 0, 0, 47150),
    ]
    assert (working.line, working.patient) == (line, 5216)


def test_every_phrase_is_told_with_what_it_was_taken_of():
    """A fifth of 13000 is 2600, at most 2500; the plan pays at most 6000; 5000 are collected."""
    line = Line(cpt="90837", billed=14000, allowed=14000, share_cap=5000,
                steps=(Step(int(Op.DEDUCTIBLE)), Step(int(Op.COPAY), 2000),
                       Step(int(Op.COINSURANCE_IGNORING_COPAY), 2000, cap=2500),
                       Step(int(Op.PLAN_PAYS), 6000)))  # fmt: skip

    working = explain(line, 1000, 100_000, 1500)

    assert [tuple(move) for move in working.moves] == [
        ("deductible", "deductible", 0, 14000, 1000, 13000, 0, 99000),
        ("copay", "copay", 1, 13000, 2000, 11000, 0, 97000),
        ("coinsurance", "coinsurance", 2, 13000, 2500, 8500, 0, 94500),
        ("over_maximum", "plan_maximum", 3, 8500, 2500, 6000, 0, 94500),
        ("plan_pays", "plan_pays", -1, 6000, 6000, 0, 0, 94500),
        ("forgiven", "sliding_cap", -1, 8000, 3000, 0, 0, 94500),
        ("secondary_pays", "second_plan", -1, 8000, 1500, 0, 0, 94500),
    ]
    assert tuple(working)[1:3] == (1000, 100_000)


@pytest.mark.parametrize(
    ("reasons", "cause"), [((), "not_covered"), (("visit_limit_reached", "more"), "visit_limit_reached")]
)
def test_a_refused_line_is_told_with_its_first_reason(reasons, cause):
    line = Line(cpt="90837", billed=20000, write_off=6000, noncovered=14000, covered=False, reasons=reasons)

    working = explain(line, 5000, 6000)

    assert [tuple(move) for move in working.moves] == [
        ("write_off", "write_off", -1, 20000, 6000, 14000, 5000, 6000),
        ("noncovered", cause, -1, 14000, 14000, 0, 5000, 6000),
    ]
    assert (working.line, working.patient) == (line, 14000)


def weekly(*visits: Visit) -> tuple:
    return segments(list(visits), date(2026, 1, 1), Calendar((1, 1), None, (date.min,), 0))


def course_of(line: Line, used: tuple[int, int, int] = (0, 0, 0)) -> Terms:
    limits = (
        LimitTerms("in_network.deductible", 30_000),
        LimitTerms("in_network.out_of_pocket_maximum", 50_000),
    )
    return Terms(slots=((Guarded((), line),),), eras=(limits,), used=(used, used), members_met=(0, 0))


@settings(max_examples=60)
@given(lines(), st.integers(1, 6), st.integers(0, 2))
def test_every_line_of_a_course_is_traced_with_what_was_left_before_it(line, count, per_day):
    line = replace(
        line, deductible=0, caps=(1,), deductible_credits=(0,), out_of_pocket_credits=(1,), per_day=per_day
    )
    dates = [date(2026, 12, 20), date(2026, 12, 27), date(2026, 12, 27), date(2027, 1, 3), date(2027, 1, 10)]
    visits = [Visit(dates[min(i, 4)], 0, 0, i + 1) for i in range(count)]

    rows = list(traced(weekly(*visits), course_of(line), {}))

    assert len(rows) == count
    for row in rows:
        assert row.working.patient == row.outcome.patient
        assert {n: row.working.part(n) for n in PARTS} == {n: getattr(row.outcome.parts, n) for n in PARTS}


@pytest.mark.parametrize("method", [0, NON_DUPLICATION])
def test_a_second_plan_is_told_last(method):
    second = Line(cpt="90837", billed=15000, allowed=15000, steps=(Step(int(Op.COINSURANCE), 2000),))
    line = Line(cpt="90837", billed=15000, allowed=15000, steps=(Step(int(Op.COINSURANCE), 4000),),
                secondary=second, coordination=method)  # fmt: skip
    terms = Terms(slots=((Guarded((), line),),), eras=((),))

    (row,) = traced(weekly(Visit(date(2026, 3, 2), 0, 0, 1)), terms, {})

    assert row.working.moves[-1].cause == "second_plan"
    assert row.working.patient == row.outcome.patient
