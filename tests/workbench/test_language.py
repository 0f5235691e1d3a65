"""The workbench in Spanish: all that it says itself; what rule files say is marked as English."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment

from coverage_service import create_app
from tests import catalogue
from tests.catalogue import WORKBENCH
from tests.web.test_language import ENGLISH, ids_of, marked
from tests.workbench.staffing import PPO, Person

MODULES = sorted(WORKBENCH.rglob("*.py"))
TEMPLATES = sorted((WORKBENCH / "templates").rglob("*.html"))
SAME = {"Plan", "plan", "Error: ", "no", "%(name)s"}
"""What both languages write alike."""
PATHS = (
    "/", "/?q=copay", f"/file?name={PPO}", "/file?name=none", "/draft", "/drafts", "/new", "/tests",
    f"/tests?name={PPO}", "/history", "/freshness", "/try", "/spreadsheet", "/version?number=1",
)  # fmt: skip
PLACES = re.compile(r"[\w/.-]+\.(?:yaml|xlsx)[:\d]*|Example Health|example-health-2027|kim|lee")


class Said(HTMLParser):
    """The texts of a page that are in its own language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        self.goes_on = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        other = told.get("lang", "es") != "es" or bool(self.stack and self.stack[-1][1])
        for name in ("aria-label", "placeholder", "data-unchecked"):
            if name in told and not other:
                self.texts.append(told[name])
        self.goes_on = tag == "wbr"  # Where a name may break it is still one name.
        if tag not in ("meta", "link", "input", "br", "wbr"):
            self.stack.append((tag, other or tag in ("script", "style")))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not (self.stack and self.stack[-1][1]):
            self.texts += [self.texts.pop() + data.strip() if self.goes_on else data.strip()]
        self.goes_on = False


class TestTheCatalogue:
    def test_translates_what_the_pages_say_and_nothing_else(self):
        assert catalogue.problems(catalogue.translated(WORKBENCH), WORKBENCH) == []

    def test_is_what_the_service_reads(self):
        made = catalogue.compiled(catalogue.translated(WORKBENCH))

        assert catalogue.po(WORKBENCH).with_suffix(".mo").read_bytes() == made, "make translations"

    def test_leaves_no_english(self):
        alike = {m.id for m in catalogue.texts(catalogue.translated(WORKBENCH)) if m.id == m.string}

        assert alike <= SAME

    def test_says_what_the_client_s_page_says_in_the_same_words(self):
        ours, theirs = (
            {m.id: m.string for m in catalogue.texts(catalogue.translated(face))} for face in catalogue.FACES
        )

        assert {
            id: (ours[id], theirs[id]) for id in ours.keys() & theirs.keys() if ours[id] != theirs[id]
        } == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_marks_plain_texts_where_they_are_found(path):
    said = {id for m in catalogue.texts(catalogue.extracted(WORKBENCH)) for id in ids_of(m.id)}

    assert [text for text in marked(ast.parse(path.read_text("utf-8"))) if text not in said] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_nothing_that_is_not_marked(path):
    tokens = Environment().lex(path.read_text("utf-8"))
    bare = "".join(text if kind == "data" else "0" for _line, kind, text in tokens)
    spoken = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', bare)
    plain = re.sub(r"<[^>]*>|&\w+;", " ", bare)

    assert [word for word in re.findall(r"[^\W\d_]{2,}", " ".join([plain, *spoken])) if word != "UTC"] == []


def test_the_pages_hold_no_english(whole):
    app = create_app(whole)
    kim = Person(app, "kim", prefix="/es")
    kim.write(PPO, ("copay $30]", "copay $40]"), ("name: Example PPO", "name: Example Preferred"))
    pages = [app.test_client().get("/es/workbench/sign-in").text]
    pages += [kim.get(path).text for path in PATHS]
    kim.get("/try")
    tried = {"plan": "example-hdhp", "date": "2026-11-23", "billed": "200", "diagnosis": "F52.21"}
    pages.append(kim.post("/try", **tried, allowed="140").text)
    pages.append(kim.post("/try", **tried, allowed="many").text)
    found = {text for page in pages for text in Said(page).texts}

    assert all('<html lang="es">' in page for page in pages)
    assert len(found) > 200
    assert sorted(text for text in found if ENGLISH.search(PLACES.sub("", text))) == []
