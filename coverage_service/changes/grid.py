"""Generated requests: every plan meets every network, session, diagnosis, state, practice and date.

No chance is in it but that of a fixed seed: each plan gets the same number of requests, and
within a plan every value of every dimension comes about equally often, in mixed company.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from coverage_service.changes.client import Client
from coverage_service.changes.sample import GRID, Sample
from coverage_service.changes.spans import spans_of
from coverage_service.changes.states import STATES
from coverage_service.changes.units import plain
from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.core.request import (
    Household,
    Price,
)
from coverage_service.sources import Sources

SEED: Final = "coverage"
WEEK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=70)
NETWORKS: Final = ("in", "out", None, "in", "in", "opted_out", "gap_exception")
USUAL: Final = 3
"""How often sessions as they are booked stand beside each procedure code taken alone."""
SESSIONS: Final[tuple[Mapping[str, Any], ...]] = (
    {"format": "individual", "minutes": 55},
    {"format": "individual", "minutes": 45},
    {"format": "individual", "minutes": 30},
    {"format": "individual", "minutes": 80},
    {"format": "individual"},
    {"format": "couple", "minutes": 50, "identified_patient": True},
    {"format": "couple", "minutes": 50},
    {"format": "couple", "minutes": 50, "patient_present": False},
    {"format": "family", "minutes": 50, "identified_patient": True},
    {"format": "group", "minutes": 90},
    {},
)
COURSES: Final[tuple[Mapping[str, Any], ...]] = (
    {"sessions": 12, "intake": True},
    {"sessions": 1, "intake": False},
    {"sessions": 4},
    {"sessions": 26, "intake": False},
    {"sessions": 8, "every_days": 14, "intake": True},
)
SETTINGS: Final[tuple[Mapping[str, Any], ...]] = (
    {"modality": "in_person"},
    {"modality": "telehealth"},
    {},
    {"modality": "in_person", "described_as": "psychotherapy", "authorization": True},
    {"modality": "in_person", "described_as": "sex_therapy", "client_state": "CA"},
)
PRICES: Final[tuple[Price | None, ...]] = (
    Price(billed=20_000, allowed=14_000),
    None,
    Price(allowed=11_050),
    Price(billed=18_500),
)
HOUSEHOLDS: Final = (
    Household(),
    Household(size=2, area="48", income=3_800_000),
    Household(size=1, area="48", income=1_500_000),
    Household(size=4, area="AK", income=9_000_000),
)
COVERAGES: Final = ("self_only", None, "family")
ENOUGH: Final = 150
"""Requests of a plan that differs, however few are generated in all."""
PRACTICES: Final = 3
"""How many practices each client asks: what only the client and the plan decide is found out once."""


def grid(old: Sources, new: Sources, as_of: date, size: int) -> Iterator[Sample]:
    """About ``size`` requests, the same for the same two versions of the rules and the same day."""
    ids = [*dict.fromkeys((*old.plans, *new.plans)), ""]
    turns = _turning_days(old.therapists, new.therapists)
    for number, (id, wanted) in enumerate(_shares(ids, old.plans, new.plans, size).items()):
        yield from _of_plan(id, old, new, as_of, turns, wanted, 1 + number * size)


def _shares(ids: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any], size: int) -> dict[str, int]:
    """How many requests each plan gets: the same, but enough for each that differs."""
    differing = [id for id in ids if old.get(id) != new.get(id) and plain(old.get(id)) != plain(new.get(id))]
    floor = min(ENOUGH, size // len(differing)) if differing else 0
    if floor <= size // len(ids):
        differing = []
    others = [id for id in ids if id not in differing]
    each, more = divmod(size - floor * len(differing), max(1, len(others)))
    found = dict.fromkeys(differing, floor) | {id: each + (n < more) for n, id in enumerate(others)}
    return {id: found[id] for id in ids}


def _of_plan(
    id: str, old: Sources, new: Sources, as_of: date, turns: set[date], size: int, first: int
) -> Iterator[Sample]:
    both = (*old.plans.get(id, ()), *new.plans.get(id, ()))
    codes = _codes(old, new)
    dimensions: dict[str, Sequence[Any]] = {
        "network": NETWORKS,
        "session": (*SESSIONS * USUAL, *({"codes": (code,)} for code in codes)),
        "diagnosis": _diagnoses(old, new, both),
        "state": (*STATES, *_pools(both)),
        "days": _days(turns | _turning_days(_one(old.plans, id), _one(new.plans, id)), as_of),
        "course": COURSES,
        "setting": SETTINGS,
        "price": PRICES,
        "household": HOUSEHOLDS,
        "coverage": COVERAGES,
        "tier": _tiers(both),
    }
    clients = -(-size // PRACTICES)
    columns = {name: _column(f"{SEED} {id} {name}", values, clients) for name, values in dimensions.items()}
    practices = (*dict.fromkeys((*old.therapists, *new.therapists)), "")
    therapists = _column(f"{SEED} {id} therapist", practices, size)
    for number in range(clients):
        row = {name: values[number] for name, values in columns.items()}
        client = Client(row, id, both, codes, number)
        for therapist in therapists[number * PRACTICES : (number + 1) * PRACTICES]:
            yield Sample(
                GRID, partial(_title, id, row, therapist), id, therapist,
                partial(client.ask, therapist), first + number,
            )  # fmt: skip


def _column(seed: str, values: Sequence[Any], size: int) -> list[Any]:
    """Every value as often as any other, in mixed order."""
    chance = random.Random(seed)
    found: list[Any] = []
    while len(found) < size:
        found += chance.sample(list(values), len(values))
    return found[:size]


def _one(entries: Mapping[str, Any], id: str) -> Mapping[str, Any]:
    return {id: entries[id]} if id in entries else {}


def _turning_days(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[date]:
    """The days on which something begins to differ, or stops to."""
    days: set[date] = set()
    for id in old.keys() & new.keys():
        if old[id] is new[id] or old[id] == new[id]:
            continue
        for span in spans_of(old[id], new[id]):
            if plain(replace(span.old, starts=None)) != plain(replace(span.new, starts=None)):
                days |= {day for day in (span.starts, span.until and span.until + WEEK / 7) if day}
    return days


def _days(turns: set[date], as_of: date) -> list[tuple[date, date]]:
    """Pairs of the day of the estimate and of its first session, on both sides of each turn."""
    found = [(as_of, as_of + WEEK)]
    for day in sorted(turns):
        if day > as_of:
            found += [(as_of, max(as_of, day - 3 * WEEK)), (as_of, day), (as_of, day + AHEAD)]
            found += [(day, day + WEEK)]
        else:
            found += [(day, day), (day - 3 * WEEK, day - 2 * WEEK)]
    return list(dict.fromkeys(found))


def _codes(old: Sources, new: Sources) -> list[str]:
    return sorted({*old.book.reference.procedures, *new.book.reference.procedures})


def _diagnoses(old: Sources, new: Sources, plans: Sequence[Plan]) -> list[Mapping[str, Any]]:
    """Every code of the reference data and of the plan's own rows, every concern, and none said."""
    references: tuple[Reference, ...] = (old.book.reference, new.book.reference)
    codes = {code for each in references for code in each.diagnoses}
    codes |= {rule.match for plan in plans for rule in plan.coverage.diagnoses}
    concerns = {concern for each in references for concern in each.concerns}
    said: list[Mapping[str, Any]] = [{"diagnoses": (code,)} for code in sorted(codes)]
    said += [{"concern": concern} for concern in sorted(concerns)]
    return [*said, {}, {"diagnoses": ("F43.10", "Z63.0")}]


