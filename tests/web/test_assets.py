"""The built style and script of the page: current, small, and without an address of anybody else."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
WEB = ROOT / "coverage_service" / "web"
STATIC = WEB / "static"
HEADER = re.compile(
    r"\A/\*! .*?sources (?P<sources>\w{64})\n.*?output (?P<output>\w{64})\n.*?\*/\n", re.DOTALL
)
# Name, what its sources end in, and the most it may weigh gzipped.
BUILT = [("main.css", ".scss", 12_000), ("main.js", ".js", 8_000)]
EACH = pytest.mark.parametrize(("name", "ending", "most"), BUILT, ids=[name for name, _, _ in BUILT])


def text(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


def parted(name: str) -> tuple[re.Match[str], str]:
    """The header of a built file and what follows it."""
    header = HEADER.match(text(name))
    assert header is not None, f"{name} has lost its header; run `make assets`"
    return header, text(name)[header.end() :]


def hash_of_sources(ending: str) -> str:
    """The same hash that `sources` in frontend/built.mjs makes."""
    made = hashlib.sha256()
    for path in sorted(FRONTEND.iterdir()):
        if path.suffix == ending or path.name == "package.json":
            made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


@EACH
def test_a_built_file_is_that_of_its_sources(name, ending, most):
    assert parted(name)[0]["sources"] == hash_of_sources(ending), "the sources changed; run `make assets`"


@EACH
def test_a_built_file_is_not_changed_by_hand(name, ending, most):
    header, body = parted(name)

    assert header["output"] == hashlib.sha256(body.encode()).hexdigest(), "change frontend/ instead"


@EACH
def test_a_built_file_is_small(name, ending, most):
    assert len(gzip.compress((STATIC / name).read_bytes())) <= most


@EACH
def test_a_built_file_names_no_address(name, ending, most):
    body = parted(name)[1]

    assert re.findall(r"(?:https?:|wss?:|ftp:)?//[^/\s]\S{0,40}", body) == []
    assert re.findall(r"@import|@font-face|url\([^)]*\)|data:[a-z]+/", body) == []


def test_the_script_stores_and_evaluates_nothing():
    forbidden = (
        r"\beval\b|\bFunction\(|localStorage|sessionStorage|indexedDB|document\.cookie"
        r"|XMLHttpRequest|sendBeacon|WebSocket|EventSource|\bimport\(|innerHTML|insertAdjacentHTML|\.write\("
    )

    assert re.findall(forbidden, parted("main.js")[1]) == []


def test_the_script_fetches_steps_alone_and_puts_numbers_alone_into_the_history():
    script = parted("main.js")[1]

    assert len(re.findall(r"\bfetch\(", script)) == 1
    states = re.findall(r"(?:push|replace)State\(([^,]*),", script)
    assert len(states) == 5
    assert all(re.fullmatch(r"history\.state|\{step:\w+\}", state) for state in states)


def test_the_icon_names_no_address_but_its_own_format():
    named = re.findall(r"https?://[^\"\s]+", text("favicon.svg"))

    assert named == ["http://www.w3.org/2000/svg"]


def test_the_licence_of_what_is_built_in_lies_beside_it():
    licence = text("govuk-frontend.LICENSE.txt")

    assert "MIT License" in licence
    assert "Copyright (C) 2017 Crown Copyright" in licence
    assert all("govuk-frontend.LICENSE.txt" in parted(name)[0][0] for name, _, _ in BUILT)


def test_every_file_that_a_template_asks_for_is_there():
    asked = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r"filename=['\"]([^'\"]+)", path.read_text("utf-8"))
    }

    assert asked >= {"main.css", "main.js", "favicon.svg"}
    assert {name for name in asked if not (STATIC / name).is_file()} == set()


def test_no_template_holds_a_script_or_a_style():
    found = [
        f"{path.name}: {match[0]}"
        for path in (WEB / "templates").rglob("*")
        if path.is_file()
        for match in re.finditer(
            r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", path.read_text("utf-8")
        )
    ]

    assert found == []


def test_the_tools_of_the_build_are_pinned():
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))

    assert package["private"] is True
    assert package["devDependencies"].keys() == {"govuk-frontend", "sass", "esbuild"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())


def test_no_lock_file_is_kept():
    assert [path.name for path in FRONTEND.glob("*lock*")] == []
    assert "package-lock=false" in (FRONTEND / ".npmrc").read_text("utf-8")
