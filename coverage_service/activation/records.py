"""What is written down about an activation, and about a folder that says something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

FOLDER: Final = "folder"
"""How: the rule files changed in their folder."""
START: Final = "start"
"""How: the service started on them."""
SIGNAL: Final = "signal"
COMMAND: Final = "command"
WORKBENCH: Final = "workbench"
ROLLBACK: Final = "rollback"


class NotARecord(ValueError):
    """A file in the state folder that does not say what it should."""


@dataclass(frozen=True, slots=True)
class Activation:
    """One time that rules were put in force; ``number`` counts from 1 without a gap.

    ``version``: of the rule book; ``files``: a hash of all rule files, therapists included.
    ``at``: UTC, ISO 8601.  ``by`` and ``why`` as they were told, for staff only.
    ``impact``: what changed for the estimates, a summary of plain JSON; None when nobody asked.
    """

    number: int
    version: str
    files: str
    at: str
    by: str = ""
    why: str = ""
    how: str = COMMAND
    impact: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """The name of the kept files, which no other files have."""
        return f"{self.version}-{self.files}"

    def named(self, name: str) -> bool:
        """Whether somebody who writes this name may mean these rules."""
        return name in (self.version, self.files, self.id)


@dataclass(frozen=True, slots=True)
class Note:
    """Why the folder differs from what is in force since activation ``number``.

    ``aside``: the hash of files that stay in the folder without being put in force.
    ``base``: the id of the kept files that are being replaced in the folder by the new ones.
    """

    number: int
    aside: str = ""
    base: str = ""


def packed(record: Activation | Note) -> bytes:
    """A record as the bytes of its file."""
    return orjson.dumps(asdict(record), option=orjson.OPT_INDENT_2) + b"\n"


def activation(data: bytes) -> Activation:
    """The activation in a file; raises NotARecord."""
    return Activation(**_fields(data, Activation))


def note(data: bytes) -> Note:
    """The note in a file; raises NotARecord."""
    return Note(**_fields(data, Note))


def _fields(data: bytes, kind: type[Activation] | type[Note]) -> dict[str, Any]:
    try:
        said = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotARecord(str(error)) from None
    known = kind.__dataclass_fields__
    if not isinstance(said, dict) or type(said.get("number")) is not int:
        raise NotARecord("no number")
    if kind is Activation and not all(isinstance(said.get(x), str) for x in ("version", "files", "at")):
        raise NotARecord("no version")
    return {name: value for name, value in said.items() if name in known}


def now() -> str:
    """The moment in UTC, to the microsecond."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
