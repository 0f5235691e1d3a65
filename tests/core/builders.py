"""Plans, requests and lines in few words, for tests that compare with a document's figures.

Money is cents, or text as a document prints it (``"$1,000"``); cost sharing is the text of a rule
file (``"deductible, coinsurance 20%"``).  What a test does not name is settled: covered, in network,
every price and accumulator stated, one ordinary session of 60 minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import settings

from coverage_service.core.answer import Estimate, OpenQuestion, Parts, Pathway, Scenario, Window
from coverage_service.core.cost_sharing import (
    NOT_COVERED,
    Benefit,
    CostSharing,
    Either,
    FirstVisits,
    Kind,
    Phrase,
    When,
)
from coverage_service.core.estimate import estimate
from coverage_service.core.facts import UNKNOWN, Between, Unknown
from coverage_service.core.money import parse_dollars, parse_percent
from coverage_service.core.plan import (
    OUT_OF_POCKET,
    AllowedAmount,
    Claims,
    Coverage,
    DiagnosisRule,
    Exclusion,
    Limit,
    Market,
    Method,
    Plan,
    VisitLimit,
)
from coverage_service.core.reference import (
    CodeFamily,
    Concern,
    FeeSchedule,
    LegalLimits,
    PovertyGuideline,
    Rate,
    Reference,
)
from coverage_service.core.request import (
    Care,
    Household,
    LimitUsed,
    NetworkFact,
    OtherCare,
    OtherPlan,
    Price,
    Request,
    Used,
)
from coverage_service.core.terms import (
    ALWAYS,
    COUNTS_COINSURANCE,
    COUNTS_COPAY,
    COUNTS_DEDUCTIBLE,
    MET,
    UNLIMITED,
    UNMET,
    Line,
    Op,
    Step,
)
from coverage_service.core.therapist import Clinician, Fee, Sliding, Therapist
from coverage_service.rulebook.phrases import parse_phrase

Money = int | str
AS_OF = date(2026, 1, 5)

settings.register_profile("ci", max_examples=60, deadline=None)
settings.register_profile("thorough", max_examples=5_000, deadline=None)
RANDOM = settings(settings.get_profile(os.environ.get("EXAMPLES", "ci")))
"""How many random cases a property tries; ``EXAMPLES=thorough`` tries many."""
EVERYTHING = "outpatient_mental_health"

# -- money and phrases


def cents(amount: Money) -> int:
    """Cents of ``"$1,000"``; an int is cents already."""
    return parse_dollars(amount) if isinstance(amount, str) else amount


def phrases(text: str) -> CostSharing:
    """The cost sharing of ``"deductible, copay $30"``; ``" | "`` parts two readings."""
    if " | " in text:
        return Either(tuple(phrases(each) for each in text.split(" | ")))
    if text == "unknown":
        return UNKNOWN
    found = tuple(parse_phrase(each) for each in text.split(", "))
    return NOT_COVERED if found == (NOT_COVERED,) else found


OPS = {
    Kind.DEDUCTIBLE: Op.DEDUCTIBLE,
    Kind.COPAY: Op.COPAY,
    Kind.COINSURANCE: Op.COINSURANCE,
    Kind.PLAN_PAYS: Op.PLAN_PAYS,
}
MOMENTS = {When.ALWAYS: ALWAYS, When.MET: MET, When.UNMET: UNMET}
PARTS = {"deductible": COUNTS_DEDUCTIBLE, "copay": COUNTS_COPAY, "coinsurance": COUNTS_COINSURANCE}


def steps(text: str) -> tuple[Step, ...]:
    """The steps of a list for ``split``, read here and not by the core."""
    return tuple(_step(p) for p in phrases(text) if p.kind in OPS)


def _step(phrase: Phrase) -> Step:
    op = Op.COINSURANCE_IGNORING_COPAY if phrase.ignoring_copay else OPS[phrase.kind]
    cap = UNLIMITED if phrase.up_to is None else phrase.up_to
    return Step(int(op), phrase.amount, cap, MOMENTS[phrase.when], int(phrase.toward_deductible))


def counting(*parts: str) -> int:
    """The bit set of the parts that an out-of-pocket maximum counts."""
    return sum(PARTS[part] for part in parts)


def a_line(
    sharing: str = "no charge", *, allowed: Money = 14_000, billed: Money = 20_000, **more: object
) -> Line:
    """A covered line for ``adjudicate``; its write-off is what a contract takes off the bill."""
    above = cents(billed) - cents(allowed)
    out = "balance" in more
    return Line(
        cpt="90837",
        billed=cents(billed),
        allowed=cents(allowed),
        write_off=0 if out else above,
        steps=steps(sharing),
        **more,
    )


# -- plans


def a_limit(
    kind: str,
    person: Money | Unknown | None = None,
    *,
    bucket: str = "in_network",
    family: object = None,
    **more: object,
) -> Limit:
    """``a_limit("deductible", "$1,000")``; ``family`` in dollars or as a share of income."""
    return Limit(
        bucket=bucket,
        kind=OUT_OF_POCKET if kind == "out_of_pocket" else kind,
        person=cents(person) if isinstance(person, (str, int)) else person,
        family=cents(family) if isinstance(family, (str, int)) else family,
        **more,
    )


def a_row(
    sharing: str, *, service: str = EVERYTHING, first: tuple[int, str] | None = None, **more: object
) -> Benefit:
    """A benefit row; ``first=(3, "pool")`` fits the first three visits of the pool."""
    visits = FirstVisits(*first) if first else None
    return Benefit(service=service, visits=visits, cost_sharing=phrases(sharing), **more)


def a_coverage(text: str = "F*: yes", *, excluded: str = "", **more: object) -> Coverage:
    """Coverage rows as ``"Z63.*: no, F52.*: unknown, F*: yes"``, exclusions as ``"sex_therapy: yes"``."""
    words: Mapping[str, bool | Unknown] = {"yes": True, "no": False, "unknown": UNKNOWN}
    rows = [each.split(": ") for each in text.split(", ")]
    named = dict.fromkeys(("sex_therapy", "sexual_dysfunction", "marital_counselling", "z_codes"), "no")
    named |= dict(each.split(": ") for each in excluded.split(", ") if each)
    return Coverage(
        diagnoses=tuple(DiagnosisRule(match=match, covered=words[word]) for match, word in rows),
        exclusions=tuple(Exclusion(name=name, excluded=words[word]) for name, word in named.items()),
        **more,
    )


def a_plan(
    sharing: str | None = "deductible, coinsurance 20%",
    *,
    out: str | None = None,
    rows: Sequence[Benefit] = (),
    deductible: Money | Unknown | None = None,
    out_of_pocket: Money | None = None,
    out_deductible: Money | None = None,
    out_out_of_pocket: Money | None = None,
    limits: Sequence[Limit] = (),
    allowed_in: str | None = None,
    allowed_out: str | None = None,
    paid_to: str = "member",
    **more: object,
) -> Plan:
    """A plan of one benefit row in network and, with ``out``, one outside.

    ``rows`` stand before both; ``limits`` beside the four that have a word of their own.
    """
    ordinary = {
        ("in_network", "deductible"): deductible,
        ("in_network", "out_of_pocket"): out_of_pocket,
        ("out_of_network", "deductible"): out_deductible,
        ("out_of_network", "out_of_pocket"): out_out_of_pocket,
    }
    found = [*rows]
    if sharing is not None:
        found.append(a_row(sharing, network="in"))
    if out is not None:
        found.append(a_row(out, network="out"))
    fields: dict[str, object] = {
        "id": "plan",
        "benefits": tuple(found),
        "limits": (
            *(a_limit(k, x, bucket=b) for (b, k), x in ordinary.items() if x is not None),
            *limits,
        ),
        "coverage": a_coverage(),
        "administrator": "Example BH",
        "claims": {"out": Claims(paid_to=paid_to, superbill=True)},
        "not_covered_rate": {"in": "billed", "out": "billed"},
        "allowed": {
            network: an_allowed_amount(text)
            for network, text in (("in", allowed_in), ("out", allowed_out))
            if text is not None
        },
    }
    return Plan(**(fields | more))


def an_allowed_amount(text: str) -> AllowedAmount:
    """``"140% of medicare"``, ``"80th percentile of usual"``, ``"60% of billed"`` or ``"$90"``."""
    if text.startswith("$"):
        return AllowedAmount(method=Method.FIXED, amount=cents(text))
    figure, _, schedule = text.partition(" of ")
    if figure.endswith("th percentile"):
        return AllowedAmount(method=Method.PERCENTILE, amount=int(figure.split("th")[0]), schedule=schedule)
    if schedule == "billed":
        return AllowedAmount(method=Method.BILLED, amount=parse_percent(figure))
    return AllowedAmount(method=Method.SCHEDULE, amount=parse_percent(figure), schedule=schedule)


def a_visit_limit(visits: int, *, per: str = "plan_year", service: str = EVERYTHING) -> VisitLimit:
    """At most so many visits a year."""
    return VisitLimit(visits=visits, services=(service,), per=per)


def an_eap(sessions: int, *, used: int | None = 0) -> OtherPlan:
    """A programme with so many free sessions per issue."""
    row = a_row("no charge", service="psychotherapy", first=(sessions, "issue"))
    plan = Plan(id="eap", market=Market(kind="EAP"), benefits=(row,), pools={"issue": ("psychotherapy",)})
    return OtherPlan(entries=(plan,), used=Used(visits={} if used is None else {"issue": used}))


# -- therapists, reference


def a_therapist(
    *, fee: Money | None = None, sliding: Sliding | Unknown | None = None, **more: object
) -> Therapist:
    """An LMFT with a superbill, without a scale unless given."""
    fields: dict[str, object] = {
        "id": "therapist",
        "clinician": Clinician(licence="LMFT", supervised=False, licensed_in=("CA",)),
        "superbill": True,
        "intake": False,
        "sliding": sliding,
        "eap_programmes": ("eap",),
        "fees": tuple(Fee(cpt=code, fee=cents(fee)) for code in CODES) if fee is not None else (),
    }
    return Therapist(**(fields | more))


def a_scale(fee: Money, **more: object) -> Sliding:
    """A scale with one fee and an open place."""
    return Sliding(**({"model": "slots", "fee": cents(fee), "slots": True} | more))


def a_schedule(
    id: str, amount: Money, *, kind: str = "law", percentiles: Iterable[int] = (), **more: object
) -> FeeSchedule:
    """One national rate for every code; ``percentiles`` makes it those of a benchmark or of UCR."""
    rate = (
        Rate(percentiles=dict.fromkeys(percentiles, cents(amount)))
        if percentiles
        else Rate(exact=cents(amount))
    )
    return FeeSchedule(id=id, kind=kind, rates={"national": dict.fromkeys(CODES, rate)}, **more)


CODES = ("90791", "90832", "90834", "90837", "90846", "90847", "99213", "90836")
DYSFUNCTION = ("F52.*", "N52.*", "N53.*", "N94.1*", "N94.2", "N94.81*", "R37", "R68.82")
SERVICES = {"90791": "intake", "90846": "family_counselling", "90847": "family_counselling"}
REFERENCE = Reference(
    service_of={code: (SERVICES.get(code, "psychotherapy"),) for code in CODES},
    ancestors=dict.fromkeys(("intake", "psychotherapy", "family_counselling"), (EVERYTHING,)),
    exclusion_triggers={
        "sexual_dysfunction": DYSFUNCTION,
        "sex_therapy": DYSFUNCTION,
        "marital_counselling": ("Z63.0", "Z63.5"),
        "z_codes": ("Z*",),
    },
    concerns={
        "pain": Concern(id="pain", labels={}, neutral_labels={}, code_families=(CodeFamily(("F52.6",)),))
    },
    # domain.md §1: the maximum of the calendar year in which the plan year begins.
    legal_limits={
        "2025": LegalLimits(year="2025", aca_out_of_pocket=(920_000, 1_840_000)),
        "2026": LegalLimits(year="2026", aca_out_of_pocket=(1_060_000, 2_120_000)),
        "2027": LegalLimits(year="2027", aca_out_of_pocket=(1_200_000, 2_400_000)),
    },
    # domain.md §4: printed in dollars, stored in cents.
    guidelines={
        ("2026", "48"): PovertyGuideline("2026", "48", 1_596_000, 568_000),
        ("2026", "AK"): PovertyGuideline("2026", "AK", 1_995_000, 710_000),
    },
)


def a_reference(*schedules: FeeSchedule) -> Reference:
    """The reference data with fee schedules in it."""
    return replace(REFERENCE, schedules={each.id: each for each in schedules})


# -- requests


def used(
    *,
    deductible: object = 0,
    out_of_pocket: object = None,
    bucket: str = "in_network",
    visits: Mapping[str, int] | None = None,
    sessions_since: int = 0,
    as_of: date | None = None,
    **more: object,
) -> Used:
    """What is used of one bucket; its out-of-pocket maximum has seen the deductible at least."""
    spent = deductible if out_of_pocket is None else out_of_pocket
    limits = {bucket: LimitUsed(deductible=_figure(deductible), out_of_pocket=_figure(spent), **more)}
    return Used(
        as_of=as_of,
        sessions_since=sessions_since,
        limits=limits,
        visits={EVERYTHING: 0} if visits is None else visits,
    )


def _figure(amount: object) -> int | Between | None:
    return cents(amount) if isinstance(amount, (str, int)) else amount


NOTHING_USED = Used(
    limits={
        bucket: LimitUsed(deductible=0, out_of_pocket=0, family_deductible=0, family_out_of_pocket=0)
        for bucket in ("in_network", "out_of_network", "any_network", "behavioral_health")
    },
    visits={EVERYTHING: 0},
)
"""The start of a plan year, stated."""


def a_request(
    *entries: Plan,
    network: str | None = "in",
    billed: Money | None = 20_000,
    allowed: Money | tuple[Money | None, ...] | None = -1,
    prices: Mapping[str, tuple[Money, Money]] | None = None,
    therapist: Therapist | None = None,
    used: Used = NOTHING_USED,
    other_care: Iterable[OtherCare] = (),
    tier: str | None = None,
    agreed: Money | None = None,
    income: Money | Between | None = None,
    household: int | None = None,
    as_of: date = AS_OF,
    fields: Mapping[str, object] | None = None,
    **care: object,
) -> Request:
    """A request; words that are none of these belong to the care.

    ``allowed`` is 14000 in network and not told outside, unless given; it may be (low, planning,
    high).  ``prices`` replaces both figures per code; ``fields`` are further fields of the request.
    """
    if allowed == -1:
        allowed = None if network == "out" else 14_000
    known = {code: _price(billed, allowed) for code in CODES}
    known |= {code: _price(*each) for code, each in (prices or {}).items()}
    settled: dict[str, object] = {
        "diagnoses": ("F43.10",),
        "format": "individual",
        "minutes": 60,
        "modality": "in_person",
        "intake": False,
        "waiver_signed": False,
        "sessions": 1,
        "every_days": 7,
        "first_session": as_of,
    }
    return Request(
        as_of=as_of,
        plan=tuple(entries),
        therapist=(therapist or a_therapist(),),
        care=Care(**(settled | care)),
        used=used,
        network=NetworkFact(status=network, tier=tier, agreed=None if agreed is None else cents(agreed)),
        prices=known,
        other_care=tuple(other_care),
        household=Household(
            size=household, area="48", income=cents(income) if isinstance(income, (str, int)) else income
        ),
        **(fields or {}),
    )


def _price(billed: Money | None, allowed: object) -> Price:
    charge = None if billed is None else cents(billed)
    if isinstance(allowed, tuple):
        low, planning, high = (None if x is None else cents(x) for x in allowed)
        return Price(billed=charge, allowed_low=low, allowed=planning, allowed_high=high)
    return Price(billed=charge, allowed=None if allowed is None else cents(allowed))


def care_elsewhere(
    on: date, allowed: Money, sharing: str = "deductible, coinsurance 20%", **more: object
) -> OtherCare:
    """Other expected care on a date."""
    return OtherCare(date=on, allowed=cents(allowed), cost_sharing=phrases(sharing), **more)


def ask(*entries: Plan, reference: Reference = REFERENCE, **words: object) -> Estimate:
    """The estimate of ``a_request(…)``."""
    return estimate(a_request(*entries, **words), reference)


# -- answers


def pathway(found: Estimate, id: str = "in_network") -> Pathway:
    return next(each for each in found.pathways if each.id == id)


def scenario(found: Estimate, id: str = "in_network", name: str | None = None) -> Scenario:
    """The only scenario of a pathway, or the one of that name."""
    scenarios = pathway(found, id).scenarios
    if name is None:
        assert len(scenarios) == 1, [each.name for each in scenarios]
        return scenarios[0]
    return next(each for each in scenarios if each.name == name)


def window(found: Estimate, id: str = "in_network", name: str = "course", case: str | None = None) -> Window:
    """A window of the pathway, or of one of its scenarios."""
    windows = pathway(found, id).windows if case is None else scenario(found, id, case).windows
    return next(each for each in windows if each.id == name)


def span(
    found: Estimate, id: str = "in_network", name: str = "course", case: str | None = None
) -> tuple[int | None, ...]:
    """(low, planning, high) in cents."""
    each = window(found, id, name, case)
    return each.low, each.planning, each.high


def planned(
    found: Estimate, id: str = "in_network", name: str = "course", case: str | None = None
) -> int | None:
    return window(found, id, name, case).planning


def lines(found: Estimate, id: str = "in_network", case: str | None = None) -> list[Parts]:
    """What each line of the ledger comes to."""
    return [row.parts for row in scenario(found, id, case).ledger]


def accumulated(found: Estimate, id: str = "in_network", case: str | None = None) -> dict[str, int]:
    """What is used of each limit after the last line."""
    return dict(scenario(found, id, case).ledger[-1].accumulators)


def unknown(found: Estimate, id: str) -> OpenQuestion:
    return next(each for each in found.unknowns if each.id == id)


def unknown_ids(found: Estimate) -> set[str]:
    return {each.id for each in found.unknowns}
