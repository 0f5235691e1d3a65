"""The body of a request as decoded JSON, read strictly: what is doubtful is refused."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

MOST_DIGITS: Final = 400
JSON: Final = "application/json"


class Doubtful(ValueError):
    """JSON that two readers could read differently; the message says what and where to look."""


def json_body(request: Request) -> Any:
    """The decoded body, or a 400, 413 or 415 that says what to send."""
    check_media_type(request)
    data = whole_body(request)
    if not data.strip():
        raise BadRequest("The body is empty; send a JSON object.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"Byte {error.start + 1} of the body is not UTF-8; send UTF-8 text.") from None
    return decode(text)


def whole_body(request: Request) -> bytes:
    """The bytes of the body.  One sent in chunks would be cut at the limit without a word."""
    data = request.get_data(cache=False)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(data) >= most:
        raise RequestEntityTooLarge
    return data


def check_media_type(request: Request) -> None:
    """Only JSON in UTF-8, not compressed."""
    kind, parameters = request.mimetype, request.mimetype_params
    if kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType(f"The body must be JSON; send the header Content-Type: {JSON}.")
    if parameters.get("charset", "utf-8").lower().replace("utf8", "utf-8") != "utf-8":
        raise UnsupportedMediaType("JSON is read as UTF-8 only; send it so and leave the charset out.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Compressed bodies are not read; send the JSON as it is.")


def decode(text: str) -> Any:
    """JSON without duplicate keys, NaN, infinities, endless numbers or broken characters."""
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise BadRequest("The JSON is nested too deeply; send a flatter object.") from None
    except UnicodeEncodeError:
        raise BadRequest("A \\u escape stands for half a character; send whole characters.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"This is not JSON at {place}: {error.msg}.") from None
    except Doubtful as error:
        raise BadRequest(str(error)) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Doubtful(f"The key {twice[:60]!r} is written twice in one object; keep one of the two.")
    return found


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise Doubtful(f"A number has {len(text):,} digits; send a smaller one.")
    return int(text)


def _fraction(text: str) -> float:
    value = float(text) if len(text) <= MOST_DIGITS else math.inf
    if not math.isfinite(value):
        raise Doubtful("A number is too large; send a smaller one.")
    return value


def _constant(text: str) -> Any:
    raise Doubtful(f"{text} is not JSON; send a number or null.")
