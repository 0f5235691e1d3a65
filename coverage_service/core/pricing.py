"""Prices of a procedure code: the billed charge and the plan's allowed amount.

Best source first (``domain`` 2.3): what the person was told, the practice's contract, the
plan's own method.  A national average is never shown as the person's price: a benchmark
gives its middle half and a typical figure, no planning figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from coverage_service.core.facts import NOWHERE, UNKNOWN, Amount, Between, OneOf, Origin, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.money import share, share_of_share
from coverage_service.core.plan import AllowedAmount, Method, Plan
from coverage_service.core.reference import BENCHMARK, FeeSchedule, Rate, Reference
from coverage_service.core.request import Price, Request
from coverage_service.core.terms import UNLIMITED
from coverage_service.core.therapist import Fee, NetworkEntry, Therapist
from coverage_service.core.unknowns import ANYTHING, Figure, exactly


def interval(amount: Amount) -> Figure:
    """A stated amount as a figure; alternatives are bounded by their ends."""
    if isinstance(amount, Between):
        return Figure(amount.low, None, amount.high)
    if isinstance(amount, OneOf):
        return Figure(min(amount.values), None, max(amount.values))
    if isinstance(amount, Unknown):
        return ANYTHING
    return exactly(amount)


def fee_of(therapist: Therapist | None, cpt: str, minutes: int | None) -> Fee | None:
    """The fee entry of a code whose session length fits best, or None."""
    fees = [f for f in therapist.fees if f.cpt == cpt] if therapist else []
    fitting = [f for f in fees if f.from_minutes <= (minutes or 0)]
    return max(fitting, key=lambda f: f.from_minutes) if fitting else (fees[0] if fees else None)


def billed(
    request: Request, therapist: Therapist | None, cpt: str, findings: Findings
) -> tuple[Figure, Origin]:
    """The full charge of a code in cents, and where it stands."""
    price = request.prices.get(cpt)
    if price is not None and price.billed is not None:
        findings.fact(f"fee.{cpt}", price.billed, "said", request.origin, "fee")
        return exactly(price.billed), request.origin
    fee = fee_of(therapist, cpt, request.care.minutes)
    if fee is None or fee.fee is UNKNOWN:
        findings.fact(f"fee.{cpt}", None, "unknown", NOWHERE, "fee")
        return ANYTHING, NOWHERE
    findings.fact(f"fee.{cpt}", fee.fee, "document", fee.origin, "fee")
    return interval(fee.fee), fee.origin


@dataclass(frozen=True, slots=True)
class AllowedRule:
    """How a line's allowed amount follows from its billed charge.

    ``figure``: cents when it does not depend on the bill; else ``percent_of_billed`` bp.
    ``schedule``: the dated rates it is taken of.
    """

    figure: Figure | None
    percent_of_billed: int = 0
    origin: Origin = NOWHERE
    benchmark: bool = False
    schedule: FeeSchedule | None = None

    def at(self, end: int, billed_cents: int) -> int:
        """Allowed cents at an end: the lesser of the bill and the plan's amount."""
        if self.figure is None:
            return share(billed_cents, self.percent_of_billed)
        return min(billed_cents, self.figure.at(end))


NOT_KNOWN = AllowedRule(ANYTHING)


def stated_allowed(price: Price | None) -> Figure | None:
    """What the person was told of the allowed amount, or None."""
    if price is None or (price.allowed, price.allowed_low, price.allowed_high) == (None, None, None):
        return None
    low = price.allowed_low if price.allowed_low is not None else price.allowed
    high = price.allowed_high if price.allowed_high is not None else price.allowed
    return Figure(
        0 if low is None else low,
        price.allowed,
        UNLIMITED if high is None else high,
        price.allowed,
        low is None,
    )


NETWORK_ANSWERS = ("network_status", "medicare_status", "accepts_plan", "medicaid_enrolled")


def stated_for(request: Request, network: str) -> bool:
    """Whether a stated allowed amount is that of this network.

    It is the contracted one, unless the person asked as someone out of network.  An answer
    on the network changes nothing of what the amount was stated for.
    """
    answered = any(request.answers[id].value is not None for id in NETWORK_ANSWERS if id in request.answers)
    said = None if answered else request.network.status
    return (said == "out") == (network == "out")


def allowed_in_network(
    request: Request,
    plan: Plan,
    entry: NetworkEntry | None,
    therapist: Therapist | None,
    cpt: str,
    reference: Reference,
    findings: Findings,
) -> AllowedRule:
    """The in-network allowed amount of a code."""
    told = stated_allowed(request.prices.get(cpt))
    if told is not None and stated_for(request, "in"):
        findings.fact(f"allowed_amount.{cpt}", told, "said", request.origin, "allowed_amount")
        return AllowedRule(told, origin=request.origin)
    rule = _contract(entry, therapist, cpt, reference) or NOT_KNOWN
    if rule is NOT_KNOWN:
        rule = _by_method(plan.allowed.get("in", UNKNOWN), therapist, cpt, reference)
    _tell(rule, cpt, "allowed_amount", findings)
    return rule


