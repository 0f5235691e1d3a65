"""One procedure code with one plan entry: its prices, its benefit rows and its gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from coverage_service.core.benefits import Row, Setting, rows_for, services_of
from coverage_service.core.cost_sharing import NOT_COVERED
from coverage_service.core.coverage import (
    Gate,
    credentials,
    exclusions_denied,
    gate_over_candidates,
    out_of_network,
)
from coverage_service.core.eras import tell_carried
from coverage_service.core.facts import UNKNOWN, Confidence, Network, Origin, Unknown
from coverage_service.core.findings import Findings
from coverage_service.core.liability import NO_BENEFIT, OPEN, VISIT_LIMIT, Liability, liability
from coverage_service.core.offer import Facts as Facts
from coverage_service.core.offer import Offer as Offer
from coverage_service.core.plan import Plan
from coverage_service.core.pricing import AllowedRule, allowed_in_network, allowed_out_of_network, billed
from coverage_service.core.request import IN_PERSON
from coverage_service.core.unknowns import ANYTHING, Figure, World, exactly

COVERED, REFUSED = "covered", "not_covered"
SETTING_NAMES = ("tier", "modality", "licence")
SETTING_IDS = ("tier:setting", "modality:setting", "licence:setting")


@dataclass(frozen=True, slots=True)
class Priced:
    """One code in one era; ``rows`` are the benefit rows that may apply, per setting.

    ``allowed_id``: the unknown that an open allowed amount is, the code's own where none of its ends favours;
    ``fee_id``: the one that an open charge is, the scale's or that of the full fee.
    ``liability``: who bears a refusal of the gate; ``no_benefit``: of a row that says ``not covered``;
    ``beyond_limit``: of the visits beyond a visit limit.
    """

    plan: Plan
    era: int
    cpt: str
    services: tuple[str, ...]
    billed: Figure
    allowed: AllowedRule
    allowed_id: str
    fee_id: str
    gate: Gate
    rows: tuple[tuple[Row, ...], ...]
    why: tuple[int, ...]
    liability: Liability
    no_benefit: Liability
    beyond_limit: Liability
    refused_rate: str | None

    @property
    def alternatives(self) -> tuple[Row, ...]:
        """Every row that may apply in some setting, each once."""
        if len(self.rows) == 1 and len(self.rows[0]) == 1:
            return self.rows[0]
        return tuple(dict.fromkeys([row for rows in self.rows for row in rows]))

    def refuses(self, scenario: str) -> bool:
        """Whether the plan refuses the line in a scenario."""
        verdict = self.gate.verdict
        return verdict == "no" or (verdict == "unknown" and scenario == REFUSED)


def priced_codes(facts: Facts, offer: Offer, settings: tuple[Setting, ...]) -> dict[tuple[int, str], Priced]:
    """Every code of the course, by era and code."""
    course = facts.course
    wanted = dict.fromkeys((position.era, cpt) for position in course.positions for cpt in position.codes)
    return {
        (era, cpt): _price(facts.at(era), offer, settings, course.entries[era], era, cpt)
        for era, cpt in wanted
    }


def _price(
    facts: Facts, offer: Offer, settings: tuple[Setting, ...], plan: Plan, era: int, cpt: str
) -> Priced:
    charge, fee_origin = billed(facts.request, facts.therapist, cpt, facts.findings)
    charge = offer.fees.get((era, cpt), charge)
    rule = _allowed(facts, offer, plan, cpt)
    if rule.schedule is not None and rule.figure is not ANYTHING:
        tell_carried("schedule", (rule.schedule,), facts.course.days_of(era), facts.findings)
    if offer.agreed is not None:
        charge = exactly(offer.agreed)
    services, rows = _rows(facts, plan, cpt, tuple([_of_era(facts, setting) for setting in settings]))
    no_benefit = liability(plan, facts.request.care, offer.network, NO_BENEFIT)
    gate = _unless_paid(_gate(facts, plan, cpt, offer.network), rows, no_benefit)
    return Priced(
        plan=plan,
        era=era,
        cpt=cpt,
        services=services,
        billed=charge,
        allowed=rule,
        allowed_id=offer.allowed_id if _favours(plan, offer, (era, cpt)) else f"{offer.allowed_id}:{cpt}",
        fee_id="sliding" if (era, cpt) in offer.fees else "fee",
        gate=gate,
        rows=rows,
        why=_why(facts, offer, cpt, _sure(rule.figure, rule.origin), _sure(charge, fee_origin)),
        liability="patient" if offer.network == "out" else gate.liability or "unknown",
        no_benefit=no_benefit,
        beyond_limit=liability(plan, facts.request.care, offer.network, VISIT_LIMIT),
        refused_rate=_refused_rate(plan, offer.network),
    )


def _favours(plan: Plan, offer: Offer, code: tuple[int, str]) -> bool:
    """Whether an end of an allowed amount favours: not where a balance bill is limited or a share capped."""
    if offer.network == "in":
        return code not in offer.share_caps
    return isinstance(plan.balance_billing.get("out", True), bool)


def _rows(
    facts: Facts, plan: Plan, cpt: str, settings: tuple[Setting, ...]
) -> tuple[tuple[str, ...], tuple[tuple[Row, ...], ...]]:
    """The services of a code, and the benefit rows that may apply in each setting."""

    def find(_: Findings) -> tuple[tuple[str, ...], tuple[tuple[Row, ...], ...]]:
        services = services_of(cpt, facts.reference)
        return services, tuple([rows_for(plan, services, setting) for setting in settings])

    return facts.shared.once(("rows", id(plan), cpt, settings), facts.findings, find)


def _gate(facts: Facts, plan: Plan, cpt: str, network: Network) -> Gate:
    """The gate of a line, which sees of a clinician only the credentials."""
    held, care, reference = credentials(facts.therapist), facts.request.care, facts.reference

    def find(told: Findings) -> Gate:
        answer = facts.request.answers.get("exclusions")
        if answer is not None and answer.value is not None:
            denied = exclusions_denied(plan, care, cpt, reference, answer.value)
            if denied is not None:
                told.notice("answer_contradicts_document", denied, id="exclusions")
        return gate_over_candidates(plan, facts.therapist, care, cpt, "in", reference)

    found: Gate = facts.shared.once(("gate", id(plan), held, cpt), facts.findings, find)
    return found if network == "in" else out_of_network(found)


def _unless_paid(gate: Gate, rows: tuple[tuple[Row, ...], ...], no_benefit: Liability) -> Gate:
    """The gate of a line for which every row says ``not covered``: no, whatever else it turns on."""
    if gate.verdict == "no" or any(row.cost_sharing is not NOT_COVERED for each in rows for row in each):
        return gate
    ids = (OPEN[no_benefit],) if no_benefit in OPEN else ()
    return replace(gate, verdict="no", liability=no_benefit, unknown_ids=ids)


def _allowed(facts: Facts, offer: Offer, plan: Plan, cpt: str) -> AllowedRule:
    request, findings = facts.request, facts.findings
    if offer.agreed is not None:
        return AllowedRule(exactly(offer.agreed), origin=request.origin)
    if offer.network == "out":
        return allowed_out_of_network(request, plan, facts.therapist, cpt, facts.reference, findings)
    return allowed_in_network(request, plan, facts.entry, facts.therapist, cpt, facts.reference, findings)


def _refused_rate(plan: Plan, network: Network) -> str | None:
    """What a refused line is charged at: contracted | billed, None = not known."""
    if network == "out":
        return "billed"
    rate = plan.not_covered_rate.get(network, UNKNOWN)
    return None if isinstance(rate, Unknown) else rate


def _sure(figure: Figure | None, origin: Origin) -> Origin:
    """An origin that supports nothing where nothing is known of its figure."""
    return replace(origin, confidence=Confidence.UNKNOWN) if figure == ANYTHING else origin


def _why(facts: Facts, offer: Offer, cpt: str, allowed: Origin, fee: Origin) -> tuple[int, ...]:
    because = facts.findings.because
    return (
        because("fee", fee, cpt=cpt),
        because("allowed_amount", allowed, cpt=cpt, network=offer.network),
    )


def settings_of(facts: Facts, network: Network) -> tuple[Setting, ...]:
    """The settings a row may be chosen by; several when tier, modality or licence is open."""
    plan = facts.course.entries[0]
    rows = [row for row in plan.benefits if row.network in (None, network)]
    care = facts.request.care
    licence = facts.therapist.clinician.licence if facts.therapist else UNKNOWN
    known = None if isinstance(licence, Unknown) else licence
    tiers = _one_or_all(_tier(facts), {row.tier for row in rows})
    modalities = _one_or_all(care.modality, {row.modality for row in rows} | {IN_PERSON})
    licences = [known] if known else [None, *sorted({name for row in rows for name in row.licences})]
    return tuple(Setting(network, *each) for each in product(tiers, modalities, licences))


def _of_era(facts: Facts, setting: Setting) -> Setting:
    """A setting with the tier and the licence that an era's entries state."""
    tier, licence = _tier(facts), facts.therapist.clinician.licence if facts.therapist else UNKNOWN
    if tier is not None and tier != setting.tier:
        setting = replace(setting, tier=tier)
    if not isinstance(licence, Unknown) and licence != setting.licence:
        setting = replace(setting, licence=licence)
    return setting


def _one_or_all(said: str | None, named: set[str | None]) -> list[str | None]:
    if said is not None:
        return [said]
    return [*sorted(name for name in named if name)] or [None]


def _tier(facts: Facts) -> str | None:
    said = facts.request.network.tier or (facts.entry.tier if facts.entry else None)
    return said if isinstance(said, str) else None


def setting_index(world: World) -> int:
    """Which setting a world has taken."""
    return next((world[id] for id in SETTING_IDS if id in world), 0)
