"""The body of a request as decoded JSON, read strictly: what is doubtful is refused."""

from __future__ import annotations

from typing import Any, Final

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from coverage_service.strict_json import NotJson, decode

JSON: Final = "application/json"


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
    try:
        return decode(text)
    except NotJson as error:
        raise BadRequest(str(error)) from None


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
