"""The texts that each kind of scalar takes, as JSON Schema: patterns, words, examples.

An editor types the scalars of YAML 1.2 before it asks the schema: ``90837`` is a number, ``yes`` and
dates are texts.  So a code takes texts only, a count numbers and texts, and free text whatever stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from coverage_service.rulebook import fields as leaves
from coverage_service.rulebook import fields_plan as plan
from coverage_service.rulebook import schema_schedule, schema_sliding
from coverage_service.rulebook.fields_code import Code
from coverage_service.rulebook.phrases import KNOWN

Json = dict[str, Any]

MONEY: Final = r"\$([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{2})?"
PERCENT: Final = r"(0{0,2}[0-9]{1,2}(\.[0-9]{1,2})?|0?100(\.00?)?)%"
SHARE: Final = r"(0?[0-9]{1,3}(\.[0-9]{1,2})?|1000(\.00?)?)%"
"""A share that may be above the whole, up to 1000%."""
NAME: Final = r"[a-z0-9][a-z0-9_.-]{0,99}"
WHEN: Final = r"( (once|until) deductible is met)?"


def amount(single: str) -> str:
    """The pattern of one figure, an interval, a choice or unknown."""
    return rf"(unknown|{single}|{single} to {single}|{single}( or {single}){{1,9}})"


PHRASE: Final = (
    r"(deductible|no deductible|no charge|not covered|[a-z][a-z0-9_]{0,40} deductible"
    rf"|copay {amount(MONEY)}( toward deductible)?( per day( per clinician)?)?{WHEN}"
    rf"|coinsurance {amount(PERCENT)}( up to {MONEY})?( ignoring copay)?{WHEN}"
    rf"|plan pays up to {MONEY})"
)
PHRASE_WANTED: Final = (
    "write a phrase such as copay $30, deductible, coinsurance 20%, no charge or not covered; "
    "rules/README.md lists all of them"
)
DAY: Final = r"(199[0-9]|20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
ALLOWED: Final = (
    rf"(contract|unknown|{MONEY}|[0-9]{{1,2}}(st|nd|rd|th) percentile of {NAME}"
    rf"|{PERCENT} of billed|{SHARE} of (?!billed$){NAME}"
    rf"|(?!(billed|yes|no|none)$){NAME})"
)


def whole(pattern: str, *examples: str) -> Json:
    """A text that matches from end to end."""
    return {
        "type": "string",
        "pattern": f"^({pattern})$",
        **({"examples": list(examples)} if examples else {}),
    }


def _count(field: Any) -> Json:
    if field.unit:
        return whole(f"[0-9]{{1,9}}{field.unit}", f"{max(field.least, 6)}{field.unit}")
    number = {"type": "integer", "minimum": field.least, "maximum": field.most}
    return {"anyOf": [number, whole("[0-9]{1,9}")]}


def _named(field: Any) -> Json:
    """A name may look like a number, which an editor then takes for one."""
    return {"anyOf": [whole(field._shape.pattern), {"type": "number", "minimum": 0}]}


def _prose(field: Any) -> Json:
    text = {"type": "string", "pattern": r"\S", "maxLength": field.longest}
    return {"anyOf": [text, {"type": ["number", "boolean"]}]}


def _code(field: Any) -> Json:
    return whole(field.shape.pattern, field.example.strip('"').split('"')[0])


def _words(field: Any) -> Json:
    return {"enum": list(field.words)}


def _fixed(pattern: str, *examples: str) -> Callable[[Any], Json]:
    return lambda field: whole(pattern, *examples)


SHAPES: Final[Mapping[type[Any], Callable[[Any], Json]]] = {
    leaves.Word: _words,
    leaves.Dollars: _fixed(MONEY, "$30", "$1,250.50"),
    leaves.Percent: _fixed(PERCENT, "20%", "12.5%"),
    leaves.DollarAmount: _fixed(amount(MONEY), "$200", "$180 to $220", "unknown"),
    leaves.Count: _count,
    leaves.Day: lambda field: {**whole(DAY, "2026-01-31"), "format": "date"},
    leaves.Prose: _prose,
    leaves.Name: _named,
    Code: _code,
    plan.Known: _named,
    plan.Licence: _fixed(plan.Licence._shape.pattern, "LMFT", "LCSW"),
    plan.Tier: lambda field: {
        "anyOf": [whole(r"[\w -]{1,40}", "preferred"), {"type": "integer", "minimum": 0}]
    },
    plan.Visits: _fixed(rf"first (?!0+ )[0-9]{{1,3}} of {NAME}", "first 3 of first-visits"),
    plan.FamilyMethod: lambda field: {"anyOf": [_words(field), whole("[2-9] members", "2 members")]},
    plan.FamilyLimit: _fixed(rf"{MONEY}|{PERCENT} of income", "$2,000", "5% of income"),
    plan.UpToAllowed: lambda field: {"anyOf": [_words(field), whole(f"up to {PERCENT}", "up to 15%")]},
    plan.KeptCopay: _fixed(f"copay up to {MONEY}", "copay up to $20"),
    plan.Allowed: _fixed(
        ALLOWED, "contract", "medicare-2026", "140% of medicare-2026", "60% of billed", "$90"
    ),
    plan.YearDay: _fixed(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "01-01", "07-01"),
    schema_sliding.BandEnd: _fixed(f"{MONEY}|{SHARE}", "100%", "$30,000"),
    schema_sliding.AboveText: _fixed(MONEY, "full fee"),
    schema_schedule.Percentile: _fixed("p[1-9][0-9]?", "p50"),
    schema_schedule.Locality: _fixed(r"[A-Za-z0-9][A-Za-z0-9 .,'/()&-]{0,99}", "national"),
}


def leaf_schema(field: Any) -> Json:
    """The JSON Schema of a scalar; KeyError for a kind that nobody described."""
    found = SHAPES[type(field)](field)
    if type(field) is leaves.Word:
        return found
    forms = found.get("anyOf", [found])
    if field.words and not isinstance(field, (plan.FamilyMethod, plan.UpToAllowed, plan.Allowed)):
        forms = [{"enum": list(field.words)}, *forms]
    also = [word for word in field.words if word not in field.expected]
    asked = ", or ".join([field.expected, *also])
    told = [told_as(form, f"write {asked}") for form in forms]
    return told[0] if len(told) == 1 else {"anyOf": told}


def phrase_schema() -> Json:
    """One phrase of cost sharing."""
    return told_as(whole(rf"\s*{PHRASE}\s*", *KNOWN), PHRASE_WANTED)


def told_as(found: Json, message: str) -> Json:
    """With the words of an editor for what does not fit, which else are the bare pattern."""
    return {**found, "errorMessage": message}


def key_pattern(field: Any) -> str | None:
    """The pattern that the keys of a mapping match; None when they are words."""
    if isinstance(field, leaves.Word):
        return None
    shape = getattr(field, "shape", None) or getattr(field, "_shape", None)
    pattern = shape.pattern if isinstance(shape, re.Pattern) else SHAPES[type(field)](field)["pattern"]
    return pattern if pattern.startswith("^") else f"^({pattern})$"
