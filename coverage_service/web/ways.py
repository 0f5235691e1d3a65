"""The ways to pay of an estimate, each with its cases, as the page tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coverage_service.core.answer import Estimate, Note, Parts, Pathway, Row, Scenario, Window
from coverage_service.core.codes import INTAKE
from coverage_service.core.money import dollars
from coverage_service.core.priced import REFUSED
from coverage_service.core.question_table import MEDICARE, UNINSURED
from coverage_service.core.way import IN_NETWORK
from coverage_service.core.wording import Wording
from coverage_service.figures import AS_CASES, moving_of
from coverage_service.html.speech import gettext as _
from coverage_service.json_values import known
from coverage_service.web import labels
from coverage_service.web.amounts import NOTHING, Said, course_said, ends_said, when_paid
from coverage_service.web.basis import NEXT, SELF_PAY, at_end, planned, price_alone
from coverage_service.web.sentences import sentences

FIRST: Final = ("in_network", "gap_exception", "out_of_network", "sliding_fee", "full_fee")
"""Which way to pay is told first, where it is possible and has a figure."""
COURSE, YEAR = "course", "twelve_months"
DENIES: Final = frozenset(
    {
        "excluded", "diagnosis_not_covered", "licence_not_payable", "associate_not_payable",
        "code_not_covered", "no_identified_patient", "telehealth_not_covered", "session_too_short",
        "licence_not_valid_in_state", "licence_not_valid_for_telehealth", "not_covered",
    }
)  # fmt: skip
"""The reasons for which a plan pays nothing."""
ON_PLACES: Final = frozenset({"slot_unknown"})
"""The reasons that a condition tells instead."""
BARRED: Final = ON_PLACES | {"contract_may_bar_self_pay"}
"""As above, where the plan covers nothing that its contract could bar somebody from paying."""
OFF_SCALE: Final = "not_on_scale"
POVERTY_LINE: Final = "guideline_used"
LESS: Final = (AS_CASES - {"modality", "licence"}) | {"allowed_amount", "oop_remaining"}
"""The questions whose answers can only make a stated copay less."""
OF_COUNT: Final = frozenset({"freq_length"})
"""The question that moves the price of a course and not that of one session."""
INCOME: Final = frozenset({"household_income", "household_size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One scenario of a way to pay.  ``rows``, ``next_session``: those of the run that is shown.

    ``limit`` says when less than the amount for ``now`` is due.
    """

    scenario: Scenario
    label: str
    course: Said
    now: str
    limit: str
    after: str
    first: str
    paid: str
    paid_over_course: str
    liability: str
    reasons: tuple[str, ...]
    denied: bool
    planned: bool
    intake: bool

    @property
    def rows(self) -> tuple[Row, ...]:
        """The dated lines."""
        return self.scenario.ledger

    @property
    def next_session(self) -> Parts | None:
        """Where the charge of the next session goes."""
        return self.scenario.next_session


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to pay.  ``possible``: yes | unknown | no; ``year``: the next twelve months.

    ``condition`` says on what a figure of it hangs, such as an open place at a reduced fee.
    """

    id: str
    name: str
    meaning: str
    possible: str
    cases: tuple[Case, ...]
    course: Said
    year: Said
    window: Window | None
    year_window: Window | None
    reasons: tuple[str, ...]
    condition: str
    typical: str
    then: str


def ways_of(found: Estimate, wording: Wording) -> list[Way]:
    """Every way to pay, in the estimate's order."""
    aside = BARRED if any(each.id == IN_NETWORK and _refused(each) for each in found.pathways) else ON_PLACES
    return [_way(found, each, aside, wording) for each in found.pathways]


def _refused(pathway: Pathway) -> bool:
    """Whether the plan pays for no session of it, whatever the open answers are."""
    return [each.name for each in pathway.scenarios] == [REFUSED]


def first_of(ways: Sequence[Way]) -> Way | None:
    """The way that is told first: possible before perhaps possible, with a figure before without."""
    order = {id: place for place, id in enumerate(FIRST)}
    listed = [way for way in ways if way.id in order and way.possible != "no" and way.cases]
    return min(
        listed,
        key=lambda way: (not way.course.known, way.possible != "yes", order[way.id]),
        default=None,
    )


