"""The addresses of the client's page.  Answers come in request bodies and leave in the page alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import HTTPException

from coverage_service.core.question_table import UNINSURED
from coverage_service.core.wording import Wording
from coverage_service.estimates import Invalid, make_estimate, make_scripts
from coverage_service.html import render
from coverage_service.html.language import DEFAULT, language, speak
from coverage_service.html.safety import bound_forms, keep_files, keep_nothing, refuse_foreign_forms
from coverage_service.serving import log_defect, sources, today
from coverage_service.web import check, labels
from coverage_service.web.asked import answer_controls, codes_of
from coverage_service.web.body import request_body
from coverage_service.web.check import ASIDE, CHECK, RESULT, SAVE, SCRIPT, Step
from coverage_service.web.codes import visit_named
from coverage_service.web.drawings import drawings_of
from coverage_service.web.fields import named
from coverage_service.web.given import given, told_at_odds
from coverage_service.web.keeping import NotReadable, packed, unpacked
from coverage_service.web.pages import MOST, Asking
from coverage_service.web.result import result_of

bp = Blueprint("web", __name__, static_folder="static", static_url_path="/page", template_folder="templates")
WORDED = ("how", "words")
"""The pages beside the way that quote the rule book; the others are there without one."""
bp.before_request(refuse_foreign_forms)
bp.before_request(bound_forms)
bp.after_request(keep_nothing)
bp.after_request(keep_files)


@bp.url_value_preprocessor
def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The language of an address is that of the page."""
    speak((values or {}).pop("language", DEFAULT))


@bp.url_defaults
def give_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links lead to pages of the same language."""
    if endpoint != "web.static":
        values.setdefault("language", language())


def address(path: str, **options: Any) -> Any:
    """A route in every language: English without a prefix."""

    def route(view: Any) -> Any:
        bp.add_url_rule(path, view_func=view, defaults={"language": DEFAULT}, **options)
        bp.add_url_rule(f"/<any(es):language>{path}", view_func=view, **options)
        return view

    return route


def wording() -> Wording:
    """The rule book's words in the language of the page."""
    return sources().wordings[language()]


@address("/")
def start() -> str:
    """What this is, and the way in."""
    return _aside("start")


@address("/check")
def begin() -> Response:
    """The first question."""
    return _show(Step(target="plan", asking=Asking(sources(), wording(), {})))


@address("/check", methods=["POST"])
def answer() -> Response:
    """The page after a form."""
    saved = request.form.get("saved")
    if saved is not None:
        try:
            return _show(check.step_with(unpacked(saved), sources(), wording()))
        except NotReadable:
            return make_response(render("open.html", saved=saved, unreadable=True), 422)
    return _show(check.step_after(request.form, sources(), wording()))


@address("/open")
def open_link() -> str:
    """Takes the answers that a private link carries behind its ``#``."""
    return render("open.html", saved="", unreadable=False)


@address("/how")
def how() -> str:
    """How the figures are made, and what they cannot say."""
    return _aside("how")


@address("/words")
def words() -> str:
    """The glossary."""
    return _aside("words")


@address("/privacy")
def privacy() -> str:
    """What happens to the answers: nothing."""
    return _aside("privacy")


@bp.errorhandler(HTTPException)
def tell_error(error: HTTPException) -> Response:
    """An error as a page, with a way on."""
    found = make_response(render("error.html", status=error.code or 500), error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            found.headers.add(name, value)
    return found


@bp.errorhandler(Exception)
def tell_defect(error: Exception) -> Response:
    """A defect of ours as a page; nothing of the request is logged."""
    log_defect(error)
    return make_response(render("error.html", status=500), 500)


def _show(step: Step) -> Response:
    """The page of a step; 422 when it tells of mistakes."""
    asking = step.asking
    if step.target in (RESULT, SAVE):
        return _result(step, asking)
    if step.target.startswith(SCRIPT):
        return _script(step, asking)
    if step.target == CHECK:
        return make_response(_render("check.html", step, given=given(asking)))
    if step.target in ASIDE:
        return make_response(_aside(step.target, step))
    return _question(step, asking)


def _render(template: str, step: Step, **more: Any) -> str:
    return render(
        template,
        way=True,
        answers=step.asking.answers,
        target=step.target,
        then=step.then,
        back=check.back_from(step),
        **more,
    )


def _aside(name: str, step: Step | None = None) -> str:
    """A page beside the way, with the answers of somebody who is on it."""
    more = {"wording": wording(), "terms": labels.GLOSSARY} if name in WORDED else {}
    template = f"{name}.html"
    return _render(template, step, left=step.left, **more) if step else render(template, **more)


def _question(step: Step, asking: Asking) -> Response:
    found = check.page_of(step)
    assert found is not None, step.target
    ids = asking.pages
    html = _render(
        "question.html",
        step,
        page=found,
        wrong=step.wrong,
        mistakes=_linked(named(found.controls, step.wrong)),
        number=ids.index(found.id) + 1 if found.id in ids else 0,
        most=MOST,
        glossary=asking.wording.glossary,
        terms=labels.GLOSSARY,
    )
    return make_response(html, 422 if step.wrong else 200)


def _linked(mistakes: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Mistakes for the summary at the top of a page; without a place there is no link."""
    return [{"text": text, **({"href": f"#{place}"} if place else {})} for place, text in mistakes]


def _result(step: Step, asking: Asking) -> Response:
    body = request_body(asking)
    try:
        answered = make_estimate(body, asking.sources, today())
    except Invalid as error:
        return _invalid(step, asking, error)
    view = result_of(answered)
    saving = step.target == SAVE
    html = _render(
        "result.html",
        step,
        result=view,
        drawn=drawings_of(view, asking.wording),
        given=given(asking),
        glossary=asking.wording.glossary,
        terms=labels.GLOSSARY,
        scripts=labels.SCRIPTS,
        code=packed(asking.answers),
        saving=saving,
        rules_version=asking.sources.version,
    )
    found = make_response(html)
    if saving:
        found.headers["Content-Disposition"] = 'attachment; filename="session-cost.html"'
    return found


def _script(step: Step, asking: Asking) -> Response:
    listener = step.target.removeprefix(SCRIPT)
    try:
        found = make_scripts(request_body(asking), asking.sources, today())
    except Invalid as error:
        return _invalid(step, asking, error)
    by_listener = {each.listener: each for each in found.scripts}
    script = by_listener.get(listener)
    items = script.items if script else ()
    html = _render(
        "script.html",
        step,
        script=script,
        listeners=tuple(by_listener),
        controls={item.id: answer_controls(item.id, asking) for item in items},
        scripts=labels.SCRIPTS,
        glossary=asking.wording.glossary,
        terms=labels.GLOSSARY,
        explained=labels.EXPLAINED.get(listener, ()),
        codes=[visit_named(code) for code in codes_of(asking.answers)],
        named=asking.answers.get("topic") == "yes",
        self_pay=UNINSURED in found.situations,
    )
    return make_response(html)


def _invalid(step: Step, asking: Asking, error: Invalid) -> Response:
    """Answers that fit each control but not each other: told at the page that can mend them."""
    found = given(asking)
    wrong = found.at_odds({check.place_of(problem.path, asking) for problem in error.problems})
    html = _render("check.html", step, given=found, mistakes=_linked(told_at_odds(wrong)), wrong=wrong)
    return make_response(html, 422)
