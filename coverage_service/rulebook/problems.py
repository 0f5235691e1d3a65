"""A mistake in a rule file or in an inline plan, as data: where, what, and what to write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake.  ``line`` and ``column`` count from 1; both are 0 for a JSON request.

    ``path`` is the rule file, or the JSON pointer of the value in a request.
    ``severity`` is ``error`` (the rules are not used) or ``warning`` (they are).
    """

    path: str
    line: int
    column: int
    message: str
    remedy: str
    severity: str = ERROR

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}; {self.remedy}"


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that keep the rules from being used."""
    return tuple(problem for problem in problems if problem.severity == ERROR)
