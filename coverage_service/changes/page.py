"""An impact as one self-contained page: no script, no other request, readable printed and by e-mail."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from coverage_service.changes import saying
from coverage_service.changes.result import Impact
from coverage_service.changes.words import spaced


def page(impact: Impact, titles: tuple[str, str]) -> str:
    """The page; ``titles`` name the old and the new rules."""
    return _template().render(impact=impact, old=titles[0], new=titles[1])


@cache
def _template() -> Template:
    folder = Path(__file__).resolve().parent
    found = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.globals.update(
        {name: getattr(saying, name) for name in ("headline", "summary", "sections", "proof", "because")},
        signed=saying.signed, amount=saying.amount, kinds=saying.KINDS, spaced=spaced,
    )  # fmt: skip
    return found.get_template("page.html")
