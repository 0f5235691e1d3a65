"""A walk through every kind of page of the client's page, in process: what people may come to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from flask import Flask, g, render_template
from flask.testing import FlaskClient

from coverage_service.core.question_table import BY_ID, CHOICE, LISTENERS, YES_NO
from coverage_service.web.asked import KINDS, SHARES
from coverage_service.web.pages import PAGES

Answers = Mapping[str, str]
COURSE: Final = {"people": "individual", "sessions": "12", "minutes": "60", "every": "7"}
LISTED: Final = {"cover": "listed", "plan": "example-hdhp", "used": "unsure"}
PRACTICE: Final = {"who": "listed", "therapist": "example-therapist", "network": "in"}
CONCERN: Final = {"concern": "communication"}
USUAL: Final[Answers] = {**LISTED, **PRACTICE, **CONCERN, **COURSE}
OWN: Final[Answers] = {
    **USUAL,
    "cover": "own",
    "own_share": "both",
    "own_both_copay": "30",
    "own_both_percent": "20",
    "own_first": "unsure",
    "own_deductible": "1,000",
    "own_used": "100",
    "own_maximum": "5000",
}
NONE: Final[Answers] = {"cover": "none", **PRACTICE, **CONCERN, **COURSE, "size": "2", "income": "38000"}
BAD: Final = {
    "money": ("lots", "99999999999"),
    "percent": ("200",),
    "count": ("none",),
    "day": ("2027-02-30", "1900-01-01"),
    "code": ("?",),
    "text": ("long" * 60,),
}
"""What cannot be read, by the kind of control."""
CONTEXT: Final = {"own": OWN, "household": NONE}
"""The answers that lead to a question page; the usual ones lead to the others."""


@dataclass(frozen=True)
class Seen:
    """A page as it was answered."""

    name: str
    status: int
    html: str


def walk(app: Flask, language: str, *, singly: bool = True) -> Iterator[Seen]:
    """Every kind of page in a language; ``singly``: and the page of every single question."""
    client, base = app.test_client(), "" if language == "en" else f"/{language}"
    yield from _standing(client, base)
    for name, form in forms(singly=singly):
        reply = client.post(f"{base}/check", data=form)
        yield Seen(name, reply.status_code, reply.text)
    yield from _errors(app, language)


def _standing(client: FlaskClient, base: str) -> Iterator[Seen]:
    for name in ("/", "/check", "/open", "/how", "/words", "/privacy", "/nowhere"):
        reply = client.get(f"{base}{name}", headers={"Accept": "text/html"})
        yield Seen(name, reply.status_code, reply.text)


def _errors(app: Flask, language: str) -> Iterator[Seen]:
    for status in (403, 413, 500, 503):
        with app.test_request_context("/"):
            g.language = language
            yield Seen(f"error {status}", status, render_template("error.html", status=status))


def forms(*, singly: bool = True) -> Iterator[tuple[str, dict[str, str]]]:
    """Forms that somebody may send, by a name for each."""
    yield "open unreadable", {"saved": "?"}
    yield from _question_pages()
    yield from _single_questions() if singly else ()
    yield from _results()
    yield from _scripts()


def _question_pages() -> Iterator[tuple[str, dict[str, str]]]:
    for id in PAGES:
        answers = CONTEXT.get(id, USUAL)
        yield f"question {id}", {**answers, "go": f"to:{id}"}
        yield f"question {id} empty", {"page": id, "cover": answers["cover"], "plan": answers.get("plan", "")}
    yield "question own wrong", {**OWN, "page": "own", "own_deductible": "lots", "own_both_percent": "200"}
    yield "question own blank", {"cover": "own", "page": "own", "own_share": "copay", "own_first": "yes"}
    yield "question course wrong", {**USUAL, "page": "course", "sessions": "other", "sessions_other": "0"}
    yield "question course blank", {**USUAL, "page": "course", "sessions": "other"}
    yield "question used wrong", {**USUAL, "page": "used", "used": "some", "used_amount": "99999999999"}
    yield "question people wrong", {**USUAL, "page": "people", "people": "crowd"}
    medicare = {**USUAL, "plan": "medicare-part-b"}
    yield "question therapist medicare", {**medicare, "go": "to:therapist"}
    yield "question used changed", {**USUAL, "go": "to:used", "then": "result"}


def _single_questions() -> Iterator[tuple[str, dict[str, str]]]:
    for id, row in BY_ID.items():
        yield f"ask {id}", {**USUAL, "go": f"to:ask:{id}", "then": "result"}
        if row.type not in (CHOICE, YES_NO) and id not in SHARES:
            for n, text in enumerate(BAD[KINDS.get(row.type, "text")]):
                yield f"ask {id} wrong {n}", {**USUAL, "page": f"ask:{id}", f"a-{id}": text}
    for name, text in told().items():
        yield f"result told {name}", {**USUAL, name: text, "go": "to:result"}


def told() -> dict[str, str]:
    """An answer to every question, as somebody might be told on the phone."""
    samples = {"cents": "100", "percent": "20", "count": "3", "date": "2026-10-31", "text": "as I was told"}
    codes = {"plan_year": "07-01", "dx_billing": "F41.1", "licence": "LMFT", "tier": "1"}
    found = {
        f"a-{id}": codes.get(id, "CA")
        if row.type == "code"
        else samples.get(row.type, (*row.choices, "yes")[0])
        for id, row in BY_ID.items()
        if id not in SHARES
    }
    shares = {f"a-{id}.{part}": text for id in SHARES for part, text in (("copay", "30"), ("first", "no"))}
    return {**found, **shares}


def results() -> dict[str, Answers]:
    """Answers whose estimates look different."""
    fee = {"who": "fee", "fee": "200", "first_fee": "250", "network": "out"}
    return {
        "two cases": USUAL,
        "one case": {**USUAL, "used": "some", "used_amount": "850", "concern": "unsure", "network": "unsure"},
        "own plan": OWN,
        "own plan, copay": {**OWN, "own_share": "copay", "own_copay": "30", "own_first": "no"},
        "no insurance": NONE,
        "nothing known": {"cover": "unsure", "who": "unsure"},
        "nothing said": {},
        "plan only": {"cover": "listed", "plan": "example-ppo"},
        "fee only": {"cover": "unsure", **fee},
        "out of network": {**USUAL, **fee, "plan": "example-oon", "sessions": "20"},
        "many sessions": {**USUAL, "sessions": "other", "sessions_other": "40", "people": "couple"},
        "one session": {**USUAL, "sessions": "other", "sessions_other": "1", "people": "group"},
        "income bands": {**NONE, "therapist": "income-bands-practice", "people": "couple"},
        "per mille": {**NONE, "therapist": "per-mille-practice", "people": "couple"},
        "net income": {**NONE, "therapist": "linear-practice"},
        "slots": {**NONE, "therapist": "slots-practice"},
        "own choice": {**NONE, "therapist": "pay-what-you-can-practice"},
        "membership": {**NONE, "therapist": "membership-practice"},
        "trainee": {**NONE, "therapist": "trainee-clinic"},
        "health center": {**NONE, "therapist": "health-centre"},
        "medicare": {**USUAL, "plan": "medicare-part-b"},
        "medicaid": {**USUAL, "plan": "medicaid-state-unknown"},
        "military": {**USUAL, "plan": "tricare-select-retiree", "network": "out"},
        "marketplace": {**USUAL, "plan": "fep-blue-standard"},
    }


def _results() -> Iterator[tuple[str, dict[str, str]]]:
    for name, answers in results().items():
        yield f"result {name}", {**answers, "go": "to:result"}
    yield "result saved", {**USUAL, "go": "to:save"}
    yield "check", {**OWN, "a-ded_remaining": "400", "go": "to:check"}
    yield "check nothing", {"go": "to:check"}


def _scripts() -> Iterator[tuple[str, dict[str, str]]]:
    for name, answers in {
        "usual": USUAL,
        "none": NONE,
        "medicare": {**USUAL, "plan": "medicare-part-b"},
    }.items():
        for listener in LISTENERS:
            for topic in ("yes", "no"):
                go = f"to:script:{listener}"
                yield f"script {name} {listener} {topic}", {**answers, "topic": topic, "go": go}


class Texts(HTMLParser):
    """What a page says in its own language, attributes included, and what it says ``elsewhere``."""

    SILENT = ("script", "style")
    VOID = ("meta", "link", "input", "br", "hr", "img", "path", "rect", "circle")
    SPOKEN = ("aria-label", "title", "alt", "placeholder")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        other = given.get("lang", self.language) != self.language
        apart = other or tag in self.SILENT or any(each for _tag, each in self.open)
        spoken = [text for name, text in attrs if text and (name in self.SPOKEN)]
        spoken += [text for name, text in attrs if text and name in ("data-copied", "data-not-copied")]
        (self.elsewhere if apart else self.said).extend(spoken)
        if tag not in self.VOID:
            self.open.append((tag, apart))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text:
            (self.elsewhere if any(apart for _tag, apart in self.open) else self.said).append(text)


def proper_names(sources: Any) -> set[str]:
    """What is said alike in every language: the names of plans and practices."""
    plans = [entry for dated in sources.plans.values() for entry in dated]
    practices = [entry for dated in sources.therapists.values() for entry in dated]
    return {each.name for each in (*plans, *practices) if each.name}
