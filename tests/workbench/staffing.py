"""Members of staff, and what each does over HTTP."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from coverage_service.staff import write_staff

ROOT: Final = Path(__file__).resolve().parents[2]
PEOPLE: Final = ("kim", "lee")
PASSWORD: Final = "correct horse battery"
PPO: Final = "payers/example-ppo.yaml"
HERE: Final = {"Host": "127.0.0.1:8000"}
HIDDEN: Final = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""What a test need not wait for; the cost stands in the hash."""


def staff_file(folder: Path, password: str = PASSWORD) -> Path:
    """A staff file as `staff add` writes it."""
    path = folder / "staff.yaml"
    write_staff(path, {name: CHEAP.hash(password) for name in PEOPLE})
    return path


def rules_folder(folder: Path, *left_out: str) -> Path:
    """The shipped rules, with a plan whose tests these tests know; ``left_out``: patterns of names."""
    rules = folder / "rules"
    shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns(*left_out))
    shutil.copy(Path(__file__).parent / "example-ppo.yaml", rules / PPO)
    return rules


def visits(sessions: int, **care: Any) -> dict[str, Any]:
    """A request: visits in network under the example plan, each of $200 billed and $140 allowed."""
    usual = {"codes": ["90837"], "diagnoses": ["F43.10"], "modality": "in_person"}
    return {
        "plan": "example-ppo", "network": {"status": "in"}, "as_of": "2026-11-23",
        "care": {**usual, "sessions": sessions, **care},
        "prices": {"90837": {"billed_cents": 20_000, "allowed_cents": 14_000}},
    }  # fmt: skip


def windows(answer: Any) -> list[dict[str, Any]]:
    """What an answer says about its spans of time in network, if covered; the next session is the first."""
    way = next(each for each in answer["pathways"] if each["id"] == "in_network")
    found: list[dict[str, Any]] = way["scenarios"][0]["windows"]
    return found


class Person:
    """Somebody with a browser: the cookies, and the marks of the forms seen last."""

    def __init__(self, app: Flask, name: str, sign_in: bool = True, prefix: str = "") -> None:
        self.client, self.name, self.prefix = app.test_client(), name, prefix
        self.page = ""
        if sign_in:
            assert self.sign_in().status_code == 303

    def address(self, path: str) -> str:
        return f"{self.prefix}/workbench{path}"

    def sign_in(self, password: str = PASSWORD, **more: str) -> TestResponse:
        fields = {"name": self.name, "password": password, **more}
        return self.client.post(self.address("/sign-in"), data=fields, headers=HERE)

    def get(self, path: str, **query: str) -> TestResponse:
        reply = self.client.get(self.address(path), query_string=query or None, headers=HERE)
        self.page = reply.text if reply.mimetype == "text/html" else ""
        return reply

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form of the page seen last: its hidden fields, and these."""
        reply = self.client.post(self.address(path), data={**self.hidden, **fields}, headers=HERE)
        if reply.mimetype == "text/html" and reply.status_code not in (301, 302, 303):
            self.page = reply.text
        return reply

    @property
    def hidden(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in HIDDEN.findall(self.page)}

    @property
    def text(self) -> str:
        """What stands in the editor of the page seen last."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.page, re.DOTALL)
        assert found is not None
        return unescape(found[1])

    def write(self, name: str, *changes: tuple[str, str]) -> TestResponse:
        """Open a file, change it, and keep it in the draft."""
        assert self.get("/file", name=name).status_code == 200
        text = self.text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return self.post("/file", text=text, do="save")
