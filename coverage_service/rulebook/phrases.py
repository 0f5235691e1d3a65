"""Cost sharing as plan documents say it: the phrases of a list, text to Phrase and back.

The order of the list is the order in which the plan takes its parts.
"""

from __future__ import annotations

import re
from typing import Final

from coverage_service.core.cost_sharing import NOT_COVERED, Kind, NotCovered, Phrase, When
from coverage_service.core.money import dollars, percent
from coverage_service.rulebook.amounts import Mistake, amount, amount_text, basis_points, cents, positive
from coverage_service.rulebook.proposing import USUAL, proposal
from coverage_service.rulebook.reading import short

KNOWN: Final = (
    "deductible",
    "behavioral_health deductible",
    "no deductible",
    "copay $30",
    "copay $0 to $25",
    "copay $0 or $18",
    "copay $30 toward deductible",
    "copay $30 per day",
    "copay $30 per day per clinician",
    "copay $30 once deductible is met",
    "copay $30 until deductible is met",
    "coinsurance 20%",
    "coinsurance 20% to 40%",
    "coinsurance 50% up to $75",
    "coinsurance 20% ignoring copay",
    "coinsurance 20% once deductible is met",
    "plan pays up to $90",
    "no charge",
    "not covered",
)
LONGEST: Final = 400
FIGURE: Final = r"unknown|\S+?(?: to \S+)?|\S+?(?: or \S+?)+"
WHEN: Final = r"(?: (?P<when>once|until) deductible is met)?"
_COPAY: Final = re.compile(
    rf"copay (?P<amount>{FIGURE})(?P<toward> toward deductible)?"
    rf"(?P<day> per day(?P<clinician> per clinician)?)?{WHEN}"
)
_COINSURANCE: Final = re.compile(
    rf"coinsurance (?P<amount>{FIGURE})(?: up to (?P<most>\S+))?(?P<base> ignoring copay)?{WHEN}"
)
_NAMED_DEDUCTIBLE: Final = re.compile(r"([a-z][a-z0-9_]{0,40}) deductible")
_UNSIGNED: Final = re.compile(r"copay [\d.,]+%?|coinsurance \$?[\d.,]+")
"""A figure without its sign, or with the other kind's."""
_PLAN_PAYS: Final = re.compile(r"plan pays up to (\S+)")
_WHEN: Final = {None: When.ALWAYS, "once": When.MET, "until": When.UNMET}


def parse_phrase(text: str) -> Phrase | NotCovered:
    """The phrase a text stands for.  Raises Mistake with what to write."""
    plain = text.strip()
    try:
        found = _parsed(plain) if len(plain) <= LONGEST else None
    except Mistake as mistake:
        proposed = _proposed(plain) if _UNSIGNED.fullmatch(plain) else USUAL
        raise Mistake(mistake.what, mistake.remedy if proposed == USUAL else proposed) from None
    if found is None:
        raise Mistake(f"'{short(plain)}' is not cost sharing", _proposed(plain))
    return found


def _parsed(plain: str) -> Phrase | NotCovered | None:
    """None for a text that has no form of a phrase; raises Mistake for a wrong figure in one."""
    if plain == "not covered":
        return NOT_COVERED
    if plain in ("deductible", "no deductible", "no charge"):
        return Phrase(Kind(plain), text=plain)
    if found := _COPAY.fullmatch(plain):
        return _copay(found, plain)
    if found := _COINSURANCE.fullmatch(plain):
        return _coinsurance(found, plain)
    if found := _PLAN_PAYS.fullmatch(plain):
        return Phrase(Kind.PLAN_PAYS, positive(cents(found[1]), plain), text=plain)
    if found := _NAMED_DEDUCTIBLE.fullmatch(plain):
        return Phrase(Kind.DEDUCTIBLE, limit=found[1], text=plain)
    return None


