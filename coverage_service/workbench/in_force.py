"""The rule files in force, which every draft is made from, and those that were in force before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from coverage_service.activation.archive import Archive, Damaged
from coverage_service.activation.records import Activation
from coverage_service.rulebook.files import Files, read_folder
from coverage_service.workbench.access import settings
from coverage_service.workbench.drafts import digest, text_of

LOOKED_BACK = 50
"""How many versions are looked through for the one that somebody began with."""


def archive() -> Archive:
    """The kept rule books."""
    found = settings()
    assert found.state is not None
    return Archive(found.state, found.rules)


def files() -> Files:
    """The rule files in force; those of the folder while none are."""
    kept = archive()
    serving = kept.serving()
    return kept.files_of(serving) if serving else read_folder(kept.rules)[0]


def history(most: int) -> tuple[Activation, ...]:
    """The activations, the newest first."""
    return tuple(islice(archive().activated(), most))


def text_once(name: str, wanted: str) -> str | None:
    """The text of a file that was in force once, by its digest; None when it is not found."""
    return next((text for text in _texts(name) if digest(text) == wanted), None)


def _texts(name: str) -> Iterator[str | None]:
    kept = archive()
    for each in islice(kept.activated(), LOOKED_BACK):
        try:
            yield text_of(kept.files_of(each), name)
        except Damaged:
            continue
