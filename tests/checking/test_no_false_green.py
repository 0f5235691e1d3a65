"""What passes elsewhere without being right must fail here: nothing ran, a key nobody reads, no such day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml

from coverage_service.checking.coverage import coverage
from coverage_service.checking.mutation import PARTS, Bench, score_of
from coverage_service.checking.run import check
from coverage_service.rulebook.book import load
from coverage_service.rulebook.cases import Case, Expect, Session
from coverage_service.rulebook.files import FileFacts, Shelf, read_file, rule_file
from coverage_service.rulebook.parse import Loader
from coverage_service.rulebook.problems import errors
from coverage_service.rulebook.reading import Known
from coverage_service.rulebook.schema_plan import PayerFileSchema
from coverage_service.rulebook.schema_schedule import ScheduleSchema
from coverage_service.rulebook.schema_therapist import TherapistFile
from tests.checking.rule_files import SHIPPED, changed, only, read, written
from tests.cli.terminal import ask

PPO = "payers/example-ppo.yaml"
FIRST = '        session: {cpt: "90837", diagnosis: F43.10, network: in, modality: in_person'


# The shipped rules


def test_every_row_of_the_shipped_rules_is_touched():
    library, cases = read(SHIPPED)

    assert [row.place for each in coverage(cases, library, SHIPPED) for row in each.untouched] == []


def test_the_shipped_tests_notice_changes():
    """Every twentieth change of every file; `rules mutate` tries all of them."""
    book = load(SHIPPED).book
    assert book is not None
    bench = Bench(SHIPPED, book)
    names = sorted(name for name in SHIPPED if name.split("/")[0] in PARTS)
    score = score_of(tried for name in names for tried in bench.tried(name, every=20))

    assert score.noticed + len(score.missed) > 60
    assert score.percent >= 95, [f"{x.file}:{x.line} {x.says}" for x in score.missed]


# Nothing ran


@pytest.mark.parametrize("command", ["test", "coverage", "mutate", "suggest-tests"])
def test_a_folder_that_is_not_there_fails(command):
    result = ask("rules", command, "--rules", "no/such/folder")

    assert result.returncode == 1
    assert "there is no such folder" in result.stderr


@pytest.mark.parametrize("command", ["coverage", "mutate", "suggest-tests"])
def test_a_file_that_is_not_there_fails(command):
    result = ask("rules", command, "payers/no-such-plan.yaml")

    assert result.returncode == 2
    assert "no rule file with rows or tests is called 'payers/no-such-plan.yaml'" in result.stderr


def test_words_that_fit_no_test_fail():
    result = ask("rules", "test", "no-such-plan.yaml")

    assert result.returncode == 1
    assert "no test ran" in result.stdout


def test_rules_without_a_test_fail(tmp_path):
    where = str(written(tmp_path, only(SHIPPED)))

    assert ask("rules", "test", "--rules", where).returncode == 1
    for command in ("coverage", "mutate", "suggest-tests"):
        assert ask("rules", command, "--rules", where).returncode == 1


def test_a_plan_without_a_test_is_an_error():
    text = SHIPPED[PPO].decode()
    loaded = load(only({**SHIPPED, PPO: text[: text.index("    tests:\n")].encode()}, PPO))

    assert [x.message for x in errors(loaded.problems)] == ["this plan has no tests"]


# What nobody reads


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        expect: {covered: yes, patient:", "        expect: {covered: yes, pateint:"),
        (FIRST, FIRST.replace("modality", "modallity")),
        ("      - case: A weekly", "      - tset: yes\n        case: A weekly"),
    ],
)
def test_an_unknown_key_in_a_test_fails(old, new, tmp_path):
    where = str(written(tmp_path, only(changed(PPO, (old, new)), PPO)))
    result = ask("rules", "test", "--rules", where)

    assert result.returncode == 1
    assert "is not a field here" in result.stderr
    assert "no test was run" in result.stderr


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "2026-04-31", "26-01-01", "2025-02-29"])
@pytest.mark.parametrize(
    "place", ["reviewed: 2026-11-20", "from: 2026-01-01", "read: 2026-11-20", FIRST + ", billed"]
)
def test_a_day_that_does_not_exist_is_an_error(day, place):
    name = place.split(":")[0]
    new = place.replace("{cpt", f"{{date: {day}, cpt") if place.startswith(FIRST) else f"{name}: {day}"

    found = errors(load(only(changed(PPO, (place, new)), PPO)).problems)
    assert found
    assert day in str(found[0])


@pytest.mark.parametrize("cents", [14_000, 2_000_000_001, 1_999_999_999])
def test_a_cent_is_a_difference_in_large_amounts_too(cents):
    """float32 holds 20,000,001 and 20,000,000 as one number."""
    library, _ = read(only(SHIPPED, "payers/example-oon.yaml"))
    session = Session(cpt="90837", diagnoses=("F43.10",), network="out", billed=cents, schedule_rate=10_000)
    exact = cents - 14_000 * (cents >= 14_000) if cents > 14_000 else 0
    case = Case(name="x", entry="example-oon", session=session, expect=Expect(balance=exact))

    assert check(case, library).passed
    for step in (-1, 1):
        wrong = Case(name="x", entry="example-oon", session=session, expect=Expect(balance=exact + step))
        assert [x.name for x in check(wrong, library).differences] == ["balance"]


SCHEMAS: dict[str, Any] = {
    "payers": PayerFileSchema,
    "therapists": TherapistFile,
    "fee_schedules": ScheduleSchema,
}
OWN_NAMES = {"policies", "rates"}
"""Groups whose keys are the writer's own names: nothing can tell that one is misspelt."""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    book = load(SHIPPED).book
    assert book is not None
    return Shelf(book.reference, Known.of(book.reference), {}, book.reference_version)


