"""Rules changed under the real server: the old ones serve until the new ones are right."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from coverage_service import create_app
from coverage_service.activation.change import rollback
from coverage_service.activation.running import Running
from coverage_service.activation.watching import _ticks
from coverage_service.activation.working_copy import Writing
from coverage_service.api import examples
from coverage_service.config import Config
from tests.activation.serving import service
from tests.activation.support import PLAN, activated, asked_rules, dearer, files_of, make_dearer, save
from tests.api.shapes import assert_shape
from tests.started import until

BODY = {**examples.ESTIMATE, "as_of": "2026-11-23", "network": {"status": "in"}}
SUCCESS = "coverage_rules_last_reload_successful"
MOVED = "coverage_rules_last_reload_success_timestamp_seconds"
FAILURES = "coverage_rules_candidate_failures_total"
ADDRESSES = (
    "/", "/es/check", "/page/main.css", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics",
    "/v1/plans", "/v1/rules/status", "/nowhere", "/v1/nowhere",
)  # fmt: skip


@pytest.fixture
def rules(tmp_path):
    return asked_rules(tmp_path / "rules")


def version(running) -> str:
    return str(running.get("/readyz").headers["Rules-Version"])


def test_a_change_with_a_mistake_is_refused_and_a_right_one_is_served(rules, tmp_path):
    with service(rules, tmp_path / "state") as running:
        first, moved = version(running), running.metric(MOVED)
        old = running.post("/v1/estimates", BODY).body
        good = (rules / PLAN).read_bytes()

        save(rules / PLAN, dearer(good).replace(b'"$100"', b'"$101"'))
        until(lambda: running.metric(SUCCESS) == 0)
        status = running.get("/v1/rules/status").json()

        assert_shape("RulesStatus", status)
        assert (status["rulebook_version"], status["stale"], status["folder"]) == (first, True, "refused")
        problem = status["candidate"]["problems"][0]
        assert (problem["file"], problem["severity"]) == ("rules/payers/example-ppo.yaml", "error")
        assert problem["line"] > 1
        assert problem["column"] == 9
        assert "plan $101 expected, $100 found" in problem["message"]
        assert running.post("/v1/estimates", BODY).body == old
        assert running.metric(MOVED) == moved
        assert running.metric(FAILURES) == 1

        save(rules / PLAN, dearer(good))
        until(lambda: running.metric(SUCCESS) == 1)

        assert version(running) != first
        assert running.post("/v1/estimates", BODY).body != old
        assert running.metric(MOVED) > moved
        assert running.get("/v1/rules/status").json()["candidate"] is None


def test_an_older_version_is_answered_as_it_was_then_and_put_back(rules, tmp_path):
    with service(rules, tmp_path / "state") as running:
        first, files = version(running), files_of(rules)
        then = {path: running.post(path, body) for path, body in asked(first).items()}
        usual = running.post("/v1/estimates", BODY).body
        make_dearer(rules)
        until(lambda: version(running) != first)
        second = version(running)

        for path, body in asked(first).items():
            now = running.post(path, body)
            assert now.body == then[path].body, path
            assert now.headers["Rules-Version"] == first
            assert running.post(path, {**body, "rulebook_version": second}).body != now.body

        unknown = running.post("/v1/estimates", {**BODY, "rulebook_version": "000000000000"})
        assert unknown.status == 422
        (error,) = unknown.json()["errors"]
        assert error["pointer"] == "/rulebook_version"
        assert {first, second} <= set(re.findall(r"[0-9a-f]{12}", error["remedy"]))

        back = running.command("rules", "rollback", first, "--by", "ZZBY", "--why", "ZZWHY")
        assert back.returncode == 0, back.stderr
        until(lambda: version(running) == first)
        assert files_of(rules) == files
        assert running.post("/v1/estimates", BODY).body == usual
        time.sleep(3)
        status = running.get("/v1/rules/status")
        assert (status.json()["rulebook_version"], status.json()["folder"]) == (first, "in_force")
        assert status.json()["older_versions"] == [second]
        said = status.body + running.get("/metrics").body + running.log.read_bytes()
        assert b"ZZ" not in said


def asked(named: str) -> dict[str, dict]:
    common = {"as_of": "2026-11-23", "network": {"status": "in"}, "rulebook_version": named}
    return {
        "/v1/estimates": {**examples.ESTIMATE, **common},
        "/v1/estimates/batch": {**examples.BATCH, **common},
        "/v1/scripts": {**examples.SCRIPT, **common},
    }


def test_the_last_good_rules_serve_after_a_restart_on_a_broken_folder(rules, tmp_path):
    with service(rules, tmp_path / "state") as running:
        first, old = version(running), running.post("/v1/estimates", BODY).body
    (rules / PLAN).write_bytes(b"payer: [\n")

    with service(rules, tmp_path / "state") as running:
        assert version(running) == first
        assert running.post("/v1/estimates", BODY).body == old
        assert running.metric(SUCCESS) == 0
        assert running.get("/v1/rules/status").json()["candidate"]["problems"][0]["line"] == 2


def test_what_is_saved_before_the_system_tells_of_changes_is_looked_at(rules):
    ticks = _ticks(rules)
    assert next(ticks)

    assert next(ticks)  # The watch begins only now.
    assert not next(ticks)
    save(rules / PLAN, b"")
    until(lambda: next(ticks))


def test_a_folder_half_written_is_finished_by_the_next_start(rules, tmp_path, monkeypatch):
    """Also where a change in the folder would wait for the command."""
    config = Config(rules, state=tmp_path / "state", activation="manual")
    before = files_of(rules)
    archive = Running(config).archive
    make_dearer(rules)
    activated(archive)
    with monkeypatch.context() as stopped:
        stopped.setattr(Writing, "finish", full)
        activated_again = rollback(archive, archive.activation(1).version)
    assert activated_again.folder == "differs"
    assert files_of(rules) != before

    assert Running(config).status().folder == "in_force"
    assert files_of(rules) == before


def full(*_: object) -> None:
    """What a full disk answers."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_change_waits_for_the_command_where_that_is_set_up(rules, tmp_path):
    with service(rules, tmp_path / "state", COVERAGE_ACTIVATION="manual") as running:
        first = version(running)
        make_dearer(rules)
        until(lambda: running.get("/v1/rules/status").json()["folder"] == "waiting")
        assert version(running) == first

        os.kill(running.process.pid, signal.SIGHUP)
        until(lambda: version(running) != first, running.log)


