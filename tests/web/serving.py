"""The service as a process of its own, the site that *Leave this page* leads to, and a wire between."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tests.started import LOOPBACK, started

REQUEST: Final = re.compile(rb"((?:GET|HEAD|POST) \S+ HTTP/1\.1)\r\n(.*?)\r\n\r\n", re.DOTALL)
ANSWER: Final = re.compile(rb"(HTTP/1\.1 \d{3}[^\r\n]*)\r\n(.*?)\r\n\r\n", re.DOTALL)


class Elsewhere(ThreadingHTTPServer):
    """Another site.  ``met`` counts who connected, even without asking; ``asked``: the requests' heads."""

    daemon_threads = True

    def __init__(self) -> None:
        self.met = 0
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__((LOOPBACK, 0), _Page)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.server_address[1]}/"

    def get_request(self) -> tuple[socket.socket, object]:
        self.met += 1
        return super().get_request()


class _Page(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>elsewhere</title>")

    def log_message(self, *_args: object) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """The service under its production server: its address, and the file of all it prints."""

    address: str
    log: Path
    elsewhere: Elsewhere


@contextlib.contextmanager
def serving(log: Path, elsewhere: Elsewhere) -> Iterator[Served]:
    """Start the service as an operator does, and end it."""
    with started(log, COVERAGE_LEAVE_TO=elsewhere.address) as found:
        yield Served(found.address, log, elsewhere)


class Wire:
    """A relay before a server that keeps every byte of both directions."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sent, self.answered = bytearray(), bytearray()
        self._sockets = [socket.create_server((LOOPBACK, 0))]
        self.address = f"http://{LOOPBACK}:{self._sockets[0].getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def requests(self) -> list[tuple[str, str]]:
        """The first line and the headers of every request, without its body."""
        return _heads(REQUEST, self.sent)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The first line and the headers of every answer."""
        return _heads(ANSWER, self.answered)

    def close(self) -> None:
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._sockets[0].accept()
                far = socket.create_connection((LOOPBACK, self.port))
                self._sockets += [near, far]
                for source, target, kept in ((near, far, self.sent), (far, near, self.answered)):
                    threading.Thread(target=_relay, args=(source, target, kept), daemon=True).start()


def _relay(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            kept += part
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _heads(pattern: re.Pattern[bytes], kept: bytearray) -> list[tuple[str, str]]:
    return [(line.decode("latin-1"), head.decode("latin-1")) for line, head in pattern.findall(kept)]
