"""`rules explain`: one estimate step by step, every amount with the rule it follows from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.answer_json import known, origin_json, plain
from coverage_service.cli.estimate import answer
from coverage_service.cli.opening import sources
from coverage_service.cli.options import asking
from coverage_service.cli.tables import words_of
from coverage_service.cli.words import BASIS, CONFIDENCE, PATHWAYS, SCENARIOS, amount, named
from coverage_service.cli.working import Row, rows
from coverage_service.core.answer import Estimate, FactUsed, Pathway, Scenario
from coverage_service.core.facts import Confidence, Origin
from coverage_service.core.reference import Reference
from coverage_service.core.schedule import THERAPY
from coverage_service.core.trace import Traced, of_scenario
from coverage_service.estimates import Answered

RULE_OF = {
    "billed": ("fee", "sliding_fee"),
    "noncovered": ("fee", "sliding_fee", "eap_session"),
    "allowed": ("allowed_amount",),
    "write_off": ("allowed_amount",),
    "balance": ("allowed_amount",),
    "deductible": ("cost_sharing",),
    "copay": ("cost_sharing",),
    "coinsurance": ("cost_sharing",),
    "over_maximum": ("cost_sharing",),
}
"""Which rule a part of a line follows from."""
NOT_SAID = "nobody said it, so the end that costs most (unknown)"
MONEY = ("fee.", "allowed_amount.", "oon_allowed.", "limit.", "used.")
"""Facts of these names are cents."""


@click.command("explain")
@click.option("--json", "as_json", is_flag=True, help="Print the working as JSON.")
@asking
def explain(asked: Mapping[str, Any], as_json: bool, folder: Path | None) -> None:
    """Explain one estimate: what was used, and how every session comes to its amount.

    REQUEST.json and the options are those of `estimate`.
    """
    opened = sources(folder)
    answered = answer(asked, opened)
    shown = list(_scenarios(answered, opened.book.reference))
    if as_json:
        click.echo(orjson.dumps(_json(answered.estimate, shown), option=orjson.OPT_INDENT_2))
    else:
        click.echo("\n".join([*_facts(answered), *_ways(answered, shown)]))


Shown = tuple[Pathway, Scenario, list[Traced]]


def _scenarios(answered: Answered, reference: Reference) -> Iterator[Shown]:
    """Each scenario with the claim lines of the run that its ledger shows."""
    for pathway in answered.estimate.pathways:
        for scenario in pathway.scenarios:
            lines = of_scenario(answered.request, reference, pathway.id, scenario.name, scenario.run)
            yield pathway, scenario, [line for line in lines if line.kind == THERAPY]


def _facts(answered: Answered) -> Iterator[str]:
    yield "What was used"
    for fact in answered.estimate.facts:
        yield f"  {fact.id}: {_value(fact)} ({BASIS.get(fact.basis, fact.basis)})"
        if fact.basis == "document":
            yield f"      {place(fact.origin)}"
    for note in answered.estimate.assumptions:
        yield f"  taken for granted: {words_of(note, answered)}"


def _value(fact: FactUsed) -> str:
    value = fact.value
    if value is None:
        return "not known"
    if fact.id.startswith(MONEY):
        low, high = getattr(value, "low", None), getattr(value, "high", None)
        if low is not None and low == high:
            return amount(low)
        return amount(value) if low is None else f"between {amount(low)} and {amount(high)}"
    found = plain(value)
    return found if isinstance(found, str) else orjson.dumps(found, default=str).decode()


def _ways(answered: Answered, shown: Sequence[Shown]) -> Iterator[str]:
    for pathway in answered.estimate.pathways:
        if not pathway.scenarios:
            reasons = " ".join(words_of(note, answered) for note in pathway.reasons)
            yield f"\n{named(PATHWAYS, pathway.id)}: no figure. {reasons}"
    for pathway, scenario, lines in shown:
        run = "as planned" if scenario.run == "planning" else "at the high end, since something is open"
        side = f", {named(SCENARIOS, scenario.name)}" if len(pathway.scenarios) > 1 else ""
        yield f"\n{named(PATHWAYS, pathway.id)}{side}: {run}"
        for note in scenario.reasons:
            yield f"  {words_of(note, answered)}{_params(note.params)}"
            yield f"      {place(note.origin)}"
        for group in _alike(lines):
            yield from _line(group, answered.estimate)
        total = sum(line.working.patient for line in lines)
        yield f"  together {amount(total)} for {len(lines)} claim lines"


def _params(params: Mapping[str, Any]) -> str:
    """What the sentence is about, in the codes of the rule files."""
    said = [f"{name}: {value}" for name, value in params.items() if value not in (None, "")]
    return f" ({', '.join(said)})" if said else ""


def _alike(lines: Sequence[Traced]) -> Iterator[list[Traced]]:
    """Lines in a row that come to the same in the same way."""
    key = lambda line: (line.line.cpt, tuple((m.cause, m.step, m.taken) for m in line.working.moves))  # noqa: E731
    return (list(group) for _, group in groupby(lines, key))


def _line(group: Sequence[Traced], found: Estimate) -> Iterator[str]:
    first, last = group[0], group[-1]
    more = f", and {len(group) - 1} more like it to {last.on}" if len(group) > 1 else ""
    yield f"  {first.on} {first.line.cpt}{more}"
    told = ""
    for row in rows(first.working):
        note = f"  {row.note}" if row.note else ""
        yield f"    {row.label:<46}  {amount(row.cents):>10}{note}".rstrip()
        origin = _origin(row, first, found)
        if origin is not None and (said := place(origin)) != told:
            told = said
            yield f"        {said}"


def _origin(row: Row, line: Traced, found: Estimate) -> Origin | None:
    """Where the rule behind an amount stands."""
    codes = RULE_OF.get(row.part, ())
    return next((found.why[i].origin for i in line.line.why if found.why[i].code in codes), None)


def place(origin: Origin) -> str:
    """``file:line``, the document with its page, and how well it supports the figure."""
    if not origin.place and origin.source is None:
        return (
            "nobody said it: as high as it can be (unknown)"
            if origin.confidence == Confidence.UNKNOWN
            else "said by you"
        )
    source = origin.source
    document = f", {source.title}" + (f", page {source.page}" if source.page else "") if source else ""
    return f"{origin.place or 'request'}{document} ({CONFIDENCE[origin.confidence]})"


def _json(found: Estimate, shown: Sequence[Shown]) -> list[dict[str, Any]]:
    return [
        {
            "pathway": pathway.id,
            "scenario": scenario.name,
            "run": scenario.run,
            "lines": [_line_json(line, found) for line in lines],
        }
        for pathway, scenario, lines in shown
    ]


def _line_json(line: Traced, found: Estimate) -> dict[str, Any]:
    working = line.working
    return {
        "date": line.on,
        "session": line.number,
        "cpt": line.line.cpt,
        "deductible_left_cents": known(working.left),
        "out_of_pocket_left_cents": known(working.room),
        "patient_cents": known(working.patient),
        "rows": [_row_json(row, _origin(row, line, found)) for row in rows(working)],
    }


def _row_json(row: Row, origin: Origin | None) -> dict[str, Any]:
    where = origin_json(origin) if origin else {"place": None, "source": None, "confidence": None}
    return {"part": row.part, "step": row.label, "cents": known(row.cents), **where}
