"""A limit of a plan as numbers: its terms for one plan year, whoever is covered."""

from __future__ import annotations

from datetime import date

from coverage_service.core.facts import UNKNOWN, Between, NoLimit, Unknown
from coverage_service.core.money import WHOLE
from coverage_service.core.plan import (
    AGGREGATE,
    DEDUCTIBLE,
    EMBEDDED,
    Limit,
    Members,
    Plan,
    ShareOfIncome,
)
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.schedule import plan_year_of
from coverage_service.core.terms import UNLIMITED, LimitTerms
from coverage_service.core.unknowns import ANYTHING, HIGH, LOW, Figure, exactly

Key = tuple[str, str]
"""(bucket, kind), e.g. ("in_network", "deductible")."""

FAMILY = "family"
SELF_ONLY = "self_only"
METHODS = (EMBEDDED, AGGREGATE)
"""What a limit of ``method_open`` may be: within the family's, or the family's alone.

Where nobody said who is covered the first is that of a person alone, the second that of a family.
"""


def limit_for(plan: Plan, key: Key) -> Limit | None:
    """The plan entry's limit of a slot, or None."""
    return next((x for x in plan.limits if (x.bucket, x.kind) == key), None)


def terms_of(
    plan: Plan,
    key: Key,
    request: Request,
    reference: Reference,
    on: date,
    left_end: int,
    income_end: int = HIGH,
    method: str = EMBEDDED,
) -> LimitTerms:
    """A limit as numbers for the plan year that holds ``on``.

    A deductible that does not exist is 0, an out-of-pocket maximum that does not exist is
    unlimited.  An unknown figure takes the end asked for: no deductible left at LOW, an
    endless one at HIGH; an unknown maximum never caps (``oop_remaining`` says so).  A share of
    income is that of the income at ``income_end``.  ``method`` is one of ``METHODS``, for a limit of
    which it is open.
    """
    limit = limit_for(plan, key)
    name = f"{key[0]}.{key[1]}"
    nothing = 0 if key[1] == DEDUCTIBLE else UNLIMITED
    if limit is None or isinstance(limit.person, NoLimit):
        return LimitTerms(name, nothing, UNLIMITED)
    unknown = (0 if left_end == LOW else UNLIMITED) if key[1] == DEDUCTIBLE else UNLIMITED
    person, family = _cents(limit.person, unknown), _family(limit, request, unknown, income_end)
    together = method == AGGREGATE if method_open(limit, request) else shared(limit, request)
    if together:
        ours = unknown if family is None else family
        return LimitTerms(name, _person_cap(limit, plan, reference, on), ours, 0, _month(limit))
    members = limit.method.count if isinstance(limit.method, Members) and key[1] == DEDUCTIBLE else 0
    if (request.coverage or (FAMILY if method == AGGREGATE else SELF_ONLY)) != FAMILY:
        members, family = 0, family if person is None else None
    mine = UNLIMITED if person is None else person
    return LimitTerms(name, mine, UNLIMITED if family is None else family, members, _month(limit))


def shared(limit: Limit, request: Request) -> bool:
    """Whether a family has one limit together, and no person of it one of their own."""
    return limit.method == AGGREGATE and (request.coverage == FAMILY or limit.person is None)


def size_unknown(limit: Limit, request: Request) -> bool:
    """Whether nobody stated how large a limit is: a person's, or the one that a family has together."""
    figure = limit.family if limit.person is None or shared(limit, request) else limit.person
    return figure is UNKNOWN


def method_open(limit: Limit, request: Request) -> bool:
    """Whether it is not known if a person's own figure of a limit counts, or the family's alone.

    The plan does not say how the two go together; or nobody said who is covered, and the family
    would share it.  It is one answer for all limits of a plan.
    """
    figures = (limit.person, limit.family)
    if None in figures or isinstance(limit.person, NoLimit) or isinstance(limit.family, ShareOfIncome):
        return False
    if request.coverage is None:
        return limit.method in (UNKNOWN, AGGREGATE)
    return request.coverage == FAMILY and limit.method is UNKNOWN


def income_of(request: Request) -> Figure:
    """The household's yearly income in cents; one that nobody gave has no bound."""
    income = request.household.income
    if income is None:
        return ANYTHING
    return Figure(income.low, None, income.high) if isinstance(income, Between) else exactly(income)


def _month(limit: Limit) -> int:
    return int(limit.period == "month")


def _cents(figure: int | NoLimit | Unknown | None, unknown: int) -> int | None:
    if isinstance(figure, Unknown):
        return unknown
    return None if isinstance(figure, NoLimit) else figure


def _family(limit: Limit, request: Request, unknown: int, income_end: int) -> int | None:
    if isinstance(limit.family, ShareOfIncome):
        cents = income_of(request).at(income_end)
        return UNLIMITED if cents >= UNLIMITED else cents * limit.family.percent // (12 * WHOLE)
    return _cents(limit.family, unknown)


def _person_cap(limit: Limit, plan: Plan, reference: Reference, on: date) -> int:
    """What protects one person under an aggregate limit, in cents (``domain`` 1, 2.3)."""
    if isinstance(limit.person_cap, int):
        return limit.person_cap
    if limit.person_cap != "legal" or plan.market.grandfathered is True:
        return UNLIMITED
    starts = plan.plan_year_starts
    first = (1, 1) if isinstance(starts, Unknown) else starts[0]
    limits = reference.legal_limits.get(str(plan_year_of(on, first).year))
    cap = limits.aca_out_of_pocket[0] if limits else None
    return UNLIMITED if cap is None else cap


def open_figure(limit: Limit) -> bool:
    """Whether ``terms_of`` may read a limit differently at the two ends of what is left."""
    missing = limit.method == AGGREGATE and limit.family is None
    return missing or isinstance(limit.person, Unknown) or isinstance(limit.family, Unknown)
