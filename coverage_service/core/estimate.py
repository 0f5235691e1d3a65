"""From a request to an estimate: pathways, ranges, scenarios, comparison, unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_service.core import adjudicate, notices
from coverage_service.core.answer import (
    Comparison,
    Estimate,
    Pathway,
    PerSession,
    Scenario,
    Threshold,
    Window,
)
from coverage_service.core.answers import apply
from coverage_service.core.care import course_of
from coverage_service.core.comparison import MOST_OTHER_CARE, beating, compared, deciding, overall, threshold
from coverage_service.core.course import State, folded, left_after, left_at_start
from coverage_service.core.facts import Confidence
from coverage_service.core.findings import Findings
from coverage_service.core.ledger import ledger_of
from coverage_service.core.one_line import Memo, split
from coverage_service.core.open_questions import open_questions
from coverage_service.core.pathways import NO, Way, insured_route, ways_of
from coverage_service.core.priced import COVERED, Facts
from coverage_service.core.ranges import Priced, Ranges, Runner
from coverage_service.core.reference import Reference
from coverage_service.core.request import Request
from coverage_service.core.runs import Run, bounded
from coverage_service.core.schedule import (
    COURSE,
    NEXT_SESSION,
    TWELVE_MONTHS,
    WINDOWS,
    timetable,
    without_other_care,
)
from coverage_service.core.selfpay import BOUNDLESS
from coverage_service.core.terms import UNLIMITED


def estimate(request: Request, reference: Reference) -> Estimate:
    """The whole answer to one request; the same facts always give the same answer."""
    findings = Findings()
    request, contradictions = apply(request)
    facts = facts_of(request, reference, findings)
    memo: Memo = {}
    ways = ways_of(facts)
    priced = {way.id: _priced(way, facts, memo) for way in ways}
    pathways = tuple(_pathway(way, priced[way.id], memo) for way in ways)
    rows, left_out = _comparison(ways, priced)
    winner = overall(rows, left_out)
    unknowns = open_questions(facts, ways, priced)
    return Estimate(
        as_of=request.as_of,
        pathways=pathways,
        comparison=rows,
        cheapest=winner,
        decided_by=None if winner else deciding(rows, unknowns),
        thresholds=_thresholds(ways, priced, memo) if request.detail == "full" else (),
        unknowns=unknowns,
        why=tuple(why for _, why in findings.why.values()),
        facts=tuple(findings.facts.values()),
        assumptions=tuple(findings.assumptions.values()),
        excluded=notices.excluded(facts.therapist),
        notices=(*contradictions, *findings.notices.values(), *notices.standing(request, facts.course)),
        conformance=notices.conformance(request, pathways),
        confidence=min((fact.confidence for fact in findings.facts.values()), default=Confidence.UNKNOWN),
        situations=notices.situations(request, ways),
    )


def facts_of(request: Request, reference: Reference, findings: Findings) -> Facts:
    """The entries in force for the course, and the course itself."""
    course = course_of(request, findings)
    therapist, entry = course.therapists[0], course.standings[0]
    status = request.network.status or (entry.status if entry else None)
    findings.fact(
        "network", status if isinstance(status, str) else None,
        "said" if request.network.status else "document" if isinstance(status, str) else "unknown",
        request.origin if request.network.status or entry is None else entry.origin, "network_status",
    )  # fmt: skip
    return Facts(request, reference, therapist, entry, course, findings)


def _priced(way: Way, facts: Facts, memo: Memo) -> Priced:
    if way.route is None or way.possible == NO:
        return {}
    found = {name: Runner(way.route, name, memo).ranges() for name in way.route.scenarios}
    if way.unplanned:
        for ranges in found.values():
            ranges.planning = ranges.typical = None
    return found


def _pathway(way: Way, priced: Priced, memo: Memo) -> Pathway:
    if not priced or way.route is None:
        return Pathway(id=way.id, possible=way.possible, reasons=way.reasons, then=way.then, fee=way.fee)
    scenarios = tuple(_scenario(name, found, way, memo) for name, found in priced.items())
    return Pathway(
        id=way.id,
        possible=way.possible,
        reasons=way.reasons,
        windows=_enveloped(scenarios),
        scenarios=scenarios,
        low_reason=scenarios[0].low_reason,
        then=way.then,
        fee=way.fee,
        envelope="outer" if any(found.envelope == "outer" for found in priced.values()) else "exact",
    )


def _enveloped(scenarios: tuple[Scenario, ...]) -> tuple[Window, ...]:
    """The pathway's own range: low = covered, high = the dearer case, planning of a single one."""
    if len(scenarios) == 1:
        return scenarios[0].windows
    covered, refused = scenarios
    return tuple(
        Window(
            id=a.id,
            sessions=max(a.sessions, b.sessions),
            low=a.low,
            planning=None,
            high=None if a.high is None or b.high is None else max(a.high, b.high),
        )
        for a, b in zip(covered.windows, refused.windows, strict=True)
    )


