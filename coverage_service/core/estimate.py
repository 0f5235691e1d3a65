"""From a request to an estimate: pathways, ranges, scenarios, comparison, unknowns."""

from __future__ import annotations

from dataclasses import replace

from coverage_service.core import notices
from coverage_service.core.answer import Estimate, Pathway
from coverage_service.core.answers import apply
from coverage_service.core.break_even import thresholds_of
from coverage_service.core.care import course_of
from coverage_service.core.comparison import deciding, overall
from coverage_service.core.facts import Confidence
from coverage_service.core.findings import Findings
from coverage_service.core.one_line import Memo
from coverage_service.core.open_questions import open_questions
from coverage_service.core.pathway_comparison import comparison_of
from coverage_service.core.pathways import ways_of
from coverage_service.core.priced import Facts
from coverage_service.core.ranges import Priced, Runner
from coverage_service.core.reference import Reference
from coverage_service.core.request import FIGURES, FULL, Request
from coverage_service.core.scenarios import pathway_of
from coverage_service.core.shared import Shared
from coverage_service.core.way import NO, Way


def estimate(request: Request, reference: Reference, shared: Shared | None = None) -> Estimate:
    """The whole answer to one request; the same facts always give the same answer.

    ``shared``: that of estimates for the same request with other therapists.
    """
    findings = Findings(reasoned=request.detail == FULL)
    request, contradictions = apply(request)
    facts = facts_of(request, reference, findings, shared or Shared())
    memo: Memo = {}
    ways = ways_of(facts)
    priced = {way.id: _priced(way, facts, memo) for way in ways}
    detail = request.detail
    pathways = tuple([pathway_of(way, priced[way.id], memo, detail) for way in ways])
    rows, left_out = comparison_of(ways, priced)
    winner = overall(rows, left_out)
    standing = facts.shared.once("standing", findings, lambda _: notices.standing(request, facts.course))
    unknowns = open_questions(facts, ways, priced)
    return Estimate(
        as_of=request.as_of,
        pathways=pathways,
        comparison=rows,
        cheapest=winner,
        decided_by=None if winner else deciding(rows, unknowns),
        thresholds=thresholds_of(ways, priced, memo) if detail == FULL else (),
        unknowns=unknowns,
        why=tuple(why for _, why in findings.why.values()),
        facts=tuple(findings.facts.values()),
        assumptions=tuple(findings.assumptions.values()),
        excluded=() if detail == FIGURES else notices.excluded(facts.therapist),
        notices=(*contradictions, *findings.notices.values(), *standing),
        conformance=() if detail == FIGURES else notices.conformance(request, pathways),
        confidence=min((fact.confidence for fact in findings.facts.values()), default=Confidence.UNKNOWN),
        situations=notices.situations(request, ways),
    )


def windows_of(request: Request, reference: Reference, shared: Shared | None = None) -> tuple[Pathway, ...]:
    """The pathways of the estimate of a request with the figures of their windows, and nothing else.

    For who compares many estimates: it asks no question and swings no unknown.
    """
    facts = facts_of(apply(request)[0], reference, Findings(reasoned=False), shared or Shared())
    memo: Memo = {}
    ways = ways_of(facts)
    return tuple([pathway_of(way, _priced(way, facts, memo, False), memo, FIGURES) for way in ways])


def facts_of(request: Request, reference: Reference, findings: Findings, shared: Shared) -> Facts:
    """The entries in force for the course, and the course itself."""
    if request.answers:
        client = shared.once("client", findings, lambda _: request)
        request = replace(client, therapist=request.therapist)
    course = course_of(request, findings, shared)
    therapist, entry = course.therapists[0], course.standings[0]
    status = request.network.status or (entry.status if entry else None)
    findings.fact(
        "network", status if isinstance(status, str) else None,
        "said" if request.network.status else "document" if isinstance(status, str) else "unknown",
        request.origin if request.network.status or entry is None else entry.origin, "network_status",
    )  # fmt: skip
    return Facts(request, reference, therapist, entry, course, findings, shared)


def _priced(way: Way, facts: Facts, memo: Memo, swung: bool = True) -> Priced:
    if way.route is None or way.possible == NO:
        return {}
    swinging = way.route.scenarios[0] if swung else None
    found = {name: Runner(way.route, name, memo).ranges(name == swinging) for name in way.route.scenarios}
    if way.unplanned:
        for ranges in found.values():
            ranges.planning = ranges.typical = None
    return found
