"""The options by which a person asks for an estimate, and the JSON body they stand for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from coverage_service.cli.opening import request_file
from coverage_service.core.money import parse_dollars
from coverage_service.core.plan import DEDUCTIBLE, OUT_OF_POCKET, Plan
from coverage_service.sources import Sources

Body = dict[str, Any]


class Dollars(click.ParamType[Any]):
    """``'$850'``, or a range ``'$110-$160'``; the sign is asked for, since a shell eats ``$850``."""

    name = "$amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        ends = str(value).split("-") if not isinstance(value, int) else [value]
        try:
            cents = [parse_dollars(end) if isinstance(end, str) else end for end in ends]
        except ValueError:
            self.fail(
                f"{value!r} is not an amount; write it in single quotes with its sign, like '$850'.",
                param,
                ctx,
            )
        if len(cents) > 2 or cents != sorted(cents):
            self.fail(
                f"{value!r} is not a range; write the smaller amount first, like '$110-$160'.", param, ctx
            )
        return cents[0] if len(cents) == 1 else {"low": cents[0], "high": cents[1]}


class Priced(click.ParamType[Any]):
    """``'90837=$200'``: a procedure code and an amount."""

    name = "code=$amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        code, sign, amount = value.partition("=")
        if not sign:
            self.fail(f"{value!r} has no '='; write the code and the amount, like '90837=$200'.", param, ctx)
        return code.strip(), Dollars().convert(amount.strip(), param, ctx)


class Visits(click.ParamType[Any]):
    """``12``, or a range ``8-12``."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        ends = str(value).split("-")
        if not 1 <= len(ends) <= 2 or not all(
            end.isascii() and end.isdigit() and len(end) < 5 for end in ends
        ):
            self.fail(f"{value!r} is not a number of sessions; write 12, or a range like 8-12.", param, ctx)
        return int(ends[0]) if len(ends) == 1 else {"low": int(ends[0]), "high": int(ends[1])}


DOLLARS, PRICED = Dollars(), Priced()

