"""The Spanish of the pages: what is said in the sources beside what is translated.

``make translations`` brings ``messages.po`` up to date with the sources, compiles it and tells
what is left to translate.  It keeps every translation; where an English text changed a little, the
old translation stays as a *fuzzy* one, for somebody to look at.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
WEB: Final = ROOT / "coverage_service" / "web"
WORKBENCH: Final = ROOT / "coverage_service" / "workbench"
FACES: Final = (WEB, WORKBENCH)
PO: Final = WEB / "translations" / "es" / "LC_MESSAGES" / "messages.po"
MO: Final = PO.with_suffix(".mo")
METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS: Final = {"**/templates/**.html": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
COMMENT: Final = "# The Spanish of the client's page; `make translations` keeps it in step with the sources."
BLANK: Final = re.compile(r"%\((\w+)\)([sd])")


class Plain(Catalog):
    """A catalogue whose head names no date, no tool and no person, so that it only changes with its texts."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What a reader needs to know, and no more."""
        return [
            ("Language", "es"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def po(face: Path = WEB) -> Path:
    """The file of a face's translations."""
    return face / "translations" / "es" / "LC_MESSAGES" / "messages.po"


def extracted(face: Path = WEB) -> Plain:
    """Every text that a face's modules and templates mark for translation."""
    found = _empty()
    for _file, _line, text, _comments, _context in extract_from_dir(face, METHODS, OPTIONS, KEYWORDS):
        found.add(text)
    return found


def translated(face: Path = WEB) -> Plain:
    """The committed catalogue."""
    found = _empty()
    with po(face).open("rb") as file:
        read = read_po(file, locale="es")
    for message in texts(read):
        found[message.id] = message
    found.obsolete = read.obsolete
    return found


def compiled(catalogue: Catalog) -> bytes:
    """What the service reads."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def updated(old: Catalog, face: Path = WEB) -> Plain:
    """The catalogue in step with the sources."""
    found = _empty()
    for message in [*texts(old), *old.obsolete.values()]:
        found[message.id] = message
    found.update(extracted(face), update_header_comment=False)
    found.obsolete.clear()
    return found


def problems(catalogue: Catalog, face: Path = WEB) -> list[str]:
    """What a catalogue lacks, one line each."""
    said = {message.id for message in texts(extracted(face))}
    kept = {message.id: message for message in texts(catalogue)}
    return [
        *(f"missing: {id!r}" for id in said - kept.keys()),
        *(f"no longer said: {id!r}" for id in (kept.keys() - said) | catalogue.obsolete.keys()),
        *(f"{wrong}: {message.id!r}" for message in kept.values() for wrong in _wrong(message)),
    ]


def _wrong(message: Message) -> Iterable[str]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield "fuzzy"
    if len(strings) != len(ids) or not all(strings):
        yield "not translated"
    elif any(blanks(text) != blanks(ids[-1]) for text in strings):
        yield "other blanks than in English"
    elif any(_edges(text) != _edges(ids[0]) for text in strings):
        yield "other spaces at its ends than in English"


def blanks(text: str) -> set[tuple[str, str]]:
    """The blanks of a text: ``%(amount)s``."""
    return set(BLANK.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def texts(catalogue: Catalog) -> list[Message]:
    """Every message but the head."""
    return [message for message in catalogue if message.id]


def _empty() -> Plain:
    return Plain(locale="es", header_comment=COMMENT, fuzzy=False)


def main() -> int:
    """Bring the catalogues up to date; 1 when something is left to translate."""
    return max(_bring(face) for face in FACES)


def _bring(face: Path) -> int:
    place = po(face)
    new = updated(translated(face) if place.exists() else _empty(), face)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        write_po(file, new, no_location=True, width=100)
    place.with_suffix(".mo").write_bytes(compiled(new))
    left = problems(new, face)
    print(*left, f"{len(texts(new))} texts in {place.relative_to(ROOT)}, {len(left)} to look at", sep="\n")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
