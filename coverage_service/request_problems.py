"""Mistakes in a request as problems at JSON pointers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from marshmallow import ValidationError

from coverage_service.request_shapes import Shape
from coverage_service.rulebook.problems import Problem
from coverage_service.rulebook.reading import nearest, short

MOST_PROBLEMS: Final = 100


def checked(schema: Shape, body: Any) -> tuple[dict[str, Any], list[Problem]]:
    """The valid part of a body and everything that is wrong with its shape."""
    if not isinstance(body, dict):
        return {}, [problem("", "this is not a JSON object; write {…}")]
    try:
        return schema.load(body), []
    except ValidationError as error:
        return dict(error.valid_data or {}), list(_problems("", error.messages))


def problem(pointer: str, text: str) -> Problem:
    """A mistake at a JSON pointer; the text is "what is wrong; what to write"."""
    wrong, _, remedy = text.partition("; ")
    return Problem(pointer, 0, 0, wrong, remedy)


def below(pointer: str, key: object) -> str:
    """The pointer of a key or index below another."""
    return f"{pointer}/{str(key)[:100].replace('~', '~0').replace('/', '~1')}"


def _problems(pointer: str, messages: Any) -> Iterable[Problem]:
    """Marshmallow's nested messages as problems at JSON pointers."""
    if isinstance(messages, Mapping):
        for key, found in messages.items():
            yield from _problems(below(pointer, key), found)
        return
    for text in messages:
        yield problem(pointer, text)


def told(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in the order of their places, without repeats; a hundred at most."""
    found = sorted(dict.fromkeys(problems))
    more = len(found) - MOST_PROBLEMS
    if more > 0:
        found[MOST_PROBLEMS:] = [problem("", f"{more:,} more mistakes; mend these first")]
    return found


def unknown_name(name: Any, known: Any, what: str, pointer: str) -> Problem:
    """A name that nothing carries, with the nearest that something does."""
    shown = name if isinstance(name, str) else ""
    return problem(pointer, f"'{short(shown)}' is not a known {what}; {nearest(shown, tuple(known))}")
