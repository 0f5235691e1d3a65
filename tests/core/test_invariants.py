"""The laws of ``domain`` 2.7, I1 to I18, as random properties where each makes sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coverage_service.core.adjudicate import adjudicate, coordinate, split
from coverage_service.core.facts import Between
from coverage_service.core.plan import UpTo
from coverage_service.core.request import LimitUsed, Used
from coverage_service.core.terms import (
    COUNTS_ALL,
    MAINTENANCE,
    NON_DUPLICATION,
    STANDARD,
    TO_CLINICIAN,
    TO_MEMBER,
    UNLIMITED,
    Supplement,
)
from coverage_service.core.therapist import Fee
from tests.core.builders import (
    AS_OF,
    CODES,
    EVERYTHING,
    RANDOM,
    a_limit,
    a_line,
    a_plan,
    a_row,
    a_scale,
    a_therapist,
    a_visit_limit,
    accumulated,
    an_eap,
    ask,
    lines,
    scenario,
    steps,
)
from tests.core.reference_adjudicator import Sharing
from tests.core.test_reference import amounts, sharings

cents = st.integers(0, 60_000)
rooms = st.one_of(st.just(UNLIMITED), st.integers(0, 40_000))


def one(sharing: Sharing, allowed, left, room, counted=COUNTS_ALL):
    return split(steps(sharing.text), allowed, left, room, counted)


def unconditional(sharing: Sharing) -> Sharing:
    """Without a moment: domain 2.7 excepts those from I6."""
    return replace(sharing, copay_only="always", coinsurance_only="always")


# -- I1 to I4, I12, I13: a line


@st.composite
def covered_lines(draw):
    """A line with everything a plan, a supplement or a second plan can add to it."""
    allowed = draw(cents)
    above = draw(st.integers(0, 20_000))
    out = draw(st.booleans())
    more = {"balance": above, "paying": draw(st.sampled_from([TO_MEMBER, TO_CLINICIAN]))} if out else {}
    if draw(st.booleans()):
        more["sequestration"] = 200
    kind = draw(st.sampled_from(["alone", "second plan", "supplement"]))
    if kind == "second plan":
        more["secondary"] = a_line("no charge")
        more["coordination"] = draw(st.sampled_from([STANDARD, NON_DUPLICATION, MAINTENANCE]))
    if kind == "supplement":
        more["supplement"] = Supplement(
            *(draw(st.integers(0, 1)) for _ in range(4)), draw(st.integers(0, 2_000))
        )
    if draw(st.booleans()):
        more["share_cap"] = draw(cents)
    return a_line(draw(sharings()).text, allowed=allowed, billed=allowed + above, **more)


@settings(RANDOM)
@given(covered_lines(), cents, rooms, st.integers(0, 60_000))
def test_i1_every_cent_of_the_bill_is_somewhere(line, left, room, alone):
    parts = adjudicate(line, left, room, min(alone, line.allowed)).parts
    assert (
        parts.patient + parts.plan_pays + parts.secondary_pays + parts.write_off + parts.forgiven
        == parts.billed
        == line.billed
    )
    shares = parts.deductible + parts.copay + parts.coinsurance + parts.over_maximum
    assert parts.patient == shares + parts.balance + parts.noncovered - parts.forgiven - parts.secondary_pays


@settings(RANDOM)
@given(covered_lines(), cents, rooms, st.integers(0, 60_000))
def test_i2_i3_nothing_is_negative_and_the_share_is_within_the_allowed_amount(line, left, room, alone):
    parts = adjudicate(line, left, room, min(alone, line.allowed)).parts

    assert min(parts) >= 0
    assert (
        parts.deductible + parts.copay + parts.coinsurance + parts.over_maximum
        <= parts.allowed
        <= parts.billed
    )


@settings(RANDOM)
@given(covered_lines(), cents, rooms)
def test_what_is_paid_at_the_visit_and_later_is_what_the_patient_pays(line, left, room):
    parts = adjudicate(line, left, room, line.allowed // 2).parts

    assert parts.at_visit + parts.later_bill - parts.later_refund == parts.patient


@settings(RANDOM)
@given(sharings(), amounts, cents, rooms)
def test_i3_above_the_maximum_only_with_a_plan_maximum(sharing, allowed, left, room):
    assert one(replace(sharing, plan_pays_at_most=None), allowed, left, room)[3] == 0


@settings(RANDOM)
@given(sharings(), amounts, cents, rooms, st.integers(0, 7))
def test_i4_the_deductible_and_the_room_are_never_exceeded(sharing, allowed, left, room, counted):
    deductible, copay, coinsurance, _, credit, counting = one(sharing, allowed, left, room, counted)
    parts = [part for bit, part in ((1, deductible), (2, copay), (4, coinsurance)) if counted & bit]

    assert deductible <= credit <= left
    assert sum(parts) == counting <= room


@settings(RANDOM)
@given(sharings(), amounts, cents)
def test_i12_no_room_no_counted_part(sharing, allowed, left):
    *parts, over, credit, counting = one(sharing, allowed, left, 0)

    assert (sum(parts), credit, counting) == (0, 0, 0)
    assert over == 0 or sharing.plan_pays_at_most


@settings(RANDOM)
@given(sharings(), amounts, cents, cents, rooms)
def test_i13_a_share_without_deductible_ignores_what_is_left_of_it(sharing, allowed, one_left, another, room):
    waived = replace(unconditional(sharing), order="waived")

    assert one(waived, allowed, one_left, room)[:4] == one(waived, allowed, another, room)[:4]


# -- I6: monotone


@settings(RANDOM)
@given(sharings().map(unconditional), amounts, cents, rooms, st.integers(0, 20_000))
def test_i6_more_deductible_left_never_costs_less(sharing, allowed, left, room, more):
    assert sum(one(sharing, allowed, left, room)[:4]) <= sum(one(sharing, allowed, left + more, room)[:4])


@settings(RANDOM)
@given(sharings(), amounts, cents, cents, st.integers(0, 20_000), st.integers(0, 7))
def test_i6_more_room_never_costs_less(sharing, allowed, left, room, more, counted):
    assume(not sharing.plan_pays_at_most)

    less = sum(one(sharing, allowed, left, room, counted)[:4])
    assert less <= sum(one(sharing, allowed, left, room + more, counted)[:4])


@settings(RANDOM)
@given(sharings(), amounts, cents, rooms, st.integers(0, 20_000))
def test_i6_a_higher_allowed_amount_never_costs_less(sharing, allowed, left, room, more):
    assert sum(one(sharing, allowed, left, room)[:4]) <= sum(one(sharing, allowed + more, left, room)[:4])


@settings(RANDOM)
@given(sharings(), st.integers(0, 30_000), st.integers(0, 10_000), cents, rooms)
def test_i6_with_a_balance_bill_a_higher_allowed_amount_never_costs_more(sharing, allowed, more, left, room):
    billed = allowed + more

    def patient(amount):
        line = a_line(sharing.text, allowed=amount, billed=billed, balance=billed - amount, paying=TO_MEMBER)
        return adjudicate(line, left, room).patient

    assert patient(allowed + more) <= patient(allowed)


# -- I9: order


def total_of(sharing, allowed_amounts, left):
    """What some lines cost one after the other, with the deductible used up on the way."""
    total = 0
    for allowed in allowed_amounts:
        *parts, credit, _ = split(steps(sharing), allowed, left, UNLIMITED)
        total, left = total + sum(parts), left - credit
    return total


@settings(RANDOM)
@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=8), st.randoms(), cents, st.integers(1, 10_000))
def test_i9_the_order_of_coinsurance_lines_moves_a_cent_a_line(allowed, shuffler, left, rate):
    sharing = f"deductible, coinsurance {rate // 100}.{rate % 100:02d}%"
    shuffled = list(allowed)
    shuffler.shuffle(shuffled)
    expected = total_of(sharing, allowed, left)

    assert abs(total_of(sharing, shuffled, left) - expected) <= len(allowed)
    assert abs(total_of(sharing, [sum(allowed)], left) - expected) <= len(allowed)


# -- I15, I11, I10: prices and refusals


@settings(RANDOM)
@given(sharings(), st.integers(1, 30_000), st.integers(0, 30_000), st.integers(0, 100_000))
def test_i15_a_higher_charge_changes_the_write_off_only_in_network(sharing, allowed, above, met):
    plan = a_plan(sharing.text, deductible=100_000)
    spent = Used(limits={"in_network": LimitUsed(deductible=met)}, visits={})
    low, high = (
        lines(ask(plan, allowed=allowed, billed=allowed + more, used=spent))[0] for more in (0, above)
    )

    assert high == low._replace(billed=allowed + above, write_off=above)


@settings(RANDOM)
@given(sharings(), st.integers(1, 30_000), st.integers(0, 30_000), st.integers(0, 100_000))
def test_i11_i15_a_higher_charge_changes_the_balance_only_outside(sharing, allowed, above, met):
    plan = a_plan(
        None,
        out=sharing.text,
        out_deductible=100_000,
        out_out_of_pocket=150_000,
        allowed_out=f"${allowed // 100}.{allowed % 100:02d}",
        balance_billing={"out": True},
    )
    spent = Used(limits={"out_of_network": LimitUsed(deductible=met, out_of_pocket=met)}, visits={})
    low, high = (ask(plan, network="out", billed=allowed + more, used=spent) for more in (0, above))
    ours, theirs = lines(low, "out_of_network")[0], lines(high, "out_of_network")[0]

    assert theirs.balance - ours.balance == theirs.patient - ours.patient == above
    assert theirs.plan_pays == ours.plan_pays
    assert accumulated(low, "out_of_network") == accumulated(high, "out_of_network")


@settings(RANDOM)
@given(st.integers(0, 4), st.integers(1, 6), st.integers(0, 100_000))
def test_i10_refused_lines_leave_every_accumulator_alone(limit, sessions, met):
    plan = a_plan(deductible=100_000, out_of_pocket=150_000, visit_limits=(a_visit_limit(limit),))
    spent = Used(limits={"in_network": LimitUsed(deductible=met, out_of_pocket=met)}, visits={EVERYTHING: 0})
    rows = scenario(ask(plan, sessions=sessions, used=spent)).ledger

    assert sum(not row.parts.noncovered for row in rows) == min(limit, sessions)
    for before, row in pairwise(rows):
        if row.parts.noncovered:
            assert row.accumulators == before.accumulators
            assert row.parts.plan_pays == 0


# -- I16: two plans


@settings(RANDOM)
@given(st.integers(0, 30_000), st.integers(0, 30_000), st.integers(0, 30_000))
def test_i16_standard_coordination_leaves_the_least_to_pay(allowed, share, alone):
    share, alone = min(share, allowed), min(alone, allowed)
    pays = {
        method: coordinate(method, allowed - share, share, allowed, alone)
        for method in (STANDARD, NON_DUPLICATION, MAINTENANCE)
    }
    left = {method: share - cents for method, cents in pays.items()}

    assert min(*left.values(), *pays.values()) >= 0
    assert left[STANDARD] <= min(left.values())


# -- I5, I7, I8: a series


series = st.fixed_dictionaries(
    {
        "sharing": sharings(),
        "deductible": st.integers(0, 80_000),
        "room": st.integers(0, 120_000),
        "allowed": st.integers(1, 30_000),
        "sessions": st.integers(2, 14),
        "every": st.sampled_from([1, 7, 30]),
        "plan_year": st.sampled_from([(1, 1), (2, 1), (7, 1)]),
        "first": st.integers(0, 3),
        "limit": st.one_of(st.none(), st.integers(0, 12)),
        "counts": st.sampled_from(
            [("deductible", "copay", "coinsurance"), ("coinsurance",), ("deductible",)]
        ),
    }
)


def plan_of(case):
    """A plan with first visits, a visit limit and a maximum that may leave parts out."""
    maximum = a_limit("out_of_pocket", case["deductible"] + case["room"], counts=case["counts"])
    limits = () if case["limit"] is None else (a_visit_limit(case["limit"]),)
    return a_plan(
        case["sharing"].text,
        rows=[a_row("copay $10", network="in", first=(case["first"], "first"))] if case["first"] else (),
        pools={"first": (EVERYTHING,)} if case["first"] else {},
        deductible=case["deductible"],
        limits=[maximum],
        visit_limits=limits,
        plan_year_starts=(case["plan_year"],),
    )


def run_of(case, *, sessions, first_session=AS_OF, deductible=0, out_of_pocket=0, visits=0, as_of=AS_OF):
    spent = Used(
        as_of=as_of,
        limits={"in_network": LimitUsed(deductible=deductible, out_of_pocket=out_of_pocket)},
        visits={"first": visits, EVERYTHING: visits},
    )
    return scenario(
        ask(
            plan_of(case),
            allowed=case["allowed"],
            billed=30_000,
            sessions=sessions,
            every_days=case["every"],
            first_session=first_session,
            used=spent,
        )
    )


@settings(RANDOM)
@given(series, st.data())
def test_i8_a_series_in_two_chunks_is_the_series_in_one(case, data):
    whole = run_of(case, sessions=case["sessions"]).ledger
    cut = data.draw(st.integers(1, case["sessions"] - 1))
    last = whole[cut - 1]
    used = dict(last.accumulators)
    held = _covered_in_year_of(whole[:cut], case["plan_year"])
    rest = run_of(
        case,
        sessions=case["sessions"] - cut,
        first_session=whole[cut].on,
        as_of=last.on,
        deductible=used["in_network.deductible"],
        out_of_pocket=used["in_network.out_of_pocket_maximum"],
        visits=held,
    ).ledger

    assert [row.parts for row in rest] == [row.parts for row in whole[cut:]]
    assert [row.accumulators for row in rest] == [row.accumulators for row in whole[cut:]]


def _covered_in_year_of(rows, plan_year):
    def year(day: date):
        return day.year - ((day.month, day.day) < plan_year)

    return sum(not row.parts.noncovered for row in rows if year(row.on) == year(rows[-1].on))


@settings(RANDOM)
@given(series)
def test_i5_accumulators_stay_within_their_limits_and_never_decrease_in_a_year(case):
    found = run_of(case, sessions=case["sessions"])
    resets = {event.on for event in found.events if event.code == "plan_year_reset"}
    limits = {
        "in_network.deductible": case["deductible"],
        "in_network.out_of_pocket_maximum": case["deductible"] + case["room"],
    }
    for row in found.ledger:
        assert all(0 <= used <= limits[name] for name, used in row.accumulators)
    for before, after in pairwise(found.ledger):
        if not any(before.on < day <= after.on for day in resets):
            assert all(b <= a for (_, b), (_, a) in zip(before.accumulators, after.accumulators, strict=True))


@settings(RANDOM)
@given(series)
def test_i1_every_row_of_a_ledger_adds_up(case):
    for row in run_of(case, sessions=case["sessions"]).ledger:
        assert sum(row.parts[1:11]) == row.parts.billed == 30_000


@settings(RANDOM)
@given(series, st.integers(1, 6))
def test_i7_more_sessions_never_cost_less(case, more):
    less = run_of(case, sessions=case["sessions"])
    both = run_of(case, sessions=case["sessions"] + more)

    assert less.windows[-1].planning <= both.windows[-1].planning


@settings(RANDOM)
@given(series, st.integers(1, 10_000))
def test_i7_a_higher_allowed_amount_never_costs_less_over_a_series(case, more):
    case = {
        **case,
        "sharing": unconditional(case["sharing"]),
        "counts": ("deductible", "copay", "coinsurance"),
    }
    dearer = {**case, "allowed": case["allowed"] + more}
    totals = [run_of(each, sessions=case["sessions"]).windows[-1].planning for each in (case, dearer)]

    assert totals[0] <= totals[1]


# -- I17: ranges, and the direction of every interval


def _between(draw, low, high):
    a, b = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
    return a, b


@st.composite
def open_worlds(draw):
    """What is not known, as intervals, and a point inside all of them."""
    intervals = {
        "used": _between(draw, 0, 60_000),
        "allowed": _between(draw, 1, 20_000),
        "billed": _between(draw, 20_000, 30_000),
        "sessions": _between(draw, 1, 12),
        "visits": _between(draw, 0, 5),
    }
    opened = draw(st.sets(st.sampled_from(sorted(intervals)), min_size=1))
    point = {name: draw(st.integers(*ends)) for name, ends in intervals.items()}
    ends = {name: ends if name in opened else (point[name], point[name]) for name, ends in intervals.items()}
    plan = {
        "sharing": draw(sharings()).text,
        "deductible": 60_000,
        "room": draw(st.one_of(st.none(), st.integers(0, 60_000))),
        "counts": draw(st.sampled_from([None, ("coinsurance",), ("deductible",), ("copay", "deductible")])),
        "limit": draw(st.one_of(st.none(), st.integers(1, 6))),
        "first": draw(st.integers(0, 2)),
        "plan_year": draw(st.sampled_from([(1, 1), (2, 1)])),
        "balance": draw(st.sampled_from([True, False, UpTo(1_500)])),
    }
    return plan, ends, point


def estimate_between(plan, ends, pathway, said_room):
    """The estimate with each fact between its two ends; equal ends are a stated fact."""
    out = pathway == "out_of_network"
    bucket = "out_of_network" if out else "in_network"
    limits = [a_limit("deductible", plan["deductible"], bucket=bucket)]
    if plan["room"] is not None:
        more = {} if plan["counts"] is None else {"counts": plan["counts"]}
        limits.append(a_limit("out_of_pocket", plan["deductible"] + plan["room"], bucket=bucket, **more))
    visits = (
        {} if plan["limit"] and ends["visits"][0] != ends["visits"][1] else {EVERYTHING: ends["visits"][0]}
    )
    facts = a_plan(
        None if out else plan["sharing"],
        out=plan["sharing"] if out else None,
        rows=[a_row("no charge", first=(plan["first"], "first"))] if plan["first"] else (),
        pools={"first": (EVERYTHING,)} if plan["first"] else {},
        limits=limits,
        visit_limits=(a_visit_limit(plan["limit"]),) if plan["limit"] else (),
        plan_year_starts=(plan["plan_year"],),
        balance_billing={"out": plan["balance"]},
    )
    fee = Between(*ends["billed"])
    spent = LimitUsed(deductible=_said(ends["used"]), out_of_pocket=60_000 if said_room else None)
    return ask(
        facts,
        network="out" if out else "in",
        therapist=a_therapist(
            fees=tuple(Fee(cpt=code, fee=_exact(fee)) for code in CODES), sliding=a_scale(9_000)
        ),
        billed=None,
        allowed=(ends["allowed"][0], None, ends["allowed"][1]),
        sessions=_said(ends["sessions"]),
        every_days=14,
        used=Used(limits={bucket: spent}, visits={**visits, "first": 0}),
        fields={"eap": an_eap(3), "detail": "summary"},
    )


def _said(ends):
    return ends[0] if ends[0] == ends[1] else Between(*ends)


def _exact(amount):
    return amount.low if amount.low == amount.high else amount


@pytest.mark.parametrize(
    ("network", "ids"),
    [
        ("in_network", ("in_network", "full_fee", "sliding_fee", "eap_first")),
        ("out_of_network", ("out_of_network", "full_fee", "sliding_fee", "eap_first")),
    ],
    ids=["in_network", "out_of_network"],
)
@settings(RANDOM)
@given(open_worlds(), st.booleans())
def test_i17_no_point_between_the_ends_lies_outside_the_range(network, ids, world, said_room):
    plan, ends, point = world
    around = estimate_between(plan, ends, network, said_room)
    inside = estimate_between(plan, {name: (at, at) for name, at in point.items()}, network, said_room)

    for id in ids:
        for wide, narrow in zip(scenario(around, id).windows, scenario(inside, id).windows, strict=True):
            assert wide.low is None or wide.low <= narrow.low, (id, wide.id)
            assert narrow.high <= wide.high, (id, wide.id)
            figures = [cents for cents in (wide.low, wide.planning, wide.high) if cents is not None]
            assert figures == sorted(figures), (id, wide.id)


@settings(RANDOM, max_examples=20)
@given(open_worlds())
def test_i18_the_same_facts_give_the_same_answer(world):
    plan, ends, _ = world
    once, again = (estimate_between(plan, ends, "in_network", True) for _ in range(2))

    assert repr(once) == repr(again)
