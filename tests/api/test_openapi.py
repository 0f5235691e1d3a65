"""The description of the API: valid, complete, and true."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from coverage_service.api.docs import FOLDER
from tests.api.shapes import assert_shape


@pytest.fixture(scope="module")
def spec(app):
    return app.test_client().get("/openapi.json").get_json()


def operations(spec):
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "delete", "patch"):
                yield path, method, operation


def test_it_is_a_valid_openapi_3_1_description(spec):
    assert spec["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(spec).iter_errors()) == []


def test_every_address_but_the_pages_is_described(app, spec):
    rules = {str(rule) for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("web.")}
    described = {path.replace("{", "<").replace("}", ">") for path in spec["paths"]}

    assert rules - described == {"/openapi.json", "/docs", "/docs/<name>", "/metrics"}
    assert described <= rules


def test_every_operation_has_an_id_a_summary_and_documented_errors(spec):
    found = list(operations(spec))
    ids = [operation["operationId"] for _, _, operation in found]

    assert len(found) == 14
    assert len(set(ids)) == len(ids)
    for path, method, operation in found:
        assert operation["summary"], path
        assert "500" in operation["responses"], path
        if method == "post":
            assert {"400", "413", "415", "422", "429", "500", "503"} <= operation["responses"].keys()


def test_every_documented_error_is_a_problem(spec):
    responses = spec["components"]["responses"]

    assert len(responses) == 9
    for response in responses.values():
        assert list(response["content"]) == ["application/problem+json"]


def test_every_example_works_as_it_stands_and_answers_in_shape(client, spec):
    tried = 0
    for path, _, operation in operations(spec):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in content.get("examples", {}).values():
            reply = client.post(path, json=example["value"])
            assert reply.status_code == 200, reply.get_data(as_text=True)[:500]
            shape = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            assert_shape(shape.rpartition("/")[2], reply.get_json())
            tried += 1

    assert tried == 6


def test_requests_are_described_by_the_schemas_that_check_them(spec):
    care = spec["components"]["schemas"]["Care"]

    assert care["additionalProperties"] is False
    assert care["properties"]["minutes"] == {"type": ["integer", "null"], "minimum": 1, "maximum": 480}
    assert care["properties"]["skip"]["items"]["format"] == "date"
    limits = spec["components"]["schemas"]["Used"]["properties"]["limits"]
    assert limits["additionalProperties"] == {"$ref": "#/components/schemas/LimitUsed"}


def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    page = client.get("/docs")
    html = page.get_data(as_text=True)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)

    assert page.status_code == 200
    assert len(addresses) == 5
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    assert all(client.get(address).status_code == 200 for address in addresses)
    assert not re.search(r"<script>|\son\w+=|style=", html), "inline code would need a weaker policy"


def test_swagger_ui_is_shipped_with_its_licence():
    assert "Apache License" in (FOLDER / "swagger-ui" / "LICENSE").read_text()


@pytest.mark.parametrize("name", ["LICENSE", "docs.html", "..%2Fdocs.html", "%2e%2e/spec.py", "x"])
def test_only_the_files_of_the_page_are_served(client, name):
    assert client.get(f"/docs/{name}").status_code == 404
