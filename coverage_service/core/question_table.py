"""The question table: who can answer what, and which fact an answer fills.

Codes only; the wordings live in ``rules/questions/<language>.yaml``.  A row's place is its
order: that of the published checklist, each extra id right after the question it belongs to.
A waiver stands before the prices, which nobody owes without one.

What a number means: ``*_remaining`` (as ``ded_remaining``) and ``eap`` take what is *left*;
``first_n`` and ``visit_limit`` the visits *used*; ``sliding`` the fee that the practice
offers this person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

INSURER, PRACTICE, HR, MEDIGAP = "insurer", "practice", "hr", "medigap"
CLIENT = "client"
"""The person who asks: such a question stands on the page and in no script."""
LISTENERS: Final = (INSURER, PRACTICE, HR, MEDIGAP)

IN, OUT, UNINSURED = "in_network", "out_of_network", "uninsured"
MEDICAID, MEDICARE, HR_EAP = "medicaid", "medicare", "hr_eap"
SITUATIONS: Final = (IN, OUT, UNINSURED, MEDICAID, MEDICARE, HR_EAP)
INSURED = (IN, OUT)

CENTS, PERCENT, COUNT, YES_NO = "cents", "percent", "count", "yes_no"
CHOICE, DATE, CODE, TEXT = "choice", "date", "code", "text"
TYPES: Final = (CENTS, PERCENT, COUNT, YES_NO, CHOICE, DATE, CODE, TEXT)

MONTH_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
ICD_10 = r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One row of the table.

    ``fills`` is the fact an answer fills, in the words of the request or the rule file
    (``{network}``, ``{code}``, ``{pool}``, ``{service}`` stand for those of the unknown).
    ``situations``: whose whole list holds it.  ``script_only``: it moves no amount and is
    asked all the same.  ``per_code``: the value may also be ``{procedure code: value}``.
    ``unit``: what a count counts.
    """

    id: str
    ask: tuple[str, ...]
    situations: tuple[str, ...]
    type: str
    fills: str
    choices: tuple[str, ...] = ()
    highest: int = 0
    pattern: str = ""
    per_code: bool = False
    script_only: bool = False
    unit: str = ""


Names = str | tuple[str, ...]


def _q(id: str, ask: Names, situations: Names, type: str, fills: str, *choices: str, **more: Any) -> Question:
    """A row; a single listener or situation needs no tuple."""
    return Question(
        id=id, ask=_many(ask), situations=_many(situations), type=type, fills=fills, choices=choices, **more
    )