def test_two_processes_come_to_agree(rules, tmp_path):
    """How soon is told by `make soak`."""
    with service(rules, tmp_path / "state", workers=2) as running:
        first = version(running)
        make_dearer(rules)
        until(lambda: first not in {version(running) for _ in range(60)})

        assert first not in {version(running) for _ in range(60)}

        os.kill(watcher(tmp_path / "state"), signal.SIGKILL)
        # What waited at the killed process is lost; nobody is asked until its successor answers as well.
        until(lambda: all(running.answers() for _ in range(20)), running.log)
        second = version(running)
        save(rules / PLAN, (rules / PLAN).read_bytes() + b"# one more line\n")
        until(lambda: running.answers() and version(running) != second)


def watcher(state) -> int:
    """The process that looks after the folder of the rules."""
    lock = (state / "watch").stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines() if sys.platform == "linux" else []
    found = [int(line.split()[4]) for line in lines if f":{lock} " in line]
    if not found:
        pytest.skip("this system does not tell who holds a lock")
    return found[0]


def test_without_a_state_folder_the_rules_follow_the_files_and_say_so(rules):
    with service(rules, "off") as running:
        first = version(running)
        make_dearer(rules)
        until(lambda: version(running) != first)

        history = running.get("/v1/rules/status").json()["history"]
        assert history == {"kept": False, "reason": "no state folder is set up (COVERAGE_STATE)"}


def test_a_state_folder_that_cannot_be_written_keeps_nobody_from_an_answer(rules, tmp_path):
    (tmp_path / "state").write_text("a file in its place")

    with service(rules, tmp_path / "state") as running:
        assert running.post("/v1/estimates", BODY).status == 200
        assert "cannot be written" in running.get("/v1/rules/status").json()["history"]["reason"]