def keys_of(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Any, tuple[str, ...]]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key, (*path, key.value)
            yield from keys_of(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from keys_of(item, path)


def misspelt(name: str, keys: Iterable[Any], shelf: Shelf) -> FileFacts:
    """The file with the names of some keys an ``x`` longer."""
    text = SHIPPED[name].decode()
    for end in sorted((key.end_mark.index for key in keys), reverse=True):
        at = end - 1 if text[end - 1] in "\"'" else end
        text = f"{text[:at]}x{text[at:]}"
    return read_file(rule_file(name, text.encode()), SCHEMAS[name.split("/")[0]](), shelf)


def untold(name: str, keys: list[Any], shelf: Shelf) -> list[Any]:
    """Those of some misspelt keys that are not told, each in its own line, as unknown."""
    problems = errors(misspelt(name, keys, shelf).problems)
    told = Counter((x.line, x.message) for x in problems)
    asked = Counter(map(complaint, keys))
    return [key for key in keys if told[complaint(key)] < asked[complaint(key)]]


def complaint(key: Any) -> tuple[int, str]:
    return key.start_mark.line + 1, f"'{key.value}x' is not a field here"


@pytest.mark.parametrize("name", sorted(x for x in SHIPPED if x.split("/")[0] in SCHEMAS))
def test_every_misspelt_key_is_an_error(name: str, shelf: Shelf):
    """All keys of one depth at once; of those that are not told so, one of each place in the shape alone."""
    text = SHIPPED[name].decode()
    own = [(name,) for name in OWN_NAMES]
    keys = keys_of(yaml.compose(text, Loader=Loader))
    paths = {key: path for key, path in keys if path[:-1] not in own}
    alone = {}
    for depth in set(map(len, paths.values())):
        together = [key for key, path in paths.items() if len(path) == depth]
        alone |= {paths[key]: key for key in untold(name, together, shelf)}
    unread = {".".join(x) for x, key in alone.items() if not errors(misspelt(name, [key], shelf).problems)}

    unnamed = {p for p in unread if p.startswith("sources.") and f"source: {p[8:]}" not in text}
    assert unread - unnamed == set()
    assert len(paths) > len(alone) + 10
