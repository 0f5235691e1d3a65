"""Sessions on both sides of every boundary: a cent before and after, a visit, a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from coverage_service.checking.drafts import ALLOWED, Drawer, Fields, with_used
from coverage_service.core.benefits import readings_of
from coverage_service.core.cost_sharing import Benefit, Kind
from coverage_service.core.guideline_scale import guideline_cents
from coverage_service.core.money import WHOLE, dollars
from coverage_service.core.plan import DEDUCTIBLE, Limit, Plan
from coverage_service.core.reference import Reference
from coverage_service.core.schedule import next_reset
from coverage_service.core.therapist import Sliding, Therapist

CENTS = (-1, 0, 1)
HOUR = "90837"
ONE_DAY = timedelta(days=1)
SIDES = {-1: "a cent below", 0: "exactly at", 1: "a cent above"}
Named = tuple[str, Fields]


def of_plan(plan: Plan, draw: Drawer, later: bool) -> Iterator[Named]:
    """Every boundary of a plan's entry; ``later``: another entry of the same id follows."""
    for limit in plan.limits:
        if isinstance(limit.person, int):
            yield from _limit(plan, limit, draw)
    for row in plan.benefits:
        yield from _caps(row, draw)
        if row.visits is not None:
            last, pool = row.visits.visits, row.visits.pool
            for used, said in ((last - 1, "the last"), (last, "the one after the last")):
                fields = draw.session(network=row.network or draw.network)
                yield f"{said} of {last} first visits", with_used(fields, {"visits": {pool: used}})
    for rule in plan.visit_limits:
        if isinstance(rule.visits, int):
            code = draw.code_of(rule.services[0])
            for used, said in ((rule.visits - 1, "the last"), (rule.visits, "the one after the last")):
                fields = with_used(draw.session(cpt=code), {"visits": {rule.services[0]: used}})
                yield f"{said} of {rule.visits} visits for {rule.services[0].replace('_', ' ')}", fields
    yield from _days(plan, draw, later)


def _limit(plan: Plan, limit: Limit, draw: Drawer) -> Iterator[Named]:
    """What is left of a deductible around the allowed amount; of a maximum around one copay's size."""
    assert isinstance(limit.person, int)
    network = "out" if limit.bucket == "out_of_network" else draw.network
    left = ALLOWED if limit.kind == DEDUCTIBLE else 1_000
    what = "the allowed amount" if limit.kind == DEDUCTIBLE else "ten dollars"
    for step in CENTS:
        used = limit.person - left - step
        if used < 0:
            continue
        amounts = {limit.kind.removesuffix("_maximum"): dollars(used)}
        if limit.kind != DEDUCTIBLE:
            own = next((x for x in plan.limits if (x.bucket, x.kind) == (limit.bucket, DEDUCTIBLE)), None)
            if own is not None and isinstance(own.person, int) and own.person <= used:
                amounts = {"deductible": dollars(own.person), **amounts}
        fields = with_used(draw.session(network=network), {"limits": {limit.bucket: amounts}})
        kind = limit.kind.replace("_", " ")
        yield f"left of the {kind} ({limit.bucket.replace('_', ' ')}) is {SIDES[step]} {what}", fields


def _caps(row: Benefit, draw: Drawer) -> Iterator[Named]:
    """The allowed amount at which a copay takes all of it, or a share meets its own cap."""
    edges: dict[int, str] = {}
    for phrase in (phrase for reading in readings_of(row.cost_sharing) for phrase in reading):
        if phrase.kind is Kind.COPAY and isinstance(phrase.amount, int):
            edges[phrase.amount] = f"the {phrase.text or 'copay'}"
        if phrase.kind is Kind.COINSURANCE and phrase.up_to and isinstance(phrase.amount, int):
            edges[-(-phrase.up_to * WHOLE // phrase.amount)] = f"where {phrase.text} ends"
        if phrase.kind is Kind.PLAN_PAYS and isinstance(phrase.amount, int):
            edges[phrase.amount] = f"what the {phrase.text}"
    for cents, what in edges.items():
        for step in CENTS:
            if cents + step > 0:
                fields = draw.session(
                    network=row.network or draw.network, cpt=draw.code_of(row.service),
                    **({"modality": row.modality} if row.modality else {}),
                    **({"licence": row.licences[0]} if row.licences else {}),
                )  # fmt: skip
                fields["session"]["allowed"] = dollars(cents + step)
                fields["session"]["billed"] = dollars(max(cents + step, 20_000))
                where = f"{row.service.replace('_', ' ')} {row.network or ''} {row.modality or ''}".strip()
                yield f"{' '.join(where.split())}: allowed is {SIDES[step]} {what}", fields


def _days(plan: Plan, draw: Drawer, later: bool) -> Iterator[Named]:
    """First and last day, the day after, and the turn of a plan year."""
    days = [(plan.starts, "on its first day"), (plan.ends, "on its last day")]
    if plan.ends is not None and not later:
        days.append((plan.ends + ONE_DAY, "on the day after its last"))
    for day, said in days:
        if day is not None:
            fields = draw.session()
            fields["session"] = {"date": day.isoformat(), **fields["session"]}
            yield said, fields
    if isinstance(plan.plan_year_starts, tuple) and plan.starts is not None:
        turn = next_reset(plan.starts, plan.plan_year_starts[0])
        yield f"over the turn of the plan year on {turn}", _over(turn, plan, draw)


def _over(turn: date, plan: Plan, draw: Drawer) -> Fields:
    fields = draw.session()
    before = (turn - ONE_DAY).isoformat()
    session = fields.pop("session")
    fields["used"] = {"as_of": before, **_all_used(plan)}
    fields["course"] = {"sessions": 2, "every_days": 1, "first_session": before, **session}
    return fields


def _all_used(plan: Plan) -> Fields:
    """Every known limit of a person met."""
    limits: dict[str, dict[str, str]] = {}
    for limit in plan.limits:
        if isinstance(limit.person, int):
            limits.setdefault(limit.bucket, {})[limit.kind.removesuffix("_maximum")] = dollars(limit.person)
    return {"limits": limits} if limits else {}


def of_scale(practice: Therapist, reference: Reference) -> Iterator[Named]:
    """A cent on both sides of every income at which the fee changes, for one person in the 48 states."""
    scale = practice.sliding
    if not isinstance(scale, Sliding):
        return
    guideline = WHOLE
    if scale.guideline_year is not None:
        found = reference.guidelines.get((scale.guideline_year, "48"))
        if found is None:
            return
        guideline = guideline_cents(found, 1)
    ends = [
        (band.up_to * guideline // WHOLE, f"the end of band {i}") for i, band in enumerate(scale.bands, 1)
    ]
    ends += [(x, "the lower end") for x in (scale.income_from,) if x is not None]
    ends += [(x, "the upper end") for x in (scale.income_to,) if x is not None]
    code = a_code_of(practice, scale)
    for cents, what in ends:
        for step in CENTS:
            household = {"size": 1, "area": "48", "income": dollars(cents + step)}
            yield f"an income {SIDES[step]} {what}", {"household": household, "session": {"cpt": code}}


def a_code_of(practice: Therapist, scale: Sliding) -> str:
    """A code that is on the scale, an hour's therapy if it can be."""
    codes = scale.cpts or tuple(fee.cpt for fee in practice.fees)
    return HOUR if HOUR in codes or not codes else codes[0]
