"""The archive that the settings name, if there can be one."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_service.activation.archive import Archive
from coverage_service.config import Config


@dataclass(frozen=True, slots=True)
class Opened:
    """The archive, or None and the reason why no history is kept."""

    archive: Archive | None
    reason: str = ""


def open_archive(config: Config) -> Opened:
    """The archive of the folder of rules that is set up."""
    if config.state is None:
        return Opened(None, "no state folder is set up (COVERAGE_STATE)")
    archive = Archive(config.state, config.rules)
    try:
        archive.prepare()
    except OSError as error:
        reason = error.strerror or str(error)
        return Opened(None, f"the state folder cannot be written (COVERAGE_STATE): {reason}")
    return Opened(archive)
