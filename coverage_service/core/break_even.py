"""The other care from which on an insured pathway costs less than a self-paid one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_service.core import adjudicate
from coverage_service.core.answer import Threshold
from coverage_service.core.comparison import MOST_OTHER_CARE, threshold
from coverage_service.core.course import State, folded, left_after, left_at_start
from coverage_service.core.one_line import Memo
from coverage_service.core.priced import COVERED
from coverage_service.core.ranges import Priced
from coverage_service.core.schedule import TWELVE_MONTHS, timetable, without_other_care
from coverage_service.core.way import Way, insured_route


def thresholds_of(ways: Sequence[Way], priced: Mapping[str, Priced], memo: Memo) -> tuple[Threshold, ...]:
    """From how much other care on the insured pathway beats a self-paid one."""
    by_id = {way.id: way for way in ways}
    found = []
    for insured in ("in_network", "out_of_network"):
        for self_pay in ("sliding_fee", "full_fee"):
            cents = _turn(by_id[insured], by_id[self_pay], priced, memo)
            if cents is not None:
                found.append(Threshold(insured=insured, self_pay=self_pay, other_care=cents))
                break
    return tuple(found)


def _turn(insured: Way, self_pay: Way, priced: Mapping[str, Priced], memo: Memo) -> int | None:
    """The other care from which on insurance is cheaper: later in the first plan year.

    It shares costs as therapy does, and it is all of it: what the person named is part of the
    figure, so the course is run without.  What follows that year starts anew, so only what is
    left of the limits after the therapy of the year matters.
    """
    ours, theirs = priced[insured.id].get(COVERED), priced[self_pay.id]
    route = insured_route(insured)
    if ours is None or ours.planning is None or not theirs or route is None:
        return None
    paid = next(iter(theirs.values())).planning
    if paid is None or insured.route is not route:
        return None
    terms, segments = ours.planning.terms, ours.planning.told.timetable.segments
    line = terms.slots[0][-1].line
    alone = without_other_care(segments)
    _, therapy, _ = folded(alone, terms, State(terms), memo)
    head_start = therapy[timetable(alone).ends[TWELVE_MONTHS]] - paid.totals[TWELVE_MONTHS]
    if head_start < 0 or not line.covered:
        return None
    year = [segment for segment in alone if segment.year == alone[0].year]
    spent, fresh = left_after(year, terms, line, memo), left_at_start(terms, line)
    if spent == fresh:
        return None
    cap = line.share_cap

    def difference(other_care: int) -> int:
        after = sum(adjudicate.split(line.steps, other_care, *spent, line.counted)[:4])
        before = sum(adjudicate.split(line.steps, other_care, *fresh, line.counted)[:4])
        return head_start + min(after, cap) - min(before, cap)

    return threshold(difference, MOST_OTHER_CARE)
