"""Two rule books swapped under the real server while clients ask: every answer belongs to one of them.

What each book answers is computed beforehand by an application of its own, and each answer over the
wire is held against it by the version in its header: a mixture of both is torn.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from coverage_service import create_app
from coverage_service.activation import watching
from coverage_service.activation.archive import Archive
from coverage_service.activation.change import Activated, rollback
from coverage_service.activation.running import Running
from coverage_service.api import examples
from coverage_service.config import Config
from tests.activation.support import ROOT, activated, asked_rules, make_dearer

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
COMMON: dict[str, Any] = {"as_of": "2026-11-23", "network": {"status": "in"}}
PAGE = {
    "cover": "listed", "plan": "example-ppo", "who": "listed", "therapist": "example-therapist",
    "network": "in", "concern": "unsure", "people": "individual", "sessions": "12", "minutes": "50",
    "every": "7", "used": "some", "used_amount": "200", "go": "to:result",
}  # fmt: skip
SHORT = 40
"""How many short answers come between two rounds of estimates."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    body: str = ""
    kind: str = JSON

    def headers(self) -> dict[str, str]:
        """The page repeats the name it is asked under, in its private link."""
        return {"Host": "localhost", **({"Content-Type": self.kind} if self.body else {})}


@dataclass(slots=True)
class Seen:
    """What one client saw; ``changes``: how often the version differed from the answer before."""

    answers: int = 0
    torn: int = 0
    errors: int = 0
    changes: int = 0
    swaps: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, other: Seen) -> None:
        for name in ("answers", "torn", "errors", "changes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.swaps = max(self.swaps, other.swaps)
        for version, count in other.versions.items():
            self.versions[version] = self.versions.get(version, 0) + count
        self.examples = [*self.examples, *other.examples][:5]


def requests(versions: Sequence[str]) -> list[Asked]:
    """Estimates, scripts, a page, an estimate under each version by name; the first is the short one."""
    estimate, script = {**examples.ESTIMATE, **COMMON}, {**examples.SCRIPT, **COMMON}
    named = [Asked("/v1/estimates", json.dumps({**estimate, "rulebook_version": x})) for x in versions]
    return [
        Asked("/v1/plans/example-ppo"),
        Asked("/v1/estimates", json.dumps(estimate)),
        Asked("/v1/scripts", json.dumps(script)),
        Asked("/check", urlencode(PAGE), FORM),
        *named,
    ]


def two_books(folder: Path) -> tuple[Archive, list[str]]:
    """Rules that answer the requests, and dearer ones, both kept, and their versions."""
    rules = asked_rules(folder / "rules")
    archive = Archive(folder / "state", rules)
    archive.prepare()
    first = activated(archive).activation.version
    make_dearer(rules)
    return archive, [first, activated(archive).activation.version]


def expected(archive: Archive, versions: Sequence[str]) -> dict[str, list[str]]:
    """What each book answers to each request, computed from its own kept files alone."""
    found = {}
    for version in versions:
        client = create_app(Config(archive.folder_of(version))).test_client()
        digests = []
        for asked in requests(versions):
            if '"rulebook_version"' in asked.body and version not in asked.body:
                digests.append("")  # Answered from the other book, so under the other version.
                continue
            reply = ask_app(client, asked)
            assert reply.status_code == 200, reply.get_data(as_text=True)[:500]
            assert reply.headers["Rules-Version"] == version
            digests.append(sha256(reply.get_data()).hexdigest())
        found[version] = digests
    assert all(len({found[x][number] for x in versions}) == 2 for number in range(len(digests)))
    return found


def ask_app(client: Any, asked: Asked) -> Any:
    if asked.body:
        return client.post(asked.path, data=asked.body, content_type=asked.kind)
    return client.get(asked.path)


def ask(port: int, known: dict[str, list[str]], count: int, seconds: float) -> Seen:
    """One client: so many answers, or as many as come in the time."""
    seen, before = Seen(), ""
    several = requests(list(known))
    numbers = cycle([x for y in range(1, len(several)) for x in (*[0] * SHORT, y)])
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    end = time.monotonic() + seconds
    while seen.answers < count and time.monotonic() < end:
        number = next(numbers)
        asked = several[number]
        try:
            link.request("POST" if asked.body else "GET", asked.path, asked.body or None, asked.headers())
            reply = link.getresponse()
            body, version = reply.read(), reply.headers["Rules-Version"]
        except (OSError, http.client.HTTPException) as error:
            seen.errors += 1
            seen.examples.append(type(error).__name__)
            link.close()
            continue
        seen.answers += 1
        seen.versions[version] = seen.versions.get(version, 0) + 1
        if reply.status != 200:
            seen.errors += 1
            seen.examples.append(f"{reply.status} {asked.path}")
        elif version not in known or known[version][number] != sha256(body).hexdigest():
            seen.torn += 1
            seen.examples.append(f"{asked.path} under {version}")
        if '"rulebook_version"' not in asked.body:
            seen.changes += before not in ("", version)
            before = version
        seen.swaps = max(seen.swaps, int(reply.headers.get("Swaps", 0)))
    return seen


def clients(port: int, known: dict[str, list[str]], number: int, count: int, seconds: float) -> list[Any]:
    """Client processes, started; each prints what it saw."""
    given = [str(port), json.dumps(known), str(-(-count // number)), str(seconds)]
    command = [sys.executable, "-m", "tests.activation.swaps", "ask", *given]
    return [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(number)]


def swapping(archive: Archive, versions: Sequence[str], pause: float) -> Iterator[int]:
    """Put one version and then the other in force for ever; how often so far."""
    for count, version in enumerate(cycle(versions), 1):
        found = rollback(archive, version, by="swaps")
        assert isinstance(found, Activated), found
        yield count
        time.sleep(pause)


def swap_under(
    port: int,
    archive: Archive,
    versions: Sequence[str],
    *,
    number: int,
    count: int,
    seconds: float,
    pause: float,
) -> tuple[Seen, int]:
    """What all clients saw together, and how many activations there were meanwhile."""
    known, total, done = expected(archive, versions), Seen(), 0
    started = clients(port, known, number, count, seconds)
    for so_far in swapping(archive, versions, pause):
        done = so_far
        if all(each.poll() is not None for each in started):
            break
    for each in started:
        said = json.loads(each.communicate()[0])
        assert each.returncode == 0
        total.add(Seen(**said))
    return total, done


def swift_app() -> Flask:
    """The service, looking for activations more often, and telling how often it has swapped."""
    watching.FOLLOW = 0.005  # type: ignore[misc]
    swaps, swap = 0, Running._swap

    def counted(self: Running, *arguments: Any) -> None:
        nonlocal swaps
        swap(self, *arguments)
        swaps += 1

    Running._swap = counted  # type: ignore[method-assign]
    app = create_app()

    @app.after_request
    def tell(response: Any) -> Any:
        response.headers["Swaps"] = str(swaps)
        return response

    return app


def serve_swiftly(port: int) -> None:
    """The production server around ``swift_app``."""
    from granian import Granian
    from granian.constants import Interfaces

    from coverage_service.server import SLOW_SENDERS

    Granian(
        "tests.activation.swaps:swift_app",
        factory=True,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=SLOW_SENDERS + 1,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "serve":
        serve_swiftly(int(words[0]))
    else:
        port, known, count, seconds = words
        print(json.dumps(asdict(ask(int(port), json.loads(known), int(count), float(seconds)))))
