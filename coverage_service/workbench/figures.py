"""Amounts and codes in the words of the person who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.core.facts import Between
from coverage_service.core.money import dollars
from coverage_service.core.terms import BOUNDLESS
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import lazy_gettext

PARTS: Final[Mapping[str, Any]] = {
    "billed": lazy_gettext("Billed"),
    "allowed": lazy_gettext("Allowed by the plan"),
    "patient": lazy_gettext("The patient pays"),
    "plan": lazy_gettext("The plan pays"),
    "write_off": lazy_gettext("Written off"),
    "deductible": lazy_gettext("Deductible"),
    "copay": lazy_gettext("Copay"),
    "coinsurance": lazy_gettext("Coinsurance"),
    "balance": lazy_gettext("Balance bill"),
    "not_covered": lazy_gettext("Not covered"),
    "covered": lazy_gettext("Covered"),
    "liability": lazy_gettext("Who bears a refusal"),
    "patient_if_covered": lazy_gettext("The patient pays, if covered"),
    "patient_if_not": lazy_gettext("The patient pays, if not covered"),
    "patient_if_liable": lazy_gettext("The patient pays, if liable"),
    "patient_if_provider_liable": lazy_gettext("The patient pays, if the provider is liable"),
    "total": lazy_gettext("Whole course"),
    "low": lazy_gettext("Low end"),
    "high": lazy_gettext("High end"),
    "fee": lazy_gettext("Sliding fee"),
    "reason": lazy_gettext("Reason"),
    "without_reason": lazy_gettext("Reason that is not told"),
}
"""The figures of a test."""
CAUSES: Final[Mapping[str, Any]] = {
    "write_off": lazy_gettext("Written off: the clinician may not collect it"),
    "above_allowed": lazy_gettext("Above the allowed amount, billed to the patient"),
    "plan_pays": lazy_gettext("The plan pays the rest"),
    "out_of_pocket_limit": lazy_gettext("Taken back: the out-of-pocket maximum is reached"),
    "plan_maximum": lazy_gettext("Above the most that the plan pays"),
    "sliding_cap": lazy_gettext("Forgiven by the practice's sliding scale"),
    "second_plan": lazy_gettext("The second plan pays"),
    "self_pay": lazy_gettext("The clinician's fee: no plan sees it"),
    "not_covered": lazy_gettext("Not covered: the patient pays"),
    "visit_limit_reached": lazy_gettext("Beyond the visit limit: the patient pays"),
    "sequestration": lazy_gettext("The law's cut of the plan's payment"),
}
"""Why money moves where no phrase of cost sharing says it."""
WORDS: Final[Mapping[str, Any]] = {
    "yes": lazy_gettext("yes"),
    "no": lazy_gettext("no"),
    "unknown": lazy_gettext("not known"),
    "patient": lazy_gettext("the patient"),
    "provider": lazy_gettext("the provider"),
}


def named(words: Mapping[str, Any], code: str) -> str:
    """The words for a code; one without words as it is spelt in the rule files."""
    return str(words.get(code, code.replace("_", " ")))


def figure(value: Any) -> str:
    """A figure of a test: exact, between two ends, a word, or not known."""
    if isinstance(value, Between):
        return _("%(low)s to %(high)s", low=bound(value.low), high=bound(value.high))
    if isinstance(value, int) and not isinstance(value, bool):
        return bound(value)
    return _("not known") if value is None else named(WORDS, str(value))


def bound(cents: int) -> str:
    """Cents in dollars; a figure without a bound in words."""
    return dollars(cents) if cents < BOUNDLESS else _("no known limit")
