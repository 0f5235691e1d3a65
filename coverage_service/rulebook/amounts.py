"""Texts that stand for figures, each refusal saying what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from marshmallow import ValidationError

from coverage_service.core.facts import UNKNOWN, Amount, Between, OneOf
from coverage_service.core.money import LARGEST, WHOLE, parse_dollars, parse_percent
from coverage_service.rulebook.reading import short

MOST_CHOICES: Final = 10


class Mistake(ValidationError):
    """A text that a field does not accept: what is wrong, and what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


def cents(text: str) -> int:
    """Cents of ``$1,234.50``."""
    try:
        amount = parse_dollars(text) if len(text) <= 30 else None
    except ValueError:
        amount = None
    if amount is None:
        raise Mistake(f"'{short(text)}' is not an amount", _dollar_hint(text))
    if amount > LARGEST:
        raise Mistake(f"{short(text)} is larger than any fee or limit", "check the figure")
    return amount


def _dollar_hint(text: str) -> str:
    bare = text.strip().replace(",", "")
    if re.fullmatch(r"\d{1,9}(\.\d{2})?", bare):
        return f'write it with a dollar sign: "${text.strip()}"'
    if re.fullmatch(r"\$?\d{1,9}\.\d", bare):
        return f'write both digits of the cents: "${bare.lstrip("$")}0"'
    if bare.startswith(("-", "$-")):
        return 'an amount is never negative; write it like "$30"'
    return 'write it like "$30" or "$1,250.50"'


def basis_points(text: str, most: int = WHOLE) -> int:
    """Basis points of ``20%`` or ``12.5%``; above ``most`` it is refused."""
    try:
        value = parse_percent(text) if len(text) <= 30 else None
    except ValueError:
        value = None
    if value is None:
        bare = text.strip()
        number = re.fullmatch(r"\d{1,3}(\.\d{1,2})?", bare)
        fits = number and float(bare) * 100 <= most
        hint = f"write it with a percent sign: {bare}%" if fits else "write it like 20% or 12.5%"
        raise Mistake(f"'{short(text)}' is not a percentage", hint)
    if value > most:
        top = most // 100
        low = value // 100
        maybe = f" (did you mean {low // 100}%?)" if low >= 1000 and low % 100 == 0 else ""
        raise Mistake(f"{text.strip()} is above {top}%", f"write a percentage from 0% to {top}%{maybe}")
    return value


def amount(text: str, single: Callable[[str], int] = cents) -> Amount:
    """``$30``, ``$0 to $25`` (an interval), ``$0 or $18`` (a choice) or ``unknown``."""
    if text == "unknown":
        return UNKNOWN
    if " to " in text:
        low, high = (single(part) for part in text.split(" to ", 1))
        if low >= high:
            raise Mistake(f"'{short(text)}' does not run upward", "write the smaller figure first")
        return Between(low, high)
    if " or " in text:
        parts = text.split(" or ")
        if len(parts) > MOST_CHOICES:
            raise Mistake(
                f"{len(parts)} figures to choose from", f"write at most {MOST_CHOICES}, or an interval"
            )
        values = tuple(single(part) for part in parts)
        if len(set(values)) < len(values):
            raise Mistake(f"'{short(text)}' names one figure twice", "write each figure once")
        return OneOf(values)
    return single(text)


def amount_text(value: Amount, single: Callable[[int], str]) -> str:
    """The text that ``amount`` reads."""
    if isinstance(value, Between):
        return f"{single(value.low)} to {single(value.high)}"
    if isinstance(value, OneOf):
        return " or ".join(single(x) for x in value.values)
    return single(value) if isinstance(value, int) else "unknown"


def ordinal(number: int) -> str:
    """``80th``, ``91st``: a percentile as people write it."""
    tail = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def positive(value: Any, text: str) -> Any:
    """The value, unless it is zero."""
    if value == 0:
        raise Mistake(f"'{short(text)}' stands for nothing", "write an amount above zero, or leave it out")
    return value
