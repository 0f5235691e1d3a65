"""Facts of unchanged files, kept from one start to the next.

One file: a checksum, then JSON.  Each rule file's facts stand under its name and hash; all
of them count only for the same reference data and the same program.  Whatever is wrong with
a cache, the rule files are read instead and the cache is written anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import orjson

from coverage_service.rulebook.codec import Decoder, Encoder
from coverage_service.rulebook.files import FileFacts, RuleFile, Shelf, read_file
from coverage_service.rulebook.problems import errors

PACKAGE: Final = Path(__file__).resolve().parent.parent
DIGEST: Final = 32


class Cache:
    """The cache of one load; without a path it only reads the rule files.

    Use as a context: it is written at the end if anything in it changed.
    """

    def __init__(self, path: Path | None, shelf: Shelf) -> None:
        self.path = path
        self.shelf = shelf
        self.key = f"{program_version()} {shelf.version}" if path else ""
        self.found: dict[str, list[Any]] = {}
        self.kept: dict[str, tuple[str, FileFacts]] = {}
        self.changed = False
        self.decoder = Decoder([])

    def __enter__(self) -> Cache:
        if self.path is not None:
            self.found, self.decoder = _read(self.path, self.key)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is not None and error is None and (self.changed or len(self.kept) != len(self.found)):
            with contextlib.suppress(OSError):
                _write(self.path, self._content())

    def _content(self) -> dict[str, Any]:
        encoder = Encoder()
        files = {name: [digest, encoder.encode(facts)] for name, (digest, facts) in self.kept.items()}
        return {"key": self.key, "pool": encoder.pool, "files": files}

    def get(self, file: RuleFile, schema: Any) -> FileFacts:
        """What the cache holds for a file, else what the file says."""
        facts = self._kept(file)
        if facts is None:
            facts = read_file(file, schema, self.shelf)
            self.changed = True
        if self.path is not None and not errors(facts.problems):
            self.kept[file.name] = (file.digest, facts)
        return facts

    def _kept(self, file: RuleFile) -> FileFacts | None:
        entry = self.found.get(file.name)
        if entry is None or entry[0] != file.digest:
            return None
        try:
            facts = self.decoder.decode(entry[1])
        except Exception:  # a cache written by hand: read the rule file instead
            return None
        return facts if type(facts) is FileFacts else None


@functools.cache
def program_version() -> str:
    """A hash of the code that makes facts: facts of another version are not used."""
    total = hashlib.sha256()
    for folder in ("core", "rulebook"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _read(path: Path, key: str) -> tuple[dict[str, list[Any]], Decoder]:
    """The entries by file name, and what decodes them; nothing from a damaged cache."""
    try:
        data = path.read_bytes()
        if hashlib.sha256(data[DIGEST:]).digest() == data[:DIGEST]:
            content = orjson.loads(data[DIGEST:])
            if content["key"] == key:
                return content["files"], Decoder(content["pool"])
    except Exception:  # whatever is wrong with it, the rule files are there
        return {}, Decoder([])
    return {}, Decoder([])


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all: written beside its place, then renamed."""
    payload = orjson.dumps(content)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(payload).digest() + payload)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
