"""What changed, in words: from the facts, with the line of the file."""

from __future__ import annotations

from datetime import date

import pytest

from coverage_service.changes.compare import changes_between
from coverage_service.changes.lines import exact
from coverage_service.rulebook.files import read_folder
from tests.changes.support import PPO, add_next_year, change, changed, copy_of_rules, line_of, read, shipped


def sentences(new) -> list[str]:
    return [each.sentence for each in changes_between(shipped(), new)]


def test_one_copay(tmp_path):
    """A biller reads what was raised, from what to what, and where it stands."""
    new = changed(tmp_path, PPO, ("[copay $30]", "[copay $40]"))
    line = line_of(tmp_path / "rules", PPO, "[copay $40]")

    assert sentences(new) == [f"Example PPO: copay for in-network office visits $30 → $40 ({line})"]


def test_a_copay_from_the_first_of_january(tmp_path):
    """A new dated entry is told as what it changes of the one before it."""
    rules = copy_of_rules(tmp_path)
    add_next_year(rules, ("[copay $30]", "[copay $40]"))
    found = [each for each in changes_between(shipped(), read(rules)) if each.part == "plan"]

    assert [each.text for each in found] == [
        "entry added: 2027-01-01 to 2027-12-31",
        "copay for in-network office visits $30 → $40 from 2027-01-01",
    ]
    assert found[1].place == line_of(rules, PPO, "[copay $40]", last=True)
    assert found[1].starts == date(2027, 1, 1)


def test_what_holds_in_one_entry_only_says_when(tmp_path):
    """Medicare's deductible of 2024 is of no other year."""
    new = changed(tmp_path, "payers/medicare-part-b.yaml", ('"$240"', '"$241"'))
    (found,) = [each for each in changes_between(shipped(), new) if each.part == "plan"]

    assert found.text.endswith("$240 → $241 from 2024-01-01 to 2024-12-31")


def test_a_rate_is_told_at_its_own_line(tmp_path):
    """A fee schedule has hundreds of lines; its first one helps nobody."""
    name = "fee_schedules/medicare-2026.yaml"
    new = changed(tmp_path, name, ('"90837": "$167.00"', '"90837": "$168.00"'))
    (told,) = changes_between(shipped(), new)

    assert told.place == line_of(tmp_path / "rules", name, '"90837": "$168.00"')


FIELDS = [
    ("prior_authorization: no", "prior_authorization: unknown"),
    ("not_covered_rate: {in: billed}", "not_covered_rate: {in: unknown}"),
    ("group: large, funding: insured, state: OH", "group: large, funding: insured, state: NV"),
    ("allowed_amounts: {in: contract}", 'allowed_amounts: {in: "$90"}'),
    ("licences: [MD, PHD", "licences: [MD"),
    ("plan_year_starts: 01-01", "plan_year_starts: 07-01"),
    ("to: 2026-12-31", "to: 2026-12-30"),
]


@pytest.mark.parametrize(("was", "now"), FIELDS)
def test_a_field_is_told_at_its_own_line(tmp_path, was, now):
    """Not at the first line of its entry or group: that is another field's."""
    rules = copy_of_rules(tmp_path)
    change(rules, PPO, (was, now))
    found = exact(changes_between(shipped(), read(rules)), read_folder(rules)[0])

    assert [each.place for each in found if each.part == "plan"] == [line_of(rules, PPO, now)]


def test_a_band_is_told_at_its_own_line(tmp_path):
    name = "therapists/health-centre.yaml"
    rules = copy_of_rules(tmp_path)
    change(rules, name, ("discount: 50%", "discount: 55%"))
    found = exact(changes_between(shipped(), read(rules)), read_folder(rules)[0])

    assert [each.place for each in found] == [line_of(rules, name, "discount: 55%")]


def test_rows_that_changed_places_are_told_at_their_list(tmp_path):
    rules = copy_of_rules(tmp_path)
    one, two = '{match: "Z63.*", covered: no}', '{match: "F52.*", covered: unknown}'
    change(rules, PPO, (f"- {one}\n        - {two}", f"- {two}\n        - {one}"))
    found = exact(changes_between(shipped(), read(rules)), read_folder(rules)[0])

    assert [each.place for each in found if each.part == "plan"] == [line_of(rules, PPO, "diagnoses:")]


def test_a_field_of_a_later_entry_is_told_there(tmp_path):
    rules = copy_of_rules(tmp_path)
    add_next_year(rules, ("prior_authorization: no", "prior_authorization: unknown"))
    found = exact(changes_between(shipped(), read(rules)), read_folder(rules)[0])
    (told,) = [each for each in found if each.what == "prior authorization"]

    assert told.place == line_of(rules, PPO, "prior_authorization: unknown")


def test_what_went_keeps_its_line_in_the_old_files(tmp_path):
    rules = copy_of_rules(tmp_path)
    change(rules, PPO, ("      prior_authorization: no\n", ""))
    before = changes_between(shipped(), read(rules))

    assert exact(before, read_folder(rules)[0]) == before


