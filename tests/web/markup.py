"""A page as it reads without style or script: its form, its links, its mistakes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

SUMMARY = "govuk-error-summary"
EMBEDDING = {"style", "iframe", "object", "embed", "base"}


@dataclass
class Control:
    """One name of a form.  ``kind``: hidden | radios | select | text | date."""

    name: str
    kind: str
    held: str = ""
    choices: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


class Markup(HTMLParser):
    """What a page holds.  ``mistakes``: where its error summary leads; ``inline``: style or script in it.

    ``back``: what its Back sends, or the address it leads to.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = self.title = ""
        self.form = False
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.buttons: list[str] = []
        self.mistakes: list[str] = []
        self.repeated: list[str] = []
        self.back: str | None = None
        self.controls: dict[str, Control] = {}
        self._open: list[tuple[str, str]] = []
        self._select: Control | None = None
        self.feed(html)
        self.close()

    @property
    def shown(self) -> dict[str, Control]:
        """The controls that a person can fill in."""
        return {name: each for name, each in self.controls.items() if each.kind != "hidden"}

    @property
    def answers(self) -> dict[str, str]:
        """All that the form would send, but for its own ``page``, ``then`` and ``go``."""
        found = {name: each.held for name, each in self.controls.items() if each.held}
        return {name: held for name, held in found.items() if name not in ("page", "then", "go")}

    @property
    def fields(self) -> dict[str, str]:
        """All that the form sends without a button."""
        return {name: each.held for name, each in self.controls.items() if each.held}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._anything(tag, given)
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "form":
            self.form = True
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
            if any(SUMMARY in classes.split() for _, classes in self._open):
                self.mistakes.append(given["href"])
        elif tag == "input" and "name" in given:
            self._input(given)
        elif tag == "select":
            self._select = self._control(Control(given["name"], "select", ids=[given["id"]]))
        elif tag == "option" and self._select:
            self._select.choices.append(given["value"])
            if "selected" in given or len(self._select.choices) == 1:
                self._select.held = given["value"]
        elif tag == "button" and given.get("type") != "button" and "formaction" not in given:
            self.buttons.append(given.get("value", ""))
        if tag in ("div", "title", "script", "style"):
            self._open.append((tag, given.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        within = self._open[-1][0] if self._open else ""
        if within == "title" and not self.title:  # The first one: a drawing may have a title too.
            self.title = data.strip()
        elif within in ("script", "style") and data.strip():
            self.inline.append(data.strip()[:60])

    def _anything(self, tag: str, given: dict[str, str]) -> None:
        if {"link-button--back", "govuk-back-link"} & set(given.get("class", "").split()):
            self.back = given.get("value", given.get("href"))
        self.ids.update([given["id"]] if "id" in given else [])
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.inline += [value for value in given.values() if value.strip().lower().startswith("javascript:")]
        self.inline += [tag] if tag in EMBEDDING else []
        if tag in ("script", "img", "link"):
            self.loaded += [value for name, value in given.items() if name in ("src", "href")]

    def _control(self, control: Control) -> Control:
        self.repeated += [control.name] if control.name in self.controls else []
        self.controls[control.name] = control
        return control

    def _input(self, given: dict[str, str]) -> None:
        name, kind, value = given["name"], given.get("type", "text"), given.get("value", "")
        ids = [given["id"]] if "id" in given else []
        if kind != "radio":
            self._control(Control(name, kind, value, ids=ids))
            return
        found = self.controls.get(name) or self._control(Control(name, "radios"))
        found.choices.append(value)
        found.ids += ids
        if "checked" in given:
            found.held = value
