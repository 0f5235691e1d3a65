"""The English words of the command line for what the core tells as codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.core.facts import Between
from coverage_service.core.money import dollars
from coverage_service.core.terms import BOUNDLESS

PATHWAYS: Final[Mapping[str, str]] = {
    "in_network": "In network",
    "out_of_network": "Out of network",
    "full_fee": "Full fee",
    "sliding_fee": "Sliding fee",
    "eap_first": "Free sessions first",
    "gap_exception": "Gap exception",
}
WINDOWS: Final[Mapping[str, str]] = {
    "next_session": "next session",
    "first_30_days": "first 30 days",
    "rest_of_plan_year": "rest of the plan year",
    "twelve_months": "12 months",
    "course": "whole course",
}
MEANING: Final[Mapping[str, str]] = {
    "out_of_network": "you pay, and send a superbill to your plan",
    "full_fee": "no insurance used",
    "sliding_fee": "no insurance used",
    "eap_first": "an employee programme pays the first ones",
    "gap_exception": "out of network at the in-network level, as agreed with the plan",
}
"""What a way to pay means, where its name does not say it."""
SCENARIOS: Final[Mapping[str, str]] = {
    "covered": "if covered",
    "not_covered": "if not covered",
}
EVENTS: Final[Mapping[str, str]] = {
    "deductible_met": "the deductible is met",
    "oop_met": "the out-of-pocket maximum is reached",
    "plan_year_reset": "a new plan year starts, everything counts from nothing again",
    "visit_limit": "the visit limit is reached",
    "eap_used_up": "the free sessions are used up",
}
CONFIDENCE: Final = ("unknown", "assumed", "stated", "verified")
BASIS: Final[Mapping[str, str]] = {
    "said": "you said",
    "document": "from the rule file",
    "default": "assumed",
    "unknown": "not known",
}


def named(words: Mapping[str, str], code: str) -> str:
    """The words for a code; one without words is told as it is."""
    return words.get(code, code.replace("_", " "))


def amount(value: Any) -> str:
    """An amount of a test: exact, between two ends, a word, or not known."""
    if isinstance(value, Between):
        return f"between {dollars(value.low)} and {bound(value.high)}"
    if isinstance(value, int) and not isinstance(value, bool):
        return bound(value)
    return "unknown" if value is None else str(value)


def bound(cents: int) -> str:
    """Cents in dollars; a figure without a bound in words."""
    return dollars(cents) if cents < BOUNDLESS else "no known limit"
