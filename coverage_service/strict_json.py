"""JSON read strictly: what two readers could read differently is refused, with its place."""

from __future__ import annotations

import json
import math
from typing import Any, Final

MOST_DIGITS: Final = 400


class NotJson(ValueError):
    """Text that is not JSON, or doubtful JSON; ``line`` and ``column`` are 0 when no place is known."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def decode(text: str) -> Any:
    """JSON without duplicate keys, NaN, infinities, endless numbers or broken characters.

    Raises NotJson, whose message says what to send.
    """
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise NotJson("The JSON is nested too deeply; send a flatter object.") from None
    except UnicodeEncodeError:
        raise NotJson("A \\u escape stands for half a character; send whole characters.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotJson(f"This is not JSON at {place}: {error.msg}.", error.lineno, error.colno) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotJson(f"The key {twice[:60]!r} is written twice in one object; keep one of the two.")
    return found


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise NotJson(f"A number has {len(text):,} digits; send a smaller one.")
    return int(text)


def _fraction(text: str) -> float:
    value = float(text) if len(text) <= MOST_DIGITS else math.inf
    if not math.isfinite(value):
        raise NotJson("A number is too large; send a smaller one.")
    return value


def _constant(text: str) -> Any:
    raise NotJson(f"{text} is not JSON; send a number or null.")
