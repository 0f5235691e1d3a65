"""The pages that show what the rules do: try a session, the tests, and how fresh the figures are."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from coverage_service.freshness import freshness as freshness_of
from coverage_service.rulebook.files import PREFIX
from coverage_service.serving import today
from coverage_service.workbench import in_force, trying
from coverage_service.workbench.draft_pages import MOST_SHOWN
from coverage_service.workbench.examining import examine, failed, outcomes, row_coverage
from coverage_service.workbench.file_pages import my_draft
from coverage_service.workbench.pages import address
from coverage_service.workbench.trying import Asking, case_of, tried


@address("/try")
def trying_page() -> Response:
    """The form of a session to try."""
    return _try_page(Asking(request.args.to_dict() if "plan" in request.args else {}))


@address("/try", methods=["POST"])
def try_session() -> Response:
    """A session tried on the draft's rules, and on those in force where there is a draft."""
    asking, draft, files = Asking(request.form), my_draft(), in_force.files()
    mine = examine(draft.over(files))
    if mine.sources is None:
        return _try_page(asking, status=422)
    case = case_of(asking, mine.sources.book.plans, today())
    if case is None:
        return _try_page(asking, status=422)
    found: dict[str, Any] = {"result": tried(case, mine)}
    before = examine(files)
    if draft.changes and before.sources and case.entry in before.sources.book.plans:
        old = case_of(Asking(request.form), before.sources.book.plans, today())
        found["before"] = tried(old, before) if old else None
    return _try_page(asking, **found)


def _try_page(asking: Asking, status: int = 200, **found: Any) -> Response:
    draft, files = my_draft(), in_force.files()
    rules = examine(draft.over(files))
    plans = rules.sources.book.plans if rules.sources else {}
    page = render_template(
        "workbench/try.html",
        asking=asking, rules=rules, draft=draft, codes=trying.CODES, day=today().isoformat(),
        plans=sorted((id, entries[-1].name or id) for id, entries in plans.items()),
        **found,
    )  # fmt: skip
    return make_response(page, status)


@address("/tests")
def all_tests() -> str:
    """The tests of every file, or of one, on the draft's rules."""
    name = request.args.get("name", "")
    files = my_draft().over(in_force.files())
    rules = examine(files)
    results = outcomes(files, name or None)
    by_file: dict[str, list[Any]] = {}
    for each in results:
        place = each.case.origin.place.rsplit(":", 1)[0].removeprefix(f"{PREFIX}/")
        by_file.setdefault(place, []).append(each)
    touched = row_coverage(files)
    counts = [
        (file, len(found := by_file.get(file, [])), len(failed(found)), touched.get(file))
        for file in sorted({*by_file, *touched})
    ]
    return render_template(
        "workbench/tests.html",
        name=name, rules=rules, results=results, failed=failed(results)[:MOST_SHOWN], counts=counts,
        touched=touched.get(name),
    )  # fmt: skip


@address("/freshness")
def freshness() -> str:
    """What ends soon, what nobody has checked for a year, and how sure the figures are."""
    rules = examine(my_draft().over(in_force.files()))
    found = freshness_of(rules.sources, today()) if rules.sources else None
    return render_template("workbench/freshness.html", rules=rules, found=found)
