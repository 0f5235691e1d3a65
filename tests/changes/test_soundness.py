"""That nothing is missed: no field goes untold, no proof is wrong, every change can be applied alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import pytest

from coverage_service.changes.compare import changes_between
from coverage_service.changes.grid import grid
from coverage_service.changes.hybrid import with_changes
from coverage_service.changes.moved import figures_of, moved
from coverage_service.changes.running import NEITHER, ONLY_NEW, ONLY_OLD, outcomes
from coverage_service.changes.sample import of_tests
from coverage_service.changes.units import plain
from coverage_service.core.estimate import estimate, windows_of
from coverage_service.core.facts import UNKNOWN, Origin, Source
from coverage_service.core.plan import Plan
from coverage_service.core.request import FIGURES
from coverage_service.sources import Sources
from tests.changes.support import PPO, TODAY, add_next_year, change, copy_of_rules, read, shipped

RICH = ("example-ppo", "example-oon", "medicare-part-b", "medigap-plan-n")
PRACTICES = ("example-therapist", "health-centre")


def with_entries(sources: Sources, part: str, id: str, entries: tuple[Any, ...]) -> Sources:
    """The rules with other entries of one id."""
    if part == "plan":
        book = replace(sources.book, plans={**sources.book.plans, id: entries})
        return replace(sources, book=book, plans={**sources.plans, id: entries})
    store = replace(sources.store, entries={**sources.store.entries, id: entries})
    return replace(sources, store=store, therapists={**sources.therapists, id: entries})


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, Enum):
        return next((each for each in type(value) if each is not value), 77_00)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return {"in": "out", "out": "in"}.get(value, f"{value}x")
    if isinstance(value, date):
        return date.fromordinal(value.toordinal() + 1)
    return UNKNOWN


def variants(value: Any) -> Iterator[Any]:
    """The value with one thing in it changed, for each thing in it."""
    if isinstance(value, Origin) and not value.place:
        return  # Nobody wrote it.
    if isinstance(value, Source):
        yield replace(value, title="Another")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name in ("place", "text"):
                continue
            for each in variants(getattr(value, field.name)):
                yield replace(value, **{field.name: each})
    elif isinstance(value, tuple) and value:
        if not isinstance(value[0], int):  # A month and a day belong together.
            yield value[:-1]
        for number, each in enumerate(value):
            yield from ((*value[:number], new, *value[number + 1 :]) for new in variants(each))
    elif hasattr(value, "items") and value:
        for key, each in value.items():
            yield {other_key: x for other_key, x in value.items() if other_key != key}
            yield from ({**value, key: new} for new in variants(each))
    elif (value is not None and not hasattr(value, "__len__")) or isinstance(value, str):
        yield other(value)


@pytest.mark.parametrize(
    ("part", "id"), [*(("plan", id) for id in RICH), *(("therapist", id) for id in PRACTICES)]
)
def test_whatever_differs_in_an_entry_is_told_and_can_be_applied(part, id):
    """Each fact changed alone: it is told, and the changes applied to the old rules are the new ones."""
    old = shipped()
    entries = (old.plans if part == "plan" else old.therapists)[id]
    tried = 0
    for entry in variants(entries[-1]):
        if entry.id != id or entry.starts != entries[-1].starts:
            continue
        new = with_entries(old, part, id, (*entries[:-1], entry))
        found = changes_between(old, new)
        assert found, entry
        assert all(each.text for each in found)
        back = with_changes(old, new, found)
        made = (back.plans if part == "plan" else back.therapists)[id]
        if isinstance(entry, Plan) or found[0].amounts:
            assert plain(made[-1]) == plain(entry), found
        tried += 1
    assert tried > 20


def test_several_changes_applied_together_are_the_new_rules(tmp_path):
    """A new year, rows that come, go and change places, a reference figure and a schedule's rate."""
    rules = copy_of_rules(tmp_path)
    add_next_year(
        rules,
        ("[copay $30]", "[copay $40]"),
        ('{match: "F52.*", covered: unknown}', '{match: "F5*", covered: yes}'),
    )
    change(rules, "reference/poverty_guidelines.yaml", ('"$15,960"', '"$16,000"'))
    change(rules, "therapists/example-therapist.yaml", ('    - {up_to: 300%, fee: "$150"}\n', ""))
    old, new = shipped(), read(rules)
    made = with_changes(old, new, changes_between(old, new))

    assert plain(made.plans["example-ppo"]) == plain(new.plans["example-ppo"])
    assert plain(made.therapists["example-therapist"]) == plain(new.therapists["example-therapist"])
    assert plain(made.book.reference) == plain(new.book.reference)
    assert plain(with_changes(old, new, ()).plans["example-ppo"]) == plain(old.plans["example-ppo"])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (PPO, "[copay $30]", "[copay $40]"),
        ("therapists/example-therapist.yaml", '"90847", fee: "$220"', '"90847", fee: "$230"'),
        ("reference/poverty_guidelines.yaml", '"$15,960"', '"$18,000"'),
        ("fee_schedules/medicare-2026.yaml", '"90837": "$167.00"', '"90837": "$177.00"'),
        ("reference/services.yaml", '"90837"', '"90836"'),
        ("reference/legal_limits.yaml", 'self_only: "$10,600"', 'self_only: "$1,600"'),
        ("reference/codes.yaml", '    - "F52.*"\n', '    - "F52.2*"\n'),
    ],
)
def test_what_was_not_computed_is_the_same_when_it_is(tmp_path, name, old, new):
    """Every outcome, computed or proven, is that of two plain estimates."""
    rules = copy_of_rules(tmp_path)
    change(rules, name, (old, new))
    before, after = shipped(), read(rules)
    samples = [*list(of_tests(before, after))[::8], *grid(before, after, TODAY, 240)]

    for sample, outcome in zip(samples, outcomes(samples, before, after), strict=True):
        one, two = sample.ask(before), sample.ask(after)
        if one is None or two is None:
            assert outcome.how in (NEITHER, ONLY_NEW, ONLY_OLD)
            continue
        plainly = moved(figures_of(one.request, one.reference), figures_of(two.request, two.reference))
        assert outcome.moved == plainly, (sample.name, outcome.how)


