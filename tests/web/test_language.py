"""The page says everything in both languages, and in each only that one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment

from coverage_service import create_app, serving
from coverage_service.config import Config
from coverage_service.core import way
from coverage_service.core.benefits import readings_of
from coverage_service.core.codes import INTAKE, procedure_codes
from coverage_service.core.facts import Confidence
from coverage_service.core.question_table import CLIENT, LISTENERS
from coverage_service.web import codes, labels
from coverage_service.web.charts import words
from coverage_service.web.charts.waterfall import TAKEN_OFF, TILES
from coverage_service.web.sentences import phrase
from tests import catalogue
from tests.web import walk

MODULES = sorted(catalogue.WEB.rglob("*.py"))
TEMPLATES = sorted((catalogue.WEB / "templates").rglob("*.html"))
SAME = {
    "NPI",
    "No",
    "Superbill",
    "Error: ",
    "%(name)s: %(range)s",
    "%(day)s: %(event)s",
    "%(part)s %(amount)s",
}
"""What both languages write alike."""
ENGLISH = re.compile(
    r"\b(the|you|your|of|and|is|are|with|not|this|that|what|which|how|if|for|from|by|it|we|or|to|in|on|at)\b",
    re.I,
)
"""Words of English that no Spanish sentence holds."""
QUOTED = re.compile(
    r"“(?:outpatient mental health|after deductible|deductible does not apply)”|rules/[\w/.:-]+"
)
"""What the papers of a plan say in English, and the places of rules."""


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


@pytest.fixture(scope="module")
def app():
    return create_app(Config(catalogue.ROOT / "rules"))


@pytest.fixture(scope="module")
def sources(app):
    return app.extensions[serving.KEY].sources


class TestThePages:
    def test_hold_no_english_in_spanish(self, app, sources):
        found = {}
        for page in walk.walk(app, "es"):
            texts = walk.Texts(page.html)
            assert texts.language == "es", page.name
            found |= {text: page.name for text in texts.said if text not in found}

        assert len(found) > 1_000
        assert [(page, text) for text, page in found.items() if english(text, sources)] == []

    def test_hold_no_spanish_in_english(self, app):
        own = {m.id: m.string for m in catalogue.texts(catalogue.translated()) if isinstance(m.string, str)}
        spanish = {text for text in own.values() if "%" not in text and text not in own}
        for page in walk.walk(app, "en", singly=False):
            texts = walk.Texts(page.html)
            assert texts.language == "en", page.name
            assert not spanish & set(texts.said), page.name

    def test_write_amounts_and_dates_as_people_do_in_the_united_states(self, app):
        said = pages_of(app, walk.forms(singly=False))

        amounts = re.findall(r"[^\s(]*\$\d[^\s;)]*", said)
        dates = re.findall(r"\b\d{1,2} (?:ene|feb|mar|abr|may|jun|jul|ago|sept?|oct|nov|dic)\b", said)
        assert len(amounts) > 100
        assert len(dates) > 100
        assert [x for x in amounts if not re.fullmatch(r"−?\$\d{1,3}(,\d{3})*(\.\d\d)?[.,:]?", x)] == []
        assert not re.search(r"\b(Jan|Apr|Aug|Dec) \d|\d{4}-\d\d-\d\d(?!\.)|US\$|USD", said)

    @pytest.mark.parametrize(("count", "told"), [("1", "1 sesión"), ("12", "12 sesiones")])
    def test_count_sessions_in_spanish(self, app, count, told):
        answers = {**walk.USUAL, "sessions": "other", "sessions_other": count, "go": "to:result"}
        said = pages_of(app, [("", answers)])

        assert re.search(rf": {told}\n", said)

    def test_switch_to_the_same_page_in_the_other_language(self, app):
        for base, other in (("", "es"), ("/es", "en")):
            reply = app.test_client().post(f"{base}/check", data={**walk.USUAL, "go": "to:course"})

            assert re.search(
                rf'<button[^>]*formaction="[^"]*"[^>]*value="to:course" lang="{other}"', reply.text
            )


def english(text: str, sources) -> bool:
    """Whether a text of a Spanish page is English, whole or in part."""
    for name in sorted(walk.proper_names(sources), key=len, reverse=True):
        text = text.replace(name, "")
    return bool(ENGLISH.search(QUOTED.sub("", text)) or text in said() - spoken_alike())


@cache
def spoken_alike() -> frozenset[str]:
    texts = catalogue.texts(catalogue.translated())
    return frozenset(text for m in texts for text in (m.string, f"{m.string}".strip()))


def pages_of(app, forms) -> str:
    client = app.test_client()
    replies = [client.post("/es/check", data=form).text for _name, form in forms]
    return "\n".join(text for html in replies for text in walk.Texts(html).said)


class TestEveryCode:
    """What the page may be handed has words, so that none is shown as it is spelt in the program."""

    def test_of_a_way_to_pay(self):
        ways = {
            way.IN_NETWORK,
            way.OUT_OF_NETWORK,
            way.FULL_FEE,
            way.SLIDING_FEE,
            way.EAP_FIRST,
            way.GAP_EXCEPTION,
        }

        assert labels.PATHWAYS.keys() == labels.MEANING.keys() == labels.WAY_OF.keys() == ways

    def test_of_how_sure_a_figure_is(self):
        assert labels.CONFIDENCE.keys() == {level.name.lower() for level in Confidence}

    def test_of_a_listener(self):
        assert labels.SCRIPTS.keys() == set(LISTENERS)
        assert labels.LISTENERS.keys() == {*LISTENERS, CLIENT}

    def test_of_a_part_of_a_fee(self):
        assert {"billed", *TILES, *TAKEN_OFF, "patient"} <= words.PARTS.keys()

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_of_the_glossary(self, sources, language):
        assert labels.GLOSSARY.keys() == sources.wordings[language].glossary.keys()

    def test_of_a_license(self, sources):
        assert codes.LICENCES.keys() == sources.book.reference.licences.keys()

    def test_of_a_kind_of_visit(self):
        lengths, people = (None, 20, 45, 60, 90), ("individual", "couple", "group", None)
        asked = {code for many in lengths for who in people for code in procedure_codes(many, who, None)}

        assert {INTAKE} | asked <= codes.VISITS.keys()

    def test_of_a_concern(self, sources):
        for concern in sources.book.reference.concerns.values():
            assert concern.labels.keys() == concern.neutral_labels.keys() == {"en", "es"}, concern.id

    def test_of_a_share_of_cost(self, app, sources):
        plans = [entry for dated in sources.plans.values() for entry in dated]
        rows = [row for entry in plans for row in entry.benefits]
        texts = {
            p.text or p.kind.value
            for row in rows
            for reading in readings_of(row.cost_sharing)
            for p in reading
        }
        with app.test_request_context("/es/"):
            app.preprocess_request()
            told = {text: phrase(text) for text in texts}

        assert len(told) > 10
        assert {text for text in told if letters(text) & letters(told[text]) - {"plan"}} == set()


def letters(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text))
