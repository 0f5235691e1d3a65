"""`make soak`: the long run of what the tests try in short.

python -m tests.activation.soak [swaps|damage|kill|full|agree] [ANSWERS] [SECONDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from itertools import cycle
from pathlib import Path
from statistics import median

from coverage_service.activation.change import Activated, rollback
from tests.activation import crash, damage, swaps
from tests.activation.support import PLAN
from tests.started import PATIENCE, ROOT, started

ANSWERS, SECONDS = 1_000_000, 3_600.0
CLIENTS = 3
FLIPS = 2_000
MOMENTS = 600
PROCESSES, AGREEMENTS, ALIKE = 3, 40, 60
SIZES = (0, 50, 150, 500, 2_000, 4_000, 20_000, 44_000)


def soak_swaps(folder: Path, count: int, seconds: float) -> bool:
    """Answers while two books are swapped, each held against what its book answers."""
    archive, versions = swaps.two_books(folder)
    settings = {"COVERAGE_RULES": str(archive.rules), "COVERAGE_STATE": str(archive.folder)}
    with started(folder / "log", program=("tests.activation.swaps", "serve"), **settings) as running:
        began = time.monotonic()
        seen, activations = swaps.swap_under(
            running.port, archive, versions, number=CLIENTS, count=count, seconds=seconds, pause=0.0
        )
        took = time.monotonic() - began
    print(
        f"swaps: {seen.answers:,} answers in {took:,.0f} s under {activations:,} activations, of which the "
        f"server took up {seen.swaps:,}; clients saw {seen.changes:,} changes: "
        f"{seen.torn} torn, {seen.errors} errors",
        *seen.examples,
        sep="\n",
        flush=True,
    )
    return not seen.torn and not seen.errors


def soak_damage(folder: Path) -> bool:
    """A shipped file cut at every byte, and with random wrong bytes."""
    data = (ROOT / "rules" / PLAN).read_bytes()
    fine = True
    for name, damaged in (("cuts", damage.cuts(data)), ("wrong bytes", damage.flips(data, FLIPS))):
        told = damage.suffer(folder / name, damaged)
        print(f"{name}: {told}", *told.wrong[:20], sep="\n", flush=True)
        fine = fine and not told.wrong
    return fine


def soak_kill(folder: Path) -> bool:
    """Killed before every touch of the disk."""
    tried, wrong = crash.moments(folder, 0, 1, MOMENTS)
    print(f"kill -9: {tried} moments, {len(wrong)} wrong", *wrong[:20], sep="\n", flush=True)
    return not wrong


def soak_full(folder: Path) -> bool:
    """On a disk that takes so many bytes, and two processes against each other."""
    wrong = [*crash.full_disks(folder / "full", SIZES), *crash.rivals(folder / "rivals", 50)]
    print(f"full disk, two at once: {len(wrong)} wrong", *wrong[:20], sep="\n", flush=True)
    return not wrong


def soak_agree(folder: Path) -> bool:
    """How long after an activation any of several processes still answers from the rules before."""
    archive, versions = swaps.two_books(folder)
    settings = {"COVERAGE_RULES": str(archive.rules), "COVERAGE_STATE": str(archive.folder)}
    late = []
    with started(folder / "log", f"--workers={PROCESSES}", **settings) as running:
        for _, version in zip(range(AGREEMENTS), cycle(versions), strict=False):
            assert isinstance(rollback(archive, version), Activated)
            late.append(seconds_until_agreed(running.address, version))
    print(
        f"agree: {PROCESSES} processes, {AGREEMENTS} activations; the last answer from the rules before came "
        f"{median(late):.2f} s after one in the middle, {max(late):.2f} s at most",
        flush=True,
    )
    return max(late) <= 1


def seconds_until_agreed(address: str, version: str) -> float:
    """From now to the last answer under another version; so many alike are taken for all."""
    began = last = time.monotonic()
    alike = 0
    while alike < ALIKE:
        with urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE) as reply:
            same = reply.headers["Rules-Version"] == version
        alike = alike + 1 if same else 0
        last = last if same else time.monotonic()
    return last - began


def main(what: str = "all", count: str = str(ANSWERS), seconds: str = str(SECONDS)) -> None:
    fine = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each, run in {
            "swaps": lambda place: soak_swaps(place, int(count), float(seconds)),
            "damage": soak_damage,
            "kill": soak_kill,
            "full": soak_full,
            "agree": soak_agree,
        }.items():
            if what in ("all", each):
                (folder / each).mkdir()
                fine = run(folder / each) and fine
    sys.exit(not fine)


if __name__ == "__main__":
    main(*sys.argv[1:])
