"""How many estimates a change moves, by how much, and because of which line."""

from __future__ import annotations

from dataclasses import replace

from coverage_service.changes.impact import impact
from coverage_service.changes.result import Impact
from coverage_service.changes.saying import summary
from coverage_service.sources import Sources
from tests.changes.support import PPO, TODAY, add_next_year, change, changed, copy_of_rules, read, shipped

FEW = 700


def of(new: Sources, old: Sources | None = None, **more) -> Impact:
    return impact(old or shipped(), new, TODAY, size=FEW, **more)


def test_one_copay_is_counted_measured_and_traced(tmp_path):
    """$10 more a session; the tests alone say which estimates of one visit move."""
    found = of(changed(tmp_path, PPO, ("[copay $30]", "[copay $40]")))
    tests = next(each for each in found.by_kind if each.name == "tests")

    # Of the plan's tests: in person, the secondary code, the last day, the day after, the turn of the year,
    # sex therapy, and three where coverage is not known.
    assert (tests.changed, tests.median, tests.largest) == (9, 10_00, 10_00)
    assert found.median_session == 10_00
    assert found.largest is not None
    assert found.largest.moved.by == 26 * 10_00  # The longest generated course.
    assert {each.name for each in found.by_plan} == {"example-ppo"}
    assert [(each.change, each.alone) for each in found.causes] == [(0, found.changed)]
    assert all(each.causes == (0,) and each.plan == "example-ppo" for each in found.examples)


def test_what_no_fact_of_differs_in_is_not_computed(tmp_path):
    """Only the plan's own requests are estimated twice."""
    found = of(changed(tmp_path, PPO, ("[copay $30]", "[copay $40]")))
    asked = next(each for each in found.by_plan if each.name == "example-ppo").asked

    assert found.twice == asked < found.asked / 3
    assert found.asked == found.compared == found.equal + found.once + found.twice


def test_a_rule_against_itself():
    found = of(shipped())

    assert (found.changed, found.twice, found.once) == (0, 0, 0)
    assert not found.figures_change
    assert found.equal == found.asked > FEW


def test_a_change_that_moves_nobody(tmp_path):
    """Who bears a claim that came late is asked of no generated visit."""
    found = of(changed(tmp_path, PPO, ("diagnosis: patient}", "diagnosis: patient, late_claim: provider}")))

    assert [each.kind for each in found.changes] == ["added"]
    assert not found.figures_change
    assert found.twice > 0


def test_each_of_several_lines_is_tried_alone(tmp_path):
    """A copay moves what is paid for a visit in the office, the other row what is paid by video."""
    new = changed(tmp_path, PPO, ("[copay $30]", "[copay $40]"), ("[copay $20]", "[copay $15]"))
    found = of(new)
    up = next(each for each in found.causes if "office" in found.changes[each.change].what)
    down = next(each for each in found.causes if "video" in found.changes[each.change].what)

    assert up.median > 0 > down.median
    assert found.unexplained == 0


def test_a_new_year_is_asked_about_on_both_sides_of_its_first_day(tmp_path):
    rules = copy_of_rules(tmp_path)
    add_next_year(rules, ("[copay $30]", "[copay $40]"))
    found = of(read(rules))
    texts = {found.changes[each.change].text for each in found.causes}

    assert "copay for in-network office visits $30 → $40 from 2027-01-01" in texts
    starts = {each.name.rpartition("from ")[2][:10] for each in found.examples if each.kind == "grid"}
    assert any(day < "2027" for day in starts)
    assert any(day >= "2027" for day in starts)
    assert all(int(each.moved.by or 0) % 10_00 == 0 for each in found.examples)


def test_a_plan_that_comes_and_one_that_goes(tmp_path):
    """One side alone answers; that is told, and is no change of an amount."""
    rules = copy_of_rules(tmp_path)
    (rules / "payers/tricare.yaml").unlink()
    without = read(rules)
    gone, came = of(without), of(shipped(), without)

    assert gone.changed == came.changed == 0
    assert "tricare-select-retiree" in gone.only_old
    assert "tricare-select-retiree" in came.only_new
    assert gone.figures_change
    assert came.figures_change


def test_a_figure_that_becomes_unknown_is_no_amount(tmp_path):
    """Unknown is never counted as $0."""
    new = changed(tmp_path, PPO, ("cost_sharing: [copay $30]", "cost_sharing: unknown"))
    found = of(new)

    assert found.became["unknown"] > 0
    assert all(each.moved.by is None or each.moved.new for each in found.examples)
    back = of(shipped(), new)
    assert back.became["known"] == found.became["unknown"]


def test_one_estimate_gains_and_several_lose():
    said = list(summary(replace(of(shipped()), became={"unknown": 2, "known": 1})))

    assert said == [
        "2 lose a figure: it is unknown from now on.",
        "1 gains a figure that was unknown.",
    ]


def test_written_requests_are_asked_too(tmp_path):
    """A request is read under both rules, with its own day."""
    body = {
        "plan": "example-ppo", "as_of": "2026-11-23", "network": {"status": "in"},
        "care": {"diagnosis": "F43.10", "minutes": 55, "modality": "in_person", "sessions": 4,
                 "intake": False},
        "prices": {"90837": {"billed_cents": 20000, "allowed_cents": 14000}},
    }  # fmt: skip
    found = of(changed(tmp_path, PPO, ("[copay $30]", "[copay $40]")), requests=[("mine.json", body)])
    (mine,) = [each for each in found.examples if each.kind == "requests"]

    assert (mine.name, mine.moved.old, mine.moved.new) == ("mine.json", 4 * 30_00, 4 * 40_00)
    assert mine.moved.session == 10_00


def test_reference_data_that_an_estimate_does_not_read_cannot_change_it(tmp_path):
    """A guideline of a household in Alaska is read by few; the rest is computed once at most."""
    rules = copy_of_rules(tmp_path)
    change(rules, "reference/poverty_guidelines.yaml", ('first_person: "$19,950"', 'first_person: "$29,950"'))
    found = of(read(rules))

    assert 0 < found.twice < found.once
    assert 0 < found.changed <= found.twice


def test_the_same_question_has_the_same_answer(tmp_path):
    new = changed(tmp_path, PPO, ("[copay $30]", "[copay $40]"))

    assert of(new) == of(new, processes=2)
