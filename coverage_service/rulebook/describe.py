"""A plan in words, for the person who wrote it: what the file says, as the service read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coverage_service.core.cost_sharing import Benefit, CostSharing, Either, NotCovered
from coverage_service.core.facts import NONE, UNKNOWN
from coverage_service.core.money import dollars, percent
from coverage_service.core.plan import AllowedAmount, Limit, Members, Method, Plan, ShareOfIncome, UpTo
from coverage_service.rulebook.amounts import ordinal
from coverage_service.rulebook.phrases import phrase_text


def describe(plan: Plan) -> list[str]:
    """The lines about one dated entry."""
    return [
        f"{plan.id}: {plan.name} ({plan.payer})",
        f"  {plan.status}, {_dates(plan)}, {_year(plan)}",
        *_market(plan),
        *_section("Limits", [_limit(x) for x in plan.limits]),
        *_section("Cost sharing, the first row that fits is used", [_row(x) for x in plan.benefits]),
        *_section("Allowed amount", [f"{_side(x)}: {allowed_text(y)}" for x, y in plan.allowed.items()]),
        *_section("Balance bill", [f"{_side(x)}: {_word(y)}" for x, y in plan.balance_billing.items()]),
        *_section("Coverage", list(_coverage(plan))),
        *_section("Visit limits", [_visits(x) for x in plan.visit_limits]),
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"  {title}", *(f"    {line}" for line in lines)] if lines else []


def _dates(plan: Plan) -> str:
    if plan.starts is None:
        return "at all dates"
    return f"from {plan.starts} to {plan.ends}" if plan.ends else f"from {plan.starts} on"


def _year(plan: Plan) -> str:
    starts = plan.plan_year_starts
    if not isinstance(starts, tuple):
        return "plan year unknown"
    return "plan year from " + " or ".join(f"{month:02}-{day:02}" for month, day in starts)


def _market(plan: Plan) -> list[str]:
    market = plan.market
    words = [market.kind, market.group, market.funding, market.state, market.metal]
    said = ", ".join(_word(x) for x in words if x)
    run_by = f"; mental health run by {_word(plan.administrator)}" if plan.administrator else ""
    return [f"  {said}{run_by}"] if said or run_by else []


def _word(value: Any) -> str:
    """yes, no, unknown, or the text or amount that stands there."""
    if value is UNKNOWN or value is NONE:
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return dollars(value)
    if isinstance(value, UpTo):
        return f"up to {percent(value.percent)} of the allowed amount"
    if isinstance(value, ShareOfIncome):
        return f"{percent(value.percent)} of income"
    return str(value)


def _side(network: str | None) -> str:
    return {"in": "in network", "out": "out of network"}.get(network or "", "in and out of network")


def _limit(limit: Limit) -> str:
    name = f"{limit.bucket.replace('_', ' ')} {limit.kind.replace('_', ' ')}"
    if limit.person is NONE:
        return f"{name}: none"
    parts = [f"{_word(limit.person)} a person"] if limit.person is not None else []
    if limit.family is not None:
        method = f"{limit.method.count} members" if isinstance(limit.method, Members) else _word(limit.method)
        parts.append(f"{_word(limit.family)} a family ({method})")
    if limit.person_cap is not None:
        parts.append(f"one person at most {_word(limit.person_cap)}")
    if set(limit.counts) != {"deductible", "copay", "coinsurance"}:
        parts.append(f"counts {', '.join(limit.counts)}")
    return f"{name}: {', '.join(parts)}" + (" each month" if limit.period == "month" else "")


def _row(row: Benefit) -> str:
    conditions = [row.service.replace("_", " "), _side(row.network)]
    conditions += [f"tier {row.tier}"] if row.tier else []
    conditions += [row.modality.replace("_", " ")] if row.modality else []
    conditions += ["/".join(row.licences)] if row.licences else []
    conditions += [f"first {row.visits.visits} of {row.visits.pool}"] if row.visits else []
    return f"{', '.join(conditions)}: {sharing_text(row.cost_sharing)}"


def sharing_text(sharing: CostSharing) -> str:
    """``deductible, then coinsurance 20%``."""
    if isinstance(sharing, NotCovered):
        return sharing.value
    if isinstance(sharing, Either):
        return " — or — ".join(sharing_text(x) for x in sharing.alternatives)
    if not isinstance(sharing, tuple):
        return "unknown"
    return ", then ".join(phrase_text(x) for x in sharing)


def allowed_text(allowed: Any) -> str:
    """``140% of medicare-2026``, ``the contract's rate``, ``unknown``."""
    if not isinstance(allowed, AllowedAmount):
        return _word(allowed)
    if allowed.method is Method.FIXED:
        return dollars(allowed.amount)
    if allowed.method is Method.BILLED:
        return f"{percent(allowed.amount)} of billed"
    if allowed.method is Method.PERCENTILE:
        return f"{ordinal(allowed.amount)} percentile of {allowed.schedule}"
    if allowed.method is Method.SCHEDULE:
        return f"{percent(allowed.amount)} of {allowed.schedule}"
    return "the contract's rate"


def _coverage(plan: Plan) -> Iterator[str]:
    coverage = plan.coverage
    for exclusion in coverage.exclusions:
        quoted = f' ("{exclusion.wording}")' if exclusion.wording else ""
        yield f"excludes {exclusion.name.replace('_', ' ')}: {_word(exclusion.excluded)}{quoted}"
    for rule in coverage.diagnoses:
        yield f"diagnosis {rule.match}: {_word(rule.covered)}"
    for code, covered in coverage.codes.items():
        yield f"code {code}: {_word(covered)}"
    if isinstance(coverage.licences, tuple):
        yield f"licences paid: {', '.join(coverage.licences)}"
    for name in ("associates", "prior_authorization", "referral", "telehealth"):
        value = getattr(coverage, name)
        if value is not None:
            yield f"{name.replace('_', ' ')}: {_word(value)}"


def _visits(limit: Any) -> str:
    count = limit.visits if isinstance(limit.visits, int) else _word(limit.visits)
    return f"{count} visits of {', '.join(limit.services)} each {limit.per.replace('_', ' ')}"
