"""Drafted tests: they touch what is untouched, stand on boundaries, and prove nothing until confirmed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coverage_service.checking.coverage import coverage
from coverage_service.checking.drafts import Draft
from coverage_service.checking.suggest import suggestions
from coverage_service.checking.writing import NoPlace, inserted
from coverage_service.rulebook.files import Files
from tests.checking.rule_files import SHIPPED, only, read, written
from tests.cli.terminal import ask

PPO = "payers/example-ppo.yaml"
HEALTHFIRST = "payers/healthfirst-bronze-leaf.yaml"
SOME = (
    PPO,
    HEALTHFIRST,
    "payers/tricare.yaml",
    "payers/medicare-part-b.yaml",
    "payers/example-eap.yaml",
    "payers/example-hdhp.yaml",
    "payers/example-oon.yaml",
    "therapists/linear-practice.yaml",
    "therapists/flat-range-practice.yaml",
)


def bare(files: Files) -> Files:
    """The files with the first test of each entry alone, and that one not confirmed."""
    return {name: _bare(data) if name in SOME else data for name, data in files.items()}


def _bare(data: bytes) -> bytes:
    head, *entries = re.split(r"(?m)^(?= *tests:$)", data.decode())
    kept = [head]
    for entry in entries:
        first, *others = re.split(r"(?m)^(?= *- case: )", entry)[1:]
        rest = re.search(r"(?m)^\n? {2}(#|- plan:).*", others[-1] if others else first, re.DOTALL)
        kept.append(
            entry.split("\n")[0]
            + "\n"
            + re.sub(r"(?m)^( *)- (case: .*)$", r"\1- \2\n\1  confirmed: no", first)
        )
        kept.append(rest[0] if rest and others else "")
    return "".join(kept).encode()


def drafted(files: Files, *names: str) -> tuple[Draft, ...]:
    library, cases = read(files)
    wanted = [f"rules/{name}" for name in names]
    return suggestions(coverage(cases, library, files), cases, library, wanted)


def by_name(files: Files, name: str) -> dict[str, Draft]:
    return {draft.name: draft for draft in drafted(files, name)}


def test_what_is_suggested_touches_every_row_once_it_is_confirmed():
    files = bare(only(SHIPPED, *SOME))
    names = [*SOME, "fee_schedules/medicare-2026.yaml"]
    written = {**files, **inserted(files, drafted(files, *names))}
    confirmed = {name: data.replace(b"confirmed: no", b"confirmed: yes") for name, data in written.items()}

    def untouched(found: Files) -> list[tuple[str, str]]:
        library, cases = read(found)
        return [(row.file, row.what) for each in coverage(cases, library, found) for row in each.untouched]

    assert len(untouched(files)) > 100
    assert untouched(written) == untouched(files)
    assert untouched(confirmed) == []


def test_a_deductible_and_a_maximum_are_tried_a_cent_on_both_sides():
    """The plan asks $30; with $9.99, $10 and $10.01 left of its maximum of $5,000, that much."""
    found = by_name(bare(only(SHIPPED, PPO)), PPO)
    left = "Left of the out of pocket maximum (in network) is {} ten dollars"

    for said, used, patient in (
        ("a cent below", "$4,990.01", "$9.99"),
        ("exactly at", "$4,990", "$10"),
        ("a cent above", "$4,989.99", "$10.01"),
    ):
        fields = found[left.format(said)].fields
        assert fields["used"]["limits"]["in_network"]["out_of_pocket"] == used
        assert fields["expect"]["patient"] == patient
        assert fields["confirmed"] == "no"


def test_a_copay_is_tried_around_the_rate_it_takes_all_of():
    found = by_name(bare(only(SHIPPED, PPO)), PPO)
    around = {
        said: found[f"Outpatient mental health in: allowed is {said} the copay $30"].fields["expect"]
        for said in ("a cent below", "exactly at", "a cent above")
    }

    assert [(x["patient"], x["plan"]) for x in around.values()] == [
        ("$29.99", "$0"),
        ("$30", "$0"),
        ("$30", "$0.01"),
    ]


def test_days_around_the_dates_and_the_turn_of_the_year_are_tried():
    found = by_name(bare(only(SHIPPED, PPO)), PPO)

    assert found["On its first day"].fields["session"]["date"] == "2026-01-01"
    assert found["On its last day"].fields["expect"]["without_reason"] == "assumed_same_benefits"
    assert found["On the day after its last"].fields["session"]["date"] == "2027-01-01"
    assert found["On the day after its last"].fields["expect"]["reason"] == "assumed_same_benefits"
    turn = found["Over the turn of the plan year on 2027-01-01"].fields
    assert turn["course"]["first_session"] == "2026-12-31"
    assert turn["expect"]["patient"] == "$30"  # nothing with the maximum reached, then the copay


def test_the_last_visit_of_a_limit_and_the_one_after_are_tried():
    found = by_name(bare(only(SHIPPED, HEALTHFIRST)), HEALTHFIRST)
    last = found["Visit limit of family_counselling decides"].fields
    after = found["Visit limit of family_counselling decides (2)"].fields

    assert (last["used"]["visits"], last["expect"]["covered"]) == ({"family_counselling": 19}, "yes")
    assert (after["used"]["visits"], after["expect"]["covered"]) == ({"family_counselling": 20}, "no")


def test_band_edges_are_tried_a_cent_on_both_sides():
    """Guideline of 2026 for one person: $15,960."""
    name = "therapists/example-therapist.yaml"
    files = only(SHIPPED, name, PPO, "payers/medicare-part-b.yaml")
    text = re.sub(rb"(?s)  - case: The first band ends.*", b"", files[name])
    found = by_name({**files, name: text}, name)

    edges = {x: found[f"An income {x} the end of band 1"].fields for x in ("a cent below", "exactly at")}
    over = found["An income a cent above the end of band 1"].fields
    assert {x["expect"]["fee"] for x in edges.values()} == {"$60"}
    assert (over["household"]["income"], over["expect"]["fee"]) == ("$15,960.01", "$90")


def test_nothing_is_suggested_twice():
    files = only(SHIPPED, PPO)
    written = {**files, **inserted(files, drafted(files, PPO))}

    assert drafted(files, PPO)
    assert drafted(written, PPO) == ()


def test_everything_else_in_the_file_stays_as_it_was():
    files = only(SHIPPED, *SOME)
    found = drafted(files, *SOME)
    for name, data in inserted(files, found).items():
        before, after = files[name].decode().split("\n"), data.decode().split("\n")
        kept = iter(after)
        assert all(line in kept for line in before), name  # in this order
        assert len(after) > len(before)


def test_tests_in_one_line_are_not_rewritten():
    one = '    tests: [{case: A visit, session: {cpt: "90837"}, expect: {covered: unknown}}]\n'
    text = SHIPPED[PPO].decode()
    files = only({**SHIPPED, PPO: (text[: text.index("    tests:\n")] + one).encode()}, PPO)

    with pytest.raises(NoPlace):
        inserted(files, drafted(files, PPO))


def test_the_command_writes_tests_that_run_and_count_for_nothing(tmp_path: Path):
    where = ("--rules", str(written(tmp_path, bare(only(SHIPPED, PPO)))))

    printed = ask("rules", "suggest-tests", *where)
    assert "rules/payers/example-ppo.yaml" in printed.stdout
    assert "        confirmed: no\n" in printed.stdout
    before = ask("rules", "coverage", *where, "--json").stdout
    wrote = ask("rules", "suggest-tests", "example-ppo", "--write", *where)
    assert re.match(r"\d\d tests written, none of them confirmed", wrote.stdout), wrote.stderr
    ran = ask("rules", "test", *where, "--json").stdout
    assert '"failed": 0' in ran
    assert ask("rules", "coverage", "--json", "--fail-under", "0", *where).stdout == before
    assert "nothing to suggest" in ask("rules", "suggest-tests", "payers/example-ppo.yaml", *where).stdout
