"""A drafted test: what it asks, and the answer as it is computed today, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from coverage_service.checking.asked import Library, asked
from coverage_service.checking.figures import Found, found
from coverage_service.core.benefits import services_of
from coverage_service.core.facts import UNKNOWN, Between
from coverage_service.core.money import dollars
from coverage_service.core.plan import Plan
from coverage_service.core.terms import BOUNDLESS
from coverage_service.core.therapist import Therapist
from coverage_service.rulebook.cases import PLAN, THERAPIST, Case
from coverage_service.rulebook.schema_case import CaseSchema

Fields = dict[str, Any]
"""Fields of a test as a rule file writes them: text, counts, lists and groups."""
BILLED, ALLOWED = 20_000, 14_000
"""The bill of a drafted session and what the plan allows of it, in cents."""
CARRIED_ON: Final = "assumed_same_benefits"
"""What an answer says of a day after the last one."""
DIAGNOSES: Final = ("F43.10", "F41.1", "Z63.0", "F52.31")
"""Tried in this order for a session that the plan covers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A test that nobody has confirmed.  ``place``: the entry it belongs to, ``rules/payers/x.yaml:8``."""

    place: str
    entry: str
    fields: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The test's name."""
        return str(self.fields["case"])

    @property
    def file(self) -> str:
        """The file of its entry."""
        return self.place.rpartition(":")[0]


def case_of(entry: Plan | Therapist, fields: Mapping[str, Any]) -> Case:
    """The fields as a test of an entry; raises marshmallow's ValidationError when they are none."""
    values = CaseSchema().load({"expect": {"covered": "unknown"}, **fields})
    kind = PLAN if isinstance(entry, Plan) else THERAPIST
    return Case(**{**values, "entry": entry.id, "kind": kind, "starts": entry.starts})


def answered(entry: Plan | Therapist, fields: Mapping[str, Any], library: Library) -> Draft:
    """The fields with the computed answer as what they expect, not confirmed."""
    case = case_of(entry, fields)
    wanted = frozenset({"fee"}) if isinstance(entry, Therapist) else frozenset[str]()
    result = found(case, asked(case, library), wanted)
    if isinstance(entry, Therapist) and isinstance(result.figures["fee"], Between):
        result = found(case, asked(case, library), frozenset())
    wants_full = "full_fee" in fields.get("expect", {})
    told = _amount("full_fee", result) if wants_full else _of_scale(result)
    expect = dict(told if isinstance(entry, Therapist) else _of_plan(result))
    if "date" in fields.get("session", {}):
        expect["reason" if CARRIED_ON in result.reasons else "without_reason"] = CARRIED_ON
    asks = {key: value for key, value in fields.items() if key not in ("case", "expect")}
    order = {"case": fields["case"], "confirmed": "no", **asks}
    return Draft(entry.origin.place, entry.id, {**order, "expect": expect or {"reason": "nothing_told"}})


def _of_scale(result: Found) -> Iterator[tuple[str, str]]:
    fee = result.figures["fee"]
    if isinstance(fee, int):
        yield "fee", dollars(fee)
        return
    for name in ("low", "high"):
        yield from _amount(name, result)


def _of_plan(result: Found) -> Iterator[tuple[str, str]]:
    """Covered or not, and the amounts that are exact on that side."""
    covered = str(result.figures["covered"])
    yield "covered", covered
    if covered == "unknown":
        yield from _amount("patient_if_covered", result)
        yield from _amount("patient_if_not", result)
    elif isinstance(result.figures.get("patient"), int):
        yield from _amount("patient", result)
        yield from _amount("plan", result)
    else:
        yield from _amount("low", result)
        yield from _amount("high", result)


def _amount(name: str, result: Found) -> Iterator[tuple[str, str]]:
    cents = result.figures.get(name)
    if isinstance(cents, int) and 0 <= cents < BOUNDLESS:
        yield name, dollars(cents)


class Drawer:
    """Draws up sessions of one plan entry that are ordinary but for what a draft is about."""

    def __init__(self, plan: Plan, library: Library) -> None:
        self.plan = plan
        self.library = library
        networks = [row.network for row in plan.benefits]
        self.network = "out" if networks and set(networks) == {"out"} else "in"
        self.diagnosis = next((code for code in DIAGNOSES if self._is_covered(code)), DIAGNOSES[0])

    def _is_covered(self, code: str) -> bool:
        fields = {"case": "x", **self.session(diagnosis=code)}
        case = case_of(self.plan, fields)
        return found(case, asked(case, self.library), frozenset()).figures["covered"] == "yes"

    def session(self, **about: str | list[str]) -> Fields:
        """The fields of a test with one session; ``about`` says what is particular to it."""
        session: Fields = {"cpt": "90837", "diagnosis": getattr(self, "diagnosis", DIAGNOSES[0])}
        session["network"] = self.network
        cover = self.plan.coverage
        for name, needed in (("authorization", cover.prior_authorization), ("referral", cover.referral)):
            if needed in (True, UNKNOWN):
                session[name] = "yes"
        session |= about
        if session["cpt"] in ("90846", "90847"):
            session["identified_patient"] = "yes"
        session |= {"billed": dollars(BILLED), "allowed": dollars(ALLOWED)}
        families = any(limit.family is not None for limit in self.plan.limits)
        return {"coverage": "self_only", "session": session} if families else {"session": session}

    def code_of(self, service: str) -> str:
        """A procedure code of a service, an hour's therapy if it can be."""
        codes = sorted(self.library.reference.services.get(service, ()))
        return "90837" if "90837" in codes or not codes else codes[0]

    def services(self, code: str) -> tuple[str, ...]:
        """The services of a code, nearest first."""
        return services_of(code, self.library.reference)


def with_used(fields: Fields, used: Fields) -> Fields:
    """The same test with something used before."""
    return {**fields, "used": {**fields.get("used", {}), **used}}


def about_the_same(one: Case, other: Case) -> bool:
    """Whether two tests ask the same, whatever they are called and expect."""
    blank = Case(name="", entry=one.entry)

    def bare(case: Case) -> Case:
        return replace(case, name="", expect=blank.expect, origin=blank.origin, confirmed=True)

    return bare(one) == bare(other)
