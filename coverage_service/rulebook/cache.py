"""Facts of unchanged files, kept from one start to the next."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from coverage_service.rulebook.files import FileFacts, RuleFile, Shelf, read_file


class Cache:
    """A file of data, keyed by each rule file's hash and by what all of them share."""

    def __init__(self, path: Path | None, shelf: Shelf) -> None:
        self.path = path
        self.shelf = shelf

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def get(self, file: RuleFile, schema: Any) -> FileFacts:
        """What the cache holds for a file, else what the file says."""
        return read_file(file, schema, self.shelf)
