"""The plain words for the parts of a fee, and money and dates as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from coverage_service.core.money import dollars
from coverage_service.html.speech import dated
from coverage_service.html.speech import lazy_gettext as _

PARTS: Final[Mapping[str, Any]] = {
    "billed": _("Fee"),
    "write_off": _("Written off by contract"),
    "deductible": _("Your deductible"),
    "copay": _("Copay"),
    "coinsurance": _("Your percent (coinsurance)"),
    "over_maximum": _("Above the most the plan pays for a visit"),
    "balance": _("Above what the plan counts (balance bill)"),
    "noncovered": _("Not covered"),
    "plan_pays": _("Plan pays"),
    "secondary_pays": _("Second plan pays"),
    "forgiven": _("Taken off by the health center"),
    "allowed": _("What the plan counts (allowed amount)"),
    "patient": _("You pay"),
    "at_visit": _("At the visit"),
    "later_bill": _("On a bill later"),
    "later_refund": _("Comes back to you later"),
}
"""What each field of ``Parts`` is called."""
SELF_PAY: Final = _("Paid without insurance")
"""What ``noncovered`` is called where no plan is asked."""
NO_PART: Final = _("You pay nothing")
EVENTS: Final[Mapping[str, Any]] = {
    "deductible_met": _("your deductible is met"),
    "oop_met": _("you reach the most you pay in a plan year"),
    "plan_year_reset": _("a new plan year starts"),
    "visit_limit": _("your plan's visit limit is reached"),
    "eap_used_up": _("your free sessions are used up"),
}
"""What each turn of a course is called, after its date."""


def part_name(name: str, insured: bool = True) -> str:
    """What a part is called; a fee that no plan is asked about is not "not covered"."""
    return str(SELF_PAY if name == "noncovered" and not insured else PARTS[name])


def money(cents: int) -> str:
    """Exact, without the cents where there are none: "$1,260", "$24.37"; the same in es_US."""
    return dollars(cents)


def whole_dollars(amount: int) -> str:
    """Whole dollars: "$1,260"."""
    return dollars(amount * 100)


def about(cents: int) -> str:
    """The nearest whole dollar, for a label on a bar."""
    return whole_dollars((cents + 50) // 100)


def less(cents: int) -> str:
    """An amount that is taken off, with a minus sign."""
    return f"\N{MINUS SIGN}{money(cents)}"


def day(on: date) -> str:
    """A day without its year: "Nov 30", "30 nov"."""
    return dated(on, "MMMd")


def full_day(on: date) -> str:
    """A day with its year: "Nov 30, 2026"."""
    return dated(on, "yMMMd")


def month(on: date) -> str:
    """A month with its year: "Nov 2026"."""
    return dated(on, "yMMM")
