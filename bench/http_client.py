"""Load for the HTTP benchmark, as a process of its own: keep-alive connections, bounded in count and time.

``python -m bench.http_client PORT PATH COUNT CONNECTIONS`` prints seconds, answers and the
slowest latencies as JSON.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time

from bench.facts import body

MOST_SECONDS = 60.0
HOST = "127.0.0.1"


def message(path: str) -> bytes:
    """The whole request, made once."""
    sent = json.dumps(body()).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent


def ask(connection: socket.socket, sent: bytes) -> None:
    """One request and its whole answer; anything but 200 ends the run."""
    connection.sendall(sent)
    got = b""
    while b"\r\n\r\n" not in got:
        got += received(connection)
    head, _, rest = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"answered with {head[:200]!r} {rest[:300]!r}")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    left = int(fields[b"content-length"]) - len(rest)
    while left > 0:
        left -= len(received(connection))


def received(connection: socket.socket) -> bytes:
    found = connection.recv(1 << 18)
    if not found:
        raise SystemExit("the server closed a connection that should stay open")
    return found


def worker(port: int, sent: bytes, count: int, until: float, latencies: list[float]) -> None:
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            start = time.perf_counter()
            if start > until:
                return
            ask(connection, sent)
            latencies.append(time.perf_counter() - start)


def main(port: int, path: str, count: int, connections: int) -> None:
    sent, latencies = message(path), list[float]()
    start = time.perf_counter()
    asked = (port, sent, count // connections, start + MOST_SECONDS, latencies)
    threads = [threading.Thread(target=worker, args=asked) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    print(json.dumps({"seconds": taken, "answers": len(latencies), "latencies": sorted(latencies)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
