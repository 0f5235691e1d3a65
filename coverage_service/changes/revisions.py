"""Rule files of a git revision, read without touching the work tree."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from coverage_service.rulebook.files import PARTS, Files
from coverage_service.rulebook.parse import LARGEST_FILE

ENDINGS: Final = (".yaml", ".yml", ".json")
WAIT: Final = 60
"""Seconds that git may take."""


class NoRevision(LookupError):
    """There is no such revision, or no repository to look for it in; the message says which."""


def files_of_revision(name: str, rules: Path) -> Files:
    """The rule files as they were in a revision of the repository that holds a folder of rules."""
    commit = _git(rules, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    inside = _git(rules, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    top = _git(rules, "rev-parse", "--show-toplevel").decode().removesuffix("\n")
    tree = f"{commit.decode().strip()}:{inside}"
    try:
        data = _git(Path(top), "archive", "--format=tar", tree)
    except NoRevision:
        raise NoRevision(f"revision '{name}' has no folder '{inside}'") from None
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            member.name: _read(archive, member)
            for member in archive
            if member.isfile() and member.name.split("/", 1)[0] in PARTS and _meant(member.name)
        }


def _meant(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    return stream.read(LARGEST_FILE + 1) if stream else b""


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, timeout=WAIT, check=False
        )
    except FileNotFoundError:
        raise NoRevision("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise NoRevision("git takes too long") from None
    if done.returncode:
        raise NoRevision(_reason(done.stderr.decode("utf-8", "replace")))
    return done.stdout


def _reason(said: str) -> str:
    """Why git refused, in our words where it is the usual reason."""
    if "not a git repository" in said:
        return "the folder of the rules lies in no git repository"
    return said.strip().splitlines()[0] if said.strip() else "there is no such git revision"