def allowed_out_of_network(
    request: Request,
    plan: Plan,
    therapist: Therapist | None,
    cpt: str,
    reference: Reference,
    findings: Findings,
) -> AllowedRule:
    """The out-of-network allowed amount of a code by the plan's method."""
    price = request.prices.get(cpt)
    told = stated_allowed(price) if stated_for(request, "out") else None
    if price is not None and price.oon_allowed is not None:
        told = exactly(price.oon_allowed)
    if told is not None:
        findings.fact(f"oon_allowed.{cpt}", told, "said", request.origin, "oon_method")
        return AllowedRule(told, origin=request.origin)
    rule = _by_method(plan.allowed.get("out", UNKNOWN), therapist, cpt, reference)
    _tell(rule, cpt, "oon_method", findings, "oon_allowed")
    return rule


def _tell(
    rule: AllowedRule, cpt: str, question: str, findings: Findings, name: str = "allowed_amount"
) -> None:
    known = rule.figure is None or rule.figure.planning is not None
    value = rule.figure if rule.figure is not ANYTHING else None
    basis = "document" if known or rule.benchmark else "unknown"
    findings.fact(f"{name}.{cpt}", value, basis, rule.origin, question)
    if rule.benchmark:
        findings.assume("benchmark_price", rule.origin, cpt=cpt)


def _contract(
    entry: NetworkEntry | None, therapist: Therapist | None, cpt: str, reference: Reference
) -> AllowedRule | None:
    if entry is None or entry.contract is UNKNOWN:
        return None
    if isinstance(entry.contract, Mapping):
        cents = entry.contract.get(cpt)
        return None if cents is None else AllowedRule(exactly(cents), origin=entry.origin)
    schedule = reference.schedules.get(str(entry.contract))
    if schedule is None:
        return None
    return replace(_from_schedule(schedule, 10_000, therapist, cpt), schedule=schedule)


def _by_method(
    allowed: AllowedAmount | Unknown, therapist: Therapist | None, cpt: str, reference: Reference
) -> AllowedRule:
    if isinstance(allowed, Unknown) or allowed.method is Method.CONTRACT:
        return NOT_KNOWN
    if allowed.method is Method.FIXED:
        return AllowedRule(exactly(allowed.amount), origin=allowed.origin)
    if allowed.method is Method.BILLED:
        return AllowedRule(None, allowed.amount, allowed.origin)
    schedule = reference.schedules.get(allowed.schedule or "")
    if schedule is None:
        return AllowedRule(ANYTHING, origin=allowed.origin)
    found = _percentile if allowed.method is Method.PERCENTILE else _from_schedule
    return replace(found(schedule, allowed.amount, therapist, cpt), schedule=schedule)


def rates_of(schedule: FeeSchedule, therapist: Therapist | None, cpt: str) -> list[Rate]:
    """The rate of a code where the clinician works; every locality's when that is unknown."""
    locality = therapist.clinician.locality if therapist else None
    if locality is not None and locality in schedule.rates:
        rows = [schedule.rates[locality]]
    else:
        rows = list(schedule.rates.values())
    return [row[cpt] for row in rows if cpt in row]


def _licence_percents(schedule: FeeSchedule, therapist: Therapist | None) -> tuple[int, int]:
    """Least and most basis points of the rate that the clinician's licence is paid."""
    if not schedule.licence_percent:
        return 10_000, 10_000
    licence = therapist.clinician.licence if therapist else UNKNOWN
    if isinstance(licence, Unknown):
        return min(schedule.licence_percent.values()), 10_000
    percent = schedule.licence_percent.get(licence, 10_000)
    return percent, percent


def _from_schedule(
    schedule: FeeSchedule, basis_points: int, therapist: Therapist | None, cpt: str
) -> AllowedRule:
    rates = rates_of(schedule, therapist, cpt)
    if not rates:
        return AllowedRule(ANYTHING, origin=schedule.origin)
    if schedule.kind == BENCHMARK:
        return _benchmark(schedule, rates, basis_points)
    least, most = _licence_percents(schedule, therapist)
    exact = [rate.exact for rate in rates if rate.exact is not None]
    if not exact:
        return AllowedRule(ANYTHING, origin=schedule.origin)
    low = share_of_share(min(exact), least, basis_points)
    high = share_of_share(max(exact), most, basis_points)
    return AllowedRule(Figure(low, low if low == high else None, high, None), origin=schedule.origin)


def _benchmark(schedule: FeeSchedule, rates: list[Rate], basis_points: int) -> AllowedRule:
    """The middle half of published rates, never planning; the median is the typical figure."""
    low = [r.percentiles[25] for r in rates if 25 in r.percentiles]
    high = [r.percentiles[75] for r in rates if 75 in r.percentiles]
    middle = [r.percentiles[50] for r in rates if 50 in r.percentiles]
    typical = share(middle[0], basis_points) if len(middle) == 1 else None
    if not low or not high:
        return AllowedRule(ANYTHING._replace(typical=typical), origin=schedule.origin, benchmark=True)
    figure = Figure(share(min(low), basis_points), None, share(max(high), basis_points), typical)
    return AllowedRule(figure, origin=schedule.origin, benchmark=True)


def _percentile(schedule: FeeSchedule, rank: int, therapist: Therapist | None, cpt: str) -> AllowedRule:
    rates = rates_of(schedule, therapist, cpt)
    found = [rate.percentiles[rank] for rate in rates if rank in rate.percentiles]
    if not found:
        return AllowedRule(ANYTHING, origin=schedule.origin)
    low, high = min(found), max(found)
    return AllowedRule(Figure(low, low if low == high else None, high), origin=schedule.origin)
