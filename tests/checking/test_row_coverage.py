"""Row coverage: a row is touched only by what decided a figure of a confirmed test that passes."""

from __future__ import annotations

import json

import pytest

from coverage_service.checking.coverage import coverage
from coverage_service.rulebook.files import Files
from tests.checking.rule_files import SHIPPED, changed, line_of, only, read, without, written
from tests.cli.terminal import ask

PPO = "payers/example-ppo.yaml"
VIDEO_ROW = "service: outpatient_mental_health, network: in, modality: telehealth"


def untouched(files: Files, name: str) -> dict[str, int]:
    """What no test touches in a file, with its line."""
    library, cases = read(files)
    [found] = [x for x in coverage(cases, library, files) if x.file == f"rules/{name}"]
    assert all(row.place.startswith(f"rules/{name}:") for row in found.untouched)
    return {row.what: int(row.place.rpartition(":")[2]) for row in found.untouched}


def test_a_row_is_untouched_without_the_test_that_uses_it():
    files = changed(
        PPO,
        ("modality: telehealth, billed", "modality: in_person, billed"),
        ('$20", plan: "$120', '$30", plan: "$110'),
    )
    row = "benefit outpatient_mental_health, in, telehealth"

    assert untouched(only(files, PPO), PPO)[row] == line_of(files, PPO, VIDEO_ROW)
    assert row not in untouched(only(SHIPPED, PPO), PPO)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(("smaller\n", "smaller\n        confirmed: no\n"), id="not confirmed"),
        pytest.param(('patient: "$20"', 'patient: "$21"'), id="failing"),
    ],
)
def test_a_test_that_proves_nothing_touches_nothing(spoilt):
    files = only(changed(PPO, spoilt), PPO)

    assert "benefit outpatient_mental_health, in, telehealth" in untouched(files, PPO)


def test_a_coverage_row_is_touched_only_where_it_decides():
    """A couple on Z63.0 is refused twice; a Z63.8 only by the diagnosis row."""
    one = (
        "      - case: Another partner problem\n"
        '        session: {cpt: "90837", diagnosis: Z63.8, network: in, billed: "$200", allowed: "$140"}\n'
        "        expect: {covered: no}\n"
    )
    files = changed(PPO, ("    tests:\n", f"    tests:\n{one}"))
    neither = without(PPO, "Z63", "marital_counselling")

    assert "diagnosis Z63.*" not in untouched(only(files, PPO), PPO)
    assert {"diagnosis Z63.*", "exclusion marital_counselling"} <= untouched(only(neither, PPO), PPO).keys()


def test_a_visit_limit_is_touched_by_the_visit_it_refuses():
    name = "payers/healthfirst-bronze-leaf.yaml"
    files = changed(
        name,
        ("used: {visits: {family_counselling: 20}}", "used: {visits: {family_counselling: 19}}"),
        ('expect: {covered: no, plan: "$0"}', "expect: {covered: yes}"),
    )

    assert "visit limit of family_counselling" not in untouched(only(SHIPPED, name), name)
    assert "visit limit of family_counselling" in untouched(only(files, name), name)


def test_a_band_is_touched_by_an_income_inside_it():
    name = "therapists/income-bands-practice.yaml"
    others = ("payers/medicare-part-b.yaml", PPO)
    files = without(name, '"$60,000.01"', '"$75,000"', '"$90,000"')

    assert "band 4 of the scale" not in untouched(only(SHIPPED, name, *others), name)
    assert untouched(only(files, name, *others), name)["band 4 of the scale"] == line_of(
        files, name, '$90,000", fee'
    )


def test_a_rate_put_there_by_the_test_touches_no_schedule():
    """example-oon's tests state the schedule's rate themselves."""
    name = "payers/example-oon.yaml"

    assert "rate 90837" in untouched(only(SHIPPED, name), "fee_schedules/medicare-2026.yaml")


def test_the_command_names_rows_with_their_lines_and_fails_below_the_share_asked_for(tmp_path):
    files = only(changed(PPO, ("smaller\n", "smaller\n        confirmed: no\n")), PPO)
    where = ("--rules", str(written(tmp_path, files)))

    result = ask("rules", "coverage", "example-ppo.yaml", *where)
    line = line_of(SHIPPED, PPO, VIDEO_ROW)
    row = f"payers/example-ppo.yaml:{line}: example-ppo: benefit outpatient_mental_health, in, telehealth"
    assert result.returncode == 1
    assert f"{row}: no test touches it\n" in result.stdout
    assert ask("rules", "coverage", "example-ppo.yaml", *where, "--fail-under", "10").returncode == 0


def test_json_counts_what_it_lists():
    told = json.loads(
        ask("rules", "coverage", "payers/example-hdhp.yaml", "--json", "--fail-under", "0").stdout
    )

    [file] = told["files"]
    assert file["file"] == "rules/payers/example-hdhp.yaml"
    assert (
        told["rows"] == file["rows"] == 9
    )  # 1 benefit, 3 exclusions, 2 diagnoses, licences, leave, liability
    assert told["touched"] == 9 - len(file["untouched"])
