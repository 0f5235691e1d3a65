"""Rules put in force and back: what is kept, what the folder holds, and what is refused."""

from __future__ import annotations

import os

import pytest

from coverage_service.activation.change import Activated, Refused, activate, rollback
from tests.activation.support import PLAN, activated, files_of, make_dearer


def refused(found) -> str:
    """Everything that a refusal says."""
    assert isinstance(found, Refused), found
    return "\n".join(str(problem) for problem in found.problems)


@pytest.fixture
def two(archive, rules):
    """Two activations: the shipped copay, then a dearer one, both from the folder."""
    first = activated(archive, by="Kim", why="first").activation
    make_dearer(rules)
    second = activated(archive, by="Lee", why="letter of 3 March").activation
    return first, second


def test_what_was_activated_is_kept_with_who_when_and_why(archive, rules, two):
    first, second = two

    assert [(x.number, x.by, x.why) for x in archive.activated()] == [
        (2, "Lee", "letter of 3 March"),
        (1, "Kim", "first"),
    ]
    assert first.at < second.at
    assert archive.serving() == second
    assert archive.files_of(second) == files_of(rules)
    assert b"copay $30" in (archive.folder_of(first.version) / PLAN).read_bytes()


def test_the_same_files_again_change_nothing(archive, two):
    again = activated(archive, by="Kim", why="once more")

    assert not again.new
    assert again.activation == two[1]
    assert archive.newest_number() == 2


MISTAKES = {
    "cut": (b"$200", None, b""),
    "a test fails": (b"copay $40", b"copay $41", b"case: A weekly"),
    "no such date": (b"2026-12-31", b"2026-02-30", b"2026-02-30"),
    "unknown key": (b"limits:", b"limit:", b"limit:"),
}
"""What stands there, what is written instead (None: the file ends), and where the mistake is told."""


def place(text: bytes, there: bytes) -> str:
    """Line and column of some text; nothing when no text is named."""
    if not there:
        return ""
    lines = text[: text.index(there)].split(b"\n")
    return f"{len(lines)}:{len(lines[-1]) + 1}"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_file_with_any_mistake_is_refused_with_its_place(archive, rules, two, name):
    old, new, there = MISTAKES[name]
    before, _, after = (rules / PLAN).read_bytes().partition(old)
    text = before if new is None else before + new + after
    (rules / PLAN).write_bytes(text)

    assert f"rules/payers/example-ppo.yaml:{place(text, there)}" in refused(activate(archive))
    assert archive.serving() == two[1]


def test_a_failing_test_is_told_with_its_figures(archive, rules, two):
    (rules / PLAN).write_bytes((rules / PLAN).read_bytes().replace(b"copay $40", b"copay $41"))

    said = refused(activate(archive))

    assert "the test 'A weekly office visit costs the copay' of example-ppo fails: " in said
    assert "patient $40 expected, $41 found, " in said


MISSING = {
    "folder": "there is no such folder; give the folder of the rules",
    "files": "there are no rule files",
    "texts": "questions/es.yaml:1:1: there are no texts in 'es'",
    "tests": "there is no test in these files",
}


@pytest.mark.parametrize("what", MISSING)
def test_what_is_missing_is_refused(archive, rules, two, what):
    if what == "folder":
        os.rename(rules, f"{rules}-gone")
    for name in files_of(rules):
        if what == "files" or (what == "texts" and name.endswith("es.yaml")):
            (rules / name).unlink()
        if what == "tests" and name.startswith(("payers/", "therapists/")):
            (rules / name).unlink()

    assert MISSING[what] in refused(activate(archive))
    assert archive.serving() == two[1]


def test_a_rollback_is_an_activation_and_brings_the_files_back(archive, rules, two):
    first, _ = two

    found = rollback(archive, first.version, by="Kim", why="the letter was wrong")

    assert isinstance(found, Activated)
    assert found.folder == "written"
    assert files_of(rules) == archive.files_of(first)
    serving = archive.serving()
    assert (serving.number, serving.version, serving.how) == (3, first.version, "rollback")
    assert (serving.by, serving.why) == ("Kim", "the letter was wrong")
    assert archive.note() is None
    assert not [x for x in rules.rglob("*") if x.name.startswith(".")]


def test_a_rollback_sets_an_edited_folder_aside(archive, rules, two):
    (rules / PLAN).write_bytes((rules / PLAN).read_bytes() + b"# not yet in force\n")
    edited = files_of(rules)

    found = rollback(archive, two[0].version)

    assert found.folder == "set_aside"
    assert files_of(rules) == edited
    assert archive.serving().version == two[0].version
    assert archive.note().aside


