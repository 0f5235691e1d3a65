"""`rules format`: one layout for all rule files; no comment is lost, no value changes."""

from __future__ import annotations

import random
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_service.authoring.formatting import format_file
from coverage_service.authoring.layout import CannotFormat
from coverage_service.cli import main
from coverage_service.cli.rules import all_problems
from coverage_service.core.facts import Origin
from coverage_service.rulebook.book import load
from coverage_service.rulebook.files import read_folder
from coverage_service.therapists.store import load_therapists
from tests.authoring.typed import typed
from tests.rulebook.support import HEAD, RULES, folder_of, payer_text, plan_text

FILES = sorted(RULES.rglob("*.yaml"))
NAMES = [str(path.relative_to(RULES)) for path in FILES]


def laid_out(text: str, name: str = "payers/x.yaml") -> str:
    return format_file(name, text.encode())


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_rules_are_formatted(name: str):
    """`python -m coverage_service rules format` brings them back into their layout."""
    text = (RULES / name).read_text()

    assert laid_out(text, name) == text


def shaken(text: str, seed: int) -> str:
    """The same file as another hand would write it: comments, empty lines, spaces, orders of fields."""
    chance = random.Random(seed)
    lines = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        if chance.random() < 0.1:
            lines.append(f"{indent}# remark {len(lines)}")
        if chance.random() < 0.05 and line.strip():
            lines.append("")
        if line.strip() and not line.lstrip().startswith("#") and " #" not in line and chance.random() < 0.1:
            line += f"   # beside {len(lines)}"
        if chance.random() < 0.2:
            line = line.replace(", ", ",   ").replace("{", "{ ")
        lines.append(line)
    return "\n".join(lines)


LIGHT = [name for name in NAMES if (RULES / name).stat().st_size < 12_000]


