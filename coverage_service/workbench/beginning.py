"""What a new rule file begins with: a commented start, a copy, or the plans of the year after."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Final

from coverage_service.authoring import starts
from coverage_service.authoring.next_year import next_year
from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.files import Files
from coverage_service.workbench.drafts import text_of
from coverage_service.workbench.examining import examine

START: Final = "start"
NEXT_YEAR: Final = "next:"
"""What stands before the file whose plans are carried into the next year."""
LOOKED_BACK: Final = 10
"""Years in which a plan may have ended that is carried on."""
STARTS: Final = {"payers": starts.payer, "therapists": starts.therapist}


def begun(name: str, like: str, files: Files, day: date) -> str | None:
    """The text of a new file ``name``; None when no plan of the file that is carried on ends soon.

    ``like``: START, NEXT_YEAR and a file, a file to copy, or nothing.
    """
    if like.startswith(NEXT_YEAR):
        return _next_year(like.removeprefix(NEXT_YEAR), files, day)
    path = PurePosixPath(name)
    if like == START and path.parent.name in STARTS:
        id, title = path.stem, path.stem.replace("-", " ").title()
        return STARTS[path.parent.name](starts.Start(id, title, day.year, day, payer=title))
    return text_of(files, like) or _("# A new rule file.\n")


def suggested(like: str, day: date) -> str:
    """A name for the plans of the year after."""
    return f"{PurePosixPath(like).stem.removesuffix(f'-{day.year}')}-{day.year + 1}" if like else ""


def _next_year(name: str, files: Files, day: date) -> str | None:
    text = text_of(files, name)
    if text is None or not name.startswith("payers/") or _wrong(files, name):
        return None
    years = range(day.year, day.year - LOOKED_BACK, -1)
    return next((found.text for year in years if (found := next_year(text, year))), None)


def _wrong(files: Files, name: str) -> bool:
    return any(each.path.endswith(f"/{name}") for each in examine(files).wrong)
