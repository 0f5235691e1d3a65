"""Nothing about a client stays: no log, no header, no cache holds what was asked."""

from __future__ import annotations

import copy
import json
import urllib.error
import urllib.request

import pytest

from coverage_service.api import examples

MARK = "ZZPII"
MONEY = 4_711_4711


def marked() -> dict:
    """A request that works and carries marks wherever text or a figure of a client can stand."""
    asked = copy.deepcopy(examples.ESTIMATE)
    asked["care"].update(diagnosis="F52.31", client_state="ZZ")
    asked["household"]["income_cents"] = MONEY
    asked["answers"] = {"bh_admin": {"value": f"{MARK}answer", "reference": f"{MARK}call"}}
    asked["plan"] = {**copy.deepcopy(examples.INLINE["plan"]), "name": f"{MARK}plan"}
    asked["therapist"] = {**copy.deepcopy(examples.INLINE["therapist"]), "name": f"{MARK}therapist"}
    return asked


def requests() -> list[tuple[str, bytes]]:
    """Requests that work, that are refused, and that are no JSON, to every address with a body."""
    fine = marked()
    batch = {name: value for name, value in fine.items() if name != "therapist"}
    batch["therapists"] = [fine["therapist"], f"{MARK}nobody"]
    refused = {**fine, f"{MARK}key": f"{MARK}value", "plan": f"{MARK}plan", "language": f"{MARK}"}
    scale = {"therapist": fine["therapist"], "cpt": "90837", "household": fine["household"]}
    found = [("/v1/estimates", fine), ("/v1/scripts", fine), ("/v1/estimates/batch", batch),
             ("/v1/sliding-fee", scale)]  # fmt: skip
    bodies = [(address, json.dumps(body).encode()) for address, body in found]
    bodies += [(address, json.dumps(refused).encode()) for address, _ in found]
    return bodies + [(address, f'{{"{MARK}": '.encode()) for address, _ in found]


@pytest.fixture
def answers(running) -> list[tuple[int, str]]:
    """What the running service answers to all of them."""
    address, _ = running
    found = []
    for path, body in requests():
        asked = urllib.request.Request(
            address + path,
            body,
            {"Content-Type": "application/json", "X-Name": MARK, "Referer": f"http://{MARK}/"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=20) as reply:
                found.append((reply.status, str(reply.headers)))
        except urllib.error.HTTPError as error:
            with error:
                found.append((error.code, str(error.headers)))
    return found


def test_no_mark_of_a_client_reaches_the_log_or_a_header(running, answers):
    statuses = [status for status, _ in answers]

    assert statuses == [200] * 4 + [422] * 4 + [400] * 4
    printed = running[1].read_text()
    assert "Listening" in printed
    for mark in (MARK, MARK.lower(), str(MONEY), "F52"):
        assert mark not in printed
        assert not any(mark in headers for _, headers in answers)
    assert all("no-store" in headers for _, headers in answers)


def test_no_logger_of_the_process_hears_of_a_client(client, caplog):
    with caplog.at_level(0):
        for path, body in requests():
            client.post(path, data=body, headers={"Content-Type": "application/json"})

    for mark in (MARK, str(MONEY), "F52"):
        assert mark not in caplog.text
