"""The settings of the service, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from platformdirs import user_state_path

PACKAGE = Path(__file__).resolve().parent
MAX_BODY_BYTES = 256 * 1024
LEAVE_TO = "https://www.weather.gov/"
AT_START: Final = "at_start"
"""Rule files are read when the service starts, and never again."""
AUTOMATIC: Final = "automatic"
"""A change of the rule files is put in force as soon as it has no mistake."""
MANUAL: Final = "manual"
"""A change of the rule files waits for `rules activate`."""
LOOPBACK: Final = "loopback"
OFF: Final = "off"


class ConfigError(ValueError):
    """A setting that cannot be used; the message names the variable and what to write."""


@dataclass(frozen=True, slots=True)
class Config:
    """What an operator decides; every default suits one machine on loopback."""

    rules: Path
    """The folder of the rule files (COVERAGE_RULES)."""
    max_body_bytes: int = MAX_BODY_BYTES
    """The largest request body that is read (COVERAGE_MAX_BODY_BYTES)."""
    trusted_hosts: tuple[str, ...] = ()
    """The host names answered to; none means all (COVERAGE_TRUSTED_HOSTS)."""
    cors_origins: tuple[str, ...] = ()
    """The web origins whose pages may call the API (COVERAGE_CORS_ORIGINS)."""
    leave_to: str = LEAVE_TO
    """Where "Leave this page quickly" leads (COVERAGE_LEAVE_TO)."""
    state: Path | None = None
    """The folder of what was put in force; None keeps no history (COVERAGE_STATE)."""
    activation: str = AT_START
    """When a change of the rule files is put in force (COVERAGE_ACTIVATION)."""
    metrics: str = LOOPBACK
    """Who may read /metrics: only this machine, everybody, nobody (COVERAGE_METRICS)."""
    staff: Path | None = None
    """The file of who may sign in to the workbench; None: there is no workbench (COVERAGE_STAFF)."""
    two_people: bool = False
    """Whether somebody else than its author puts a draft in force (COVERAGE_TWO_PEOPLE)."""
    proxies: int = 0
    """How many proxies in front add to X-Forwarded-For, which is believed so far (COVERAGE_PROXIES).

    Whoever reaches the service past them writes that header at will.
    """

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings in these variables, or a ConfigError that says what to mend."""
        rules = folder(environment, "COVERAGE_RULES", default_rules())
        state = state_folder(environment, "COVERAGE_STATE", rules)
        return cls(
            rules=rules,
            max_body_bytes=positive(environment, "COVERAGE_MAX_BODY_BYTES", MAX_BODY_BYTES),
            trusted_hosts=words(environment, "COVERAGE_TRUSTED_HOSTS"),
            cors_origins=origins(environment, "COVERAGE_CORS_ORIGINS"),
            leave_to=web_address(environment, "COVERAGE_LEAVE_TO", LEAVE_TO),
            state=state,
            activation=mode(environment, "COVERAGE_ACTIVATION", state),
            metrics=one_of(environment, "COVERAGE_METRICS", LOOPBACK, OFF, "on"),
            staff=staff_file(environment, "COVERAGE_STAFF", state),
            two_people=one_of(environment, "COVERAGE_TWO_PEOPLE", OFF, "on") == "on",
            proxies=positive(environment, "COVERAGE_PROXIES", 0),
        )


def default_rules() -> Path:
    """The rule files packed into an installed package, or those of the checkout."""
    packed = PACKAGE / "_rules"
    return packed if packed.is_dir() else PACKAGE.parent / "rules"


def folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    path = Path(environment.get(name) or default)
    if not path.is_dir():
        raise ConfigError(f"{name}: {str(path)!r} is not a folder; write the path of the rule files.")
    return path


def state_folder(environment: Mapping[str, str], name: str, rules: Path) -> Path | None:
    """The folder that is named, none for `off`, else one of this user's for these rules alone."""
    said = environment.get(name, "").strip()
    if said:
        return None if said == OFF else Path(said)
    try:
        own = user_state_path("coverage_service", appauthor=False)
    except RuntimeError:  # a user without a home
        return None
    # Not resolved: a link to the rules may be switched, and the history stays.
    return own / sha256(os.path.abspath(rules).encode()).hexdigest()[:12]


def staff_file(environment: Mapping[str, str], name: str, state: Path | None) -> Path | None:
    """The file that is named; the workbench keeps drafts and history, so it needs the state folder."""
    said = environment.get(name, "").strip()
    if not said:
        return None
    if state is None:
        raise ConfigError(f"{name}: the workbench needs a state folder; name one in COVERAGE_STATE.")
    if not Path(said).is_file():
        raise ConfigError(f"{name}: {said!r} is not there; run `coverage-service staff add NAME` first.")
    return Path(said)


def mode(environment: Mapping[str, str], name: str, state: Path | None) -> str:
    """When a change is put in force; waiting for a command needs the folder that it travels through."""
    found = one_of(environment, name, AUTOMATIC, MANUAL, AT_START)
    if found == MANUAL and state is None:
        raise ConfigError(f"{name}: {MANUAL} needs a state folder; name one in COVERAGE_STATE.")
    return found


def one_of(environment: Mapping[str, str], name: str, *words: str) -> str:
    """One of a few words, the first unless told otherwise."""
    said = environment.get(name, "").strip() or words[0]
    if said not in words:
        raise ConfigError(f"{name}: {said!r} is not known; write {', '.join(words[:-1])} or {words[-1]}.")
    return said


def positive(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) > 0):
        raise ConfigError(f"{name}: {text!r} is not a whole number above zero, such as {default or 1}.")
    return int(text)


def words(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The comma-separated words of a variable."""
    return tuple(word for part in environment.get(name, "").split(",") if (word := part.strip()))


def origins(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = words(environment, name)
    for origin in found:
        parts = urlsplit(origin)
        named = parts.scheme in {"http", "https"} and parts.netloc
        if not named or origin != f"{parts.scheme}://{parts.netloc}":
            raise ConfigError(f"{name}: {origin!r} is not an origin; write it like https://example.org.")
    return found


def web_address(environment: Mapping[str, str], name: str, default: str) -> str:
    """An address that a browser opens."""
    text = environment.get(name, "").strip() or default
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigError(f"{name}: {text!r} is not a web address; write it like {default}.")
    return text
