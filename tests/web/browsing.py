"""A browser on the page: pressing and filling by the names of controls, and watching what it does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE: Final = 60_000
"""Milliseconds: a busy machine is no failure."""
SEND: Final = """fields => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = fields[0];
    for (const [name, value] of fields[1]) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
    }
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
}"""


def program() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Visit:
    """One person's visit: a page of its own, and everything it asked for or complained of."""

    def __init__(self, browser: Browser, address: str, *, script: bool = True, width: int = 1280,
                 height: int = 900) -> None:  # fmt: skip
        self.address = address
        self.requests: list[Request] = []
        self.told: list[str] = []
        self.context: BrowserContext = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self.requests.append(request))
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.told.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self.seen: list[Callable[[Page], None]] = []
        """What every page is held to once it is there."""

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself tells of a page with status 422, which is how mistakes are answered.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.told.append(f"{message.type}: {message.text}")

    @property
    def elsewhere(self) -> list[str]:
        """What was asked of anybody but our own server."""
        own = urlsplit(self.address)[:2]
        return [each.url for each in self.requests if urlsplit(each.url)[:2] != own]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self._see()

    def send(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form from our own page, as one of its buttons would."""
        if not self.page.url.startswith(self.address):
            self.open("/privacy")
        with self.page.expect_navigation():
            self.page.evaluate(SEND, [path, list(fields.items())])
        self._see()

    def press(self, go: str) -> None:
        """Press the button that goes there, the first where there are several; what is folded is opened."""
        button = self.page.locator(f'button[name=go][value="{go}"]:not([aria-hidden])').first
        for fold in button.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("> summary").click()
        with self.page.expect_navigation():
            button.click()
        self._see()

    def _see(self) -> None:
        for hold in self.seen:
            hold(self.page)

    def give(self, name: str, text: str) -> None:
        """Fill a control or choose in it."""
        control = self.page.locator(f'[name="{name}"]:not([type=hidden])')
        kind = control.first.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
        if kind == "radio":
            self.page.locator(f'[name="{name}"][value="{text}"]').check()
        elif kind == "select":
            control.select_option(text)
        else:
            control.fill(text)

    def answer(self, said: Mapping[str, str]) -> list[str]:
        """Give the answers that this page asks for, in their order; their names."""
        shown = self.page.eval_on_selector_all(
            "main [name]:not([type=hidden]):not(button)", "nodes => nodes.map(node => node.name)"
        )
        given = [name for name in said if name in shown]
        for name in given:
            self.give(name, said[name])
        return given

    @property
    def carried(self) -> dict[str, str]:
        """The answers in the form of this page."""
        found: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...new FormData(document.querySelector("#way"))]
               .filter(([name, text]) => text && !["page", "then", "go"].includes(name)))"""
        )
        return found

    def close(self) -> None:
        self.context.close()
