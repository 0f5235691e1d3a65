"""What the templates of the workbench are given beside what each page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import g, url_for
from markupsafe import Markup, escape

from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import lazy_gettext
from coverage_service.rulebook.excerpts import excerpt
from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.problems import Problem
from coverage_service.workbench.figures import PARTS, bound, figure, named

PART_NAMES: Final = {
    "payers": lazy_gettext("Payers and plans"),
    "therapists": lazy_gettext("Practices"),
    "fee_schedules": lazy_gettext("Fee schedules"),
    "reference": lazy_gettext("Reference figures"),
    "questions": lazy_gettext("Questions and words"),
}
HOW: Final = {
    "workbench": lazy_gettext("workbench"),
    "rollback": lazy_gettext("went back"),
    "folder": lazy_gettext("folder changed"),
    "start": lazy_gettext("service started"),
    "signal": lazy_gettext("signal"),
    "command": lazy_gettext("command line"),
}
"""How rules were put in force."""


def csrf_field() -> Markup:
    """What a form of this session carries."""
    return Markup('<input type="hidden" name="csrf" value="%s">') % g.session.csrf


def editor_phrases() -> str:
    """The editor's own words in the language of the page, as JSON."""
    return json.dumps(
        {
            "Find": _("Find"),
            "Replace": _("Replace"),
            "next": _("next"),
            "previous": _("previous"),
            "all": _("all"),
            "match case": _("match case"),
            "regexp": _("pattern"),
            "by word": _("whole words"),
            "replace": _("replace"),
            "replace all": _("replace all"),
            "close": _("close"),
            "Diagnostics": _("Mistakes and warnings"),
            "No diagnostics": _("No mistake was found."),
            "Go to line": _("Go to line"),
            "go": _("go"),
            "current match": _("current match"),
            "on line": _("on line"),
            "replaced $ matches": _("replaced $ times"),
            "replaced match on line $": _("replaced on line $"),
            "Control character": _("Control character"),
        }
    )


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line of a rule file, parted where a page marks what is wrong; a terminal has carets under it."""

    before: str
    wrong: str
    after: str


def quoting(files: Files) -> Callable[[Problem], Quoted | None]:
    """The line of a problem in these files; None where it has none."""
    return lambda problem: _quoted(excerpt(problem, files.get(problem.path.removeprefix(f"{PREFIX}/"), b"")))


def _quoted(shown: tuple[str, ...]) -> Quoted | None:
    if not shown:
        return None
    line, carets = shown
    start, end = carets.index("^"), carets.rindex("^") + 1
    found = Quoted(line[line.index("| ") + 2 : start].lstrip(), line[start:end] or " ", line[end:])
    return found if f"{found.before}{found.wrong}{found.after}".strip() else None


def words() -> dict[str, Any]:
    """For every template; nothing of it depends on the rules."""
    return {
        "session_of_staff": g.get("session"),
        "part_names": PART_NAMES,
        "how_names": HOW,
        "csrf_field": csrf_field,
        "editor_phrases": editor_phrases,
        "excerpt_of": lambda _problem: None,
        "figure": figure,
        "figure_name": lambda name: named(PARTS, name),
        "place_link": place_link,
        "file_name": file_name,
        "moved": moved,
        "impact_line": impact_line,
    }


def moved(cents: int | None) -> str:
    """A change of an amount with its sign."""
    if cents is None:
        return _("not known")
    return f"{'+' if cents > 0 else '−' if cents < 0 else ''}{bound(abs(cents))}"


def impact_line(impact: Mapping[str, Any]) -> str:
    """An impact that the history holds, in one line; nothing when another program wrote it otherwise."""
    changed, compared, largest = (impact.get(x) for x in ("changed", "compared", "largest_course_cents"))
    if not isinstance(changed, int) or not isinstance(compared, int):
        return ""
    said = _(
        "%(changed)s of %(compared)s estimates changed", changed=f"{changed:,}", compared=f"{compared:,}"
    )
    if not isinstance(largest, int):
        return said
    most = _("at most by %(amount)s", amount=moved(largest))
    return f"{said}, {most}"


def file_name(name: str) -> Markup:
    """The name of a file, which a narrow screen may break between its words and nowhere else."""
    return Markup(re.sub(r"([/_-])", r"\1<wbr>", str(escape(name))))


def place_link(place: str) -> str:
    """The address of a place such as ``rules/payers/x.yaml:12``."""
    path, _colon, line = place.partition(":")
    target = url_for("workbench.rule_file", name=path.removeprefix(f"{PREFIX}/"))
    return f"{target}#L{line.partition(':')[0]}" if line else target
