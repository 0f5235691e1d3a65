"""The rules as a workbook: taken away, one cell changed, brought back into the draft."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.workbench.staffing import PPO, Person
from tests.workbench.test_drafts import TESTS, next_session, put_in_force


def taken(kim: Person) -> openpyxl.Workbook:
    reply = kim.get("/spreadsheet.xlsx")
    assert reply.status_code == 200
    assert reply.headers["Content-Disposition"].startswith('attachment; filename="rules-')
    return openpyxl.load_workbook(io.BytesIO(reply.data))


def cell_of(workbook: openpyxl.Workbook):
    """The only cell that says the copay of an office visit of the example plan."""
    found = [
        cell
        for page in workbook
        for row in page.iter_rows()
        if any(cell.value == "example-ppo" for cell in row)
        for cell in row
        if cell.value == "copay $30"
    ]
    assert len(found) == 1
    return found[0]


def brought_back(kim: Person, workbook: openpyxl.Workbook | bytes):
    data = workbook if isinstance(workbook, bytes) else io.BytesIO()
    if not isinstance(workbook, bytes):
        workbook.save(data)
        data = data.getvalue()
    kim.get("/spreadsheet")
    return kim.post("/spreadsheet", workbook=(io.BytesIO(data), "rules.xlsx"))


def test_one_copay_is_raised(app, kim):
    workbook = taken(kim)
    cell_of(workbook).value = "copay $40"

    assert brought_back(kim, workbook).status_code == 303
    kim.write(PPO, *TESTS)
    assert "copay for in-network office visits $30 → $40" in kim.get("/draft").text
    put_in_force(kim)

    assert next_session(app) == 4_000


def test_an_untouched_workbook_changes_nothing(kim):
    assert brought_back(kim, taken(kim)).status_code == 422
    assert "No cell of this workbook differs" in kim.page


@pytest.mark.parametrize("value", ["copey $40", "=1+2", '=HYPERLINK("http://evil.test")'])
def test_a_wrong_cell_is_told_by_its_place_and_nothing_is_kept(kim, value):
    workbook = taken(kim)
    cell = cell_of(workbook)
    cell.value = value

    assert brought_back(kim, workbook).status_code == 422
    assert f"{cell.parent.title}!{cell.coordinate}" in kim.page
    assert "There is no draft" in kim.get("/drafts").text


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_workbook_is_refused(kim, data):
    assert brought_back(kim, data).status_code == 422


def test_a_workbook_of_older_rules_undoes_nothing(kim, lee):
    workbook = taken(kim)
    lee.write(PPO, ("name: Example PPO", "name: Example Preferred"))
    put_in_force(lee)
    cell_of(workbook).value = "copay $40"

    assert brought_back(kim, workbook).status_code == 422
    assert "changed after this workbook was exported" in kim.page
