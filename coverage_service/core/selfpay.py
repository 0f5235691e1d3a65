"""Paying without insurance: the full fee, a sliding fee, and free EAP sessions first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from coverage_service.core.answer import Note
from coverage_service.core.care import Course
from coverage_service.core.schedule import Segment
from coverage_service.core.terms import SELF_PAY, UNSEEN, Guarded, Line, Slot, Terms
from coverage_service.core.unknowns import HIGH, Figure, Variable, World

SELF_PAID = "covered"
"""Self-pay has one scenario; it is told under this name."""


class Route(Protocol):
    """What ``ranges`` needs of a pathway."""

    course: Course
    scenarios: tuple[str, ...]

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """The unknowns a scenario reads."""
        ...

    def terms(self, world: World, scenario: str) -> Terms:
        """The Terms of one world."""
        ...

    @property
    def reasons(self) -> tuple[Note, ...]:
        """Why it is covered, or not, or not known."""
        ...

    @property
    def liability(self) -> str | None:
        """Who bears a refused line."""
        ...

    @property
    def coverage_ids(self) -> tuple[str, ...]:
        """The questions that settle coverage."""
        ...


class Payer(Protocol):
    """The plan behind a self-paid course: it prices the other care, which it still sees."""

    def unseen(self, world: World) -> Terms:
        """The Terms of a course of which the plan sees only the other care, in one of its own worlds."""
        ...


Fees = Callable[[int, str], tuple[Figure, tuple[int, ...]]]
"""Era and procedure code → the fee in cents and its ``why``."""


class SelfPay:
    """Paying a fee per visit; nothing accumulates.

    ``membership``: cents paid once, with the first visit.  ``insured`` prices the other
    expected care, which the plan still sees; without a plan it is not priced.
    """

    def __init__(
        self, course: Course, fees: Fees, variable: str, insured: Payer | None = None, membership: int = 0
    ) -> None:
        self.course = course
        self.scenarios: tuple[str, ...] = (SELF_PAID,)
        self.variable = variable
        self.insured = insured
        self.membership = membership
        self.asks: tuple[str, ...] = ()
        wanted = dict.fromkeys((place.era, code) for place in course.positions for code in place.codes)
        self.fees = {key: fees(*key) for key in wanted}
        self.lines: dict[tuple[int, str, int, int], Slot] = {}
        self._terms: dict[tuple[object, ...], Terms] = {}
        self.reasons: tuple[Note, ...] = ()
        self.liability: str | None = None
        self.coverage_ids: tuple[str, ...] = ()

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """The open fee, besides the length and number of sessions."""
        found = {v.id: v for v in self.course.variables}
        opened = [figure for figure, _ in self.fees.values() if not figure.known]
        if opened:
            unbounded = any(f.unbounded for f in opened)
            found[self.variable] = Variable(
                self.variable,
                planning=all(f.planning is not None for f in opened),
                bottomless=any(f.bottomless for f in opened),
                low=min(f.low for f in opened),
                high=None if unbounded else max(f.high for f in opened),
            )
        return tuple(found.values())

    def terms(self, world: World, scenario: str) -> Terms:
        """One slot per position: the fee; other care as the plan prices it."""
        end = world.get(self.variable, HIGH)
        key = (end, world.get("session_length"))
        if key not in self._terms:
            self._terms[key] = self.beside({}, world)
        return self._terms[key]

    def beside(self, plan: World, world: World) -> Terms:
        """The Terms of one world, with the other care as the plan prices it in one of its own worlds."""
        below, end = self._below(plan), world.get(self.variable, HIGH)
        counter = len(below.counters)
        places = self.course.positions
        slots = tuple([self._slot(place.era, place.code(world), end, counter) for place in places])
        return _with_counter(below, (*slots, *below.slots[len(slots) :]))

    def _below(self, plan: World) -> Terms:
        """The Terms in which the fees are put in place of the therapy: those of the plan, if any."""
        if self.insured is not None:
            return self.insured.unseen(plan)
        others = len(self.course.positions) + len(self.course.request.other_care)
        return Terms(slots=(UNSEEN,) * others, eras=((),) * max(1, len(self.course.calendar.era_starts)))

    def _slot(self, era: int, cpt: str, end: int, counter: int) -> Slot:
        key = (era, cpt, end, counter)
        if key not in self.lines:
            figure, why = self.fees[era, cpt]
            fee = figure.at(end)
            slot: Slot = (Guarded((), self_paid(cpt, fee, why)),)
            if self.membership:
                reasons = ("self_pay", "membership_once")
                joining = self_paid(cpt, fee + self.membership, why)
                joining = replace(joining, advances=(counter,), once=True, reasons=reasons)
                slot = (Guarded(((counter, 1),), joining), *slot)
            self.lines[key] = slot
        return self.lines[key]


def self_paid(cpt: str, fee: int, why: tuple[int, ...] = ()) -> Line:
    """A line the patient pays whole; no plan sees it."""
    return Line(
        cpt=cpt, billed=fee, noncovered=fee, covered=False, paying=SELF_PAY, reasons=("self_pay",), why=why
    )


class EapFirst:
    """Free sessions of an employee programme first, then another pathway.

    The programme's lines cost nothing, post nowhere and advance only its own counter.
    ``left``: sessions left as a figure (a count); ``asks``: the facts of it that are open.
    """

    def __init__(self, then: Route, left: Figure, why: int, asks: tuple[str, ...] = ("eap",)) -> None:
        self.then = then
        self.asks = asks
        self.course = then.course
        self.scenarios = then.scenarios
        self.left = left
        self.why = why
        self.lines: dict[str, Line] = {}
        self._terms: dict[tuple[Terms, int], Terms] = {}

    @property
    def reasons(self) -> tuple[Note, ...]:
        """Those of the pathway that follows."""
        return self.then.reasons

    @property
    def liability(self) -> str | None:
        """That of the pathway that follows."""
        return self.then.liability

    @property
    def coverage_ids(self) -> tuple[str, ...]:
        """Those of the pathway that follows."""
        return self.then.coverage_ids

    def variables(self, scenario: str) -> tuple[Variable, ...]:
        """Those of the pathway that follows, and the sessions left when not known."""
        found = self.then.variables(scenario)
        if self.left.known:
            return found
        return (*found, Variable("eap", low=self.left.low, high=self.left.high, unit="visits"))

    def terms(self, world: World, scenario: str) -> Terms:
        """The following pathway's Terms with free sessions, if any are left, in front of every slot."""
        below = self.then.terms(world, scenario)
        left = self.left.at(world.get("eap", 1))
        if left <= 0:
            return below
        key = (below, left)
        if key not in self._terms:
            self._terms[key] = self._made(below, left)
        return self._terms[key]

    def _made(self, below: Terms, left: int) -> Terms:
        counter = len(below.counters)
        guard = ((counter, left),)
        places = len(self.course.positions)
        visits = [
            (Guarded(guard, self._free(slot[-1].line, counter)), *slot) for slot in below.slots[:places]
        ]
        slots = (*visits, *below.slots[places:])
        return _with_counter(below, slots)

    def _free(self, line: Line, counter: int) -> Line:
        if line.cpt not in self.lines:
            self.lines[line.cpt] = Line(
                cpt=line.cpt, billed=0, advances=(counter,), reasons=("eap_session",), why=(self.why,)
            )
        return self.lines[line.cpt]


def _with_counter(below: Terms, slots: tuple[Slot, ...]) -> Terms:
    """The Terms below with other slots and one counter more, which no year starts again."""
    return replace(
        below,
        slots=slots,
        counters=(*below.counters, 0),
        lasting_counters=below.lasting_counters | {len(below.counters)},
    )


def segments_of(route: Route, world: World) -> tuple[Segment, ...]:
    """The dated segments of a route in a world."""
    return route.course.timetable(world).segments
