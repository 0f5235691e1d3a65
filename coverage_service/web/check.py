"""The way through: each form is sent here with all earlier answers, and the next page comes back.

One address for every step, so that neither the history nor a log can tell one from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from werkzeug.datastructures import MultiDict

from coverage_service.core.question_table import BY_ID
from coverage_service.core.wording import Wording
from coverage_service.sources import Sources
from coverage_service.web.answers import TOLD, Answers, answers_in
from coverage_service.web.asked import ASK, ON_PAGES, question_page, without_amount
from coverage_service.web.fields import mistakes
from coverage_service.web.pages import PAGES, Asking, Page, next_page, page, page_before

NEXT, RESULT, CHECK, SAVE = "next", "result", "check", "save"
START: Final = "start"
ASIDE: Final = frozenset({START, "how", "words", "privacy"})
"""The pages beside the way: the answers go along, so that Back loses none."""
SCRIPT = "script:"
TO, BACK = "to:", "back:"
TOPIC = {"name:": "yes", "neutral:": "no"}
"""Buttons that show the same page with the topic named, or in neutral words."""
SETTLED_BY = {
    "therapist": ("network_status", "medicare_status", "accepts_plan", "medicaid_enrolled", "fee"),
    "own": ("cost_share", "ded_applies", "ded_remaining", "deductible_amount", "oop_amount"),
    "used": ("ded_remaining",),
    "people": ("care_format",),
    "course": ("freq_length", "every_days", "session_length", "first_session"),
    "household": ("household_size", "household_income", "household_area"),
}
"""Answers to single questions that a newer answer on a question page takes the place of."""
Place = tuple[str, str]
"""A question page and one of its controls, which is empty where it may be any of them."""
CARE: Final[Mapping[str, Place]] = {
    "concern": ("concern", ""),
    "format": ("people", ""),
    "sessions": ("course", "sessions"),
    "minutes": ("course", "minutes"),
    "every_days": ("course", "every"),
    "first_session": ("course", "first"),
}
HOUSEHOLD: Final = {"size": "size", "income_cents": "income", "area": "area"}
OWN: Final = {
    "deductible": "own_deductible",
    "out_of_pocket_maximum": "own_maximum",
    "cost_sharing": "own_share",
}
"""Where each part of a request is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is shown next: ``target`` names it; ``wrong`` holds the mistakes of its page by control.

    ``then``: where to go once the page is answered, when it was reached by *Change*.
    ``left``: the page that one beside the way was opened from.
    """

    target: str
    asking: Asking
    wrong: Mapping[str, str] = field(default_factory=dict)
    then: str = ""
    left: str = ""


def step_after(form: MultiDict[str, str], sources: Sources, wording: Wording) -> Step:
    """What to show after a form was sent."""
    answers = answers_in(form.items())
    asking = Asking(sources, wording, answers)
    here, then = _page_named(form.get("page", ""), asking), _known(form.get("then", ""))
    go = form.get("go", NEXT)
    for mark, choice in TOPIC.items():
        if go.startswith(mark):
            asking = Asking(sources, wording, {**answers, "topic": choice})
            go = f"{TO}{go.removeprefix(mark)}"
    if go.startswith(BACK):
        go, then = f"{TO}{go.removeprefix(BACK)}", ""
    target = _known(go.removeprefix(TO)) or CHECK if go.startswith(TO) else ""
    if target in ASIDE:
        return Step(target=target, asking=asking, then=then, left=_known(form.get("page", "")))
    if target:
        return _arrived(target, then, asking)
    if here is None:
        return _arrived(asking.pages[0], then, asking)
    wrong = _wrong(here, answers)
    if wrong:
        return Step(target=here.id, asking=asking, wrong=wrong, then=then)
    settled = _settled(here, answers)
    asking = asking if settled == answers else Asking(sources, wording, settled)
    return _arrived(_after(here, then, asking), then, asking)


def step_with(answers: Answers, sources: Sources, wording: Wording) -> Step:
    """The estimate for answers that were kept, or the page whose answer cannot be read."""
    return _arrived(RESULT, "", Asking(sources, wording, answers))


def _known(target: str) -> str:
    """The target, or nothing when there is no such place."""
    asked = target.removeprefix(ASK)
    if target.startswith(ASK) and asked in BY_ID:
        return ON_PAGES.get(asked, target)
    known = target in PAGES or target in (RESULT, CHECK, SAVE, *ASIDE) or target.startswith(SCRIPT)
    return target if known else ""


def back_from(step: Step) -> str:
    """What *Back* sends; every answer goes along, also one that has to be mended first."""
    return f"{TO}{step.left or START}" if step.target in ASIDE else f"{BACK}{_before(step)}"


def _before(step: Step) -> str:
    asking, target = step.asking, step.target
    if target.startswith(SCRIPT):
        return RESULT
    if target == RESULT:
        return CHECK
    # An estimate cannot be made of a text that cannot be read: it would lead here again.
    if step.then and not step.wrong:
        return step.then
    if target in PAGES:
        return page_before(target, asking) or START
    return RESULT if target.startswith(ASK) and not step.wrong else asking.pages[-1]


def _page_named(id: str, asking: Asking) -> Page | None:
    if id in PAGES:
        return page(id, asking)
    asked = id.removeprefix(ASK)
    return question_page(asked, asking) if id.startswith(ASK) and asked in BY_ID else None


def page_of(step: Step) -> Page | None:
    """The question page to show, or None for the other kinds of step."""
    return _page_named(step.target, step.asking)


def _settled(here: Page, answers: Answers) -> Answers:
    """Without the single answers that the page just sent has settled anew."""
    gone = {f"{TOLD}{id}" for id in SETTLED_BY.get(here.id, ())}
    return {name: text for name, text in answers.items() if name.partition(".")[0] not in gone}


def _after(here: Page, then: str, asking: Asking) -> str:
    """The next page; after a change only those that the change made new."""
    if here.id.startswith(ASK):
        return then or RESULT
    following = next_page(here.id, asking)
    while then and following and not _unanswered(following, asking):
        following = next_page(following, asking)
    return following or then or CHECK


def _unanswered(id: str, asking: Asking) -> bool:
    return not any(name in asking.answers for name in page(id, asking).names)


def _arrived(target: str, then: str, asking: Asking) -> Step:
    """The target, or the page whose text cannot be read and so has to be mended before."""
    if target in (RESULT, CHECK, SAVE) or target.startswith(SCRIPT):
        for id in (*asking.pages, *_asked(asking.answers)):
            found = _page_named(id, asking)
            wrong = unreadable(found, asking.answers) if found else {}
            if wrong:
                return Step(target=id, asking=asking, wrong=wrong, then=target)
        then = ""
    return Step(target=target, asking=asking, then=then)


def _asked(answers: Answers) -> tuple[str, ...]:
    names = (name.removeprefix(TOLD).partition(".")[0] for name in answers if name.startswith(TOLD))
    return tuple(f"{ASK}{id}" for id in dict.fromkeys(names))


def _wrong(found: Page, answers: Answers) -> dict[str, str]:
    return mistakes(found.controls, answers) or without_amount(found.id, answers)


def unreadable(found: Page, answers: Answers) -> dict[str, str]:
    """The mistakes among the texts that were given; what was skipped is no mistake here."""
    wrong = _wrong(found, answers)
    return {name: text for name, text in wrong.items() if name in answers}


def place_of(pointer: str, asking: Asking) -> Place:
    """The page and the control whose answer a problem of the request points at; "" for no one control."""
    parts = pointer.split("/")[1:]
    own = asking.answers.get("cover") == "own"
    match parts:
        case ["answers", id, *_] if id in BY_ID:
            return ON_PAGES.get(id, f"{ASK}{id}"), ""
        case ["plan", *rest] if own:
            return "own", next((OWN[part] for part in reversed(rest) if part in OWN), "")
        case ["used", *_]:
            return ("own", "own_used") if own else ("used", "")
        case ["plan", *_]:
            return "plan", ""
        case ["network", *_]:
            return "therapist", "network"
        case ["therapist" | "prices", *_]:
            return "therapist", "who"
        case ["household", part, *_] if part in HOUSEHOLD:
            return "household", HOUSEHOLD[part]
        case ["care", part, *_] if part in CARE:
            return CARE[part]
    return "course", ""
