"""Two rule books, one state folder, and what changes one into the other."""

from __future__ import annotations

import shutil
from pathlib import Path

from coverage_service.activation.archive import Archive
from coverage_service.activation.change import Activated, activate
from coverage_service.rulebook.files import read_folder

ROOT = Path(__file__).resolve().parents[2]
PLAN = "payers/example-ppo.yaml"
THERAPIST = "therapists/pay-what-you-can-practice.yaml"
DEARER = {b"[copay $30]": b"[copay $40]", b'"$30"': b'"$40"', b'"$110"': b'"$100"'}
"""An office visit costs $40 instead of $30, in the plan and in its tests."""


def dearer(data: bytes) -> bytes:
    """The example plan with the dearer copay."""
    for old, new in DEARER.items():
        assert old in data
        data = data.replace(old, new)
    return data


def make_dearer(rules: Path) -> None:
    """Edit the plan in a folder of rules as billing staff would."""
    save(rules / PLAN, dearer((rules / PLAN).read_bytes()))


def save(place: Path, data: bytes) -> None:
    """Save a file as most editors do: whole at once, so that no process meets a part of it."""
    beside = place.with_name(f".{place.name}")
    beside.write_bytes(data)
    beside.replace(place)


def files_of(rules: Path) -> dict[str, bytes]:
    """Every rule file of a folder."""
    return dict(read_folder(rules)[0])


def small_rules(folder: Path) -> Path:
    """A part of the shipped rules that is a whole rule book: quick to read, with tests."""
    for name in ("reference", "questions", "fee_schedules"):
        shutil.copytree(ROOT / "rules" / name, folder / name)
    for name in (PLAN, THERAPIST):
        (folder / name).parent.mkdir()
        shutil.copy(ROOT / "rules" / name, folder / name)
    return folder


def asked_rules(folder: Path) -> Path:
    """The small rules, with what the examples of the API ask about besides."""
    small_rules(folder)
    for name in ("payers/medicare-part-b", "payers/example-hdhp", "therapists/example-therapist",
                 "therapists/linear-practice", "therapists/slots-practice"):  # fmt: skip
        shutil.copy(ROOT / "rules" / f"{name}.yaml", folder / f"{name}.yaml")
    return folder


def activated(archive: Archive, *arguments: object, **named: object) -> Activated:
    """What is in force now, where nothing speaks against it."""
    found = activate(archive, *arguments, **named)  # type: ignore[arg-type]
    assert isinstance(found, Activated), found
    return found
