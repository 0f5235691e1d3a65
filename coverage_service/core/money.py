"""Cents and basis points: the two doors for text, and the only rounding.

Everything inside the core is a plain ``int``: cents for money, basis points for
percentages (20 % = 2000).  Binary floats never hold money (see CONTRIBUTING).
"""

from __future__ import annotations

import re
from typing import NamedTuple

WHOLE = 10_000
"""100 % in basis points."""
LARGEST = 100_000_000_00
"""Amounts above one hundred million dollars are refused as mistakes."""

_DOLLARS = re.compile(r"\$(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?%", re.ASCII)


def parse_dollars(text: str) -> int:
    """Cents of ``"$1,234.50"``.  Raises ValueError saying what to write."""
    found = _DOLLARS.fullmatch(text.strip())
    if not found:
        raise ValueError(f'{text!r} is not an amount; write it like "$30" or "$1,250.50"')
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)


def parse_percent(text: str) -> int:
    """Basis points of ``"20%"`` or ``"12.5%"``.  Raises ValueError saying what to write."""
    found = _PERCENT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a percentage; write it like 20% or 12.5%")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def dollars(cents: int) -> str:
    """``"$1,234.50"``; whole dollars without cents: ``"$30"``."""
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    whole, rest = divmod(cents, 100)
    return f"{sign}${whole:,}.{rest:02d}" if rest else f"{sign}${whole:,}"


def percent(basis_points: int) -> str:
    """``"20%"``, ``"12.5%"``."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def share(amount: int, basis_points: int) -> int:
    """Half-up share of an amount: the one rounding of the service (``domain`` 2.2)."""
    return (amount * basis_points * 2 + WHOLE) // (2 * WHOLE)


def share_of_share(amount: int, first: int, second: int) -> int:
    """Half-up share of a share, still rounded only once (95 % of 75 % of a rate)."""
    whole = WHOLE * WHOLE
    return (amount * first * second * 2 + whole) // (2 * whole)


class Display(NamedTuple):
    """Whole dollars for people: low rounded down, planning half up, high up.

    ``exact_cents`` is set instead of a range when nothing is unknown.
    """

    low: int | None
    planning: int | None
    high: int | None
    exact_cents: int | None = None


def outward(low: int | None, planning: int | None, high: int | None) -> Display:
    """A range in whole dollars, rounded outward; exact cents when the ends meet."""
    return Display(
        None if low is None else low // 100,
        None if planning is None else (planning + 50) // 100,
        None if high is None else -(-high // 100),
        low if low == planning == high else None,
    )
