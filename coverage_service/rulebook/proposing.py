"""What to write for a phrase of cost sharing that is none.

A proposal that is taken without a second look must not mean something else: it has the writer's own
words and figures, spelt as the rule files spell them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Final

Reads = Callable[[str], bool]
"""Whether a text is a phrase."""
USUAL: Final = (
    "write 'deductible', 'copay $30' or 'coinsurance 20%', or another phrase that rules/README.md lists"
)
LIKE: Final = 0.6
"""How much two spellings of one word have in common."""
LONGEST: Final = 120
_MONEY: Final = r"\$[\d,.]*\d"
_SHARE: Final = r"[\d.]+%"
_SPOKEN: Final = (
    (re.compile(r"\$?\b(\d[\d,.]*) ?(?:dollars?\b|usd\b|\$)", re.IGNORECASE), r"$\1"),
    (re.compile(r"\b(\d[\d.]*) ?(?:per ?cent|pct)\b", re.IGNORECASE), r"\1%"),
    (re.compile(r"(?<=[$\d]) +(?=[%\d])"), ""),
    (re.compile(r"\bupto\b|(?<=^plan pays)(?= \$)", re.IGNORECASE), " up to"),
    (re.compile(r" {2,}"), " "),
    (re.compile(r" (?:per|a|each|every) (?:visit|session)$", re.IGNORECASE), ""),
)
"""How people say what a phrase has in its own form, or need not say."""
_FIGURE: Final = re.compile(r"(copay|coinsurance)? ?(\$?)(\d[\d,]*(?:\.\d+)?|\.\d+)(%?)", re.IGNORECASE)
_AFTER: Final = re.compile(r"(.+?),? after (?:the )?deductible(?: is met)?", re.IGNORECASE)


def proposal(text: str, known: Iterable[str], reads: Reads) -> str:
    """``write 'copay $30'`` for ``copayment $30``; what is usual where nothing means the same."""
    if len(text) > LONGEST:
        return USUAL
    plain = " ".join(text.split())
    if reads(plain):
        return f"write '{plain}' with one ordinary space between words"
    for word, form in _SPOKEN:
        plain = word.sub(form, plain)
    if found := _AFTER.fullmatch(plain):
        return _after_deductible(found[1], known, reads)
    offered = [x for x in _offered(plain, known) if reads(x)]
    return "write " + ", or ".join(f"'{x}'" for x in offered) if offered else USUAL


def _offered(text: str, known: Iterable[str]) -> list[str]:
    """The phrases that a text may have meant, the likeliest first."""
    found = _FIGURE.fullmatch(text)
    if not found:
        return _nearest(text, known)
    kind, money, figure, share = (found[1] or "").lower(), found[2], found[3], found[4]
    copay, coinsurance = [f"copay ${figure}"], [f"coinsurance {figure}%"]
    if not money and not share and figure.startswith(("0.", ".")):
        coinsurance.insert(0, f"coinsurance {float(figure) * 100:g}%")
    if (kind == "copay" and not share) or (money and not kind):
        return copay
    if kind == "coinsurance" and not money:
        return coinsurance
    return [*coinsurance, *copay] if share and not kind else [*copay, *coinsurance]


def _after_deductible(text: str, known: Iterable[str], reads: Reads) -> str:
    """A plan document says it behind; the list has it before."""
    if text.lower() == "no charge":
        return "write [deductible]"
    offered = [text] if reads(text) else [x for x in _offered(text, known) if reads(x)]
    return f"write [deductible, {offered[0]}]" if offered else USUAL


def _nearest(text: str, known: Iterable[str]) -> list[str]:
    """The known phrase that has the same words, whatever their order, with the writer's figures."""
    figures = re.findall(f"{_MONEY}|{_SHARE}", text)
    shape = re.sub(_MONEY, "$30", re.sub(_SHARE, "20%", text))
    alike = {
        phrase: _likeness(shape, re.sub(r"\$\d+", "$30", re.sub(r"\d+%", "20%", phrase))) for phrase in known
    }
    best = max(alike, key=lambda phrase: alike[phrase])
    fill = iter(figures)
    return [re.sub(r"\$\d+|\d+%", lambda _: next(fill), best)] if alike[best] >= LIKE else []


def _likeness(text: str, phrase: str) -> float:
    """That of the two words that differ most; 0 where one side has a word more."""
    words, left = _words(text), _words(phrase)
    if len(words) != len(left):
        return 0.0
    least = 1.0
    for word in words:
        ratio, nearest = max((SequenceMatcher(None, word, other).ratio(), other) for other in left)
        left.remove(nearest)
        least = min(least, ratio)
    return least


def _words(text: str) -> list[str]:
    return re.findall(r"\$30|20%|[a-z_]+", text.lower())
