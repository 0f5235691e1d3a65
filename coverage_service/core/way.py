"""A way to pay before it is priced, and what the file of a practice says of its network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coverage_service.core.answer import Note
from coverage_service.core.facts import UNKNOWN, Unknown
from coverage_service.core.insured import Insured
from coverage_service.core.priced import Facts
from coverage_service.core.secondary import WithSecondary
from coverage_service.core.selfpay import EapFirst, Route

YES, NO, MAYBE = "yes", "no", "unknown"
IN_NETWORK, OUT_OF_NETWORK, FULL_FEE = "in_network", "out_of_network", "full_fee"
SLIDING_FEE, EAP_FIRST, GAP_EXCEPTION = "sliding_fee", "eap_first", "gap_exception"


@dataclass(frozen=True, slots=True)
class Way:
    """One pathway before it is priced.

    ``ceiling_only``: nothing is known but that the bill is never exceeded, so only the high
    end is given.  ``unplanned``: an input without a default is open (the network), or the
    rule behind it is stale, so there is no planning figure.
    """

    id: str
    possible: str
    reasons: tuple[Note, ...] = ()
    route: Route | None = None
    then: str | None = None
    fee: str | None = None
    ceiling_only: bool = False
    unplanned: bool = False


def network_status(facts: Facts) -> str | None:
    """In | out | opted_out | gap_exception as said or as the practice's file states.

    One that changes while the course runs is none for all of it, and has to be asked.
    """
    said = facts.request.network.status
    if said is not None:
        return said
    stated = {entry.status if entry is not None else UNKNOWN for entry in facts.course.standings}
    status = stated.pop()
    return None if stated or isinstance(status, Unknown) else status


def insured_route(way: Way) -> Insured | None:
    """The plan's own route behind a pathway, a second plan aside."""
    route = way.route.first if isinstance(way.route, WithSecondary) else way.route
    return route if isinstance(route, Insured) else None


def route_after_free_sessions(way: Way) -> Insured | None:
    """The plan's own route behind a pathway, free sessions of a programme and a second plan aside."""
    then = way.route.then if isinstance(way.route, EapFirst) else way.route
    return insured_route(replace(way, route=then))
