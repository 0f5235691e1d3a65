"""Rule files as a test changes them, in memory."""

from __future__ import annotations

import re
from pathlib import Path

from coverage_service.checking.asked import Library
from coverage_service.rulebook.book import load
from coverage_service.rulebook.cases import Case
from coverage_service.rulebook.files import Files, read_folder
from coverage_service.therapists.store import load_therapists

RULES = Path(__file__).resolve().parents[2] / "rules"
SHIPPED: Files = read_folder(RULES)[0]


def changed(name: str, *changes: tuple[str, str]) -> Files:
    """The shipped files with texts of one of them replaced, each once."""
    text = SHIPPED[name].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**SHIPPED, name: text.encode()}


def without(name: str, *parts: str) -> Files:
    """The shipped files, one of them without its tests that hold one of some texts."""
    cases = re.compile(r"^( *)- case:.*\n(?:\1  .*\n)*", re.MULTILINE)
    text = SHIPPED[name].decode()
    said = cases.sub(lambda x: "" if any(part in x[0] for part in parts) else x[0], text)
    assert said != text
    return {**SHIPPED, name: said.encode()}


def only(files: Files, *names: str) -> Files:
    """Reference and schedules with a few other files: quick to read and to run."""
    kept = ("reference/", "fee_schedules/", "questions/")
    return {name: data for name, data in files.items() if name.startswith(kept) or name in names}


def written(folder: Path, files: Files) -> Path:
    """Files as a folder of rules inside another."""
    for name, data in files.items():
        path = folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "rules"


def read(files: Files) -> tuple[Library, tuple[Case, ...]]:
    """The library and the tests of files without a mistake."""
    book = load(files).book
    assert book is not None, [str(x) for x in load(files).problems]
    store = load_therapists(files, book).store
    assert store is not None
    return Library(book.reference, book.plans, store.entries), (*book.cases, *store.cases)


def line_of(files: Files, name: str, text: str) -> int:
    """The line on which a text first stands."""
    return files[name].decode().split(text)[0].count("\n") + 1
