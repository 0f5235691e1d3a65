"""The built files of the workbench: current, unchanged by hand, with the licences of what they hold."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests.web.test_assets import HEADER
from tests.workbench.staffing import ROOT

SHARED = ROOT / "frontend"
SOURCES = SHARED / "workbench"
STATIC = ROOT / "coverage_service" / "workbench" / "static"
EACH = pytest.mark.parametrize(("name", "ending"), [("workbench.css", ".scss"), ("workbench.js", ".js")])


def parted(name: str) -> tuple[re.Match[str], str]:
    text = (STATIC / name).read_text("utf-8")
    header = HEADER.match(text)
    assert header is not None, f"{name} has lost its header; run `make assets`"
    return header, text[header.end() :]


@EACH
def test_a_built_file_is_that_of_its_sources(name, ending):
    made = hashlib.sha256()
    for path in (*sorted(SHARED.iterdir()), *sorted(SOURCES.iterdir())):
        if path.is_file() and (path.suffix == ending or path.name == "package.json"):
            made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")

    assert parted(name)[0]["sources"] == made.hexdigest(), "the sources changed; run `make assets`"


@EACH
def test_a_built_file_is_not_changed_by_hand(name, ending):
    header, body = parted(name)

    assert header["output"] == hashlib.sha256(body.encode()).hexdigest(), "change frontend/workbench/ instead"


def test_the_script_stores_and_evaluates_nothing():
    forbidden = r"\beval\(|\bnew Function\(|localStorage|sessionStorage|indexedDB|document\.cookie|sendBeacon"

    assert re.findall(forbidden, parted("workbench.js")[1]) == []


def test_every_package_that_is_built_in_has_its_licence():
    told = (STATIC / "third-party.LICENSE.txt").read_text("utf-8")
    packages = json.loads((SOURCES / "package.json").read_text())["devDependencies"]
    built = {name for name in packages if name.startswith(("@codemirror", "@lezer", "govuk"))}

    assert len(built) == 9
    assert all(f"{name} {packages[name]}\n" in told for name in built)
    assert len(re.findall(r"Permission is hereby granted", told)) >= len(built)
