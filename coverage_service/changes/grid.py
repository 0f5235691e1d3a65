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

from coverage_service.changes.sample import GRID, Asked, Sample
from coverage_service.changes.spans import spans_of
from coverage_service.changes.states import STATES, used_in
from coverage_service.changes.units import plain
from coverage_service.core.plan import Plan
from coverage_service.core.reference import Reference
from coverage_service.core.request import (
    Care,
    Household,
    NetworkFact,
    OtherPlan,
    Price,
    Request,
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
AGREED: Final = 15_000


def grid(old: Sources, new: Sources, as_of: date, size: int) -> Iterator[Sample]:
    """About ``size`` requests, the same for the same two versions of the rules and the same day."""
    ids = [*dict.fromkeys((*old.plans, *new.plans)), ""]
    turns = _turning_days(old.therapists, new.therapists)
    each, more = divmod(size, len(ids))
    for number, id in enumerate(ids):
        yield from _of_plan(id, old, new, as_of, turns, each + (number < more))


def _of_plan(
    id: str, old: Sources, new: Sources, as_of: date, turns: set[date], size: int
) -> Iterator[Sample]:
    both = (*old.plans.get(id, ()), *new.plans.get(id, ()))
    days = _days(turns | _turning_days(_one(old.plans, id), _one(new.plans, id)), as_of)
    codes = _codes(old, new)
    dimensions: dict[str, Sequence[Any]] = {
        "network": NETWORKS,
        "session": (*SESSIONS * USUAL, *({"codes": (code,)} for code in codes)),
        "diagnosis": _diagnoses(old, new, both),
        "state": (*STATES, *_pools(both)),
        "therapist": (*dict.fromkeys((*old.therapists, *new.therapists)), ""),
        "days": days,
        "course": COURSES,
        "setting": SETTINGS,
        "price": PRICES,
        "household": HOUSEHOLDS,
        "coverage": COVERAGES,
        "tier": _tiers(both),
    }
    columns = {name: _column(f"{SEED} {id} {name}", values, size) for name, values in dimensions.items()}
    for number in range(size):
        row = {name: values[number] for name, values in columns.items()}
        ask = partial(_asked, row, id, both, codes, number)
        yield Sample(GRID, _title(id, row), id, row["therapist"], ask)


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


def _asked(
    row: Mapping[str, Any],
    id: str,
    plans: Sequence[Plan],
    codes: Sequence[str],
    number: int,
    sources: Sources,
) -> Asked | None:
    therapist = row["therapist"]
    if (id and id not in sources.plans) or (therapist and therapist not in sources.therapists):
        return None
    as_of, first = row["days"]
    status = row["network"]
    prices = dict.fromkeys(codes, row["price"]) if row["price"] else {}
    request = Request(
        as_of=as_of,
        uninsured=not id and bool(number % 2),
        therapist=sources.therapists.get(therapist, ()),
        care=Care(
            first_session=first, **row["session"], **row["diagnosis"], **row["course"], **row["setting"]
        ),
        used=used_in(row["state"], plans, as_of),
        household=row["household"],
        coverage=row["coverage"],
        network=NetworkFact(
            status=status, tier=row["tier"], agreed=AGREED if status == "gap_exception" else None
        ),
        prices=prices,
    )  # fmt: skip
    with_plan = _with_plan(request, id, sources, number)
    return None if with_plan is None else Asked(with_plan, sources.book.reference)


def _with_plan(request: Request, id: str, sources: Sources, number: int) -> Request | None:
    """A supplement stands beside the plan it supplements; a programme also beside no plan at all."""
    entries = sources.plans.get(id, ())
    if not entries:
        return request
    supplement = entries[-1].supplements
    if supplement:
        base = sources.plans.get(supplement.plan)
        return replace(request, plan=base, secondary=OtherPlan(entries=entries)) if base else None
    if entries[-1].market.kind == "EAP" and number % 2:
        return replace(request, uninsured=True, eap=OtherPlan(entries=entries))
    return replace(request, plan=entries)


def _title(id: str, row: Mapping[str, Any]) -> str:
    session = row["session"]
    what = ", ".join(session["codes"]) if "codes" in session else _session(session)
    diagnosis = row["diagnosis"].get("diagnoses", ("no diagnosis said",))[0]
    sessions = row["course"]["sessions"]
    said = [
        id or "no plan", f"{row['network'] or 'network unknown'}".replace("_", " "), what,
        row["diagnosis"].get("concern", diagnosis), row["state"],
        f"{sessions} session{'' if sessions == 1 else 's'} from {row['days'][1]}",
        row["therapist"] or "no practice named",
    ]  # fmt: skip
    return ", ".join(said)


def _session(session: Mapping[str, Any]) -> str:
    minutes = f" {session['minutes']} minutes" if "minutes" in session else ""
    return f"{session.get('format', 'format not said')}{minutes}"
