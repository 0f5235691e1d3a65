"""What an estimate says of the line that a test is about, under the names a test uses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coverage_service.checking.asked import Asked, with_open_place
from coverage_service.core.answer import Estimate, Parts, Pathway, Scenario, Window
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import Between
from coverage_service.core.priced import COVERED, REFUSED
from coverage_service.core.request import Answer
from coverage_service.core.therapist import Sliding
from coverage_service.core.way import FULL_FEE, GAP_EXCEPTION, IN_NETWORK, NO, OUT_OF_NETWORK, SLIDING_FEE
from coverage_service.rulebook.cases import PLAN, Case

Figure = int | Between | str | None
"""Exact cents, two ends, a word, or None: it cannot be given."""

PARTS = {
    "allowed": "allowed",
    "plan": "plan_pays",
    "write_off": "write_off",
    "deductible": "deductible",
    "copay": "copay",
    "coinsurance": "coinsurance",
    "balance": "balance",
    "not_covered": "noncovered",
}
"""What a test calls a part of a line, and what ``Parts`` calls it."""

PATHWAYS = {
    "in": IN_NETWORK,
    "out": OUT_OF_NETWORK,
    "opted_out": OUT_OF_NETWORK,
    "gap_exception": GAP_EXCEPTION,
}
REFUSALS = {"not_covered", "visit_limit_reached"}


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of a test, the reasons told, and which run they were read from."""

    figures: dict[str, Figure]
    reasons: frozenset[str]
    pathway: str
    scenario: str
    asked: Asked
    answer: Estimate = field(repr=False)


def found(case: Case, asked: Asked, wanted: frozenset[str]) -> Found:
    """Estimate and read off what the test may ask; ``wanted`` are the names it does ask."""
    if case.kind != PLAN:
        return _scale(
            asked if "fee" not in wanted else replace(asked, request=with_open_place(asked.request))
        )
    answer = estimate(asked.request, asked.reference)
    way = _pathway(answer, PATHWAYS[asked.request.network.status or "in"])
    if way.possible == NO:
        return _outside(asked, answer, way)
    shown = way.scenarios[0]
    figures = _figures(shown, way.windows[-1])
    figures["covered"] = _verdict(way)
    refused = next((s for s in way.scenarios if s.name == REFUSED), None)
    figures["liability"] = refused.liability if refused else _line_liability(shown)
    figures["patient_if_covered"] = _patient(next((s for s in way.scenarios if s.name == COVERED), None))
    figures["patient_if_not"] = _patient(refused)
    for name, who in (("patient_if_liable", "patient"), ("patient_if_provider_liable", "provider")):
        if name in wanted:
            figures[name] = _if_liable(asked, who, way.id)
    return Found(figures, _reasons(way, answer), way.id, shown.name, asked, answer)


def _pathway(answer: Estimate, id: str) -> Pathway:
    return next(way for way in answer.pathways if way.id == id)


def _outside(asked: Asked, answer: Estimate, way: Pathway) -> Found:
    """The plan pays nothing on this pathway: the client pays the clinician's fee."""
    full = _pathway(answer, FULL_FEE)
    if not full.scenarios:
        return Found({"covered": "no", "plan": 0}, _reasons(way, answer), way.id, COVERED, asked, answer)
    figures = _figures(full.scenarios[0], full.windows[-1])
    figures |= {"covered": "no", "liability": "patient", "patient_if_not": figures["patient"]}
    return Found(figures, _reasons(way, answer), full.id, COVERED, asked, answer)


def _scale(asked: Asked) -> Found:
    """A therapist's test: what the practice asks for, on its scale where it has one."""
    answer = estimate(asked.request, asked.reference)
    way = _pathway(answer, SLIDING_FEE)
    if not way.scenarios:
        way = _pathway(answer, FULL_FEE)
    figures = _figures(way.scenarios[0], way.windows[-1])
    joining = _membership(asked) if way.id == SLIDING_FEE else 0
    for name in ("patient", "low", "high"):
        figures[name] = _less(figures[name], joining)
    figures["fee"] = figures["patient"]
    figures["full_fee"] = _full_fee(answer)
    return Found(figures, _reasons(way, answer), way.id, way.scenarios[0].name, asked, answer)


def _full_fee(answer: Estimate) -> Figure:
    """What the practice asks of a person who is not on its scale."""
    windows = _pathway(answer, FULL_FEE).windows
    return _ends(windows[-1].low, windows[-1].high) if windows else None


def _membership(asked: Asked) -> int:
    """Cents paid once for joining, which are not part of a session's fee."""
    scales = [t.sliding for t in asked.request.therapist if isinstance(t.sliding, Sliding)]
    return scales[-1].membership if scales else 0


def _less(figure: Figure, cents: int) -> Figure:
    if isinstance(figure, Between):
        return Between(figure.low - cents, figure.high - cents)
    return figure - cents if isinstance(figure, int) else figure


def _figures(scenario: Scenario, envelope: Window) -> dict[str, Figure]:
    window = scenario.windows[-1]
    low, high = window.parts_low, window.parts_high or scenario.course
    figures: dict[str, Figure] = {name: _ends_of(low, high, part) for name, part in PARTS.items()}
    figures["patient"] = figures["total"] = _ends(envelope.low, envelope.high)
    figures["low"], figures["high"] = envelope.low, envelope.high
    return figures


def _ends_of(low: Parts | None, high: Parts | None, part: str) -> Figure:
    return None if low is None or high is None else _ends(getattr(low, part), getattr(high, part))


def _ends(low: int | None, high: int | None) -> Figure:
    if low is None or high is None:
        return None
    return low if low == high else Between(min(low, high), max(low, high))


def _patient(scenario: Scenario | None) -> Figure:
    if scenario is None:
        return None
    return _ends(scenario.windows[-1].low, scenario.windows[-1].high)


def _verdict(way: Pathway) -> str:
    """As the coverage gate says, unless the line itself is refused (limit, row)."""
    if len(way.scenarios) > 1:
        return "unknown"
    shown = way.scenarios[0]
    refused = bool(shown.ledger) and all(REFUSALS & set(row.reasons) for row in shown.ledger)
    return "no" if refused or shown.name == REFUSED else "yes"


def _line_liability(shown: Scenario) -> str | None:
    """Who bears a line that its benefit row or a visit limit refuses."""
    refused = [row for row in shown.ledger if REFUSALS & set(row.reasons)]
    if not refused:
        return None
    return "patient" if any(row.parts.noncovered for row in refused) else "provider"


def _if_liable(asked: Asked, who: str, pathway: str) -> Figure:
    """The patient's cents once somebody has said who bears a refused session."""
    request = replace(asked.request, answers={"denial_liability": Answer(value=who)})
    way = _pathway(estimate(request, asked.reference), pathway)
    return _patient(next((s for s in way.scenarios if s.name == REFUSED), None))


def _reasons(way: Pathway, answer: Estimate) -> frozenset[str]:
    """The codes of every reason, assumption and notice that the answer tells."""
    notes = [note.code for note in (*way.reasons, *answer.assumptions, *answer.notices)]
    for scenario in way.scenarios:
        notes += [note.code for note in scenario.reasons]
        notes += [code for row in scenario.ledger for code in row.reasons]
    return frozenset(notes)
