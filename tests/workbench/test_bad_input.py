"""Whatever is sent: a clear answer, never a 500, nothing written outside the drafts."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from urllib.parse import urlencode

import pytest

from coverage_service import create_app
from coverage_service.workbench.access import FILE
from coverage_service.workbench.drafts import LARGEST_FILE, MOST_FILES
from coverage_service.workbench.pages import LARGEST_BODY
from tests.workbench.staffing import HERE, PPO, Person

ODD = [
    "", "x", "../staff.yaml", "payers/../../staff.yaml", "/etc/passwd", "payers/x.yml", "payers/X.yaml",
    "payers/.yaml", "payers/a/b.yaml", "payers\\x.yaml", "payers/x.yaml\0", "payers/\u202ex.yaml",
    "payers/x.yaml\n", "schemas/x.yaml", "payers/" + "x" * 300 + ".yaml", "..%2fstaff.yaml",
]  # fmt: skip


def changes(config) -> list[tuple[str, str]]:
    with sqlite3.connect(config.state / FILE) as connection:
        return list(connection.execute("SELECT author, name FROM change"))


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_is_no_rule_file_leads_nowhere(config, kim, name):
    before = sorted(path for path in config.rules.parent.rglob("*") if "state" not in path.parts)
    assert kim.get("/file", name=name).status_code == 404

    kim.get("/new")
    for do in ("save", "check", "remove", "discard", "other"):
        assert kim.post("/file", name=name, text="a: 1\n", do=do).status_code == 422
    said = {"name": name, "text": "a: 1\n"}
    headers = HERE | {"X-CSRF-Token": kim.hidden["csrf"]}
    assert kim.client.post("/workbench/problems", json=said, headers=headers).status_code == 400

    assert changes(config) == []
    assert sorted(path for path in config.rules.parent.rglob("*") if "state" not in path.parts) == before


@pytest.mark.parametrize(
    ("part", "file"),
    [
        ("payers", "../x"),
        ("payers", "example-ppo"),
        ("nowhere", "x"),
        ("payers", ""),
        ("payers", "é"),
        ("", ""),
    ],
)
def test_a_new_file_needs_a_plain_name_of_its_own(config, kim, part, file):
    kim.get("/new")

    assert kim.post("/new", part=part, file=file).status_code == 422
    assert changes(config) == []


class TestWhatIsWritten:
    def test_too_large_a_file_is_refused_and_told(self, config, kim):
        kim.get("/file", name=PPO)

        assert kim.post("/file", text="# x\n" * (LARGEST_FILE // 4 + 1), do="save").status_code == 422
        assert "This file is too large" in kim.page
        assert changes(config) == []

    def test_a_body_beyond_all_measure_is_not_read(self, config, kim):
        kim.get("/file", name=PPO)

        assert kim.post("/file", text="x" * LARGEST_BODY, do="save").status_code == 413
        assert changes(config) == []

    @pytest.mark.parametrize("text", ["a\0b", "\0", "a\ufffdb"])
    def test_what_is_no_text_is_kept_by_no_draft(self, config, kim, text):
        kim.get("/file", name=PPO)
        form = urlencode(kim.hidden | {"text": text, "do": "save"})
        kind = "application/x-www-form-urlencoded"

        reply = kim.client.post("/workbench/file", data=form, content_type=kind, headers=HERE)

        assert reply.status_code == 422
        assert "This is not a text" in reply.text
        assert changes(config) == []

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\r\n\r\n",
            "[" * 5_000,
            "a: &a [*a]\n",
            "=1+2\n",
            "\t",
            "- " * 3_000,
            "\u2028\ufeff",
            "%YAML 9.9\n---\n",
        ],
    )
    def test_what_is_no_rule_file_is_told_line_by_line(self, kim, text):
        kim.get("/file", name=PPO)

        assert kim.post("/file", text=text, do="check").status_code == 200
        assert "1 mistake<" in kim.page or "mistakes<" in kim.page
        kim.get("/file", name=PPO)
        assert kim.post("/file", text=text, do="save").status_code == 303
        assert kim.get("/draft").status_code == 200
        assert 'value="activate"' not in kim.page
        for path in ("/", "/try", "/tests", "/freshness", "/?q=x"):
            assert kim.get(path).status_code == 200

    def test_any_bytes_at_all(self, kim):
        chance = random.Random(5)
        text = (kim.get("/file", name=PPO), kim.text)[1]
        for _ in range(40):
            place, length = chance.randrange(len(text)), chance.randrange(60)
            junk = "".join(
                chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x2FF)))) for _ in range(9)
            )
            reply = kim.post("/file", text=text[:place] + junk + text[place + length :], do="check")
            assert reply.status_code in (200, 422)

    def test_markup_is_shown_as_it_is_written(self, kim):
        evil = '</textarea><script>alert(1)</script><img src=x onerror="alert(2)">'
        kim.write(PPO, ("# A fictional plan", f"# {evil}"), ("name: Example PPO", f"name: '{evil}'"))

        for path in (
            f"/file?name={PPO}",
            "/draft",
            "/drafts",
            "/?q=script",
            "/",
            "/try",
            f"/tests?name={PPO}",
        ):
            page = kim.get(path).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page

    def test_a_draft_holds_a_bounded_number_of_files(self, config, kim):
        kim.get("/new")
        for number in range(MOST_FILES):
            assert kim.post("/new", part="payers", file=f"new-{number}").status_code == 303

        assert kim.post("/new", part="payers", file="one-more").status_code == 422
        assert len(changes(config)) == MOST_FILES


@pytest.mark.parametrize(
    ("path", "query"),
    [("/version", {"number": "0"}), ("/version", {"number": "٣"}), ("/version", {"number": "../1"}),
     ("/version", {"number": "9" * 30}), ("/version", {}), ("/file", {})],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(kim, path, query):
    reply = kim.get(path, **query)

    assert reply.status_code == 404
    assert "Rules workbench" in reply.text


@pytest.mark.parametrize("of", ["nobody", "../kim", "\0", "<b>"])
def test_a_draft_of_nobody_is_empty(kim, of):
    assert kim.get("/draft", of=of).status_code == 200
    assert "It changes nothing yet" in kim.page
    kim.get("/new")
    assert kim.post("/draft", of=of, do="activate", reason="Letter of 3 November").status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"name": 1, "text": 2}', b'{"name": "payers/x.yaml"}', b"\xff"]
)
def test_the_editor_s_question_is_read_with_care(kim, body):
    kim.get("/new")
    headers = HERE | {"X-CSRF-Token": kim.hidden["csrf"], "Content-Type": "application/json"}

    assert kim.client.post("/workbench/problems", data=body, headers=headers).status_code == 400


GIVEN = {"plan": "example-ppo", "date": "2026-11-23", "cpt": "90837", "network": "in",
         "modality": "in_person", "diagnosis": "F43.10", "billed": "200", "allowed": "140", "deductible": "",
         "out_of_pocket": ""}  # fmt: skip


class TestASessionThatIsTried:
    def test_comes_to_what_the_tests_of_the_plan_say(self, kim):
        kim.get("/try")

        assert kim.post("/try", **GIVEN).status_code == 200
        shown = dict.fromkeys(("$30", "$110", "$60", "copay $30"))
        assert all(text in kim.page for text in shown)

    def test_is_shown_on_both_rules_beside_each_other(self, kim):
        kim.write(PPO, ("copay $30]", "copay $40]"))
        kim.get("/try")
        kim.post("/try", **GIVEN)

        assert kim.page.index("copay $30") < kim.page.index("copay $40")

    @pytest.mark.parametrize(
        ("name", "text"),
        [("plan", ""), ("plan", "nothing"), ("date", "2026-02-30"), ("date", "1026-01-01"),
         ("date", "2001-01-01"), ("cpt", "1"), ("network", "x"), ("modality", "x"), ("billed", ""),
         ("billed", "many"), ("billed", "-1"), ("allowed", "1e9"), ("allowed", "9" * 40),
         ("deductible", "=1"), ("out_of_pocket", "$")],
    )  # fmt: skip
    def test_is_refused_with_the_field_that_cannot_be_read(self, kim, name, text):
        kim.get("/try")

        assert kim.post("/try", **GIVEN | {name: text}).status_code == 422
        assert "Some answers cannot be read" in kim.page

    @pytest.mark.parametrize("diagnosis", ["x" * 200, "<b>", "F43.10, Z63.0", "Ω", "12"])
    def test_takes_whatever_stands_for_a_diagnosis(self, kim, diagnosis):
        kim.get("/try")

        assert kim.post("/try", **GIVEN | {"diagnosis": diagnosis}).status_code == 200

    def test_every_plan_can_be_tried(self, whole):
        app = create_app(whole)
        kim = Person(app, "kim")
        kim.get("/try")
        plans = app.extensions["coverage"].sources.plans
        for plan, entries in plans.items():
            on = entries[-1].starts or entries[-1].ends or date(2026, 6, 1)
            for network in ("in", "out"):
                reply = kim.post("/try", **GIVEN | {"plan": plan, "date": on.isoformat(), "network": network})
                assert reply.status_code == 200, (plan, network)