def test_comments_and_formatting_are_no_change(tmp_path):
    """Lines may move and be written otherwise."""
    rules = copy_of_rules(tmp_path)
    path = rules / PPO
    path.write_text(
        "# a comment\n\n" + path.read_text("utf-8").replace("[copay $30]", "[  copay $30 ]"), "utf-8"
    )

    assert changes_between(shipped(), read(rules)) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("payers/example-hdhp.yaml", "coinsurance 20%", "coinsurance 25%",
         "Example Saver HDHP: coinsurance for in-network visits 20% → 25%"),
        ("payers/example-hdhp.yaml", "[deductible, coinsurance 20%]", "[copay $30]",
         "cost sharing for in-network visits deductible, then coinsurance 20% → copay $30"),
        (PPO, 'person: "$1,000"', 'person: "$1,200"',
         "Example PPO: in-network deductible for one person $1,000 → $1,200"),
        (PPO, '{match: "F52.*", covered: unknown}', '{match: "F52.*", covered: yes}',
         "Example PPO: coverage of diagnosis F52.* unknown → yes"),
        (PPO, "to: 2026-12-31", "to: 2027-03-31", "Example PPO: last day 2026-12-31 → 2027-03-31"),
        (PPO, "prior_authorization: no", "prior_authorization: yes",
         "Example PPO: prior authorization no → yes"),
        (PPO, 'page: "3"', 'page: "4"', "page 3, read 2026-11-20, https://example.org/sbc.pdf (verified) → "),
        ("therapists/example-therapist.yaml", '"90847", fee: "$220"', '"90847", fee: "$230"',
         "Sample Practice: fee for 90847 $220 → $230"),
        ("therapists/example-therapist.yaml", '150%, fee: "$90"', '160%, fee: "$95"',
         "Sample Practice: sliding scale, band 2 up to 150%: $90 → up to 160%: $95"),
        ("reference/poverty_guidelines.yaml", '"$15,960"', '"$16,000"',
         "Reference data: poverty guideline 2026, 48, first person $15,960 → $16,000"),
        ("questions/en.yaml", '"Your plan"', '"The plan"',
         "Words (en): questions plan, short Your plan → The plan"),
        ("payers/example-hdhp.yaml", 'patient: "$68"', 'patient: "$69"',
         "test “The deductible ends inside this session”, expect, patient $68 → $69"),
        ("payers/example-hdhp.yaml", 'patient: "$68"', 'patient: "$68", balance: "$0"',
         "test “The deductible ends inside this session”, expect, balance nothing → $0"),
        ("payers/example-hdhp.yaml", "case: The deductible ends", "case: All of the deductible ends",
         "inside this session” → test “All of the deductible ends inside this session”"),
        ("payers/example-hdhp.yaml", "network: in, cost_sharing",
         "network: in, modality: in_person, cost_sharing",
         "row for in-network visits → in-network office visits"),
    ],
)  # fmt: skip
def test_in_words(tmp_path, name, old, new, told):
    """One thing changed is one sentence, and it names the file."""
    (sentence,) = sentences(changed(tmp_path, name, (old, new)))

    assert told in sentence
    assert f"(rules/{name.partition('/')[0]}" in sentence


def test_rows_that_come_go_and_change_places(tmp_path):
    """A row is told by whom it is for; the order of rows counts, since the first that fits is used."""
    rules = copy_of_rules(tmp_path)
    any_visit = "      - {service: outpatient_mental_health, network: in, "
    video = any_visit + "modality: telehealth, cost_sharing: [copay $20]}\n"
    crisis = "      - {service: crisis, network: out, cost_sharing: [not covered]}\n"
    change(rules, PPO, (video, crisis))
    assert [each.partition(" (")[0] for each in sentences(read(rules))] == [
        "Example PPO: cost sharing for in-network video visits removed: copay $20",
        "Example PPO: cost sharing for out-of-network crisis sessions added: not covered",
    ]
    partner, sexual = '{match: "Z63.*", covered: no}', '{match: "F52.*", covered: unknown}'
    change(rules, PPO, (partner, "FIRST"), (sexual, partner), ("FIRST", sexual))
    assert "Example PPO: the diagnosis rows in another order" in sentences(read(rules))[0]


def test_plans_and_practices_that_come_go_and_are_renamed(tmp_path):
    """An id that goes while the same facts come under another one was renamed."""
    rules = copy_of_rules(tmp_path)
    (rules / "therapists/fgcnow.yaml").unlink()
    path = rules / "therapists/slots-practice.yaml"
    path.write_text(
        path.read_text("utf-8").replace("therapist: slots-practice", "therapist: places"), "utf-8"
    )
    path = rules / "payers/military-onesource.yaml"
    said = path.read_text("utf-8").replace("plan: eap-military-onesource", "plan: another")
    path.write_text(said.replace("first 12 of issue", "first 9 of issue"), "utf-8")
    found = [each for each in changes_between(shipped(), read(rules)) if each.part in ("plan", "therapist")]

    assert [(each.kind, each.part, each.id) for each in found] == [
        ("removed", "plan", "eap-military-onesource"),
        ("added", "plan", "another"),
        ("removed", "therapist", "fgcnow"),
        ("renamed", "therapist", "slots-practice"),
    ]
    assert found[-1].text == "therapist id slots-practice → places"


def test_nothing_differs_from_itself():
    assert changes_between(shipped(), shipped()) == ()