def test_every_answer_tells_its_rules_and_metrics_are_for_this_machine_alone(rules, tmp_path):
    with service(rules, tmp_path / "state") as running:
        replies = [running.get(path) for path in ADDRESSES]
        replies += [running.post("/v1/estimates", {"care": 1}), running.post("/healthz", {})]

        assert {reply.headers["Rules-Version"] for reply in replies} == {version(running)}
        assert {404, 405, 422} <= {reply.status for reply in replies}
        assert running.get("/metrics").status == 200
        assert running.get("/metrics", **{"X-Forwarded-For": "192.0.2.7"}).status == 404


@pytest.mark.parametrize(
    ("setting", "peer", "status"),
    [
        ("off", "127.0.0.1", 404),
        ("loopback", "192.0.2.7", 404),
        ("loopback", "::1", 200),
        ("on", "192.0.2.7", 200),
    ],
)
def test_metrics_are_shown_as_set_up(rules, setting, peer, status):
    client = create_app(Config(rules, metrics=setting)).test_client()

    assert client.get("/metrics", environ_base={"REMOTE_ADDR": peer}).status_code == status


@pytest.mark.parametrize("part", ["", "activations", "versions"])
def test_a_state_folder_that_is_lost_is_begun_anew(rules, tmp_path, part):
    running = Running(Config(rules, state=tmp_path / "state"))
    served = running.sources
    shutil.rmtree(tmp_path / "state" / part)

    assert running.consider()

    serving = running.archive.serving()
    assert (serving.number, serving.files) == (1, served.files)
    assert running.archive.files_of(serving) == files_of(rules)
    assert running.status().folder == "in_force"
    make_dearer(rules)
    assert running.consider()
    assert running.archive.serving().number == 2
    assert running.sources.files != served.files


def change_a_byte(place: Path) -> None:
    (place / PLAN).write_bytes((place / PLAN).read_bytes().replace(b"copay $40", b"copay $41"))


DAMAGES = {
    "a byte differs": change_a_byte,
    "a file is gone": lambda place: (place / PLAN).unlink(),
    "a file came": lambda place: shutil.copy(place / PLAN, place / "payers" / "another.yaml"),
    "all are gone": shutil.rmtree,
    "a link leads away": lambda place: (shutil.rmtree(place), place.symlink_to(place.parent / "nowhere")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_kept_files_that_are_damaged_are_not_served_by_the_next_start(rules, tmp_path, damage):
    """The version before serves; or the folder of the rules, which holds the same files unharmed."""
    config = Config(rules, state=tmp_path / "state")
    first = Running(config).sources
    make_dearer(rules)
    second, good = Running(config), (rules / PLAN).read_bytes()
    dearer_ones = second.sources
    assert dearer_ones.files != first.files
    (rules / PLAN).write_bytes(b"payer: [\n")
    DAMAGES[damage](second.archive.folder_of(dearer_ones.version))

    assert Running(config).sources.files == first.files

    (rules / PLAN).write_bytes(good)
    last = Running(config)
    assert last.sources.files == dearer_ones.files
    assert last.archive.files_of(last.archive.serving()) == files_of(rules)


@pytest.mark.parametrize("left", [0, 20, -3])
def test_a_record_that_is_cut_short_is_left_out(rules, tmp_path, left):
    config = Config(rules, state=tmp_path / "state")
    first = Running(config).sources
    make_dearer(rules)
    Running(config)
    (rules / PLAN).write_bytes(b"payer: [\n")
    record = tmp_path / "state" / "activations" / "00000002.json"
    record.write_bytes(record.read_bytes()[:left])

    running = Running(config)

    assert running.sources.files == first.files
    assert running.archive.serving().number == 1


def test_the_folder_may_be_switched_by_its_link_and_lost(rules, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(rules)
    other = asked_rules(tmp_path / "other")
    make_dearer(other)
    with service(link, tmp_path / "state") as running:
        first = version(running)

        (tmp_path / "next").symlink_to(other)
        (tmp_path / "next").rename(link)
        until(lambda: version(running) != first)
        second = version(running)
        link.unlink()
        until(lambda: running.metric(SUCCESS) == 0)

        assert version(running) == second
        assert (
            "no such folder" in running.get("/v1/rules/status").json()["candidate"]["problems"][0]["message"]
        )
