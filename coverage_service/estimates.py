"""What the service does for its faces: a body of decoded JSON in, values of the core out.

Facts are gathered from ``Sources`` and handed to the core: no arithmetic and no HTTP here.
Every mistake in a body is told at once, each as a Problem at a JSON pointer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coverage_service.core import script as core_script
from coverage_service.core.answer import Estimate, Pathway
from coverage_service.core.codes import INTAKE
from coverage_service.core.estimate import estimate
from coverage_service.core.plan import Plan
from coverage_service.core.pricing import fee_of
from coverage_service.core.question_table import HR, HR_EAP, INSURER, MEDICARE, MEDIGAP, PRACTICE, UNINSURED
from coverage_service.core.request import FIGURES, Household, Request
from coverage_service.core.schedule import in_force
from coverage_service.core.script import Script
from coverage_service.core.shared import Shared
from coverage_service.core.sliding_scale import ScaleFee, scale_fee
from coverage_service.core.therapist import Sliding, Therapist
from coverage_service.core.wording import Wording
from coverage_service.request_problems import below, checked, problem, told
from coverage_service.request_reading import Reader
from coverage_service.request_schema import BATCH, ESTIMATE, SCRIPT, SLIDING_FEE
from coverage_service.rulebook.problems import Problem
from coverage_service.sources import Sources

DEFAULT_LANGUAGE = "en"
COURSE = "course"
INLINE = "inline"
"""The status of a plan that is described in a request."""


class Invalid(Exception):
    """A body that cannot be answered, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} mistakes in a request")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Answered:
    """An estimate, the request it answers and the words for its codes."""

    request: Request
    estimate: Estimate
    wording: Wording


@dataclass(frozen=True, slots=True)
class Item:
    """One therapist of a batch: the figures of an estimate, or what is wrong with this therapist.

    ``best`` is the pathway by which the batch is sorted.
    """

    index: int
    therapist: str
    estimate: Estimate | None = None
    best: Pathway | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One client and many therapists, the cheapest first."""

    request: Request
    items: tuple[Item, ...]
    wording: Wording


@dataclass(frozen=True, slots=True)
class Scripts:
    """The questions of each listener who can answer something, in the person's situations."""

    request: Request
    scripts: tuple[Script, ...]
    wording: Wording
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlidingFee:
    """What a practice's scale asks for one session; ``fee`` None when it has no scale."""

    therapist: str
    cpt: str
    on: date
    full_fee: int | None
    fee: ScaleFee | None
    wording: Wording


def make_estimate(body: Any, sources: Sources, today: date) -> Answered:
    """The estimate for a body in the shape of ``EstimateRequestSchema``; raises Invalid."""
    request = read_request(body, sources, today)
    return Answered(request, estimate(request, sources.book.reference), sources.wordings[request.language])


def read_request(body: Any, sources: Sources, today: date) -> Request:
    """The request in a body, with its plan and therapist found; raises Invalid."""
    reader = Reader(sources, today, *checked(ESTIMATE, body))
    request = reader.request(body, reader.therapist(body, "therapist"))
    if request is None:
        raise Invalid(told(reader.problems))
    return request


def make_batch(body: Any, sources: Sources, today: date) -> Batch:
    """One estimate for each therapist, sorted; a bad therapist is that item's problem."""
    reader = Reader(sources, today, *checked(BATCH, body))
    request = reader.request(body, ())
    if request is None:
        raise Invalid(told(reader.problems))
    reference, shared = sources.book.reference, Shared()
    items = []
    for index, asked in enumerate(reader.values["therapists"]):
        entries, problems = reader.one_therapist(asked, below("/therapists", index))
        name = asked if isinstance(asked, str) else entries[0].id if entries else ""
        if problems:
            items.append(Item(index, name, problems=problems))
            continue
        found = estimate(replace(request, therapist=entries, detail=FIGURES), reference, shared)
        items.append(Item(index, name, found, best_of(found)))
    return Batch(request, tuple(sorted(items, key=_place)), sources.wordings[request.language])


def best_of(found: Estimate) -> Pathway | None:
    """The pathway of the lowest figure for the course; a certain one before a doubtful one."""
    priced = [each for each in found.pathways if figure_of(each) is not None]
    return min(priced, key=lambda each: (each.possible != "yes", figure_of(each) or 0), default=None)