def _way(found: Estimate, pathway: Pathway, aside: frozenset[str], wording: Wording) -> Way:
    moving = [each.id for each in moving_of(found, pathway)]
    open = pathway.id not in SELF_PAY and not AS_CASES.issuperset(moving)
    windows = {window.id: window for window in pathway.windows}
    medicare = labels.MEDICARE if MEDICARE in found.situations else {}
    insured = not set(found.situations) <= {UNINSURED}
    meaning = labels.MEANING | (labels.REFUSED if _refused(pathway) else {}) if insured else labels.UNINSURED
    cases = tuple([_case(found, pathway, each, moving, wording) for each in pathway.scenarios])
    course, year = windows.get(COURSE), windows.get(YEAR)
    typical = known(course.typical) if course and course.planning is None else None
    return Way(
        id=pathway.id,
        name=labels.named(labels.PATHWAYS | medicare, pathway.id),
        meaning=meaning.get(pathway.id, ""),
        possible=pathway.possible,
        cases=cases,
        course=course_said(course, open) if course else NOTHING,
        year=course_said(year, open) if year else NOTHING,
        window=course,
        year_window=year,
        reasons=sentences(_reasons(pathway, aside), wording),
        condition=_condition(pathway, moving),
        typical="" if typical is None else dollars((typical + 50) // 100 * 100),
        then=labels.named(labels.WAY_OF, pathway.then) if pathway.then else "",
    )


def _reasons(pathway: Pathway, aside: frozenset[str]) -> list[Note]:
    """What explains the figure first, without what is told ``aside``.

    Poverty lines are left out where nobody said which one is theirs.
    """
    lines = sum(note.code == POVERTY_LINE for note in pathway.reasons)
    aside = aside | {POVERTY_LINE} if lines > 1 else aside
    told = [note for note in pathway.reasons if note.code not in aside]
    return sorted(told, key=lambda note: note.code != OFF_SCALE)


def _condition(pathway: Pathway, moving: Sequence[str]) -> str:
    """On what the low end hangs where a practice has to grant a reduced fee."""
    if pathway.fee != "sliding" or not pathway.scenarios:
        return ""
    per = pathway.scenarios[0].per_session
    low, high = (known(each) for each in per.now) if per else (None, None)
    if pathway.id not in SELF_PAY:
        return "" if low == high else _("The low end counts on a reduced fee that the practice has to grant.")
    if not any(note.code in ON_PLACES for note in pathway.reasons) or low is None or high is None:
        return ""
    amounts = {"low": dollars(low), "high": dollars(high)}
    if not INCOME.isdisjoint(moving):
        return _("From %(low)s a session, by income, if a place is open; %(high)s if none is.", **amounts)
    return _("%(low)s a session if a place is open, %(high)s if none is.", **amounts)


def _copay(found: Estimate, scenario: Scenario, moving: Sequence[str]) -> int | None:
    """The copay of a session where it is its whole price and no answer but an end of it can change it."""
    parts = scenario.next_session
    if parts is None or not parts.copay or parts.copay != parts.patient or not LESS.issuperset(moving):
        return None
    rows = [row for row in scenario.ledger if row.number > 0]
    shares = {
        tuple(map(tuple, found.why[index].params.get("phrases", ())))
        for row in rows
        for index in row.why
        if found.why[index].code == "cost_sharing"
    }
    return parts.copay if shares == {((f"copay {dollars(parts.copay)}",),)} else None


def _case(
    found: Estimate, pathway: Pathway, scenario: Scenario, moving: Sequence[str], wording: Wording
) -> Case:
    """``moving``: the open questions that move a figure of this way."""
    sole = len(pathway.scenarios) == 1
    # Both ends of a price without a plan's part in it hold all that is open: where they meet it is exact.
    hangs_on = frozenset() if price_alone(pathway, scenario) else set(moving) - AS_CASES
    open = not hangs_on <= OF_COUNT
    windows = {window.id: window for window in scenario.windows}
    per = scenario.per_session
    now, limit = ends_said(*per.now, open) if per else "", ""
    first = ends_said(windows[NEXT].low, windows[NEXT].high, open)
    copay = _copay(found, scenario, moving)
    if per and per.now == (None, copay):
        now = dollars(copay or 0)
        first = now if windows[NEXT].high == copay else first
        limit = _("less only if your plan agreed to a lower price, or you reach the most you pay in a year")
    after = ends_said(*per.after_deductible, open) if per else ""
    return Case(
        scenario=scenario,
        label=labels.named(labels.SCENARIOS, scenario.name),
        course=course_said(windows[COURSE], bool(hangs_on)),
        now=now,
        limit=limit,
        after=after if per and per.after_deductible != per.now else "",
        first=first,
        paid=when_paid(scenario.next_session) if at_end(scenario) else "",
        paid_over_course=when_paid(scenario.course),
        liability=labels.LIABILITY.get(scenario.liability, "") if scenario.liability else "",
        reasons=_about_coverage(scenario, sole, wording),
        denied=sole and scenario.name == REFUSED,
        intake=bool(scenario.ledger) and scenario.ledger[0].cpt == INTAKE,
        planned=planned(pathway, scenario),
    )


def _about_coverage(scenario: Scenario, sole: bool, wording: Wording) -> tuple[str, ...]:
    """Why it is covered or, where that is certain, refused; nothing where it may be either."""
    if not sole:
        return ()
    against = [note for note in scenario.reasons if note.code in DENIES]
    told = against if scenario.name == REFUSED and against else scenario.reasons
    return sentences(told, wording)
