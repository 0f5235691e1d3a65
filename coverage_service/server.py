"""Serves the application with granian, on loopback unless told otherwise."""

from __future__ import annotations

import logging
import signal
import socket
import threading

from granian import Granian
from granian.constants import Interfaces

from coverage_service.activation.change import Activated, activate
from coverage_service.activation.opening import open_archive
from coverage_service.activation.records import SIGNAL
from coverage_service.activation.weighing import weigh
from coverage_service.config import Config

LOG = logging.getLogger(__name__)
SHOWN = {
    "Page": "/",
    "Try it": "/docs",
    "API": "/openapi.json",
    "Plans": "/v1/plans",
    "Ready": "/readyz",
    "Health": "/healthz",
}
"""The addresses worth opening first, by what they show."""

TRY = (
    "curl -s {address}/v1/estimates -H 'Content-Type: application/json' -d "
    """'{{"plan":"example-ppo","therapist":"example-therapist","care":{{"minutes":50,"sessions":12}}}}'"""
)
"""One line that a newcomer can paste to see the service answer."""


SLOW_SENDERS = 7
"""How many clients may send a body slowly before others wait; a proxy in front takes more."""


GRANIAN = "_granian"
"""Its log, which would warn of that number of threads on a small machine; it is meant."""


class CannotServe(Exception):
    """The service cannot listen where it was told to; the message says what to do."""


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until told to stop; wrong settings and a taken port are reported before anything starts."""
    config = Config.from_environment()
    check_free(host, port)
    print(greeting(reachable(host, port)), flush=True)
    server = Granian(
        "coverage_service:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # The work is pure computation, so more threads only share a worker's time.  They wait
        # for bodies that arrive slowly, which would keep everybody else waiting otherwise.
        workers=workers,
        blocking_threads=SLOW_SENDERS + 1,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        # No access log: an address could say what somebody asked about.
        log_access=False,
    )
    server.on_startup(lambda: activate_on_hangup(config))
    logging.getLogger(GRANIAN).addFilter(lambda record: "Python threads" not in record.getMessage())
    server.serve()


def activate_on_hangup(config: Config) -> None:
    """SIGHUP puts the rule files in force if they have no mistake; the workers go on and follow."""
    if not hasattr(signal, "SIGHUP"):
        return

    def handle(*_: object) -> None:
        threading.Thread(target=activate_now, args=(config,), daemon=True).start()

    signal.signal(signal.SIGHUP, handle)


def activate_now(config: Config) -> None:
    """Activate the folder of the rules, and leave in the log what came of it."""
    opened = open_archive(config)
    if opened.archive is None:
        LOG.warning("SIGHUP does nothing here: %s", opened.reason)
        return
    found = activate(opened.archive, how=SIGNAL)
    if isinstance(found, Activated):
        LOG.warning("rules %s are in force", found.activation.version)
        weigh(opened.archive, found.activation)
    else:
        for problem in found.problems:
            LOG.warning("%s", problem)
        LOG.warning("the rules in force stay as they are")


def check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, since the server itself would fail less clearly."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise CannotServe(f"{host}:{port}: {reason}; try another port, such as {port + 1}.") from error


def reachable(host: str, port: int) -> str:
    """The address to open on this machine: a wildcard listens there too, but no browser opens it."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def greeting(address: str) -> str:
    """What a newcomer reads first: the addresses and one line to try."""
    shown = [f"  {what + ':':<9}{address}{path}" for what, path in SHOWN.items()]
    return "\n".join(
        ["The service listens on this machine:", *shown, f"  {'Try:':<9}{TRY.format(address=address)}"]
    )
