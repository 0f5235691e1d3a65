"""The working of one claim line in plain words, one movement of money a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from coverage_service.cli.words import bound
from coverage_service.core.money import dollars
from coverage_service.core.terms import BOUNDLESS
from coverage_service.core.working import Move, Working
from coverage_service.rulebook.steps import step_text

NO_PHRASE = {
    "write_off": "write-off, which the clinician may not collect",
    "above_allowed": "above the allowed amount, billed to the patient",
    "plan_pays": "the plan pays the rest",
    "out_of_pocket_limit": "taken back: out-of-pocket maximum reached",
    "plan_maximum": "above the most that the plan pays",
    "sliding_cap": "forgiven by the practice's sliding scale",
    "second_plan": "the second plan pays",
    "self_pay": "the clinician's fee, no plan sees it",
    "not_covered": "not covered, the patient pays",
    "visit_limit_reached": "beyond the visit limit, the patient pays",
}
CUT = {
    "plan_pays": "less the law's cut of that payment",
    "write_off": "the cut is the clinician's loss",
    "balance": "the cut is billed to the patient",
}
"""Who bears what Medicare keeps back of its own payment."""


class Row(NamedTuple):
    """One row of a working; ``part`` is the part of the line it goes to."""

    part: str
    label: str
    cents: int
    note: str = ""


def rows(working: Working) -> Iterator[Row]:
    """Billed, each movement, and what the patient pays in the end."""
    line = working.line
    yield Row("billed", "billed", line.billed)
    told = False
    for move in working.moves:
        if line.covered and not told and move.cause not in ("write_off", "above_allowed"):
            told = True
            yield Row("allowed", "allowed by the plan", line.allowed)
        yield Row(move.part, _label(move, working), move.taken, _note(move, working))
    yield Row("patient", "the patient pays", working.patient)


def _label(move: Move, working: Working) -> str:
    if move.cause == "out_of_pocket_limit":
        return f"{NO_PHRASE[move.cause]} ({move.part})"
    if move.cause == "sequestration":
        return CUT[move.part]
    if move.step < 0:
        return NO_PHRASE.get(move.cause, move.cause.replace("_", " "))
    words = step_text(working.line.steps[move.step])
    return f"{words}: {NO_PHRASE['plan_maximum']}" if move.part == "over_maximum" else words


def _note(move: Move, working: Working) -> str:
    """Of how much, and what is left of the limits after it."""
    if move.step < 0 and move.cause != "out_of_pocket_limit":
        return ""
    notes = [f"of {dollars(move.base)}"] if move.part == "coinsurance" and move.taken >= 0 else []
    if working.left and move.part == "deductible":
        notes.append(f"{bound(move.left)} of the deductible left")
    if working.room < BOUNDLESS:
        notes.append(f"{dollars(max(0, move.room))} to the out-of-pocket maximum")
    return ", ".join(notes)


def text(found: Iterable[Row], marks: Mapping[str, str]) -> Iterator[str]:
    """Rows as aligned lines; a marked one is pointed at and says what was expected."""
    shown = list(found)
    last = {row.part: index for index, row in enumerate(shown)}
    width = max(len(row.label) for row in shown)
    for index, row in enumerate(shown):
        mark = marks.get(row.part) if last[row.part] == index else None
        tail = f"  <- expected {mark}" if mark else f"  {row.note}" if row.note else ""
        yield f"{'>' if mark else ' '} {row.label:<{width}}  {bound(row.cents):>10}{tail}"
    for part in marks.keys() - last.keys():
        yield f"> {part:<{width}}  {'$0':>10}  <- expected {marks[part]}"
