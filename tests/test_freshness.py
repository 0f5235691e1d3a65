"""What ends, what nobody checked, how sure each figure is: by the days, on the shipped rules."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from coverage_service.core.facts import Confidence
from coverage_service.freshness import Freshness, freshness, freshness_json
from coverage_service.sources import Sources, current

RULES = Path(__file__).resolve().parent.parent / "rules"
LAST_DAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def sources() -> Sources:
    found = current(RULES).sources
    assert found is not None
    return found


def ending(found: Freshness) -> dict[str, int]:
    return {each.id: each.days_left for each in found.ending}


def test_an_entry_is_told_from_as_many_days_before_its_end_as_asked(sources):
    day = LAST_DAY - timedelta(days=38)

    assert ending(freshness(sources, day, within=38))["example-ppo"] == 38
    assert "example-ppo" not in ending(freshness(sources, day, within=37))


def test_an_entry_that_has_ended_is_told_first(sources):
    found = freshness(sources, LAST_DAY + timedelta(days=1))

    assert ending(found)["example-ppo"] == -1
    assert [each.ends for each in found.ending] == sorted(each.ends for each in found.ending)
    assert found.ending[0].id == "fgcnow"  # its scale is of 2024


def test_only_the_last_entry_of_an_id_ends_and_an_open_one_never_does(sources):
    found = freshness(sources, date(2030, 1, 1))

    assert [x.ends for x in found.ending if x.id == "medicare-part-b"] == [LAST_DAY]
    assert "medigap-plan-g" not in ending(found)


def with_a_later_entry(folder: Path, status: str) -> Sources:
    """The shipped rules, with example-ppo of 2026 reviewed in 2025 and an entry of 2027 behind it."""
    shutil.copytree(RULES, folder)
    path = folder / "payers" / "example-ppo.yaml"
    head, entry = path.read_text("utf-8").split("plans:\n")
    later = entry.replace("2026-12-31", "2027-12-31").replace("from: 2026-01-01", "from: 2027-01-01")
    later = later.split("    tests:\n")[0].replace("status: example", f"status: {status}")
    entry = entry.replace("reviewed: 2026-11-20", "reviewed: 2025-11-20")
    cases = '    tests: [{case: A visit, session: {cpt: "90837"}, expect: {covered: unknown}}]\n'
    path.write_text(f"{head}plans:\n{entry}{later}{cases}", "utf-8")
    found = current(folder)
    assert found.sources is not None, found.problems
    return found.sources


def test_a_draft_follows_nothing(tmp_path):
    """It is never served: after `rules copy-year` the year that ends has to stay on the list."""
    day = LAST_DAY - timedelta(days=38)

    draft = freshness(with_a_later_entry(tmp_path / "draft", "draft"), day)
    served = freshness(with_a_later_entry(tmp_path / "served", "reviewed"), day)

    assert ending(draft)["example-ppo"] == 38
    assert "example-ppo" not in ending(served)


def test_an_entry_in_force_is_unchecked_though_the_next_one_was_checked(tmp_path):
    sources = with_a_later_entry(tmp_path / "rules", "reviewed")

    def unchecked(day: date) -> list[date | None]:
        return [x.checked for x in freshness(sources, day).unchecked if x.id == "example-ppo"]

    assert unchecked(date(2026, 11, 20)) == []
    assert unchecked(date(2026, 11, 21)) == [date(2025, 11, 20)]
    assert unchecked(date(2027, 1, 1)) == []  # that of 2026 has ended, and a later one is in force


def test_retired_plans_are_left_out(sources):
    found = freshness(sources, date(2030, 1, 1))

    assert sources.plans["mp-92036oh0010032-01"][0].status == "retired"
    assert not [x for x in (*found.ending, *found.unchecked) if x.id.startswith("mp-")]
    assert not [x for x in found.figures if "marketplace-2014" in x.place]


def test_figures_of_a_year_end_with_it(sources):
    found = freshness(sources, LAST_DAY)

    assert {(x.id, x.ends) for x in found.ending if x.kind == "poverty guideline"} == {
        (area, LAST_DAY) for area in ("48", "AK", "HI")
    }


def test_an_entry_is_unchecked_from_the_day_after_a_year(sources):
    """example-ppo was reviewed on 2026-11-20."""

    def unchecked(day: date) -> set[str]:
        return {each.id for each in freshness(sources, day).unchecked}

    assert "example-ppo" not in unchecked(date(2027, 11, 20))
    assert "example-ppo" in unchecked(date(2027, 11, 21))


def test_what_states_no_day_of_a_check_is_unchecked(tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    path = folder / "payers" / "example-ppo.yaml"
    path.write_text(
        path.read_text().replace("    reviewed: 2026-11-20\n", "").replace(", read: 2026-11-20", "")
    )
    found = current(folder).sources
    assert found is not None

    [plan] = [x for x in freshness(found, date(2026, 11, 23)).unchecked if x.id == "example-ppo"]
    assert plan.checked is None
    assert plan.place.startswith("rules/payers/example-ppo.yaml:")


def test_every_figure_has_the_confidence_its_file_states(sources):
    """Read off rules/payers/example-ppo.yaml: 2 limits, 2 rows, a method, 3 exclusions, 3 diagnoses."""
    found = freshness(sources, LAST_DAY)
    of_plan = {x.what: x.confidence for x in found.figures if x.what.startswith("example-ppo: ")}

    assert len(of_plan) == 11
    assert {name for name, level in of_plan.items() if level is Confidence.UNKNOWN} == {
        "example-ppo: exclusion sexual_dysfunction",
        "example-ppo: diagnosis F52.*",
    }
    counts = found.counts["rules/payers/example-ppo.yaml"]
    assert (counts[Confidence.VERIFIED], counts[Confidence.UNKNOWN], counts[Confidence.STATED]) == (9, 2, 0)


def test_one_figure_with_its_own_confidence_keeps_it(sources):
    [intake] = [
        x for x in freshness(sources, LAST_DAY).figures if x.what == "ma-h2630-001-0: benefit intake, in"
    ]

    assert intake.confidence is Confidence.ASSUMED
    assert intake.source == "Medicare.gov Plan Finder 2026, H2630-001-0, Arizona"
    assert intake.read == date(2026, 11, 23)


def test_the_json_form_says_the_same(sources):
    found = freshness(sources, LAST_DAY, within=10)
    told = json.loads(orjson.dumps(freshness_json(found)))

    assert (told["as_of"], told["within_days"]) == ("2026-12-31", 10)
    assert [x["ends"] for x in told["ending"]] == [x.ends.isoformat() for x in found.ending]
    assert len(told["figures"]) == len(found.figures)
    assert told["confidence"]["rules/payers/example-ppo.yaml"] == {
        "unknown": 2,
        "assumed": 0,
        "stated": 0,
        "verified": 9,
    }
