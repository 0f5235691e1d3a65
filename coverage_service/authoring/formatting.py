"""The layout of a whole folder of rule files, as changed texts; writing them is the caller's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coverage_service.authoring.layout import CannotFormat, formatted
from coverage_service.authoring.schema_files import KINDS, kind_of
from coverage_service.rulebook.files import PREFIX, Files
from coverage_service.rulebook.nodes import Fields, Node, Text
from coverage_service.rulebook.parse import parse
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.schema_base import FactSchema


@dataclass(frozen=True, slots=True)
class Formatted:
    """The texts that differ from the files, by name, and what cannot be formatted."""

    changed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def format_files(files: Files) -> Formatted:
    """Every rule file in its layout; a file with mistakes is left alone and reported."""
    changed, problems = {}, []
    for name, data in files.items():
        try:
            text = format_file(name, data)
        except CannotFormat as error:
            problems.append(Problem(f"{PREFIX}/{name}", 1, 1, "this file cannot be formatted", str(error)))
            continue
        if text.encode("utf-8") != data:
            changed[name] = text
    return Formatted(changed, tuple(problems))


def format_file(name: str, data: bytes) -> str:
    """One rule file in its layout, by its name from the folder on; raises CannotFormat."""
    root = parse(data, lambda at, what, remedy: None)
    schema = schema_of(name, root)
    if schema is None:
        raise CannotFormat("nothing tells what kind of rule file it is; see `rules check`")
    return formatted(data.decode("utf-8").replace("\r\n", "\n"), schema)


def schema_of(name: str, root: Node | None) -> FactSchema | None:
    """The schema that reads a file; None when neither its folder nor its text tells which."""
    if not isinstance(root, Fields):
        return None
    said = root.get("reference")
    kind = kind_of(name, said.value if isinstance(said, Text) else "")
    return None if kind is None else KINDS[kind][-1 if "therapists" in root.entries else 0]


def write(path: Path, text: str) -> None:
    """Replace a file as a whole: nobody ever reads half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        if path.exists():
            os.chmod(name, path.stat().st_mode & 0o777)
        else:
            os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
