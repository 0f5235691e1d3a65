"""From the checked values of a body to a Request: ids resolved, inline objects read.

What depends on the rule book is checked here, after the shape: names, dates, answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from coverage_service.core.facts import Between
from coverage_service.core.plan import Plan
from coverage_service.core.questions import Refused, check_answer
from coverage_service.core.reference import Reference
from coverage_service.core.request import (
    Answer,
    Care,
    Household,
    NetworkFact,
    OtherCare,
    OtherPlan,
    Price,
    Request,
    Used,
)
from coverage_service.core.therapist import Therapist
from coverage_service.request_problems import below, problem, unknown_name
from coverage_service.rulebook.problems import Problem, errors
from coverage_service.rulebook.reading import nearest, short
from coverage_service.rulebook.schema import read_cost_sharing, read_plan, read_therapist
from coverage_service.sources import Sources

NO_INSURANCE = "none"
ENGLISH = "en"
BEFORE = "give the next session; what was already held belongs in `used`"
USUAL_MOST = 20
"""The most sessions that are priced when nobody said how many."""
MOST_LINES = 1_040
MOST_BATCH_LINES = 60_000
PHRASES = ("cost_share", "oon_cost_share", "other_cost_share")
"""Questions whose answer is a list of cost-sharing phrases, as in a rule file."""


class Reader:
    """One body being read: its checked values, and what is wrong so far."""

    def __init__(
        self, sources: Sources, today: date, values: dict[str, Any], problems: list[Problem]
    ) -> None:
        self.sources = sources
        self.values = values
        self.problems = problems
        self.as_of: date = values.get("as_of") or today
        self.languages = tuple(sources.wordings)

    @property
    def reference(self) -> Reference:
        return self.sources.book.reference

    def refuse(self, pointer: str, text: str) -> None:
        self.problems.append(problem(pointer, text))

    def request(self, body: Any, therapist: tuple[Therapist, ...]) -> Request | None:
        """The request, or None when anything was refused."""
        said = self.values
        plan = self.plan("plan", said.get("plan"))
        self.version()
        language = self.language()
        care = self.care(said.get("care", {}))
        used: Used = said.get("used", Used())
        self.dates(care, used)
        self.size(care)
        self.visits(used, plan, "/used/visits")
        eap, secondary = self.beside("eap"), self.beside("secondary")
        prices = {code: _price(**each) for code, each in said.get("prices", {}).items()}
        other_care = tuple(
            self.other_care(each, below("/other_care", i))
            for i, each in enumerate(said.get("other_care", ()))
        )
        answers = self.answers(said.get("answers", {}))
        if self.problems:
            return None
        return Request(
            as_of=self.as_of,
            plan=plan,
            uninsured=said.get("plan") == NO_INSURANCE,
            therapist=therapist,
            care=care,
            used=used,
            household=said.get("household", Household()),
            coverage=said.get("member", {}).get("coverage"),
            network=said.get("network", NetworkFact()),
            prices=prices,
            other_care=tuple(each for each in other_care if each),
            eap=eap,
            secondary=secondary,
            answers=answers,
            language=language,
            name_topic=said.get("name_topic", False),
            detail=said.get("detail", "full"),
        )

    def plan(self, where: str, asked: Any) -> tuple[Plan, ...]:
        """The dated entries of a plan named by id, or the one inline object."""
        pointer = f"/{where}"
        if asked is None or (asked == NO_INSURANCE and where == "plan"):
            return ()
        if isinstance(asked, dict):
            plan, problems = read_plan(asked, pointer, self.reference)
            self.problems.extend(errors(problems))
            return () if plan is None else (plan,)
        return self._found(asked, self.sources.plans, "plan", pointer)

    def therapist(self, body: Any, key: str) -> tuple[Therapist, ...]:
        """The dated entries of the therapist of a body."""
        entries, problems = self.one_therapist(self.values.get(key), f"/{key}")
        self.problems.extend(problems)
        return entries

    def one_therapist(self, asked: Any, pointer: str) -> tuple[tuple[Therapist, ...], tuple[Problem, ...]]:
        """The dated entries of a therapist, or what is wrong with this one."""
        if asked is None:
            return (), ()
        if isinstance(asked, dict):
            therapist, problems = read_therapist(asked, pointer, self.reference)
            return (() if therapist is None else (therapist,)), errors(problems)
        known = self.sources.therapists
        if isinstance(asked, str) and asked in known:
            return known[asked], ()
        return (), (unknown_name(asked, known, "therapist", pointer),)

    def _found(self, asked: Any, known: Mapping[str, Any], what: str, pointer: str) -> Any:
        if isinstance(asked, str) and asked in known:
            return known[asked]
        self.problems.append(unknown_name(asked, known, what, pointer))
        return ()

    def version(self) -> None:
        """Whoever calls has looked for kept rules of the version asked for, and found these."""
        asked, here = self.values.get("rulebook_version"), self.sources.version
        if asked not in (None, here, self.sources.files):
            kept = ", ".join((here, *self.sources.older))
            self.refuse("/rulebook_version", f"no such rules are kept; write one of {kept}, or leave it out")

    def language(self) -> str:
        asked: str = self.values.get("language", ENGLISH)
        if asked not in self.languages:
            self.refuse("/language", f"there are no texts in this language; {nearest(asked, self.languages)}")
        return asked

    def care(self, said: dict[str, Any]) -> Care:
        """The care, with its concern and place of service looked up."""
        said = dict(said)
        concern, place, one = said.get("concern"), said.get("place_of_service"), said.pop("diagnosis", None)
        if concern is not None and concern not in self.reference.concerns:
            self.problems.append(unknown_name(concern, self.reference.concerns, "concern", "/care/concern"))
        places = self.reference.places_of_service
        if place is not None and places and place not in places:
            self.problems.append(unknown_name(place, places, "place of service", "/care/place_of_service"))
        if one is not None:
            if said.get("diagnoses", (one,))[:1] != (one,):
                self.refuse("/care/diagnosis", "this is not the first of `diagnoses`; write one of the two")
            said.setdefault("diagnoses", (one,))
        return Care(**said)

    def size(self, care: Care) -> None:
        """A bounded number of claim lines, and of claim lines in a whole batch."""
        sessions = care.sessions.high if isinstance(care.sessions, Between) else care.sessions or USUAL_MOST
        lines = sessions * max(1, len(care.codes))
        if lines > MOST_LINES:
            self.refuse(
                "/care/codes", f"this makes {lines:,} claim lines; write fewer sessions or fewer codes"
            )
        therapists = len(self.values.get("therapists", ()))
        if therapists * lines > MOST_BATCH_LINES:
            most = max(1, MOST_BATCH_LINES // lines)
            self.refuse("/therapists", f"these are too many for a course this long; send {most:,} at a time")

    def dates(self, care: Care, used: Used) -> None:
        """The next session lies ahead, and what was used lies before it."""
        first = care.first_session or self.as_of
        if first < self.as_of:
            self.refuse("/care/first_session", f"this is before {self.as_of} (`as_of`); {BEFORE}")
        if used.as_of is not None and used.as_of > max(first, self.as_of):
            self.refuse("/used/as_of", "this is after the first session; write the day the amounts were read")

    def visits(self, used: Used, plan: tuple[Plan, ...], pointer: str) -> None:
        """Visits used are counted by a pool of the plan or by a service."""
        pools = {row.visits.pool for entry in plan for row in entry.benefits if row.visits}
        known = {*pools, *(pool for entry in plan for pool in entry.pools), *self.reference.services}
        for name in used.visits:
            if plan and name not in known:
                self.problems.append(unknown_name(name, known, "pool or service", below(pointer, name)))

    def beside(self, key: str) -> OtherPlan | None:
        """A second plan or an EAP with what is used of it."""
        said = self.values.get(key)
        if not said or "plan" not in said:
            return None
        entries, used = self.plan(f"{key}/plan", said["plan"]), said.get("used", Used())
        self.visits(used, entries, f"/{key}/used/visits")
        return OtherPlan(entries=entries, used=used) if entries else None

    def other_care(self, said: dict[str, Any], pointer: str) -> OtherCare | None:
        """Other expected care; its phrases are read as those of a rule file."""
        said = dict(said)
        service, phrases = said.get("service"), said.pop("cost_sharing", None)
        if service is None and phrases is None:
            self.refuse(pointer, "what care is this; write `service` or `cost_sharing`")
        if said["date"] < self.as_of:
            self.refuse(
                f"{pointer}/date", "this is over; expected care lies ahead, the rest belongs in `used`"
            )
        if phrases is not None:
            said["cost_sharing"], problems = read_cost_sharing(
                phrases, f"{pointer}/cost_sharing", self.reference
            )
            self.problems.extend(errors(problems))
        return OtherCare(**said)

    def answers(self, said: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
        """Answers in the core's own form."""
        return {id: self.answer(id, each, below("/answers", id)) for id, each in said.items()}

    def answer(self, id: str, said: Mapping[str, Any], pointer: str) -> Answer:
        value, reference = said.get("value"), said.get("reference")
        if id in PHRASES and value is not None:
            phrases = [x.strip() for x in value.split(",")] if isinstance(value, str) else value
            value, problems = read_cost_sharing(phrases, f"{pointer}/value", self.reference)
            self.problems.extend(errors(problems))
            return Answer(value=value, reference=reference)
        found = check_answer(id, value)
        if isinstance(found, Refused):
            self.refuse(
                pointer if found.code == "answer_unknown_id" else f"{pointer}/value", self.words(found)
            )
            return Answer(value=None)
        return Answer(value=found.value, reference=reference)

    def words(self, found: Refused) -> str:
        """A refusal in English, the language of problems."""
        template = self.sources.wordings[ENGLISH].notes.get(found.code, found.code)
        shown = {key: ", ".join(x) if isinstance(x, tuple) else x for key, x in found.params.items()}
        return template.format_map({**shown, "id": short(str(shown.get("id", "")))})


def _price(billed: int | None = None, allowed: Mapping[str, int] | None = None) -> Price:
    return Price(billed=billed, **(allowed or {}))
