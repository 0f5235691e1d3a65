"""An estimate as tables and sentences on a terminal; plain text where it is not one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import fill
from typing import TypeVar

from rich import box
from rich.console import Console
from rich.table import Table

from coverage_service.answer_json import known, text_of
from coverage_service.cli.sentences import NO_FIGURE, cell, question_label, sentences, sessions
from coverage_service.cli.words import CONFIDENCE, EVENTS, MEANING, PATHWAYS, SCENARIOS, WINDOWS, bound, named
from coverage_service.core.answer import Estimate, Note, OpenQuestion, Pathway, Row, Scenario
from coverage_service.core.money import dollars
from coverage_service.core.plan import Plan
from coverage_service.core.therapist import Therapist
from coverage_service.estimates import Answered
from coverage_service.figures import is_open

SHOWN = ("next_session", "first_30_days", "twelve_months", "course")
LISTENERS = {
    "insurer": "insurer",
    "practice": "practice",
    "hr": "benefits office",
    "medigap": "Medigap insurer",
}
POSSIBLE = {"yes": "yes", "no": "no", "unknown": "not known"}
LONGER = {"yes": "possible", "no": "not possible", "unknown": "not known if possible"}
PLAIN_WIDTH = 100
MOST_QUESTIONS = 12


def console() -> Console:
    """Where to print: as wide as the terminal, a fixed width elsewhere, no colour unless wanted."""
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else PLAIN_WIDTH
    return Console(highlight=False, width=width, emoji=False, markup=False)


def say(out: Console, text: str) -> None:
    """A paragraph or an item, indented and wrapped to the width."""
    after = "    " if text.startswith("- ") else "  "
    out.print(fill(text, out.width, initial_indent="  ", subsequent_indent=after), soft_wrap=True)


def a_table(*columns: str) -> Table:
    """A table in the house's form; columns that begin with ``$`` hold amounts."""
    style = box.SIMPLE_HEAD if sys.stdout.isatty() else box.ASCII2
    table = Table(box=style, pad_edge=False)
    if not sys.stdout.isatty():
        table.show_edge = False
    for name in columns:
        right = name.startswith("$")
        table.add_column(name.lstrip("$"), justify="right" if right else "left", no_wrap=not right)
    return table


def show(out: Console, answered: Answered, version: str, with_ledger: bool) -> None:
    """The whole estimate."""
    found = answered.estimate
    _heading(out, answered, version)
    out.print(_pathways(found))
    for pathway in found.pathways:
        _pathway(out, answered, pathway)
    _cheapest(out, answered)
    _unknowns(out, answered)
    if with_ledger:
        for pathway in found.pathways:
            for scenario in pathway.scenarios:
                _ledger(out, pathway, scenario)
    _notes(out, answered)


def _heading(out: Console, answered: Answered, version: str) -> None:
    request, found = answered.request, answered.estimate
    first = request.care.first_session or request.as_of
    plan, therapist = in_force(request.plan, first), in_force(request.therapist, first)
    out.print("Estimate of what you may pay", style="bold")
    if plan:
        out.print(f"  plan       {plan.name or plan.id} ({plan.id})")
    else:
        out.print(f"  plan       {'no insurance' if request.uninsured else 'not known'}")
    out.print(f"  therapist  {f'{therapist.name or therapist.id}' if therapist else 'not known'}")
    out.print(f"  care       {sessions(request)} from {first}")
    out.print(
        f"  as of {found.as_of}, rules {version}, least confidence used: {CONFIDENCE[found.confidence]}"
    )
    out.print()


Entry = TypeVar("Entry", Plan, Therapist)


def in_force(entries: Sequence[Entry], on: date) -> Entry | None:
    """The dated entry of that day, else the one before it, else the first."""
    begun = [entry for entry in entries if (entry.starts or date.min) <= on]
    return begun[-1] if begun else next(iter(entries), None)


def _pathways(found: Estimate) -> Table:
    table = a_table("Way to pay", "Possible", *(f"${WINDOWS[id].capitalize()}" for id in SHOWN))
    for pathway in found.pathways:
        name, possible = named(PATHWAYS, pathway.id), POSSIBLE[pathway.possible]
        open = is_open(found, pathway)
        if not pathway.scenarios:
            table.add_row(name, possible, *("–" for _ in SHOWN))
        for scenario in pathway.scenarios:
            windows = {window.id: window for window in scenario.windows}
            two = len(pathway.scenarios) > 1
            cells = [cell(windows[id], open or two) for id in SHOWN]
            label = f"{name}, {named(SCENARIOS, scenario.name)}" if two else name
            table.add_row(label, possible, *("–" if text == NO_FIGURE else text for text in cells))
    return table