def _scenario(name: str, found: Ranges, way: Way, memo: Memo) -> Scenario:
    route = way.route
    assert route is not None
    planning = found.planning
    shown = planning or found.high_run
    told = shown.told
    if told.ledger is None:
        told.ledger = ledger_of(
            told.stretches, told.terms, told.timetable.segments, memo, told.timetable.plan_year
        )
    rows, events = told.ledger
    sums = told.parts_of_windows()
    reason = "plan_unknown" if way.ceiling_only else found.low_reason
    windows = tuple(
        [
            Window(
                id=id,
                sessions=told.timetable.sessions[index],
                low=None if way.ceiling_only or found.unsupported[index] else bounded(found.low[index]),
                planning=planning.totals[index] if planning else None,
                high=bounded(found.high[index]),
                typical=found.typical.totals[index] if found.typical and not planning else None,
                parts_low=found.low_run.parts(index) if index == COURSE and _adds_up(found) else None,
                parts_planning=sums[index] if planning else None,
                parts_high=found.high_run.parts(index) if index == COURSE or not planning else None,
            )
            for index, id in enumerate(WINDOWS)
        ]
    )
    return Scenario(
        name=name,
        windows=windows,
        low_reason=reason,
        run="planning" if planning else "high",
        ledger=rows,
        events=events,
        per_session=_per_session(found, memo),
        next_session=sums[NEXT_SESSION],
        course=sums[COURSE],
        liability=route.liability if name != COVERED else None,
        reasons=route.reasons,
    )


def _adds_up(found: Ranges) -> bool:
    """Whether the low end is that of one run (no missing fact, no copay given back)."""
    return found.low_reason is None and found.low[COURSE] == found.low_run.totals[COURSE]


def _per_session(found: Ranges, memo: Memo) -> PerSession:
    """One ordinary session now, after the deductible, after the out-of-pocket maximum."""
    low, high = (_three_moments(run, memo) for run in (found.low_run, found.high_run))
    now, after, reached = ((min(a, b), bounded(max(a, b))) for a, b in zip(low, high, strict=True))
    return PerSession(now=now, after_deductible=after, after_out_of_pocket_maximum=reached)


def _three_moments(run: Run, memo: Memo) -> tuple[int, int, int]:
    line = run.terms.slots[0][-1].line
    if not line.covered:
        return line.noncovered, line.noncovered, line.noncovered
    left, room = left_at_start(run.terms, line)
    if line.allowed >= BOUNDLESS:
        room = UNLIMITED
    return (
        split(line, left, room, memo)[0].patient,
        split(line, 0, UNLIMITED, memo)[0].patient,
        split(line, 0, 0, memo)[0].patient,
    )


def _comparison(
    ways: Sequence[Way], priced: Mapping[str, Priced]
) -> tuple[tuple[Comparison, ...], tuple[tuple[str, ...], ...]]:
    """One row per scenario and end, over the pathways that are not impossible.

    Scenarios are those of insurance.  Left out is a row that a pathway without a figure there
    might win; the second part tells who surely wins each of those, if anybody.
    """
    insured = [way for way in ways if insured_route(way) is not None and priced[way.id]]
    rows, left_out = [], []
    for name in sorted({name for way in insured or ways for name in priced[way.id]}):
        for end in ("low", "planning", "high"):
            totals, missing = {}, {}
            for way in ways:
                found = _case(priced[way.id], name)
                if found is None:
                    continue
                cents = _year(way, found, end)
                if cents is not None:
                    totals[way.id] = cents
                elif end != "high":
                    least = 0 if way.ceiling_only else found.low_run.told.year_with_other_care
                    missing[way.id] = (least, found.high_run.told.year_with_other_care)
            sure = beating(totals, missing)
            row = compared(name, end, totals) if sure is None else None
            if sure is not None:
                left_out.append(sure)
            elif row is not None:
                rows.append(row)
    return tuple(rows), tuple(left_out)


def _year(way: Way, found: Ranges, end: str) -> int | None:
    """What all care of twelve months costs at an end, None without a figure there."""
    if way.ceiling_only or (end == "low" and found.unsupported[TWELVE_MONTHS]):
        return None
    run = {"low": found.low_run, "planning": found.planning, "high": found.high_run}[end]
    return None if run is None else bounded(run.told.year_with_other_care)


def _case(found: Priced, scenario: str) -> Ranges | None:
    """A pathway's ranges in a scenario; one without that scenario stands in every one."""
    return found.get(scenario) or (next(iter(found.values())) if len(found) == 1 else None)


def _thresholds(ways: Sequence[Way], priced: Mapping[str, Priced], memo: Memo) -> tuple[Threshold, ...]:
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
