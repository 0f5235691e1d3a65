"""What is known of coverage: the verdict, the reasons for each diagnosis, and what one can do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from coverage_service.core.answer import Estimate, Note, Scenario
from coverage_service.core.question_table import HR_EAP, MEDICARE
from coverage_service.core.request import Request
from coverage_service.core.schedule import in_force
from coverage_service.core.wording import Wording
from coverage_service.html.speech import gettext as _
from coverage_service.html.speech import ngettext
from coverage_service.web.basis import SELF_PAY
from coverage_service.web.sentences import sentences
from coverage_service.web.ways import Way

EXCLUDED: Final = "excluded"
EXCLUSIONS: Final = frozenset(
    {EXCLUDED, "exclusion_unknown", "exclusion_may_apply", "sex_therapy_exclusion_unclear"}
)
"""The gate tells these right before the diagnosis that they are about."""
OF_DIAGNOSIS: Final = "diagnosis"
STALE: Final = frozenset({"rules_past_their_date", "rules_unreviewed", "rules_retired"})
TRICARE: Final = "tricare"
IN: Final = "in"


@dataclass(frozen=True, slots=True)
class Group:
    """Reasons that belong together; ``name`` is empty for those of every diagnosis."""

    name: str
    texts: tuple[str, ...]


def verdict_of(main: Way | None, ways: Sequence[Way], request: Request) -> str:
    """Whether the plan pays, in one sentence; nothing without a plan, or where both cases are shown."""
    if not request.plan or main is None:
        return ""
    if main.id in SELF_PAY:
        closed = next((way for way in ways if way.id not in SELF_PAY and way.possible == "no"), None)
        return " ".join(closed.reasons) if closed else ""
    if len(main.cases) != 1:
        return ""
    case = main.cases[0]
    if case.denied:
        return " ".join(
            map(str, (_("Your plan does not cover this."), *case.reasons, case.liability))
        ).strip()
    return _("From what we know, your plan covers this.") if case.reasons else ""


def groups_of(
    scenario: Scenario, request: Request, wording: Wording, medicare: bool = False
) -> tuple[Group, ...]:
    """The reasons, those of each possible diagnosis apart; its code is told where the person named it."""
    common: list[Note] = []
    waiting: list[Note] = []
    found: list[tuple[str, tuple[str, ...]]] = []
    for note in scenario.reasons:
        if OF_DIAGNOSIS in note.params:
            found.append((str(note.params[OF_DIAGNOSIS]), sentences([*_settled(waiting), note], wording)))
            waiting = []
        else:
            (waiting if note.code in EXCLUSIONS else common).append(note)
    general = sentences([*common, *_settled(waiting)], wording)
    if medicare and request.network.status == IN:
        # No doubt about coverage comes from the therapist then; what is open is the kind of care.
        general = (_("The therapist takes Medicare and its price. That much is settled."), *general)
    named = request.name_topic or bool(request.care.diagnoses) or "dx_billing" in request.answers
    by_texts: dict[tuple[str, ...], list[str]] = {}
    for code, texts in found:
        by_texts.setdefault(texts, []).append(code)
    groups = [Group(_named(codes, len(found), named), texts) for texts, codes in by_texts.items()]
    return (*([Group("", general)] if general else []), *groups)


def _settled(exclusions: list[Note]) -> list[Note]:
    """The exclusions of a diagnosis: where one holds, those that only may hold change nothing."""
    return [note for note in exclusions if note.code == EXCLUDED] or exclusions


def tells_licence(scenario: Scenario) -> bool:
    """Whether a reason speaks of the therapist's license."""
    return any(note.code.startswith("licence") for note in scenario.reasons)


def _named(codes: Sequence[str], whole: int, named: bool) -> str:
    if named:
        return _("With the diagnosis %(codes)s", codes=", ".join(codes))
    if len(codes) == whole:
        return ngettext("For the diagnosis that may fit", "For each diagnosis that may fit", whole)
    return ngettext(
        "For %(num)d of the %(whole)s diagnoses that may fit",
        "For %(num)d of the %(whole)s diagnoses that may fit",
        len(codes),
        whole=whole,
    )


def stale_of(found: Estimate, wording: Wording) -> tuple[str, ...]:
    """That the rules are old, to be read beside the verdict."""
    return sentences((note for note in found.notices if note.code in STALE), wording)


def steps_of(found: Estimate, main: Way | None, ways: Sequence[Way], request: Request) -> tuple[str, ...]:
    """What one can do now where the plan does not pay; nothing elsewhere."""
    refused = main is not None and len(main.cases) == 1 and main.cases[0].denied
    shut = any(note.code == "clinician_opted_out" for way in found.pathways for note in way.reasons)
    if not (refused or shut):
        return ()
    open = {way.id for way in ways if way.possible != "no"}
    return tuple(_steps(found, request, refused, "sliding_fee" in open))


def _steps(found: Estimate, request: Request, refused: bool, reduced: bool) -> Iterator[str]:
    plan = in_force(request.plan, request.as_of)
    if refused:
        yield _("Call your plan before you book. Ask for its answer in writing, and how to appeal.")
    else:
        yield _(
            "You sign a contract with this therapist and pay it all yourself."
            " No supplement pays a part of it."
        )
        yield _(
            "A therapist who takes Medicare costs you a part of the price. Medicare can name some near you."
        )
    if plan is not None and plan.market.kind == TRICARE:
        yield _(
            "Ask Military OneSource if its free sessions are open to you. They do not go through TRICARE."
        )
    elif HR_EAP in found.situations:
        yield _(
            "Ask the benefits office at work if you have free sessions. They do not go through your plan."
        )
    if reduced:
        yield _("Ask the practice for a reduced fee, and how to get an open place.")
    if any(note.code == "ask_for_good_faith_estimate" for note in found.notices):
        yield _("Ask the practice for a good-faith estimate: the price in writing before you start.")
    elif MEDICARE in found.situations or refused:
        yield _("Ask the practice to write down the fee for each session before you start.")
