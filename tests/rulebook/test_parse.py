"""Text that is no rule file is answered with a place and what to write, never with a traceback."""

from __future__ import annotations

import random

import pytest
import yaml

from coverage_service.rulebook.nodes import Fields, Many, Node, Text
from coverage_service.rulebook.parse import DEEPEST, parse
from tests.rulebook.support import EXAMPLES, PLAN, RULES, THERAPIST, payer_text, plan_text, read

FILES = [*EXAMPLES, RULES / "therapists" / "example-therapist.yaml"]


def problems_of(data: bytes) -> list[tuple[int, int, str, str]]:
    found: list[tuple[int, int, str, str]] = []
    parse(data, lambda at, what, remedy: found.append((at.line + 1, at.column + 1, what, remedy)))
    return found


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        pytest.param(
            "a: 1\nb: 2\na: 3\n", 3, 1, "'a' is written twice (first in line 1)", id="duplicate key"
        ),
        pytest.param("a: {b: 1, b: 2}\n", 1, 11, "'b' is written twice", id="duplicate key in braces"),
        pytest.param("a:\n\tb: 1\n", 2, 1, "a tab cannot be used", id="tab"),
        pytest.param("a: 1\n---\nb: 1\n", 2, 1, "a second document", id="two documents"),
        pytest.param("a: &x 1\n", 1, 4, "anchor or alias", id="anchor"),
        pytest.param("a: *x\n", 1, 4, "anchor or alias", id="alias"),
        pytest.param("a: [*x]\n", 1, 5, "anchor or alias", id="alias in a list"),
        pytest.param("a: !!python/object:os.system 1\n", 1, 4, "is a tag", id="tag"),
        pytest.param("a: !secret 1\n", 1, 4, "is a tag", id="own tag"),
        pytest.param("a: [1, 2\n", 2, 1, "this is not YAML", id="bracket left open"),
        pytest.param('a: {b: "$1,000, c: "$2,000"}\n', 1, 21, "a quote is missing", id="quote left open"),
        pytest.param(
            'a: {b: "$1"}\nc: {d: "$3}\ne: "$4"\n', 2, 8, "a quote is missing", id="and a line later"
        ),
        pytest.param("? [a, b]\n: 1\n", 1, 3, "a field name must be a word", id="compound key"),
        pytest.param("", 1, 1, "the file is empty", id="empty"),
        pytest.param("# only a comment\n", 1, 1, "the file is empty", id="comment"),
        pytest.param("a: \x00\n", 1, 4, "this is not YAML", id="control character"),
    ],
)
def test_what_is_refused_says_where_and_what(text: str, line: int, column: int, says: str):
    (problem,) = problems_of(text.encode())

    assert problem[:2] == (line, column)
    assert says in problem[2]
    assert problem[3]


def test_a_byte_order_mark_and_bytes_that_are_not_utf8_are_refused():
    assert "byte order mark" in problems_of(b"\xef\xbb\xbfa: 1\n")[0][2]
    assert problems_of(b"a: 1\nb: caf\xe9\n")[0][:3] == (2, 7, "byte 0xe9 is not UTF-8 text")


def test_every_scalar_stays_text_and_knows_whether_it_was_quoted():
    tree = parse(b"a: NO\nb: 02134\nc: 1:30\nd: '02'\n", lambda *_: None)

    assert isinstance(tree, Fields)
    values = {
        name: (node.value, node.quoted) for name, (_, node) in tree.entries.items() if isinstance(node, Text)
    }
    assert values == {"a": ("NO", False), "b": ("02134", False), "c": ("1:30", False), "d": ("02", True)}


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000, "? " * 50_000, "[{a: " * 30_000]
)
def test_deep_nesting_does_not_end_the_process(text: str):
    assert problems_of(text.encode())


def test_a_pyramid_of_indentation_is_refused():
    text = "".join(" " * depth + "a:\n" for depth in range(500))

    assert any(f"more than {DEEPEST} levels" in x[2] for x in problems_of(text.encode()))


