"""The dated rows of a run, and the turns of the plan year they cross."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coverage_service.core.answer import Event, Row
from coverage_service.core.course import State, Stretch, run
from coverage_service.core.one_line import Memo, post
from coverage_service.core.schedule import THERAPY, Segment, plan_year_of
from coverage_service.core.terms import UNLIMITED, LimitTerms, Terms

DEDUCTIBLE, OUT_OF_POCKET = "deductible_met", "oop_met"
LIMIT_REACHED, FREE = "visit_limit_reached", "eap_session"


def ledger_of(
    stretches: Sequence[Stretch],
    terms: Terms,
    segments: Sequence[Segment],
    memo: Memo,
    plan_year: tuple[int, int] = (1, 1),
) -> tuple[tuple[Row, ...], tuple[Event, ...]]:
    """Every therapy line of a run with the accumulators after it, and the events by date."""
    state = State(terms)
    first_plans = terms.eras[0][: terms.secondary_from]
    book = _Book([state.left(limit, slot) == 0 for slot, limit in enumerate(first_plans)], plan_year)
    if terms.secondary_from < UNLIMITED:
        run(segments, terms, state, memo, lambda stretch, state: book.watch(stretch, terms, state))
    else:
        _replay(stretches, terms, state, book)
    return tuple(book.rows), tuple(book.events)


def _replay(stretches: Sequence[Stretch], terms: Terms, state: State, book: _Book) -> None:
    """Post the lines of a run once more; a second plan posts more than its lines say."""
    for stretch in stretches:
        segment, offset, count, line, outcome = stretch
        if segment.resets and not offset:
            state.reset(terms, terms.eras[segment.era], segment.resets)
        if not (outcome.credit or outcome.counting):
            book.watch(stretch, terms, state)
            continue
        for place in range(offset, offset + count):
            post(line, terms.eras[segment.era], state, outcome)
            book.watch(Stretch(segment, place, 1, line, outcome), terms, state)


class _Book:
    """Rows and events while a run is watched; ``reached``: limits already told as reached.

    Events are those of the first plan; what is used of a second one stands in the rows.
    """

    def __init__(self, reached: list[bool], plan_year: tuple[int, int]) -> None:
        self.plan_year = plan_year
        self.rows: list[Row] = []
        self.events: list[Event] = []
        self.reached = reached

    def watch(self, stretch: Stretch, terms: Terms, state: State) -> None:
        """Note equal lines, with the accumulators as they stand after each of them."""
        segment, offset, _, _, outcome = stretch
        limits = terms.eras[segment.era]
        on, first_plans = segment.dates[offset], limits[: terms.secondary_from]
        if segment.resets and not offset:
            self.start_again(first_plans, segment, on)
        if outcome.covered and not all(self.reached):
            self.turn(first_plans, state, on)
        if segment.kind == THERAPY:
            self.enter(stretch, limits, state, on)

    def start_again(self, limits: Sequence[LimitTerms], segment: Segment, on: date) -> None:
        """A period starts anew before this line."""
        again = [_starts_again(limit, segment) for limit in limits]
        yearly = any(anew and not limit.monthly for limit, anew in zip(limits, again, strict=True))
        if self.rows and yearly:
            self.events.append(Event("plan_year_reset", plan_year_of(on, self.plan_year)))
        self.reached = [was and not anew for was, anew in zip(self.reached, again, strict=True)]

    def turn(self, limits: Sequence[LimitTerms], state: State, on: date) -> None:
        """Note each limit that is reached for the first time since it started."""
        for slot, limit in enumerate(limits):
            if self.reached[slot] or state.left(limit, slot):
                continue
            self.reached[slot] = True
            if state.own[slot] or state.family[slot]:
                code = DEDUCTIBLE if limit.name.endswith("deductible") else OUT_OF_POCKET
                self.events.append(Event(code, on, limit.name))

    def _tell_once(self, code: str, on: date) -> None:
        if all(event.code != code for event in self.events):
            self.events.append(Event(code, on))

    def enter(self, stretch: Stretch, limits: Sequence[LimitTerms], state: State, on: date) -> None:
        """Write the rows of equal therapy lines."""
        segment, offset, count, line, outcome = stretch
        _, _, _, parts, _, reasons = outcome
        if LIMIT_REACHED in reasons:
            self._tell_once("visit_limit", on)
        if self.rows and FREE not in reasons and FREE in self.rows[-1].reasons:
            self._tell_once("eap_used_up", on)
        used = tuple([(limit[0], cents) for limit, cents in zip(limits, state.own, strict=True)])
        number, dates, cpt, why = segment.number, segment.dates, line.cpt, line.why
        for place in range(offset, offset + count):
            self.rows.append(Row(dates[place], cpt, parts, used, reasons, why, number + place))


def _starts_again(limit: LimitTerms, segment: Segment) -> bool:
    return bool(segment.resets & (4 if limit.monthly else 1))
