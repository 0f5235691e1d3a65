"""Templates whose texts and parts are written in say what they say when each is looked up for the page."""

from __future__ import annotations

from types import SimpleNamespace

import flask
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader
from markupsafe import Markup, escape

from coverage_service.html.templates import Templates, Written, html
from coverage_service.web import views
from tests.web.walk import walk

SPANISH = {"Pay %(amount)s by %(day)s.": "Antes del %(day)s: %(amount)s.", "Plain": "Llano", "A & B": "A y B"}


@pytest.fixture
def spanish(app):
    """Shows a template with its texts in a language of three messages."""

    def show(template: str, **values: object) -> str:
        every = Templates(app, autoescape=True, loader=DictLoader({"page": template, "part": "[{{ x }}]"}))
        every.add_extension(Written)
        every.globals["fixed"] = lambda name: Markup(f"<hr>{name}")
        return every.speaking(SPANISH.__getitem__).get_template("page").render(values)

    return show


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{ _("Plain") }}!', "Llano!"),
        ('{{ _("Plain") if x else _("A & B") }}', "Llano"),
        ('<b title="{{ _("A & B") }}">', '<b title="A y B">'),
        ('{{ _("Pay %(amount)s by %(day)s.", amount=x, day="<1>") }}', "Antes del &lt;1&gt;: &#34;5&#34;."),
        ('{{ _("Pay %(amount)s by %(day)s.", amount=one.of(x, [1, 2]), day=x | upper) }}',
         "Antes del &#34;5&#34;: &#34;5&#34;(1, 2)."),
        ('{% include "part" %}', "[&#34;5&#34;]"),
        ('{% if x %}<a href="{{ fixed("a") }}">{% endif %}', '<a href="<hr>a">'),
        ("{{ one.name }}{% for each in one.many %}{{ each.name }}{{ loop.index }}{% endfor %}",
         "&amp;&amp;1"),
    ],
)  # fmt: skip
def test_a_text_stands_where_it_is_told_and_its_values_are_escaped(spanish, template, expected):
    one = SimpleNamespace(name="&", of=lambda x, more: f"{x}({more[0]}, {more[1]})")
    one.many = [one]

    assert spanish(template, x='"5"', one=one) == expected


@given(st.one_of(st.text(), st.text("&<>'\"a"), st.integers(), st.none(), st.text().map(Markup)))
def test_a_value_is_written_as_escape_gives_it(value):
    assert html(value) == escape(value)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_reads_as_with_texts_that_are_looked_up(app, monkeypatch, language):
    written = read(app, language)
    monkeypatch.setattr(views, "render", flask.render_template)

    assert read(app, language) == written


def read(app, language: str) -> dict[str, str]:
    """Every page; where its lines end makes no difference."""
    return {seen.name: seen.html.replace("\n", "") for seen in walk(app, language, singly=False)}
