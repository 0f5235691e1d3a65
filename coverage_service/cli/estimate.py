"""`estimate`: what the sessions may cost, as tables or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from coverage_service.answer_json import estimate_json
from coverage_service.cli import tables
from coverage_service.cli.opening import refuse, sources
from coverage_service.cli.options import asking, body_of, today
from coverage_service.core.request import FULL, SUMMARY
from coverage_service.estimates import Answered, Invalid, make_estimate
from coverage_service.sources import Sources


@click.command()
@click.option("--ledger", is_flag=True, help="Show every session with its date.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the JSON API.")
@asking
def estimate(asked: Mapping[str, Any], ledger: bool, as_json: bool, folder: Path | None) -> None:
    """Estimate what a course of sessions may cost, on every way to pay.

    REQUEST.json is a request in the form of the JSON API (- reads it from the standard
    input); options are put on top of it.  Write amounts in single quotes: '$140'.
    """
    rules = sources(folder)
    answered = answer(asked, rules, whole=not as_json)
    if as_json:
        found = estimate_json(answered.estimate, answered.wording, rules.version, answered.request.detail)
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    else:
        tables.show(tables.console(), answered, rules.version, ledger)


def answer(asked: Mapping[str, Any], rules: Sources, whole: bool = True) -> Answered:
    """The estimate for a file and options, or every mistake in them and exit code 2.

    ``whole``: with its ledgers, also where the file asks for a summary.
    """
    try:
        body = body_of(asked, rules)
        if whole and body.get("detail") == SUMMARY:
            body["detail"] = FULL
        return make_estimate(body, rules, today())
    except Invalid as error:
        refuse(error.problems)
