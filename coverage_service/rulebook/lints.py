"""Lints of one plan: never a change to the arithmetic, only a reason to look again.

The rules behind them are in ``domain`` 2.4 (HDHP_PREDED) and 2.6 (parity); each message
begins with the lint's code.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from coverage_service.core.cost_sharing import Benefit, Either, Kind, NotCovered, Phrase
from coverage_service.core.facts import Between, OneOf
from coverage_service.core.money import dollars
from coverage_service.core.plan import DEDUCTIBLE, EMBEDDED, OUT_OF_POCKET, AllowedAmount, Limit, Plan
from coverage_service.core.reference import FeeSchedule
from coverage_service.rulebook.nodes import At, Fields, Many
from coverage_service.rulebook.reading import Reading

THERAPY: Final = "outpatient_mental_health"
MEDICAL: Final = ("primary_care", "specialist", "urgent_care", "evaluation_and_management")
OUTSIDE_PARITY: Final = frozenset(
    (
        "EAP",
        "medicare",
        "medicare_advantage",
        "medigap",
        "medicaid",
        "tricare",
        "va",
        "short_term",
        "health_sharing",
    )
)
OUTSIDE_ACA: Final = OUTSIDE_PARITY | {"medicaid_managed_care", "chip"}


def lint_plan(plan: Plan, node: Fields, reading: Reading) -> None:
    """Warn of what the plan's document most likely does not say."""
    if plan.market.hsa_eligible is True:
        _hdhp(plan, node, reading)
    if plan.market.kind not in OUTSIDE_PARITY:
        _parity(plan, node, reading)
    if plan.market.kind not in OUTSIDE_ACA and plan.market.grandfathered is not True:
        _legal_maximum(plan, node, reading)
    _schedules(plan, node, reading)


def _schedules(plan: Plan, node: Fields, reading: Reading) -> None:
    """Days of the plan for which the fee schedule that it names has no rates of their own."""
    for network, allowed in plan.allowed.items():
        name = allowed.schedule if isinstance(allowed, AllowedAmount) else None
        schedule = reading.reference.schedules.get(name or "")
        if schedule is None:
            continue
        if _before(plan.starts, schedule.starts) or _before(schedule.ends, plan.ends):
            reading.warn(
                node.place("allowed_amounts", network),
                f"SCHEDULE_DATES: {schedule.id} ({schedule.origin.place}) has rates of {_days(schedule)}, "
                f"the plan holds {_days(plan)}",
                "add a plan entry that names the schedule of the other days; until then these rates "
                "are carried on, and the estimate says so",
            )


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


def _days(entry: Plan | FeeSchedule) -> str:
    return f"{entry.starts or 'the beginning'} to {entry.ends or 'open'}"


def _is_therapy(service: str, reading: Reading) -> bool:
    return service == THERAPY or THERAPY in reading.reference.ancestors.get(service, ())


def _row_at(node: Fields, index: int) -> At:
    rows = node.get("benefits")
    return rows.items[index].at if isinstance(rows, Many) else node.at


def _year(plan: Plan) -> str:
    return str(plan.starts.year) if plan.starts else ""


def _hdhp(plan: Plan, node: Fields, reading: Reading) -> None:
    year = _year(plan)
    if (
        plan.market.group == "individual"
        and plan.market.metal in ("bronze", "catastrophic")
        and year >= "2026"
    ):
        return
    for index, row in enumerate(plan.benefits):
        if (
            _is_therapy(row.service, reading)
            and row.modality != "telehealth"
            and _pays_before_deductible(row)
        ):
            reading.warn(
                _row_at(node, index),
                "HDHP_INVALID: an HSA plan may not pay therapy before its deductible, but by telehealth",
                "check the document; write [deductible, …], or hsa_eligible: no",
            )
    legal = reading.reference.legal_limits.get(year)
    for limit in plan.limits:
        if legal and limit.kind == DEDUCTIBLE and limit.bucket in ("in_network", "any_network"):
            _hdhp_minimum(limit, legal.hdhp_minimum_deductible, node, reading)


