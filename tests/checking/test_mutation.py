"""Small changes of rule files: which there are, and whether a test notices each."""

from __future__ import annotations

import json
import re

import pytest

from coverage_service.checking.mutants import Mutant, mutants
from coverage_service.checking.mutation import Bench, Fate, score_of
from coverage_service.rulebook.book import load
from coverage_service.rulebook.files import Files
from tests.checking.rule_files import SHIPPED, line_of, only, without, written
from tests.cli.terminal import ask

HDHP = "payers/example-hdhp.yaml"
EAP = "payers/example-eap.yaml"


def bench(files: Files) -> Bench:
    book = load(files).book
    assert book is not None
    return Bench(files, book)


def told(found: list[Mutant]) -> set[str]:
    return {f"{each.path}: {each.says}" for each in found}


def test_every_kind_of_value_is_changed_a_little():
    found = told(list(mutants(HDHP, SHIPPED[HDHP])))
    deductible, maximum = "plans.0.limits.in_network.deductible.person", "plans.0.coverage.exclusions"

    assert {f'{deductible}: "$2,000" -> {x}' for x in ("$1,999", "$1,999.99", "$2,000.01", "$2,001")} <= found
    assert {f"{maximum}.sex_therapy: no -> {x}" for x in ("yes", "unknown")} <= found
    row = "plans.0.benefits.0.cost_sharing"
    assert {f"{row}.1: coinsurance 20% -> coinsurance {x}%" for x in (19, 21)} <= found
    assert {f"{row}: without {x}" for x in ("deductible", "coinsurance 20%")} <= found
    assert "plans.0.effective.to: 2026-12-31 -> 2027-01-01" in found
    assert "plans.0.effective.plan_year_starts: 01-01 -> 12-31" in found
    assert "plans.0.coverage.diagnoses: rows 1 and 2 exchanged" in found
    visits = told(list(mutants(EAP, SHIPPED[EAP])))
    assert {f"plans.0.benefits.0.visits: first 6 of issue -> first {x} of issue" for x in (5, 7)} <= visits


@pytest.mark.parametrize("name", [HDHP, EAP, "therapists/linear-practice.yaml"])
def test_a_change_touches_its_own_line_and_nothing_else(name):
    before = SHIPPED[name].decode().splitlines()
    for mutant in mutants(name, SHIPPED[name]):
        after = mutant.applied(SHIPPED[name].decode()).splitlines()
        differing = [i + 1 for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        assert mutant.line in differing
        assert len(differing) == (2 if mutant.rows else 1), mutant


def test_tests_and_sources_are_left_alone():
    paths = [set(mutant.path.split(".")) for mutant in mutants(HDHP, SHIPPED[HDHP])]

    assert not [path for path in paths if {"tests", "sources", "reviewed"} & path]


def test_a_change_that_no_test_sees_is_missed_until_one_does():
    def missed(files: Files) -> set[str]:
        return told([x.mutant for x in bench(only(files, HDHP)).tried(HDHP) if x.fate is Fate.MISSED])

    maximum = 'plans.0.limits.in_network.out_of_pocket_maximum.person: "$6,000" -> $6,000.01'
    assert maximum in missed(without(HDHP, "out_of_pocket"))
    assert maximum not in missed(SHIPPED)


def test_an_unconfirmed_test_notices_nothing():
    confirmed = bench(only(SHIPPED, HDHP)).tried(HDHP)
    text = SHIPPED[HDHP].decode()
    text = re.sub(r"(      - case:.*\n)", r"\1        confirmed: no\n", text)
    unconfirmed = bench(only({**SHIPPED, HDHP: text.encode()}, HDHP)).tried(HDHP)

    assert score_of(confirmed).noticed > 20
    assert score_of(unconfirmed).noticed == 0


def test_what_check_refuses_and_what_says_the_same_is_not_counted():
    """The two diagnosis rows of example-hdhp share no code; in example-ppo exchanged ones hide a row."""
    name = "payers/example-ppo.yaml"
    hdhp = list(bench(only(SHIPPED, HDHP)).tried(HDHP))
    ppo = [x for x in bench(only(SHIPPED, name)).tried(name) if x.mutant.rows]

    assert not [x for x in hdhp if x.mutant.rows]
    assert {(x.mutant.rows, x.fate) for x in ppo} == {((0, 1), Fate.REFUSED), ((1, 2), Fate.REFUSED)}
    assert score_of(ppo).percent == 100
    assert score_of(ppo).refused == 2


def test_a_change_of_a_plan_is_noticed_by_the_tests_of_its_supplement():
    base, above = "payers/medicare-part-b.yaml", "payers/medicare-supplements.yaml"
    files = only(SHIPPED, base, above)
    found = list(bench(files)._cases(next(mutants(base, files[base])), bench(files).facts["payers"][base]))

    assert {"medigap-plan-g", "medicare-part-b"} <= {case.entry for case in found}


def test_the_command_fails_below_the_share_asked_for():
    result = ask("rules", "mutate", "example-eap", "--every", "3", "--fail-under", "100", "--json")
    told = json.loads(result.stdout)
    [(file, found)] = told["files"].items()

    assert file == f"rules/{EAP}"
    assert found["noticed"] + len(found["missed"]) > 3
    assert result.returncode == (1 if found["missed"] else 0)
    assert ask("rules", "mutate", "no-such-file").returncode == 2


def test_the_command_names_the_line_of_what_nobody_notices(tmp_path):
    where = ("--rules", str(written(tmp_path, only(without(HDHP, "out_of_pocket"), HDHP))))

    result = ask("rules", "mutate", "example-hdhp.yaml", *where)
    line = line_of(SHIPPED, HDHP, '"$6,000"')
    assert result.returncode == 1
    assert (
        f'{HDHP}:{line}: plans.0.limits.in_network.out_of_pocket_maximum.person: "$6,000" -> $6,001: no test'
        in (result.stdout)
    )