def _many(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


BOTH = (INSURER, PRACTICE)
NONE: tuple[str, ...] = ()

QUESTIONS: Final[tuple[Question, ...]] = (
    _q("plan", CLIENT, NONE, TEXT, "plan"),
    _q("bh_admin", INSURER, INSURED, TEXT, "plan.behavioral_health_administrator"),
    _q("network_status", BOTH, INSURED, CHOICE, "network.status", "in", "out"),
    _q("tier", BOTH, NONE, CODE, "network.tier", pattern=r"[\w-]{1,20}"),
    _q("cost_share", INSURER, (IN, OUT, MEDICAID), TEXT, "plan.benefits.cost_sharing"),
    _q(
        "ded_applies", INSURER, INSURED, CHOICE, "plan.benefits.cost_sharing",
        "copay_only", "whole_amount", "copay_and_rest"
    ),
    _q(
        "coinsurance_base", INSURER, NONE, CHOICE, "plan.benefits.cost_sharing", "whole_amount", "after_copay"
    ),
    _q("ded_remaining", INSURER, (IN, OUT, MEDICARE), CENTS, "used.limits.{network}.deductible_cents"),
    _q("family_ded_remaining", INSURER, NONE, CENTS, "used.limits.{network}.family_deductible_cents"),
    _q(
        "family_method", INSURER, NONE, CHOICE, "plan.limits.{network}.deductible.family_method",
        "embedded", "aggregate", "members", "self_only"
    ),
    _q(
        "family_members_met", INSURER, NONE, COUNT, "used.limits.{network}.family_members_met",
        unit="people", highest=20
    ),
    _q("deductible_amount", INSURER, NONE, CENTS, "plan.limits.{network}.deductible.person"),
    _q("used_as_of", INSURER, NONE, DATE, "used.as_of"),
    _q("oop_remaining", INSURER, INSURED, CENTS, "used.limits.{network}.out_of_pocket_cents"),
    _q("family_oop_remaining", INSURER, NONE, CENTS, "used.limits.{network}.family_out_of_pocket_cents"),
    _q("oop_amount", INSURER, NONE, CENTS, "plan.limits.{network}.out_of_pocket_maximum.person"),
    _q("first_n", INSURER, NONE, COUNT, "used.visits.{pool}", unit="visits", highest=366),
    _q("bh_separate", INSURER, NONE, CENTS, "plan.limits.behavioral_health.deductible.person"),
    _q("bh_ded_remaining", INSURER, NONE, CENTS, "used.limits.behavioral_health.deductible_cents"),
    _q(
        "bh_family_ded_remaining", INSURER, NONE, CENTS,
        "used.limits.behavioral_health.family_deductible_cents"
    ),
    _q("waiver_signed", PRACTICE, NONE, YES_NO, "care.waiver_signed"),
    _q("allowed_amount", INSURER, INSURED, CENTS, "prices.{code}.allowed_cents", per_code=True),
    _q("coverage", INSURER, NONE, YES_NO, "plan.coverage.diagnoses"),
    _q("dx_coverage", INSURER, INSURED, YES_NO, "plan.coverage.diagnoses"),
    _q("exclusions", INSURER, (IN, OUT, MEDICAID), YES_NO, "plan.coverage.exclusions"),
    _q("couple_code", INSURER, INSURED, YES_NO, "care.identified_patient"),
    _q("long_session", INSURER, NONE, YES_NO, "plan.coverage.codes.{code}"),
    _q("credential", INSURER, NONE, YES_NO, "plan.coverage.licences"),
    _q("associates", INSURER, NONE, YES_NO, "plan.coverage.associates"),
    _q("auth", INSURER, (IN, OUT, MEDICAID), YES_NO, "plan.coverage.prior_authorization"),
    _q("auth_obtained", BOTH, NONE, YES_NO, "care.authorization"),
    _q("referral", INSURER, (IN, OUT, MEDICAID), YES_NO, "plan.coverage.referral"),
    _q("referral_obtained", BOTH, NONE, YES_NO, "care.referral"),
    _q("denial_liability", BOTH, INSURED, CHOICE, "plan.coverage.liability", "patient", "provider"),
    _q("may_be_billed", BOTH, MEDICAID, YES_NO, "plan.coverage.liability", script_only=True),
    _q("not_covered_rate", BOTH, NONE, CHOICE, "plan.not_covered_rate.{network}", "contracted", "billed"),
    _q("visit_limit", INSURER, INSURED, COUNT, "used.visits.{service}", unit="visits", highest=366),
    _q("visit_cap", INSURER, NONE, COUNT, "plan.visit_limits.visits", unit="visits", highest=366),
    _q("telehealth", INSURER, MEDICARE, YES_NO, "plan.coverage.telehealth"),
    _q("modality", CLIENT, NONE, CHOICE, "care.modality", "in_person", "telehealth"),
    _q("client_state", CLIENT, NONE, CODE, "care.client_state", pattern=r"[A-Z]{2}"),
    _q("oon_benefit", INSURER, OUT, YES_NO, "plan.benefits"),
    _q("oon_cost_share", INSURER, NONE, TEXT, "plan.benefits.cost_sharing"),
    _q("oon_ded_remaining", INSURER, NONE, CENTS, "used.limits.out_of_network.deductible_cents"),
    _q("oon_deductible_amount", INSURER, NONE, CENTS, "plan.limits.out_of_network.deductible.person"),
    _q("oon_oop_remaining", INSURER, NONE, CENTS, "used.limits.out_of_network.out_of_pocket_cents"),
    _q("cross", INSURER, NONE, CHOICE, "plan.cross", "none", "in_to_out", "out_to_in", "both"),
    _q("balance_billing", BOTH, NONE, YES_NO, "plan.balance_billing.{network}"),
    _q("oon_method", INSURER, OUT, CENTS, "prices.{code}.allowed_cents", per_code=True),
    _q("oon_figure", INSURER, NONE, CHOICE, "plan.allowed_amounts.out", "allowed_amount", "plan_payment"),
    _q("oon_claims", INSURER, OUT, CHOICE, "plan.claims.out.paid_to", "member", "clinician"),
    _q("filing_deadline", INSURER, NONE, COUNT, "plan.claims.out.file_within", unit="days", highest=3660),
    _q("gap_exception", INSURER, OUT, YES_NO, "network.status", script_only=True),
    _q("agreed_rate", BOTH, NONE, CENTS, "network.agreed_cents"),
    _q("eob_privacy", INSURER, INSURED, TEXT, "", script_only=True),
    _q("plan_year", (INSURER, HR), HR_EAP, CODE, "plan.effective.plan_year_starts", pattern=MONTH_DAY),
    _q("funding", (INSURER, HR), HR_EAP, CHOICE, "plan.market.funding", "insured", "self_funded"),
    _q("plan_state", (INSURER, HR), NONE, CODE, "plan.market.state", pattern=r"[A-Z]{2}"),
    _q("hsa_contribution", HR, HR_EAP, CENTS, "", script_only=True),
    _q("second_plan", (HR, INSURER), HR_EAP, CHOICE, "secondary", "none", "primary", "secondary"),
    _q(
        "coordination", (HR, INSURER), NONE, CHOICE, "secondary.plan.coordination",
        "standard", "non_duplication", "maintenance_of_benefits"
    ),
    _q("supplement", (INSURER, MEDIGAP), MEDICARE, TEXT, "secondary.plan"),
    _q("eap", HR, HR_EAP, COUNT, "eap.sessions_left", unit="visits", highest=52),
    _q("eap_panel", (HR, PRACTICE), NONE, YES_NO, "therapist.eap_programmes"),
    _q("eap_privacy", HR, HR_EAP, TEXT, "", script_only=True),
    _q("fee", PRACTICE, (OUT, UNINSURED), CENTS, "prices.{code}.billed_cents", per_code=True),
    _q("intake", PRACTICE, NONE, YES_NO, "care.intake"),
    _q("accepts_plan", PRACTICE, OUT, YES_NO, "network.status"),
    _q("superbill", PRACTICE, NONE, YES_NO, "therapist.superbill"),
    _q("sliding", PRACTICE, UNINSURED, CENTS, "therapist.sliding.fee"),
    _q("sliding_slots", PRACTICE, NONE, YES_NO, "therapist.sliding.slots"),
    _q("sliding_claims", PRACTICE, NONE, YES_NO, "therapist.sliding.with_out_of_network_claims"),
    _q("household_income", CLIENT, NONE, CENTS, "household.income_cents"),
    _q("household_size", CLIENT, NONE, COUNT, "household.size", unit="people", highest=30),
    _q("household_area", CLIENT, NONE, CHOICE, "household.area", "48", "AK", "HI"),
    _q("licence", PRACTICE, UNINSURED, CODE, "therapist.clinician.licence", pattern=r"[A-Z][A-Z -]{1,19}"),
    _q("licensed_in", PRACTICE, NONE, YES_NO, "therapist.clinician.licensed_in"),
    _q("supervised", PRACTICE, NONE, YES_NO, "therapist.clinician.supervised"),
    _q("sex_cert", PRACTICE, SITUATIONS, TEXT, "therapist.clinician.certifications", script_only=True),
    _q("background_fit", PRACTICE, SITUATIONS, TEXT, "", script_only=True),
    _q("dx_billing", PRACTICE, NONE, CODE, "care.diagnosis", pattern=ICD_10),
    _q("freq_length", PRACTICE, UNINSURED, COUNT, "care.sessions", unit="visits", highest=520),
    _q("every_days", PRACTICE, NONE, COUNT, "care.every_days", unit="days", highest=366),
    _q("session_length", PRACTICE, NONE, COUNT, "care.minutes", unit="minutes", highest=480),
    _q("care_format", CLIENT, NONE, CHOICE, "care.format", "individual", "couple", "group"),
    _q("first_session", CLIENT, NONE, DATE, "care.first_session"),
    _q("other_care", CLIENT, NONE, CENTS, "other_care"),
    _q("other_cost_share", INSURER, NONE, TEXT, "other_care.cost_sharing"),
    _q("gfe", PRACTICE, UNINSURED, CENTS, "prices.{code}.billed_cents", per_code=True, script_only=True),
    _q("marketplace_check", PRACTICE, UNINSURED, YES_NO, "", script_only=True),
    _q("health_center", PRACTICE, UNINSURED, TEXT, "", script_only=True),
    _q("medicare_status", PRACTICE, MEDICARE, CHOICE, "network.status", "in", "out", "opted_out"),
    _q("medigap_visit", MEDIGAP, MEDICARE, YES_NO, "secondary.plan.pays"),
    _q("medicaid_enrolled", PRACTICE, MEDICAID, YES_NO, "network.status"),
)  # fmt: skip

BY_ID: Final[Mapping[str, Question]] = MappingProxyType({row.id: row for row in QUESTIONS})
PLACE: Final[Mapping[str, int]] = MappingProxyType({row.id: n for n, row in enumerate(QUESTIONS)})
