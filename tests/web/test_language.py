"""The page says everything in both languages, and in each only that one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment

from tests import catalogue

MODULES = sorted(catalogue.WEB.rglob("*.py"))
TEMPLATES = sorted((catalogue.WEB / "templates").rglob("*.html"))
SAME = {"NPI", "No", "Error: ", "%(name)s: %(range)s", "%(day)s: %(event)s", "%(part)s %(amount)s"}
"""What both languages write alike."""


class TestTheCatalogue:
    def test_translates_what_the_page_says_and_nothing_else(self):
        assert catalogue.problems(catalogue.translated()) == []

    def test_is_what_the_service_reads(self):
        assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.translated()), "make translations"

    def test_leaves_no_english(self):
        texts = catalogue.texts(catalogue.translated())

        assert {m.id for m in texts if m.id == m.string} == SAME

    def test_names_no_person_and_no_day_of_its_making(self):
        text = catalogue.PO.read_text("utf-8")

        assert not re.search(r"@|-Date|Generated|Translator", text)

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda m: setattr(m, "string", ""), "not translated"),
            (lambda m: setattr(m, "string", "Cuesta"), "other blanks than in English"),
            (lambda m: setattr(m, "string", f" {m.string}"), "other spaces at its ends than in English"),
            (lambda m: m.flags.add("fuzzy"), "fuzzy"),
        ],
    )
    def test_is_found_wanting(self, change, told):
        found = catalogue.translated()
        change(found["About %(amount)s"])

        assert catalogue.problems(found) == [f"{told}: 'About %(amount)s'"]

    def test_is_found_stale(self):
        found = catalogue.translated()
        found.delete("About %(amount)s")
        found.add("Of old", "De antes")

        assert catalogue.problems(found) == ["missing: 'About %(amount)s'", "no longer said: 'Of old'"]

    def test_keeps_a_translation_when_it_is_brought_up_to_date(self):
        old = catalogue.translated()
        old.add("Of old", "De antes")
        new = catalogue.updated(old)

        assert catalogue.problems(new) == []
        assert new["About %(amount)s"].string == old["About %(amount)s"].string


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_marks_plain_texts_where_they_are_found(path: Path):
    """An f-string or a name in the place of the text, or a call within an f-string, is not extracted."""
    assert [text for text in marked(ast.parse(path.read_text("utf-8"))) if text not in said()] == []


@cache
def said() -> frozenset[str]:
    """Every English text of the page."""
    return frozenset(id for m in catalogue.texts(catalogue.extracted()) for id in ids_of(m.id))


def marked(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            places = catalogue.KEYWORDS.get(node.func.id, ()) or (1,)
            for place in places if node.func.id in catalogue.KEYWORDS else ():
                text = node.args[place - 1]
                yield text.value if isinstance(text, ast.Constant) else ast.unparse(text)


def ids_of(id: str | tuple[str, ...]) -> tuple[str, ...]:
    return (id,) if isinstance(id, str) else id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_nothing_that_is_not_marked(path: Path):
    tokens = Environment().lex(path.read_text("utf-8"))
    bare = "".join(text if kind == "data" else "0" for _line, kind, text in tokens)
    spoken = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', bare)

    assert re.findall(r"[^\W\d_]{2,}", " ".join([re.sub(r"<[^>]*>|&\w+;", " ", bare), *spoken])) == []
