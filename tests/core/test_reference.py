"""The core against a second adjudicator, written from the domain alone: random lines, random courses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.core.adjudicate import split
from coverage_service.core.course import fold
from coverage_service.core.schedule import CALENDAR_YEAR, OTHER_CARE, THERAPY, Calendar, Visit, segments
from coverage_service.core.terms import UNLIMITED, Guarded, LimitTerms, Line, Terms
from tests.core.builders import RANDOM, counting, steps
from tests.core.reference_adjudicator import ME, Account, Bound, Kind, Sharing, World, one_line

PARTS = ("deductible", "copay", "coinsurance")
amounts = st.one_of(st.integers(0, 40_000), st.sampled_from([0, 1, 3_000, 14_000]))
moments = st.sampled_from(["always", "always", "met", "unmet"])


@st.composite
def sharings(draw, days=("",)):
    """Any list of phrases that a rule file may hold."""
    order = draw(st.sampled_from(["deductible first", "copay first", "waived"]))
    copay = draw(st.one_of(st.just(0), st.integers(1, 20_000)))
    return Sharing(
        order=order,
        copay=copay,
        copay_only=draw(moments),
        counts_to_deductible=bool(copay) and draw(st.booleans()),
        coinsurance=draw(st.one_of(st.just(0), st.integers(1, 10_000))),
        coinsurance_only=draw(moments),
        base=draw(st.sampled_from(["net of copay", "before copay"])),
        most_coinsurance=draw(st.one_of(st.none(), st.integers(1, 20_000))),
        plan_pays_at_most=draw(st.one_of(st.none(), st.none(), st.integers(1, 20_000))),
        day=draw(st.sampled_from(days)) if copay else "",
    )


@settings(RANDOM, max_examples=2 * RANDOM.max_examples)
@given(
    sharings(),
    amounts,
    st.integers(0, 50_000),
    st.one_of(st.none(), amounts),
    st.sets(st.sampled_from(PARTS)),
)
def test_lines_agree(sharing, allowed, left, room, counts):
    ours = split(steps(sharing.text), allowed, left, UNLIMITED if room is None else room, counting(*counts))
    theirs = one_line(sharing, allowed, left, room, counts)

    assert ours == (
        theirs.deductible, theirs.copay, theirs.coinsurance, theirs.excess, theirs.credit, theirs.counting
    )  # fmt: skip


BUCKETS = [("in", "deductible"), ("in", "maximum"), ("out", "deductible"), ("out", "maximum")]


@st.composite
def bounds(draw, what):
    """A limit of any method; a maximum may be missing, a deductible is at least nothing."""
    person = draw(st.integers(0, 120_000))
    family = person + draw(st.integers(0, 120_000))
    method = draw(st.sampled_from(["single", "embedded", "aggregate", "members", "none"]))
    if method == "aggregate":
        return Bound(
            draw(st.one_of(st.none(), st.just(person))) if what == "maximum" else None, family, method
        )
    if method == "members":
        return Bound(person, draw(st.one_of(st.none(), st.just(family))), method, draw(st.integers(2, 3)))
    if method == "none":
        return Bound(None if what == "maximum" else 0)
    return Bound(person, family if method == "embedded" else None, method)


@st.composite
def accounts(draw, what):
    """A limit with something used of it: mine, the family's, and who met theirs."""
    bound = draw(bounds(what))
    mine = draw(st.integers(0, min(x for x in (bound.person, bound.family, 200_000) if x is not None)))
    theirs = draw(st.integers(0, bound.family - mine)) if bound.family is not None else 0
    others = draw(st.integers(0, bound.members)) if bound.members else 0
    return Account(bound, {ME: mine}, mine + theirs, others)


@st.composite
def kinds(draw):
    allowed = draw(st.integers(1, 30_000))
    network = draw(st.sampled_from(["in", "in", "out"]))
    who = draw(st.sampled_from([ME, ME, ME, "other"]))
    sharing = draw(sharings(("", "", "per day", "per day per clinician")))
    first = None
    if who == ME and draw(st.booleans()):
        first = (draw(st.integers(1, 4)), draw(sharings()))
    return Kind(
        network,
        sharing,
        allowed,
        balance=draw(st.sampled_from([0, 5_000])) if network == "out" else 0,
        who=who,
        clinician=draw(st.sampled_from("ab")),
        first=first,
        limited=who == ME and draw(st.booleans()),
    )


@st.composite
def courses(draw):
    """A world and dated visits of a few kinds, with resets, days in common and long equal stretches."""
    plan_year = draw(st.sampled_from([(1, 1), (7, 1), (2, 29), (12, 31)]))
    as_of = draw(st.dates(date(2023, 11, 1), date(2024, 3, 15)))
    found = draw(st.lists(kinds(), min_size=1, max_size=3))
    visits, on = [], as_of
    for _ in range(draw(st.integers(1, 6))):
        kind, every = draw(st.integers(0, len(found) - 1)), draw(st.sampled_from([0, 1, 7, 40]))
        for _ in range(draw(st.integers(1, 8))):
            on += timedelta(days=every)
            visits.append((on, kind))
    world = World(
        accounts={key: draw(accounts(key[1])) for key in BUCKETS},
        counts={
            n: tuple(p for p in PARTS if draw(st.sampled_from([True, True, False]))) for n in ("in", "out")
        },
        crosses={key: draw(st.booleans()) for key in BUCKETS},
        plan_year=plan_year,
        visit_limit=draw(st.one_of(st.none(), st.integers(0, 12))),
        per_calendar_year=draw(st.booleans()),
        pool_used=draw(st.integers(0, 3)),
        limit_used=draw(st.integers(0, 3)),
    )
    return as_of, world, found, visits


