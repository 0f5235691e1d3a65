"""The OpenAPI description of the service, made from the very schemas that check requests."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, request
from flask_smorest import Api

from coverage_service import __version__
from coverage_service.api import answer_schema, catalogue_schema, rules_status
from coverage_service.api.documented import an_error, error_responses
from coverage_service.api.replies import JSON
from coverage_service.request_shapes import Many, Map

DESCRIPTION = """\
What a client pays out of pocket for a course of sex therapy, and what is not known yet.

Money is whole cents in fields that end in `_cents`; dates are ISO 8601; `null` means "not known".
Every error is `application/problem+json` (RFC 9457) with a JSON pointer for each mistake.
An address that does not know a method answers 405 with `Allow`.
Nothing of a request is kept or logged. An estimate is no bill, quote or decision on coverage.
"""


class Description(Api):
    """flask-smorest, except that errors are answered and described by ``problems``."""

    def _register_responses(self) -> None:
        for name, response in error_responses().items():
            self.spec.components.response(name, response)
        # flask-smorest refers to this name from every operation.
        self.spec.components.response("DEFAULT_ERROR", an_error("Any other error."))

    def _register_error_handlers(self) -> None:
        """Left to ``problems``, which answers for the whole application."""


def register_description(app: Flask) -> Description:
    """The description, still without operations, served at /openapi.json."""
    app.config.update(
        API_TITLE="Cost estimate", API_VERSION=__version__, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    licence = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    api = Description(app, spec_kwargs={"info": {"description": DESCRIPTION, "license": licence}})
    api.ma_plugin.converter.add_attribute_function(inner_schemas)
    for name, schema in (answer_schema.SCHEMAS | catalogue_schema.SCHEMAS | rules_status.SCHEMAS).items():
        api.spec.components.schema(name, schema)
    app.add_url_rule("/openapi.json", "openapi", lambda: openapi(api))
    return api


def inner_schemas(self: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
    """The shapes inside lists and mappings, as references where they have a name."""
    if isinstance(field, Many):
        return {"items": _bare(self.field2property(field.one))}
    if isinstance(field, Map):
        shown = {"additionalProperties": _bare(self.field2property(field.one))}
        return shown | ({"propertyNames": field.names} if field.names else {})
    return {}


def _bare(spec: dict[str, Any]) -> dict[str, Any]:
    """Inside a list or a mapping null is refused."""
    if "anyOf" in spec:
        return next(each for each in spec["anyOf"] if each != {"type": "null"})
    if isinstance(spec.get("type"), list):
        kinds = [kind for kind in spec["type"] if kind != "null"]
        return {**spec, "type": kinds[0] if len(kinds) == 1 else kinds}
    return spec


def openapi(api: Description) -> Response:
    """The description as JSON."""
    answer = Response(orjson.dumps(api.spec.to_dict()), content_type=JSON)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
