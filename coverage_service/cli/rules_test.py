"""`rules test`: run the tests that the rule files carry."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.checking.asked import Library
from coverage_service.checking.figures import PARTS
from coverage_service.checking.run import Checked, matching, run
from coverage_service.cli.places import opened
from coverage_service.cli.rules import RULES, rules_folder, shown
from coverage_service.cli.words import PATHWAYS, amount, named
from coverage_service.cli.working import rows, text
from coverage_service.core.facts import Between
from coverage_service.core.priced import COVERED, REFUSED
from coverage_service.core.schedule import THERAPY
from coverage_service.core.trace import Traced, of_scenario
from coverage_service.rulebook.book import load
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.problems import errors
from coverage_service.therapists.store import load_therapists

REFUSED_NAMES = {"patient_if_not", "patient_if_liable", "patient_if_provider_liable"}
MOST_LINES = 3
"""Of a longer course only so many lines are worked out."""


@click.command("test")
@click.argument("words", nargs=-1)
@RULES
@click.option("--json", "as_json", is_flag=True, help="Print what every test expected and found as JSON.")
def test(words: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Run the tests inside the rule files; exit 1 when one fails or no confirmed one ran.

    WORDS choose tests: each must stand in the file's path, the id or the test's name.
    """
    where = rules_folder(folder)
    cases, library = read(where)
    chosen = matching(cases, words)
    results = list(run(chosen, library))
    failed = [each for each in results if not each.passed]
    if as_json:
        click.echo(orjson.dumps(_summary(results, failed, len(cases), where), option=orjson.OPT_INDENT_2))
    else:
        for each in failed:
            click.echo("\n".join(told(each, where)) + "\n")
        for each in results:
            if each.passed and not each.case.confirmed:
                click.echo(f"{opened(each.case.origin.place, where)}: {_name(each.case)}")
        click.echo(_counts(results, failed, cases, words))
    sys.exit(1 if failed or not any(each.case.confirmed for each in results) else 0)


def read(folder: Path) -> tuple[tuple[Case, ...], Library]:
    """Every test of a folder and where its plans and practices stand; ends when it cannot be read."""
    loaded = load(folder)
    found = load_therapists(folder, loaded.book)
    wrong = errors((*loaded.problems, *found.problems))
    if loaded.book is None or found.store is None:
        for problem in wrong:
            click.echo(shown(problem, folder), err=True)
        raise click.ClickException("no test was run, the rule files have mistakes; see `rules check`")
    library = Library(loaded.book.reference, loaded.book.plans, found.store.entries)
    return (*loaded.book.cases, *found.store.cases), library


def told(checked: Checked, folder: Path) -> Iterator[str]:
    """A failing test: its place, what differs, and the working with the differing figures marked."""
    case, found = checked.case, checked.found
    yield f"{opened(case.origin.place, folder)}: {_name(case)}"
    for each in checked.differences:
        yield f"    {named({}, each.name)}: expected {amount(each.expected)}, found {amount(each.found)}"
    spread = isinstance(found.figures.get("patient"), Between)
    refused = all(each.name in REFUSED_NAMES for each in checked.differences)
    scenario = REFUSED if refused and found.scenario == COVERED else found.scenario
    for end in ("low", "high") if spread else ("planning",):
        lines = of_scenario(found.asked.request, found.asked.reference, found.pathway, scenario, end)
        heading = f"{named(PATHWAYS, found.pathway).lower()}, {named({}, scenario)}"
        heading += f", the {end} end" if spread else ""
        yield from _worked([x for x in lines if x.kind == THERAPY], heading, _marks(checked, end))


def _name(case: Case) -> str:
    unconfirmed = "" if case.confirmed else " [not confirmed]"
    return f"{case.entry}: {case.name}{unconfirmed}"


def _marks(checked: Checked, end: str) -> dict[str, str]:
    """What was expected, by the part of the working that shows it."""
    of_patient = {"patient", "fee", "total", "patient_if_covered", "low" if end == "low" else "high"}
    marks = {}
    for each in checked.differences:
        part = "patient" if each.name in of_patient | REFUSED_NAMES else PARTS.get(each.name)
        if part:
            marks[part] = amount(each.expected)
    return marks


def _worked(lines: Sequence[Traced], heading: str, marks: dict[str, str]) -> Iterator[str]:
    alone = len(lines) == 1
    for line in lines[:MOST_LINES]:
        yield f"    {line.on} {line.line.cpt}, {heading}:"
        yield from (f"      {row}" for row in text(rows(line.working), marks if alone else {}))
    if len(lines) > MOST_LINES:
        yield f"    … and {len(lines) - MOST_LINES} more"
    if not alone:
        expected = f"  <- expected {marks['patient']}" if "patient" in marks else ""
        total = sum(line.working.patient for line in lines)
        yield f"    > {len(lines)} lines together, {heading}: {amount(total)}{expected}"


def _counts(
    results: list[Checked], failed: list[Checked], cases: Sequence[Case], words: Sequence[str]
) -> str:
    """One line about all of it; silence is never success."""
    if not cases:
        return "no test ran: there are no tests in these rule files"
    if not results:
        return f"no test ran: none of {len(cases)} matches {' '.join(words)!r}"
    one = "test" if len(results) == 1 else "tests"
    some = f" of {len(cases)}" if len(results) < len(cases) else ""
    open_ones = sum(not each.case.confirmed for each in results)
    said = f"{len(results)}{some} {one} run, {len(results) - len(failed)} passed, {len(failed)} failed"
    if open_ones == len(results):
        return f"{said}; none of them is confirmed, so nothing is shown: compare them with the document"
    return f"{said}, {open_ones} not confirmed" if open_ones else said


def _summary(results: list[Checked], failed: list[Checked], cases: int, folder: Path) -> dict[str, Any]:
    return {
        "ran": len(results),
        "of": cases,
        "passed": len(results) - len(failed),
        "failed": len(failed),
        "unconfirmed": sum(not each.case.confirmed for each in results),
        "tests": [_result(each, folder) for each in results],
    }


def _result(checked: Checked, folder: Path) -> dict[str, Any]:
    case = checked.case
    return {
        "place": opened(case.origin.place, folder),
        "entry": case.entry,
        "case": case.name,
        "confirmed": case.confirmed,
        "passed": checked.passed,
        "differences": [
            {"name": x.name, "expected": _plain(x.expected), "found": _plain(x.found)}
            for x in checked.differences
        ],
    }


def _plain(value: object) -> object:
    """Money as cents, two ends as low and high."""
    return {"low_cents": value.low, "high_cents": value.high} if isinstance(value, Between) else value
