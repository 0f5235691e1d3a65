"""A session for each row that no test touches, so that the row decides it."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_service.checking.drafts import Drawer, Fields, with_used
from coverage_service.checking.rows import Row
from coverage_service.core.codes import matches
from coverage_service.core.plan import Plan
from coverage_service.core.reference import NATIONAL, Reference

CODES = ("90837", "90839", "90845")
"""Codes of sessions that a diagnosis row is tried with: an exclusion may name some of them."""
LEAVES = {"prior_authorization": "authorization", "referral": "referral"}


def for_row(row: Row, plan: Plan, draw: Drawer) -> Iterator[Fields]:
    """The fields of tests that the row may decide, the likeliest first, without a name."""
    part, _, rest = row.key[1].partition(".")
    if part == "benefits":
        yield _benefit(plan, int(rest), draw)
    elif part == "visit_limits":
        limit = plan.visit_limits[int(rest)]
        code = draw.code_of(limit.services[0])
        if isinstance(limit.visits, int):
            for used in (limit.visits - 1, limit.visits):
                yield with_used(draw.session(cpt=code), {"visits": {limit.services[0]: used}})
    elif part == "coverage":
        yield from _coverage(rest, plan, draw)


def _benefit(plan: Plan, index: int, draw: Drawer) -> Fields:
    row = plan.benefits[index]
    about: dict[str, str | list[str]] = {"cpt": _own_code(plan, index, draw)}
    about["network"] = row.network or draw.network
    if row.modality:
        about["modality"] = row.modality
    if row.tier:
        about["tier"] = row.tier
    if licence := _licence(plan, index):
        about["licence"] = licence
    pools = {each.visits.pool: each.visits.visits for each in plan.benefits[:index] if each.visits}
    if row.visits:
        pools[row.visits.pool] = 0
    fields = draw.session(**about)
    return with_used(fields, {"visits": pools}) if pools else fields


def _licence(plan: Plan, index: int) -> str | None:
    """One of the row's licences, or one that is paid and that no earlier row is for."""
    if plan.benefits[index].licences:
        return plan.benefits[index].licences[0]
    taken = {name for row in plan.benefits[:index] for name in row.licences}
    paid = plan.coverage.licences
    left = [name for name in (paid if isinstance(paid, tuple) else ("PHD", "LCSW")) if name not in taken]
    return left[0] if taken and left else None


def _own_code(plan: Plan, index: int, draw: Drawer) -> str:
    """A code of the row's service that no earlier row's narrower service takes."""
    row, earlier = plan.benefits[index], {each.service for each in plan.benefits[:index]}
    codes = sorted(draw.library.reference.services.get(row.service, ()), key=lambda x: (x != "90837", x))
    free = [code for code in codes if not earlier & (set(draw.services(code)) - {row.service})]
    return (free or codes or ["90837"])[0]


def _coverage(path: str, plan: Plan, draw: Drawer) -> Iterator[Fields]:
    part, _, name = path.partition(".")
    reference = draw.library.reference
    if part == "diagnoses":
        rule = plan.coverage.diagnoses[int(name)]
        before = [x.match for x in plan.coverage.diagnoses[: int(name)] if not x.codes]
        for cpt in rule.codes or CODES:
            for code in diagnoses(rule.match, before, reference):
                yield draw.session(diagnosis=code, cpt=cpt)
    elif part == "exclusions":
        yield draw.session(described_as=name)
    elif part == "licences":
        paid = plan.coverage.licences
        others = [x for x in reference.licences if not isinstance(paid, tuple) or x not in paid]
        yield from (draw.session(licence=x) for x in others[:1])
    elif part == "associates":
        yield draw.session(supervised="yes")
    elif part in LEAVES:
        yield draw.session(**{LEAVES[part]: "no"})
    elif part == "telehealth":
        yield draw.session(modality="telehealth")
    elif part == "licensed_where_patient_is":
        yield draw.session(modality="telehealth", licensed_in=["CA"], client_state="NY")
    elif part == "codes":
        yield draw.session(cpt=name)
    elif part == "liability":
        yield from _denied(name, plan, draw)


def _denied(ground: str, plan: Plan, draw: Drawer) -> Iterator[Fields]:
    """A session that is refused on a ground, or may be, without a waiver."""
    coverage = plan.coverage
    if ground == "exclusion" and coverage.exclusions:
        yield draw.session(described_as=coverage.exclusions[0].name, waiver_signed="no")
    elif ground == "diagnosis" and coverage.diagnoses:
        at = next((i for i, x in enumerate(coverage.diagnoses) if x.covered is not True), 0)
        before = [x.match for x in coverage.diagnoses[:at]]
        for code in diagnoses(coverage.diagnoses[at].match, before, draw.library.reference):
            yield draw.session(diagnosis=code, waiver_signed="no")
    elif ground in ("authorization", "referral"):
        fields = draw.session(waiver_signed="no")
        fields["session"].pop(ground, None)
        yield fields
    elif ground == "code" and coverage.codes:
        yield draw.session(cpt=next(iter(coverage.codes)), waiver_signed="no")
    elif ground == "credential":
        yield draw.session(licence="TRAINEE", waiver_signed="no")


def diagnoses(match: str, before: list[str], reference: Reference) -> list[str]:
    """Codes that a row fits and no earlier row does; its beginning completed where none is known."""
    known = [code for code in reference.diagnoses if not code.endswith("*")]
    concerns = reference.concerns.values()
    named = {code for concern in concerns for family in concern.code_families for code in family.codes}
    codes = dict.fromkeys((*known, *sorted(code for code in named if not code.endswith("*"))))
    fitting = [code for code in codes if matches(match, code) and not any(matches(x, code) for x in before)]
    if not match.endswith("*"):
        return [match]
    stem = match[:-1]
    return [*fitting, stem + "9" if len(stem) > 3 else (stem + "99")[:3] + ".9"]


def for_rate(row: Row) -> Fields | None:
    """A session priced by one row of a fee schedule: its code, its locality or a licence's share."""
    part, _, rest = row.key[1].partition(".")
    if part == "rates":
        locality, _, code = rest.partition(".")
        return {"cpt": code or "90837", "licence": "PHD", "locality": locality}
    if part == "licence_percent":
        return {"cpt": "90837", "licence": rest, "locality": NATIONAL}
    return None
