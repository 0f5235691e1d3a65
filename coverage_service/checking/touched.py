"""Which rows decided the figures of a test, read off the runs behind its estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coverage_service.checking.figures import Found
from coverage_service.checking.gate_rows import deciding
from coverage_service.checking.rows import Key
from coverage_service.checking.scale_rows import scale_rows
from coverage_service.core.answers import apply
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.course import Stretch
from coverage_service.core.estimate import facts_of
from coverage_service.core.facts import Origin
from coverage_service.core.findings import Findings
from coverage_service.core.insured import Insured
from coverage_service.core.one_line import Memo
from coverage_service.core.pathways import ways_of
from coverage_service.core.priced import Facts, setting_index
from coverage_service.core.ranges import Runner
from coverage_service.core.reference import NATIONAL
from coverage_service.core.runs import Run
from coverage_service.core.shared import Shared
from coverage_service.core.way import NO, insured_route
from coverage_service.rulebook.cases import THERAPIST, Case


def touched(case: Case, found: Found) -> Iterator[Key]:
    """The keys of the rows that decided what a test compares; some more than once."""
    findings = Findings()
    request, _ = apply(found.asked.request)
    facts = facts_of(request, found.asked.reference, findings, Shared())
    if case.kind == THERAPIST:
        yield from scale_rows(facts, case, found)
        return
    way = next(each for each in ways_of(facts) if each.id == found.pathway)
    insured = insured_route(way)
    if way.possible == NO or insured is None or way.route is None:
        yield from _refused_network(found, facts)
        return
    for priced in insured.priced.values():
        for path in deciding(facts, priced.plan, priced.cpt, insured.offer.network):
            yield priced.plan.origin.place, f"coverage.{path}"
    rows = _benefits(facts)
    memo: Memo = {}
    for scenario in insured.scenarios:
        ranges = Runner(way.route, scenario, memo).ranges()
        for run in filter(None, (ranges.low_run, ranges.planning, ranges.high_run)):
            yield from _of_run(run, scenario, insured, findings, rows)
    yield from _rates(facts, insured, case, findings)


def _benefits(facts: Facts) -> Mapping[int, Key]:
    """Each benefit row's key by its origin, which is one object from the file to the answer."""
    return {
        id(row.origin): (plan.origin.place, f"benefits.{index}")
        for plan in facts.course.entries
        for index, row in enumerate(plan.benefits)
    }


def _refused_network(found: Found, facts: Facts) -> Iterator[Key]:
    """A pathway that the plan does not pay at all: the row that says so."""
    rows = _benefits(facts)
    for way in found.answer.pathways:
        for note in way.reasons:
            if note.code == "no_out_of_network_benefit" and id(note.origin) in rows:
                yield rows[id(note.origin)]


def _of_run(
    run: Run, scenario: str, insured: Insured, findings: Findings, rows: Mapping[int, Key]
) -> Iterator[Key]:
    told = [why for _, why in findings.why.values()]
    counters = list(run.told.terms.counters)
    for stretch in run.told.stretches:
        for index in stretch.line.why:
            if told[index].code == "cost_sharing" and stretch.line.covered:
                yield from _known(rows, told[index].origin)
        if not stretch.line.covered:
            yield from _refusing(stretch, scenario, insured, run, rows, counters)
        for counter in stretch.line.advances:
            counters[counter] += stretch.lines


def _known(rows: Mapping[int, Key], origin: Origin) -> Iterator[Key]:
    if id(origin) in rows:
        yield rows[id(origin)]


def _refusing(
    stretch: Stretch,
    scenario: str,
    insured: Insured,
    run: Run,
    rows: Mapping[int, Key],
    counters: list[int],
) -> Iterator[Key]:
    """The row or the visit limit that refused a line; the gate's refusals are told by the gate."""
    for priced in insured.priced.values():
        if priced.cpt != stretch.line.cpt or priced.refuses(scenario):
            continue
        if "visit_limit_reached" in stretch.line.reasons:
            for counter, bound in insured.makes.visit_caps(priced):
                if counters[counter] >= bound:
                    yield priced.plan.origin.place, f"visit_limits.{counter - len(insured.pools)}"
        else:
            for row in priced.rows[setting_index(run.world)]:
                if row.cost_sharing is NOT_COVERED:
                    yield from _known(rows, row.origin)


def _rates(facts: Facts, insured: Insured, case: Case, findings: Findings) -> Iterator[Key]:
    """The rows of a fee schedule behind an allowed amount, unless the test puts its own there."""
    session = case.session or (case.course.each if case.course else None)
    if session is None or session.schedule_rate is not None:
        return
    held = facts.therapist.clinician if facts.therapist else None
    by_origin = {id(x.origin): x for x in facts.reference.schedules.values()}
    for priced in insured.priced.values():
        schedule = by_origin.get(id(priced.allowed.origin))
        if schedule is None or held is None:
            continue
        locality = held.locality or NATIONAL
        code = f".{priced.cpt}" if locality == NATIONAL else ""
        yield schedule.origin.place, f"rates.{locality}{code}"
        yield schedule.origin.place, f"licence_percent.{held.licence}"