def test_nesting_hidden_from_a_bracket_count_is_still_found():
    """Closing brackets inside quotes do not make the open ones harmless."""
    text = "[" + ("']]]]]]', " * 50) + "[" * 5_000

    assert problems_of(text.encode())


def test_an_alias_bomb_is_refused_before_it_is_built():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    problems = problems_of("\n".join(lines).encode())

    assert problems
    assert all("anchor or alias" in x[2] for x in problems)


def test_a_file_that_is_too_large_is_refused():
    assert "larger than" in problems_of(b"a: 1\n" * 1_000_000)[0][2]


def same(ours: Node, theirs: yaml.Node) -> bool:
    """Whether our tree and a composed one say the same at the same places."""
    mark = theirs.start_mark
    assert not isinstance(ours.at, str)
    assert mark is not None
    assert (ours.at.line, ours.at.column) == (mark.line, mark.column)
    if isinstance(ours, Text):
        return bool(ours.value == theirs.value)
    if isinstance(ours, Many):
        return all(same(a, b) for a, b in zip(ours.items, theirs.value, strict=True))
    pairs = zip(ours.entries.values(), theirs.value, strict=True)
    return all(same(key, k) and same(value, v) for (key, value), (k, v) in pairs)


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.yaml")), ids=lambda x: x.name)
def test_the_tree_is_what_the_pure_python_composer_reads(path):
    data = path.read_bytes()
    tree = parse(data, lambda *problem: pytest.fail(str(problem)))

    assert tree is not None
    assert same(tree, yaml.compose(data.decode(), Loader=yaml.BaseLoader))


@pytest.mark.parametrize("path", FILES, ids=lambda x: x.name)
def test_a_file_cut_at_any_byte_loads_or_says_where_it_is_wrong(path):
    data, schema = path.read_bytes(), THERAPIST if path.parent.name == "therapists" else PLAN
    lines = data.count(b"\n") + 1
    for end in range(len(data)):
        found, problems = read(data[:end], schema)
        assert (found is not None and not isinstance(found, str)) or problems
        assert all(1 <= x.line <= lines and x.column >= 1 and x.remedy for x in problems), end


def test_random_byte_flips_never_raise():
    chance = random.Random(20261123)
    data = EXAMPLES[-1].read_bytes()
    assert not read(data)[1]
    for _ in range(2_000):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        _, problems = read(bytes(broken))
        assert all(x.line >= 1 and x.column >= 1 for x in problems)


def test_random_rearrangements_never_raise():
    """Lines dropped, doubled and moved: the shapes that editing leaves behind."""
    chance = random.Random(7)
    lines = EXAMPLES[0].read_text().splitlines(keepends=True)
    for _ in range(500):
        broken = list(lines)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(broken))
            if chance.random() < 0.5:
                del broken[at]
            else:
                broken.insert(chance.randrange(len(broken)), " " * chance.randrange(6) + broken[at].lstrip())
        read("".join(broken))


def test_the_traps_of_yaml_are_answered_together():
    body = """\
        market: {kind: PPO, state: NO, hsa_eligible: NO, grandfathered: TRUE}
        reviewed: 2026-02-30
        sequestration: 1:30
        coverage: {codes: {90837: yes}}
        """
    _, problems = read(payer_text(plan_text(body)))
    told = "\n".join(f"{x.message}; {x.remedy}" for x in problems)

    assert len(problems) == 6
    assert "'NO' is not known here" in told  # no state has this code
    assert "'NO' is not a word of the rule files; write no, in lower case" in told
    assert "'TRUE' is not a word of the rule files; write yes, in lower case" in told
    assert "2026-02-30 does not exist in the calendar" in told
    assert "'1:30' is not a percentage" in told
    assert '90837 is a code made of digits only; put it in quotes: "90837"' in told
