"""A text as YAML writes it."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _.()/%$+-]*[A-Za-z0-9_.()/%$+-])?")


def scalar(text: str, quoted: bool = False) -> str:
    """A text as a YAML scalar; digits alone, amounts and all that could be misread go in quotes."""
    if not quoted and _PLAIN.fullmatch(text) and not text.replace(".", "").isdigit():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