@given(st.sampled_from(LIGHT), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_formatting_twice_is_formatting_once_and_nothing_is_lost(name: str, seed: int):
    text = shaken((RULES / name).read_text(), seed)
    try:
        once = laid_out(text, name)
    except CannotFormat:
        return
    assert laid_out(once, name) == once
    assert sorted(remarks(once)) == sorted(remarks(text))
    assert typed(once) == typed(text)


def remarks(text: str) -> list[str]:
    return [line[line.index("#") :].strip() for line in text.split("\n") if "# " in line]


def test_few_files_are_refused():
    """A refusal is safe, but help to nobody."""
    refused = 0
    for name in LIGHT:
        try:
            laid_out(shaken((RULES / name).read_text(), 1), name)
        except CannotFormat:
            refused += 1
    assert refused <= len(LIGHT) // 20


def test_another_order_is_brought_back(tmp_path: Path):
    """The plan's fields turned round are the same plan, and come back line by line."""
    text = (RULES / "payers" / "example-eap.yaml").read_text()
    head, _, body = text.partition("    name:")
    lines = f"    name:{body}".rstrip("\n").split("\n")
    starts = [i for i, line in enumerate(lines) if line[4:5].strip() and not line.lstrip().startswith("#")]
    chunks = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    turned = head + "\n".join(line for chunk in reversed(chunks) for line in chunk) + "\n"

    assert turned != text
    assert typed(turned) == typed(text)
    assert laid_out(turned) == text


def test_a_comment_moves_with_its_field():
    text = HEAD + plan_text(
        "# why it is no\nlesser_of: no   # page 4\nlimits: {}\n# about coverage\ncoverage: {}"
    )
    found = laid_out(text).split("\n")
    at = found.index("    lesser_of: no   # page 4")

    assert found[at - 1] == "    # why it is no"
    assert found[found.index("    coverage: {}") - 1] == "    # about coverage"
    assert found.index("    limits: {}") < at < found.index("    coverage: {}")


def test_what_takes_several_lines_is_written_without_brackets():
    text = HEAD + plan_text("pools: {a: [psychotherapy,\n        group], b: [crisis]}")

    assert "    pools:\n      a:\n        - psychotherapy\n        - group\n      b: [crisis]\n" in laid_out(
        text
    )


@pytest.mark.parametrize(
    "value", ["no", "01-01", "2026-01-31", "1_000", "0x1F", "1e3", "~", "null", "12:30", "02", "off"]
)
def test_no_value_is_read_as_another_type(value: str):
    text = HEAD + plan_text(f"reviewed: {value}\nbenefits: [ {{tier: '{value}'}} ]")

    assert f"reviewed: {value}\n" in laid_out(text)
    assert f"benefits: [{{tier: '{value}'}}]" in laid_out(text)


def test_the_rules_say_the_same_after_it(tmp_path: Path):
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    for path, name in zip(FILES, NAMES, strict=True):
        (folder / name).write_text(shaken(path.read_text(), 3))
    before = everything(folder)
    result = CliRunner().invoke(main, ["rules", "format", str(folder)])

    assert "0 changed" not in result.output
    assert everything(folder) == before


def everything(folder: Path) -> Any:
    book = load(folder).book
    store = load_therapists(folder, book).store
    assert book is not None
    assert store is not None
    return plain((book.plans, book.reference, book.questions, book.cases, store.entries, store.cases))


def plain(value: Any) -> Any:
    """Facts without the lines they stand in."""
    if isinstance(value, Origin):
        return (value.place.rpartition(":")[0], value.source, value.confidence)
    if is_dataclass(value):
        return (type(value).__name__, *(plain(getattr(value, field.name)) for field in fields(value)))
    if hasattr(value, "items"):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def test_check_shows_the_difference_and_changes_nothing(tmp_path: Path):
    folder = tmp_path / "rules"
    shutil.copytree(RULES / "payers", folder / "payers", ignore=shutil.ignore_patterns("m*", "f*", "t*"))
    path = folder / "payers" / "example-ppo.yaml"
    path.write_text(path.read_text().replace("kind: PPO, group: large", "group: large,  kind: PPO"))
    before = path.read_bytes()
    result = CliRunner().invoke(main, ["rules", "format", "--check", str(folder)])

    assert result.exit_code == 1
    assert "-    market: {group: large,  kind: PPO," in result.output
    assert "+    market: {kind: PPO, group: large," in result.output
    assert path.read_bytes() == before
    assert CliRunner().invoke(main, ["rules", "format", str(folder)]).exit_code == 0
    assert CliRunner().invoke(main, ["rules", "format", "--check", str(folder)]).exit_code == 0
    assert path.read_bytes() == (RULES / "payers" / "example-ppo.yaml").read_bytes()


def test_a_file_that_ends_within_its_last_line_is_shown_so(tmp_path: Path):
    """What follows the difference stands in a line of its own."""
    folder = folder_of(tmp_path, a=payer_text(plan_text("market: {kind:  PPO}").rstrip()))
    result = CliRunner().invoke(main, ["rules", "format", "--check", str(folder)])

    assert "-    market: {kind:  PPO}\n\\ No newline at end of file\n" in result.output
    assert result.output.endswith("\n1 rule files read, 1 would change.\n")


@pytest.mark.parametrize(
    "text", ["", "payer: [", "payer: *x", "a: 1\n---\nb: 2", "- a\n- b", "payer: x\npayer: y"]
)
def test_a_file_with_mistakes_is_left_alone(tmp_path: Path, text: str):
    folder = tmp_path / "rules"
    (folder / "payers").mkdir(parents=True)
    (folder / "payers" / "x.yaml").write_text(text)
    result = CliRunner().invoke(main, ["rules", "format", str(folder)])

    assert result.exit_code == 1
    assert "payers/x.yaml:1:1: this file cannot be formatted" in result.output
    assert (folder / "payers" / "x.yaml").read_text() == text


def test_an_empty_folder_is_not_a_pass(tmp_path: Path):
    assert CliRunner().invoke(main, ["rules", "format", "--check", str(tmp_path)]).exit_code == 1
    assert all_problems(read_folder(RULES)[0])[0] is not None
