"""From a draft to the rules in force and back: what two people do, and what each estimate says meanwhile."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from coverage_service import create_app
from coverage_service.workbench import drafts, in_force
from coverage_service.workbench.drafts import Change, Draft, Seen
from tests.workbench.staffing import HERE, PPO, Person, visits, windows

RAISED = ("network: in, cost_sharing: [copay $30]", "network: in, cost_sharing: [copay $40]")
VIDEO = ("modality: telehealth, cost_sharing: [copay $20]", "modality: telehealth, cost_sharing: [copay $25]")
TESTS = (
    ('patient: "$30", copay: "$30", plan: "$110"', 'patient: "$40", copay: "$40", plan: "$100"'),
    ('patient_if_covered: "$30"', 'patient_if_covered: "$40"'),
    ('patient: "$30", plan: "$110"', 'patient: "$40", plan: "$100"'),
)
"""What the tests of the plan expect once its copay is $40: the plan pays $10 less of the $140 allowed."""


def next_session(app: Flask) -> int:
    """What the API says a visit costs, in cents."""
    reply = app.test_client().post("/v1/estimates", json=visits(1), headers=HERE)
    assert reply.status_code == 200, reply.text
    cents: int = windows(reply.json)[0]["high_cents"]
    return cents


def put_in_force(who: Person, of: str = "", reason: str = "Letter of 3 November") -> None:
    who.get("/draft", of=of or who.name)
    reply = who.post("/draft", reason=reason, do="activate")
    assert reply.status_code == 303, who.page


class TestTheWholeWay:
    def test_raise_a_copay_and_go_back(self, app, kim):
        assert next_session(app) == 3_000

        assert kim.write(PPO, ("copay $30]", "copey $40]")).status_code == 303
        kim.get("/draft")
        assert "1 mistake keeps this draft from being put in force" in kim.page
        assert "rules/payers/example-ppo.yaml:22:73" in kim.page.replace("<wbr>", "")
        assert 'value="activate"' not in kim.page

        kim.write(PPO, ("copey $40]", "copay $40]"))
        kim.get("/draft")
        assert "3 tests do not come out as expected" in kim.page
        assert 'value="activate"' not in kim.page
        assert next_session(app) == 3_000

        kim.write(PPO, *TESTS)
        kim.get("/draft")
        assert "all came out as expected" in kim.page
        assert "copay for in-network office visits $30 → $40" in kim.page
        assert next_session(app) == 3_000

        put_in_force(kim)
        assert next_session(app) == 4_000
        kim.get("/history")
        assert "Letter of 3 November" in kim.page
        assert re.search(r"[\d,]+ of [\d,]+ estimates changed, at most by \+\$", kim.page)
        kim.get("/drafts")
        assert "There is no draft" in kim.page

        kim.get("/version", number="1")
        assert kim.post("/version", reason="The letter was for 2027").status_code == 303
        assert next_session(app) == 3_000

    def test_the_folder_of_the_rules_follows(self, config, kim):
        kim.write(PPO, ("name: Example PPO", "name: Example Preferred"))
        put_in_force(kim)

        assert "name: Example Preferred" in (config.rules / PPO).read_text()

    def test_a_file_is_begun_and_removed(self, app, config, kim):
        kim.get("/new")
        assert kim.post("/new", part="payers", file="Example-Copy", copy=PPO).status_code == 303
        kim.write("payers/example-copy.yaml", ("plan: example-ppo", "plan: example-copy"))
        put_in_force(kim)
        plans = app.test_client().get("/v1/plans", headers=HERE).text
        assert "example-copy" in plans

        kim.get("/file", name="payers/example-copy.yaml")
        assert kim.post("/file", text=kim.text, do="remove").status_code == 303
        assert "removed" in kim.get("/draft").text
        put_in_force(kim)

        assert "example-copy" not in app.test_client().get("/v1/plans", headers=HERE).text
        assert not (config.rules / "payers/example-copy.yaml").exists()

    @pytest.mark.parametrize("part", ["payers", "therapists"])
    def test_a_commented_start_has_no_mistake_and_serves_nothing(self, app, kim, part):
        kim.get("/new")
        assert kim.post("/new", part=part, file="new-one", copy="start").status_code == 303

        kim.get("/file", name=f"{part}/new-one.yaml")
        assert "unknown" in kim.text
        assert "# New One: begun on" in kim.text
        kim.get("/draft")
        assert "No mistake was found" in kim.page
        put_in_force(kim)
        assert "new-one" not in app.test_client().get(f"/v1/{'plans' if part == 'payers' else part}").text

    def test_what_goes_on_is_not_carried_into_the_next_year(self, kim):
        kim.write(PPO, ("to: 2026-12-31", "to: open"))
        kim.get("/new", next=PPO)

        assert kim.post("/new", part="payers", file="x", copy=f"next:{PPO}").status_code == 422
        assert "No plan of this file ends soon" in kim.page

    @pytest.mark.parametrize("like", ["next:", "next:../x", "next:payers/none.yaml", f"next:{PPO}\0"])
    def test_the_next_year_of_no_file_is_refused(self, kim, like):
        kim.get("/new")

        assert kim.post("/new", part="payers", file="x", copy=like).status_code == 422

    @pytest.mark.parametrize("reason", ["", "  x  ", "x" * 301])
    def test_a_reason_is_needed(self, app, kim, reason):
        kim.write(PPO, ("name: Example PPO", "name: Example Preferred"))
        kim.get("/draft")

        assert kim.post("/draft", reason=reason, do="activate").status_code == 422
        assert "Write why" in kim.page

    def test_what_was_looked_at_is_what_is_put_in_force(self, kim):
        kim.write(PPO, ("name: Example PPO", "name: Example Preferred"))
        kim.get("/draft")
        seen = kim.page
        kim.write(PPO, ("name: Example Preferred", "name: Something else"))
        kim.page = seen

        assert kim.post("/draft", reason="Letter of 3 November", do="activate").status_code == 422
        assert "The draft was changed after you opened it" in kim.page

    def test_going_back_needs_the_history_that_was_looked_at(self, kim, lee):
        for name in ("First", "Second"):
            kim.write(
                PPO,
                (
                    re.search(r"name: Example \w+", kim.get("/file", name=PPO).text)[0],
                    f"name: Example {name}",
                ),
            )
            put_in_force(kim)
        kim.get("/version", number="1")
        seen = kim.page
        lee.write(PPO, ("name: Example Second", "name: Example Third"))
        put_in_force(lee)
        kim.page = seen

        assert kim.post("/version", reason="A mistake of mine").status_code == 409

    def test_a_draft_survives_a_restart(self, config, kim):
        kim.write(PPO, ("name: Example PPO", "name: Example Preferred"))

        again = Person(create_app(config), "kim")

        assert "Example Preferred" in again.get("/draft").text


class TestTwoPeople:
    def test_work_apart_without_noticing_each_other(self, kim, lee):
        kim.write(PPO, ("name: Example PPO", "name: Of Kim"))
        lee.write(PPO, ("name: Example PPO", "name: Of Lee"))

        assert "name: Of Kim" in kim.get("/file", name=PPO).text
        assert "name: Of Lee" in lee.get("/file", name=PPO).text

    def test_whoever_is_later_puts_both_changes_together(self, app, config, kim, lee):
        kim.write(PPO, RAISED, *TESTS)
        lee.write(PPO, ("name: Example PPO", "name: Example Preferred"))
        put_in_force(kim)

        lee.get("/draft")
        assert lee.post("/draft", reason="New name of the plan", do="activate").status_code == 422
        assert "Somebody changed the same file meanwhile" in lee.page

        lee.get("/file", name=PPO)
        assert lee.post("/file", text=lee.text, do="save").status_code == 409
        assert "copay $40" in lee.page
        assert "Example Preferred" in lee.text
        assert "copay $40]" in lee.text
        assert lee.post("/file", text=lee.text, do="save").status_code == 303
        put_in_force(lee)

        text = (config.rules / PPO).read_text()
        assert "copay $40]" in text
        assert "Example Preferred" in text

    def test_changes_of_one_line_are_shown_both_and_neither_is_lost(self, config, kim, lee):
        lee.get("/file", name=PPO)
        late = lee.text.replace("name: Example PPO", "name: Of Lee")
        form = lee.hidden
        kim.write(PPO, ("name: Example PPO", "name: Of Kim"))
        put_in_force(kim)

        assert lee.post("/file", **form, text=late, do="save").status_code == 409
        assert "The changes touch the same lines" in lee.page
        assert "name: Of Kim" in lee.text
        assert lee.page.count("name: Of Lee") >= 2
        assert "name: Of Kim" in (config.rules / PPO).read_text()
        assert "There is no draft" in lee.get("/drafts").text

    def test_one_person_with_two_pages_is_warned_too(self, kim):
        kim.get("/file", name=PPO)
        form, text = kim.hidden, kim.text
        kim.write(PPO, ("name: Example PPO", "name: First page"))

        reply = kim.post(
            "/file", **form, text=text.replace("name: Example PPO", "name: Second page"), do="save"
        )

        assert reply.status_code == 409
        assert "First page" in kim.page
        assert "Second page" in kim.page

    def test_a_removed_file_is_told(self, kim, lee):
        name = "therapists/trainee-clinic.yaml"
        lee.write(name, ("trainee", "trainees"))
        kim.get("/file", name=name)
        kim.post("/file", text=kim.text, do="remove")
        put_in_force(kim)

        lee.get("/file", name=name)
        assert lee.post("/file", text=lee.text, do="save").status_code == 409
        assert "They removed the file" in lee.page

    def test_nobody_writes_or_discards_in_another_s_draft(self, kim, lee):
        kim.write(PPO, ("name: Example PPO", "name: Of Kim"))
        lee.get("/draft", of="kim")

        assert lee.post("/draft", do="discard").status_code == 403
        assert "name: Of Kim" in kim.get("/file", name=PPO).text


class TestTwoPersonRule:
    @pytest.fixture
    def config(self, config):
        from dataclasses import replace

        return replace(config, two_people=True)

    def test_nobody_puts_their_own_draft_in_force(self, app, kim, lee):
        kim.write(PPO, RAISED, *TESTS)
        kim.get("/draft")
        assert 'value="activate"' not in kim.page
        lee.get("/draft", of="kim")
        form = lee.hidden | {"csrf": kim.hidden["csrf"]}

        assert kim.post("/draft", **form, reason="Letter of 3 November", do="activate").status_code == 422
        assert "Two people are needed" in kim.page
        assert next_session(app) == 3_000

        lee.get("/draft", of="kim")
        put_in_force(lee, of="kim")
        assert next_session(app) == 4_000
        assert "lee, kim" in lee.get("/history").text


def draft(text: str | None, base: str | None) -> Draft:
    return Draft("kim", {"a": Change("a", base, text, 0.0)})


class TestConflicts:
    def test_none_when_nothing_moved(self):
        files = {"a": b"1\n"}
        kept = draft("2\n", "1\n")

        assert drafts.conflict(kept, files, "a", "3\n", drafts.seen_by(kept, files, "a"), None) is None

    def test_none_when_somebody_wrote_the_same(self):
        seen = Seen(drafts.digest("1\n"), drafts.digest("1\n"))

        assert drafts.conflict(Draft("kim", {}), {"a": b"2\n"}, "a", "2\n", seen, "1\n") is None

    def test_the_page_that_showed_it_may_go_on(self):
        seen = Seen(drafts.digest("1\n"), drafts.digest("1\n"))
        files = {"a": b"2\n"}
        found = drafts.conflict(Draft("kim", {}), files, "a", "3\n", seen, "1\n")

        assert found is not None
        assert (found.base, found.mine, found.theirs, found.merged) == ("1\n", "3\n", "2\n", None)
        assert drafts.conflict(Draft("kim", {}), files, "a", "4\n", found.seen, "1\n") is None

    def test_a_base_that_is_not_known_is_not_guessed(self):
        seen = Seen(drafts.digest("1\n"), drafts.digest("1\n"))
        found = drafts.conflict(Draft("kim", {}), {"a": b"2\n"}, "a", "3\n", seen, None)

        assert found is not None
        assert found.merged is None


def test_the_text_of_an_older_version_is_found(app, kim):
    kim.write(PPO, ("name: Example PPO", "name: Example Preferred"))
    old = drafts.digest(kim.text)
    put_in_force(kim)

    with app.app_context():
        found = in_force.text_once(PPO, old)

    assert found is not None
    assert "name: Example PPO" in found