def _hdhp_minimum(limit: Limit, least: tuple[int | None, int | None], node: Fields, reading: Reading) -> None:
    embedded = limit.family is not None and limit.method == EMBEDDED
    minimum = least[1] if embedded else least[0]
    if minimum is not None and isinstance(limit.person, int) and limit.person < minimum:
        what = "embedded person deductible" if embedded else "deductible"
        which = "legal family minimum" if embedded else "legal minimum"
        reading.warn(
            node.place("limits", limit.bucket, DEDUCTIBLE, "person"),
            f"HDHP_INVALID: the {what} {dollars(limit.person)} is below the {which}, {dollars(minimum)}",
            "check the figure, the family method and hsa_eligible",
        )


def _pays_before_deductible(row: Benefit) -> bool:
    sharing = row.cost_sharing
    lists = (
        sharing.alternatives
        if isinstance(sharing, Either)
        else (sharing,)
        if isinstance(sharing, tuple)
        else ()
    )
    return any(all(phrase.kind is not Kind.DEDUCTIBLE for phrase in phrases) for phrases in lists)


def _parity(plan: Plan, node: Fields, reading: Reading) -> None:
    for limit in plan.limits:
        if limit.bucket == "behavioral_health":
            reading.warn(
                node.place("limits", limit.bucket, limit.kind),
                "PARITY_CUMULATIVE: a separate yearly limit for mental health is barred by parity law",
                "check the document, and report it if it stands there",
            )
    for limit_row, at in zip(plan.visit_limits, _visit_limit_places(node), strict=False):
        if any(_is_therapy(x, reading) for x in limit_row.services):
            reading.warn(
                at,
                "PARITY_VISIT_LIMIT: a visit limit on therapy needs the same limit on medical care",
                "check the document",
            )
    if plan.coverage.prior_authorization is True:
        reading.warn(
            node.place("coverage", "prior_authorization"),
            "PARITY_PREAUTH: authorisation for office therapy needs the same for medical office visits",
            "check the document",
        )
    _copays(plan, node, reading)


def _visit_limit_places(node: Fields) -> list[At]:
    rows = node.get("visit_limits")
    return [item.at for item in rows.items] if isinstance(rows, Many) else []


def _copays(plan: Plan, node: Fields, reading: Reading) -> None:
    specialist = [
        x
        for x in (
            _highest_copay(row)
            for row in plan.benefits
            if row.service == "specialist" and row.network != "out"
        )
        if x is not None
    ]
    if not specialist:
        return
    for index, row in enumerate(plan.benefits):
        copay = _highest_copay(row) if _is_therapy(row.service, reading) and row.network != "out" else None
        if copay is not None and copay > max(specialist):
            reading.warn(
                _row_at(node, index),
                f"PARITY_COPAY_GT_SPECIALIST: {dollars(copay)}, a specialist {dollars(max(specialist))}",
                "check the document",
            )


def _highest_copay(row: Benefit) -> int | None:
    sharing = row.cost_sharing
    if isinstance(sharing, NotCovered) or not isinstance(sharing, tuple):
        return None
    return max((_highest(x) for x in sharing if x.kind is Kind.COPAY), default=None)


def _highest(phrase: Phrase) -> int:
    amount = phrase.amount
    if isinstance(amount, Between):
        return amount.high
    if isinstance(amount, OneOf):
        return max(amount.values)
    return amount if isinstance(amount, int) else 0


def _legal_maximum(plan: Plan, node: Fields, reading: Reading) -> None:
    if (
        plan.market.group == "individual"
        and plan.market.metal in ("bronze", "catastrophic")
        and _year(plan) >= "2027"
    ):
        return
    legal = reading.reference.legal_limits.get(_year(plan))
    if legal is None:
        return
    for limit in plan.limits:
        if limit.kind != OUT_OF_POCKET or limit.bucket not in ("in_network", "any_network"):
            continue
        for name, figure, most in (
            ("person", limit.person, legal.aca_out_of_pocket[0]),
            ("family", limit.family, legal.aca_out_of_pocket[1]),
        ):
            if isinstance(figure, int) and most is not None and figure > most:
                reading.warn(
                    node.place("limits", limit.bucket, OUT_OF_POCKET, name),
                    f"LEGAL_MAXIMUM: {dollars(figure)} is above the legal {dollars(most)} of {_year(plan)}",
                    "check the figure, the year, and whether the plan is grandfathered",
                )
