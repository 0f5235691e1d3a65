"""What an estimate collects while it reads facts: inputs used, reasons, open variables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from coverage_service.core.answer import FactUsed, Note, Why
from coverage_service.core.facts import NOWHERE, Confidence, Origin


@dataclass(slots=True)
class Findings:
    """Collected for one estimate, each told once, in the order found.

    ``reasoned`` is False where nobody asks where a figure comes from: no ``why`` is kept then.
    """

    why: dict[tuple[str, str], tuple[int, Why]] = field(default_factory=dict)
    facts: dict[str, FactUsed] = field(default_factory=dict)
    assumptions: dict[str, Note] = field(default_factory=dict)
    notices: dict[str, Note] = field(default_factory=dict)
    reasoned: bool = True

    def add(self, told: Findings) -> None:
        """Take over facts, assumptions and notices that were found out before."""
        for id, fact in told.facts.items():
            self.facts.setdefault(id, fact)
        for code, note in told.assumptions.items():
            self.assumptions.setdefault(code, note)
        for code, note in told.notices.items():
            self.notices.setdefault(code, note)

    def add_of(self, plan: str, told: Findings) -> None:
        """Take over what was found out of another plan, under its name, which is its question's too."""
        for id, fact in told.facts.items():
            question = plan if fact.question else None
            self.facts.setdefault(f"{plan}.{id}", replace(fact, id=f"{plan}.{id}", question=question))
        for note, tell in (
            *((each, self.assume) for each in told.assumptions.values()),
            *((each, self.notice) for each in told.notices.values()),
        ):
            limit = {"limit": f"{plan}.{note.params['limit']}"} if "limit" in note.params else {}
            tell(note.code, note.origin, **{**note.params, **limit})

    def because(self, code: str, origin: Origin, **params: Any) -> int:
        """The index of a working step in ``Estimate.why``."""
        if not self.reasoned:
            return 0
        key = (code, f"{origin.place}{params}")
        if key not in self.why:
            self.why[key] = (len(self.why), Why(code=code, params=params, origin=origin))
        return self.why[key][0]

    def fact(
        self,
        id: str,
        value: Any,
        basis: str,
        origin: Origin = NOWHERE,
        question: str | None = None,
        confidence: Confidence | None = None,
    ) -> None:
        """Record an input as it was used; the first telling counts."""
        level = confidence if confidence is not None else CONFIDENCE_OF[basis]
        if basis == "document":
            level = origin.confidence
        self.facts.setdefault(
            id, FactUsed(id=id, value=value, basis=basis, confidence=level, question=question, origin=origin)
        )

    def assume(self, code: str, origin: Origin = NOWHERE, **params: Any) -> None:
        """Record an assumption, once."""
        self.assumptions.setdefault(code + str(params), Note(code, params, origin))

    def notice(self, code: str, origin: Origin = NOWHERE, **params: Any) -> None:
        """Record a notice, once."""
        self.notices.setdefault(code + str(params), Note(code, params, origin))


CONFIDENCE_OF = {
    "said": Confidence.STATED,
    "document": Confidence.VERIFIED,
    "default": Confidence.ASSUMED,
    "unknown": Confidence.UNKNOWN,
}