POOL, LIMIT = 0, 1


def terms_of(world: World, found: list[Kind]) -> Terms:
    """The same world in the words of the core."""
    slots = tuple(_slot(world, kind) for kind in found)
    states = [world.accounts[key] for key in BUCKETS]
    return Terms(
        slots=slots,
        eras=(tuple(_limit(state.bound) for state in states),),
        used=tuple((state.people[ME], state.family, 0) for state in states),
        members_met=tuple(_met(state) for state in states),
        counters=(world.pool_used, world.limit_used),
        calendar_counters=frozenset({LIMIT} if world.per_calendar_year else ()),
    )


def _limit(bound: Bound) -> LimitTerms:
    family = UNLIMITED if bound.family is None or bound.method == "single" else bound.family
    return LimitTerms("", UNLIMITED if bound.person is None else bound.person, family, bound.members)


def _met(state: Account) -> int:
    """Persons that met theirs, the client among them."""
    mine = bool(state.bound.members) and state.people[ME] >= state.bound.person
    return state.others_met + mine


def _slot(world: World, kind: Kind):
    limit = ((LIMIT, world.visit_limit),) if kind.limited and world.visit_limit is not None else ()
    slot = [Guarded(limit, _line(world, kind, kind.sharing))]
    if kind.first:
        guards = (*limit, (POOL, kind.first[0]))
        slot.insert(0, Guarded(guards, _line(world, kind, kind.first[1])))
    if limit:
        owed = kind.allowed + kind.balance
        slot.append(Guarded((), Line(cpt="", billed=owed, noncovered=owed, covered=False)))
    return tuple(slot)


def _line(world: World, kind: Kind, sharing: Sharing) -> Line:
    other = {"in": "out", "out": "in"}[kind.network]

    def credits(what):
        found = [BUCKETS.index((kind.network, what))]
        if world.crosses[kind.network, what]:
            found.append(BUCKETS.index((other, what)))
        return tuple(found)

    return Line(
        cpt="90837",
        billed=kind.allowed + kind.balance,
        allowed=kind.allowed,
        balance=kind.balance,
        steps=steps(sharing.text),
        counted=counting(*world.counts[kind.network]),
        deductible=BUCKETS.index((kind.network, "deductible")),
        caps=(BUCKETS.index((kind.network, "maximum")),),
        deductible_credits=credits("deductible"),
        out_of_pocket_credits=credits("maximum"),
        advances=(*([POOL] if kind.first else []), *([LIMIT] if kind.limited else [])),
        per_day={"": 0, "per day": 1, "per day per clinician": 2}[sharing.day],
        clinician=kind.clinician,
        family_member=kind.who != ME,
    )


def told_by_the_core(as_of, world, found, visits):
    """Each line in date order as ("refused", cents) or its parts."""
    calendar = Calendar(world.plan_year, periods=CALENDAR_YEAR)
    dated = [
        Visit(on, kind, THERAPY if found[kind].who == ME else OTHER_CARE, number)
        for number, (on, kind) in enumerate(visits, 1)
    ]
    told = []
    for _, _, count, _, outcome in fold(segments(dated, as_of, calendar), terms_of(world, found), {}):
        parts = outcome.parts
        one = (
            (parts.deductible, parts.copay, parts.coinsurance, parts.over_maximum)
            if outcome.covered
            else outcome.patient
        )
        told += [one] * count
    return told


@settings(RANDOM, max_examples=2 * RANDOM.max_examples)
@given(courses())
def test_courses_agree(course):
    as_of, world, found, visits = course
    ours = told_by_the_core(*course)

    ordered = sorted(visits, key=lambda visit: (visit[0], found[visit[1]].who == ME))
    theirs = world.run(as_of, [(on, found[kind]) for on, kind in ordered])
    assert ours == [
        each if isinstance(each, int) else (each.deductible, each.copay, each.coinsurance, each.excess)
        for each in theirs
    ]


def test_the_reference_itself_knows_the_worked_figures():
    """It would be no check if it were wrong in the same way: domain 2.4, COPAY_COUNTS_DED and MAX_COINS."""
    counts = Sharing("copay first", 3_000, counts_to_deductible=True)
    most = Sharing("deductible first", coinsurance=5_000, most_coinsurance=7_500)

    assert one_line(counts, 14_000, 4_000, None).patient == 4_000
    assert one_line(replace(counts, counts_to_deductible=False), 14_000, 4_000, None).patient == 7_000
    assert one_line(most, 20_000, 0, None).patient == 7_500
