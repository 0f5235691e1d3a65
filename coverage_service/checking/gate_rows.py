"""Which rows of ``coverage`` decided a line: those without which the gate would answer otherwise.

No step of the gate stands alone: a verdict is what all of them agree on.  So a row has decided
one when some other value in its place changes verdict, liability or the leave that is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from coverage_service.checking.rows import FIELDS
from coverage_service.core.coverage import Gate, gate_over_candidates, leave_needed, out_of_network
from coverage_service.core.facts import UNKNOWN
from coverage_service.core.plan import Coverage, Plan
from coverage_service.core.priced import Facts

ANSWERS: Final = (True, False, UNKNOWN)
WHO: Final = ("patient", "provider", UNKNOWN)


def deciding(facts: Facts, plan: Plan, cpt: str, network: str) -> Iterator[str]:
    """The paths inside ``coverage`` of the rows that decided a line."""
    found: set[str] = set()
    stated = _answer(facts, plan, cpt, network)
    for path, coverage in others(plan.coverage):
        if path not in found and _answer(facts, replace(plan, coverage=coverage), cpt, network) != stated:
            found.add(path)
            yield path


def _answer(facts: Facts, plan: Plan, cpt: str, network: str) -> tuple[object, ...]:
    gate: Gate = gate_over_candidates(plan, facts.therapist, facts.request.care, cpt, "in", facts.reference)
    if network == "out":
        gate = out_of_network(gate)
    return gate.verdict, gate.liability, leave_needed(gate)


def others(coverage: Coverage) -> Iterator[tuple[str, Coverage]]:
    """The same coverage with another value in one row's place, for every row and value."""
    for index, rule in enumerate(coverage.exclusions):
        for value in _but(rule.excluded):
            rules = _with(coverage.exclusions, index, replace(rule, excluded=value))
            yield f"exclusions.{rule.name}", replace(coverage, exclusions=rules)
    for index, row in enumerate(coverage.diagnoses):
        for value in _but(row.covered):
            rows = _with(coverage.diagnoses, index, replace(row, covered=value))
            yield f"diagnoses.{index}", replace(coverage, diagnoses=rows)
    yield from _licences(coverage)
    for name in FIELDS:
        if getattr(coverage, name) is not None:
            changes: list[dict[str, Any]] = [{name: value} for value in _but(getattr(coverage, name))]
            yield from ((name, replace(coverage, **change)) for change in changes)
    for code, said in coverage.codes.items():
        for value in _but(said):
            yield f"codes.{code}", replace(coverage, codes={**coverage.codes, code: value})
    for ground, who in coverage.liability.items():
        for other in WHO:
            if other != who:
                yield (
                    f"liability.{ground}",
                    replace(coverage, liability={**coverage.liability, ground: other}),
                )


def _licences(coverage: Coverage) -> Iterator[tuple[str, Coverage]]:
    """None is paid, or nobody knows which; a list with or without the one at hand."""
    if coverage.licences is not None:
        yield "licences", replace(coverage, licences=())
        yield "licences", replace(coverage, licences=None)


def _but(value: object) -> tuple[Any, ...]:
    return tuple(other for other in ANSWERS if other is not value)


def _with(rows: tuple[Any, ...], index: int, row: Any) -> tuple[Any, ...]:
    return (*rows[:index], row, *rows[index + 1 :])
