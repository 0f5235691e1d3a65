"""Whole requests against the second adjudicator: plans as rule files word them, with everything known.

The numbers of a line agree elsewhere (``test_reference``); here it is what the core makes of a plan
and a member, of limits, rows, counters and networks, before it comes to numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, note, settings
from hypothesis import strategies as st

from coverage_service.core.estimate import estimate
from coverage_service.core.facts import NONE
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Limit, Members, Plan
from coverage_service.core.request import LimitUsed, Request, Used
from tests.core.builders import (
    EVERYTHING,
    RANDOM,
    a_plan,
    a_reference,
    a_request,
    a_row,
    a_visit_limit,
    care_elsewhere,
    scenario,
)
from tests.core.reference_adjudicator import ME, Account, Bound, Kind, World
from tests.core.test_reference import PARTS, sharings

NETWORKS = {"in": "in_network", "out": "out_of_network"}
KINDS = {"deductible": DEDUCTIBLE, "maximum": OUT_OF_POCKET}
CROSSINGS = {
    (False, False): "none",
    (True, False): "in_to_out",
    (False, True): "out_to_in",
    (True, True): "both",
}
PATHWAY = {"in": "in_network", "out": "out_of_network"}
cents = st.one_of(st.just(0), st.integers(1, 120_000))


@dataclass(frozen=True)
class Stated:
    """A limit in the words of a plan, the same as the reference reads it, and what is used of it."""

    limit: Limit | None
    account: Account


@st.composite
def stated(draw, bucket, what, family):
    """A limit of any method, with its figures for a person, a family or both."""
    words = {"bucket": bucket, "kind": KINDS[what]}
    if what == "maximum":
        words["counts"] = tuple(draw(st.permutations(PARTS))[: draw(st.integers(1, 3))])
    person, more = draw(cents), draw(cents)
    methods = ["person", "embedded", "aggregate", "shared", "none", "absent"]
    method = draw(st.sampled_from([*methods, *(["members"] if what == "deductible" else [])]))
    if method == "absent":
        limit, bound = None, Bound(None if what == "maximum" else 0)
    elif method == "none":
        limit, bound = Limit(**words, person=NONE), Bound(None if what == "maximum" else 0)
    elif method == "person":
        limit, bound = Limit(**words, person=person), Bound(person)
    elif method == "embedded":
        limit = Limit(**words, person=person, family=person + more)
        bound = Bound(person, person + more, "embedded") if family else Bound(person)
    elif method == "shared":
        limit, bound = Limit(**words, family=more, method="aggregate"), Bound(None, more, "aggregate")
    elif method == "aggregate":
        cap = draw(st.sampled_from([None, person])) if what == "maximum" else None
        limit = Limit(**words, person=person, family=person + more, method="aggregate", person_cap=cap)
        bound = Bound(cap, person + more, "aggregate") if family else Bound(person)
    else:
        count, whole = draw(st.integers(2, 3)), draw(st.sampled_from([None, person + more]))
        limit = Limit(**words, person=person, family=whole, method=Members(count))
        bound = Bound(person, whole, "members", count) if family else Bound(person)
    ends = [each for each in (bound.person, bound.family, 200_000) if each is not None]
    mine = draw(st.integers(0, min(ends)))
    theirs = draw(st.integers(0, bound.family - mine)) if bound.family is not None and family else 0
    others = draw(st.integers(0, bound.members)) if bound.members else 0
    return Stated(limit, Account(bound, {ME: mine}, mine + theirs, others))


@st.composite
def whole_requests(draw):
    """A request with every fact known, and its world as the reference sees it."""
    family = draw(st.booleans())
    network = draw(st.sampled_from(["in", "in", "out"]))
    together = draw(st.booleans())
    held = {}
    for side, bucket in NETWORKS.items():
        for what in KINDS:
            if together and side == "out":
                held[side, what] = held["in", what]
            else:
                held[side, what] = draw(stated("any_network" if together else bucket, what, family))
    crosses = {(side, what): not together and draw(st.booleans()) for side, what in held}
    start = draw(st.sampled_from([(1, 1), (1, 1), (7, 1), (12, 31)]))
    as_of = draw(st.dates(date(2025, 9, 1), date(2026, 3, 15)))
    sharing, elsewhere = draw(sharings(("", "per day", "per day per clinician"))), draw(sharings())
    first = (draw(st.integers(1, 4)), draw(sharings())) if draw(st.booleans()) else None
    allowed = draw(st.integers(1, 30_000))
    above = draw(st.sampled_from([0, 5_000]))
    visits = draw(st.one_of(st.none(), st.integers(0, 12)))
    per = draw(st.sampled_from(["plan_year", "calendar_year"]))
    pool_used, limit_used = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    therapy = Kind(network, sharing, allowed, above, first=first, limited=visits is not None)
    other = Kind(
        draw(st.sampled_from(["in", "out"])),
        elsewhere,
        draw(st.integers(1, 90_000)),
        who=draw(st.sampled_from([ME, "other"])) if family else ME,
        clinician="b",
    )
    every, sessions = draw(st.sampled_from([1, 7, 30])), draw(st.integers(1, 12))
    own = [as_of + timedelta(days=every * place) for place in range(sessions)]
    beside = sorted(as_of + timedelta(days=draw(st.integers(0, 120))) for _ in range(draw(st.integers(0, 3))))
    row = [a_row(first[1].text, network=network, first=(first[0], "pool"))] if first else []
    texts = {"in": None, "out": None, network: sharing.text}
    cross = {KINDS[what]: CROSSINGS[crosses["in", what], crosses["out", what]] for what in KINDS}
    unique = {id(each): each for each in held.values()}.values()
    plan: Plan = a_plan(
        texts["in"],
        out=texts["out"],
        rows=row,
        limits=[each.limit for each in unique if each.limit],
        cross=cross,
        plan_year_starts=(start,),
        visit_limits=() if visits is None else (a_visit_limit(visits, per=per),),
        pools={"pool": (EVERYTHING,)},
    )
    request: Request = a_request(
        plan,
        network=network,
        billed=allowed + above,
        allowed=allowed,
        as_of=as_of,
        sessions=sessions,
        every_days=every,
        used=_used(held, together, {EVERYTHING: limit_used, "pool": pool_used}),
        other_care=[
            care_elsewhere(
                on, other.allowed, elsewhere.text, network=other.network, clinician="b",
                member="self" if other.who == ME else "family",
            )
            for on in beside
        ],
        fields={"coverage": "family" if family else "self_only"},
    )  # fmt: skip
    counts = {
        side: held[side, "maximum"].limit.counts if held[side, "maximum"].limit else PARTS
        for side in NETWORKS
    }
    world = World(
        accounts={key: each.account for key, each in held.items()},
        counts=counts,
        crosses=crosses,
        plan_year=start,
        visit_limit=visits,
        per_calendar_year=per == "calendar_year",
        pool_used=pool_used,
        limit_used=limit_used,
    )
    dated = sorted([(on, therapy) for on in own] + [(on, other) for on in beside], key=_in_order)
    return request, world, dated, therapy


def _in_order(visit):
    """By date; on one day other care comes first."""
    on, kind = visit
    return on, kind.clinician == "a"


def _used(held, together, visits):
    limits = {}
    for side, bucket in NETWORKS.items():
        own, most = held[side, "deductible"].account, held[side, "maximum"].account
        limits["any_network" if together else bucket] = LimitUsed(
            deductible=own.people[ME],
            family_deductible=own.family,
            out_of_pocket=most.people[ME],
            family_out_of_pocket=most.family,
            family_members_met=own.others_met
            + (own.bound.members > 0 and own.people[ME] >= own.bound.person),
        )
    return Used(limits=limits, visits=visits)


@settings(RANDOM)
@given(whole_requests())
def test_whole_requests_agree(case):
    request, world, dated, therapy = case
    network = therapy.network
    found = estimate(request, a_reference())
    priced = scenario(found, PATHWAY[network], "covered")
    ours = [
        (row.parts.deductible, row.parts.copay, row.parts.coinsurance, row.parts.over_maximum)
        if not row.parts.noncovered
        else row.parts.patient
        for row in priced.ledger
        if row.number > 0
    ]
    told = world.run(request.as_of, dated)
    theirs = [
        each if isinstance(each, int) else (each.deductible, each.copay, each.coinsurance, each.excess)
        for (_, kind), each in zip(dated, told, strict=True)
        if kind is therapy
    ]

    note(
        (
            request.coverage,
            request.plan[0].limits,
            request.plan[0].cross,
            request.used,
            request.other_care,
            dated,
            world,
        )
    )
    assert ours == theirs
