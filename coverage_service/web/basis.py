"""Which figures of a drawing somebody stated: what has no basis is not drawn but told as not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from coverage_service.core.answer import Estimate, FactUsed, Pathway, Scenario, Why
from coverage_service.core.money import dollars
from coverage_service.core.priced import REFUSED
from coverage_service.figures import AS_CASES, moving_of
from coverage_service.html.speech import gettext as _
from coverage_service.json_values import known
from coverage_service.web.amounts import ends_said
from coverage_service.web.sentences import fact_of, readings

SELF_PAY = frozenset({"full_fee", "sliding_fee"})
"""The ways to pay on which no plan is asked."""
PLANNING, NEXT = "planning", "next_session"
FREE = "eap_session"
NEEDED = {"allowed_amount": "allowed_amount", "cost_sharing": "cost_share"}
"""The reasons that a covered session's figures rest on, with the question for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A figure that a session's price is made of: its amount, or the question that would settle it."""

    name: str
    amount: str
    question: str = ""
    share: bool = False


def missing(found: Estimate, pathway: Pathway, scenario: Scenario) -> tuple[str, ...]:
    """The questions without whose answers the ledger of a scenario cannot be drawn.

    A refused or self-paid session needs its price alone; a covered one also the allowed amount,
    a single reading of the share, and every limit that moves it.
    """
    moving = moving_of(found, pathway)
    if price_alone(pathway, scenario):
        open = [u.question for u in moving]
        return () if planned(pathway, scenario) else tuple(open or ("fee",))
    facts = {fact.id: fact for fact in found.facts}
    used = _used(found, scenario)
    codes = {why.code for why in used}
    needed = {} if FREE in codes else NEEDED
    ids = [question for code, question in needed.items() if code not in codes]
    ids += [question for why in used for question in _open(why, facts)]
    own = {u.question for u in moving if u.id not in AS_CASES}
    ids += [q for fact in found.facts if (q := fact.question or "") in own and fact.basis == "unknown"]
    return tuple(dict.fromkeys(ids))


def planned(pathway: Pathway, scenario: Scenario) -> bool:
    """Whether the ledger's figures are those to plan for, or the only ones there can be."""
    ends = [(window.low, window.high) for window in scenario.windows]
    sole = price_alone(pathway, scenario) and all(
        low == high and known(low) is not None for low, high in ends
    )
    return scenario.run == PLANNING or sole


def price_alone(pathway: Pathway, scenario: Scenario) -> bool:
    """Whether a session costs its price, with no part of a plan's in it."""
    return pathway.id in SELF_PAY or scenario.name == REFUSED


def _used(found: Estimate, scenario: Scenario) -> list[Why]:
    rows = [row for row in scenario.ledger if row.number > 0]
    return [found.why[index] for index in dict.fromkeys([index for row in rows for index in row.why])]


def _open(why: Why, facts: Mapping[str, FactUsed]) -> tuple[str, ...]:
    """The question that a reason leaves open."""
    if why.code == "cost_sharing":
        return () if len(why.params.get("phrases", ())) == 1 else ("cost_share",)
    fact = fact_of(why, facts)
    return (fact.question or why.code,) if fact and not stated(fact) else ()


def stated(fact: FactUsed) -> bool:
    """Whether a fact is one figure that somebody stated, or a range with a figure to plan for."""
    return isinstance(fact.value, int) or getattr(fact.value, "planning", None) is not None


def at_end(scenario: Scenario) -> bool:
    """Whether the next session of the run that is shown costs what the session is said to cost at most.

    The run is that of the whole course: what makes the course dear may make its first session cheap.
    """
    parts = scenario.next_session
    ends = [window for window in scenario.windows if window.id == NEXT]
    return parts is not None and any(parts.patient in (each.high, each.planning) for each in ends)


def known_parts(found: Estimate, scenario: Scenario, now: str) -> tuple[Known, ...]:
    """The figures of the next session one by one, for where they cannot be drawn; ``now``: what is due."""
    facts = {fact.id: fact for fact in found.facts}
    rows = [row for row in scenario.ledger if row.number > 0]
    if not rows:
        return ()
    parts = [_part(found.why[index], facts) for index in rows[0].why]
    if not at_end(scenario):
        parts = [replace(part, amount="") if part and part.share else part for part in parts]
    return (*(part for part in parts if part), Known(name=_("You pay"), amount=now))


def _part(why: Why, facts: Mapping[str, FactUsed]) -> Known | None:
    fact = fact_of(why, facts)
    if why.code == "cost_sharing":
        told = readings(why.params.get("phrases", ()))
        return Known(name=_("Your share"), amount=told, question="" if told else "cost_share", share=True)
    if fact is None:
        return None
    name = _("Fee") if why.code == "fee" else _("What the plan counts (allowed amount)")
    if isinstance(fact.value, int):
        return Known(name=name, amount=dollars(fact.value))
    low, high = getattr(fact.value, "low", None), getattr(fact.value, "high", None)
    said = ends_said(low, high, False) if high is not None else ""
    return Known(name=name, amount=said, question="" if stated(fact) else fact.question or "")