def figure_of(pathway: Pathway | None) -> int | None:
    """The planning figure of the course, else its high end."""
    course = next((each for each in pathway.windows if each.id == COURSE), None) if pathway else None
    if course is None:
        return None
    return course.high if course.planning is None else course.planning


def _place(item: Item) -> tuple[bool, int, str, int]:
    figure = figure_of(item.best)
    return figure is None, figure or 0, item.therapist, item.index


def make_scripts(body: Any, sources: Sources, today: date) -> Scripts:
    """The open questions of an estimate, as one script for each listener or for the one asked for."""
    reader = Reader(sources, today, *checked(SCRIPT, body))
    request = reader.request(body, reader.therapist(body, "therapist"))
    if request is None:
        raise Invalid(told(reader.problems))
    wording = sources.wordings[request.language]
    found = estimate(replace(request, detail=FIGURES), sources.book.reference)
    asked = reader.values.get("listener")
    listeners = (asked,) if asked else listeners_of(found.situations)
    scripts = tuple(_script(each, request, found, wording) for each in listeners)
    return Scripts(request, tuple(x for x in scripts if asked or x.items), wording, found.situations)


def listeners_of(situations: Sequence[str]) -> tuple[str, ...]:
    """Who can answer something in these situations."""
    others = ((HR, HR_EAP), (MEDIGAP, MEDICARE))
    insured = () if set(situations) <= {UNINSURED} else (INSURER,)
    return (*insured, PRACTICE, *(who for who, situation in others if situation in situations))


def _script(listener: str, request: Request, found: Estimate, wording: Wording) -> Script:
    return core_script.script(
        listener,
        found.unknowns,
        found.situations,
        wording,
        request.name_topic,
        _blanks(request, found),
        **core_script.scope_of(request),
    )


def _blanks(request: Request, found: Estimate) -> Mapping[str, str]:
    """What is known of the blanks in a script; the topic only when the person names it."""
    care, used = request.care, {fact.id: fact.value for fact in found.facts}
    on = care.first_session or request.as_of
    plan, therapist = in_force(request.plan, on), in_force(request.therapist, on)
    codes = dict.fromkeys(code for line in used.get("codes") or () for code in line)
    cpts = [*([INTAKE] if used.get("intake") else ()), *codes]
    known: dict[str, Any] = {
        "plan": _name_on_card(plan) if plan else None,
        "npi": _said(therapist.clinician.npi) if therapist else None,
        "licence": _said(therapist.clinician.licence) if therapist else None,
        "cpts": ", ".join(cpts),
        "cpt": cpts[-1] if cpts else None,
        "date": on.isoformat(),
        "year": str(on.year),
        "state": care.client_state,
        "dx": care.diagnoses[0] if care.diagnoses and request.name_topic else None,
    }
    return {name: text for name, text in known.items() if isinstance(text, str) and text}


def _name_on_card(plan: Plan) -> str:
    """The name of a plan; the id of one that the person described is no name."""
    return plan.name or ("" if plan.status == INLINE else plan.id)


def _said(value: object) -> str | None:
    return value if isinstance(value, str) else None


def make_sliding_fee(body: Any, sources: Sources, today: date) -> SlidingFee:
    """The fee of one session on a practice's sliding scale; raises Invalid."""
    reader = Reader(sources, today, *checked(SLIDING_FEE, body))
    entries = reader.therapist(body, "therapist")
    language = reader.language()
    if reader.problems:
        raise Invalid(told(reader.problems))
    said = reader.values
    on = said.get("on") or said.get("as_of") or today
    therapist = in_force(entries, on)
    if therapist is None:
        raise Invalid([problem("/therapist", "a therapist is needed here; write an id or an object")])
    full = fee_of(therapist, said["cpt"], said.get("minutes"))
    return SlidingFee(
        therapist.id,
        said["cpt"],
        on,
        full.fee if full and isinstance(full.fee, int) else None,
        _on_scale(therapist, full.fee if full else None, said, on, sources),
        sources.wordings[language],
    )


def _on_scale(
    therapist: Therapist, full: Any, said: Mapping[str, Any], on: date, sources: Sources
) -> ScaleFee | None:
    if not isinstance(therapist.sliding, Sliding):
        return None
    household = said.get("household", Household())
    return scale_fee(therapist.sliding, full, household, sources.book.reference, said["cpt"], on)
