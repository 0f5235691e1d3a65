"""The steps of the coverage gate on diagnosis and named exclusions.

Only the first diagnosis of a line counts.  A candidate may also be a pattern, for "one of
these codes"; where its codes would be answered differently, the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from coverage_service.core import codes
from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Origin, YesNo
from coverage_service.core.gate_steps import MARITAL, Line, Step, is_for, refused, unclear
from coverage_service.core.liability import DIAGNOSIS, EXCLUSION
from coverage_service.core.plan import DiagnosisRule, Exclusion

ANY_DIAGNOSIS: Final = "*"
"""The candidate when neither a diagnosis nor a concern is given: it may be any code."""

ASK: Final = "exclusions"
"""The question that settles what the text of an exclusion leaves unclear."""
SEX_THERAPY = "sex_therapy"
DESCRIBED: Final = frozenset({"coaching", "educational", "non_licensed"})
"""Exclusions that no code sets off, only what the service is said to be."""


def exclusions(line: Line) -> Iterator[Step]:
    """What the exclusions that this line sets off mean for it."""
    return (_exclusion(line, *fired) for fired in _fired(line))


def contradicted(line: Line, answer: bool) -> Origin | None:
    """Where the plan says of the exclusions set off what an answer on all of them denies, or None."""
    says = [
        (rule, rule.told if ASK in _in_text(line, rule, *fired).ids else rule.excluded)
        for rule, *fired in _fired(line)
    ]
    if not says or any(excluded is True for _, excluded in says) is answer:
        return None
    return next(rule.origin for rule, excluded in says if excluded is not answer)


def _fired(line: Line) -> Iterator[tuple[Exclusion, codes.Overlap, codes.Overlap]]:
    """Exclusions that this line sets off, or may; one that the plan does not mention is unknown."""
    named = {each.name: each for each in reversed(line.coverage.exclusions) if is_for(each.codes, line)}
    elsewhere = {each.name for each in line.coverage.exclusions} - named.keys()
    described = DESCRIBED & {line.care.described_as}
    for name in dict.fromkeys([*named, *line.reference.exclusion_triggers, *described]):
        by_code = _by_code(line, name)
        fires = _fires(line, name, by_code)
        if fires != "none" and name not in elsewhere:
            yield named.get(name) or replace(line.coverage.unmentioned, name=name), fires, by_code


def _by_code(line: Line, name: str) -> codes.Overlap:
    """Whether the first diagnosis sets the exclusion off; "some" = it may."""
    triggers = line.reference.exclusion_triggers.get(name)
    if triggers is None:
        return "none" if name in DESCRIBED else "some"
    found: codes.Overlap = "none"
    for pattern in triggers:
        how_many = codes.overlap(pattern, line.diagnosis)
        if how_many == "all":
            return "all"
        found = "some" if how_many == "some" else found
    return found


def _fires(line: Line, name: str, by_code: codes.Overlap) -> codes.Overlap:
    """Whether the exclusion is set off by the code, the description or the lack of a patient."""
    if line.care.described_as == name or (name == MARITAL and line.care.identified_patient is False):
        return "all"
    nobody_named = name == MARITAL and line.relational and line.care.identified_patient is None
    return "some" if nobody_named and by_code == "none" else by_code


def _exclusion(line: Line, rule: Exclusion, fires: codes.Overlap, by_code: codes.Overlap) -> Step:
    """What an exclusion that is, or may be, set off means for the line; where unclear, as told."""
    step = _in_text(line, rule, fires, by_code)
    if ASK not in step.ids or rule.told is None:
        return step
    return refused(EXCLUSION, "excluded", rule.origin, **_params(rule)) if rule.told else Step(EXCLUSION)


def _params(rule: Exclusion) -> dict[str, str | None]:
    return {"exclusion": rule.name, "wording": rule.wording}


def _in_text(line: Line, rule: Exclusion, fires: codes.Overlap, by_code: codes.Overlap) -> Step:
    """What the plan's text alone says of an exclusion for the line."""
    params = _params(rule)
    if rule.excluded is False:
        return Step(EXCLUSION)
    if rule.excluded is UNKNOWN:
        return unclear(EXCLUSION, "exclusion_unknown", ASK, origin=rule.origin, **params)
    if fires == "some":
        return unclear(EXCLUSION, "exclusion_may_apply", _ask(line, by_code), origin=rule.origin, **params)
    if rule.name == SEX_THERAPY and not _is_definite(line, rule, by_code):
        return unclear(EXCLUSION, "sex_therapy_exclusion_unclear", ASK, origin=rule.origin, **params)
    return refused(EXCLUSION, "excluded", rule.origin, **params)


def _ask(line: Line, by_code: codes.Overlap) -> str:
    """The question that tells whether an exclusion which may be set off is."""
    if by_code == "none":
        return "couple_code"
    return "dx_billing" if line.diagnosis.endswith("*") else ASK


def _is_definite(line: Line, rule: Exclusion, by_code: codes.Overlap) -> bool:
    """Whether a sex-therapy exclusion refuses a claim that shows only CPT and diagnosis.

    So where its sentence names the diagnosis, or where the plan does not itself cover the
    diagnosis: a row that says no, or none that says yes beside a quoted exclusion.
    """
    rows = _row_answers(line)
    named = rule.names_diagnosis and by_code == "all"
    return named or rows == [False] or (True not in rows and bool(rule.wording))


def _rows(line: Line) -> Iterator[DiagnosisRule]:
    """The coverage rows the diagnosis may fall under: the first that fits, others before it."""
    for rule in line.coverage.diagnoses:
        how_many = codes.overlap(rule.match, line.diagnosis)
        if is_for(rule.codes, line) and how_many != "none":
            yield rule
            if how_many == "all":
                return
    yield DiagnosisRule(match="", covered=UNKNOWN, origin=line.coverage.origin)


def _row_answers(line: Line) -> list[YesNo]:
    return list(dict.fromkeys(rule.covered for rule in _rows(line)))


def diagnosis_row(line: Line) -> Step:
    """The first coverage row that fits the diagnosis; one that no row fits is unknown."""
    rows = list(_rows(line))
    answers = {rule.covered for rule in rows}
    given = line.diagnosis != ANY_DIAGNOSIS
    rule, params = rows[0], {"diagnosis": line.diagnosis, "match": rows[0].match}
    if len(answers) > 1 or not (given or rule.match):
        ids = ("dx_coverage",) if UNKNOWN in answers else ()
        return unclear(DIAGNOSIS, "diagnosis_not_known", "dx_billing", *ids, diagnosis=line.diagnosis)
    if rule.covered is UNKNOWN:
        code = "diagnosis_unknown" if rule.match else "diagnosis_not_listed"
        return unclear(DIAGNOSIS, code, "dx_coverage", origin=rule.origin, **params)
    if not rule.covered:
        return refused(DIAGNOSIS, "diagnosis_not_covered", rule.origin, **params)
    return Step(DIAGNOSIS, "yes", (Note("diagnosis_covered", params, rule.origin),))
