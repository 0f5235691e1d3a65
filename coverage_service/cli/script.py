"""`script`: what to ask the insurer, the practice or the benefits office, ready to read out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

import click
import orjson

from coverage_service.answer_json import known, script_json
from coverage_service.cli.opening import refuse, sources
from coverage_service.cli.options import asking, body_of, today
from coverage_service.core.money import dollars
from coverage_service.core.question_table import LISTENERS
from coverage_service.core.script import BLANK, AnswerBox, Item, Script
from coverage_service.estimates import Invalid, Scripts, make_scripts

WIDTH = 92


@click.command()
@click.option("--listener", type=click.Choice(LISTENERS), help="Whom you call; every listener unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print the scripts of the JSON API.")
@asking
def script(asked: Mapping[str, Any], listener: str | None, as_json: bool, folder: Path | None) -> None:
    """Write down what to ask, the question that moves the most dollars first.

    REQUEST.json and the options are those of `estimate`.
    """
    rules = sources(folder)
    body = body_of(asked, rules)
    if listener is not None:
        body["listener"] = listener
    try:
        found = make_scripts(body, rules, today())
    except Invalid as error:
        refuse(error.problems)
    click.echo(_json(found) if as_json else "\n\n".join(told(each) for each in found.scripts))


def _json(found: Scripts) -> bytes:
    return orjson.dumps(
        {"scripts": [script_json(each) for each in found.scripts]}, option=orjson.OPT_INDENT_2
    )


def told(found: Script) -> str:
    """A script as text: opening, numbered questions with boxes for the answers, closing."""
    lines = [found.title, "=" * len(found.title), ""]
    lines += [fill(text, WIDTH) for text in found.opening]
    for number, item in enumerate(found.items, 1):
        lines += ["", *_item(number, item)]
    lines += ["", *(fill(text, WIDTH) for text in found.closing)]
    if found.call_notes:
        lines += ["", *(f"{text.rstrip(':')}: {BLANK}" for text in found.call_notes)]
    return "\n".join(lines)


def _item(number: int, item: Item) -> list[str]:
    indent = " " * 4
    start = f"{number:2}. "
    lines = [fill(item.text, WIDTH, initial_indent=start, subsequent_indent=indent)]
    why = f"({item.why}{_moves(item)})"
    lines.append(fill(why, WIDTH, initial_indent=indent, subsequent_indent=indent))
    return [*lines, indent + _box(item.box)]


def _moves(item: Item) -> str:
    cents = known(item.swing)
    if item.swing is None:
        return " It may move the total by any amount."
    return f" It moves the total by up to {dollars(-(-cents // 100) * 100)}." if cents else ""


def _box(box: AnswerBox) -> str:
    if box.choices:
        return "   ".join(f"[ ] {label}" for _, label in box.choices)
    unit = {"cents": "$", "percent": ""}.get(box.type, "")
    after = "%" if box.type == "percent" else f" {box.unit}" if box.unit else ""
    return f"Answer: {unit}{BLANK}{after}" + (f"  ({box.hint})" if box.hint else "")
