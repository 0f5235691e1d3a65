"""The running service on a real socket: sizes, chunks, broken and slow senders."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from coverage_service.api import examples

HERE = Path(__file__).resolve().parent
POST = b"POST /v1/estimates HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"
SMALL = b'{"care": {}}'


def send(address: str, *pieces: bytes, end: bool = False) -> tuple[int, bytes]:
    """The status and the whole reply to raw bytes; 0 when the service just hangs up."""
    parts = urlsplit(address)
    reply = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as link:
        try:
            for piece in pieces:
                link.sendall(piece)
            if end:
                link.shutdown(socket.SHUT_WR)
            while more := link.recv(65_536):
                reply += more
        except ConnectionError:
            pass
    return int(reply.split(b" ", 2)[1]) if reply.startswith(b"HTTP/") else 0, reply


def sized(body: bytes, kind: bytes = JSON) -> bytes:
    return POST + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(*chunks: bytes) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return POST + JSON + b"Transfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


def serves(address: str) -> bool:
    return send(address, sized(SMALL))[0] == 200


def test_a_body_with_a_length_and_one_in_chunks_are_both_read(running):
    assert send(running[0], sized(SMALL))[0] == 200
    assert send(running[0], chunked(SMALL[:5], SMALL[5:]))[0] == 200


MISCHIEF = {
    "no media type": (sized(SMALL, b""), {415}),
    "a form": (sized(b"a=b", b"Content-Type: application/x-www-form-urlencoded\r\n"), {415}),
    "no body": (POST + JSON + b"Content-Length: 0\r\n\r\n", {400}),
    "300 kB": (sized(b'{"care": {}, "plan": "' + b"x" * 300_000 + b'"}'), {413}),
    "300 kB in chunks": (chunked(*[b" " * 10_000] * 30), {413}),
    "300 kB in chunks, whole before the limit": (chunked(SMALL, *[b" " * 10_000] * 30), {413}),
    "100 kB of [": (sized(b"[" * 100_000), {400}),
    "100 kB of [ in chunks": (chunked(b"[" * 100_000), {400}),
    "a length that is too large": (POST + JSON + b"Content-Length: 999999999999\r\n\r\n{}", {413}),
}


@pytest.mark.parametrize("name", MISCHIEF)
def test_mischief_is_answered_with_a_problem_and_the_service_goes_on(running, name):
    data, statuses = MISCHIEF[name]

    status, reply = send(running[0], data)

    assert status in statuses, reply[:300]
    assert b"application/problem+json" in reply
    assert serves(running[0])


HANGING_UP = {
    "a length that is no number": POST + JSON + b"Content-Length: ten\r\n\r\n{}",
    "a negative length": POST + JSON + b"Content-Length: -1\r\n\r\n{}",
    "two lengths": POST + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "no HTTP": b"\x16\x03\x01hello\r\n\r\n",
    "half a head": POST,
    "half a body": POST + JSON + b"Content-Length: 100\r\n\r\n{",
    "a chunk that is none": POST + JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a header of 100 kB": POST + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", HANGING_UP)
def test_what_is_no_http_ends_the_connection_and_nothing_else(running, name):
    status, reply = send(running[0], HANGING_UP[name], end=True)

    assert status < 500, reply[:300]
    assert serves(running[0])


def test_a_slow_sender_does_not_keep_others_waiting(running):
    parts = urlsplit(running[0])
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as slow:
        slow.sendall(POST + JSON + b"Content-Length: 50\r\n\r\n{")
        began = time.monotonic()
        assert serves(running[0])
        assert time.monotonic() - began < 5


def test_the_usual_answer_comes_whole_over_the_wire(running):
    status, reply = send(running[0], sized(json.dumps(examples.ESTIMATE).encode()))

    head, _, body = reply.partition(b"\r\n\r\n")
    assert status == 200
    assert b"no-store" in head
    assert json.loads(body)["pathways"][0]["id"] == "in_network"


def test_schemathesis_finds_no_server_error_and_no_broken_promise(running, tmp_path):
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"{running[0]}/openapi.json", "--max-examples=12", "--seed=1",
        "--phases=examples,coverage,fuzzing", "--no-color",
    ]  # fmt: skip

    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)

    assert result.returncode == 0, result.stdout[-5_000:] + result.stderr[-2_000:]
    assert "14/14" in result.stdout
