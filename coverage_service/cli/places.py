"""Places in rule files as the caller would open them."""

from __future__ import annotations

from pathlib import Path

from coverage_service.rulebook.files import PREFIX


def opened(text: str, folder: Path) -> str:
    """A text that begins with ``rules/…`` with the folder that was really read in its place."""
    if not text.startswith(f"{PREFIX}/"):
        return text
    whole = folder.resolve()
    near = whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else folder
    return f"{near}{text.removeprefix(PREFIX)}"
