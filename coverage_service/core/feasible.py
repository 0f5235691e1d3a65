"""What is used of one limit bounds what is used of another: deductibles, and maxima that count them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coverage_service.core.benefits import named_limit, readings_of
from coverage_service.core.buckets import ANY, BEHAVIORAL, IN, OUT
from coverage_service.core.limit_terms import Key, limit_for
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Plan
from coverage_service.core.request import Used
from coverage_service.core.unknowns import Figure

Spent = tuple[Figure, Figure]
"""Used cents of a person and of the family."""
OfTwo = Callable[[Figure, Figure], Figure]


def spent_on_deductibles(bucket: str, plan: Plan, spent: Mapping[str, Spent]) -> Spent | None:
    """What the deductibles alone have added to a maximum; None where it counts none of them.

    ``spent``: what is used of the deductible of each bucket.  Those that cross may hold the same
    cents, of which the more is certain; the others hold their own.
    """
    limit = limit_for(plan, (bucket, OUT_OF_POCKET))
    if limit is not None and DEDUCTIBLE not in limit.counts:
        return None
    apart = plan.cross.get(DEDUCTIBLE, "none") == "none"
    found: Spent | None = None
    for name in (IN, OUT, BEHAVIORAL, ANY):
        if name in spent and _counts(bucket, name, plan):
            of = _certain if name == BEHAVIORAL or (apart and name == OUT) else _more
            found = spent[name] if found is None else _each(of, found, spent[name])
    return found


def most_used(key: Key, plan: Plan, maxima: Mapping[str, Spent], used: Used) -> tuple[int | None, int | None]:
    """The most cents of a deductible that a person, and a family, can have used: no more than of a maximum.

    A family's figure of a maximum bounds it where somebody said that figure.
    """
    mine: list[int] = []
    ours: list[int] = []
    for bucket, (person, family) in maxima.items():
        limit = limit_for(plan, (bucket, OUT_OF_POCKET))
        if limit is None or DEDUCTIBLE not in limit.counts or not _counts(bucket, key[0], plan):
            continue
        mine.append(person.high)
        said = used.limits.get(bucket)
        if said is not None and said.family_out_of_pocket is not None:
            ours.append(family.high)
    return min(mine, default=None), min(ours, default=None)


def no_more_than(figure: Figure, most: int | None) -> Figure:
    """A figure of which at most so many cents can be used."""
    if most is None or figure.known or figure.high <= most:
        return figure
    planning = None if figure.planning is None else min(figure.planning, most)
    return Figure(min(figure.low, most), planning, most)


def _counts(bucket: str, deductible: str, plan: Plan) -> bool:
    """Whether a bucket's maximum certainly counts the deductible of another.

    That of one network does not count that of both: nobody knows where it was spent.
    """
    if deductible == BEHAVIORAL and bucket != BEHAVIORAL:
        return bucket == ANY or (bucket == IN and not _used_outside(plan))
    return deductible == bucket or (bucket == ANY and deductible in (IN, OUT))


def _used_outside(plan: Plan) -> bool:
    """Whether care outside the network uses the behavioral-health deductible as well."""
    return any(
        named_limit(reading) == BEHAVIORAL
        for row in plan.benefits
        if row.network != "in"
        for reading in readings_of(row.cost_sharing)
    )


def _each(of: OfTwo, one: Spent, other: Spent) -> Spent:
    return of(one[0], other[0]), of(one[1], other[1])


def _more(one: Figure, other: Figure) -> Figure:
    """The larger of two figures, which may be the same cents."""
    known = one.planning is not None and other.planning is not None
    planning = max(one.planning or 0, other.planning or 0) if known else None
    return Figure(max(one.low, other.low), planning, max(one.high, other.high))


def _certain(one: Figure, other: Figure) -> Figure:
    """Two figures together; at the high end only what was told of the other is added."""
    known = one.planning is not None and other.planning is not None
    planning = (one.planning or 0) + (other.planning or 0) if known else None
    high = max(one.high + _told(other), other.high + _told(one))
    return Figure(one.low + other.low, planning, max(high, planning or 0))


def _told(figure: Figure) -> int:
    """The most cents of a figure that somebody told: a range without a planning figure was."""
    return figure.high if figure.planning is None else figure.low
