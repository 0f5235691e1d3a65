"""Facts of unchanged files, kept from one start to the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from coverage_service.rulebook.files import FileFacts, RuleFile


class Cache:
    """A file of data, keyed by each rule file's hash and by what all of them share."""

    def __init__(self, path: Path | None, key: str) -> None:
        self.path = path
        self.key = key

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def get(self, file: RuleFile, read: Callable[[], FileFacts]) -> FileFacts:
        """What the cache holds for a file, else what ``read`` finds."""
        return read()