# Option, where its value goes in the body, and how it is read.
PLACED: tuple[tuple[str, str, Any, str], ...] = (
    ("--plan", "plan", str, "Id of a plan; none = no insurance."),
    ("--therapist", "therapist", str, "Id of a therapist or practice."),
    ("--concern", "care/concern", str, "What brings you, when no diagnosis is known: painful-sex, …"),
    ("--format", "care/format", str, "individual, couple, family or group."),
    ("--minutes", "care/minutes", int, "Length of a session."),
    ("--modality", "care/modality", str, "in_person or telehealth."),
    ("--state", "care/client_state", str, "Where you are during a session by video: CA, …"),
    ("--sessions", "care/sessions", Visits(), "How many visits, the first one included: 12, or 8-12."),
    ("--every", "care/every_days", int, "Days from one session to the next."),
    ("--first", "care/first_session", str, "Date of the first session."),
    ("--network", "network/status", str, "in, out, opted_out or gap_exception."),
    ("--tier", "network/tier", str, "The clinician's tier in the plan's network."),
    ("--coverage", "member/coverage", str, "self_only or family."),
    ("--household", "household/size", int, "People in your household, for a sliding scale."),
    ("--area", "household/area", str, "48 (48 states and DC), AK or HI."),
    ("--income", "household/income_cents", DOLLARS, "Yearly income, for a sliding scale."),
    ("--eap", "eap/plan", str, "Id of an employee programme with free sessions."),
    ("--secondary", "secondary/plan", str, "Id of a second plan, which pays after the first."),
    ("--as-of", "as_of", str, "The day to estimate as of; today unless given."),
    ("--language", "language", str, "Language of questions and notes: en, es."),
)  # fmt: skip


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a request; it takes them as one mapping ``asked``."""

    def with_request(**options: Any) -> Any:
        own = {name: options.pop(name) for name in list(options) if name in OWN}
        return command(asked=options, **own)

    with_request.__name__, with_request.__doc__ = command.__name__, command.__doc__
    found: Callable[..., Any] = with_request
    for decorate in reversed(_decorators()):
        found = decorate(found)
    return found


OWN = {"as_json", "ledger", "listener", "folder"}
"""Options of the commands themselves, not of a request."""


def _name(place: str) -> str:
    return place.replace("/", "_in_")


def _decorators() -> list[Callable[[Any], Any]]:
    return [
        click.argument("request_name", metavar="[REQUEST.json|-]", required=False),
        *(click.option(flag, _name(place), type=kind, help=text) for flag, place, kind, text in PLACED),
        click.option("--diagnosis", multiple=True, help="Code; the first one given decides coverage."),
        click.option("--intake/--no-intake", default=None, help="Whether the first visit is an intake."),
        click.option("--skip", multiple=True, help="A date without a session; may be given again."),
        click.option("--fee", multiple=True, type=PRICED, help="Full fee of a code: '90837=$200'."),
        click.option("--allowed", multiple=True, type=PRICED, help="Allowed amount, also '90837=$110-$160'."),
        click.option("--used-deductible", type=DOLLARS, help="Met of the deductible so far."),
        click.option("--used-out-of-pocket", type=DOLLARS, help="Met of the out-of-pocket maximum so far."),
        click.option("--answer", multiple=True, metavar="ID=VALUE", help="Answer to an open question."),
        click.option("--name-topic", is_flag=True, default=None, help="Let scripts name sexual health."),
        click.option("--rules", "folder", type=click.Path(path_type=Path), help="The folder of rule files."),
    ]  # fmt: skip


def body_of(asked: Mapping[str, Any], sources: Sources) -> Body:
    """The request in the file with what the options say on top."""
    body = request_file(asked["request_name"])
    for _, place, _, _ in PLACED:
        if asked[_name(place)] is not None:
            _put(body, place, asked[_name(place)])
    if asked["diagnosis"]:
        _put(body, "care/diagnoses", list(asked["diagnosis"]))
    if asked["skip"]:
        _put(body, "care/skip", list(asked["skip"]))
    for name, place in (("intake", "care/intake"), ("name_topic", "name_topic")):
        if asked[name] is not None:
            _put(body, place, asked[name])
    for name, key in (("fee", "billed_cents"), ("allowed", "allowed_cents")):
        for code, cents in asked[name]:
            _put(body, f"prices/{code}/{key}", cents)
    for name, kind in (("used_deductible", DEDUCTIBLE), ("used_out_of_pocket", OUT_OF_POCKET)):
        if asked[name] is not None:
            _put(body, f"used/limits/{_bucket(body, sources, kind)}/{KEYS[kind]}", asked[name])
    for text in asked["answer"]:
        id, sign, value = text.partition("=")
        if not sign:
            raise click.BadParameter(f"{text!r} has no '='; write an id and a value, like network_status=in.")
        _put(body, f"answers/{id}", {"value": _value(value)})
    body.setdefault("care", {})
    return body


KEYS = {DEDUCTIBLE: "deductible_cents", OUT_OF_POCKET: "out_of_pocket_cents"}


def _put(body: Body, place: str, value: Any) -> None:
    """Set a value in nested objects; one that is no object is replaced."""
    *above, last = place.split("/")
    for name in above:
        if not isinstance(body.get(name), dict):
            body[name] = {}
        body = body[name]
    body[last] = value


def _value(text: str) -> Any:
    """An answer: cents from ``'$140'``, a JSON number, else the words themselves."""
    try:
        return parse_dollars(text)
    except ValueError:
        pass
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, (int, dict)) and not isinstance(found, bool) else text


def _bucket(body: Body, sources: Sources, kind: str) -> str:
    """The limit that an amount without a name most likely means: the one of the network asked about."""
    name, network = body.get("plan"), body.get("network")
    entries: tuple[Plan, ...] = sources.plans.get(name, ()) if isinstance(name, str) else ()
    out = isinstance(network, dict) and network.get("status") == "out"
    wanted = ("out_of_network" if out else "in_network", "any_network", "behavioral_health")
    there = {limit.bucket for plan in entries for limit in plan.limits if limit.kind == kind}
    return next((bucket for bucket in wanted if bucket in there), wanted[0])


def today() -> date:
    """The day on which somebody asks."""
    return datetime.now(UTC).date()
