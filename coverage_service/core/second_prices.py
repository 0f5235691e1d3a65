"""The prices at which a second plan is read, where those of the first are open."""

from __future__ import annotations

from collections.abc import Mapping

from coverage_service.core.facts import Network, Unknown
from coverage_service.core.plan import BalanceBilling, UpTo
from coverage_service.core.priced import Priced
from coverage_service.core.unknowns import BELOW_PEAK, HIGH, LOW, PEAK, World

OPPOSITE = {LOW: HIGH, HIGH: LOW, PEAK: LOW, BELOW_PEAK: LOW}
"""Where nothing above the allowed amount is billed, a higher one costs more and is paid more of."""
UP_TO_THE_PEAK = {LOW: PEAK, PEAK: LOW, BELOW_PEAK: LOW}
"""Likewise below the amount at which a limited balance bill is largest; above it the bill stands."""


def prices_of(priced: Priced) -> tuple[str, str, str]:
    """The unknowns that an allowed amount, the lesser of two, may turn on for a second plan."""
    return priced.allowed_id, priced.fee_id, "balance_billing"


def turned_prices(priced: Priced, network: Network, world: World) -> dict[str, int]:
    """The open prices of a world at the ends that a second plan is read at; empty where it reads the same.

    A fee is read at its other end.  So is an allowed amount, unless a patient owes all of the bill
    that no plan pays: both plans together pay no less of a higher amount, and its own end bounds it.
    """
    found = {}
    if (fee := world.get(priced.fee_id)) in (LOW, HIGH):
        found[priced.fee_id] = HIGH - fee
    end = world.get(priced.allowed_id)
    other = _others(priced.plan.balance_billing.get("out", True), network, world)
    if end is not None and end in other:
        found[priced.allowed_id] = other[end]
    return found


def _others(rule: BalanceBilling, network: Network, world: World) -> Mapping[int, int]:
    if isinstance(rule, UpTo) and network == "out":
        return UP_TO_THE_PEAK
    billed = bool(world.get("balance_billing", 1)) if isinstance(rule, Unknown) else rule
    return {} if network == "out" and billed else OPPOSITE
