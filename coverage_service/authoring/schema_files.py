"""The files of ``schemas/``: one JSON Schema for each kind of rule file, and the line that names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from coverage_service.authoring.json_schema import Writer
from coverage_service.authoring.shapes import Json
from coverage_service.rulebook.schema_base import FactSchema
from coverage_service.rulebook.schema_plan import PayerFileSchema
from coverage_service.rulebook.schema_questions import QuestionsSchema
from coverage_service.rulebook.schema_reference import SCHEMAS as REFERENCE
from coverage_service.rulebook.schema_schedule import ScheduleSchema
from coverage_service.rulebook.schema_therapist import TherapistListSchema, TherapistSchema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FOLDER: Final = "schemas"
KINDS: Final[Mapping[str, tuple[FactSchema, ...]]] = {
    "payers": (PayerFileSchema(),),
    "therapists": (TherapistSchema(), TherapistListSchema()),
    "fee_schedules": (ScheduleSchema(),),
    "questions": (QuestionsSchema(),),
    **{name: (schema,) for name, schema in REFERENCE.items()},
}
"""The schemas that a kind of file is read by; a therapist file has two forms."""


def schema(kind: str) -> Json:
    """The JSON Schema of a kind of rule file."""
    writer = Writer()
    forms = [writer.group(one) for one in KINDS[kind]]
    if kind in REFERENCE:
        named = writer.definitions[forms[0]["$ref"].rpartition("/")[2]]
        named["properties"]["reference"] |= {"const": kind}
        named["properties"]["reference"].pop("anyOf")
    root = forms[0] if len(forms) == 1 else _chosen(*forms)
    return {"$schema": DIALECT, "title": f"Rule file: {kind}", **root, "$defs": writer.definitions}


def _chosen(one: Json, many: Json) -> Json:
    """One entry, unless the file has ``therapists:``: so a mistake is told for the form that is meant."""
    return {"if": {"type": "object", "required": ["therapists"]}, "then": many, "else": one}


def text(kind: str) -> str:
    """The file as it stands in ``schemas/``."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n"


def write(folder: Path) -> list[Path]:
    """Write all of them; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS:
        path = folder / f"{kind}.json"
        path.write_text(text(kind), encoding="utf-8")
        written.append(path)
    return written


def kind_of(name: str, reference: str = "") -> str | None:
    """The kind of a rule file by its name from the folder on, e.g. ``payers/x.yaml``.

    ``reference`` is what the file says after ``reference:``.
    """
    part = PurePosixPath(name).parts[0]
    kind = reference if part == "reference" else part
    return kind if kind in KINDS else None


def modeline(name: str, kind: str) -> str:
    """The comment by which an editor finds the schema: ``# yaml-language-server: $schema=…``."""
    up = "../" * len(PurePosixPath(name).parts)
    return f"# yaml-language-server: $schema={up}{FOLDER}/{kind}.json"
