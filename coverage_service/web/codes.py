"""Our own short names for what a claim holds as codes and letters: kinds of visits, and licenses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coverage_service.html.speech import lazy_gettext
from coverage_service.web.amounts import sentence

VISITS: Final[Mapping[str, Any]] = {
    "90791": lazy_gettext("first visit"),
    "90832": lazy_gettext("session of about 30 minutes"),
    "90834": lazy_gettext("session of about 45 minutes"),
    "90837": lazy_gettext("session of 53 minutes or more"),
    "90846": lazy_gettext("session without the patient"),
    "90847": lazy_gettext("session as a couple"),
    "90853": lazy_gettext("group session"),
}
"""The codes of the visits that the page can ask about."""
LICENCES: Final[Mapping[str, Any]] = {
    "MD": lazy_gettext("a doctor, such as a psychiatrist"),
    "DO": lazy_gettext("an osteopathic doctor"),
    "PHD": lazy_gettext("a psychologist"),
    "PSYD": lazy_gettext("a psychologist"),
    "LCSW": lazy_gettext("a clinical social worker"),
    "LMFT": lazy_gettext("a marriage and family therapist"),
    "LPC": lazy_gettext("a professional counselor"),
    "LMHC": lazy_gettext("a mental health counselor"),
    "NP": lazy_gettext("a psychiatric nurse practitioner"),
    "CNS": lazy_gettext("a psychiatric nurse specialist"),
    "PA": lazy_gettext("a physician assistant"),
    "ASSOCIATE": lazy_gettext("a therapist who works under a supervisor"),
    "TRAINEE": lazy_gettext("a student or trainee"),
}
WORDS: Final = frozenset({"ASSOCIATE", "TRAINEE"})
"""Those that are no letters a therapist puts behind a name."""


def visit_named(code: str) -> str:
    """A kind of visit by its name: "First visit (90791)"."""
    return f"{sentence(str(VISITS[code]))} ({code})" if code in VISITS else code


def visit_said(code: str) -> str:
    """A code within a sentence, with what it names: "90791 (first visit)"."""
    return f"{code} ({VISITS[code]})" if code in VISITS else code


def licence_said(letters: str) -> str:
    """A license within a sentence: "LMFT, a marriage and family therapist"."""
    if letters not in LICENCES:
        return letters
    name = str(LICENCES[letters])
    return name if letters in WORDS else f"{letters}, {name}"