def _pathway(out: Console, answered: Answered, pathway: Pathway) -> None:
    out.print()
    title = named(PATHWAYS, pathway.id)
    means = f" ({MEANING[pathway.id]})" if pathway.id in MEANING else ""
    after = f", then {named(PATHWAYS, pathway.then).lower()}" if pathway.then else ""
    out.print(f"{title}{means}{after}: {LONGER[pathway.possible]}", style="bold")
    for text in sentences(answered.estimate, pathway, answered.request, answered.wording):
        say(out, text)
    covered = [note for scenario in pathway.scenarios[:1] for note in scenario.reasons]
    for note in (*pathway.reasons, *covered):
        say(out, f"- {words_of(note, answered)}")


def words_of(note: Note, answered: Answered) -> str:
    """The text of a code, or the code itself."""
    return text_of(note.code, note.params, answered.wording) or note.code.replace("_", " ")


def _cheapest(out: Console, answered: Answered) -> None:
    found = answered.estimate
    out.print()
    if found.cheapest:
        out.print(
            f"Cheapest over 12 months, all expected care counted: {named(PATHWAYS, found.cheapest).lower()}."
        )
    elif found.decided_by:
        label = question_label(found.decided_by, answered.wording)
        out.print(f"Which way is cheapest depends first of all on this: {label}.")
    for each in found.thresholds:
        ways = (named(PATHWAYS, each.insured), named(PATHWAYS, each.self_pay).lower())
        amount = dollars((each.other_care + 50) // 100 * 100)
        out.print(f"{ways[0]} is cheaper than the {ways[1]} once your other care exceeds about {amount}.")


def _unknowns(out: Console, answered: Answered) -> None:
    found = answered.estimate
    moving = [each for each in found.unknowns if each.swing != 0]
    if not found.unknowns:
        return
    out.print()
    out.print("Open questions, the dearest first", style="bold")
    table = a_table("", "What is not known", "$Moves up to", "Id (for --answer)")
    for number, each in enumerate(found.unknowns[:MOST_QUESTIONS], 1):
        table.add_row(str(number), question_label(each.id, answered.wording), _swing(each), each.id)
    out.print(table)
    rest = len(found.unknowns) - MOST_QUESTIONS
    if rest > 0:
        out.print(f"  and {rest} more; `coverage-service script` writes them out for a call")
    if any(each.id.endswith("oop_remaining") for each in moving):
        out.print("  If your out-of-pocket maximum is already reached, covered sessions cost $0.")


def _swing(each: OpenQuestion) -> str:
    cents = known(each.swing)
    if each.swing == 0:
        return "–"
    return "no bound known" if cents is None else dollars(-(-cents // 100) * 100)


AMOUNTS = (
    ("Billed", ("billed",)),
    ("Allowed", ("allowed",)),
    ("Write-off", ("write_off",)),
    ("Deductible", ("deductible",)),
    ("Copay", ("copay",)),
    ("Coinsurance", ("coinsurance",)),
    ("Above allowed", ("balance", "over_maximum")),
    ("Not covered", ("noncovered",)),
    ("Plan pays", ("plan_pays",)),
    ("2nd plan", ("secondary_pays",)),
    ("Forgiven", ("forgiven",)),
    ("You", ("patient",)),
    ("At visit", ("at_visit",)),
    ("Billed later", ("later_bill",)),
    ("Comes back", ("later_refund",)),
)
"""Columns of a ledger and the parts they add up; one without any cents is left out."""


def _ledger(out: Console, pathway: Pathway, scenario: Scenario) -> None:
    run = "as planned" if scenario.run == "planning" else "at the high end"
    side = f", {named(SCENARIOS, scenario.name)}" if len(pathway.scenarios) > 1 else ""
    columns = [(name, parts) for name, parts in AMOUNTS if any(_sum(row, parts) for row in scenario.ledger)]
    title = f"{named(PATHWAYS, pathway.id)}{side}: session by session, {run}"
    table = a_table("Date", "Code", *(f"${name}" for name, _ in columns))
    for row in scenario.ledger:
        table.add_row(row.on.isoformat(), row.cpt, *(bound(_sum(row, parts)) for _, parts in columns))
    out.print()
    out.print(title, style="bold")
    out.print(table)
    for event in scenario.events:
        out.print(f"  {event.on}: {named(EVENTS, event.code)}")


def _sum(row: Row, parts: Iterable[str]) -> int:
    return sum(getattr(row.parts, part) for part in parts)


def _notes(out: Console, answered: Answered) -> None:
    found = answered.estimate
    own = [note for note in found.notices if note.code not in answered.wording.disclaimers]
    for title, notes in (
        ("Please note", own),
        ("Taken for granted", found.assumptions),
        ("Not in these figures", found.excluded),
        ("About this estimate", [note for note in found.notices if note not in own]),
    ):
        if notes:
            out.print()
            out.print(title, style="bold")
        for text in dict.fromkeys(words_of(note, answered) for note in notes):
            say(out, f"- {text}")
