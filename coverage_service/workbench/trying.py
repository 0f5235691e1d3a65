"""A session that somebody tries on rules: asked like a test of a rule file, answered with its working."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from coverage_service.checking.asked import asked
from coverage_service.checking.figures import Figure, Found, found
from coverage_service.core.facts import Between
from coverage_service.core.money import LARGEST, parse_dollars
from coverage_service.core.plan import Plan
from coverage_service.core.request import LimitUsed, Used
from coverage_service.core.schedule import THERAPY, in_force
from coverage_service.core.trace import of_scenario
from coverage_service.core.working import Working
from coverage_service.html.speech import gettext as _
from coverage_service.rulebook.cases import Case, Session
from coverage_service.rulebook.steps import step_text
from coverage_service.workbench.examining import Examined
from coverage_service.workbench.figures import CAUSES, PARTS, bound, named

CODES: Final = ("90791", "90832", "90834", "90837", "90846", "90847", "90853")
NETWORKS: Final = ("in", "out")
MODALITIES: Final = ("in_person", "telehealth")
MONEY: Final = ("billed", "allowed", "deductible", "out_of_pocket")
SHOWN: Final = (
    "covered", "patient", "patient_if_covered", "patient_if_not", "plan", "write_off", "deductible", "copay",
    "coinsurance", "balance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One movement of money in a working."""

    label: str
    cents: int
    note: str = ""
    total: bool = False
    quoted: bool = False

    @property
    def amount(self) -> str:
        return bound(self.cents)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a session comes to: figures, one working for each end, the reasons, the rules that decided."""

    figures: tuple[tuple[str, Figure], ...]
    workings: tuple[tuple[str, tuple[Row, ...]], ...]
    reasons: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(slots=True)
class Asking:
    """What was typed, and what is wrong with it by field."""

    said: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.said.get(name, "").strip()[:100]

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        text = self.text(name) or options[0]
        if text not in options:
            self.wrong[name] = _("Choose one of the answers.")
        return text

    def money(self, name: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        try:
            cents = parse_dollars(f"${text.replace(' ', '').replace(',', '').lstrip('$')}")
        except ValueError:
            cents = -1
        if not 0 <= cents <= LARGEST:
            self.wrong[name] = _("This is not an amount. Write it in dollars, such as 150 or 1,250.50.")
            return None
        return cents

    def day(self, name: str, otherwise: date) -> date:
        text = self.text(name)
        try:
            found = date.fromisoformat(text) if text else otherwise
        except ValueError:
            found = date.min
        if not 2000 <= found.year <= 2099:
            self.wrong[name] = _("There is no such day. Write it as year-month-day, such as 2027-01-31.")
            return otherwise
        return found


def case_of(asking: Asking, plans: Mapping[str, tuple[Plan, ...]], today: date) -> Case | None:
    """The session as a test that expects nothing; None when something cannot be read."""
    entries = plans.get(asking.text("plan"), ())
    if not entries:
        asking.wrong["plan"] = _("Choose a plan.")
    day = asking.day("date", today)
    money = {name: asking.money(name) for name in MONEY}
    session = Session(
        date=day,
        cpt=asking.choice("cpt", CODES),
        diagnoses=tuple(asking.text("diagnosis").upper().replace(",", " ").split())[:4],
        network=asking.choice("network", NETWORKS),
        modality=asking.choice("modality", MODALITIES),
        billed=money["billed"],
        allowed=money["allowed"],
        identified_patient=True,
    )
    if session.billed is None and "billed" not in asking.wrong:
        asking.wrong["billed"] = _("Write the clinician's fee, such as 200.")
    found = in_force(entries, day)
    if entries and (found is None or (found.starts and day < found.starts)):
        asking.wrong["date"] = _("This plan has no rules for that day. Choose another day or plan.")
    if asking.wrong:
        return None
    here = in_force(entries, day)
    assert here is not None
    return Case(
        name="(tried)", entry=asking.text("plan"), starts=here.starts, session=session,
        used=_used(here, money["deductible"], money["out_of_pocket"]), origin=here.origin,
    )  # fmt: skip


def _used(plan: Plan, deductible: int | None, out_of_pocket: int | None) -> Used:
    if deductible is None and out_of_pocket is None:
        return Used()
    spent = LimitUsed(deductible=deductible or 0, out_of_pocket=max(out_of_pocket or 0, deductible or 0))
    return Used(limits={limit.bucket: spent for limit in plan.limits})


def tried(case: Case, rules: Examined) -> Tried:
    """The same figures that a test of a rule file would be held to."""
    result = found(case, asked(case, rules.library), frozenset(SHOWN))
    figures = tuple((name, result.figures.get(name)) for name in SHOWN if _worth(name, result))
    return Tried(figures, tuple(_workings(result)), tuple(sorted(result.reasons)), tuple(_places(result)))


def _worth(name: str, result: Found) -> bool:
    if name in ("patient_if_covered", "patient_if_not") and result.figures.get("covered") != "unknown":
        return False
    return (name in ("covered", "patient", "plan") and name in result.figures) or result.figures.get(
        name
    ) not in (None, 0)


def _workings(result: Found) -> Iterator[tuple[str, tuple[Row, ...]]]:
    spread = isinstance(result.figures.get("patient"), Between)
    for end in ("low", "high") if spread else ("planning",):
        lines = of_scenario(
            result.asked.request, result.asked.reference, result.pathway, result.scenario, end
        )
        for line in [each for each in lines if each.kind == THERAPY][:1]:
            yield end if spread else "", tuple(rows(line.working))


def _places(result: Found) -> Iterator[str]:
    """The rules that decided, each with the line it stands in."""
    places = (why.origin.place for why in result.answer.why)
    return iter(dict.fromkeys(place for place in places if place))


def rows(working: Working) -> Iterator[Row]:
    """Billed, each movement of money, and what the patient pays in the end."""
    line = working.line
    yield Row(str(PARTS["billed"]), line.billed)
    told = False
    for move in working.moves:
        if line.covered and not told and move.cause not in ("write_off", "above_allowed"):
            told = True
            yield Row(str(PARTS["allowed"]), line.allowed)
        if move.step >= 0 and move.cause not in CAUSES:
            note = _("of %(amount)s", amount=bound(move.base)) if move.part == "coinsurance" else ""
            yield Row(step_text(line.steps[move.step]), move.taken, note, quoted=True)
        else:
            yield Row(named(CAUSES, move.cause), move.taken)
    yield Row(str(PARTS["patient"]), working.patient, total=True)
