"""Codes from outside: a shape, and the nearest known code for a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

from coverage_service.rulebook.amounts import Mistake
from coverage_service.rulebook.fields import BAD, Leaf
from coverage_service.rulebook.nodes import Node, Text
from coverage_service.rulebook.reading import Reading, short

LOOKS_LIKE: Final = str.maketrans("OIL", "011")


class Code(Leaf):
    """A code from outside (procedure, diagnosis, place …): a shape; digits only are quoted.

    ``shelf`` says which codes of the reference data may be proposed for a slip; where they are
    ``closed``, a rule file that names another one is warned about.
    """

    def __init__(
        self,
        shape: str,
        example: str,
        what: str = "code",
        shelf: str = "",
        closed: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.shape, self.example, self.what = re.compile(shape), example, what
        self.shelf, self.closed = shelf, closed
        self.expected = f"a {what} like {example}"

    def parse(self, text: str) -> Any:
        if not self.shape.fullmatch(text):
            raise Mistake(f"'{short(text)}' is not a {self.what}", f"write it like {self.example}")
        return text

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is Text and not node.quoted and node.value.isdigit():
            reading.error(
                node.at,
                f"{short(node.value)} is a code made of digits only",
                f'put it in quotes: "{short(node.value)}"',
            )
            return BAD
        found = super().read(node, reading)
        if self.closed and reading.in_file and isinstance(found, str):
            known = getattr(reading.reference, self.shelf)
            if known and found not in known:
                message = f"'{found}' is no {self.what} of rules/reference/codes.yaml"
                reading.warn(node.at, message, f"{self._near(found, known) or 'check it'}, or add it there")
        return found

    def remedy(self, mistake: Mistake, text: str, reading: Reading) -> str:
        """The nearest code of the reference data."""
        known = getattr(reading.reference, self.shelf) if self.shelf else ()
        return self._near(text, known) or mistake.remedy

    def _near(self, text: str, known: Iterable[str]) -> str:
        """``write "90837"`` for 9O837 or 90873; empty when none is near.

        Letters that look like digits come first, then two digits that changed places.
        """
        typed, listed = text[:20].strip().upper(), list(known)
        typed = typed[:1].replace("O", "0") + typed[1:].translate(LOOKS_LIKE)
        turned = [code for code in listed if sorted(code) == sorted(typed)]
        close = dict.fromkeys((*turned, *get_close_matches(typed, listed, n=2, cutoff=0.75)))
        close = {typed: None} if typed in listed else close
        shown = [f'"{code}"' if code.isdigit() else code for code in list(close)[:2]]
        return f"write {' or '.join(shown)}" if shown else ""