def _copay(found: re.Match[str], text: str) -> Phrase:
    return Phrase(
        Kind.COPAY,
        amount(found["amount"], cents),
        when=_WHEN[found["when"]],
        toward_deductible=bool(found["toward"]),
        per_day=bool(found["day"]),
        per_clinician=bool(found["clinician"]),
        text=text,
    )


def _coinsurance(found: re.Match[str], text: str) -> Phrase:
    return Phrase(
        Kind.COINSURANCE,
        amount(found["amount"], basis_points),
        up_to=positive(cents(found["most"]), text) if found["most"] else None,
        when=_WHEN[found["when"]],
        ignoring_copay=bool(found["base"]),
        text=text,
    )


def _proposed(text: str) -> str:
    return proposal(text, KNOWN, _reads)


def _reads(text: str) -> bool:
    try:
        return _parsed(text) is not None
    except Mistake:
        return False


def phrase_text(phrase: Phrase) -> str:
    """The text that ``parse_phrase`` reads."""
    kind = phrase.kind
    if kind is Kind.DEDUCTIBLE:
        return f"{phrase.limit} deductible" if phrase.limit else "deductible"
    if kind in (Kind.NO_DEDUCTIBLE, Kind.NO_CHARGE):
        return str(kind.value)
    unit = percent if kind is Kind.COINSURANCE else dollars
    words = [kind.value, amount_text(phrase.amount, unit)]
    if phrase.toward_deductible:
        words.append("toward deductible")
    if phrase.per_day:
        words.append("per day per clinician" if phrase.per_clinician else "per day")
    if phrase.up_to is not None:
        words.append(f"up to {dollars(phrase.up_to)}")
    if phrase.ignoring_copay:
        words.append("ignoring copay")
    if phrase.when is not When.ALWAYS:
        words.append(phrase.when.value)
    return " ".join(words)


def fault_of(phrases: list[Phrase | NotCovered]) -> tuple[int, str, str] | None:
    """What is wrong with a list as a whole: (index of the phrase, message, remedy)."""
    seen: dict[object, int] = {}
    for index, phrase in enumerate(phrases):
        kind = phrase if isinstance(phrase, NotCovered) else phrase.kind
        if kind in (NOT_COVERED, Kind.NO_CHARGE) and len(phrases) > 1:
            return index, f"'{_words(kind)}' stands alone", f"write [{_words(kind)}], or leave it out"
        if kind in seen:
            return index, f"a list has one {_words(kind)}", "write one phrase of each kind"
        seen[kind] = index
    if Kind.DEDUCTIBLE in seen and Kind.NO_DEDUCTIBLE in seen:
        return seen[Kind.NO_DEDUCTIBLE], "'deductible' and 'no deductible' exclude each other", "keep one"
    return _order_fault(phrases, seen)


def _order_fault(phrases: list[Phrase | NotCovered], seen: dict[object, int]) -> tuple[int, str, str] | None:
    if seen.get(Kind.PLAN_PAYS, len(phrases) - 1) != len(phrases) - 1:
        return seen[Kind.PLAN_PAYS], "'plan pays up to' limits all that stands before it", "write it last"
    at = seen.get(Kind.COINSURANCE)
    phrase = phrases[at] if at is not None else None
    if (
        at is not None
        and isinstance(phrase, Phrase)
        and phrase.ignoring_copay
        and seen.get(Kind.COPAY, at) >= at
    ):
        return (
            at,
            "'ignoring copay' needs a copay before it",
            "write [copay $20, coinsurance 20% ignoring copay]",
        )
    if set(seen) == {Kind.NO_DEDUCTIBLE}:
        return 0, "'no deductible' alone says nothing about the cost", "write [no charge], or what is taken"
    if set(seen) == {Kind.PLAN_PAYS}:
        return (
            0,
            "'plan pays up to' alone does not say what the member owes",
            "write [deductible, coinsurance 40%, plan pays up to $90]",
        )
    return None


def _words(kind: object) -> str:
    return kind.value if isinstance(kind, (Kind, NotCovered)) else str(kind)
