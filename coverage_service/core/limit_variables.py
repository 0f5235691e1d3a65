"""The unknowns of a plan's limits: what is left of a deductible, visits used, crossing networks."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_service.core.accumulators import Account
from coverage_service.core.benefits import Reading, per_day, readings_of
from coverage_service.core.buckets import ANY
from coverage_service.core.facts import Between, Unknown
from coverage_service.core.limit_questions import FAMILY_LEFT, LEFT, SIZE, asked
from coverage_service.core.limit_slots import CROSSES
from coverage_service.core.limit_terms import METHODS, income_of, method_open
from coverage_service.core.lines import LineMaker
from coverage_service.core.other_care import OtherVisits
from coverage_service.core.plan import DEDUCTIBLE, ShareOfIncome, VisitLimit
from coverage_service.core.priced import Facts, Priced
from coverage_service.core.readings import conditional, takes_deductible
from coverage_service.core.request import LimitUsed, Request
from coverage_service.core.terms import COUNTS_ALL, COUNTS_DEDUCTIBLE, UNLIMITED, Op
from coverage_service.core.unknowns import HIGH, LOW, MOST_BETWEEN, Variable, bounded_end

APART = "ded_remaining:apart"
"""What is left of deductibles that only other care uses."""


def of_limits(makes: LineMaker, others: OtherVisits, covered: list[Priced]) -> Iterator[Variable]:
    """What is left of deductibles and maxima, visits used, other care, and crossing between networks."""
    apart = apart_from(makes, others, covered)
    left = _left(makes, others, covered, apart)
    if left is not None:
        yield left
    if apart:
        yield _of_apart(makes, apart)
    if others.unknowns:
        yield from _of_other_care(makes, others, covered)
    limits = [limit for plan in makes.facts.course.entries for limit in plan.limits]
    income = income_of(makes.facts.request)
    if covered and not income.known and any(isinstance(limit.family, ShareOfIncome) for limit in limits):
        yield Variable(
            "household_income", low=income.low, high=bounded_end(income.high), bottomless=income.bottomless
        )
    if covered and any(method_open(limit, makes.facts.request) for limit in limits):
        yield Variable("family_method", len(METHODS), planning=True, labels=METHODS)
    services = {name for priced in covered for name in priced.services}
    for limit in makes.visit_limits:
        open_limit = isinstance(limit.visits, Unknown) or visits_used(limit, makes.facts.request) is None
        if open_limit and services & set(limit.services):
            most = None if isinstance(limit.visits, Unknown) else limit.visits
            forgiven = any(priced.beyond_limit != "patient" for priced in covered)
            ends = (LOW, HIGH) if forgiven else ()  # a refused visit may cost less than a covered one
            yield Variable("visit_limit", low=0, high=most, unit="visits", ends=ends)
    elsewhere = {other.network for other in makes.facts.request.other_care} - {makes.offer.network}
    crossing = makes.facts.course.entries[0].cross.values()
    if covered and elsewhere and any(isinstance(rule, Unknown) for rule in crossing):
        yield Variable("cross:choice", 2, labels=CROSSES)


def apart_from(makes: LineMaker, others: OtherVisits, covered: list[Priced]) -> frozenset[int]:
    """The open deductibles of other care that what is left of the therapy's own says nothing of.

    None where the therapy's is known, and none of limits that may hold the same cents.
    """
    if not others.visits or not covered:
        return frozenset()
    own = {makes.limits.deductible(reading, makes.offer.network) for reading in _readings(covered)}
    sides = [[slot for slot in slots if slot >= 0] for slots in (own, _deductibles_of(others) - own)]
    mine, apart = ([slot for slot in slots if makes.limits.account(slot).open] for slots in sides)
    accounts = [makes.limits.account(slot) for slot in (*mine, *apart)]
    joined = makes.facts.course.entries[0].cross.get(DEDUCTIBLE, "none") != "none"
    if not mine or joined or any(each.unknown_limit or each.key[0] == ANY for each in accounts):
        return frozenset()
    return frozenset(apart)


def _of_apart(makes: LineMaker, apart: frozenset[int]) -> Variable:
    opened = [makes.limits.account(slot) for slot in sorted(apart)]
    return Variable(
        APART,
        planning=all(account.planned for account in opened),
        low=max(0, min(_size(a) - a.person.high for a in opened)),
        high=max(_size(a) - a.person.low for a in opened),
        asks=_asks(makes, opened),
        ends=(LOW, HIGH),
    )


def _left(
    makes: LineMaker, others: OtherVisits, covered: list[Priced], apart: frozenset[int]
) -> Variable | None:
    """What is left of the deductibles; of a maximum only where a range was told (``definitions`` 5)."""
    limits = makes.limits
    own = {limits.deductible(reading, makes.offer.network) for reading in _readings(covered)}
    elsewhere = _deductibles_of(others) if covered else set()
    slots = [slot for slot in sorted((own | elsewhere) - apart) if slot >= 0]
    opened = [account for slot in slots if (account := limits.account(slot)).open]
    caps = limits.caps(makes.offer.network) if covered else ()
    ranged = [account for slot in caps if not (account := limits.account(slot)).planned]
    # one that follows from what is asked already needs no question of its own
    opened += [account for account in ranged if not opened or _given_as_range(makes, account)]
    if not opened:
        return None
    boundless = [account for account in opened if account.unknown_limit]
    most = max(_size(a) - a.person.low for a in opened)
    least = min(_size(a) - a.person.high for a in opened)
    told_left = any(account.left is not None for account in boundless)
    return Variable(
        "ded_remaining",
        planning=not boundless and all(account.planned for account in [*opened, *ranged]),
        low=min((a.left or 0 for a in boundless), default=max(0, least)),
        high=None if boundless or most >= UNLIMITED // 2 else most,
        asks=_asks(makes, opened),
        ends=(LOW, HIGH) if told_left or elsewhere or _leaves_parts_out(makes, covered) else (),
        between=_span(opened) if _may_turn(makes, elsewhere & _turning(makes, covered)) else 0,
    )


def _may_turn(makes: LineMaker, together: set[int]) -> bool:
    """Whether cost may turn between two ends of a shared deductible: a maximum does not follow it."""
    buckets = [makes.limits.keys[slot][0] for slot in makes.limits.caps(makes.offer.network)]
    said = [makes.facts.request.used.limits.get(bucket, LimitUsed()) for bucket in buckets]
    return bool(together) and any((x.out_of_pocket, x.family_out_of_pocket) != (None, None) for x in said)


def _span(opened: list[Account]) -> int:
    """By how many cents what is left may differ."""
    figures = [figure for account in opened for figure in (account.person, account.family)]
    unknown = any(account.unknown_limit for account in opened)
    return MOST_BETWEEN if unknown else min(MOST_BETWEEN, max(each.high - each.low for each in figures))


def _turning(makes: LineMaker, covered: list[Priced]) -> set[int]:
    """The deductibles that what is due for the therapy turns on."""
    turning = [each for each in _readings(covered) if takes_deductible(each) or conditional(each)]
    return {makes.limits.deductible(reading, makes.offer.network) for reading in turning}


def _readings(covered: list[Priced]) -> list[Reading]:
    return [
        reading
        for priced in covered
        for row in priced.alternatives
        for reading in readings_of(row.cost_sharing)
    ]


def _deductibles_of(others: OtherVisits) -> set[int]:
    """Those that other care may use up, which brings the therapy nearer to the maximum."""
    lines = [line for _, line in others.possible]
    return {line.deductible for line in lines if any(step.op == Op.DEDUCTIBLE for step in line.steps)}


def _of_other_care(makes: LineMaker, others: OtherVisits, covered: list[Priced]) -> Iterator[Variable]:
    """What is due for other care, where the therapy has a limit that counts it or a copay per day."""
    met = _turning(makes, covered) | ({*makes.limits.caps(makes.offer.network)} if covered else set())
    daily = any(per_day(reading) for reading in _readings(covered))
    counted = {
        sharing
        for sharing, line in others.possible
        if daily or met & {*line.deductible_credits, *line.out_of_pocket_credits}
    }
    yield from [variable for sharing, variable in others.unknowns.items() if sharing in counted]


def _given_as_range(makes: LineMaker, maximum: Account) -> bool:
    """Whether what is used of a maximum was itself told, but not as one figure."""
    said = makes.facts.request.used.limits.get(maximum.key[0], LimitUsed())
    return isinstance(said.out_of_pocket, Between) or isinstance(said.family_out_of_pocket, Between)


def _size(account: Account) -> int:
    """The most that may be left of a limit now."""
    left = UNLIMITED if account.left is None else account.left
    return min(account.terms.person, account.terms.family, left)


def _asks(makes: LineMaker, opened: list[Account]) -> tuple[str, ...]:
    """The facts to ask for, each told once."""
    return tuple(dict.fromkeys(id for each in opened if (id := _missing(makes, each)) is not None))


def _missing(makes: LineMaker, account: Account) -> str | None:
    """The fact to ask for: what is left; where that is told the size, or the family's part."""
    plan = makes.facts.course.entries[0]
    if account.unknown_limit and account.left is not None:
        return asked(SIZE, plan, account.key)
    if account.unknown_limit or not account.person.known:
        return asked(LEFT, plan, account.key)
    return "family_members_met" if account.members_open else asked(FAMILY_LEFT, plan, account.key)


def _leaves_parts_out(makes: LineMaker, covered: list[Priced]) -> bool:
    """Whether the maximum counts the deductible but not every part: then neither end favours."""
    counted = {makes.limits.counted(priced.plan, makes.offer.network) for priced in covered}
    return any(bits & COUNTS_DEDUCTIBLE and bits != COUNTS_ALL for bits in counted)


def may_be_reached(limit: VisitLimit, facts: Facts) -> bool:
    """Whether a visit of the course may be beyond a visit limit, however its lines are counted."""
    used = visits_used(limit, facts.request)
    if used is None or isinstance(limit.visits, Unknown):
        return True
    return used + facts.course.most_lines > limit.visits


def visits_used(limit: VisitLimit, request: Request) -> int | None:
    """Visits used of a limit, None when nobody said."""
    used = request.used.visits
    known = [used[service] for service in limit.services if service in used]
    return sum(known) if known else None
