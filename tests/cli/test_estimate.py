"""`estimate` and `script`: what a person reads, and what a wrong request is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.terminal import RANGE, ask, ask_on_a_terminal

README = [
    "--plan",
    "example-ppo",
    "--therapist",
    "example-therapist",
    "--concern",
    "painful-sex",
    "--minutes",
    "50",
    "--modality",
    "in_person",
    "--sessions",
    "12",
    "--first",
    "2026-11-30",
    "--as-of",
    "2026-11-23",
]


def rows(text: str) -> dict[str, list[str]]:
    """The cells of a plain table by their first column."""
    found = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if "|" in line]
    return {cells[0]: cells[1:] for cells in found}


def test_a_range_is_told_as_the_published_example():
    """Domain 3: $110 to $160 allowed, $1,000 deductible met or not, 20 %, 10 sessions."""
    result = ask("estimate", RANGE)

    assert result.returncode == 0, result.stderr
    assert "Between $220 and $1,120 for 10 sessions." in result.stdout
    assert "We would plan for $1,070." in result.stdout
    assert "this is not known: deductible left" in result.stdout
    assert rows(result.stdout)["In network"][-1] == "$220 to $1,120"


def test_with_nothing_open_the_figure_is_exact():
    known = ("--used-deductible", "$1,000", "--used-out-of-pocket", "$1,000", "--allowed", "90837=$140.13")

    result = ask("estimate", RANGE, *known)

    assert "$280.30 for 10 sessions." in result.stdout
    assert rows(result.stdout)["In network"][-1] == "$280.30"


def test_covered_and_not_covered_stand_side_by_side():
    result = ask("estimate", *README, "--network", "in", "--allowed", "90834=$140", "--allowed", "90791=$180")

    assert (
        "If your plan covers this: about $360 for 12 sessions. If it does not: about $2,230." in result.stdout
    )
    settled = re.search(r"We cannot tell which; question (\d+) helps to settle it", result.stdout)
    assert settled is not None
    assert rows(result.stdout)[settled[1]][-1] in ("dx_coverage", "exclusions", "dx_billing")


def test_open_questions_come_in_the_order_of_their_swing():
    text = ask("estimate", *README).stdout
    numbered = [rows(text)[str(n)] for n in range(1, 9)]
    swings = [cells[1] for cells in numbered]

    assert swings == sorted(swings, key=lambda x: -int(re.sub(r"\D", "", x) or 0))


@pytest.mark.parametrize(
    "words", [("estimate", *README), ("estimate", *README, "--ledger"), ("estimate", RANGE)]
)
def test_nothing_is_promised(words):
    text = " ".join(ask(*words).stdout.lower().split())

    assert "you will pay" not in text
    assert "guaranteed" not in text
    assert "nan" not in re.findall(r"\w+", text)
    assert "–." not in text, "a note is shown without one of its values"


def test_a_range_holds_whole_dollars_only():
    figures = re.findall(
        r"(?:between|up to) \$[\d,]+(?:\.\d+)?|to \$[\d,]+(?:\.\d+)?", ask("estimate", *README).stdout
    )

    assert figures
    assert not [text for text in figures if "." in text]


def test_a_ledger_lists_every_session_with_its_date():
    text = ask("estimate", RANGE, "--ledger").stdout

    assert "In network: session by session, as planned" in text
    assert rows(text)["2026-03-02"]
    assert len(re.findall(r"^2026-\d\d-\d\d \| 90837", text, re.MULTILINE)) >= 10
    assert "2026-04-20: the deductible is met" in text


def test_json_is_the_answer_of_the_api():
    result = ask("estimate", RANGE, "--json")
    answer = json.loads(result.stdout)
    course = answer["pathways"][0]["windows"][-1]

    assert (course["low_cents"], course["planning_cents"], course["high_cents"]) == (22000, 107_000, 112_000)
    assert {"rulebook_version", "engine_version", "as_of", "unknowns", "comparison", "why"} <= answer.keys()


def test_the_request_may_come_on_the_standard_input_with_options_on_top():
    body = Path(RANGE).read_text("utf-8")

    result = ask("estimate", "-", "--sessions", "1", stdin=body)

    assert "for 1 session." in result.stdout
    assert ask("estimate", RANGE, "--sessions", "8-12", "--json").stdout.count('"sessions": 12') > 0


def test_an_answer_narrows_the_range():
    text = ask("estimate", *README, "--network", "in", "--allowed", "90834=$140", "--allowed", "90791=$180",
               "--answer", "dx_coverage=yes", "--answer", "exclusions=no").stdout  # fmt: skip

    assert "If your plan covers this" not in text
    assert "$360 for 12 sessions." in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--plan", "exmple-ppo"), ["/plan: 'exmple-ppo' is not a known plan; write 'example-ppo'"]),
        (("--minutes", "4000", "--network", "inn"), ["/care/minutes: ", "/network/status: "]),
        (("--first", "2026-02-30"), ["/care/first_session: there is no such day; "]),
        (("--as-of", "2026-11-23", "--first", "2026-01-01"), ["/care/first_session: "]),
    ],
)
def test_every_mistake_of_a_request_is_told_with_its_place_and_remedy(words, told):
    result = ask("estimate", *words)

    assert result.returncode == 2
    assert not result.stdout
    lines = result.stderr.splitlines()
    assert len(lines) == len(told)
    for line, start in zip(sorted(lines), sorted(told), strict=True):
        assert line.startswith(start)
        assert re.fullmatch(r"/\S*: .+; .+", line)


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (("--fee", "90837=00"), "", "write it in single quotes with its sign, like '$850'"),
        (("--used-deductible", "50"), "", "write it in single quotes with its sign, like '$850'"),
        (("--income", "$40-$30"), "", "write the smaller amount first"),
        (("--fee", "$200"), "", "write the code and the amount, like '90837=$200'"),
        (("--sessions", "ten"), "", "write 12, or a range like 8-12"),
        (("--answer", "network_status"), "", "write an id and a value"),
        (("no-such-file.json",), "", "no-such-file.json: No such file or directory; give the path"),
        (("-",), "{", "-:1:2: This is not JSON"),
        (("-",), "[]", "this is not a JSON object"),
        (("-",), '{"plan": "a", "plan": "b"}', "'plan' is written twice"),
        (("-",), '{"care": NaN}', "NaN is not JSON"),
        (("-",), "[" * 100_000, "-: "),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_with_what_to_write(words, stdin, told):
    result = ask("estimate", *words, stdin=stdin)

    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_rules_with_a_mistake_estimate_nothing(tmp_path):
    (tmp_path / "payers").mkdir()
    (tmp_path / "payers" / "bad.yaml").write_text("payer: [\n")

    result = ask("estimate", "--rules", str(tmp_path))

    assert result.returncode == 1
    assert "bad.yaml:" in result.stderr
    assert "see `rules check`" in result.stderr


def test_a_terminal_gets_rules_and_weight_and_a_pipe_plain_text():
    assert "\x1b[" not in ask("estimate", RANGE).stdout
    assert all(len(line) <= 100 for line in ask("estimate", *README, "--ledger").stdout.splitlines())

    shown = ask_on_a_terminal("estimate", RANGE)

    assert "\x1b[1m" in shown
    assert "─" in shown


def test_no_color_is_respected():
    shown = ask_on_a_terminal("estimate", RANGE, NO_COLOR="1")

    assert not re.findall(r"\x1b\[[\d;]*3[0-9]m", shown)
    assert "Between $220 and $1,120" in shown


def test_a_script_is_ready_to_read_out():
    result = ask("script", *README, "--listener", "insurer")

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "Questions for your insurance company"
    assert any(line.startswith(" 1. ") for line in lines)
    assert "________" in result.stdout
    assert "sex" not in result.stdout.lower(), "the topic is named only on request"


def test_a_script_names_the_topic_only_on_request():
    named = ask("script", *README, "--listener", "insurer", "--name-topic").stdout

    assert "sex" in named.lower()


def test_without_a_listener_there_is_a_script_for_each():
    text = ask("script", *README).stdout

    assert "Questions for your insurance company" in text
    assert "Questions for the practice" in text
    assert json.loads(ask("script", *README, "--json").stdout)["scripts"]


def test_an_unknown_listener_is_refused():
    assert ask("script", "--listener", "neighbour").returncode == 2


def test_the_plan_is_named_as_it_stands_on_the_day():
    text = ask("estimate", "--plan", "medicare-part-b", "--as-of", "2026-11-23").stdout

    assert "Medicare Part B, 2026 (medicare-part-b)" in text


def test_without_anything_there_is_no_figure_and_everything_is_asked():
    text = ask("estimate", "--as-of", "2026-11-23").stdout

    assert rows(text)["In network"] == ["not known", "–", "–", "–", "–"]
    assert "We do not know your plan yet." in text
    assert "no bound known" in text


def test_a_ledger_asked_for_is_shown_also_for_a_request_of_a_summary(tmp_path):
    said = json.loads(Path(RANGE).read_text()) | {"detail": "summary"}
    summary = tmp_path / "summary.json"
    summary.write_text(json.dumps(said))

    found = ask("estimate", str(summary), "--ledger")

    assert found.returncode == 0
    assert found.stdout == ask("estimate", RANGE, "--ledger").stdout
