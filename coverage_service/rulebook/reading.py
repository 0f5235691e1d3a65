"""What is carried along while a tree is read: the file, its sources, the problems so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from coverage_service.core.facts import Confidence, Origin, Source
from coverage_service.core.reference import Reference
from coverage_service.rulebook.nodes import At, Fields, Text, place_of
from coverage_service.rulebook.problems import ERROR, WARNING, Problem

Memo = dict[object, dict[Any, Any]]

CONFIDENCES: Mapping[str, Confidence] = {x.name.lower(): x for x in Confidence}


@dataclass(frozen=True, slots=True)
class Known:
    """Names that other rule files define; an empty set is not checked against."""

    services: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

    @classmethod
    def of(cls, reference: Reference) -> Known:
        """The names of the reference data."""
        return cls(
            tuple(reference.services),
            tuple(reference.schedules),
            tuple(reference.exclusion_triggers),
            tuple(reference.licences),
        )


class Reading:
    """The reading of one file (``path``) or of one inline object (``path`` empty).

    ``memo`` remembers parsed texts by field.  It may be shared by the files of one load;
    an inline reading takes a fresh one, so that nothing of a request outlives it.
    """

    __slots__ = (
        "cases", "confidence", "errors", "in_file", "known", "memo", "path", "places", "problems",
        "reference", "references", "source", "sources",
    )  # fmt: skip

    def __init__(
        self,
        path: str = "",
        reference: Reference | None = None,
        memo: Memo | None = None,
        known: Known | None = None,
    ) -> None:
        self.path = path
        self.in_file = bool(path)
        self.reference = reference or Reference()
        self.known = known or Known.of(self.reference)
        self.memo: Memo = {} if memo is None else memo
        self.problems: list[Problem] = []
        self.errors = 0
        self.sources: dict[str, tuple[Source, Confidence]] = {}
        self.source: Source | None = None
        self.confidence = Confidence.STATED
        self.cases: list[Any] = []
        self.references: list[tuple[str, int, int]] = []
        self.places: list[tuple[int, int]] = []

    def error(self, at: At, message: str, remedy: str) -> None:
        """Note a mistake; reading goes on, so that all are reported at once."""
        self.errors += 1
        self._note(at, message, remedy, ERROR)

    def warn(self, at: At, message: str, remedy: str) -> None:
        """Note something that deserves a look but does not keep the rules from being used."""
        self._note(at, message, remedy, WARNING)

    def _note(self, at: At, message: str, remedy: str, severity: str) -> None:
        if isinstance(at, str):
            self.problems.append(Problem(at, 0, 0, message, remedy, severity))
        else:
            self.problems.append(Problem(self.path, at.line + 1, at.column + 1, message, remedy, severity))

    def origin(self, at: At) -> Origin:
        """Where a value stands and what supports it: the nearest enclosing source."""
        return Origin(place_of(self.path, at), self.source, self.confidence)

    def entered(self, at: At) -> None:
        """Note where a dated entry (plan, therapist, schedule) begins."""
        self.places.append((0, 0) if isinstance(at, str) else (at.line + 1, at.column + 1))

    def refer(self, plan: str, at: At) -> None:
        """Note that a plan is named here; looked up when all files are read."""
        line, column = (0, 0) if isinstance(at, str) else (at.line + 1, at.column + 1)
        self.references.append((plan, line, column))

    def enter(self, node: Fields) -> None:
        """Take over the ``source:`` and ``confidence:`` of a mapping for what it encloses."""
        named, level = node.get("source"), node.get("confidence")
        if isinstance(named, Text):
            found = self.sources.get(named.value)
            if found:
                self.source, self.confidence = found
            elif self.sources or self.in_file:
                self.unknown_name(named, "source", self.sources)
            else:
                self.source = Source(title=named.value)
        elif named is not None:
            self.error(named.at, "a source is named by one word", "write source: and a name of sources")
        if isinstance(level, Text):
            known = CONFIDENCES.get(level.value)
            if known is None:
                self.unknown_name(level, "confidence", CONFIDENCES)
            else:
                self.confidence = known
        elif level is not None:
            self.error(level.at, "confidence is one word", f"write {one_of(CONFIDENCES)}")

    def unknown_name(self, node: Text, what: str, known: Mapping[str, Any] | tuple[str, ...]) -> None:
        """Report a name that nothing carries, proposing the nearest one."""
        self.error(node.at, f"'{short(node.value)}' is not a known {what}", nearest(node.value, tuple(known)))


def nearest(word: str, known: tuple[str, ...]) -> str:
    """``write 'copay'`` for ``copya``; the list of known words when none is near."""
    folded = {x.lower(): x for x in reversed(known)}
    close = get_close_matches(word[:80].lower(), tuple(folded), n=1, cutoff=0.6)
    return f"write '{folded[close[0]]}'" if close else f"write {one_of(known)}"


def one_of(words: Mapping[str, Any] | tuple[str, ...]) -> str:
    """``a, b or c``, shortened when there are many."""
    listed = list(words)
    if not listed:
        return "one that is defined (none is yet)"
    if len(listed) > 16:
        return ", ".join(listed[:16]) + ", …"
    return " or ".join(x for x in (", ".join(listed[:-1]), listed[-1]) if x)


def short(text: str) -> str:
    """A text cut for a message."""
    return text if len(text) <= 60 else text[:57] + "..."
