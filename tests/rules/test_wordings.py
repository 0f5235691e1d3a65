"""The wordings: complete in every language, plain, neutral, and promising nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from coverage_service.core.question_table import BY_ID, LISTENERS, QUESTIONS
from tests.reading import HIGHEST, document, grade, plainly, read_aloud, texts

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "coverage_service" / "core").glob("*.py"))
LANGUAGES = ("en", "es")
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
ELEMENT = re.compile(r"\b(?:tic|gfe)_\d+_\w+")
"""An element of the federal transparency rule or of a good-faith estimate."""
EVENTS = ("deductible_met", "oop_met", "plan_year_reset", "visit_limit", "eap_used_up")
DISCLAIMERS = {
    "estimate_only", "not_advice", "plan_document_governs", "accumulators_as_of", "rules_and_sources",
    "assumptions_listed", "exclusions_listed", "ask_for_good_faith_estimate", "examples_are_fictional",
    "crisis_line",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryLanguage:
    def test_words_every_question_in_table_order(self, language):
        assert [row["id"] for row in document(language)["questions"]] == [row.id for row in QUESTIONS]

    def test_uses_known_keys_only(self, language):
        keys = {"id", "short", "neutral", "topic", "to", "why", "answer_hint"}

        for row in document(language)["questions"]:
            assert {"short", "neutral", "why"} <= set(row) <= keys, row["id"]
            assert set(row.get("to", {})) <= set(BY_ID[row["id"]].ask), row["id"]

    def test_asks_a_price_for_the_codes_of_the_visits_and_names_none(self, language):
        for row in document(language)["questions"]:
            if BY_ID[row["id"]].per_code:
                said = f"{row['neutral']} {row.get('topic', '')} {row.get('to', '')}"
                assert re.findall(r"\b\d{5}\b", said) == [], row["id"]

    def test_labels_every_choice(self, language):
        offered = {choice for row in QUESTIONS for choice in row.choices} | {"yes", "no"}

        assert offered <= set(document(language)["choices"])

    def test_has_a_script_for_every_listener(self, language):
        assert set(document(language)["scripts"]) == set(LISTENERS)

    def test_carries_the_ten_disclaimers(self, language):
        assert set(document(language)["disclaimers"]) == DISCLAIMERS

    def test_words_every_code_of_the_core(self, language):
        notes = {*document(language)["notes"], *document(language)["disclaimers"]}
        missing = {code for code in core_codes() if not any(re.fullmatch(code, note) for note in notes)}

        assert not missing

    def test_words_no_code_that_the_core_never_emits(self, language):
        emitted = core_codes()
        notes = [note for note in document(language)["notes"] if not ELEMENT.match(note)]

        assert not [note for note in notes if not any(re.fullmatch(code, note) for code in emitted)]

    def test_words_every_element_of_the_federal_rules(self, language):
        source = "".join(path.read_text(encoding="utf-8") for path in CORE)

        assert set(re.findall(ELEMENT, source)) == {
            x for x in document(language)["notes"] if ELEMENT.match(x)
        }

    def test_promises_nothing(self, language):
        forbidden = re.compile(
            {
                "en": r"\byou will pay\b|\bguarantee|\byou'll pay\b",
                "es": r"\busted pagará\b|\bpagará usted\b|\bgarantiza|\bgarantía",
            }[language],
            re.IGNORECASE,
        )

        assert not [place for place, text in texts(document(language)) if forbidden.search(text)]

    def test_names_the_topic_only_where_it_is_asked_to(self, language):
        sexual = re.compile(
            r"\bsex|erect|eréct|orgas|libido|arousal|excitación|dyspareun|dispareun|vagin|intercourse|coito"
            r"|ejaculat|eyacul|\bF52|\bN52|\bpelvi|pélvic|\bkink|LGBT|impoten",
            re.IGNORECASE,
        )
        found = [place for place, text in texts(document(language)) if sexual.search(text)]

        found = [place for place in found if not place.endswith(("/topic", "/id"))]
        assert not [place for place in found if "/opening_topic/" not in place]

    def test_keeps_no_stray_spaces_or_empty_texts(self, language):
        assert all(text and text == " ".join(text.split()) for _, text in texts(document(language)))


def test_both_languages_say_the_same_things():
    """Same places and same blanks to fill in."""
    english, spanish = (dict(texts(document(x))) for x in LANGUAGES)
    del english["/language"], spanish["/language"]

    assert english.keys() == spanish.keys()
    for place, text in english.items():
        assert blanks(text) == blanks(spanish[place]), place


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", text))


# --- Reading level ------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "text"), [pytest.param(*x, id=x[0]) for x in read_aloud()])
def test_a_text_reads_like_eighth_grade_or_below(place, text):
    assert plainly(text) <= HIGHEST


def test_everything_together_reads_like_eighth_grade_with_the_hard_words_left_in():
    assert grade(" ".join(text for _, text in read_aloud())) <= HIGHEST


# --- The core speaks in codes -------------------------------------------------------------


@cache
def core_codes() -> frozenset[str]:
    """Every code the core emits, as a pattern (an f-string's holes match any word)."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in CORE]
    places = code_places(trees)
    found = {code for tree in trees for node in ast.walk(tree) for code in codes_in(node, places)}
    listed = {code for tree in trees for node in tree.body for code in codes_listed(node)}
    return frozenset({*found, *listed, *EVENTS})


def codes_listed(node: ast.stmt) -> Iterator[str]:
    """Codes kept in a named tuple, and those that a function ``…_reason`` returns."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("DISCLAIMERS", "LEFT_OUT"):
        yield from constants(node.value)
    if isinstance(node, ast.FunctionDef) and node.name.endswith("_reason"):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value:
                yield from constants(inner.value)
    if isinstance(node, ast.FunctionDef) and node.name == "conformance":
        for inner in ast.walk(node):
            if isinstance(inner, ast.Dict) and len(inner.values) > 3:
                yield from (code for x in inner.values for code in reason_of(x))


def reason_of(value: ast.expr) -> Iterator[str]:
    """Why an element of the federal rules is missing: a code, or the second argument."""
    yield from constants(value.args[-1] if isinstance(value, ast.Call) else value)


def code_places(trees: list[ast.Module]) -> dict[str, int]:
    """Where a function or class of the core takes a ``code``: name → position."""
    places = {"Note": 0, "Why": 0, "Event": 0, "Refused": 0}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [x.arg for x in node.args.args if x.arg != "self"]
                if "code" in names:
                    places[node.name] = names.index("code")
    return places


def codes_in(node: ast.AST, places: dict[str, int]) -> Iterator[str]:
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("code", "reasons"):
        yield from constants(node.value)
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in places and len(node.args) > places[name]:
        yield from constants(node.args[places[name]])
    for keyword in node.keywords:
        if keyword.arg in ("code", "reasons", "low_reason"):
            yield from constants(keyword.value)


def constants(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.fullmatch(value.value):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        yield "".join(x.value if isinstance(x, ast.Constant) else r"\w+" for x in value.values)
    elif isinstance(value, ast.IfExp):
        yield from constants(value.body)
        yield from constants(value.orelse)
    elif isinstance(value, ast.Tuple):
        for inner in value.elts:
            yield from constants(inner)


def test_the_scan_finds_codes():
    """A scan that finds nothing would let everything pass."""
    assert {"answer_not_date", "plan_year_reset", "no_open_slot", r"answer_not_\w+"} <= core_codes()


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_holds_no_sentence(path):
    """Four words or more in a string that is no docstring; what raises speaks to programmers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spared = {id(x) for node in ast.walk(tree) for x in spared_strings(node)}
    words = re.compile(r"[A-Za-z']{2,}(\W+[A-Za-z']{1,}){3,}")

    assert not [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in spared and " " in node.value and words.search(node.value)
    ]


def spared_strings(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, what is raised, and the vocabulary of the rule files (enums)."""
    if isinstance(node, ast.Expr):
        yield node.value
    elif isinstance(node, ast.Raise | ast.Assert) or is_enum(node):
        yield from ast.walk(node)


def is_enum(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(getattr(x, "id", "") == "Enum" for x in node.bases)