def test_a_rollback_takes_a_new_file_away_and_brings_a_lost_one_back(archive, rules, two):
    (rules / "payers" / "more").mkdir()
    (rules / PLAN).rename(rules / "payers" / "more" / "moved.yaml")
    activated(archive)

    assert rollback(archive, two[1].version).folder == "written"
    assert files_of(rules) == archive.files_of(two[1])


def test_an_unknown_version_is_refused(archive, two):
    assert "no rules of version 'nowhere' are kept" in refused(rollback(archive, "nowhere"))


def test_a_version_damaged_on_the_disk_is_refused(archive, two):
    path = archive.folder_of(two[0].version) / PLAN
    path.write_bytes(path.read_bytes() + b"# touched\n")

    assert "damaged" in refused(rollback(archive, two[0].version))
    assert archive.serving() == two[1]


def test_given_files_are_put_in_force_and_written_to_the_folder(archive, rules, two):
    given = {**files_of(rules), PLAN: files_of(rules)[PLAN] + b"# from the workbench\n"}

    found = activated(archive, given, by="Kim", why="a note", base=two[1].files)

    assert found.folder == "written"
    assert files_of(rules) == given


def test_given_files_made_from_older_rules_are_refused(archive, rules, two):
    given = {**files_of(rules), PLAN: files_of(rules)[PLAN] + b"# from the workbench\n"}

    assert "other rules were put in force meanwhile" in refused(activate(archive, given, base=two[0].files))


def test_an_edit_of_the_same_file_in_the_folder_is_never_overwritten(archive, rules, two):
    given = {**files_of(rules), PLAN: files_of(rules)[PLAN] + b"# from the workbench\n"}
    (rules / PLAN).write_bytes((rules / PLAN).read_bytes() + b"# from an editor\n")
    there = files_of(rules)

    found = activate(archive, given, base=two[1].files)

    assert "rules/payers/example-ppo.yaml:1:1: somebody has changed this file" in refused(found)
    assert files_of(rules) == there
    assert archive.serving() == two[1]


def test_an_edit_of_another_file_stays_in_the_folder(archive, rules, two):
    given = {**files_of(rules), PLAN: files_of(rules)[PLAN] + b"# from the workbench\n"}
    other = rules / "questions" / "en.yaml"
    other.write_bytes(other.read_bytes() + b"# from an editor\n")

    found = activated(archive, given, base=two[1].files)

    assert found.folder == "differs"
    assert files_of(rules)[PLAN] == given[PLAN]
    assert other.read_bytes().endswith(b"# from an editor\n")


@pytest.mark.parametrize(
    "name",
    ["payers/../../x.yaml", "/etc/x.yaml", "x.yaml", "payers/.x.yaml", "payers/x.yml", "payers/a\nb.yaml"],
)
def test_given_files_have_plain_names_inside_the_rules(archive, tmp_path, two, name):
    before = {path for path in tmp_path.rglob("*") if archive.folder not in path.parents}

    assert refused(activate(archive, {**archive.files_of(two[1]), name: b"a: b\n"}))
    assert {path for path in tmp_path.rglob("*") if archive.folder not in path.parents} == before


def test_a_folder_that_cannot_be_written_is_set_aside(archive, rules, two):
    """A link into the kernel's own files: nobody, not even root, can write beside it."""
    os.rename(rules, f"{rules}-moved")
    rules.symlink_to(f"{rules}-moved")
    os.rename(rules / "payers", archive.folder / "payers")
    blocked = rules / "payers"
    blocked.symlink_to("/proc/self/fdinfo")

    found = rollback(archive, two[0].version)

    assert found.folder == "set_aside"
    assert archive.serving().version == two[0].version


def test_a_folder_with_something_in_the_way_is_set_aside(archive, rules, two):
    (rules / "payers" / "more").write_text("a note, where a folder has to be")
    before = files_of(rules)
    given = dict(before)
    given["payers/more/moved.yaml"] = given.pop(PLAN)

    found = activated(archive, given, base=two[1].files)

    assert found.folder == "set_aside"
    assert archive.files_of(archive.serving()) == given
    assert files_of(rules) == before
    assert archive.note().aside == two[1].files


def test_rules_that_were_rolled_back_are_put_in_force_by_saving_them_again(archive, rules, two):
    rollback(archive, two[0].version)
    make_dearer(rules)

    assert activated(archive).activation.version == two[1].version
