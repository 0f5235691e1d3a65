"""The settings of the service, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

PACKAGE = Path(__file__).resolve().parent
MAX_BODY_BYTES = 256 * 1024
LEAVE_TO = "https://www.weather.gov/"


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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings in these variables, or a ConfigError that says what to mend."""
        return cls(
            rules=folder(environment, "COVERAGE_RULES", default_rules()),
            max_body_bytes=positive(environment, "COVERAGE_MAX_BODY_BYTES", MAX_BODY_BYTES),
            trusted_hosts=words(environment, "COVERAGE_TRUSTED_HOSTS"),
            cors_origins=origins(environment, "COVERAGE_CORS_ORIGINS"),
            leave_to=web_address(environment, "COVERAGE_LEAVE_TO", LEAVE_TO),
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


def positive(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) > 0):
        raise ConfigError(f"{name}: {text!r} is not a whole number above zero, such as {default}.")
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