def _pools(plans: Sequence[Plan]) -> list[str]:
    pools = {row.visits.pool for plan in plans for row in plan.benefits if row.visits}
    return [f"visits used of {pool}" for pool in sorted(pools)]


def _tiers(plans: Sequence[Plan]) -> list[str | None]:
    return [None, *sorted({row.tier for plan in plans for row in plan.benefits if row.tier})]


def _title(id: str, row: Mapping[str, Any], therapist: str) -> str:
    session = row["session"]
    what = ", ".join(session["codes"]) if "codes" in session else _session(session)
    diagnosis = row["diagnosis"].get("diagnoses", ("no diagnosis said",))[0]
    sessions = row["course"]["sessions"]
    network = {"in": "in network", "out": "out of network", None: "network unknown"}
    said = [
        id or "no plan", network.get(row["network"], str(row["network"]).replace("_", " ")), what,
        row["diagnosis"].get("concern", diagnosis), row["state"],
        f"{sessions} session{'' if sessions == 1 else 's'} from {row['days'][1]}",
        therapist or "no practice named",
    ]  # fmt: skip
    return ", ".join(said)


def _session(session: Mapping[str, Any]) -> str:
    minutes = f" {session['minutes']} minutes" if "minutes" in session else ""
    return f"{session.get('format', 'format not said')}{minutes}"
