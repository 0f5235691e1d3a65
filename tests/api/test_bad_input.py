"""Mischief in a body: a clear 4xx for each, never a 500, and the service goes on serving."""

from __future__ import annotations

import json

import pytest

from coverage_service import create_app
from coverage_service.config import Config
from tests.api.conftest import ROOT
from tests.api.shapes import assert_problem, pointers

ADDRESSES = ["/v1/estimates", "/v1/estimates/batch", "/v1/scripts", "/v1/sliding-fee"]
JSON = {"Content-Type": "application/json"}

NOT_JSON = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "a word": b"hello",
    "half an object": b'{"care": {',
    "two objects": b'{"care": {}}{"care": {}}',
    "a trailing comma": b'{"care": {},}',
    "single quotes": b"{'care': {}}",
    "a comment": b'{"care": {}} // yes',
    "NaN": b'{"care": {"minutes": NaN}}',
    "Infinity": b'{"care": {"minutes": Infinity}}',
    "minus Infinity": b'{"care": {"minutes": -Infinity}}',
    "1e400": b'{"care": {"minutes": 1e400}}',
    "a fraction without end": b'{"care": {"minutes": 0.' + b"3" * 5_000 + b"}}",
    "an integer of 5,000 digits": b'{"care": {"minutes": ' + b"9" * 5_000 + b"}}",
    "an integer of 401 digits": b'{"care": {"minutes": ' + b"9" * 401 + b"}}",
    "a key twice": b'{"care": {}, "care": {"minutes": 50}}',
    "a key twice below": b'{"care": {"minutes": 45, "minutes": 50}}',
    "a key twice by escape": b'{"care": {"minutes": 45, "minute\\u0073": 50}}',
    "100 kB of [": b"[" * 100_000,
    "100 kB of {": b'{"care":' * 12_500,
    "nested 10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "half a character": b'{"plan": "\\ud800", "care": {}}',
    "latin-1": '{"plan": "é", "care": {}}'.encode("latin-1"),
    "UTF-16": '{"care": {}}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + b'{"care": {}}',
    "a zero byte": b'{"care": {}}\x00',
    "control characters": b'{"plan": "a\x01b", "care": {}}',
}


@pytest.mark.parametrize("name", NOT_JSON)
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_plain_json_is_a_400(client, address, name):
    problem = assert_problem(client.post(address, data=NOT_JSON[name], headers=JSON), 400)

    assert problem["detail"].endswith(".")
    assert len(problem["detail"]) < 200


WRONG_SHAPE = {
    "[]": [],
    "null": None,
    "a number": 1,
    "a text": "care",
    "true": True,
    "an integer of 400 digits": {"care": {"minutes": int("9" * 400)}},
    "an inline plan of numbers": {"plan": {"limits": 1e10}, "care": {}},
    "an inline plan nested deeply": {"plan": json.loads("[" * 300 + "]" * 300), "care": {}},
    "an inline plan 300 groups deep": {"plan": json.loads('{"a":' * 300 + "1" + "}" * 300), "care": {}},
    "an inline plan of 20,000 values": {"plan": {"benefits": ["x"] * 20_000}, "care": {}},
    "keys without a name": {"": 1, "care": {"": {}}},
    "a key of 10 kB": {"k" * 10_000: 1, "care": {}},
    "a plan of 10 kB": {"plan": "p" * 10_000, "care": {}},
    "a zero in a plan's name": {"plan": "example\x00ppo", "care": {}},
    "slashes in a key": {"answers": {"a/b~c": {"value": 1}}, "care": {}},
    "a course of 10,000 sessions": {"care": {"sessions": 10_000}},
    "negative money": {"household": {"income_cents": -1}, "care": {}},
    "more money than there is": {"household": {"income_cents": 10**18}, "care": {}},
    "a date without a month": {"care": {"first_session": "2026"}},
    "a date of other digits": {"care": {"first_session": "٢٠٢٦-١١-٣٠"}},
    "a moment for a date": {"care": {"first_session": "2026-11-30T00:00:00"}},
    "a list for an object": {"care": []},
    "an object for a list": {"care": {"skip": {}}},
    "a float of an integer": {"care": {"sessions": 12.0}},
    "an answer that is a heap": {
        "answers": {"oop_remaining": {"value": {"a": [1, {"b": None}]}}},
        "care": {},
    },
    "a field that is no field": {"care": {}, "__proto__": {"x": 1}},
}


@pytest.mark.parametrize("name", WRONG_SHAPE)
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_has_the_wrong_shape_is_a_422_with_pointers(client, address, name):
    problem = assert_problem(client.post(address, data=json.dumps(WRONG_SHAPE[name]), headers=JSON), 422)

    assert all(pointer == "" or pointer.startswith("/") for pointer in pointers(problem))
    assert all(len(pointer) < 200 for pointer in pointers(problem))
    assert all(len(each["detail"]) < 400 for each in problem["errors"])


def test_pointers_are_escaped(client):
    problem = assert_problem(client.post("/v1/estimates", json=WRONG_SHAPE["slashes in a key"]), 422)

    assert pointers(problem) == ["/answers/a~1b~0c"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "text/json",
        "application/jsonp",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "",
        "nonsense",
    ],
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_another_media_type_is_a_415(client, address, kind):
    assert_problem(client.post(address, data=b'{"care": {}}', headers={"Content-Type": kind}), 415)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "APPLICATION/JSON",
        "application/merge-patch+json",
    ],
)
def test_json_by_any_of_its_names_is_read(client, kind):
    assert (
        client.post("/v1/estimates", data=b'{"care": {}}', headers={"Content-Type": kind}).status_code == 200
    )


def test_a_compressed_body_is_a_415(client):
    reply = client.post("/v1/estimates", data=b"\x1f\x8b", headers={**JSON, "Content-Encoding": "gzip"})

    assert_problem(reply, 415)


def test_a_large_body_is_a_413_and_the_largest_is_read():
    client = create_app(Config(ROOT / "rules", max_body_bytes=1_000)).test_client()

    def asked(size: int) -> bytes:
        return b'{"care": {}' + b" " * (size - 12) + b"}"

    assert client.post("/v1/estimates", data=asked(1_000), headers=JSON).status_code == 200
    assert_problem(client.post("/v1/estimates", data=asked(1_001), headers=JSON), 413)


def test_a_defect_is_a_500_that_tells_nothing_of_the_request(app, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("ZZPII")

    monkeypatch.setattr("coverage_service.api.estimates.make_estimate", fail)

    reply = app.test_client().post("/v1/estimates", json={"care": {"concern": "ZZPII"}})

    assert_problem(reply, 500)
    assert b"ZZPII" not in reply.data
    assert "RuntimeError" in caplog.text
    assert "ZZPII" not in caplog.text
