"""Changes of what no amount is computed from: the words of questions, and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from typing import Any

from coverage_service.changes.change import ADDED, CHANGED, QUESTIONS, REMOVED, RENAMED, TEST, Change
from coverage_service.changes.units import plain
from coverage_service.changes.values import text
from coverage_service.changes.words import spaced
from coverage_service.rulebook.cases import Case

Texts = Mapping[str, Mapping[str, Any]]


def question_changes(old: Texts, new: Texts) -> Iterator[Change]:
    """Texts that differ, by language and the fields that lead to them."""
    for language in dict.fromkeys((*old, *new)):
        place = f"rules/questions/{language}.yaml"
        if old.get(language) == new.get(language):
            continue
        before, after = (dict(_flat(each.get(language, {}), "")) for each in (old, new))
        for path in dict.fromkeys((*before, *after)):
            one, two = before.get(path), after.get(path)
            if one != two:
                kind = ADDED if one is None else REMOVED if two is None else CHANGED
                yield Change(
                    kind, QUESTIONS, language, f"Words ({language})", path,
                    one and text(one), two and text(two), place=place, amounts=False,
                )  # fmt: skip


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key != "id":
                yield from _flat(each, f"{path}, {spaced(key)}" if path else spaced(key))
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value, 1):
            name = each.get("id", number) if isinstance(each, Mapping) else number
            yield from _flat(each, f"{path} {name}")
    else:
        yield path, str(value)


def test_changes(old: Sequence[Case], new: Sequence[Case]) -> Iterator[Change]:
    """Tests that came, went, were renamed or say something else."""
    if all(one is two for one, two in zip_longest(old, new)):
        return
    before, after = _named(old), _named(new)
    came = [key for key in after if key not in before]
    for key, case in before.items():
        if key in after:
            yield from _of_test(case, after[key])
            continue
        twin = next((x for x in came if _nameless(after[x]) == _nameless(case)), None)
        if twin is None:
            yield _test(REMOVED, case, _title(case))
        else:
            came.remove(twin)
            yield _test(RENAMED, after[twin], "", _title(case), _title(after[twin]))
    yield from (_test(ADDED, after[key], _title(after[key])) for key in came)


def _named(cases: Sequence[Case]) -> dict[tuple[Any, ...], Case]:
    """Tests by what tells them apart; one that stands there again gets its number too."""
    found: dict[tuple[Any, ...], Case] = {}
    times: Counter[tuple[Any, ...]] = Counter()
    for case in cases:
        key = (case.kind, case.entry, case.starts, case.name)
        times[key] += 1
        found[*key, times[key]] = case
    return found


def _nameless(case: Case) -> Any:
    kind, _, *rest = plain(case)
    return kind, rest


def _of_test(old: Case, new: Case) -> Iterator[Change]:
    for path, one, two in _leaves(old, new, ""):
        yield _test(CHANGED, new, f"{_title(new)}, {path}", one, two)


def _leaves(old: Any, new: Any, path: str) -> Iterator[tuple[str, str | None, str | None]]:
    """What is said in one and not in the other is None there: a test leaves out what it does not name."""
    if plain(old) == plain(new):
        return
    if is_dataclass(old) and type(old) is type(new):
        for field in fields(old):
            if field.name != "origin":
                name = f"{path}, {spaced(field.name)}" if path else spaced(field.name)
                yield from _leaves(getattr(old, field.name), getattr(new, field.name), name)
        return
    name = path.rpartition(", ")[2].replace(" ", "_")
    yield path, None if old is None else text(old, name), None if new is None else text(new, name)


def _title(case: Case) -> str:
    return f"test “{case.name}”"


def _test(kind: str, case: Case, what: str, old: str | None = None, new: str | None = None) -> Change:
    return Change(kind, TEST, case.entry, case.entry, what, old, new, place=case.origin.place, amounts=False)