def test_the_figures_compared_are_those_of_the_answer(tmp_path):
    """What compares estimates sees the figures that an answer shows."""
    rules = copy_of_rules(tmp_path)
    add_next_year(rules, ("[copay $30]", "[copay $40]"))
    new = read(rules)
    asked = [each.ask(new) for each in grid(shipped(), new, TODAY, 240)]

    for request, reference in ((each.request, each.reference) for each in asked if each):
        answer = estimate(replace(request, detail=FIGURES), reference)
        assert windows_of(request, reference) == answer.pathways


def test_the_grid_meets_everything(tmp_path):
    """Every plan, practice, network, code, diagnosis and state, and both sides of the change."""
    rules = copy_of_rules(tmp_path)
    add_next_year(rules, ("[copay $30]", "[copay $40]"))
    new = read(rules)
    samples = list(grid(shipped(), new, TODAY, 10_000))
    asked = [each.ask(new) for each in samples]
    requests = [each.request for each in asked if each]
    reference = new.book.reference

    assert len(samples) == 10_000
    assert {each.plan for each in samples} == {*new.plans, ""}
    assert {each.therapist for each in samples} == {*new.therapists, ""}
    assert {each.network.status for each in requests} >= {"in", "out", "opted_out", "gap_exception", None}
    assert {code for each in requests for code in each.care.codes} == set(reference.procedures)
    assert {code for each in requests for code in each.care.diagnoses} >= set(reference.diagnoses)
    assert {each.care.concern for each in requests} == {*reference.concerns, None}
    mine = [each for each in requests if each.plan and each.plan[0].id == "example-ppo"]
    days = {each.care.first_session for each in mine}
    assert min(days) < date(2027, 1, 1) <= max(days)
    assert any(each.as_of >= date(2027, 1, 1) for each in mine)
    used = {each.used.limits["in_network"].out_of_pocket for each in mine if "in_network" in each.used.limits}
    assert {0, 500_00, 1_000_00, 4_940_00, 5_000_00} <= used


def test_the_sources_of_a_figure_are_told(tmp_path):
    """Another confidence moves no amount, and is no secret."""
    entry = shipped().plans["example-ppo"][-1]
    row = replace(entry.benefits[0], origin=Origin("rules/x.yaml:1", Source("Call")))
    new = with_entries(
        shipped(), "plan", "example-ppo", (replace(entry, benefits=(row, *entry.benefits[1:])),)
    )
    (found,) = changes_between(shipped(), new)

    assert not found.amounts
    assert "Call (stated)" in found.text
